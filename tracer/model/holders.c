/* SPDX-License-Identifier: MIT */
/* Who held a lock most of the time. */
#include <stdlib.h>

#include "summary.h"
#include "votes.h"

/* Places of by_thread between two sums. */
#define SUM_STEP 16

struct _LsHolders {
  LsVoteForest forest; /* a leaf each LS_BLOCK holds, weighed by their length */
  uint32_t *by_thread; /* indexes of holds, by thread and then by index */
  uint64_t *before;    /* length of the holds before each SUM_STEP places of by_thread */
};

static uint32_t
get_thread (const LsTrace *trace, const LsTrack *holds, uint32_t i)
{
  return ls_columns_get_thread (&trace->columns, ls_track_begin (holds, i));
}

static uint64_t
get_length (const LsTrace *trace, const LsTrack *holds, uint32_t i)
{
  LsSpan span = ls_track_get_span (trace, holds, i);
  return (uint64_t) (span.end_ns - span.begin_ns);
}

static uint64_t
get_clipped (const LsTrace *trace, const LsTrack *holds, uint32_t i, LsSpan span)
{
  return (uint64_t) ls_span_overlap (ls_track_get_span (trace, holds, i), span);
}

static LsVote
vote_of_holds (const LsTrace *trace, const LsTrack *holds, uint32_t begin, uint32_t end)
{
  LsVote vote = LS_VOTE_NONE;
  for (uint32_t i = begin; i < end; i++)
    vote =
      ls_vote_merge (vote, (LsVote){ get_thread (trace, holds, i), get_length (trace, holds, i) });
  return vote;
}

static int
compare_keys (const void *a, const void *b)
{
  uint64_t first = *(const uint64_t *) a, second = *(const uint64_t *) b;
  return (first > second) - (first < second);
}

/* Indexes of holds by thread and then by index; counted where that is not more work than sorting. */
static uint32_t *
list_by_thread (const LsTrace *trace, const LsTrack *holds)
{
  uint32_t n = holds->n;
  uint32_t *by_thread = g_new (uint32_t, n);
  if (trace->n_threads / 8 < n) {
    g_autofree uint32_t *offset = g_new0 (uint32_t, trace->n_threads + 1);
    g_autofree uint32_t *threads = g_new (uint32_t, n);
    for (uint32_t i = 0; i < n; i++)
      offset[threads[i] = get_thread (trace, holds, i)]++;
    ls_counts_to_offsets (offset, trace->n_threads);
    for (uint32_t i = 0; i < n; i++)
      by_thread[offset[threads[i]]++] = i;
    return by_thread;
  }
  g_autofree uint64_t *keys = g_new (uint64_t, n);
  for (uint32_t i = 0; i < n; i++)
    keys[i] = (uint64_t) get_thread (trace, holds, i) << 32 | i;
  qsort (keys, n, sizeof *keys, compare_keys);
  for (uint32_t i = 0; i < n; i++)
    by_thread[i] = (uint32_t) keys[i];
  return by_thread;
}

static void
sort_by_thread (LsHolders *holders, const LsTrace *trace, const LsTrack *holds)
{
  uint32_t n = holds->n;
  holders->by_thread = list_by_thread (trace, holds);
  holders->before = g_new (uint64_t, n / SUM_STEP + 1);
  uint64_t sum = 0;
  for (uint32_t place = 0; place <= n; place++) {
    if (place % SUM_STEP == 0)
      holders->before[place / SUM_STEP] = sum;
    if (place < n)
      sum += get_length (trace, holds, holders->by_thread[place]);
  }
}

LsHolders *
ls_holders_new (const LsTrace *trace, const LsTrack *holds)
{
  if (holds->n <= LS_BLOCK)
    return NULL;
  LsHolders *holders = g_new0 (LsHolders, 1);
  uint32_t n_blocks = holds->n / LS_BLOCK;
  LsVote *leaves = g_new (LsVote, n_blocks);
  for (uint32_t block = 0; block < n_blocks; block++)
    leaves[block] = vote_of_holds (trace, holds, block * LS_BLOCK, (block + 1) * LS_BLOCK);
  ls_vote_forest_init (&holders->forest, leaves, n_blocks);
  sort_by_thread (holders, trace, holds);
  return holders;
}

void
ls_holders_free (LsHolders *holders)
{
  if (!holders)
    return;
  ls_vote_forest_clear (&holders->forest);
  g_free (holders->by_thread);
  g_free (holders->before);
  g_free (holders);
}

/* The vote of the whole holds begin .. end. */
static LsVote
query_votes (const LsTrace *trace,
             const LsTrack *holds,
             const LsHolders *holders,
             uint32_t begin,
             uint32_t end)
{
  uint32_t first = (begin + LS_BLOCK - 1) / LS_BLOCK, last = end / LS_BLOCK;
  if (!holders || first >= last)
    return vote_of_holds (trace, holds, begin, end);
  LsVote vote = vote_of_holds (trace, holds, begin, first * LS_BLOCK);
  vote = ls_vote_merge (vote, ls_vote_forest_query (&holders->forest, first, last));
  return ls_vote_merge (vote, vote_of_holds (trace, holds, last * LS_BLOCK, end));
}

/* Length of the thread's holds among those before index i. */
static uint64_t
sum_before (const LsTrace *trace,
            const LsTrack *holds,
            const LsHolders *holders,
            uint32_t thread,
            uint32_t i)
{
  uint64_t sum = 0;
  if (!holders) {
    for (uint32_t j = 0; j < i; j++)
      if (get_thread (trace, holds, j) == thread)
        sum += get_length (trace, holds, j);
    return sum;
  }
  uint32_t low = 0, high = holds->n;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    uint32_t j = holders->by_thread[middle], other = get_thread (trace, holds, j);
    if (other < thread || (other == thread && j < i))
      low = middle + 1;
    else
      high = middle;
  }
  sum = holders->before[low / SUM_STEP];
  for (uint32_t place = low / SUM_STEP * SUM_STEP; place < low; place++)
    sum += get_length (trace, holds, holders->by_thread[place]);
  return sum;
}

/* Of the holds that meet the span, those that stick out of it (no more than hold at once) are
 * clipped one by one; runs of whole ones between them come out of the forest. */
uint32_t
ls_holders_find_dominant (const LsTrace *trace,
                          const LsTrack *holds,
                          const LsHolders *holders,
                          LsSpan span,
                          int64_t held_ns)
{
  uint32_t first = ls_track_find_begin (trace, holds, span.begin_ns);
  uint32_t last = ls_track_find_begin (trace, holds, span.end_ns);
  uint32_t begin_event = ls_trace_find_event (trace, span.begin_ns);
  uint32_t end_event = ls_trace_find_event (trace, span.end_ns);
  g_autoptr (GArray) clipped = g_array_new (FALSE, FALSE, sizeof (uint32_t));
  if (held_ns <= 0 || span.begin_ns >= span.end_ns)
    return LS_NONE;
  if (begin_event > 0)
    ls_track_collect (holds, begin_event - 1, clipped);
  guint n_begun = clipped->len; /* before the span; the rest sticks out behind it */
  if (end_event > 0)
    ls_track_collect (holds, end_event - 1, clipped);

  LsVote vote = LS_VOTE_NONE;
  uint32_t from = first;
  for (guint i = 0; i < clipped->len; i++) {
    uint32_t index = g_array_index (clipped, uint32_t, i);
    if (i >= n_begun && index < first)
      continue; /* it sticks out before the span too */
    vote = ls_vote_merge (vote, (LsVote){ get_thread (trace, holds, index),
                                          get_clipped (trace, holds, index, span) });
    if (i < n_begun)
      continue;
    vote = ls_vote_merge (vote, query_votes (trace, holds, holders, from, index));
    from = index + 1;
  }
  vote = ls_vote_merge (vote, query_votes (trace, holds, holders, from, last));
  if (vote.thread == LS_NONE)
    return LS_NONE;

  uint64_t time = sum_before (trace, holds, holders, vote.thread, last) -
                  sum_before (trace, holds, holders, vote.thread, first);
  for (guint i = 0; i < clipped->len; i++) {
    uint32_t index = g_array_index (clipped, uint32_t, i);
    if (get_thread (trace, holds, index) != vote.thread || (i >= n_begun && index < first))
      continue;
    time += get_clipped (trace, holds, index, span);
    if (i >= n_begun)
      time -= get_length (trace, holds, index);
  }
  return (double) time >= 0.6 * (double) held_ns ? vote.thread : LS_NONE;
}
