/* SPDX-License-Identifier: MIT */
/* Moving one thread's chunks to the spill, and discarding them for a flight recorder. */
#include "stream.h"

#define WAKE_CHUNKS 32 /* threads that wait for one need not wait for all */

/* -- To the spill -- */

/* Moves one chunk, if it is retired and settled in every slot from `position` on: then it does not
 * change any more. */
static bool
spill_chunk (LsChunkRef *ref, LsShared *shared, uint32_t position, bool *has_kept)
{
  const LsChunk *chunk = ls_region_chunk (shared->region, *ref);
  LsSpill *spill = shared->spill;
  if (!ls_chunk_is_retired (chunk) || !ls_spill_pack (spill, chunk, position))
    return false;
  uint32_t block = ls_spill_put (spill, chunk);
  if (block == LS_NO_BLOCK)
    return false;
  *has_kept = spill->packed.has_kept;
  ls_shared_recycle_to (shared, *ref, spill->packed.end);
  *ref = block | LS_IN_SPILL;
  return true;
}

/* The first chunk that waits in memory; those in the spill come before, but for some that could not go
 * there at their time. */
static guint
find_in_memory (const LsStream *stream)
{
  guint first = stream->waiting ? stream->waiting->len : 0;
  while (first > stream->n_begun &&
         !ls_ref_is_spilled (g_array_index (stream->waiting, LsWaiting, first - 1).ref))
    first--;
  return first;
}

/* The last stamp in a retired chunk. */
static uint64_t
find_end_ticks (const LsChunk *chunk)
{
  uint64_t ticks = 0;
  for (uint32_t i = 2; i < LS_CHUNK_SLOTS;) {
    uint16_t mark = atomic_load_explicit (&chunk->slot[i].mark, memory_order_acquire);
    if (LS_SLOT_KIND (mark) == LS_SLOT_PAD)
      break;
    if (LS_SLOT_KIND (mark) != 0)
      ticks = MAX (ticks, chunk->slot[i].ticks);
    i += CLAMP (LS_SLOT_COUNT (mark), 1, LS_SLOT_MAX);
  }
  return ticks;
}

void
ls_stream_list_retired (LsStream *stream, const LsShared *shared, GArray *retired)
{
  for (guint i = find_in_memory (stream); stream->waiting && i < stream->waiting->len; i++) {
    const LsWaiting *entry = &g_array_index (stream->waiting, LsWaiting, i);
    const LsChunk *chunk = ls_region_chunk (shared->region, entry->ref);
    if (!ls_chunk_is_retired (chunk))
      continue;
    LsRetired item = { .stream = stream };
    if (i + 1 < stream->waiting->len) /* it ended when the next one began */
      item.end_ticks = ls_region_chunk (shared->region, (entry + 1)->ref)->slot[2].ticks;
    else
      item.end_ticks = find_end_ticks (chunk);
    g_array_append_val (retired, item);
  }
}

guint
ls_stream_spill (LsStream *stream, LsShared *shared, guint max)
{
  bool has_kept;
  guint n = 0;
  if (stream->current != LS_NO_CHUNK && !ls_ref_is_spilled (stream->current) && !stream->passed)
    n += spill_chunk (&stream->current, shared, stream->position, &has_kept);
  for (guint i = find_in_memory (stream); n < max && stream->waiting && i < stream->waiting->len;
       i++) {
    LsWaiting *entry = &g_array_index (stream->waiting, LsWaiting, i);
    n += spill_chunk (&entry->ref, shared, 2, &entry->has_kept);
    if (n % WAKE_CHUNKS == 0)
      ls_shared_wake (shared);
    if (shared->spill->is_full)
      break;
  }
  return n;
}

/* -- Giving up -- */

static uint64_t
count_current (LsStream *stream, LsShared *shared)
{
  uint64_t n = 0;
  while (stream->position < LS_CHUNK_SLOTS) {
    uint16_t mark =
      atomic_load_explicit (&ls_stream_get_slot (stream, shared)->mark, memory_order_acquire);
    if (LS_SLOT_KIND (mark) == LS_SLOT_PAD)
      break;
    n += LS_SLOT_KIND (mark) > 0 && LS_SLOT_KIND (mark) < LS_EV_N;
    stream->position += CLAMP (LS_SLOT_COUNT (mark), 1, LS_SLOT_MAX);
  }
  return n;
}

uint64_t
ls_stream_abandon (LsStream *stream, LsShared *shared)
{
  uint64_t n = 0;
  if (stream->current != LS_NO_CHUNK) {
    n = count_current (stream, shared);
    ls_shared_leave (shared, stream->current);
  }
  while (ls_stream_get_n_waiting (stream) > 0) {
    LsChunkRef ref = g_array_index (stream->waiting, LsWaiting, stream->n_begun).ref;
    ls_stream_remove_first (stream);
    stream->current = ref;
    stream->position = 2;
    n += ls_ref_is_spilled (ref) ? ls_spill_count_events (shared->spill, ref & ~LS_IN_SPILL)
                                 : count_current (stream, shared);
    ls_shared_leave (shared, ref);
  }
  ls_stream_forget_slots (stream);
  stream->current = LS_NO_CHUNK;
  return n;
}

/* -- Discarding -- */

/* Is every slot of a chunk in memory settled? */
static bool
is_settled (const LsChunk *chunk, bool *has_kept)
{
  *has_kept = false;
  if (!ls_chunk_is_retired (chunk))
    return false;
  for (uint32_t at = 2; at < LS_CHUNK_SLOTS;) {
    uint16_t mark = atomic_load_explicit (&chunk->slot[at].mark, memory_order_acquire);
    uint8_t kind = LS_SLOT_KIND (mark);
    if (kind == 0)
      return false;
    if (kind == LS_SLOT_PAD)
      break;
    *has_kept = *has_kept || ls_kept_wants (kind);
    at += CLAMP (LS_SLOT_COUNT (mark), 1, LS_SLOT_MAX);
  }
  return true;
}

static void
keep_records (LsStream *stream, LsShared *shared, LsKept *kept, LsJournal *journal)
{
  LsRecord record;
  stream->position = 2;
  while (stream->position < LS_CHUNK_SLOTS) {
    const LsSlot *slot = ls_stream_get_slot (stream, shared);
    uint16_t mark = atomic_load_explicit (&slot->mark, memory_order_acquire);
    if (LS_SLOT_KIND (mark) == LS_SLOT_PAD)
      break;
    if (!ls_stream_read_record (stream, slot, mark, &record))
      continue;
    ls_kept_take (kept, &record);
    if (journal && ls_kept_wants (record.kind))
      ls_journal_add_kept (journal, stream->image, &record);
    stream->position += record.slot_count;
  }
  ls_journal_flush (journal);
}

bool
ls_stream_discard (LsStream *stream, LsShared *shared, LsKept **kept, LsJournal *journal)
{
  if (ls_stream_get_n_waiting (stream) == 0 || stream->current != LS_NO_CHUNK)
    return false;
  LsWaiting first = g_array_index (stream->waiting, LsWaiting, stream->n_begun);
  if (!ls_ref_is_spilled (first.ref) &&
      !is_settled (ls_region_chunk (shared->region, first.ref), &first.has_kept))
    return false;
  if (!*kept)
    *kept = ls_kept_new ();
  if (first.has_kept) {
    stream->current = first.ref;
    keep_records (stream, shared, *kept, journal);
    ls_stream_forget_slots (stream);
    stream->current = LS_NO_CHUNK;
  }
  ls_stream_remove_first (stream);
  ls_shared_leave (shared, first.ref);
  ls_shared_release (shared);
  return true;
}
