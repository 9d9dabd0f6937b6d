/* SPDX-License-Identifier: MIT */
/**
 * Who prevails: the thread that did most of some neighbouring events, or held a lock most of the time.
 *
 * Boyer and Moore's majority vote (1981) merges: of two (candidate, surplus) pairs the larger
 * surplus less the smaller stays, and whatever has more than half of the whole survives. So an
 * implicit binary forest of such pairs names the only thread that can have 60 %, and exact counts
 * (positions in the thread's own list) then say whether it has.
 */
#include <stdlib.h>

#include "summary.h"

typedef struct {
  uint32_t thread;
  uint64_t surplus;
} Vote;

static Vote
merge (Vote a, Vote b)
{
  if (a.thread == b.thread)
    return (Vote){ a.thread, a.surplus + b.surplus };
  if (a.surplus >= b.surplus)
    return (Vote){ a.thread, a.surplus - b.surplus };
  return (Vote){ b.thread, b.surplus - a.surplus };
}

typedef struct {
  guint n_levels;
  Vote *level[32];
  uint32_t n[32];
} Forest;

/* Takes the leaves. */
static void
forest_init (Forest *forest, Vote *leaves, uint32_t n)
{
  forest->level[0] = leaves;
  forest->n[0] = n;
  forest->n_levels = 1;
  while (n > 1) {
    const Vote *below = forest->level[forest->n_levels - 1];
    uint32_t half = n / 2; /* an odd one out is reached on its own level */
    Vote *nodes = g_new (Vote, half + 1);
    for (uint32_t i = 0; i < half; i++)
      nodes[i] = merge (below[2 * i], below[2 * i + 1]);
    forest->level[forest->n_levels] = nodes;
    forest->n[forest->n_levels++] = half;
    n = half;
  }
}

static void
forest_clear (Forest *forest)
{
  for (guint i = 0; i < forest->n_levels; i++)
    g_free (forest->level[i]);
}

/* The merged vote of leaves begin .. end. */
static Vote
forest_query (const Forest *forest, uint32_t begin, uint32_t end)
{
  Vote vote = { LS_NONE, 0 };
  for (guint level = 0; begin < end; level++) {
    if (begin & 1)
      vote = merge (vote, forest->level[level][begin++]);
    if (end & 1)
      vote = merge (vote, forest->level[level][--end]);
    begin /= 2;
    end /= 2;
  }
  return vote;
}

/* -- Of events -- */

#define EVENT_BLOCK 64

struct _LsMajority {
  Forest forest;
  uint32_t *switches; /* before each block: events whose predecessor is of another thread */
};

static bool
is_switch (const LsTrace *trace, uint32_t k)
{
  return k > 0 && ls_trace_get_event_thread (trace, k) != ls_trace_get_event_thread (trace, k - 1);
}

static Vote
vote_of_events (const LsTrace *trace, uint32_t begin, uint32_t end)
{
  Vote vote = { LS_NONE, 0 };
  for (uint32_t k = begin; k < end; k++)
    vote = merge (vote, (Vote){ ls_trace_get_event_thread (trace, k), 1 });
  return vote;
}

LsMajority *
ls_majority_new (const LsTrace *trace)
{
  LsMajority *majority = g_new0 (LsMajority, 1);
  uint32_t n = trace->columns.n, n_blocks = n / EVENT_BLOCK;
  Vote *leaves = g_new (Vote, n_blocks + 1);
  majority->switches = g_new0 (uint32_t, n_blocks + 1);
  uint32_t switches = 0;
  for (uint32_t block = 0; block <= n_blocks; block++) {
    uint32_t begin = block * EVENT_BLOCK, end = MIN (begin + EVENT_BLOCK, n);
    majority->switches[block] = switches;
    for (uint32_t k = begin; k < end; k++)
      switches += is_switch (trace, k);
    leaves[block] = vote_of_events (trace, begin, end);
  }
  forest_init (&majority->forest, leaves, n_blocks);
  return majority;
}

void
ls_majority_free (LsMajority *majority)
{
  if (!majority)
    return;
  forest_clear (&majority->forest);
  g_free (majority->switches);
  g_free (majority);
}

/* Events before k whose predecessor is of another thread. */
static uint32_t
count_switches (const LsTrace *trace, uint32_t k)
{
  uint32_t count = trace->majority->switches[k / EVENT_BLOCK];
  for (uint32_t i = k / EVENT_BLOCK * EVENT_BLOCK; i < k; i++)
    count += is_switch (trace, i);
  return count;
}

uint32_t
ls_trace_find_dominant_thread (const LsTrace *trace,
                               uint32_t begin,
                               uint32_t end,
                               uint32_t *n_switches)
{
  end = MIN (end, trace->columns.n);
  if (n_switches)
    *n_switches =
      begin + 1 < end ? count_switches (trace, end) - count_switches (trace, begin + 1) : 0;
  if (begin >= end)
    return LS_NONE;
  uint32_t first = (begin + EVENT_BLOCK - 1) / EVENT_BLOCK, last = end / EVENT_BLOCK;
  Vote vote;
  if (first < last) {
    vote = vote_of_events (trace, begin, first * EVENT_BLOCK);
    vote = merge (vote, forest_query (&trace->majority->forest, first, last));
    vote = merge (vote, vote_of_events (trace, last * EVENT_BLOCK, end));
  } else {
    vote = vote_of_events (trace, begin, end);
  }
  if (vote.thread == LS_NONE)
    return LS_NONE;
  uint32_t n;
  const uint32_t *events = ls_trace_get_thread_events (trace, vote.thread, &n);
  uint64_t count =
    ls_events_lower_bound (events, n, end) - ls_events_lower_bound (events, n, begin);
  return count * 10 >= (uint64_t) (end - begin) * 6 ? vote.thread : LS_NONE;
}

/* -- Of holders -- */

struct _LsHolders {
  Forest forest;       /* a leaf a hold: its thread and length */
  uint32_t *by_thread; /* hold indexes by (thread, index) */
  uint64_t *before;    /* length of the holds before each entry of by_thread */
};

static int64_t
length_of (const LsTrace *trace, const LsInterval *hold)
{
  LsSpan span = ls_interval_get_span (trace, hold);
  return span.end_ns - span.begin_ns;
}

static int
compare_by_thread (const void *a, const void *b, void *user_data)
{
  const LsTrack *track = user_data;
  uint32_t i = *(const uint32_t *) a, j = *(const uint32_t *) b;
  uint32_t first = ls_track_get (track, i)->thread, second = ls_track_get (track, j)->thread;
  if (first != second)
    return first < second ? -1 : 1;
  return (i > j) - (i < j);
}

LsHolders *
ls_holders_new (const LsTrace *trace, const LsTrack *holds)
{
  uint32_t n = ls_track_get_n (holds);
  if (n <= LS_BLOCK)
    return NULL;
  LsHolders *holders = g_new0 (LsHolders, 1);
  Vote *leaves = g_new (Vote, n);
  holders->by_thread = g_new (uint32_t, n);
  holders->before = g_new (uint64_t, n + 1);
  for (uint32_t i = 0; i < n; i++) {
    const LsInterval *hold = ls_track_get (holds, i);
    leaves[i] = (Vote){ hold->thread, (uint64_t) length_of (trace, hold) };
    holders->by_thread[i] = i;
  }
  forest_init (&holders->forest, leaves, n);
  qsort_r (holders->by_thread, n, sizeof (uint32_t), compare_by_thread, (void *) holds);
  uint64_t sum = 0;
  for (uint32_t i = 0; i < n; i++) {
    holders->before[i] = sum;
    sum += leaves[holders->by_thread[i]].surplus;
  }
  holders->before[n] = sum;
  return holders;
}

void
ls_holders_free (LsHolders *holders)
{
  if (!holders)
    return;
  forest_clear (&holders->forest);
  g_free (holders->by_thread);
  g_free (holders->before);
  g_free (holders);
}

/* First place in by_thread at or after (thread, index). */
static uint32_t
find_place (const LsTrack *holds, const LsHolders *holders, uint32_t thread, uint32_t index)
{
  uint32_t low = 0, high = ls_track_get_n (holds);
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    uint32_t i = holders->by_thread[middle];
    uint32_t other = ls_track_get (holds, i)->thread;
    if (other < thread || (other == thread && i < index))
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* Holds that meet the span: begin .. end; those at the ends may stick out. */
static void
find_range (const LsTrace *trace, const LsTrack *holds, LsSpan span, uint32_t *begin, uint32_t *end)
{
  const LsInterval *intervals = ls_track_get (holds, 0);
  uint32_t n = ls_track_get_n (holds);
  *begin = ls_trace_find_interval (trace, intervals, n, span.begin_ns);
  uint32_t low = *begin, high = n;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (trace->columns.ts[intervals[middle].begin_event] < span.end_ns)
      low = middle + 1;
    else
      high = middle;
  }
  *end = low;
}

static uint64_t
clipped (const LsTrace *trace, const LsTrack *holds, uint32_t i, LsSpan span)
{
  return (uint64_t) ls_span_overlap (ls_interval_get_span (trace, ls_track_get (holds, i)), span);
}

uint32_t
ls_holders_find_dominant (const LsTrace *trace,
                          const LsTrack *holds,
                          const LsHolders *holders,
                          LsSpan span,
                          int64_t held_ns)
{
  uint32_t begin, end;
  if (ls_track_get_n (holds) == 0)
    return LS_NONE;
  find_range (trace, holds, span, &begin, &end);
  bool use_forest = holders && end - begin > LS_BLOCK;
  uint32_t first = use_forest ? begin + 1 : end, last = use_forest ? end - 1 : end;

  /* Whole holds in the middle come out of the forest; those that may stick out are clipped. */
  Vote vote = { LS_NONE, 0 };
  for (uint32_t i = begin; i < end; i = i + 1 == first ? last : i + 1)
    vote = merge (vote, (Vote){ ls_track_get (holds, i)->thread, clipped (trace, holds, i, span) });
  if (use_forest)
    vote = merge (vote, forest_query (&holders->forest, first, last));
  if (vote.thread == LS_NONE)
    return LS_NONE;

  uint64_t time = 0;
  for (uint32_t i = begin; i < end; i = i + 1 == first ? last : i + 1)
    if (ls_track_get (holds, i)->thread == vote.thread)
      time += clipped (trace, holds, i, span);
  if (use_forest)
    time += holders->before[find_place (holds, holders, vote.thread, last)] -
            holders->before[find_place (holds, holders, vote.thread, first)];
  return time > 0 && (double) time >= 0.6 * (double) held_ns ? vote.thread : LS_NONE;
}
