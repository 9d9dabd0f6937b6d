/* SPDX-License-Identifier: MIT */
/* Ids of a file to dense indexes. */
#include "ids.h"

#include <stdlib.h>
#include <string.h>

#include "words.h"

#define SMALL_MAX (1u << 16)
/* A table that is at most this many times larger than the ids in use may grow on. */
#define SMALL_SLACK 64

void
ls_ids_clear (LsIds *ids)
{
  g_clear_pointer (&ids->small, g_free);
  g_clear_pointer (&ids->large, g_hash_table_unref);
  g_clear_pointer (&ids->ids, g_free);
}

void
ls_ids_empty (LsIds *ids)
{
  for (uint32_t i = 0; i < ids->n; i++)
    if (ids->ids[i] < ids->n_small)
      ids->small[ids->ids[i]] = 0;
  if (ids->large)
    g_hash_table_remove_all (ids->large);
  ids->n = 0;
}

static void
grow_small (LsIds *ids, uint32_t id)
{
  uint32_t n = id < SMALL_MAX ? MAX (id + 1, MIN (ids->n_small * 2, SMALL_MAX))
                              : (uint32_t) MIN (id + (uint64_t) id / 2, G_MAXUINT32);
  ids->small = g_renew (uint32_t, ids->small, n);
  memset (ids->small + ids->n_small, 0, (n - ids->n_small) * sizeof *ids->small);
  ids->n_small = n;
}

uint32_t
ls_ids_add (LsIds *ids, uint32_t id, uint32_t max)
{
  gpointer found = ids->large ? g_hash_table_lookup (ids->large, GUINT_TO_POINTER (id)) : NULL;
  if (found)
    return GPOINTER_TO_UINT (found) - 1;
  if (ids->n >= max)
    return G_MAXUINT32;
  ids->ids = ls_grow (ids->ids, ids->n, &ids->capacity, sizeof *ids->ids);
  ids->ids[ids->n] = id;
  uint32_t slot = ++ids->n;
  if (id < SMALL_MAX || id / SMALL_SLACK < slot) {
    if (id >= ids->n_small)
      grow_small (ids, id);
    ids->small[id] = slot;
  } else {
    if (!ids->large)
      ids->large = g_hash_table_new (NULL, NULL);
    g_hash_table_insert (ids->large, GUINT_TO_POINTER (id), GUINT_TO_POINTER (slot));
  }
  return slot - 1;
}

static int
compare_by_id (const void *a, const void *b, void *user_data)
{
  const uint32_t *id = user_data;
  uint32_t first = id[*(const uint32_t *) a], second = id[*(const uint32_t *) b];
  return (first > second) - (first < second);
}

uint32_t *
ls_ids_sort (const LsIds *ids)
{
  uint32_t n = ids->n, n_sorted = MIN (n, 1);
  while (n_sorted < n && ids->ids[n_sorted - 1] < ids->ids[n_sorted])
    n_sorted++;
  if (n_sorted == n)
    return NULL;
  g_autofree uint32_t *slots = g_new (uint32_t, n);
  for (uint32_t i = 0; i < n; i++)
    slots[i] = i;
  qsort_r (slots, n, sizeof *slots, compare_by_id, ids->ids);
  uint32_t *place = g_new (uint32_t, n);
  for (uint32_t i = 0; i < n; i++)
    place[slots[i]] = i;
  return place;
}
