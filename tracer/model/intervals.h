/* SPDX-License-Identifier: MIT */
/**
 * What lasts: threads' states, holds of locks, regions.
 *
 * Intervals of one kind and lane are sorted by begin; those of one row never overlap.
 */
#pragma once

#include "trace.h"

G_BEGIN_DECLS

/* A thread's state; one at each moment of its life. */
typedef enum {
  LS_STATE_NONE, /* not alive */
  LS_STATE_NOT_WAITING,
  LS_STATE_WAIT_LOCK,   /* for what another thread has: amber hatching */
  LS_STATE_WAIT_SIGNAL, /* for something to happen (cond, event, barrier, join): dotted */
  LS_STATE_SLEEP,       /* asleep: dotted */
  LS_STATE_N
} LsStateKind;

/* How a wait ended. */
typedef enum {
  LS_OUTCOME_GOT, /* acquire, join, or a wake with a cause */
  LS_OUTCOME_TIMEOUT,
  LS_OUTCOME_FAIL,
  LS_OUTCOME_SPURIOUS, /* a cond's wake with no signal since the wait */
  LS_OUTCOME_NEVER,    /* still waiting at the thread's finish or the trace's end */
} LsOutcome;

typedef struct {
  uint32_t begin_event;
  uint32_t end_event; /* LS_NONE: lasts to the trace's end */
  uint32_t thread;    /* whose; of a hold of a gate the thread that acquired */
  uint32_t object;    /* waited for or held; LS_NONE for sleep, not waiting, join, region */
  uint32_t peer;      /* join: the thread waited for; else LS_NONE */
  uint8_t state;      /* LsStateKind, of state intervals */
  uint8_t outcome;    /* LsOutcome, of waits */
  uint8_t mode;       /* LsMode, of holds and waits */
  uint8_t row;        /* holds: the lowest row free at its begin, kept; regions: nesting depth;
                          255 and above share row 255 */
  uint32_t depth;     /* holds: highest recursion depth reached, 1 and up */
} LsInterval;

/* Begin and end in ns; an interval without end event ends at the trace's end. */
LsSpan ls_interval_get_span (const LsTrace *trace, const LsInterval *interval);

/* All intervals of a lane, sorted by begin; the struct is as good as the trace, and costs nothing to
 * copy. */
typedef struct {
  const LsTrace *trace;
  uint32_t lane; /* thread or object */
  uint32_t kind; /* the model's own business */
  uint32_t n;
} LsIntervals;

/*   thread_states  the thread's life without gaps, from its start (or first event) to its finish: not
 *                  waiting, a wait or sleep, not waiting, and so on in turn. Where one wait directly
 *                  follows another the state between them lasts no time
 *   thread_holds   what it held; overlapping, in rows
 *   thread_regions begin .. end
 *   object_holds   of a lock: one per holder, overlapping only when shared (rwlock readers,
 *                  semaphore units); of a semaphore that is a gate none, its units are nobody's
 *   object_waits   waits for a lock, cond, event, barrier, semaphore, once; overlapping */
LsIntervals ls_trace_get_thread_states (const LsTrace *trace, uint32_t thread);
LsIntervals ls_trace_get_thread_holds (const LsTrace *trace, uint32_t thread);
LsIntervals ls_trace_get_thread_regions (const LsTrace *trace, uint32_t thread);
LsIntervals ls_trace_get_object_holds (const LsTrace *trace, uint32_t object);
LsIntervals ls_trace_get_object_waits (const LsTrace *trace, uint32_t object);

/* Interval i < n. */
LsInterval ls_intervals_get (LsIntervals intervals, uint32_t i);

/* All of them, owned by the caller: for few. `n` may be NULL. */
LsInterval *ls_intervals_dup (LsIntervals intervals, uint32_t *n);

/* How many begin before event k. O(log n). */
uint32_t ls_intervals_count_begun (LsIntervals intervals, uint32_t k);

/* Index of the first interval that ends after `ts_ns`: every interval before it ends at or before
 * ts_ns. 0 .. n. O(log n). Start here to walk the intervals that meet a span; stop at the first whose
 * begin is past it. */
uint32_t ls_intervals_find (LsIntervals intervals, int64_t ts_ns);

/* Rows in use by a thread's holds or regions: 0 .. 256. */
uint32_t ls_trace_get_n_hold_rows (const LsTrace *trace, uint32_t thread);
uint32_t ls_trace_get_n_region_rows (const LsTrace *trace, uint32_t thread);

/* -- Summaries: what is in these pixels, in O(log n) whatever the trace's size -- */

/* The columns of pixels that a view has. In fewer than 64 everything is told exactly. In more, as a
 * picture has, a column may have what lies in its neighbour, as far as that is less than a column away:
 * some intervals that begin within a column are taken to be spread evenly. Nothing is lost between
 * them. */
typedef struct {
  uint32_t n_columns;
  int64_t *edges_ns;    /* n_columns + 1, ascending */
  uint32_t *events;     /* the first event at or after each edge */
  uint64_t *columns_ns; /* the narrower one beside each edge, in a picture; else 0 */
} LsGrid;

/* Copies the edges. O(n_columns * log n), once for all lanes of a view. */
void ls_grid_init (LsGrid *grid, const LsTrace *trace, const int64_t *edges_ns, uint32_t n_columns);
void ls_grid_clear (LsGrid *grid);

/* Time per state of a thread within the span, and within each column. */
typedef struct {
  int64_t ns[LS_STATE_N];
} LsMix;

void ls_trace_sum_thread (const LsTrace *trace, uint32_t thread, LsSpan span, LsMix *mix);
void ls_trace_sum_thread_columns (const LsTrace *trace,
                                  uint32_t thread,
                                  const LsGrid *grid,
                                  LsMix *mixes);

typedef struct {
  int64_t held_ns;   /* summed over holders */
  int64_t waited_ns; /* summed over waiters */
  uint32_t n_holds;  /* that meet the span or end where it begins */
  uint32_t n_waits;
} LsObjectMix;

/* Of a lock or signal within the span. */
void ls_trace_sum_object (const LsTrace *trace, uint32_t object, LsSpan span, LsObjectMix *mix);

/* Both of each column; and, unless `holders` is NULL, the thread that held the lock for at least 60 % of
 * its held time in the column: LS_NONE when none did. In a picture a hold that is not alone counts for
 * its thread where it begins, and of many holds of three threads and more what is near 60 % may be said
 * to be. O(n_columns * log n); of less than 64 columns at most O(holds). */
void ls_trace_sum_object_columns (const LsTrace *trace,
                                  uint32_t object,
                                  const LsGrid *grid,
                                  LsObjectMix *mixes,
                                  uint32_t *holders);

/* The thread that did at least 60 % of the events k with begin <= k < end: its index; LS_NONE when
 * none did. `n_switches`: how often neighbours in it are of different threads (may be NULL).
 * O(log n). */
uint32_t ls_trace_find_dominant_thread (const LsTrace *trace,
                                        uint32_t begin,
                                        uint32_t end,
                                        uint32_t *n_switches);

/* Least, greatest and last number of a value (or of a semaphore's count, or of a counter track; see
 * state.h) within the span, and how many there are; false, and all 0, when there is none.
 * O(log n). */
typedef struct {
  double min, max, last;
  uint32_t n;
} LsValueMix;

bool ls_trace_sum_value (const LsTrace *trace, uint32_t object, LsSpan span, LsValueMix *mix);

/* The same of each column; in a picture of the numbers near it. */
void ls_trace_sum_value_columns (const LsTrace *trace,
                                 uint32_t object,
                                 const LsGrid *grid,
                                 LsValueMix *mixes);
void ls_trace_sum_counter_columns (const LsTrace *trace,
                                   uint32_t counter,
                                   const LsGrid *grid,
                                   LsValueMix *mixes);

G_END_DECLS
