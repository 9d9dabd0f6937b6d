/* SPDX-License-Identifier: MIT */
/* Time per state of a thread: of its waits and sleeps, which do not overlap, and the rest of its life. */
#include <string.h>

#include "block-lengths.h"
#include "summary.h"

#define N_SUMS (LS_STATE_N - LS_STATE_WAIT_LOCK) /* states of waits */
/* Time per state of the waits before a block, and which of its waits are of which state. */
typedef struct {
  int64_t begin_ns;
  uint64_t ns[N_SUMS];
  uint32_t waits[N_SUMS]; /* a bit each */
} Block;
_Static_assert(LS_BLOCK == 32, "a bit for each wait");

struct _LsStates {
  LsBlockLengths lengths; /* by state */
  Block *blocks;
};

/* A thread's waits, and between when and when it lives. */
typedef struct {
  const LsTrace *trace;
  const LsTrack *waits;
  const LsStates *states; /* NULL: few waits */
  const uint8_t *infos;
  LsSpan life;
} Query;

static guint
get_sum (const uint8_t *infos, uint32_t i)
{
  return (guint) LS_WAIT_STATE (infos[i]) - LS_STATE_WAIT_LOCK;
}

static const uint8_t *
get_infos (const LsTrace *trace, const LsTrack *waits)
{
  return trace->waits.infos + (waits->begins - trace->waits.begins);
}

LsStates *
ls_states_new (const LsTrace *trace, const LsTrack *waits)
{
  uint32_t n = waits->n;
  if (n <= LS_BLOCK)
    return NULL;
  LsStates *states = g_new0 (LsStates, 1);
  const uint8_t *infos = get_infos (trace, waits);
  ls_block_lengths_init (&states->lengths, trace, waits, infos);
  states->blocks = g_new0 (Block, n / LS_BLOCK + 1);
  uint64_t sums[N_SUMS] = { 0 };
  for (uint32_t i = 0; i <= n; i++) {
    Block *block = &states->blocks[i / LS_BLOCK];
    if (i % LS_BLOCK == 0) {
      memcpy (block->ns, sums, sizeof sums);
      block->begin_ns =
        i < n ? ls_columns_get_ts (&trace->columns, waits->begins[i]) : trace->info.end_ns;
    }
    if (i == n)
      break;
    guint sum = get_sum (infos, i);
    block->waits[sum] |= (uint32_t) 1 << i % LS_BLOCK;
    sums[sum] += ls_block_lengths_look_up (trace, waits, i);
  }
  return states;
}

void
ls_states_free (LsStates *states)
{
  if (!states)
    return;
  ls_block_lengths_clear (&states->lengths);
  g_free (states->blocks);
  g_free (states);
}

/* Of each state the time before a block, and what its last wait in the block has added up. */
static bool
add_up (const LsStates *states, uint32_t n, uint64_t ns[N_SUMS])
{
  const Block *block = &states->blocks[n / LS_BLOCK];
  const uint32_t *lengths = states->lengths.ns + n / LS_BLOCK * LS_BLOCK;
  uint32_t begun = ((uint32_t) 1 << n % LS_BLOCK) - 1;
  bool is_told = true;
  for (guint i = 0; i < N_SUMS; i++) {
    uint32_t waits = block->waits[i] & begun;
    uint32_t last = waits ? lengths[31 - __builtin_clz (waits)] : 0;
    ns[i] = block->ns[i] + last;
    is_told &= last != LS_LENGTH_LONG;
  }
  return is_told;
}

/* Whether the wait lasts so little that it counts as over. */
static inline bool
is_short (const Query *query, uint32_t i, LsCut cut)
{
  if (!query->states || cut.short_ns == 0)
    return false;
  const Block *block = &query->states->blocks[i / LS_BLOCK];
  const uint32_t *lengths = query->states->lengths.ns + i / LS_BLOCK * LS_BLOCK;
  uint32_t own = (uint32_t) 1 << i % LS_BLOCK;
  for (guint sum = 0; sum < N_SUMS; sum++)
    if (block->waits[sum] & own) {
      uint32_t before = block->waits[sum] & (own - 1), all = lengths[i % LS_BLOCK];
      return all != LS_LENGTH_LONG &&
             all - (before ? lengths[31 - __builtin_clz (before)] : 0) < cut.short_ns;
    }
  return false;
}

/* An edge of columns. */
typedef struct {
  LsCut cut;
  uint32_t n; /* waits begun before it */
  bool is_done;
  uint64_t ns[N_SUMS]; /* their time before it */
} Edge;

static void
look (const Query *query, Edge *edge)
{
  uint32_t n = edge->n;
  if (!query->states || !add_up (query->states, n, edge->ns)) {
    uint32_t first = query->states ? n / LS_BLOCK * LS_BLOCK : 0;
    if (query->states)
      memcpy (edge->ns, query->states->blocks[n / LS_BLOCK].ns, sizeof edge->ns);
    for (uint32_t i = first; i < n; i++)
      edge->ns[get_sum (query->infos, i)] +=
        ls_block_lengths_look_up (query->trace, query->waits, i);
  }
  /* As waits do not overlap, only the last one can last past it. */
  if (n > 0 && !is_short (query, n - 1, edge->cut) &&
      query->waits->ends[n - 1] >= edge->cut.event) {
    int64_t rest = ls_block_lengths_get_end (query->trace, query->waits, n - 1) - edge->cut.ns;
    edge->ns[get_sum (query->infos, n - 1)] -= (uint64_t) MAX (rest, 0);
  }
}

/* An edge within a block whose waits are near enough to be taken as spread evenly. */
static bool
glance (const Query *query, uint32_t low, uint32_t high, Edge *edge)
{
  const Block *block = &query->states->blocks[low / LS_BLOCK];
  const Block *last = &query->states->blocks[query->waits->n / LS_BLOCK];
  const Block *highest = &query->states->blocks[high / LS_BLOCK];
  while (block < MIN (last, highest) && block[1].begin_ns < edge->cut.ns)
    block++;
  if (block == last || block->begin_ns >= edge->cut.ns ||
      (uint64_t) (block[1].begin_ns - block->begin_ns) >= edge->cut.column_ns)
    return false;
  double share =
    (double) (edge->cut.ns - block->begin_ns) / (double) (block[1].begin_ns - block->begin_ns);
  for (guint i = 0; i < N_SUMS; i++)
    edge->ns[i] =
      block->ns[i] + (uint64_t) (MIN (share, 1) * (double) (block[1].ns[i] - block->ns[i]));
  return true;
}

/* Finds some edges, and looks at each when what it takes has been asked for. */
static void
find_edges (const Query *query, const LsGrid *grid, uint32_t begin, uint32_t end, Edge *edges)
{
  const LsStates *states = query->states;
  const LsTrack *waits = query->waits;
  uint32_t low[LS_EDGES_AT_ONCE], high[LS_EDGES_AT_ONCE];
  for (uint32_t i = 0; i < end - begin && states; i++) {
    ls_directory_get (&states->lengths.begins, grid->events[begin + i], &low[i], &high[i]);
    ls_prefetch (&states->blocks[low[i] / LS_BLOCK], sizeof (Block));
    __builtin_prefetch (&waits->begins[low[i]]);
    __builtin_prefetch (&waits->begins[high[i]]);
  }
  for (uint32_t i = 0; i < end - begin; i++) {
    Edge *edge = &edges[i];
    *edge = (Edge){ .cut = ls_grid_get_cut (grid, begin + i) };
    if (!states) {
      edge->n = edge->cut.event > 0 ? ls_track_count_begun (waits, edge->cut.event - 1) : 0;
    } else if (edge->cut.column_ns > 0 && glance (query, low[i], high[i], edge)) {
      edge->is_done = true;
    } else {
      edge->n = ls_directory_search (waits->begins, low[i], high[i], edge->cut.event);
      __builtin_prefetch (&states->lengths.ns[edge->n]);
    }
  }
  for (uint32_t i = 0; i < end - begin; i++)
    if (!edges[i].is_done)
      look (query, &edges[i]);
}

/* The thread's time per state before an edge. */
static void
get_before (const Query *query, const Edge *edge, int64_t before[LS_STATE_N])
{
  LsSpan life = query->life;
  before[LS_STATE_NOT_WAITING] = CLAMP (edge->cut.ns, life.begin_ns, life.end_ns) - life.begin_ns;
  for (guint i = 0; i < N_SUMS; i++) {
    before[LS_STATE_WAIT_LOCK + i] = (int64_t) edge->ns[i];
    before[LS_STATE_NOT_WAITING] -= (int64_t) edge->ns[i];
  }
}

void
ls_trace_sum_thread_columns (const LsTrace *trace,
                             uint32_t thread,
                             const LsGrid *grid,
                             LsMix *mixes)
{
  const LsThreadLane *lane = &trace->thread_lanes[thread];
  const LsThread *info = &trace->threads[thread];
  memset (mixes, 0, grid->n_columns * sizeof *mixes);
  if (info->first_event == LS_NONE)
    return;
  Query query = {
    .trace = trace,
    .waits = &lane->waits,
    .states = lane->states,
    .infos = get_infos (trace, &lane->waits),
    .life = { ls_columns_get_ts (&trace->columns, info->first_event),
              info->finish_event == LS_NONE
                ? trace->info.end_ns
                : ls_columns_get_ts (&trace->columns, info->finish_event) },
  };
  int64_t before[LS_STATE_N] = { 0 }, after[LS_STATE_N];
  Edge edges[LS_EDGES_AT_ONCE];
  for (uint32_t begin = 0; begin <= grid->n_columns; begin += LS_EDGES_AT_ONCE) {
    uint32_t end = MIN (begin + LS_EDGES_AT_ONCE, grid->n_columns + 1);
    find_edges (&query, grid, begin, end, edges);
    for (uint32_t i = begin; i < end; i++) {
      get_before (&query, &edges[i - begin], after);
      for (int state = LS_STATE_NOT_WAITING; state < LS_STATE_N; state++) {
        if (i > 0)
          mixes[i - 1].ns[state] = after[state] - before[state];
        before[state] = after[state];
      }
    }
  }
}
