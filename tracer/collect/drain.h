/* SPDX-License-Identifier: MIT */
/**
 * Reads what the threads have recorded: each thread's chunks in program order, all threads of an
 * image merged by ticks, straight from the shared memory. A chunk that is emptied goes back to the
 * free list with the next ls_shared_release(), when what was made of it is where it survives the
 * collector. Who is too slow for the program moves chunks to the spill, from which they are read
 * when their turn comes.
 */
#pragma once

#include <glib.h>

#include "shared.h"

G_BEGIN_DECLS

typedef struct {
  const LsSlot *slot; /* the first of slot_count; borrowed, gone when the callback returns */
  guint slot_count;
  uint8_t kind; /* LsEventKind or LsSlotKind; never LS_SLOT_PAD */
  uint32_t thread, os_tid;
  uint64_t ticks; /* never below the thread's record before */
} LsRecord;

typedef void (*LsRecordFunc) (const LsRecord *record, gpointer user_data);

typedef struct _LsDrain LsDrain;

LsDrain *ls_drain_new (LsShared *shared);
void ls_drain_free (LsDrain *drain);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LsDrain, ls_drain_free)

/* Takes up what a collector left that died: the chunks in memory, and those of the spill's blocks, that
 * it had not done with. Of each thread `n_written` (image << 32 | thread -> uint64_t, borrowed) has how many events are
 * in its trace; those are not handed out again. */
void ls_drain_resume (LsDrain *drain, GHashTable *n_written, const GArray *blocks);

/* Finds the chunks that threads took since the last scan, counts the free ones and takes back
 * what could not be taken back before. Call it between reading the clock for a watermark and
 * ls_drain_image() with that watermark: then no earlier record is missed. */
void ls_drain_scan (LsDrain *drain);

/* Hands the records of an image, up to `watermark` ticks and at most `max_records` of them, to
 * `func` in the order of their ticks.
 *
 * `now_ms` is any steady clock: an unsettled slot stops its thread, and for a moment the others,
 * so that they need not be overtaken; one behind which its thread has long gone on is passed over.
 * `over`: the image has ended, so that what is unsettled stays so.
 * Returns: true when it stopped at max_records. */
bool ls_drain_image (LsDrain *drain,
                     guint image,
                     uint64_t watermark,
                     gint64 now_ms,
                     gboolean over,
                     guint max_records,
                     LsRecordFunc func,
                     gpointer user_data);

/* Moves what can be moved from memory to the spill; a flight recorder discards for it what was moved there
 * first. Returns how many chunks. */
guint ls_drain_spill (LsDrain *drain);

/* From now on it is a flight recorder, whose chunks may be discarded; the journal (borrowed, or NULL) has
 * what outlives them. */
struct _LsJournal;
void ls_drain_keep_last (LsDrain *drain, struct _LsJournal *journal);

/* The same of a record that a flight recorder which died had kept. */
void ls_drain_keep (LsDrain *drain, guint image, const LsRecord *record);

/* What is kept of an image's chunks that were discarded goes to `func`, once. False: none were. */
bool ls_drain_recall (LsDrain *drain, guint image, LsRecordFunc func, gpointer user_data);

/* Gives up what is left of an image that is over: of each thread that had something left, a record of
 * LS_EV_LOST with its number of events goes to `func`. */
void ls_drain_abandon (LsDrain *drain, guint image, LsRecordFunc func, gpointer user_data);

/* An image that is over and drained: takes back all its chunks. Records that were committed
 * after they had been passed over are added to *n_lost. */
void ls_drain_close_image (LsDrain *drain, guint image, guint64 *n_lost);

/* Asks `func` of every thread of the image that still owns a chunk, by its kernel id, whether it is no
 * more, though its last chunk was not retired. */
typedef bool (*LsIsGoneFunc) (uint32_t os_tid, gpointer user_data);
void ls_drain_end_threads (LsDrain *drain, guint image, LsIsGoneFunc func, gpointer user_data);

/* Threads that hold chunks, of all images. */
guint ls_drain_get_n_threads (LsDrain *drain);

G_END_DECLS
