/* SPDX-License-Identifier: MIT */
/* A bit set that also counts: which events have a side entry, and the how-manieth it is. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct {
  uint64_t *words;
  uint32_t *before; /* bits set before each word */
} LsRank;

/* All clear, for indexes below n. */
void ls_rank_init (LsRank *rank, uint32_t n);
void ls_rank_clear (LsRank *rank);

static inline void
ls_rank_set (LsRank *rank, uint32_t index)
{
  rank->words[index / 64] |= (uint64_t) 1 << index % 64;
}

/* Call once when all bits are set. */
void ls_rank_finish (LsRank *rank, uint32_t n);

static inline bool
ls_rank_has (const LsRank *rank, uint32_t index)
{
  return rank->words[index / 64] >> index % 64 & 1;
}

/* How many bits are set below index. */
static inline uint32_t
ls_rank_count (const LsRank *rank, uint32_t index)
{
  uint64_t below = rank->words[index / 64] & (((uint64_t) 1 << index % 64) - 1);
  return rank->before[index / 64] + (uint32_t) __builtin_popcountll (below);
}
