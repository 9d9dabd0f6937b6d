/* SPDX-License-Identifier: MIT */
/**
 * How a trace lies in memory. Only tracer/model sees this.
 *
 *   columns   one entry an event: time, who and what kind, target, source, small flags: 21 bytes
 *   sparse    what only some events carry, packed without gaps and found by rank: values, and the
 *             rare keys (numbers, parts, names, errors)
 *   lanes     per thread and object: its events, and what lasts (intervals)
 */
#pragma once

#include "rank.h"
#include "state.h"

G_BEGIN_DECLS

/* who: bits 0-23 thread index, 24-29 LsEventKind, 30 it has a value, 31 it has rare keys */
#define LS_MAX_THREADS (1u << 24)
#define LS_WHO(thread, kind) ((uint32_t) (thread) | (uint32_t) (kind) << 24)
#define LS_WHO_THREAD(who) ((who) & (LS_MAX_THREADS - 1))
#define LS_WHO_KIND(who) ((LsEventKind) ((who) >> 24 & 0x3f))
#define LS_WHO_HAS_VAL (1u << 30)
#define LS_WHO_HAS_RARE (1u << 31)

/* flags: bit 0 LsMode, 1-3 LsHow, 4-6 LsOrder, 7 the target is a thread */
#define LS_FLAGS(mode, how, order, is_thread) \
  ((uint8_t) ((mode) | (how) << 1 | (order) << 4 | (is_thread) << 7))
#define LS_FLAG_THREAD 0x80

_Static_assert(LS_EV_N <= 64 && LS_MODE_N <= 2 && LS_HOW_N <= 8 && LS_ORDER_N <= 8,
               "the bits suffice");

/* Values of some events: `bits` is the union of LsValue. */
typedef struct {
  LsRank has;
  uint64_t *bits;
  uint8_t *types;
} LsValueColumn;

/* What few events carry. */
typedef struct {
  int64_t n;
  const char *name;
  const char *err;
  uint32_t off, size;
  uint32_t with; /* object index */
  bool has_part, has_n;
} LsRare;

typedef struct {
  uint32_t n;
  int64_t *ts;
  uint32_t *who;
  uint32_t *target; /* object or thread index, LS_NONE */
  uint32_t *source;
  uint8_t *flags;
  LsValueColumn val, old;
  LsRank has_rare;
  LsRare *rare;
  uint32_t *line; /* of the file, for problems; only while the trace is opened */
} LsColumns;

/* What lasts in one lane, and what is precomputed of it. */
typedef struct {
  LsInterval *intervals; /* by begin; NULL when none */
  uint32_t n, capacity;
  struct _LsTimes *times; /* sums over them; NULL when there are few */
  struct _LsReach *reach; /* which of them last past a moment; NULL when there are few */
} LsTrack;

typedef struct {
  LsTrack states, holds, regions;
  uint32_t n_hold_rows, n_region_rows;
} LsThreadLane;

typedef struct {
  LsTrack holds, waits;
  struct _LsHolders *holders; /* who held it how long */
  struct _LsNumbers *numbers; /* a value's, or a semaphore's count, over its events */
  uint32_t *tellers;          /* accesses that tell the value; NULL: all of its events do */
  uint32_t n_tellers;
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
  struct _LsCauses *causes; /* where in them the causes of others are; see causes.h */
  LsThreadLane *thread_lanes;
  LsObjectLane *object_lanes;
  struct _LsMajority *majority; /* who prevails among neighbouring events */

  GArray *alive_events; /* uint32_t: event after which the count of live threads is another */
  GArray *alive_counts; /* uint32_t */
  GPtrArray *counter_names;
  GPtrArray *counter_events;  /* GArray of uint32_t */
  GPtrArray *counter_numbers; /* LsNumbers or NULL */
};

/* Adds a warning about event k, or about the trace as a whole when it is LS_NONE. Only while the
 * trace is opened. */
void ls_trace_add_problem (LsTrace *trace, uint32_t k, const char *format, ...)
  G_GNUC_PRINTF (3, 4);

/* The steps of opening after the builder's, in this order; each a file. */
void ls_trace_index_events (LsTrace *trace); /* lists per lane */
void ls_trace_describe (LsTrace *trace);     /* parents, starts, names, kinds, counters */
void ls_trace_build_intervals (LsTrace *trace);
void ls_trace_build_causes (LsTrace *trace);
void ls_trace_build_summaries (LsTrace *trace);
void ls_trace_free_causes (LsTrace *trace);
void ls_trace_free_summaries (LsTrace *trace);

/* The rare keys of event k, or NULL. */
const LsRare *ls_columns_get_rare (const LsColumns *columns, uint32_t k);

/* Whether an event that failed with an error changed nothing (all but EOWNERDEAD). */
bool ls_trace_event_failed (const LsTrace *trace, uint32_t k);

/* The value that event k tells of its object as a whole; false when it tells none. */
bool ls_trace_get_told_value (const LsTrace *trace, uint32_t k, LsValue *value);

G_END_DECLS
