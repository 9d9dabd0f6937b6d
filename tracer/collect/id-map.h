/* SPDX-License-Identifier: MIT */
/* A hash table from 64-bit keys (addresses) to 32-bit numbers: one lookup an event, so it is flat,
 * open-addressed and without a call through a pointer. Keys are overwritten, or removed many at once. */
#pragma once

#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

typedef struct {
  uint64_t key;
  uint32_t value; /* 0: an empty place */
} LsIdMapPlace;

typedef struct {
  LsIdMapPlace *places; /* a power of two of them */
  uint32_t n_places, n_used;
} LsIdMap;

void ls_id_map_init (LsIdMap *map);
void ls_id_map_clear (LsIdMap *map);

/* The key's value; 0 when it has none. */
uint32_t ls_id_map_find (const LsIdMap *map, uint64_t key);

/* `value` is not 0. */
void ls_id_map_set (LsIdMap *map, uint64_t key, uint32_t value);

/* Removes the keys from `from` up to, not including, `to`. Takes as long as the map is large. */
void ls_id_map_remove (LsIdMap *map, uint64_t from, uint64_t to);

G_END_DECLS
