/* SPDX-License-Identifier: MIT */
/**
 * Which chunks belong to which stream, and the merge of an image's streams.
 *
 * The watermark's argument: it was read before the scan. A chunk that the scan missed was taken,
 * and a slot that peek does not see yet was reserved, after that, so their stamps are above it. What
 * was reserved before but is not settled holds the merge at that thread's last record for up to
 * LS_STREAM_HOLD_MS.
 */
#include "drain.h"

#include "stream.h"

#define LEAST_JOURNALED (1u << 20)

typedef struct {
  LsStream *stream;
  LsRecord head;
} Head;

struct _LsDrain {
  LsShared *shared;
  GHashTable *streams;              /* image << 32 | thread -> LsStream */
  GPtrArray *active[LS_MAX_IMAGES]; /* LsStream with chunks; NULL: none yet */
  GArray *heap;                     /* Head, the lowest ticks first; a scratch of the merge */
  guint64 n_late[LS_MAX_IMAGES];
  LsKept *kept[LS_MAX_IMAGES]; /* NULL: nothing was discarded */
  GHashTable *n_written;       /* NULL: there was no collector before this one */
  GQueue *spilled;             /* key in `streams` of each chunk in the spill, as they went there;
                                  NULL: no flight recorder */
  LsJournal *journal;          /* its, borrowed; NULL: none */
  gsize most_journaled;        /* bytes in it before it is tidied */
  guint n_threads;
};

LsDrain *
ls_drain_new (LsShared *shared)
{
  LsDrain *drain = g_new0 (LsDrain, 1);
  drain->shared = shared;
  drain->streams = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, ls_stream_free);
  drain->heap = g_array_new (FALSE, FALSE, sizeof (Head));
  drain->most_journaled = LEAST_JOURNALED;
  return drain;
}

void
ls_drain_free (LsDrain *drain)
{
  if (!drain)
    return;
  for (guint i = 0; i < LS_MAX_IMAGES; i++) {
    if (drain->active[i])
      g_ptr_array_unref (drain->active[i]);
    ls_kept_free (drain->kept[i]);
  }
  if (drain->spilled)
    g_queue_free (drain->spilled);
  g_hash_table_unref (drain->streams);
  g_array_unref (drain->heap);
  g_free (drain);
}

static uint64_t
get_key (uint32_t image, uint32_t thread)
{
  return (uint64_t) image << 32 | thread;
}

static LsStream *
find_stream (LsDrain *drain, const LsChunkHeader *header)
{
  uint64_t key = get_key (header->image, header->thread);
  LsStream *stream = g_hash_table_lookup (drain->streams, &key);
  if (!stream) {
    const uint64_t *n_written =
      drain->n_written ? g_hash_table_lookup (drain->n_written, &key) : NULL;
    stream = ls_stream_new (header, drain->n_written != NULL, n_written ? *n_written : 0);
    g_hash_table_insert (drain->streams, g_memdup2 (&key, sizeof key), stream);
  }
  if (!stream->is_listed) {
    GPtrArray **active = &drain->active[header->image];
    if (!*active)
      *active = g_ptr_array_new ();
    g_ptr_array_add (*active, stream);
    stream->is_listed = true;
    stream->is_over = false;
    stream->os_tid = header->os_tid;
    drain->n_threads++;
  }
  return stream;
}

void
ls_drain_scan (LsDrain *drain)
{
  LsShared *shared = drain->shared;
  guint n_free = 0;
  shared->n_ready = MIN (atomic_load (&shared->region->n_chunks_ready), shared->region->n_chunks);
  for (guint i = 0; i < shared->n_ready; i++) {
    const LsChunkHeader *header = &ls_region_chunk (shared->region, i)->header;
    uint32_t state = atomic_load_explicit (&header->state, memory_order_acquire);
    if (state == LS_CHUNK_FREE) {
      n_free++;
    } else if (state < LS_CHUNK_EMPTYING && !shared->attached[i]) {
      shared->attached[i] = true;
      if (header->image < LS_MAX_IMAGES)
        ls_stream_add_chunk (find_stream (drain, header), header->ordinal, i);
    }
  }
  shared->n_free = n_free;
}

void
ls_drain_resume (LsDrain *drain, GHashTable *n_written, const GArray *blocks)
{
  LsSpill *spill = drain->shared->spill;
  drain->n_written = n_written;
  ls_drain_scan (drain);
  for (guint i = 0; i < blocks->len; i++) {
    uint32_t block = g_array_index (blocks, uint32_t, i);
    LsChunkHeader header;
    /* One that was on its way there when the collector died is whole in memory still. */
    if (!ls_spill_get_header (spill, block, &header) ||
        !ls_stream_add_chunk (find_stream (drain, &header), header.ordinal, block | LS_IN_SPILL))
      ls_spill_drop (spill, block);
  }
}

static void
sift_down (GArray *heap, guint i)
{
  Head *heads = (Head *) heap->data;
  for (;;) {
    guint least = i, left = 2 * i + 1, right = left + 1;
    if (left < heap->len && heads[left].head.ticks < heads[least].head.ticks)
      least = left;
    if (right < heap->len && heads[right].head.ticks < heads[least].head.ticks)
      least = right;
    if (least == i)
      return;
    Head swapped = heads[i];
    heads[i] = heads[least];
    heads[least] = swapped;
    i = least;
  }
}

/* How far the other threads may be read while this one's next slot is unsettled. */
static uint64_t
hold (const LsStream *stream, gint64 now_ms, uint64_t watermark)
{
  if (now_ms - stream->blocked_ms < LS_STREAM_HOLD_MS)
    return MIN (watermark, stream->last_ticks);
  return watermark;
}

/* The heads of all streams; returns the watermark as far as unsettled slots allow. */
static uint64_t
gather_heads (LsDrain *drain, GPtrArray *active, uint64_t watermark, gint64 now_ms, gboolean over)
{
  g_array_set_size (drain->heap, 0);
  for (guint i = active->len; i-- > 0;) {
    LsStream *stream = active->pdata[i];
    guint64 *n_late = &drain->n_late[stream->image];
    ls_stream_tidy (stream, drain->shared, over, n_late);
    Head head = { .stream = stream };
    switch (ls_stream_peek (stream, drain->shared, now_ms, over, &head.head)) {
    case LS_STREAM_READY:
      g_array_append_val (drain->heap, head);
      break;
    case LS_STREAM_BLOCKED:
      watermark = hold (stream, now_ms, watermark);
      break;
    case LS_STREAM_EMPTY:
      if (stream->current == LS_NO_CHUNK && ls_stream_get_n_waiting (stream) == 0 &&
          (!stream->lingering || stream->lingering->len == 0)) {
        stream->is_listed = false;
        g_ptr_array_remove_index_fast (active, i);
        drain->n_threads--;
      }
      break;
    }
  }
  for (guint i = drain->heap->len / 2; i-- > 0;)
    sift_down (drain->heap, i);
  return watermark;
}

bool
ls_drain_image (LsDrain *drain,
                guint image,
                uint64_t watermark,
                gint64 now_ms,
                gboolean over,
                guint max_records,
                LsRecordFunc func,
                gpointer user_data)
{
  GPtrArray *active = drain->active[image];
  if (!active)
    return false;
  watermark = gather_heads (drain, active, watermark, now_ms, over);

  GArray *heap = drain->heap;
  for (guint n_read = 0; heap->len > 0; n_read++) {
    Head *first = &g_array_index (heap, Head, 0);
    if (first->head.ticks > watermark)
      return false;
    if (n_read == max_records)
      return true;
    if (ls_stream_take (first->stream, &first->head))
      func (&first->head, user_data);
    LsStreamState state = ls_stream_peek (first->stream, drain->shared, now_ms, over, &first->head);
    if (state != LS_STREAM_READY) {
      if (state == LS_STREAM_BLOCKED)
        watermark = hold (first->stream, now_ms, watermark);
      *first = g_array_index (heap, Head, heap->len - 1);
      g_array_set_size (heap, heap->len - 1);
    }
    sift_down (heap, 0);
  }
  return false;
}

void
ls_drain_keep_last (LsDrain *drain, LsJournal *journal)
{
  drain->spilled = g_queue_new ();
  drain->journal = journal;
}

void
ls_drain_keep (LsDrain *drain, guint image, const LsRecord *record)
{
  if (!drain->kept[image])
    drain->kept[image] = ls_kept_new ();
  ls_kept_take (drain->kept[image], record);
}

/* What is in the journal grows with what happens; then it is written anew, with what lives. */
static void
tidy_journal (LsDrain *drain)
{
  if (!drain->journal || drain->journal->n_bytes < drain->most_journaled)
    return;
  for (guint i = 0; i < LS_MAX_IMAGES; i++)
    if (drain->kept[i])
      ls_kept_save (drain->kept[i], drain->journal, i);
  ls_journal_replace (drain->journal);
  drain->most_journaled = 4 * drain->journal->n_bytes + LEAST_JOURNALED;
}

static guint
spill_stream (LsDrain *drain, LsStream *stream, guint max)
{
  guint n = ls_stream_spill (stream, drain->shared, max);
  for (guint i = 0; drain->spilled && i < n; i++)
    g_queue_push_tail (drain->spilled, (gpointer) get_key (stream->image, stream->thread));
  return n;
}

/* Discards the chunk that was moved to the spill first, or when there is none some that are in memory.
 * False when there is nothing to discard. */
static bool
discard (LsDrain *drain)
{
  while (!g_queue_is_empty (drain->spilled)) {
    uint64_t key = (uint64_t) g_queue_pop_head (drain->spilled);
    LsStream *stream = g_hash_table_lookup (drain->streams, &key);
    if (stream &&
        ls_stream_discard (stream, drain->shared, &drain->kept[stream->image], drain->journal)) {
      tidy_journal (drain);
      return true;
    }
  }
  /* There is no room for a single chunk in the spill. */
  guint n = 0;
  for (guint i = 0; i < LS_MAX_IMAGES; i++)
    for (guint k = 0; drain->active[i] && k < drain->active[i]->len; k++)
      n += ls_stream_discard (drain->active[i]->pdata[k], drain->shared, &drain->kept[i],
                              drain->journal);
  return n > 0;
}

static gint
compare_ends (gconstpointer a, gconstpointer b)
{
  const LsRetired *left = a, *right = b;
  return left->end_ticks < right->end_ticks ? -1 : left->end_ticks > right->end_ticks;
}

/* As ls_drain_spill(), but the chunks go in the order of their ends, in which they are discarded to make
 * room for others. */
static guint
spill_in_order (LsDrain *drain)
{
  g_autoptr (GArray) retired = g_array_new (FALSE, FALSE, sizeof (LsRetired));
  for (guint i = 0; i < LS_MAX_IMAGES; i++)
    for (guint k = 0; drain->active[i] && k < drain->active[i]->len; k++)
      ls_stream_list_retired (drain->active[i]->pdata[k], drain->shared, retired);
  g_array_sort (retired, compare_ends);
  guint n = 0;
  for (guint i = 0; i < retired->len; i++)
    do {
      drain->shared->spill->is_full = false;
      n += spill_stream (drain, g_array_index (retired, LsRetired, i).stream, 1);
    } while (drain->shared->spill->is_full && discard (drain));
  return n;
}

guint
ls_drain_spill (LsDrain *drain)
{
  if (drain->spilled)
    return spill_in_order (drain);
  drain->shared->spill->is_full = false;
  guint n = 0;
  for (guint i = 0; i < LS_MAX_IMAGES; i++)
    for (guint k = 0; drain->active[i] && k < drain->active[i]->len; k++) {
      n += spill_stream (drain, drain->active[i]->pdata[k], G_MAXUINT);
      if (drain->shared->spill->is_full)
        return n;
    }
  return n;
}

bool
ls_drain_recall (LsDrain *drain, guint image, LsRecordFunc func, gpointer user_data)
{
  if (!drain->kept[image])
    return false;
  ls_kept_recall (drain->kept[image], func, user_data);
  g_clear_pointer (&drain->kept[image], ls_kept_free);
  return true;
}

void
ls_drain_abandon (LsDrain *drain, guint image, LsRecordFunc func, gpointer user_data)
{
  GPtrArray *active = drain->active[image];
  uint64_t ticks = 0;
  for (guint i = 0; active && i < active->len; i++)
    ticks = MAX (ticks, ((LsStream *) active->pdata[i])->last_ticks);
  for (guint i = 0; active && i < active->len; i++) {
    LsStream *stream = active->pdata[i];
    uint64_t n = ls_stream_abandon (stream, drain->shared);
    LsSlot slot = { .ticks = ticks, .target = n, .mark = LS_SLOT_MARK (LS_EV_LOST, 1) };
    LsRecord record = { .slot = &slot,
                        .slot_count = 1,
                        .kind = LS_EV_LOST,
                        .thread = stream->thread,
                        .os_tid = stream->os_tid,
                        .ticks = ticks };
    if (n > 0)
      func (&record, user_data);
  }
}

void
ls_drain_close_image (LsDrain *drain, guint image, guint64 *n_lost)
{
  GPtrArray *active = drain->active[image];
  for (guint i = 0; active && i < active->len; i++)
    ls_stream_tidy (active->pdata[i], drain->shared, TRUE, &drain->n_late[image]);
  ls_shared_release (drain->shared);
  ls_shared_reclaim (drain->shared, image);
  if (!active)
    return;
  *n_lost += drain->n_late[image];
  drain->n_threads -= active->len;
  g_clear_pointer (&drain->active[image], g_ptr_array_unref);

  GHashTableIter iter;
  gpointer stream;
  g_hash_table_iter_init (&iter, drain->streams);
  while (g_hash_table_iter_next (&iter, NULL, &stream))
    if (((LsStream *) stream)->image == image)
      g_hash_table_iter_remove (&iter);
}

void
ls_drain_end_threads (LsDrain *drain, guint image, LsIsGoneFunc func, gpointer user_data)
{
  GPtrArray *active = drain->active[image];
  for (guint i = 0; active && i < active->len; i++) {
    LsStream *stream = active->pdata[i];
    if (!stream->is_over && func (stream->os_tid, user_data))
      stream->is_over = true;
  }
}

guint
ls_drain_get_n_threads (LsDrain *drain)
{
  return drain->n_threads;
}
