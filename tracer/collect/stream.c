/* SPDX-License-Identifier: MIT */
/**
 * Walking one thread's chunks.
 *
 * A chunk's marks decide: a slot whose kind is set begins a record of so many slots, PAD ends the
 * chunk. A slot without a kind is one not reserved yet, one being filled, or one abandoned by
 * longjmp or cancellation; they differ only in what lies behind them. What lies behind an
 * abandoned slot is read after LS_STREAM_PASS_MS, but its chunk is kept from the free list while
 * its thread lives: should the thread come back to the slot after all, it must not write into
 * somebody else's chunk.
 */
#include "stream.h"

LsStream *
ls_stream_new (const LsChunkHeader *header, bool is_resumed, uint64_t n_written)
{
  LsStream *stream = g_new0 (LsStream, 1);
  stream->image = header->image;
  stream->thread = header->thread;
  stream->os_tid = header->os_tid;
  stream->current = LS_NO_CHUNK;
  stream->is_resumed = is_resumed;
  stream->n_written = n_written;
  return stream;
}

void
ls_stream_free (gpointer data)
{
  LsStream *stream = data;
  if (stream->waiting)
    g_array_unref (stream->waiting);
  if (stream->lingering)
    g_array_unref (stream->lingering);
  g_free (stream->slots);
  g_free (stream);
}

bool
ls_stream_add_chunk (LsStream *stream, uint32_t ordinal, LsChunkRef ref)
{
  if (!stream->waiting)
    stream->waiting = g_array_new (FALSE, FALSE, sizeof (LsWaiting));
  /* The scan finds chunks in any order, but nearly always the latest last. */
  guint place = stream->waiting->len;
  while (place > stream->n_begun &&
         g_array_index (stream->waiting, LsWaiting, place - 1).ordinal > ordinal)
    place--;
  if (place > stream->n_begun &&
      g_array_index (stream->waiting, LsWaiting, place - 1).ordinal == ordinal)
    return false;
  LsWaiting entry = { .ordinal = ordinal, .ref = ref };
  g_array_insert_val (stream->waiting, place, entry);
  return true;
}

guint
ls_stream_get_n_waiting (const LsStream *stream)
{
  return stream->waiting ? stream->waiting->len - stream->n_begun : 0;
}

const LsSlot *
ls_stream_get_slot (LsStream *stream, LsShared *shared)
{
  if (!ls_ref_is_spilled (stream->current))
    return &ls_region_chunk (shared->region, stream->current)->slot[stream->position];
  if (!stream->slots)
    stream->slots = ls_spill_read (shared->spill, stream->current & ~LS_IN_SPILL);
  static const LsSlot nothing = { .mark = LS_SLOT_MARK (LS_SLOT_PAD, 1) };
  return stream->slots ? &stream->slots[stream->position] : &nothing;
}

static void
linger (LsStream *stream, uint32_t passed)
{
  LsLinger entry = { .chunk = stream->current, .passed = passed };
  if (!stream->lingering)
    stream->lingering = g_array_new (FALSE, FALSE, sizeof entry);
  g_array_append_val (stream->lingering, entry);
}

void
ls_stream_remove_first (LsStream *stream)
{
  stream->next_ordinal = g_array_index (stream->waiting, LsWaiting, stream->n_begun).ordinal + 1;
  stream->n_begun++;
  if (stream->n_begun == stream->waiting->len || stream->n_begun >= 4096) {
    g_array_remove_range (stream->waiting, 0, stream->n_begun);
    stream->n_begun = 0;
  }
}

/* Says in the current chunk's header how many events came before it, for who may take over; after
 * having taken over, finds out how many of it are in the trace. */
static void
count_before (LsStream *stream, LsShared *shared)
{
  LsChunkHeader copy, *header = &copy;
  uint32_t block = stream->current & ~LS_IN_SPILL;
  if (!ls_ref_is_spilled (stream->current))
    header = &ls_region_chunk (shared->region, stream->current)->header;
  else if (!ls_spill_get_header (shared->spill, block, header))
    return;
  uint64_t before = atomic_load (&header->events_before);
  if (stream->is_resumed) {
    stream->is_resumed = false;
    stream->n_events = before > 0 ? before - 1 : stream->n_written;
    stream->n_skipped = stream->n_written - MIN (stream->n_written, stream->n_events);
  }
  atomic_store (&header->events_before, stream->n_events + 1);
  if (header == &copy)
    ls_spill_set_header (shared->spill, block, header);
}

/* The chunk of the next ordinal becomes the current one; when the thread is over and that one is
 * missing, the lowest there is. */
static bool
next_chunk (LsStream *stream, LsShared *shared, bool over)
{
  if (ls_stream_get_n_waiting (stream) == 0)
    return false;
  LsWaiting next = g_array_index (stream->waiting, LsWaiting, stream->n_begun);
  if (next.ordinal > stream->next_ordinal && !over && !stream->is_resumed)
    return false;
  ls_stream_remove_first (stream);
  stream->current = next.ref;
  stream->position = 2;
  stream->passed = false;
  stream->blocked_ms = 0;
  count_before (stream, shared);
  return true;
}

/* The current chunk is read to its end. */
static void
leave_chunk (LsStream *stream, LsShared *shared, bool over)
{
  if (ls_ref_is_spilled (stream->current) ||
      ((over || ls_chunk_is_retired (ls_region_chunk (shared->region, stream->current))) &&
       !stream->passed))
    ls_shared_leave (shared, stream->current);
  else
    linger (stream, 0);
  ls_stream_forget_slots (stream);
  stream->current = LS_NO_CHUNK;
  stream->blocked_ms = 0;
}

/* Has the thread gone on behind the unsettled slot at the position, whose mark this is? A look at
 * the next few slots will do: a record has no more, and not all can be abandoned before they are
 * marked. */
static bool
has_gone_on (const LsStream *stream, const LsChunk *chunk, uint16_t mark)
{
  if (ls_stream_get_n_waiting (stream) > 0 || ls_chunk_is_retired (chunk))
    return true;
  uint32_t next = stream->position + CLAMP (LS_SLOT_COUNT (mark), 1, LS_SLOT_MAX);
  for (uint32_t i = next; i < MIN (next + LS_SLOT_MAX, LS_CHUNK_SLOTS); i++)
    if (LS_SLOT_KIND (atomic_load_explicit (&chunk->slot[i].mark, memory_order_relaxed)) != 0)
      return true;
  return false;
}

/* Why the slot at the position, which is unsettled, is not to be passed over yet; READY: it is. */
static LsStreamState
judge_unsettled (LsStream *stream, LsShared *shared, gint64 now_ms)
{
  const LsChunk *chunk = ls_region_chunk (shared->region, stream->current);
  uint16_t mark = atomic_load_explicit (&chunk->slot[stream->position].mark, memory_order_acquire);
  if (LS_SLOT_KIND (mark) != 0) /* by now */
    return LS_STREAM_READY;
  bool gone_on = has_gone_on (stream, chunk, mark);
  if (LS_SLOT_COUNT (mark) == 0 && !gone_on) {
    stream->blocked_ms = 0;
    return LS_STREAM_EMPTY;
  }
  if (stream->blocked_ms == 0)
    stream->blocked_ms = now_ms;
  return gone_on && now_ms - stream->blocked_ms >= LS_STREAM_PASS_MS ? LS_STREAM_READY
                                                                     : LS_STREAM_BLOCKED;
}

/* At an unsettled slot: passes over it and its like when it is abandoned, else says why not. */
static LsStreamState
pass_over (LsStream *stream, LsShared *shared, gint64 now_ms, bool over)
{
  over = over || ls_ref_is_spilled (stream->current);
  LsStreamState state = over ? LS_STREAM_READY : judge_unsettled (stream, shared, now_ms);
  if (state != LS_STREAM_READY)
    return state;
  while (stream->position < LS_CHUNK_SLOTS) {
    uint16_t mark =
      atomic_load_explicit (&ls_stream_get_slot (stream, shared)->mark, memory_order_acquire);
    if (LS_SLOT_KIND (mark) != 0)
      break;
    if (!over) {
      linger (stream, stream->position);
      stream->passed = true;
    }
    stream->position += MAX (1, LS_SLOT_COUNT (mark));
  }
  stream->blocked_ms = 0;
  return LS_STREAM_READY;
}

bool
ls_stream_read_record (LsStream *stream, const LsSlot *slot, uint16_t mark, LsRecord *record)
{
  uint8_t kind = LS_SLOT_KIND (mark);
  guint count = LS_SLOT_COUNT (mark);
  bool known = kind < LS_EV_N || (kind > LS_SLOT_PAD && kind <= LS_SLOT_STACK);
  if (!known || count == 0 || count > LS_SLOT_MAX || stream->position + count > LS_CHUNK_SLOTS) {
    stream->position++;
    return false;
  }
  *record = (LsRecord){
    .slot = slot,
    .slot_count = count,
    .kind = kind,
    .thread = stream->thread,
    .os_tid = stream->os_tid,
    /* A signal handler's record may be stamped before the one that it interrupted. */
    .ticks = MAX (slot->ticks, stream->last_ticks),
  };
  return true;
}

/* The next record, when nothing is to be said of it but that it is there. */
static bool
peek_quickly (LsStream *stream, const LsShared *shared, LsRecord *record)
{
  const LsSlot *slot;
  if (stream->current == LS_NO_CHUNK || stream->position >= LS_CHUNK_SLOTS)
    return false;
  if (!ls_ref_is_spilled (stream->current))
    slot = &ls_region_chunk (shared->region, stream->current)->slot[stream->position];
  else if (stream->slots)
    slot = &stream->slots[stream->position];
  else
    return false;
  uint16_t mark = atomic_load_explicit (&slot->mark, memory_order_acquire);
  if (LS_SLOT_KIND (mark) == 0 || LS_SLOT_KIND (mark) >= LS_EV_N || LS_SLOT_COUNT (mark) != 1)
    return false;
  stream->blocked_ms = 0;
  record->slot = slot;
  record->slot_count = 1;
  record->kind = LS_SLOT_KIND (mark);
  record->thread = stream->thread;
  record->os_tid = stream->os_tid;
  record->ticks = MAX (slot->ticks, stream->last_ticks);
  return true;
}

LsStreamState
ls_stream_peek (LsStream *stream, LsShared *shared, gint64 now_ms, gboolean over, LsRecord *record)
{
  if (G_LIKELY (peek_quickly (stream, shared, record)))
    return LS_STREAM_READY;
  over = over || stream->is_over;
  for (;;) {
    if (stream->current == LS_NO_CHUNK && !next_chunk (stream, shared, over))
      return LS_STREAM_EMPTY;
    if (stream->position >= LS_CHUNK_SLOTS) {
      leave_chunk (stream, shared, over);
      continue;
    }
    const LsSlot *slot = ls_stream_get_slot (stream, shared);
    uint16_t mark = atomic_load_explicit (&slot->mark, memory_order_acquire);
    if (LS_SLOT_KIND (mark) == LS_SLOT_PAD) {
      stream->position = LS_CHUNK_SLOTS;
    } else if (LS_SLOT_KIND (mark) != 0) {
      stream->blocked_ms = 0;
      if (ls_stream_read_record (stream, slot, mark, record))
        return LS_STREAM_READY;
    } else {
      LsStreamState state = pass_over (stream, shared, now_ms, over);
      if (state != LS_STREAM_READY)
        return state;
    }
  }
}

bool
ls_stream_take (LsStream *stream, const LsRecord *record)
{
  bool is_event = record->kind < LS_EV_N;
  stream->position += record->slot_count;
  stream->last_ticks = record->ticks;
  stream->n_events += is_event;
  if (stream->n_skipped == 0)
    return true;
  stream->n_skipped -= is_event;
  return !is_event && record->kind != LS_SLOT_STACK;
}

/* The chunk's places that were passed over are counted when it goes, being settled by then. */
static guint64
count_late (const LsStream *stream, const LsShared *shared, uint32_t index)
{
  guint64 n_late = 0;
  for (guint i = 0; i < stream->lingering->len; i++) {
    const LsLinger *entry = &g_array_index (stream->lingering, LsLinger, i);
    const LsChunk *chunk = ls_region_chunk (shared->region, index);
    if (entry->chunk == index && entry->passed != 0 &&
        LS_SLOT_KIND (atomic_load (&chunk->slot[entry->passed].mark)) != 0)
      n_late++;
  }
  return n_late;
}

static bool
has_passed (const LsStream *stream, uint32_t index)
{
  for (guint i = 0; i < stream->lingering->len; i++) {
    const LsLinger *entry = &g_array_index (stream->lingering, LsLinger, i);
    if (entry->chunk == index && entry->passed != 0)
      return true;
  }
  return false;
}

void
ls_stream_tidy (LsStream *stream, LsShared *shared, gboolean over, guint64 *n_lost)
{
  if (!stream->lingering)
    return;
  over = over || stream->is_over;
  for (guint i = stream->lingering->len; i-- > 0;) {
    LsLinger entry = g_array_index (stream->lingering, LsLinger, i);
    if (entry.passed != 0 || entry.chunk == stream->current)
      continue;
    const LsChunk *chunk = ls_region_chunk (shared->region, entry.chunk);
    if (!over && (!ls_chunk_is_retired (chunk) || has_passed (stream, entry.chunk)))
      continue;
    *n_lost += count_late (stream, shared, entry.chunk);
    for (guint k = stream->lingering->len; k-- > 0;)
      if (g_array_index (stream->lingering, LsLinger, k).chunk == entry.chunk)
        g_array_remove_index (stream->lingering, k);
    ls_shared_leave (shared, entry.chunk);
    i = MIN (i, stream->lingering->len);
  }
}
