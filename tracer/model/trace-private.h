/* SPDX-License-Identifier: MIT */
/**
 * How a trace lies in memory. Only tracer/model sees this.
 *
 *   columns   the events; see columns.h
 *   lanes     per thread and object: its events, and what lasts (intervals)
 */
#pragma once

#include "columns.h"
#include "lines.h"
#include "state.h"
#include "tally.h"
#include "texts.h"
#include "tracks.h"

G_BEGIN_DECLS

typedef struct {
  LsTrack waits, holds, regions; /* waits: all its states but not waiting */
  struct _LsStates *states;      /* sums of time per state; NULL: few waits */
  uint32_t n_states;
  uint16_t n_hold_rows, n_region_rows;
} LsThreadLane;

typedef struct {
  LsTrack holds, waits;
  bool is_shared;             /* some release of it is among shared_releases */
  struct _LsHolders *holders; /* who held it how long; NULL: few holds */
  struct _LsStairs *waiters;  /* how many waited for it when; NULL: few waits */
  struct _LsNumbers *numbers; /* a value's, or a semaphore's count, over its events */
  uint32_t *tellers;          /* accesses that tell the value; NULL: all of its events do */
  uint32_t n_tellers;
} LsObjectLane;

/* A hold that was deeper than 1. */
typedef struct {
  uint32_t hold;
  uint32_t depth;
} LsDepth;

/* Event lists of many lanes: those of lane i are events[offset[i]] .. events[offset[i + 1]]. */
typedef struct {
  uint32_t *offset; /* n_lanes + 1 */
  uint32_t *events;
} LsEventLists;

struct _LsTrace {
  gatomicrefcount ref_count;
  LsTraceInfo info;
  LsReadReport *report;
  LsTexts texts;
  GPtrArray *string_vectors; /* char **, of info */

  LsColumns columns;
  LsLines lines; /* of the file, for problems; only while the trace is opened */
  uint32_t n_threads, n_objects, n_sources;
  LsThread *threads;
  LsObject *objects;
  LsSource *sources;

  GCancellable *cancellable; /* while it is opened, or NULL */
  guint n_workers;           /* while it is opened; the tallies, by thread and object, too */
  LsTally *thread_tallies, *object_tallies;
  LsEventLists thread_events, object_events;
  LsSpans holds;          /* by object */
  LsSpans waits, regions; /* by thread */
  LsSpanLists thread_holds, object_waits;
  GArray *depths;            /* LsDepth, by hold */
  uint64_t *shared_releases; /* a bit an event: a release that ended a shared hold; NULL: none */
  struct _LsCauses *causes;  /* where in them the causes of others are; see causes.h */
  LsThreadLane *thread_lanes;
  LsObjectLane *object_lanes;
  struct _LsMajority *majority; /* who prevails among neighbouring events */

  GArray *alive_events; /* uint32_t: event after which the count of live threads is another */
  GArray *alive_counts; /* uint32_t */
  GPtrArray *counter_names;
  GPtrArray *counter_events;  /* GArray of uint32_t */
  GPtrArray *counter_numbers; /* LsNumbers or NULL */
};

#define LS_EVENTS_BETWEEN_CHECKS (1u << 18)

/* Adds a warning about event k, or about the trace as a whole when it is LS_NONE. Only while the
 * trace is opened. */
void ls_trace_add_problem (LsTrace *trace, uint32_t k, const char *format, ...)
  G_GNUC_PRINTF (3, 4);

/* Whether opening was cancelled: asked at events k, one after the other. A pass may stop then where it
 * is, as nobody will see what comes of it. */
static inline bool
ls_trace_is_given_up (const LsTrace *trace, uint32_t k)
{
  return G_UNLIKELY (k % LS_EVENTS_BETWEEN_CHECKS == 0) &&
         g_cancellable_is_cancelled (trace->cancellable);
}

/* The next event of some kinds; false when there is none, or opening was cancelled. */
static inline bool
ls_trace_scan_next (const LsTrace *trace, LsKindScan *scan, uint32_t *k)
{
  if (G_LIKELY (scan->bits))
    return ls_kind_scan_next (scan, &trace->columns, k);
  return !ls_trace_is_given_up (trace, scan->at * LS_TS_BLOCK) &&
         ls_kind_scan_next (scan, &trace->columns, k);
}

/* The steps of opening after the builder's, in this order. */
void ls_trace_index_events (LsTrace *trace); /* lists per lane, counts */
void ls_trace_describe (LsTrace *trace);     /* parents, starts, names, kinds, counters */
void ls_trace_build_intervals (LsTrace *trace);
void ls_trace_build_lanes (LsTrace *trace); /* the other side's lists of intervals */
void ls_trace_build_summaries (LsTrace *trace);
void ls_trace_build_causes (LsTrace *trace);
void ls_trace_free_causes (LsTrace *trace);
void ls_trace_free_summaries (LsTrace *trace);

/* Of a lane's interval. */
LsSpan ls_track_get_span (const LsTrace *trace, const LsTrack *track, uint32_t i);

/* Interval i of a lane, as its kind has it. */
LsInterval ls_trace_get_hold (const LsTrace *trace, uint32_t number);
LsInterval ls_trace_get_wait (const LsTrace *trace, uint32_t number);

/* Whether an event that failed with an error changed nothing (all but EOWNERDEAD). */
bool ls_trace_event_failed (const LsTrace *trace, uint32_t k);

/* The value that event k tells of its object as a whole; false when it tells none. */
bool ls_trace_get_told_value (const LsTrace *trace, uint32_t k, LsValue *value);

G_END_DECLS
