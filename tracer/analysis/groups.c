/* SPDX-License-Identifier: MIT */
/* Equal findings are one with a count: pairs of places on one object. */
#include "analysis-private.h"

/* Objects past so many groups are not told apart any more: an array of racing elements on the heap
 * is one mistake, and a list of a million of it helps nobody. */
#define MAX_GROUPS 10000

static guint
hash_group (gconstpointer key)
{
  const LsGroup *group = key;
  uint64_t hash = group->object;
  hash = (hash ^ group->place) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  hash = (hash ^ (hash >> 32) ^ group->other_place) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  return (guint) (hash >> 32);
}

static gboolean
equal_groups (gconstpointer a, gconstpointer b)
{
  const LsGroup *first = a, *second = b;
  return first->object == second->object && first->place == second->place &&
         first->other_place == second->other_place;
}

void
ls_groups_init (LsGroups *groups, const LsAnalysis *analysis)
{
  groups->places = analysis->places;
  groups->table = g_hash_table_new (hash_group, equal_groups);
  groups->list = g_ptr_array_new_with_free_func (g_free);
  groups->recent = NULL;
}

void
ls_groups_clear (LsGroups *groups)
{
  g_clear_pointer (&groups->table, g_hash_table_unref);
  g_clear_pointer (&groups->list, g_ptr_array_unref);
}

static void
count (LsGroup *group, uint32_t last)
{
  group->count += group->last != last;
  group->last = last;
}

LsGroup *
ls_groups_add (LsGroups *groups,
               uint32_t object,
               uint32_t source,
               uint32_t other_source,
               uint32_t last)
{
  uint32_t a = source == LS_NONE ? LS_NONE : groups->places[source];
  uint32_t b = other_source == LS_NONE ? LS_NONE : groups->places[other_source];
  LsGroup key = { .object = object, .place = MIN (a, b), .other_place = MAX (a, b) };
  LsGroup *known = groups->recent;
  if (!known || !equal_groups (known, &key))
    known = g_hash_table_lookup (groups->table, &key);
  if (!known && groups->list->len >= MAX_GROUPS) {
    key.object = LS_NONE;
    known = g_hash_table_lookup (groups->table, &key);
  }
  if (known) {
    groups->recent = known;
    count (known, last);
    return NULL;
  }
  LsGroup *group = g_memdup2 (&key, sizeof (key));
  group->last = last;
  group->count = 1;
  g_hash_table_add (groups->table, group);
  g_ptr_array_add (groups->list, group);
  groups->recent = group;
  return group;
}

bool
ls_groups_have (const LsGroups *groups, const LsGroup *group)
{
  return g_hash_table_contains (groups->table, group);
}
