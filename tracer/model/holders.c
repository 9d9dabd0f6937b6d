/* SPDX-License-Identifier: MIT */
/**
 * How long a lock was held, and by whom: the length of the holds begun before a moment, less what of
 * them lies after it, from one edge of a column to the next. Where several hold it at a time a long one
 * would lie within a dense node's length; how many there are when then tells how long it was held, and
 * in a picture each counts for its thread where it begins.
 */
#include "holders.h"

#include <string.h>

#include "pairs.h"

#define MANY_OPEN 256 /* among so many that may be open, open ones are searched for */

/* -- Making -- */

static uint32_t
number_thread (LsHolders *holders, uint32_t thread)
{
  uint32_t n = holders->n_threads++;
  if ((n & (n - 1)) == 0) /* a power of 2: full */
    holders->threads = g_renew (uint32_t, holders->threads, MAX (2 * (gsize) n, 1));
  holders->threads[n] = thread;
  return n;
}

/* By thread, in a table where that is not more work than searching. */
static void
number_threads (LsHolders *holders, const LsTrace *trace, const LsTrack *holds)
{
  uint32_t *numbers = holders->numbers = g_new (uint32_t, holds->n);
  if (trace->n_threads / 8 < holds->n) {
    g_autofree uint32_t *found = g_new0 (uint32_t, trace->n_threads + (gsize) 1);
    for (uint32_t i = 0; i < holds->n; i++) {
      uint32_t thread = ls_columns_get_thread (&trace->columns, holds->begins[i]);
      if (found[thread] == 0)
        found[thread] = 1 + number_thread (holders, thread);
      numbers[i] = found[thread] - 1;
    }
    return;
  }
  LsPairs found;
  ls_pairs_init (&found);
  for (uint32_t i = 0; i < holds->n; i++) {
    uint32_t thread = ls_columns_get_thread (&trace->columns, holds->begins[i]);
    int64_t *number = ls_pairs_get (&found, thread);
    if (*number == 0)
      *number = 1 + number_thread (holders, thread);
    numbers[i] = (uint32_t) (*number - 1);
  }
  ls_pairs_clear (&found);
}

static void
pack_numbers (LsHolders *holders, uint32_t n)
{
  uint32_t *wide = holders->numbers;
  holders->number_bytes = holders->n_threads <= 1u << 8    ? 1
                          : holders->n_threads <= 1u << 16 ? 2
                                                           : 4;
  if (holders->number_bytes == 4)
    return;
  holders->numbers = g_malloc_n (n, holders->number_bytes);
  for (uint32_t i = 0; i < n; i++) {
    if (holders->number_bytes == 1)
      ((uint8_t *) holders->numbers)[i] = (uint8_t) wide[i];
    else
      ((uint16_t *) holders->numbers)[i] = (uint16_t) wide[i];
  }
  g_free (wide);
}

static void
sum_lengths (LsHolders *holders, const LsTrace *trace, const LsTrack *holds)
{
  uint32_t n_blocks = holders->blocks.ladder.n;
  uint64_t *held = holders->held[0] = g_new (uint64_t, n_blocks + (gsize) 1), sum = 0;
  for (uint32_t block = 0; block < n_blocks; block++) {
    uint32_t end = MIN ((block + 1) * LS_BLOCK, holds->n), length = holders->blocks.ns[end - 1];
    held[block] = sum;
    sum += length;
    if (G_UNLIKELY (length == LS_LENGTH_LONG)) {
      sum = held[block];
      for (uint32_t i = block * LS_BLOCK; i < end; i++)
        sum += ls_blocks_look_up (trace, holds, i);
    }
  }
  held[n_blocks] = sum;
  ls_ladder_lift (&holders->blocks.ladder, (gpointer *) holders->held, sizeof *held);
}

static void
find_open (LsHolders *holders, const LsTrack *holds)
{
  holders->is_alone = true;
  for (uint32_t i = 1; i < holds->n && holders->is_alone; i++)
    holders->is_alone = holds->ends[i - 1] <= holds->begins[i];
  if (holders->is_alone)
    return;
  holders->first_open = g_new0 (uint32_t, holders->blocks.ladder.n);
  uint32_t open = 0;
  for (uint32_t i = LS_BLOCK; i < holds->n; i += LS_BLOCK) {
    while (open < i && holds->ends[open] <= holds->begins[i - 1])
      open++;
    holders->first_open[i / LS_BLOCK] = open;
  }
}

LsHolders *
ls_holders_new (const LsTrace *trace, const LsTrack *holds)
{
  if (holds->n == 0)
    return NULL;
  LsHolders *holders = g_new0 (LsHolders, 1);
  ls_blocks_init (&holders->blocks, trace, holds, NULL);
  number_threads (holders, trace, holds);
  pack_numbers (holders, holds->n);
  sum_lengths (holders, trace, holds);
  find_open (holders, holds);
  if (!holders->is_alone)
    holders->stairs = ls_stairs_new (trace, holds);
  if (holders->n_threads > 1)
    ls_holders_vote (holders, trace, holds);
  return holders;
}

void
ls_holders_free (LsHolders *holders)
{
  if (!holders)
    return;
  ls_ladder_free_rows (&holders->blocks.ladder, (gpointer *) holders->held);
  ls_ladder_free_rows (&holders->blocks.ladder, (gpointer *) holders->votes);
  ls_blocks_clear (&holders->blocks);
  ls_stairs_free (holders->stairs);
  g_free (holders->first_open);
  g_free (holders->threads);
  g_free (holders->numbers);
  g_free (holders);
}

/* -- Asking -- */

LsOpenHolds
ls_hold_query_find_open (const LsHoldQuery *query, const LsHoldEdge *edge)
{
  const LsHolders *holders = query->holders;
  uint32_t n = edge->n_begun;
  if (edge->n_open == 0)
    return (LsOpenHolds){ 0 };
  if (holders->is_alone) /* nothing but the last one */
    return (LsOpenHolds){ n - 1, n, NULL };
  uint32_t first = holders->first_open[(n - 1) / LS_BLOCK];
  if (n - first <= MANY_OPEN)
    return (LsOpenHolds){ first, n, NULL };
  query->found->len = 0;
  ls_track_collect (query->holds, edge->cut.event - 1, query->found);
  return (LsOpenHolds){ 0, query->found->len, (const uint32_t *) query->found->data };
}

/* An edge within a node whose holds are near enough to be taken as spread evenly. */
static void
spread (const LsHoldQuery *query, const LsClimb *climb, double share, LsHoldEdge *edge)
{
  const uint64_t *held = &query->holders->held[climb->level][climb->node];
  uint32_t low = ls_ladder_get_block (climb->ladder, climb->level, climb->node) * LS_BLOCK;
  uint32_t high = low + (LS_BLOCK << climb->level * LS_LADDER_BITS);
  edge->before = ls_spread (held[0], held[1], share);
  edge->count = low + (uint32_t) (share * (high - low));
  edge->n_begun = low;
  edge->begun = held[0];
  edge->high = high;
  edge->begun_high = held[1];
  edge->rest = edge->n_open = 0;
}

static inline void
add_rest (const LsHoldQuery *query, uint32_t hold, LsHoldEdge *edge)
{
  int64_t rest = ls_hold_query_get_rest (query, hold, edge);
  edge->n_open += rest >= 0;
  edge->rest += (uint64_t) MAX (rest, 0);
}

static void
add_rests (const LsHoldQuery *query, LsHoldEdge *edge)
{
  edge->n_open = 1; /* or more */
  LsOpenHolds open = ls_hold_query_find_open (query, edge);
  edge->n_open = 0;
  for (uint32_t i = open.begin; i < open.end; i++)
    add_rest (query, open.list ? open.list[i] : i, edge);
}

/* Looks at the block of an edge. `begun` is how many holds began before an earlier one. */
static void
look (const LsHoldQuery *query, uint32_t block, uint32_t *begun, LsHoldEdge *edge)
{
  const LsHolders *holders = query->holders;
  uint32_t n = *begun = ls_blocks_count_begun (query->holds, block, *begun, edge->cut.event);
  uint32_t last = n > block * LS_BLOCK ? holders->blocks.ns[n - 1] : 0;
  edge->n_begun = edge->count = n;
  edge->begun = holders->held[0][block] + last;
  if (G_UNLIKELY (last == LS_LENGTH_LONG)) {
    edge->begun -= last;
    for (uint32_t i = block * LS_BLOCK; i < n; i++)
      edge->begun += ls_blocks_look_up (query->trace, query->holds, i);
  }
  edge->n_open = 0;
  edge->rest = 0;
  if (n > 0 && holders->is_alone)
    add_rest (query, n - 1, edge);
  else if (n > 0)
    add_rests (query, edge);
  edge->before = edge->begun - edge->rest;
}

static void
sum_columns (const LsHoldQuery *query, const LsGrid *grid, LsObjectMix *mixes, uint32_t *dominant)
{
  LsClimb climb = LS_CLIMB (&query->holders->blocks.ladder);
  LsHoldEdge edges[2] = { 0 };
  uint32_t n = 0; /* begun before an earlier edge */
  for (uint32_t i = 0; i <= grid->n_columns; i++) {
    LsHoldEdge *to = &edges[i % 2];
    const LsHoldEdge *from = &edges[1 - i % 2];
    double share;
    to->cut = ls_grid_get_cut (grid, i);
    to->is_spread = ls_climb_to (&climb, &to->cut, &share);
    if (to->is_spread)
      spread (query, &climb, share, to);
    else
      look (query, climb.node, &n, to);
    if (i == 0)
      continue;
    if (!query->holders->stairs) {
      mixes[i - 1].held_ns = (int64_t) (to->before - from->before);
      mixes[i - 1].n_holds = to->count - from->count + from->n_open;
    }
    if (dominant)
      dominant[i - 1] = ls_hold_query_find_dominant (query, from, to);
  }
}

void
ls_holders_sum (const LsTrace *trace,
                const LsObjectLane *lane,
                const LsGrid *grid,
                LsObjectMix *mixes,
                uint32_t *dominant)
{
  LsHolders *own = lane->holders ? NULL : ls_holders_new (trace, &lane->holds);
  const LsHolders *holders = lane->holders ? lane->holders : own;
  for (uint32_t i = 0; !holders && dominant && i < grid->n_columns; i++)
    dominant[i] = LS_NONE;
  if (!holders)
    return;
  if (holders->stairs)
    ls_stairs_sum (holders->stairs, grid, mixes, true);
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (uint32_t));
  LsHoldQuery query = { trace, &lane->holds, holders, found };
  if (dominant || !holders->stairs)
    sum_columns (&query, grid, mixes, dominant);
  ls_holders_free (own);
}
