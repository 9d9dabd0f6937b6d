/* SPDX-License-Identifier: MIT */
/* Sums of time over a lane's intervals, and which of them last past a moment. */
#include <stdlib.h>
#include <string.h>

#include "summary.h"

struct _LsTimes {
  int64_t *ends;                 /* sorted; NULL when they are as the intervals stand */
  uint64_t *begin_sums;          /* of the begins before each block */
  uint64_t *end_sums;            /* of the ends before each block */
  int64_t (*states)[LS_STATE_N]; /* time per state before each block; NULL but for states */
};

void
ls_times_free (LsTimes *times)
{
  if (!times)
    return;
  g_free (times->ends);
  g_free (times->begin_sums);
  g_free (times->end_sums);
  g_free (times->states);
  g_free (times);
}

static int
compare_times (const void *a, const void *b)
{
  int64_t first = *(const int64_t *) a, second = *(const int64_t *) b;
  return (first > second) - (first < second);
}

LsTimes *
ls_times_new (const LsTrace *trace, const LsTrack *track)
{
  uint32_t n = ls_track_get_n (track);
  if (n <= LS_BLOCK)
    return NULL;
  LsTimes *times = g_new0 (LsTimes, 1);
  times->ends = g_new (int64_t, n);
  times->begin_sums = g_new0 (uint64_t, n / LS_BLOCK + 1);
  times->end_sums = g_new0 (uint64_t, n / LS_BLOCK + 1);
  bool sorted = true;
  for (uint32_t i = 0; i < n; i++) {
    times->ends[i] = ls_interval_get_span (trace, ls_track_get (track, i)).end_ns;
    sorted = sorted && (i == 0 || times->ends[i - 1] <= times->ends[i]);
  }
  if (!sorted)
    qsort (times->ends, n, sizeof *times->ends, compare_times);
  uint64_t begins = 0, ends = 0;
  for (uint32_t i = 0; i < n; i++) {
    if (i % LS_BLOCK == 0) {
      times->begin_sums[i / LS_BLOCK] = begins;
      times->end_sums[i / LS_BLOCK] = ends;
    }
    begins += (uint64_t) ls_columns_get_ts (&trace->columns, ls_track_get (track, i)->begin_event);
    ends += (uint64_t) times->ends[i];
  }
  if (n % LS_BLOCK == 0) {
    times->begin_sums[n / LS_BLOCK] = begins;
    times->end_sums[n / LS_BLOCK] = ends;
  }
  if (sorted)
    g_clear_pointer (&times->ends, g_free);
  return times;
}

uint32_t
ls_track_find_begin (const LsTrace *trace, const LsTrack *track, int64_t ts_ns)
{
  uint32_t low = 0, high = ls_track_get_n (track);
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (ls_columns_get_ts (&trace->columns, ls_track_get (track, middle)->begin_event) < ts_ns)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* Time before t of all intervals, and how many have begun before it. */
static uint64_t
begun_time (const LsTrace *trace, const LsTrack *track, int64_t t, uint32_t *n_begun)
{
  uint32_t low = ls_track_find_begin (trace, track, t);
  uint64_t sum = track->times->begin_sums[low / LS_BLOCK];
  for (uint32_t i = low / LS_BLOCK * LS_BLOCK; i < low; i++)
    sum += (uint64_t) ls_columns_get_ts (&trace->columns, ls_track_get (track, i)->begin_event);
  *n_begun = low;
  return (uint64_t) t * low - sum;
}

static int64_t
get_end (const LsTrace *trace, const LsTrack *track, uint32_t i)
{
  if (track->times->ends)
    return track->times->ends[i];
  return ls_interval_get_span (trace, ls_track_get (track, i)).end_ns;
}

/* The same of the ends, of which those at t count too. */
static uint64_t
ended_time (const LsTrace *trace, const LsTrack *track, int64_t t, uint32_t *n_ended)
{
  const LsTimes *times = track->times;
  uint32_t low = 0, high = ls_track_get_n (track);
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (get_end (trace, track, middle) <= t)
      low = middle + 1;
    else
      high = middle;
  }
  uint64_t sum = times->end_sums[low / LS_BLOCK];
  for (uint32_t i = low / LS_BLOCK * LS_BLOCK; i < low; i++)
    sum += (uint64_t) get_end (trace, track, i);
  *n_ended = low;
  return (uint64_t) t * low - sum;
}

int64_t
ls_times_sum (const LsTrace *trace, const LsTrack *track, LsSpan span, uint32_t *n_intervals)
{
  if (track->times) {
    uint32_t begun_at_begin, begun_at_end, ended_at_begin, ended_at_end;
    uint64_t before = begun_time (trace, track, span.begin_ns, &begun_at_begin) -
                      ended_time (trace, track, span.begin_ns, &ended_at_begin);
    uint64_t after = begun_time (trace, track, span.end_ns, &begun_at_end) -
                     ended_time (trace, track, span.end_ns, &ended_at_end);
    *n_intervals = begun_at_end - MIN (ended_at_begin, begun_at_end);
    return (int64_t) (after - before);
  }
  int64_t sum = 0;
  *n_intervals = 0;
  for (uint32_t i = 0; i < ls_track_get_n (track); i++) {
    LsSpan interval = ls_interval_get_span (trace, ls_track_get (track, i));
    sum += ls_span_overlap (interval, span);
    *n_intervals += interval.begin_ns < span.end_ns && interval.end_ns > span.begin_ns;
  }
  return sum;
}

/* -- States -- */

LsTimes *
ls_states_new (const LsTrace *trace, const LsTrack *track)
{
  uint32_t n = ls_track_get_n (track);
  if (n <= LS_BLOCK)
    return NULL;
  LsTimes *times = g_new0 (LsTimes, 1);
  times->states = g_malloc0_n (n / LS_BLOCK + 1, sizeof *times->states);
  int64_t sums[LS_STATE_N] = { 0 };
  for (uint32_t i = 0; i < n; i++) {
    if (i % LS_BLOCK == 0)
      memcpy (times->states[i / LS_BLOCK], sums, sizeof sums);
    const LsInterval *interval = ls_track_get (track, i);
    LsSpan span = ls_interval_get_span (trace, interval);
    sums[interval->state] += span.end_ns - span.begin_ns;
  }
  if (n % LS_BLOCK == 0)
    memcpy (times->states[n / LS_BLOCK], sums, sizeof sums);
  return times;
}

/* A sweep over a thread's states, in the order of time. */
typedef struct {
  uint32_t at;               /* the first interval that begins at or after the moment */
  int64_t whole[LS_STATE_N]; /* time per state of those before it, to their ends */
} Sweep;

/* The first interval from `low` on that begins at or after t: near ones are found soon. */
static uint32_t
gallop (const LsTrace *trace, const LsTrack *track, uint32_t low, int64_t t)
{
  uint64_t high = low, step = 1;
  while (high < track->n &&
         ls_columns_get_ts (&trace->columns, track->intervals[high].begin_event) < t) {
    low = (uint32_t) high + 1;
    high += step;
    step *= 2;
  }
  high = MIN (high, track->n);
  while (low < high) {
    uint32_t middle = low + (uint32_t) (high - low) / 2;
    if (ls_columns_get_ts (&trace->columns, track->intervals[middle].begin_event) < t)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* Moves on to t, and gives the time per state before it. */
static void
sweep_to (const LsTrace *trace,
          const LsTrack *track,
          Sweep *sweep,
          int64_t t,
          int64_t before[LS_STATE_N])
{
  uint32_t to = gallop (trace, track, sweep->at, t);
  if (track->times && to / LS_BLOCK > sweep->at / LS_BLOCK) {
    sweep->at = to / LS_BLOCK * LS_BLOCK;
    memcpy (sweep->whole, track->times->states[to / LS_BLOCK], sizeof sweep->whole);
  }
  for (; sweep->at < to; sweep->at++) {
    const LsInterval *interval = ls_track_get (track, sweep->at);
    LsSpan span = ls_interval_get_span (trace, interval);
    sweep->whole[interval->state] += span.end_ns - span.begin_ns;
  }
  memcpy (before, sweep->whole, sizeof sweep->whole);
  if (to == 0)
    return;
  /* States do not overlap, so that only the last one begun can last past t. */
  const LsInterval *last = ls_track_get (track, to - 1);
  before[last->state] -= MAX (ls_interval_get_span (trace, last).end_ns - t, 0);
}

void
ls_states_sum (const LsTrace *trace,
               const LsTrack *track,
               const int64_t *edges,
               uint32_t n_columns,
               LsMix *mixes)
{
  Sweep sweep = { 0 };
  int64_t before[LS_STATE_N], after[LS_STATE_N];
  sweep_to (trace, track, &sweep, edges[0], before);
  for (uint32_t column = 0; column < n_columns; column++) {
    uint32_t from = sweep.at;
    sweep_to (trace, track, &sweep, edges[column + 1], after);
    LsMix *mix = &mixes[column];
    for (int state = 0; state < LS_STATE_N; state++)
      mix->ns[state] = after[state] - before[state];
    mix->n_intervals = sweep.at - from;
    if (from > 0 &&
        ls_interval_get_span (trace, ls_track_get (track, from - 1)).end_ns > edges[column])
      mix->n_intervals++;
    memcpy (before, after, sizeof before);
  }
}

/* -- Lasting past a moment -- */

#define FAN 16

/* Level l holds the latest end of each FAN^(l+1) intervals. */
struct _LsReach {
  guint n_levels;
  uint32_t *level[8]; /* 16^8 intervals: more than there can be */
};

LsReach *
ls_reach_new (const LsTrack *track)
{
  uint32_t n = ls_track_get_n (track);
  if (n <= LS_BLOCK)
    return NULL;
  LsReach *reach = g_new0 (LsReach, 1);
  for (uint32_t below = n; below > 1; below = (below + FAN - 1) / FAN) {
    uint32_t n_nodes = (below + FAN - 1) / FAN;
    uint32_t *nodes = g_new0 (uint32_t, n_nodes);
    for (uint32_t i = 0; i < below; i++) {
      uint32_t end = reach->n_levels == 0 ? ls_track_get (track, i)->end_event
                                          : reach->level[reach->n_levels - 1][i];
      nodes[i / FAN] = MAX (nodes[i / FAN], end);
    }
    reach->level[reach->n_levels++] = nodes;
  }
  return reach;
}

void
ls_reach_free (LsReach *reach)
{
  if (!reach)
    return;
  for (guint i = 0; i < reach->n_levels; i++)
    g_free (reach->level[i]);
  g_free (reach);
}

uint32_t
ls_track_count_begun (const LsTrack *track, uint32_t k)
{
  uint32_t low = 0, high = ls_track_get_n (track);
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (ls_track_get (track, middle)->begin_event <= k)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* The children of a node at `level` (intervals below level 0), as far as they are below n. */
static void
collect_children (const LsTrack *track,
                  guint level,
                  uint32_t node,
                  uint32_t n,
                  uint32_t k,
                  GPtrArray *found)
{
  uint32_t width = 1; /* intervals under one child */
  for (guint i = 0; i < level; i++)
    width *= FAN;
  for (uint32_t i = 0; i < FAN; i++) {
    uint32_t child = node * FAN + i;
    if ((uint64_t) child * width >= n)
      return;
    if (level == 0) {
      const LsInterval *interval = ls_track_get (track, child);
      if (interval->end_event > k)
        g_ptr_array_add (found, (gpointer) interval);
    } else if (track->reach->level[level - 1][child] > k) {
      collect_children (track, level - 1, child, n, k, found);
    }
  }
}

void
ls_reach_collect (const LsTrack *track, uint32_t k, GPtrArray *found)
{
  uint32_t n = ls_track_count_begun (track, k);
  if (track->reach) {
    if (n > 0)
      collect_children (track, track->reach->n_levels - 1, 0, n, k, found);
    return;
  }
  for (uint32_t i = 0; i < n; i++) {
    const LsInterval *interval = ls_track_get (track, i);
    if (interval->end_event > k)
      g_ptr_array_add (found, (gpointer) interval);
  }
}
