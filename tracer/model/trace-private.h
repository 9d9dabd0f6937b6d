/* SPDX-License-Identifier: MIT */
/**
 * How a trace lies in memory. Only tracer/model sees this.
 *
 *   columns     one entry an event: time, who and what kind, target, source, small flags
 *   side table  what few events carry: values, parts, numbers, names, errors; found by rank
 *   lanes       per thread and object: its events, and what lasts (intervals)
 */
#pragma once

#include "rank.h"
#include "state.h"

G_BEGIN_DECLS

/* who: bits 0-23 thread index, 24-29 LsEventKind */
#define LS_WHO(thread, kind) ((uint32_t) (thread) | (uint32_t) (kind) << 24)
#define LS_WHO_THREAD(who) ((who) &0xffffff)
#define LS_WHO_KIND(who) ((LsEventKind) ((who) >> 24))
#define LS_MAX_THREADS (1u << 24)

/* flags: bit 0 LsMode, 1-3 LsHow, 4-6 LsOrder, 7 the target is a thread */
#define LS_FLAGS(mode, how, order, is_thread) \
  ((uint8_t) ((mode) | (how) << 1 | (order) << 4 | (is_thread) << 7))

_Static_assert(LS_EV_N <= 64 && LS_MODE_N <= 2 && LS_HOW_N <= 8 && LS_ORDER_N <= 8, "bits suffice");

/* What few events carry. */
typedef struct {
  LsValue val, old;
  int64_t n;
  uint32_t off, size;
  uint32_t with; /* object index */
  bool has_part, has_n;
  const char *name;
  const char *err;
} LsSide;

typedef struct {
  int64_t *ts;
  uint32_t *who;
  uint32_t *target; /* object or thread index, LS_NONE */
  uint32_t *source;
  uint8_t *flags;
  uint32_t n;
  LsRank has_side;
  LsSide *side; /* one for each bit set */
} LsColumns;

/* What lasts in one lane, and what is precomputed of it. */
typedef struct {
  GArray *intervals;      /* LsInterval, by begin; NULL when none */
  struct _LsTimes *times; /* sums over them; NULL when none */
  struct _LsReach *reach; /* which of them last past a moment */
} LsTrack;

typedef struct {
  LsTrack states, holds, regions;
  uint32_t n_hold_rows, n_region_rows;
} LsThreadLane;

typedef struct {
  LsTrack holds, waits;
  struct _LsHolders *holders; /* who held it how long */
  struct _LsNumbers *numbers; /* a value's, or a semaphore's count, over its events */
} LsObjectLane;

/* Event lists of many lanes: those of lane i are events[offset[i]] .. events[offset[i + 1]]. */
typedef struct {
  uint32_t *offset; /* n_lanes + 1 */
  uint32_t *events;
} LsEventLists;

struct _LsTrace {
  gatomicrefcount ref_count;
  LsTraceInfo info;
  LsReadReport *report;
  GStringChunk *strings;
  GPtrArray *string_vectors; /* char **, of info */

  LsColumns columns;
  uint32_t n_threads, n_objects, n_sources;
  LsThread *threads;
  LsObject *objects;
  LsSource *sources;

  LsEventLists thread_events, object_events;
  LsThreadLane *thread_lanes;
  LsObjectLane *object_lanes;
  struct _LsMajority *majority; /* who prevails among neighbouring events */

  GArray *alive_events; /* uint32_t: event after which the count of live threads is another */
  GArray *alive_counts; /* uint32_t */
  GPtrArray *counter_names;
  GPtrArray *counter_events; /* GArray of uint32_t */
};

/* A problem of the trace as a whole or of event k ("event 15: ..."); takes `reason`. */
void ls_trace_add_problem (LsTrace *trace, uint64_t line, bool is_error, char *reason);

/* The steps of opening, in this order; each file one. */
typedef struct _LsBuilder LsBuilder;
LsBuilder *ls_builder_new (LsReadReport *report);
void ls_builder_add (const LsLine *line, gpointer builder); /* a LsLineFunc */
void ls_builder_free (LsBuilder *builder);
LsTrace *ls_builder_finish (LsBuilder *builder, const char *path); /* takes the report */
void ls_trace_index_events (LsTrace *trace);                       /* lists per lane */
void ls_trace_describe_threads (LsTrace *trace);                   /* parents, starts, names */
void ls_trace_build_intervals (LsTrace *trace);
void ls_trace_build_summaries (LsTrace *trace);

const LsSide *ls_columns_get_side (const LsColumns *columns, uint32_t k); /* or NULL */

/* Whether an event that failed with an error changed nothing (all but EOWNERDEAD). */
bool ls_trace_event_failed (const LsTrace *trace, uint32_t k);

G_END_DECLS
