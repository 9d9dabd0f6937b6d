/* SPDX-License-Identifier: MIT */
/* Sums of time over a lane's intervals. */
#include <stdlib.h>
#include <string.h>

#include "summary.h"

#define TIMES_BLOCK 16                           /* intervals between two sums of begins and ends */
#define STATES_BLOCK 8                           /* waits between two sums of states */
#define N_SUMS (LS_STATE_N - LS_STATE_WAIT_LOCK) /* states of waits */

struct _LsTimes {
  uint32_t *ends;             /* sorted; NULL when they are as the intervals stand */
  uint64_t *begin_sums;       /* of the begins before each block */
  uint64_t *end_sums;         /* of the ends before each block */
  uint64_t (*states)[N_SUMS]; /* time per state of waits before each block; NULL but for states */
  int64_t *state_begins;      /* when each block begins, and when the thread ends */
};

static int64_t
begin_ns (const LsTrace *trace, const LsTrack *track, uint32_t i)
{
  return ls_columns_get_ts (&trace->columns, ls_track_begin (track, i));
}

/* The i-th end in the order of ends. */
static int64_t
end_ns (const LsTrace *trace, const LsTrack *track, const uint32_t *ends, uint32_t i)
{
  uint32_t end = ends ? ends[i] : ls_track_end (track, i);
  return end == LS_NONE ? trace->info.end_ns : ls_columns_get_ts (&trace->columns, end);
}

void
ls_times_free (LsTimes *times)
{
  if (!times)
    return;
  g_free (times->ends);
  g_free (times->begin_sums);
  g_free (times->end_sums);
  g_free (times->states);
  g_free (times->state_begins);
  g_free (times);
}

static int
compare_events (const void *a, const void *b)
{
  uint32_t first = *(const uint32_t *) a, second = *(const uint32_t *) b;
  return (first > second) - (first < second);
}

LsTimes *
ls_times_new (const LsTrace *trace, const LsTrack *track)
{
  uint32_t n = track->n;
  if (n <= TIMES_BLOCK)
    return NULL;
  LsTimes *times = g_new0 (LsTimes, 1);
  times->begin_sums = g_new (uint64_t, n / TIMES_BLOCK + 1);
  times->end_sums = g_new (uint64_t, n / TIMES_BLOCK + 1);
  if (!track->in_order) {
    times->ends = g_new (uint32_t, n);
    for (uint32_t i = 0; i < n; i++)
      times->ends[i] = ls_track_end (track, i);
    qsort (times->ends, n, sizeof *times->ends, compare_events);
  }
  uint64_t begins = 0, ends = 0;
  for (uint32_t i = 0; i <= n; i++) {
    if (i % TIMES_BLOCK == 0) {
      times->begin_sums[i / TIMES_BLOCK] = begins;
      times->end_sums[i / TIMES_BLOCK] = ends;
    }
    if (i == n)
      break;
    begins += (uint64_t) begin_ns (trace, track, i);
    ends += (uint64_t) end_ns (trace, track, times->ends, i);
  }
  return times;
}

uint32_t
ls_track_find_begin (const LsTrace *trace, const LsTrack *track, int64_t ts_ns)
{
  uint32_t k = ls_columns_find_ts (&trace->columns, ts_ns);
  return k > 0 ? ls_track_count_begun (track, k - 1) : 0;
}

/* Time before t of all intervals, and how many have begun before it. Times are looked up in the
 * columns once, and for the rest of a block; what is searched are events, which lie close. */
static uint64_t
begun_time (const LsTrace *trace, const LsTrack *track, int64_t t, uint32_t *n_begun)
{
  uint32_t low = ls_track_find_begin (trace, track, t);
  uint64_t sum = track->times->begin_sums[low / TIMES_BLOCK];
  for (uint32_t i = low / TIMES_BLOCK * TIMES_BLOCK; i < low; i++)
    sum += (uint64_t) begin_ns (trace, track, i);
  *n_begun = low;
  return (uint64_t) t * low - sum;
}

/* The same of the ends, of which those at t count too. */
static uint64_t
ended_time (const LsTrace *trace, const LsTrack *track, int64_t t, uint32_t *n_ended)
{
  const LsTimes *times = track->times;
  uint32_t low = 0, high = track->n;
  uint32_t after = /* the first event after t */
    t == G_MAXINT64 ? trace->columns.n : ls_columns_find_ts (&trace->columns, t + 1);
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if ((times->ends ? times->ends[middle] : ls_track_end (track, middle)) < after)
      low = middle + 1;
    else
      high = middle;
  }
  uint64_t sum = times->end_sums[low / TIMES_BLOCK];
  for (uint32_t i = low / TIMES_BLOCK * TIMES_BLOCK; i < low; i++)
    sum += (uint64_t) end_ns (trace, track, times->ends, i);
  *n_ended = low;
  return (uint64_t) t * low - sum;
}

int64_t
ls_times_sum (const LsTrace *trace, const LsTrack *track, LsSpan span, uint32_t *n_intervals)
{
  if (track->times) {
    /* Nothing goes on past the trace's end, where what has no end event ends. */
    span.begin_ns = MIN (span.begin_ns, trace->info.end_ns);
    span.end_ns = MIN (span.end_ns, trace->info.end_ns);
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
  for (uint32_t i = 0; i < track->n; i++) {
    LsSpan interval = ls_track_get_span (trace, track, i);
    sum += ls_span_overlap (interval, span);
    *n_intervals += interval.begin_ns < span.end_ns && interval.end_ns > span.begin_ns;
  }
  return sum;
}

/* -- States: waits and sleeps, which do not overlap, and the rest of the thread's life -- */

static LsStateKind
get_state (const LsTrace *trace, const LsTrack *waits, uint32_t i)
{
  return (LsStateKind) LS_WAIT_STATE (trace->waits.infos[waits->begins - trace->waits.begins + i]);
}

LsTimes *
ls_states_new (const LsTrace *trace, const LsTrack *waits)
{
  uint32_t n = waits->n;
  if (n <= STATES_BLOCK)
    return NULL;
  LsTimes *times = g_new0 (LsTimes, 1);
  times->states = g_malloc_n (n / STATES_BLOCK + 1, sizeof *times->states);
  times->state_begins = g_new (int64_t, n / STATES_BLOCK + 1);
  uint64_t sums[N_SUMS] = { 0 };
  for (uint32_t i = 0; i <= n; i++) {
    if (i % STATES_BLOCK == 0) {
      memcpy (times->states[i / STATES_BLOCK], sums, sizeof sums);
      times->state_begins[i / STATES_BLOCK] =
        i < n ? begin_ns (trace, waits, i) : trace->info.end_ns;
    }
    if (i == n)
      break;
    LsSpan span = ls_track_get_span (trace, waits, i);
    sums[get_state (trace, waits, i) - LS_STATE_WAIT_LOCK] +=
      (uint64_t) (span.end_ns - span.begin_ns);
  }
  return times;
}

/* A sweep over a thread's waits, in the order of time. */
typedef struct {
  uint32_t at;            /* the first that begins at or after the moment */
  uint64_t whole[N_SUMS]; /* time per state of those before it, to their ends */
  LsSpan life;
  bool is_dense; /* so far glances suffice */
  uint32_t block;
} Sweep;

/* The first from `low` on that begins at or after t: near ones are found soon. */
static uint32_t
gallop (const LsTrace *trace, const LsTrack *track, uint32_t low, int64_t t)
{
  uint64_t high = low, step = 1;
  while (high < track->n && begin_ns (trace, track, (uint32_t) high) < t) {
    low = (uint32_t) high + 1;
    high += step;
    step *= 2;
  }
  high = MIN (high, track->n);
  while (low < high) {
    uint32_t middle = low + (uint32_t) (high - low) / 2;
    if (begin_ns (trace, track, middle) < t)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* Moves on to t, and gives the time per state before it; whether a wait lasts past it. */
static bool
sweep_to (const LsTrace *trace,
          const LsTrack *waits,
          Sweep *sweep,
          int64_t t,
          int64_t before[LS_STATE_N])
{
  uint32_t to = gallop (trace, waits, sweep->at, t);
  if (waits->times && to / STATES_BLOCK > sweep->at / STATES_BLOCK) {
    sweep->at = to / STATES_BLOCK * STATES_BLOCK;
    memcpy (sweep->whole, waits->times->states[to / STATES_BLOCK], sizeof sweep->whole);
  }
  for (; sweep->at < to; sweep->at++) {
    LsSpan span = ls_track_get_span (trace, waits, sweep->at);
    sweep->whole[get_state (trace, waits, sweep->at) - LS_STATE_WAIT_LOCK] +=
      (uint64_t) (span.end_ns - span.begin_ns);
  }
  before[LS_STATE_NONE] = 0;
  memcpy (before + LS_STATE_WAIT_LOCK, sweep->whole, sizeof sweep->whole);
  int64_t rest = 0;
  if (to > 0) { /* waits do not overlap, so that only the last one begun can last past t */
    rest = MAX (ls_track_get_span (trace, waits, to - 1).end_ns - t, 0);
    before[get_state (trace, waits, to - 1)] -= rest;
  }
  int64_t waited = 0;
  for (int state = LS_STATE_WAIT_LOCK; state < LS_STATE_N; state++)
    waited += before[state];
  before[LS_STATE_NOT_WAITING] =
    CLAMP (t, sweep->life.begin_ns, sweep->life.end_ns) - sweep->life.begin_ns - waited;
  return rest > 0;
}

/* Columns of this many waits each, and as many of them as a picture has, need not be told exactly. */
#define DENSE_WAITS (2 * STATES_BLOCK)
#define LEAST_DENSE_COLUMNS 64

static bool
is_dense (const LsTrace *trace, const LsTrack *waits, const int64_t *edges, uint32_t n_columns)
{
  if (!waits->times || n_columns < LEAST_DENSE_COLUMNS)
    return false;
  uint32_t begin = ls_track_find_begin (trace, waits, edges[0]);
  uint32_t end = ls_track_find_begin (trace, waits, edges[n_columns]);
  return end > begin && (end - begin) / n_columns >= DENSE_WAITS;
}

/* The same within whole blocks, whose waits are taken to be spread evenly: so a column may lack a
 * little that its neighbour has, and none is lost; and what is asked lies in a row. */
static void
glance_at (const LsTrack *waits, Sweep *sweep, int64_t t, int64_t before[LS_STATE_N])
{
  const LsTimes *times = waits->times;
  uint32_t block = sweep->block;
  while (times->state_begins[block + 1] <= t)
    block++;
  int64_t begin = times->state_begins[block], end = times->state_begins[block + 1];
  double share = CLAMP ((double) (t - begin) / (double) (end - begin), 0, 1);
  int64_t waited = 0;
  for (int state = LS_STATE_WAIT_LOCK; state < LS_STATE_N; state++) {
    uint64_t from = times->states[block][state - LS_STATE_WAIT_LOCK];
    uint64_t to = times->states[block + 1][state - LS_STATE_WAIT_LOCK];
    before[state] = (int64_t) from + (int64_t) (share * (double) (to - from));
    waited += before[state];
  }
  before[LS_STATE_NONE] = 0;
  before[LS_STATE_NOT_WAITING] =
    CLAMP (t, sweep->life.begin_ns, sweep->life.end_ns) - sweep->life.begin_ns - waited;
  sweep->block = block;
  sweep->at = block * STATES_BLOCK + (uint32_t) (share * STATES_BLOCK);
}

static bool
look_at (const LsTrace *trace,
         const LsTrack *waits,
         Sweep *sweep,
         int64_t t,
         int64_t before[LS_STATE_N])
{
  uint32_t n_blocks = waits->n / STATES_BLOCK;
  if (sweep->is_dense && t < waits->times->state_begins[n_blocks]) {
    glance_at (waits, sweep, t, before);
    return false;
  }
  if (sweep->is_dense) { /* what no block holds comes last */
    sweep->is_dense = false;
    sweep->at = n_blocks * STATES_BLOCK;
    memcpy (sweep->whole, waits->times->states[n_blocks], sizeof sweep->whole);
  }
  return sweep_to (trace, waits, sweep, t, before);
}

void
ls_states_sum (const LsTrace *trace,
               uint32_t thread,
               const int64_t *edges,
               uint32_t n_columns,
               LsMix *mixes)
{
  const LsTrack *waits = &trace->thread_lanes[thread].waits;
  const LsThread *info = &trace->threads[thread];
  memset (mixes, 0, n_columns * sizeof *mixes);
  if (info->first_event == LS_NONE)
    return;
  Sweep sweep = { .life = { ls_columns_get_ts (&trace->columns, info->first_event),
                            info->finish_event == LS_NONE
                              ? trace->info.end_ns
                              : ls_columns_get_ts (&trace->columns, info->finish_event) } };
  int64_t before[LS_STATE_N], after[LS_STATE_N];
  sweep.is_dense = is_dense (trace, waits, edges, n_columns);
  bool waits_on = look_at (trace, waits, &sweep, edges[0], before);
  for (uint32_t column = 0; column < n_columns; column++) {
    uint32_t from = sweep.at;
    bool waited = waits_on;
    waits_on = look_at (trace, waits, &sweep, edges[column + 1], after);
    LsMix *mix = &mixes[column];
    for (int state = 0; state < LS_STATE_N; state++)
      mix->ns[state] = after[state] - before[state];
    mix->n_intervals = (sweep.at - from) + waited +
                       (mix->ns[LS_STATE_NOT_WAITING] > 0 ? sweep.at - from + !waited : 0);
    memcpy (before, after, sizeof before);
  }
}
