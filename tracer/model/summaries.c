/* SPDX-License-Identifier: MIT */
/* All summaries of a trace: their life, and the questions they answer. */
#include <string.h>

#include "summary.h"
#include "tasks.h"

/* What says something of a value: accesses that tell it, and the ends of its lives. */
static bool
is_teller (const LsTrace *trace, uint32_t object, uint32_t k)
{
  LsValue value;
  LsEventKind kind = ls_columns_get_kind (&trace->columns, k);
  if (ls_columns_get_object (&trace->columns, k) != object)
    return false;
  return kind == LS_EV_INIT || kind == LS_EV_DESTROY || ls_trace_get_told_value (trace, k, &value);
}

static void
build_tellers (LsTrace *trace, uint32_t object)
{
  LsObjectLane *lane = &trace->object_lanes[object];
  uint32_t n;
  const uint32_t *events = ls_trace_get_object_events (trace, object, &n);
  for (uint32_t i = 0; i < n; i++)
    lane->n_tellers += is_teller (trace, object, events[i]);
  if (lane->n_tellers == n)
    return;
  lane->tellers = g_new (uint32_t, lane->n_tellers + 1);
  for (uint32_t i = 0, told = 0; i < n; i++)
    if (is_teller (trace, object, events[i]))
      lane->tellers[told++] = events[i];
}

static void
summarize_thread (LsTrace *trace, uint32_t thread)
{
  LsThreadLane *lane = &trace->thread_lanes[thread];
  ls_track_seal (&lane->waits);
  ls_track_seal (&lane->holds);
  ls_track_seal (&lane->regions);
  if (lane->waits.n > LS_FEW)
    lane->states = ls_states_new (trace, &lane->waits);
}

static void
summarize_object (LsTrace *trace, uint32_t object)
{
  LsObjectLane *lane = &trace->object_lanes[object];
  ls_track_seal (&lane->holds);
  ls_track_seal (&lane->waits);
  if (lane->holds.n > LS_FEW)
    lane->holders = ls_holders_new (trace, &lane->holds);
  if (lane->waits.n > LS_FEW)
    lane->waiters = ls_stairs_new (trace, &lane->waits);
  if (trace->objects[object].kind == LS_OBJECT_VALUE)
    build_tellers (trace, object);
  lane->numbers = ls_numbers_new_of_object (trace, object);
}

static void
summarize_counters (LsTrace *trace)
{
  trace->counter_numbers = g_ptr_array_new_with_free_func ((GDestroyNotify) ls_numbers_free);
  for (guint i = 0; i < trace->counter_events->len; i++) {
    const GArray *events = g_ptr_array_index (trace->counter_events, i);
    g_ptr_array_add (trace->counter_numbers,
                     ls_numbers_new_of_events (trace, (const uint32_t *) events->data,
                                               events->len));
  }
}

/* Lanes are handed out some at a time; what concerns all comes first, it takes longest. */
#define LANES_AT_ONCE 8

static void
summarize (guint piece, gpointer data)
{
  LsTrace *trace = data;
  if (ls_trace_is_given_up (trace, 0))
    return;
  if (piece == 0) {
    trace->majority = ls_majority_new (trace);
    summarize_counters (trace);
    return;
  }
  guint n_thread_pieces = (trace->n_threads + LANES_AT_ONCE - 1) / LANES_AT_ONCE;
  if (--piece < n_thread_pieces) {
    for (uint32_t i = piece * LANES_AT_ONCE;
         i < MIN ((piece + 1) * LANES_AT_ONCE, trace->n_threads); i++)
      summarize_thread (trace, i);
    return;
  }
  piece -= n_thread_pieces;
  for (uint32_t i = piece * LANES_AT_ONCE;
       i < MIN ((piece + 1) * (uint64_t) LANES_AT_ONCE, trace->n_objects); i++)
    summarize_object (trace, i);
}

void
ls_trace_build_summaries (LsTrace *trace)
{
  guint n_pieces = 1 + (trace->n_threads + LANES_AT_ONCE - 1) / LANES_AT_ONCE +
                   trace->n_objects / LANES_AT_ONCE + (trace->n_objects % LANES_AT_ONCE != 0);
  ls_tasks_run (trace->n_workers, summarize, n_pieces, trace);
}

void
ls_trace_free_summaries (LsTrace *trace)
{
  for (uint32_t i = 0; trace->thread_lanes && i < trace->n_threads; i++) {
    LsThreadLane *lane = &trace->thread_lanes[i];
    ls_track_clear (&lane->waits);
    ls_track_clear (&lane->holds);
    ls_track_clear (&lane->regions);
    g_clear_pointer (&lane->states, ls_states_free);
  }
  for (uint32_t i = 0; trace->object_lanes && i < trace->n_objects; i++) {
    LsObjectLane *lane = &trace->object_lanes[i];
    ls_track_clear (&lane->holds);
    ls_track_clear (&lane->waits);
    g_clear_pointer (&lane->holders, ls_holders_free);
    g_clear_pointer (&lane->waiters, ls_stairs_free);
    g_clear_pointer (&lane->numbers, ls_numbers_free);
    g_clear_pointer (&lane->tellers, g_free);
  }
  g_clear_pointer (&trace->counter_numbers, g_ptr_array_unref);
  g_clear_pointer (&trace->majority, ls_majority_free);
}

/* -- Asking -- */

/* A column alone. */
typedef struct {
  int64_t edges_ns[2];
  uint32_t events[2];
  uint64_t columns_ns[2];
  LsGrid grid;
} Column;

static const LsGrid *
init_column (Column *column, const LsTrace *trace, LsSpan span)
{
  *column = (Column){ .edges_ns = { span.begin_ns, MAX (span.begin_ns, span.end_ns) } };
  for (int i = 0; i < 2; i++)
    column->events[i] = ls_columns_find_ts (&trace->columns, column->edges_ns[i]);
  column->grid = (LsGrid){ 1, column->edges_ns, column->events, column->columns_ns };
  return &column->grid;
}

void
ls_trace_sum_thread (const LsTrace *trace, uint32_t thread, LsSpan span, LsMix *mix)
{
  Column column;
  ls_trace_sum_thread_columns (trace, thread, init_column (&column, trace, span), mix);
}

void
ls_trace_sum_object (const LsTrace *trace, uint32_t object, LsSpan span, LsObjectMix *mix)
{
  Column column;
  ls_trace_sum_object_columns (trace, object, init_column (&column, trace, span), mix, NULL);
}

void
ls_trace_sum_object_columns (const LsTrace *trace,
                             uint32_t object,
                             const LsGrid *grid,
                             LsObjectMix *mixes,
                             uint32_t *holders)
{
  const LsObjectLane *lane = &trace->object_lanes[object];
  LsStairs *own = lane->waiters ? NULL : ls_stairs_new (trace, &lane->waits);
  const LsStairs *waiters = lane->waiters ? lane->waiters : own;
  if (lane->holds.n == 0 || !waiters)
    memset (mixes, 0, grid->n_columns * sizeof *mixes);
  ls_holders_sum (trace, lane, grid, mixes, holders);
  if (waiters)
    ls_stairs_sum (waiters, grid, mixes, false);
  ls_stairs_free (own);
}

bool
ls_trace_sum_value (const LsTrace *trace, uint32_t object, LsSpan span, LsValueMix *mix)
{
  Column column;
  ls_trace_sum_value_columns (trace, object, init_column (&column, trace, span), mix);
  return mix->n > 0;
}

void
ls_trace_sum_value_columns (const LsTrace *trace,
                            uint32_t object,
                            const LsGrid *grid,
                            LsValueMix *mixes)
{
  ls_numbers_sum (trace->object_lanes[object].numbers, grid, mixes);
}

void
ls_trace_sum_counter_columns (const LsTrace *trace,
                              uint32_t counter,
                              const LsGrid *grid,
                              LsValueMix *mixes)
{
  ls_numbers_sum (g_ptr_array_index (trace->counter_numbers, counter), grid, mixes);
}
