/* SPDX-License-Identifier: MIT */
/* A table of what belongs to a thread and an object together. */
#include "pairs.h"

#define FREE G_MAXUINT64

static void
make_slots (LsPairs *pairs, uint32_t n_slots)
{
  pairs->n_slots = n_slots;
  pairs->slots = g_new (struct LsPair, n_slots);
  for (uint32_t i = 0; i < n_slots; i++)
    pairs->slots[i].key = FREE;
}

void
ls_pairs_init (LsPairs *pairs)
{
  /* No file can know which keys would collide. */
  *pairs = (LsPairs){ .seed = ((uint64_t) g_random_int () << 32 | g_random_int ()) };
  make_slots (pairs, 64);
}

void
ls_pairs_clear (LsPairs *pairs)
{
  g_clear_pointer (&pairs->slots, g_free);
}

static uint32_t
home_of (const LsPairs *pairs, uint64_t key)
{
  uint64_t hash = (key ^ pairs->seed) * 0x9e3779b97f4a7c15u;
  hash ^= hash >> 29;
  hash *= 0xbf58476d1ce4e5b9u;
  return (uint32_t) (hash >> 32) & (pairs->n_slots - 1);
}

static uint32_t
find_slot (const LsPairs *pairs, uint64_t key)
{
  uint32_t slot = home_of (pairs, key);
  while (pairs->slots[slot].key != key && pairs->slots[slot].key != FREE)
    slot = (slot + 1) & (pairs->n_slots - 1);
  return slot;
}

int64_t *
ls_pairs_find (const LsPairs *pairs, uint64_t key)
{
  struct LsPair *pair = &pairs->slots[find_slot (pairs, key)];
  return pair->key == key ? &pair->value : NULL;
}

int64_t *
ls_pairs_get (LsPairs *pairs, uint64_t key)
{
  struct LsPair *pair = &pairs->slots[find_slot (pairs, key)];
  if (pair->key == key)
    return &pair->value;
  if (pairs->n >= pairs->n_slots / 2) {
    struct LsPair *old = pairs->slots;
    uint32_t n = pairs->n_slots;
    make_slots (pairs, n * 2);
    for (uint32_t i = 0; i < n; i++)
      if (old[i].key != FREE)
        pairs->slots[find_slot (pairs, old[i].key)] = old[i];
    g_free (old);
    pair = &pairs->slots[find_slot (pairs, key)];
  }
  pairs->n++;
  *pair = (struct LsPair){ key, 0 };
  return &pair->value;
}

void
ls_pairs_remove (LsPairs *pairs, uint64_t key)
{
  uint32_t mask = pairs->n_slots - 1, hole = find_slot (pairs, key);
  if (pairs->slots[hole].key == FREE)
    return;
  /* Those behind it that would no longer be found move up (Knuth, 6.4 R). */
  for (uint32_t slot = (hole + 1) & mask; pairs->slots[slot].key != FREE;
       slot = (slot + 1) & mask) {
    uint32_t home = home_of (pairs, pairs->slots[slot].key);
    if (((slot - home) & mask) >= ((slot - hole) & mask)) {
      pairs->slots[hole] = pairs->slots[slot];
      hole = slot;
    }
  }
  pairs->slots[hole].key = FREE;
  pairs->n--;
}
