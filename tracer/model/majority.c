/* SPDX-License-Identifier: MIT */
/* Who did most of some neighbouring events, and how often they change hands. */
#include "summary.h"
#include "votes.h"

#define EVENT_BLOCK 64

struct _LsMajority {
  LsVoteForest forest;
  uint32_t *switches; /* before each block: events whose predecessor is of another thread */
};

static bool
is_switch (const LsTrace *trace, uint32_t k)
{
  return k > 0 && ls_columns_get_thread (&trace->columns, k) !=
                    ls_columns_get_thread (&trace->columns, k - 1);
}

static LsVote
vote_of_events (const LsTrace *trace, uint32_t begin, uint32_t end)
{
  LsVote vote = LS_VOTE_NONE;
  for (uint32_t k = begin; k < end; k++)
    vote = ls_vote_merge (vote, (LsVote){ ls_columns_get_thread (&trace->columns, k), 1 });
  return vote;
}

LsMajority *
ls_majority_new (const LsTrace *trace)
{
  LsMajority *majority = g_new0 (LsMajority, 1);
  uint32_t n = trace->columns.n, n_blocks = n / EVENT_BLOCK;
  LsVote *leaves = g_new (LsVote, n_blocks + 1);
  majority->switches = g_new0 (uint32_t, n_blocks + 1);
  uint32_t switches = 0;
  for (uint32_t block = 0; block <= n_blocks; block++) {
    uint32_t begin = block * EVENT_BLOCK, end = MIN (begin + EVENT_BLOCK, n);
    majority->switches[block] = switches;
    for (uint32_t k = begin; k < end; k++)
      switches += is_switch (trace, k);
    leaves[block] = vote_of_events (trace, begin, end);
  }
  ls_vote_forest_init (&majority->forest, leaves, n_blocks);
  return majority;
}

void
ls_majority_free (LsMajority *majority)
{
  if (!majority)
    return;
  ls_vote_forest_clear (&majority->forest);
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
  LsVote vote;
  if (first < last) {
    vote = vote_of_events (trace, begin, first * EVENT_BLOCK);
    vote = ls_vote_merge (vote, ls_vote_forest_query (&trace->majority->forest, first, last));
    vote = ls_vote_merge (vote, vote_of_events (trace, last * EVENT_BLOCK, end));
  } else {
    vote = vote_of_events (trace, begin, end);
  }
  uint64_t all = end - begin, most = (all + vote.surplus) / 2;
  if (vote.thread == LS_NONE || most * 10 < all * 6)
    return LS_NONE;
  uint32_t n;
  const uint32_t *events = ls_trace_get_thread_events (trace, vote.thread, &n);
  uint64_t count =
    ls_events_lower_bound (events, n, end) - ls_events_lower_bound (events, n, begin);
  return count * 10 >= all * 6 ? vote.thread : LS_NONE;
}
