/* SPDX-License-Identifier: MIT */
/**
 * Figures of a trace: what each thread did with its time, and how each lock and value was used.
 *
 * All within a span: an interval that reaches beyond it counts with its part inside, an event counts
 * when it lies inside.
 */
#pragma once

#include "state.h"

G_BEGIN_DECLS

typedef struct {
  uint64_t n;
  int64_t total_ns, max_ns;
  int64_t p99_ns;      /* 99 of 100 are no longer (nearest rank); 0 when n is 0 */
  uint32_t max_source; /* where the longest began; LS_NONE */
} LsDurations;

typedef struct {
  uint32_t thread;
  LsSpan life;            /* empty when it did not live in the span */
  int64_t ns[LS_STATE_N]; /* of its life, by state */
  uint64_t n_events;
  uint64_t n_acquires, n_contended; /* locks it got; those that it had waited for */
} LsThreadStats;

/* What one thread waited for. */
typedef struct {
  uint32_t thread;
  LsStateKind state; /* LS_STATE_WAIT_LOCK, WAIT_SIGNAL or SLEEP */
  uint32_t object;   /* LS_NONE: a thread's end, or sleep */
  uint32_t peer;     /* the thread whose end it waited for; LS_NONE */
  LsDurations wait;
} LsWaitStats;

/* A hand-over: the lock passes to a thread that was waiting for it. A convoy: LS_CONVOY_MIN or more
 * hand-overs with no other acquire among them. */
#define LS_CONVOY_MIN 4

typedef struct {
  uint32_t object;
  uint32_t n_threads; /* that acquired it */
  uint64_t n_acquires, n_contended;
  uint64_t n_failed; /* tries and timed waits that did not get it */
  uint64_t n_hand_overs, n_convoys;
  uint64_t longest_convoy; /* hand-overs */
  LsDurations wait, hold;
} LsLockStats;

typedef struct {
  uint32_t object;
  uint32_t n_threads;                   /* that accessed it */
  uint64_t n_reads, n_writes, n_atomic; /* an update is a read and a write */
  bool has_numbers;
  double min, max, last; /* when has_numbers */
} LsValueStats;

typedef struct {
  LsSpan span;
  GArray *threads; /* LsThreadStats, in the order of threads */
  GArray *waits;   /* LsWaitStats, the longest in total first */
  GArray *locks;   /* LsLockStats, the most waited for first, then the most acquired */
  GArray *values;  /* LsValueStats, in the order of objects */
} LsStatistics;

typedef struct {
  LsSpan span;         /* empty: the whole trace */
  const bool *threads; /* by thread: only what these did; NULL: all */
  const bool *objects; /* by object: only what was done to these; NULL: all */
} LsStatisticsOptions;

/**
 * Computes the figures, in time linear in the trace.
 *
 * @options: NULL for the defaults.
 * @progress, @cancellable: may be NULL.
 * Returns: (owned) NULL with `error` set only when cancelled.
 * Threads: any; the trace is only read, on one more thread too; progress is told on the calling one.
 */
LsStatistics *ls_trace_compute_statistics (const LsTrace *trace,
                                           const LsStatisticsOptions *options,
                                           LsProgressFunc progress,
                                           gpointer progress_data,
                                           GCancellable *cancellable,
                                           GError **error);
void ls_statistics_free (LsStatistics *statistics);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LsStatistics, ls_statistics_free)

G_END_DECLS
