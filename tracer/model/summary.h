/* SPDX-License-Identifier: MIT */
/**
 * What is precomputed so that any view costs O(log n): sums of time, numbers' extremes, majorities.
 *
 * Each structure is an implicit forest over blocks of its lane; lanes shorter than a block have
 * none and are scanned. Only tracer/model sees this.
 */
#pragma once

#include "trace-private.h"

G_BEGIN_DECLS

#define LS_BLOCK 32 /* intervals or numbers in a leaf */

/* Times of overlapping intervals: their time before t is the sum of (t - begin) over the begins
 * before t less that of (t - end) over the ends before t. Sums wrap; their differences do not. */
typedef struct _LsTimes LsTimes;
LsTimes *ls_times_new (const LsTrace *trace, const LsTrack *track);
void ls_times_free (LsTimes *times);
int64_t
ls_times_sum (const LsTrace *trace, const LsTrack *track, LsSpan span, uint32_t *n_intervals);

/* Time per state of a thread, out of its waits, from each edge to the next. */
LsTimes *ls_states_new (const LsTrace *trace, const LsTrack *waits);
void ls_states_sum (const LsTrace *trace,
                    uint32_t thread,
                    const int64_t *edges,
                    uint32_t n_columns,
                    LsMix *mixes);

/* Who held a lock how long. */
typedef struct _LsHolders LsHolders;
LsHolders *ls_holders_new (const LsTrace *trace, const LsTrack *holds);
void ls_holders_free (LsHolders *holders);
uint32_t ls_holders_find_dominant (const LsTrace *trace,
                                   const LsTrack *holds,
                                   const LsHolders *holders,
                                   LsSpan span,
                                   int64_t held_ns);

/* Numbers that an object or a counter takes, by event; NULL: it has none. */
typedef struct _LsNumbers LsNumbers;
LsNumbers *ls_numbers_new_of_object (const LsTrace *trace, uint32_t object);
LsNumbers *ls_numbers_new_of_events (const LsTrace *trace, const uint32_t *events, uint32_t n);
void ls_numbers_free (LsNumbers *numbers);
bool ls_numbers_sum (const LsTrace *trace, const LsNumbers *numbers, LsSpan span, LsValueMix *mix);
/* The number after event k; false before the first. */
bool ls_numbers_get (const LsTrace *trace, const LsNumbers *numbers, uint32_t k, double *number);

/* Who did most of some neighbouring events. */
typedef struct _LsMajority LsMajority;
LsMajority *ls_majority_new (const LsTrace *trace);
void ls_majority_free (LsMajority *majority);

/* Index of the first interval that begins at or after `ts_ns`: 0 .. n. */
uint32_t ls_track_find_begin (const LsTrace *trace, const LsTrack *track, int64_t ts_ns);

/* Nanoseconds that two spans share. */
static inline int64_t
ls_span_overlap (LsSpan a, LsSpan b)
{
  int64_t begin = MAX (a.begin_ns, b.begin_ns), end = MIN (a.end_ns, b.end_ns);
  return end > begin ? end - begin : 0;
}

G_END_DECLS
