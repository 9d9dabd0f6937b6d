/* SPDX-License-Identifier: MIT */
/* All summaries of a trace: their life, and the questions they answer. */
#include "summary.h"
#include "tasks.h"

static void
build_track (const LsTrace *trace, LsTrack *track)
{
  ls_track_seal (track);
  track->times = ls_times_new (trace, track);
}

static void
free_track (LsTrack *track)
{
  g_clear_pointer (&track->times, ls_times_free);
  ls_track_clear (track);
}

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
  lane->waits.times = ls_states_new (trace, &lane->waits);
}

static void
summarize_object (LsTrace *trace, uint32_t object)
{
  LsObjectLane *lane = &trace->object_lanes[object];
  build_track (trace, &lane->holds);
  build_track (trace, &lane->waits);
  lane->holders = ls_holders_new (trace, &lane->holds);
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
    free_track (&trace->thread_lanes[i].waits);
    free_track (&trace->thread_lanes[i].holds);
    free_track (&trace->thread_lanes[i].regions);
  }
  for (uint32_t i = 0; trace->object_lanes && i < trace->n_objects; i++) {
    LsObjectLane *lane = &trace->object_lanes[i];
    free_track (&lane->holds);
    free_track (&lane->waits);
    g_clear_pointer (&lane->holders, ls_holders_free);
    g_clear_pointer (&lane->numbers, ls_numbers_free);
    g_clear_pointer (&lane->tellers, g_free);
  }
  g_clear_pointer (&trace->counter_numbers, g_ptr_array_unref);
  g_clear_pointer (&trace->majority, ls_majority_free);
}

/* -- Asking -- */

void
ls_trace_sum_thread (const LsTrace *trace, uint32_t thread, LsSpan span, LsMix *mix)
{
  int64_t edges[] = { span.begin_ns, MAX (span.begin_ns, span.end_ns) };
  ls_trace_sum_thread_columns (trace, thread, edges, 1, mix);
}

void
ls_trace_sum_thread_columns (const LsTrace *trace,
                             uint32_t thread,
                             const int64_t *edges_ns,
                             uint32_t n_columns,
                             LsMix *mixes)
{
  ls_states_sum (trace, thread, edges_ns, n_columns, mixes);
}

void
ls_trace_sum_object (const LsTrace *trace, uint32_t object, LsSpan span, LsMix *mix)
{
  *mix = (LsMix){ 0 };
  const LsObjectLane *lane = &trace->object_lanes[object];
  uint32_t n_holds, n_waits;
  mix->ns[LS_STATE_NOT_WAITING] = ls_times_sum (trace, &lane->holds, span, &n_holds);
  int64_t waited = ls_times_sum (trace, &lane->waits, span, &n_waits);
  bool is_signal = ls_object_rows[trace->objects[object].kind].flags & LS_OBJ_SIGNAL;
  mix->ns[is_signal ? LS_STATE_WAIT_SIGNAL : LS_STATE_WAIT_LOCK] = waited;
  mix->n_intervals = n_holds + n_waits;
}

uint32_t
ls_trace_find_dominant_holder (const LsTrace *trace, uint32_t object, LsSpan span, int64_t *held_ns)
{
  const LsObjectLane *lane = &trace->object_lanes[object];
  uint32_t n_holds;
  int64_t held = ls_times_sum (trace, &lane->holds, span, &n_holds);
  if (held_ns)
    *held_ns = held;
  return ls_holders_find_dominant (trace, &lane->holds, lane->holders, span, held);
}

bool
ls_trace_sum_value (const LsTrace *trace, uint32_t object, LsSpan span, LsValueMix *mix)
{
  return ls_numbers_sum (trace, trace->object_lanes[object].numbers, span, mix);
}

bool
ls_trace_sum_counter (const LsTrace *trace, uint32_t counter, LsSpan span, LsValueMix *mix)
{
  return ls_numbers_sum (trace, g_ptr_array_index (trace->counter_numbers, counter), span, mix);
}
