/* SPDX-License-Identifier: MIT */
/**
 * A trace under construction: builder.c puts the segments of its file together as they come,
 * declare.c takes what they say of threads, objects and sources, and finish.c sorts all of it by time
 * and by id and makes the trace of it.
 */
#pragma once

#include <pthread.h>

#include "segment.h"
#include "trace-private.h"

G_BEGIN_DECLS

typedef struct {
  LsReadReport *report;
  LsTexts texts;
  GPtrArray *string_vectors;
  GCancellable *cancellable; /* while it is finished, or NULL; so is the number of workers */
  guint n_workers;
  double fraction;       /* of the file that `end` was told of, for an estimate; 0: not known */
  pthread_mutex_t mutex; /* not GLib's, which TSan does not know */
  pthread_cond_t placed; /* nothing is being placed */
  GPtrArray *spare;      /* LsSegment, to be used again; guarded by the mutex, as what follows */
  guint n_placing;       /* segments that are written to the columns, which must not move */
  bool is_moving;        /* columns: the thread that ends segments has the mutex */

  /* Events in the order of lines. Threads, objects and sources are slots of their LsIds. */
  LsColumns columns;
  uint32_t capacity, n_wide, wide_capacity;
  bool is_sorted;
  int64_t staged[LS_TS_BLOCK]; /* times of the last block, which is not full */
  int64_t last_ns;

  LsIds thread_ids, object_ids, source_ids;
  GArray *threads, *objects, *sources; /* LsThread, LsObject, LsSource by slot */
  GArray *last_ts; /* int64_t by thread slot; G_MININT64 before its first event */
  GArray *thread_tallies, *object_tallies; /* LsTally by slot */
  bool threads_full, events_full;          /* said so */

  GArray *lines;          /* LsLineRun */
  GArray *problems;       /* LsProblem: the first LS_MAX_PROBLEMS */
  uint64_t n_problems[2]; /* by is_error: of all */

  LsTraceInfo info;
  GPtrArray *ignored, *blind; /* char * */
  int64_t footer_end_ns;
  uint64_t footer_lost, events_lost;
} LsBuilder;

/* Takes the report. */
LsBuilder *ls_builder_new (LsReadReport *report);
void ls_builder_free (LsBuilder *builder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LsBuilder, ls_builder_free)

/* How a file read in segments comes in: the builder is its user_data. */
extern const LsSegmentSink ls_builder_sink;

/* Takes a segment's declarations. */
void ls_builder_declare (LsBuilder *builder, const LsSegment *segment);

/* Slots by id; of a thread LS_NONE past the most that a trace may have, which is said at `line`. */
uint32_t ls_builder_get_thread (LsBuilder *builder, uint32_t id, uint64_t line);
uint32_t ls_builder_get_object (LsBuilder *builder, uint32_t id);
uint32_t ls_builder_get_source (LsBuilder *builder, uint32_t id);

/* Returns: (owned) the trace with its columns, tables and info, none of which is any good when opening
 * is cancelled by then; the builder is empty then. */
LsTrace *ls_builder_finish (LsBuilder *builder, const char *path);

/* The steps after reading: the whole model of what the builder took, put together on `n_workers`
 * threads; 0: as many as there are cores. */
LsTrace *ls_builder_open (LsBuilder *builder, const char *name, guint n_workers);

/* Puts the segment's rows in the next places, at most n_max of them, and leaves whole blocks to
 * ls_builder_place(), which any thread may call then. */
void ls_builder_add_rows (LsBuilder *builder, LsSegment *segment, uint32_t n_max);
void ls_builder_place (LsBuilder *builder, const LsSegment *segment);

/* Writes the times of the block of n events that begins at event k. */
void ls_builder_set_times (LsBuilder *builder, uint32_t k, const int64_t *ts, uint32_t n);

/* Copies the first n indexes to 32 bits each. */
void ls_index_widen (LsIndexColumn *column, uint32_t n, uint32_t capacity);

/* The index must be one that fits. */
static inline void
ls_index_set (const LsIndexColumn *column, uint32_t k, uint32_t index)
{
  if (column->narrow)
    column->narrow[k] = (uint16_t) index;
  else
    column->wide[k] = index;
}

/* Sorts the events by time, ties as they stand; `lines` too. */
void ls_builder_sort (LsBuilder *builder, LsLines *lines);

G_END_DECLS
