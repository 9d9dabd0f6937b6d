/* SPDX-License-Identifier: MIT */
/**
 * How many wait for an object when, or hold it: a staircase of the begins and ends, in the order of
 * time.
 *
 * Waits overlap, so that their time before a moment is the staircase's area up to there. Each block
 * knows the area before it; within it every change adds or takes away the rest of the way.
 */
#include <stdlib.h>
#include <string.h>

#include "ladder.h"

#define CHANGES_A_BLOCK 16
#define MAX_DELTA (G_MAXUINT32 >> 1)

/* What is before a node. */
typedef struct {
  uint64_t area;  /* in ns of each; sums may wrap, differences do not */
  uint32_t first; /* change */
  uint32_t depth; /* how many there are where it begins */
} Block;

struct _LsStairs {
  LsLadder ladder;
  Block *blocks[LS_LADDER_LEVELS];
  uint32_t *changes; /* ns since their block's begin, shifted by 1, + 1 of ends */
};

/* -- Making -- */

static int
compare_events (const void *a, const void *b)
{
  uint32_t first = *(const uint32_t *) a, second = *(const uint32_t *) b;
  return (first > second) - (first < second);
}

/* Sorts what is nearly sorted: waits of one object mostly end in turn. */
static void
sort_ends (uint32_t *ends, uint32_t n)
{
  uint64_t n_moves = 0, max_moves = (uint64_t) n * 16;
  for (uint32_t i = 1; i < n && n_moves <= max_moves; i++) {
    uint32_t end = ends[i], at = i;
    for (; at > 0 && ends[at - 1] > end; at--)
      ends[at] = ends[at - 1];
    ends[at] = end;
    n_moves += i - at;
  }
  if (n_moves > max_moves)
    qsort (ends, n, sizeof *ends, compare_events);
}

static int64_t
get_ns (const LsTrace *trace, uint32_t k)
{
  return k == LS_NONE ? trace->info.end_ns : ls_columns_get_ts (&trace->columns, k);
}

/* While they are made. */
typedef struct {
  uint32_t n, max;
  Block *blocks; /* and room for one more, as for */
  int64_t *begins;
  uint32_t *changes;
} Making;

static void
begin_block (Making *making, uint32_t at, int64_t ns)
{
  Block next = { .first = at };
  if (making->n > 0) {
    const Block *block = &making->blocks[making->n - 1];
    uint64_t length = (uint64_t) (ns - making->begins[making->n - 1]);
    next.area = block->area + block->depth * length;
    next.depth = block->depth;
    for (uint32_t i = block->first; i < at; i++) {
      uint32_t change = making->changes[i];
      uint64_t rest = length - (change >> 1);
      next.area += change & 1 ? -rest : rest;
      next.depth += change & 1 ? G_MAXUINT32 : 1;
    }
  }
  if (making->n == making->max) {
    making->max = making->max * 2 + 1;
    making->blocks = g_renew (Block, making->blocks, making->max + (gsize) 1);
    making->begins = g_renew (int64_t, making->begins, making->max + (gsize) 1);
  }
  making->blocks[making->n] = next;
  making->begins[making->n++] = ns;
}

/* A block begins at least every so many changes, and where a change is too far from its begin. */
static void
add_change (Making *making, uint32_t at, int64_t ns, bool is_end)
{
  if (making->n == 0 || at - making->blocks[making->n - 1].first == CHANGES_A_BLOCK ||
      ns - making->begins[making->n - 1] > MAX_DELTA)
    begin_block (making, at, ns);
  making->changes[at] = (uint32_t) (ns - making->begins[making->n - 1]) << 1 | is_end;
}

LsStairs *
ls_stairs_new (const LsTrace *trace, const LsTrack *track)
{
  uint32_t n = track->n;
  if (n == 0)
    return NULL;
  g_autofree uint32_t *ends = g_new (uint32_t, n);
  for (uint32_t i = 0; i < n; i++)
    ends[i] = ls_track_end (track, i);
  sort_ends (ends, n);
  LsStairs *stairs = g_new0 (LsStairs, 1);
  stairs->changes = g_new (uint32_t, 2 * (gsize) n);
  Making making = { .max = n / (CHANGES_A_BLOCK / 2) + 1, .changes = stairs->changes };
  making.blocks = g_new (Block, making.max + (gsize) 1);
  making.begins = g_new (int64_t, making.max + (gsize) 1);
  uint32_t n_begun = 0, n_ended = 0;
  while (n_ended < n) {
    bool is_end = n_begun == n || ls_track_begin (track, n_begun) > ends[n_ended];
    uint32_t k = is_end ? ends[n_ended] : ls_track_begin (track, n_begun);
    add_change (&making, n_begun + n_ended, get_ns (trace, k), is_end);
    *(is_end ? &n_ended : &n_begun) += 1;
  }
  making.blocks[making.n] = (Block){ .first = 2 * n };
  stairs->blocks[0] = g_renew (Block, making.blocks, making.n + (gsize) 1);
  ls_ladder_init (&stairs->ladder, g_renew (int64_t, making.begins, making.n + (gsize) 1),
                  making.n);
  ls_ladder_lift (&stairs->ladder, (gpointer *) stairs->blocks, sizeof (Block));
  return stairs;
}

void
ls_stairs_free (LsStairs *stairs)
{
  if (!stairs)
    return;
  ls_ladder_free_rows (&stairs->ladder, (gpointer *) stairs->blocks);
  ls_ladder_clear (&stairs->ladder);
  g_free (stairs->changes);
  g_free (stairs);
}

/* -- Asking -- */

/* What is before an edge. */
typedef struct {
  uint64_t area;
  uint32_t n_begun, n_ended;
  int64_t ns;
  uint32_t block; /* which holds it; G_MAXUINT32: not looked at */
} Before;

/* Within a node whose changes are taken to be spread evenly. */
static Before
spread (const Block *block, double share)
{
  const Block *next = block + 1;
  uint32_t at = block->first + (uint32_t) (share * (next->first - block->first));
  uint32_t depth = share < 0.5 ? block->depth : next->depth;
  uint32_t n_ended = at > depth ? (at - depth) / 2 : 0;
  return (Before){ .area = ls_spread (block->area, next->area, share),
                   .n_begun = at - n_ended,
                   .n_ended = n_ended,
                   .block = G_MAXUINT32 };
}

/* Within a block, from its begin or from the last edge in it. */
static Before
look (const LsStairs *stairs, uint32_t at_block, int64_t t, Before before)
{
  const Block *block = &stairs->blocks[0][at_block];
  const uint32_t *changes = stairs->changes;
  int64_t begin_ns = stairs->ladder.begins[0][at_block];
  if (begin_ns >= t)
    return (Before){ .block = G_MAXUINT32 };
  if (before.block != at_block) {
    /* Here first = begun + ended and depth = begun - ended. */
    uint32_t n_ended = (block->first - block->depth) / 2;
    before = (Before){ block->area, block->first - n_ended, n_ended, begin_ns, at_block };
  }
  uint64_t length = (uint64_t) (t - begin_ns);
  uint64_t most = MIN (length, (uint64_t) MAX_DELTA + 1) << 1; /* what is less is before t */
  uint32_t first = before.n_begun + before.n_ended, at = first;
  before.area += (before.n_begun - before.n_ended) * (uint64_t) (t - before.ns);
  before.ns = t;
  for (; at < block[1].first && changes[at] < most; at++) {
    uint64_t rest = length - (changes[at] >> 1);
    bool is_end = changes[at] & 1;
    before.area += is_end ? -rest : rest;
    before.n_ended += is_end;
  }
  before.n_begun = at - before.n_ended;
  return before;
}

void
ls_stairs_sum (const LsStairs *stairs, const LsGrid *grid, LsObjectMix *mixes, bool is_held)
{
  LsClimb climb = LS_CLIMB (&stairs->ladder);
  Before before = { .block = G_MAXUINT32 };
  for (uint32_t i = 0; i <= grid->n_columns; i++) {
    LsCut cut = ls_grid_get_cut (grid, i);
    double share;
    Before after = ls_climb_to (&climb, &cut, &share)
                     ? spread (&stairs->blocks[climb.level][climb.node], share)
                     : look (stairs, climb.node, cut.ns, before);
    if (i > 0) {
      LsObjectMix *mix = &mixes[i - 1];
      *(is_held ? &mix->held_ns : &mix->waited_ns) = (int64_t) (after.area - before.area);
      *(is_held ? &mix->n_holds : &mix->n_waits) = after.n_begun - before.n_ended;
    }
    before = after;
  }
}
