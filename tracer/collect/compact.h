/* SPDX-License-Identifier: MIT */
/**
 * A settled chunk's slots in few bytes, and back to the same slots.
 *
 * Threads do the same things over and over: of a record that was there before in its chunk, a byte or
 * nothing says which one it was, and one to four the time since the record before it. What was not
 * there before is said as the difference from what was expected. Nothing outside a chunk's own bytes
 * is needed to read it. The bytes are of the machine that wrote them.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "region.h"

G_BEGIN_DECLS

/* Room that any chunk's slots need. */
#define LS_COMPACT_ROOM (LS_CHUNK_SLOTS * 36)

typedef struct {
  uint32_t end;      /* of the slots that hold records: 2 and more */
  uint32_t n_events; /* in them from the position on that was given */
  uint32_t n_bytes;
  bool has_kept; /* some of them say what outlives the chunk; see kept.h */
} LsCompacted;

/* Packs the slots of a chunk that is retired, up to its end, into `bytes` (LS_COMPACT_ROOM of them).
 * False when some slot from `position` on is not settled. */
bool ls_compact (const LsChunk *chunk, uint32_t position, guint8 *bytes, LsCompacted *compacted);

/* Unpacks to slots[2] and on, up to slots[end]; false when the bytes do not make so many. */
bool ls_expand (const guint8 *bytes, gsize n_bytes, LsSlot *slots, uint32_t end);

G_END_DECLS
