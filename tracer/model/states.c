/* SPDX-License-Identifier: MIT */
/* Time per state of a thread: of its waits and sleeps, which do not overlap, and the rest of its life. */
#include <string.h>

#include "blocks.h"

#define N_SUMS (LS_STATE_N - LS_STATE_WAIT_LOCK) /* states of waits */

/* Time per state of the waits before a node. */
typedef struct {
  uint64_t ns[N_SUMS];
} Sums;

/* Which waits of a block are of which state, a bit each. */
typedef struct {
  uint8_t waits[N_SUMS];
} Masks;
_Static_assert(LS_BLOCK == 8, "a bit for each wait");

struct _LsStates {
  LsBlocks blocks; /* by state */
  Sums *sums[LS_LADDER_LEVELS];
  Masks *masks;
};

/* A thread's waits, and between when and when it lives. */
typedef struct {
  const LsTrace *trace;
  const LsTrack *waits;
  const LsStates *states; /* NULL: no waits */
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
  if (n == 0)
    return NULL;
  const uint8_t *infos = get_infos (trace, waits);
  LsStates *states = g_new0 (LsStates, 1);
  ls_blocks_init (&states->blocks, trace, waits, infos);
  states->sums[0] = g_new (Sums, states->blocks.ladder.n + (gsize) 1);
  states->masks = g_new0 (Masks, states->blocks.ladder.n);
  Sums sums = { 0 };
  for (uint32_t i = 0; i < n; i++) {
    guint sum = get_sum (infos, i);
    if (i % LS_BLOCK == 0)
      states->sums[0][i / LS_BLOCK] = sums;
    states->masks[i / LS_BLOCK].waits[sum] |= (uint8_t) (1u << i % LS_BLOCK);
    sums.ns[sum] += ls_blocks_look_up (trace, waits, i);
  }
  states->sums[0][states->blocks.ladder.n] = sums;
  ls_ladder_lift (&states->blocks.ladder, (gpointer *) states->sums, sizeof (Sums));
  return states;
}

void
ls_states_free (LsStates *states)
{
  if (!states)
    return;
  ls_ladder_free_rows (&states->blocks.ladder, (gpointer *) states->sums);
  ls_blocks_clear (&states->blocks);
  g_free (states->masks);
  g_free (states);
}

/* Of each state the time of waits before one, which is of a block or behind its last: what the last of
 * the state before it in the block has added up. */
static void
add_up (const Query *query, uint32_t block, uint32_t n, Sums *before)
{
  const uint32_t *lengths = query->states->blocks.ns + block * LS_BLOCK;
  uint32_t begun = (1u << (n - block * LS_BLOCK)) - 1;
  *before = query->states->sums[0][block];
  bool is_told = true;
  for (guint i = 0; i < N_SUMS; i++) {
    uint32_t waits = query->states->masks[block].waits[i] & begun;
    uint32_t last = waits ? lengths[31 - __builtin_clz (waits)] : 0;
    before->ns[i] += last;
    is_told &= last != LS_LENGTH_LONG;
  }
  if (G_LIKELY (is_told))
    return;
  *before = query->states->sums[0][block];
  for (uint32_t i = block * LS_BLOCK; i < n; i++)
    before->ns[get_sum (query->infos, i)] += ls_blocks_look_up (query->trace, query->waits, i);
}

/* Looks at the block of an edge. `n` is how many waits began before an earlier one. */
static void
look (const Query *query, uint32_t block, const LsCut *cut, uint32_t *n, Sums *before)
{
  const LsTrack *waits = query->waits;
  *n = ls_blocks_count_begun (waits, block, *n, cut->event);
  add_up (query, block, *n, before);
  /* As waits do not overlap, only the last one can last past it. */
  if (*n > 0 && waits->ends[*n - 1] >= cut->event) {
    int64_t rest = ls_blocks_get_end (query->trace, waits, *n - 1) - cut->ns;
    before->ns[get_sum (query->infos, *n - 1)] -= (uint64_t) MAX (rest, 0);
  }
}

/* What each edge adds to the one before it. */
static void
sum_columns (const Query *query, const LsGrid *grid, LsMix *mixes)
{
  const LsStates *states = query->states;
  LsSpan life = query->life;
  LsClimb climb = { 0 };
  if (states)
    climb = LS_CLIMB (&states->blocks.ladder);
  uint32_t n = 0;
  Sums before = { 0 }, after = { 0 };
  int64_t lived = 0;
  for (uint32_t i = 0; i <= grid->n_columns; i++) {
    LsCut cut = ls_grid_get_cut (grid, i);
    int64_t lives = CLAMP (cut.ns, life.begin_ns, life.end_ns) - life.begin_ns;
    double share;
    if (states && ls_climb_to (&climb, &cut, &share)) {
      const Sums *sums = &states->sums[climb.level][climb.node];
      for (guint sum = 0; sum < N_SUMS; sum++)
        after.ns[sum] = ls_spread (sums[0].ns[sum], sums[1].ns[sum], share);
    } else if (states) {
      look (query, climb.node, &cut, &n, &after);
    }
    if (i > 0) {
      int64_t *ns = mixes[i - 1].ns, rest = lives - lived;
      for (guint sum = 0; sum < N_SUMS; sum++) {
        int64_t part = (int64_t) (after.ns[sum] - before.ns[sum]);
        ns[LS_STATE_WAIT_LOCK + sum] = part;
        rest -= part;
      }
      ns[LS_STATE_NONE] = 0;
      ns[LS_STATE_NOT_WAITING] = rest;
    }
    before = after;
    lived = lives;
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
  if (info->first_event == LS_NONE) {
    memset (mixes, 0, grid->n_columns * sizeof *mixes);
    return;
  }
  LsStates *own = lane->states ? NULL : ls_states_new (trace, &lane->waits);
  Query query = {
    .trace = trace,
    .waits = &lane->waits,
    .states = lane->states ? lane->states : own,
    .infos = get_infos (trace, &lane->waits),
    .life = { ls_columns_get_ts (&trace->columns, info->first_event),
              info->finish_event == LS_NONE
                ? trace->info.end_ns
                : ls_columns_get_ts (&trace->columns, info->finish_event) },
  };
  sum_columns (&query, grid, mixes);
  ls_states_free (own);
}
