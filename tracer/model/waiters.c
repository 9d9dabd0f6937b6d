/* SPDX-License-Identifier: MIT */
/**
 * How many wait for an object when: a staircase of the waits' begins and ends, in the order of time.
 *
 * Waits overlap, so that their time before a moment is the staircase's area up to there. Each block
 * knows the area before it; within it every change adds or takes away the rest of the way.
 */
#include <stdlib.h>
#include <string.h>

#include "directory.h"
#include "summary.h"

#define CHANGES_A_BLOCK 16
#define MAX_DELTA (G_MAXUINT32 >> 1)

typedef struct {
  int64_t begin_ns;
  uint64_t area;  /* of what is before it, in ns of waiters; sums may wrap, differences do not */
  uint32_t first; /* change */
  uint32_t depth; /* who waits where it begins */
} Block;

struct _LsWaiters {
  LsDirectory begins; /* of blocks; by time since the first */
  uint32_t n_blocks;
  Block *blocks;     /* and one behind the last, for its `first` */
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

/* A block begins at least every so many changes, and where a change is too far from its begin. */
static void
add_change (LsWaiters *waiters, uint32_t at, int64_t ns, bool is_end)
{
  Block *block = waiters->n_blocks > 0 ? &waiters->blocks[waiters->n_blocks - 1] : NULL;
  if (!block || at - block->first == CHANGES_A_BLOCK || ns - block->begin_ns > MAX_DELTA) {
    Block next = { .begin_ns = ns, .first = at };
    if (block) {
      uint64_t length = (uint64_t) (ns - block->begin_ns);
      next.area = block->area + block->depth * length;
      next.depth = block->depth;
      for (uint32_t i = block->first; i < at; i++) {
        uint32_t change = waiters->changes[i];
        uint64_t rest = length - (change >> 1);
        next.area += change & 1 ? -rest : rest;
        next.depth += change & 1 ? G_MAXUINT32 : 1;
      }
    }
    uint32_t n_blocks = waiters->n_blocks;
    if ((n_blocks & (n_blocks - 1)) == 0) /* a power of 2: full */
      waiters->blocks = g_renew (Block, waiters->blocks, MAX (2 * (gsize) n_blocks, 1));
    block = &waiters->blocks[waiters->n_blocks++];
    *block = next;
  }
  waiters->changes[at] = (uint32_t) (ns - block->begin_ns) << 1 | is_end;
}

LsWaiters *
ls_waiters_new (const LsTrace *trace, const LsTrack *waits)
{
  uint32_t n = waits->n;
  if (n <= LS_BLOCK)
    return NULL;
  g_autofree uint32_t *ends = g_new (uint32_t, n);
  for (uint32_t i = 0; i < n; i++)
    ends[i] = ls_track_end (waits, i);
  sort_ends (ends, n);
  LsWaiters *waiters = g_new0 (LsWaiters, 1);
  waiters->changes = g_new (uint32_t, 2 * (gsize) n);
  uint32_t n_begun = 0, n_ended = 0;
  while (n_ended < n) {
    bool is_end = n_begun == n || ls_track_begin (waits, n_begun) > ends[n_ended];
    uint32_t k = is_end ? ends[n_ended] : ls_track_begin (waits, n_begun);
    add_change (waiters, n_begun + n_ended, get_ns (trace, k), is_end);
    *(is_end ? &n_ended : &n_begun) += 1;
  }
  waiters->blocks = g_renew (Block, waiters->blocks, waiters->n_blocks + 1);
  waiters->blocks[waiters->n_blocks] = (Block){ .first = 2 * n };
  int64_t begin = waiters->blocks[0].begin_ns;
  int64_t last = waiters->blocks[waiters->n_blocks - 1].begin_ns;
  ls_directory_init (&waiters->begins, waiters->n_blocks, (uint64_t) (last - begin));
  for (uint32_t i = 0; i < waiters->n_blocks; i++)
    ls_directory_add (&waiters->begins, i, (uint64_t) (waiters->blocks[i].begin_ns - begin));
  ls_directory_seal (&waiters->begins, waiters->n_blocks);
  return waiters;
}

void
ls_waiters_free (LsWaiters *waiters)
{
  if (!waiters)
    return;
  ls_directory_clear (&waiters->begins);
  g_free (waiters->blocks);
  g_free (waiters->changes);
  g_free (waiters);
}

/* -- Asking -- */

/* How many blocks begin before t. */
static uint32_t
count_blocks (const LsWaiters *waiters, int64_t t)
{
  const Block *blocks = waiters->blocks;
  uint32_t low, high;
  if (t <= blocks[0].begin_ns)
    return 0;
  ls_directory_get (&waiters->begins, (uint64_t) (t - blocks[0].begin_ns), &low, &high);
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (blocks[middle].begin_ns < t)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static void
prefetch_block (const LsWaiters *waiters, uint32_t n_blocks)
{
  if (n_blocks == 0)
    return;
  const uint32_t *changes = waiters->changes + waiters->blocks[n_blocks - 1].first;
  __builtin_prefetch (changes);
  __builtin_prefetch (changes + 64 / sizeof *changes);
}

typedef struct {
  uint64_t area;
  uint32_t n_begun, n_ended;
} Before;

/* What is before an edge within a block that lasts so little, from its own begin to the next one's, that
 * its waiters may be taken to be spread evenly. */
static bool
glance (const LsWaiters *waiters, uint32_t n_blocks, LsCut cut, Before *before)
{
  if (cut.short_ns == 0 || n_blocks == 0 || n_blocks == waiters->n_blocks)
    return false;
  const Block *block = &waiters->blocks[n_blocks - 1], *next = block + 1;
  uint64_t length = (uint64_t) (next->begin_ns - block->begin_ns);
  if (length >= cut.short_ns)
    return false;
  double share = (double) (cut.ns - block->begin_ns) / (double) length;
  uint32_t at = block->first + (uint32_t) (share * (next->first - block->first));
  uint32_t depth = share < 0.5 ? block->depth : next->depth;
  before->area = block->area + (uint64_t) (share * (double) (next->area - block->area));
  before->n_ended = at > depth ? (at - depth) / 2 : 0;
  before->n_begun = at - before->n_ended;
  return true;
}

/* What is before t, which the last of some blocks holds. */
static Before
look (const LsWaiters *waiters, uint32_t n_blocks, int64_t t)
{
  if (n_blocks == 0)
    return (Before){ 0 };
  const Block *block = &waiters->blocks[n_blocks - 1];
  const uint32_t *changes = waiters->changes;
  uint64_t length = (uint64_t) (t - block->begin_ns);
  uint64_t most = MIN (length, (uint64_t) MAX_DELTA + 1) << 1; /* what is less is before t */
  uint64_t area = block->area + block->depth * length;
  uint32_t at = block->first, n_ended = 0;
  for (; at < block[1].first && changes[at] < most; at++) {
    uint64_t rest = length - (changes[at] >> 1);
    bool is_end = changes[at] & 1;
    area += is_end ? -rest : rest;
    n_ended += is_end;
  }
  /* Where the block begins, first = begun + ended and depth = begun - ended. */
  n_ended += (block->first - block->depth) / 2;
  return (Before){ area, at - n_ended, n_ended };
}

void
ls_waiters_sum (const LsTrace *trace,
                const LsObjectLane *lane,
                const LsGrid *grid,
                LsObjectMix *mixes)
{
  const LsWaiters *waiters = lane->waiters;
  if (!waiters) {
    for (uint32_t i = 0; i < grid->n_columns && lane->waits.n > 0; i++)
      mixes[i].waited_ns = ls_few_sum (trace, &lane->waits, ls_grid_get_cut (grid, i),
                                       ls_grid_get_cut (grid, i + 1), &mixes[i].n_waits);
    return;
  }
  Before before = { 0 };
  uint32_t n_blocks[LS_EDGES_AT_ONCE];
  for (uint32_t begin = 0; begin <= grid->n_columns; begin += LS_EDGES_AT_ONCE) {
    uint32_t end = MIN (begin + LS_EDGES_AT_ONCE, grid->n_columns + 1);
    for (uint32_t i = begin; i < end; i++) {
      n_blocks[i - begin] = count_blocks (waiters, grid->edges_ns[i]);
      prefetch_block (waiters, n_blocks[i - begin]);
    }
    for (uint32_t i = begin; i < end; i++) {
      Before after;
      if (!glance (waiters, n_blocks[i - begin], ls_grid_get_cut (grid, i), &after))
        after = look (waiters, n_blocks[i - begin], grid->edges_ns[i]);
      if (i > 0) {
        mixes[i - 1].waited_ns = (int64_t) (after.area - before.area);
        mixes[i - 1].n_waits = after.n_begun - before.n_ended;
      }
      before = after;
    }
  }
}
