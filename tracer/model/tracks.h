/* SPDX-License-Identifier: MIT */
/**
 * What lasts, once each: begin and end as events; all else is told by the event that begins it. Only
 * tracer/model sees this.
 *
 * Holds lie lock after lock, waits and sleeps thread after thread, each by begin: their place is their
 * number. The other side's lanes, a thread's holds and a lock's waits, are lists of numbers.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* Intervals of many lanes: those of lane i are offset[i] .. offset[i + 1]. */
typedef struct {
  uint32_t n;
  uint32_t *offset; /* n_lanes + 1 */
  uint32_t *begins;
  uint32_t *ends; /* G_MAXUINT32: not in the trace */
  uint8_t *infos; /* of waits LS_WAIT_INFO, of regions their row; NULL */
} LsSpans;

#define LS_WAIT_INFO(state, outcome) ((uint8_t) ((state) | (outcome) << 4))
#define LS_WAIT_STATE(info) ((info) &0xf)
#define LS_WAIT_OUTCOME(info) ((info) >> 4)

/* Numbers of intervals, lane after lane. */
typedef struct {
  uint32_t *offset; /* n_lanes + 1 */
  uint32_t *numbers;
  uint8_t *rows; /* of a thread's holds; NULL */
} LsSpanLists;

/* Makes room for as many in each lane as offset[i + 1] - offset[i] says. Takes the offsets. */
void ls_spans_init (LsSpans *spans, uint32_t n_lanes, uint32_t *offset, bool has_infos);
void ls_spans_clear (LsSpans *spans);
void ls_span_lists_init (LsSpanLists *lists, uint32_t n_lanes, uint32_t *offset, bool has_rows);
/* Closes up the room that was not needed, when each lane has only n[i]. */
void ls_span_lists_seal (LsSpanLists *lists, uint32_t n_lanes, const uint32_t *n);
/* The same of spans, and of the list of n_numbers of them, which get other numbers. */
void ls_spans_seal (LsSpans *spans,
                    uint32_t n_lanes,
                    const uint32_t *n,
                    uint32_t *numbers,
                    uint32_t n_numbers);
void ls_span_lists_clear (LsSpanLists *lists);

/* Turns counts of lanes to the offsets of n_lanes + 1: in place, the last one being their sum. */
void ls_counts_to_offsets (uint32_t *counts, uint32_t n_lanes);

/* One lane, and what is precomputed of it. */
typedef struct {
  const uint32_t *begins, *ends;
  const uint32_t *numbers; /* which of them are the lane's; NULL: the first n */
  uint32_t n;
  bool in_order; /* they end in the order in which they begin */
  struct _LsReach
    *reach; /* which of them last past a moment; NULL when there are few, or in order */
} LsTrack;

static inline uint32_t
ls_track_begin (const LsTrack *track, uint32_t i)
{
  return track->begins[track->numbers ? track->numbers[i] : i];
}

static inline uint32_t
ls_track_end (const LsTrack *track, uint32_t i)
{
  return track->ends[track->numbers ? track->numbers[i] : i];
}

/* How many begin at or before event k. */
uint32_t ls_track_count_begun (const LsTrack *track, uint32_t k);

/* The first that ends after event k. All before it end at or before k. */
uint32_t ls_track_find_ending (const LsTrack *track, uint32_t k);

/* Appends to `found` (uint32_t) the indexes of those begun at or before event k and not ended by it,
 * in order. O(found * log n). */
void ls_track_collect (const LsTrack *track, uint32_t k, GArray *found);

/* Finds out whether they end in order, and prepares the above. */
void ls_track_seal (LsTrack *track);
void ls_track_clear (LsTrack *track);
