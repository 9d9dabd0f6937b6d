/* SPDX-License-Identifier: MIT */
/**
 * How long a lock was held: the length of the holds begun before a moment, less what of them lies after
 * it, from one edge of a column to the next.
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
sum_rows (LsHolders *holders, const LsTrace *trace, const LsTrack *holds)
{
  while ((uint64_t) 1 << holders->n_bits < holders->n_threads)
    holders->n_bits++;
  guint size = LS_ROW_BITS + holders->n_bits;
  holders->rows = g_new (uint64_t, (holds->n / LS_BLOCK + (gsize) 1) * size);
  uint64_t row[LS_MAX_SHARES] = { 0 };
  for (uint32_t i = 0; i <= holds->n; i++) {
    if (i % LS_BLOCK == 0) {
      row[LS_ROW_BEGIN_NS] =
        (uint64_t) (i < holds->n ? ls_columns_get_ts (&trace->columns, holds->begins[i])
                                 : trace->info.end_ns);
      memcpy (holders->rows + (gsize) (i / LS_BLOCK) * size, row, size * sizeof *row);
    }
    if (i == holds->n)
      break;
    uint64_t ns = ls_block_lengths_get (&holders->lengths, trace, holds, i);
    uint32_t number = ls_holders_get_number (holders, i);
    row[LS_ROW_ALL] += ns;
    for (guint bit = 0; bit < holders->n_bits; bit++)
      row[LS_ROW_BITS + bit] += number >> bit & 1 ? ns : 0;
  }
}

static void
find_open (LsHolders *holders, const LsTrack *holds)
{
  holders->is_alone = true;
  for (uint32_t i = 1; i < holds->n && holders->is_alone; i++)
    holders->is_alone = holds->ends[i - 1] <= holds->begins[i];
  if (holders->is_alone)
    return;
  holders->first_open = g_new0 (uint32_t, holds->n / LS_BLOCK + 1);
  uint32_t open = 0;
  for (uint32_t i = LS_BLOCK; i <= holds->n; i += LS_BLOCK) {
    while (open < i && holds->ends[open] <= holds->begins[i - 1])
      open++;
    holders->first_open[i / LS_BLOCK] = open;
  }
}

LsHolders *
ls_holders_new (const LsTrace *trace, const LsTrack *holds)
{
  if (holds->n <= LS_BLOCK)
    return NULL;
  LsHolders *holders = g_new0 (LsHolders, 1);
  ls_block_lengths_init (&holders->lengths, trace, holds, NULL);
  number_threads (holders, trace, holds);
  pack_numbers (holders, holds->n);
  sum_rows (holders, trace, holds);
  find_open (holders, holds);
  return holders;
}

void
ls_holders_free (LsHolders *holders)
{
  if (!holders)
    return;
  ls_block_lengths_clear (&holders->lengths);
  g_free (holders->first_open);
  g_free (holders->threads);
  g_free (holders->rows);
  g_free (holders->numbers);
  g_free (holders);
}

/* -- Asking -- */

void
ls_hold_query_collect_open (const LsHoldQuery *query, const LsHoldEdge *edge)
{
  const LsHolders *holders = query->holders;
  uint32_t n = edge->n_begun;
  query->open->len = 0;
  if (edge->n_open == 0)
    return;
  if (holders->is_alone) { /* nothing but the last one */
    *(uint32_t *) query->open->data = n - 1;
    query->open->len = 1;
    return;
  }
  uint32_t first = holders->first_open[n / LS_BLOCK];
  if (n - first > MANY_OPEN) {
    ls_track_collect (query->holds, edge->cut.event - 1, query->open);
    return;
  }
  for (uint32_t i = first; i < n; i++)
    if (query->holds->ends[i] >= edge->cut.event)
      g_array_append_val (query->open, i);
}

/* Whether the hold lasts so little that it counts as over. */
static inline bool
is_short (const LsHoldQuery *query, uint32_t hold, uint64_t short_ns)
{
  return short_ns > 0 && ls_block_lengths_get (&query->holders->lengths, query->trace, query->holds,
                                               hold) < short_ns;
}

static void
look (const LsHoldQuery *query, LsHoldEdge *edge)
{
  const LsHolders *holders = query->holders;
  uint32_t n = edge->n_begun;
  if (n % LS_BLOCK > 0)
    edge->partial = holders->lengths.ns[n - 1];
  if (G_UNLIKELY (edge->partial == LS_LENGTH_LONG)) {
    edge->partial = 0;
    for (uint32_t i = n / LS_BLOCK * LS_BLOCK; i < n; i++)
      edge->partial += ls_block_lengths_look_up (query->trace, query->holds, i);
  }
  if (holders->is_alone) {
    int64_t rest = n > 0 && !is_short (query, n - 1, edge->cut.short_ns)
                     ? ls_hold_query_get_rest (query, n - 1, edge)
                     : -1;
    edge->n_open = rest >= 0;
    edge->rest = (uint64_t) MAX (rest, 0);
    return;
  }
  edge->n_open = G_MAXUINT32; /* perhaps */
  ls_hold_query_collect_open (query, edge);
  edge->n_open = 0;
  for (guint i = 0; i < query->open->len; i++) {
    int64_t rest = ls_hold_query_get_rest (query, g_array_index (query->open, uint32_t, i), edge);
    edge->n_open += rest >= 0;
    edge->rest += (uint64_t) MAX (rest, 0);
  }
}

static uint64_t
get_before (const LsHolders *holders, const LsHoldEdge *edge)
{
  const uint64_t *row = ls_holders_get_row (holders, edge->n_begun / LS_BLOCK);
  return row[LS_ROW_ALL] + edge->partial - edge->rest;
}

static void
sum_few (const LsTrace *trace,
         const LsTrack *holds,
         const LsGrid *grid,
         LsObjectMix *mixes,
         uint32_t *dominant)
{
  for (uint32_t i = 0; i < grid->n_columns; i++) {
    LsCut from = ls_grid_get_cut (grid, i), to = ls_grid_get_cut (grid, i + 1);
    mixes[i].held_ns = ls_few_sum (trace, holds, from, to, &mixes[i].n_holds);
    if (dominant)
      dominant[i] = mixes[i].held_ns > 0 ? ls_few_find_dominant (trace, holds, from, to) : LS_NONE;
  }
}

/* An edge within a block whose holds are near enough to be taken as spread evenly. */
static bool
glance (const LsHolders *holders, uint32_t n_holds, uint32_t low, uint32_t high, LsHoldEdge *edge)
{
  uint32_t block = low / LS_BLOCK;
  const uint64_t *row = ls_holders_get_row (holders, block), *next = row;
  for (; block < n_holds / LS_BLOCK; block++, row = next) {
    next = ls_holders_get_row (holders, block + 1);
    if ((block + 1) * LS_BLOCK > high || (int64_t) next[LS_ROW_BEGIN_NS] >= edge->cut.ns)
      break;
  }
  uint64_t length = next[LS_ROW_BEGIN_NS] - row[LS_ROW_BEGIN_NS];
  if (block == n_holds / LS_BLOCK || length >= edge->cut.column_ns ||
      (int64_t) row[LS_ROW_BEGIN_NS] >= edge->cut.ns)
    return false;
  double share = (double) (edge->cut.ns - (int64_t) row[LS_ROW_BEGIN_NS]) / (double) length;
  share = MIN (share, 1);
  edge->n_begun = block * LS_BLOCK + (uint32_t) (share * (LS_BLOCK - 1));
  edge->partial = (uint64_t) (share * (double) (next[LS_ROW_ALL] - row[LS_ROW_ALL]));
  return true;
}

/* Finds some edges; asks for what is then looked at. */
static void
find_edges (const LsHoldQuery *query,
            const LsGrid *grid,
            uint32_t begin,
            uint32_t end,
            LsHoldEdge *edges)
{
  const LsHolders *holders = query->holders;
  const LsTrack *holds = query->holds;
  uint32_t low[LS_EDGES_AT_ONCE], high[LS_EDGES_AT_ONCE];
  gsize size = (LS_ROW_BITS + holders->n_bits) * sizeof (uint64_t);
  for (uint32_t i = 0; i < end - begin; i++) {
    ls_directory_get (&holders->lengths.begins, grid->events[begin + i], &low[i], &high[i]);
    ls_prefetch (ls_holders_get_row (holders, low[i] / LS_BLOCK), size);
    __builtin_prefetch (&holds->begins[low[i]]);
    __builtin_prefetch (&holds->begins[high[i]]);
  }
  for (uint32_t i = 0; i < end - begin; i++) {
    LsHoldEdge *edge = &edges[i];
    *edge = (LsHoldEdge){ .cut = ls_grid_get_cut (grid, begin + i) };
    if (edge->cut.column_ns > 0 && glance (holders, holds->n, low[i], high[i], edge)) {
      edge->is_done = true;
      continue;
    }
    uint32_t n = edge->n_begun =
      ls_directory_search (holds->begins, low[i], high[i], edge->cut.event);
    __builtin_prefetch (&holders->lengths.ns[n]);
    __builtin_prefetch ((const char *) holders->numbers + (gsize) n * holders->number_bytes);
    if (!holders->is_alone)
      __builtin_prefetch (&holds->ends[n]);
  }
  for (uint32_t i = 0; i < end - begin; i++)
    if (!edges[i].is_done)
      look (query, &edges[i]);
}

void
ls_holders_sum (const LsTrace *trace,
                const LsObjectLane *lane,
                const LsGrid *grid,
                LsObjectMix *mixes,
                uint32_t *dominant)
{
  const LsHolders *holders = lane->holders;
  if (!holders) {
    sum_few (trace, &lane->holds, grid, mixes, dominant);
    return;
  }
  g_autoptr (GArray) open = g_array_sized_new (FALSE, FALSE, sizeof (uint32_t), 32);
  g_autofree int64_t *by_number = g_new0 (int64_t, holders->n_threads);
  LsHoldQuery query = { trace, &lane->holds, holders, open, by_number };
  LsHoldEdge edges[LS_EDGES_AT_ONCE + 1]; /* the first is the last one of those before */
  for (uint32_t begin = 0; begin <= grid->n_columns; begin += LS_EDGES_AT_ONCE) {
    uint32_t end = MIN (begin + LS_EDGES_AT_ONCE, grid->n_columns + 1);
    find_edges (&query, grid, begin, end, edges + 1);
    for (uint32_t i = MAX (begin, 1); i < end; i++) {
      const LsHoldEdge *from = &edges[i - begin], *to = from + 1;
      LsObjectMix *mix = &mixes[i - 1];
      mix->held_ns = (int64_t) (get_before (holders, to) - get_before (holders, from));
      mix->n_holds = to->n_begun - from->n_begun + from->n_open;
      if (dominant)
        dominant[i - 1] = ls_hold_query_find_dominant (&query, from, to, mix->held_ns);
    }
    edges[0] = edges[end - begin];
  }
}
