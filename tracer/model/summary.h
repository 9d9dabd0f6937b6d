/* SPDX-License-Identifier: MIT */
/**
 * What is precomputed so that any view costs O(log n): sums of time, numbers' extremes, majorities.
 *
 * Only tracer/model sees this.
 */
#pragma once

#include "trace-private.h"

G_BEGIN_DECLS

#define LS_BLOCK 8 /* intervals between two sums */
#define LS_FEW 64  /* lanes of no more have no summary but while they are asked */

/* An edge of a column: a moment, and the first event at or after it. In a picture, whose columns are
 * many, what is less than a pixel need not be looked up: intervals that begin within `column_ns` are
 * taken to be spread evenly. */
typedef struct {
  int64_t ns;
  uint32_t event;
  uint64_t column_ns; /* 0: all is told exactly */
} LsCut;

static inline LsCut
ls_grid_get_cut (const LsGrid *grid, uint32_t i)
{
  return (LsCut){ grid->edges_ns[i], grid->events[i], grid->columns_ns[i] };
}

/* Time per state of a thread, out of its waits; NULL: it has none. */
typedef struct _LsStates LsStates;
LsStates *ls_states_new (const LsTrace *trace, const LsTrack *waits);
void ls_states_free (LsStates *states);

/* Who held a lock how long; NULL: nobody. Tells held_ns and n_holds of the mixes, and the holders unless NULL. */
typedef struct _LsHolders LsHolders;
LsHolders *ls_holders_new (const LsTrace *trace, const LsTrack *holds);
void ls_holders_free (LsHolders *holders);
void ls_holders_sum (const LsTrace *trace,
                     const LsObjectLane *lane,
                     const LsGrid *grid,
                     LsObjectMix *mixes,
                     uint32_t *dominant);

/* How many waited for an object when, or held it; NULL: nobody. Tells either waited_ns and n_waits of
 * the mixes, or held_ns and n_holds. */
typedef struct _LsStairs LsStairs;
LsStairs *ls_stairs_new (const LsTrace *trace, const LsTrack *track);
void ls_stairs_free (LsStairs *stairs);
void ls_stairs_sum (const LsStairs *stairs, const LsGrid *grid, LsObjectMix *mixes, bool is_held);

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
