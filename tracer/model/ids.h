/* SPDX-License-Identifier: MIT */
/**
 * Maps a file's ids (1 .. 2^32-1, any of them) to dense indexes.
 *
 * While the file is read each new id gets a provisional slot, in the order of first use; at the end
 * ls_ids_sort() says where each slot stands in the order of ids. Small ids, the rule, are a
 * table look-up; the rest go through a hash table, so that a hostile id costs no memory.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

typedef struct {
  uint32_t *small; /* slot + 1 by id */
  uint32_t n_small;
  GHashTable *large; /* id -> slot + 1; NULL until needed */
  uint32_t *ids;     /* by slot */
  uint32_t n, capacity;
} LsIds;

void ls_ids_clear (LsIds *ids);
/* Forgets all of them, and keeps the room. */
void ls_ids_empty (LsIds *ids);

/* Slot of an id > 0, a new one when it was not seen before; G_MAXUINT32 when that would be one more
 * than `max`. */
uint32_t ls_ids_add (LsIds *ids, uint32_t id, uint32_t max);

static inline uint32_t
ls_ids_get_slot (LsIds *ids, uint32_t id, uint32_t max)
{
  if (G_LIKELY (id < ids->n_small && ids->small[id]))
    return ids->small[id] - 1;
  return ls_ids_add (ids, id, max);
}

/* Place in the order of ids, by slot; owned by the caller. NULL: each is in its place. */
uint32_t *ls_ids_sort (const LsIds *ids);
