/* SPDX-License-Identifier: MIT */
/**
 * Where to look in an ascending list: which of its keys lie in each of many cells of equal width, so
 * that a search begins within a few keys of what it looks for. Only tracer/model sees this.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

typedef struct {
  uint32_t *first; /* n_cells + 1: how many keys come before each cell */
  uint32_t n_cells;
  guint shift; /* of a key to its cell */
} LsDirectory;

/* Of `n` keys, the last of which is `last`; all are then to be added in their order. */
void ls_directory_init (LsDirectory *directory, uint32_t n, uint64_t last);
void ls_directory_add (LsDirectory *directory, uint32_t i, uint64_t key);
void ls_directory_seal (LsDirectory *directory, uint32_t n);
void ls_directory_clear (LsDirectory *directory);

/* The first key that is not less than `key` is one of low .. high, high perhaps being past the end. */
static inline void
ls_directory_get (const LsDirectory *directory, uint64_t key, uint32_t *low, uint32_t *high)
{
  uint64_t cell = MIN (key >> directory->shift, directory->n_cells);
  *low = directory->first[cell];
  *high = directory->first[MIN (cell + 1, directory->n_cells)];
}

/* Of keys low .. high, the first that is not less than `key`. Without a branch to be guessed, which
 * would be wrong half the time. */
static inline uint32_t
ls_directory_search (const uint32_t *keys, uint32_t low, uint32_t high, uint32_t key)
{
  for (uint32_t n = high - low; n > 0;) {
    uint32_t half = (n + 1) / 2;
    low += half & -(uint32_t) (keys[low + half - 1] < key);
    n -= half;
  }
  return low;
}

/* How many of `keys` are less than `key`. */
static inline uint32_t
ls_directory_find (const LsDirectory *directory, const uint32_t *keys, uint32_t key)
{
  uint32_t low, high;
  ls_directory_get (directory, key, &low, &high);
  return ls_directory_search (keys, low, high, key);
}
