/* SPDX-License-Identifier: MIT */
/* A bit set that also counts. */
#include "rank.h"

void
ls_rank_init (LsRank *rank, uint32_t n)
{
  rank->words = g_new0 (uint64_t, n / 64 + 1);
  rank->before = g_new0 (uint32_t, n / 64 + 1);
}

void
ls_rank_finish (LsRank *rank, uint32_t n)
{
  uint32_t sum = 0;
  for (uint32_t i = 0; i <= n / 64; i++) {
    rank->before[i] = sum;
    sum += (uint32_t) __builtin_popcountll (rank->words[i]);
  }
}

void
ls_rank_clear (LsRank *rank)
{
  g_clear_pointer (&rank->words, g_free);
  g_clear_pointer (&rank->before, g_free);
}
