/* SPDX-License-Identifier: MIT */
/**
 * What is precomputed so that any view costs O(log n): sums of time, numbers' extremes, majorities.
 *
 * Lanes shorter than a block have none and are scanned. Only tracer/model sees this.
 */
#pragma once

#include "trace-private.h"

G_BEGIN_DECLS

#define LS_BLOCK 32 /* intervals between two sums; lanes with no more have none */

/* So many edges are looked at together: what each asks of memory is asked for before the first needs
 * it, and is still near when the last does. */
#define LS_EDGES_AT_ONCE 64

/* An edge of a column: a moment, and the first event at or after it. In a picture, whose columns are
 * many, what is less than a pixel need not be looked up: blocks of intervals that begin within
 * `column_ns` are taken to be spread evenly, and what lasts less than `short_ns` counts as done. */
typedef struct {
  int64_t ns;
  uint32_t event;
  uint64_t column_ns, short_ns; /* 0: all is told exactly */
} LsCut;

LsCut ls_grid_get_cut (const LsGrid *grid, uint32_t i);

/* Time of a lane's few intervals from one edge to another, and how many meet. */
int64_t ls_few_sum (const LsTrace *trace, const LsTrack *track, LsCut from, LsCut to, uint32_t *n);
/* The thread that has most of it, of which it must have 60 %; LS_NONE. */
uint32_t ls_few_find_dominant (const LsTrace *trace, const LsTrack *track, LsCut from, LsCut to);

/* Time per state of a thread, out of its waits. */
typedef struct _LsStates LsStates;
LsStates *ls_states_new (const LsTrace *trace, const LsTrack *waits);
void ls_states_free (LsStates *states);

/* Who held a lock how long. Adds held_ns and n_holds to the mixes, and tells the holders unless NULL. */
typedef struct _LsHolders LsHolders;
LsHolders *ls_holders_new (const LsTrace *trace, const LsTrack *holds);
void ls_holders_free (LsHolders *holders);
void ls_holders_sum (const LsTrace *trace,
                     const LsObjectLane *lane,
                     const LsGrid *grid,
                     LsObjectMix *mixes,
                     uint32_t *dominant);

/* How many waited for an object when. Adds waited_ns and n_waits to the mixes. */
typedef struct _LsWaiters LsWaiters;
LsWaiters *ls_waiters_new (const LsTrace *trace, const LsTrack *waits);
void ls_waiters_free (LsWaiters *waiters);
void ls_waiters_sum (const LsTrace *trace,
                     const LsObjectLane *lane,
                     const LsGrid *grid,
                     LsObjectMix *mixes);

/* The 60 % rule. */
static inline bool
ls_is_dominant (int64_t part, int64_t whole)
{
  return whole > 0 && (double) part >= 0.6 * (double) whole;
}

/* Numbers that an object or a counter takes, by event; NULL: it has none. */
typedef struct _LsNumbers LsNumbers;
LsNumbers *ls_numbers_new_of_object (const LsTrace *trace, uint32_t object);
LsNumbers *ls_numbers_new_of_events (const LsTrace *trace, const uint32_t *events, uint32_t n);
void ls_numbers_free (LsNumbers *numbers);
/* Of each column; numbers may be NULL. */
void ls_numbers_sum (const LsNumbers *numbers, const LsGrid *grid, LsValueMix *mixes);
/* The number after event k; false before the first. */
bool ls_numbers_get (const LsNumbers *numbers, uint32_t k, double *number);

/* Who did most of some neighbouring events. */
typedef struct _LsMajority LsMajority;
LsMajority *ls_majority_new (const LsTrace *trace);
void ls_majority_free (LsMajority *majority);

/* Nanoseconds that two spans share. */
static inline int64_t
ls_span_overlap (LsSpan a, LsSpan b)
{
  int64_t begin = MAX (a.begin_ns, b.begin_ns), end = MIN (a.end_ns, b.end_ns);
  return end > begin ? end - begin : 0;
}

G_END_DECLS
