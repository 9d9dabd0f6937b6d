/* SPDX-License-Identifier: MIT */
/* Linear probing at a load of at most one half. */
#include "id-map.h"

#define FIRST_PLACES 64

/* Addresses differ in few bits: the multiplication (Fibonacci hashing) spreads them, its high bits
 * being the good ones. */
static uint32_t
home_place (const LsIdMap *map, uint64_t key)
{
  return (uint32_t) ((key * 0x9e3779b97f4a7c15ull) >> 32) & (map->n_places - 1);
}

static LsIdMapPlace *
find_place (const LsIdMap *map, uint64_t key)
{
  uint32_t i = home_place (map, key);
  while (map->places[i].value != 0 && map->places[i].key != key)
    i = (i + 1) & (map->n_places - 1);
  return &map->places[i];
}

void
ls_id_map_init (LsIdMap *map)
{
  *map = (LsIdMap){ .places = g_new0 (LsIdMapPlace, FIRST_PLACES), .n_places = FIRST_PLACES };
}

void
ls_id_map_clear (LsIdMap *map)
{
  g_clear_pointer (&map->places, g_free);
}

uint32_t
ls_id_map_find (const LsIdMap *map, uint64_t key)
{
  return find_place (map, key)->value;
}

static void
grow (LsIdMap *map)
{
  LsIdMap larger = { .places = g_new0 (LsIdMapPlace, (gsize) map->n_places * 2),
                     .n_places = map->n_places * 2,
                     .n_used = map->n_used };
  for (uint32_t i = 0; i < map->n_places; i++)
    if (map->places[i].value != 0)
      *find_place (&larger, map->places[i].key) = map->places[i];
  g_free (map->places);
  *map = larger;
}

void
ls_id_map_set (LsIdMap *map, uint64_t key, uint32_t value)
{
  LsIdMapPlace *place = find_place (map, key);
  if (place->value == 0) {
    if (2 * (map->n_used + 1) > map->n_places) {
      grow (map);
      place = find_place (map, key);
    }
    map->n_used++;
  }
  *place = (LsIdMapPlace){ .key = key, .value = value };
}

void
ls_id_map_remove (LsIdMap *map, uint64_t from, uint64_t to)
{
  LsIdMap left = { .places = g_new0 (LsIdMapPlace, map->n_places), .n_places = map->n_places };
  for (uint32_t i = 0; i < map->n_places; i++) {
    const LsIdMapPlace *place = &map->places[i];
    if (place->value == 0 || (place->key >= from && place->key < to))
      continue;
    *find_place (&left, place->key) = *place;
    left.n_used++;
  }
  g_free (map->places);
  *map = left;
}
