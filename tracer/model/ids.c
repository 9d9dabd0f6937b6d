/* SPDX-License-Identifier: MIT */
/* Ids of a file to dense indexes. */
#include "ids.h"

#include <stdlib.h>

#define SMALL_MAX (1u << 16)
/* A table that is at most this many times larger than the ids in use may grow on. */
#define SMALL_SLACK 64

void
ls_ids_init (LsIds *ids)
{
  ids->small = g_array_new (FALSE, TRUE, sizeof (uint32_t));
  ids->large = g_hash_table_new (NULL, NULL);
  ids->ids = g_array_new (FALSE, FALSE, sizeof (uint32_t));
}

void
ls_ids_clear (LsIds *ids)
{
  g_clear_pointer (&ids->small, g_array_unref);
  g_clear_pointer (&ids->large, g_hash_table_unref);
  g_clear_pointer (&ids->ids, g_array_unref);
}

uint32_t
ls_ids_get_slot (LsIds *ids, uint32_t id, uint32_t max)
{
  if (id < ids->small->len) {
    uint32_t slot = g_array_index (ids->small, uint32_t, id);
    if (slot > 0)
      return slot - 1;
  }
  gpointer found = g_hash_table_lookup (ids->large, GUINT_TO_POINTER (id));
  if (found)
    return GPOINTER_TO_UINT (found) - 1;

  if (ids->ids->len >= max)
    return G_MAXUINT32;
  g_array_append_val (ids->ids, id);
  uint32_t slot = ids->ids->len;
  if (id < SMALL_MAX || id / SMALL_SLACK < slot) {
    if (id >= ids->small->len)
      g_array_set_size (ids->small, MAX (id + 1, MIN (ids->small->len * 2, SMALL_MAX)));
    g_array_index (ids->small, uint32_t, id) = slot;
  } else {
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
  uint32_t n = ids->ids->len;
  g_autofree uint32_t *slots = g_new (uint32_t, n + 1);
  for (uint32_t i = 0; i < n; i++)
    slots[i] = i;
  qsort_r (slots, n, sizeof *slots, compare_by_id, ids->ids->data);
  uint32_t *place = g_new (uint32_t, n + 1);
  for (uint32_t i = 0; i < n; i++)
    place[slots[i]] = i;
  return place;
}
