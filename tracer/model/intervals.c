/* SPDX-License-Identifier: MIT */
/**
 * What lasts, out of one pass over the events in order: each thread's state, holds and regions, and
 * each object's holds and waits. Contradictions are reported and shown as far as they can be.
 */
#include "intervals.h"

#include "walk.h"

LsInterval *
ls_track_append (LsTrack *track, const LsInterval *interval)
{
  if (!track->intervals)
    track->intervals = g_array_new (FALSE, FALSE, sizeof (LsInterval));
  g_array_append_vals (track->intervals, interval, 1);
  return ls_track_at (track, track->intervals->len - 1);
}

/* -- States -- */

static void
begin_state (LsWalk *walk, uint32_t k, const LsEvent *event, LsStateKind state)
{
  LsThreadWalk *thread = &walk->threads[event->thread];
  LsTrack *track = &walk->trace->thread_lanes[event->thread].states;
  bool waits = state == LS_STATE_WAIT_LOCK || state == LS_STATE_WAIT_SIGNAL;
  LsInterval interval = {
    .begin_event = k,
    .end_event = LS_NONE,
    .thread = event->thread,
    .object = waits ? event->object : LS_NONE,
    .peer = waits ? event->peer : LS_NONE,
    .state = state,
    .outcome = waits ? LS_OUTCOME_NEVER : LS_OUTCOME_GOT,
    .mode = event->mode,
  };
  ls_track_append (track, &interval);
  thread->state = track->intervals->len - 1;
  thread->object_wait = LS_NONE;
  if (interval.object != LS_NONE) {
    LsTrack *waiters = &walk->trace->object_lanes[interval.object].waits;
    ls_track_append (waiters, &interval);
    thread->object_wait = waiters->intervals->len - 1;
  }
}

static LsInterval *
current_state (const LsWalk *walk, uint32_t thread)
{
  return ls_track_at (&walk->trace->thread_lanes[thread].states, walk->threads[thread].state);
}

static void
end_state (LsWalk *walk, uint32_t thread, uint32_t k, LsOutcome outcome)
{
  LsInterval *interval = current_state (walk, thread);
  interval->end_event = k;
  interval->outcome = outcome;
  uint32_t in_object = walk->threads[thread].object_wait;
  if (in_object != LS_NONE) {
    LsInterval *wait = ls_track_at (&walk->trace->object_lanes[interval->object].waits, in_object);
    wait->end_event = k;
    wait->outcome = outcome;
  }
}

static LsStateKind
state_of_wait (const LsTrace *trace, const LsEvent *event)
{
  if (event->object == LS_NONE)
    return LS_STATE_WAIT_SIGNAL;
  LsObjectKind kind = trace->objects[event->object].kind;
  bool is_lock = kind == LS_OBJECT_UNKNOWN || ls_object_rows[kind].flags & LS_OBJ_LOCK;
  return is_lock ? LS_STATE_WAIT_LOCK : LS_STATE_WAIT_SIGNAL;
}

static LsOutcome
outcome_of (const LsWalk *walk, const LsEvent *event, const LsInterval *wait, bool failed)
{
  if (failed || event->ev == LS_EV_FAIL)
    return LS_OUTCOME_FAIL;
  if (event->ev == LS_EV_TIMEOUT)
    return LS_OUTCOME_TIMEOUT;
  if (event->ev == LS_EV_WAKE && event->object != LS_NONE &&
      walk->trace->objects[event->object].kind == LS_OBJECT_COND) {
    uint32_t signal = walk->objects[event->object].last_signal;
    if (signal == LS_NONE || signal < wait->begin_event)
      return LS_OUTCOME_SPURIOUS;
  }
  return LS_OUTCOME_GOT;
}

/* Whether the event ends the thread's wait or sleep; it does when it is of the same target. */
static bool
ends_wait (const LsEvent *event, const LsInterval *state)
{
  if (state->state == LS_STATE_SLEEP)
    return event->ev == LS_EV_WAKE && event->object == LS_NONE;
  return (state->state == LS_STATE_WAIT_LOCK || state->state == LS_STATE_WAIT_SIGNAL) &&
         event->object == state->object && event->peer == state->peer;
}

static void
maybe_end_wait (LsWalk *walk, uint32_t k, const LsEvent *event, bool failed)
{
  LsInterval *state = current_state (walk, event->thread);
  if (!ends_wait (event, state))
    return;
  if (event->ev == LS_EV_ACQUIRE && !failed)
    walk->trace->objects[event->object].n_contended++;
  end_state (walk, event->thread, k, outcome_of (walk, event, state, failed));
  begin_state (walk, k, event, LS_STATE_NOT_WAITING);
}

/* -- Regions -- */

static void
begin_region (LsWalk *walk, uint32_t k, const LsEvent *event)
{
  LsThreadWalk *thread = &walk->threads[event->thread];
  LsThreadLane *lane = &walk->trace->thread_lanes[event->thread];
  if (!thread->regions)
    thread->regions = g_array_new (FALSE, FALSE, sizeof (uint32_t));
  LsInterval interval = {
    .begin_event = k,
    .end_event = LS_NONE,
    .thread = event->thread,
    .object = LS_NONE,
    .peer = LS_NONE,
    .row = (uint8_t) MIN (thread->regions->len, 255),
  };
  ls_track_append (&lane->regions, &interval);
  uint32_t index = lane->regions.intervals->len - 1;
  g_array_append_val (thread->regions, index);
  lane->n_region_rows = MAX (lane->n_region_rows, interval.row + 1u);
}

static void
end_region (LsWalk *walk, uint32_t k, uint32_t index)
{
  LsThreadWalk *thread = &walk->threads[index];
  if (!thread->regions || thread->regions->len == 0)
    return;
  uint32_t region = g_array_index (thread->regions, uint32_t, thread->regions->len - 1);
  g_array_set_size (thread->regions, thread->regions->len - 1);
  ls_track_at (&walk->trace->thread_lanes[index].regions, region)->end_event = k;
}

/* -- The pass -- */

static void
finish_thread (LsWalk *walk, uint32_t k, uint32_t index)
{
  LsThreadWalk *thread = &walk->threads[index];
  LsInterval *state = current_state (walk, index);
  end_state (walk, index, k, state->outcome);
  while (thread->regions && thread->regions->len > 0)
    end_region (walk, k, index);
  thread->alive = false;
  thread->finished = true;
}

static void
walk_target (LsWalk *walk, uint32_t k, const LsEvent *event, bool failed)
{
  switch ((int) event->ev) {
  case LS_EV_WAIT:
    end_state (walk, event->thread, k, current_state (walk, event->thread)->outcome);
    begin_state (walk, k, event, state_of_wait (walk->trace, event));
    break;
  case LS_EV_SLEEP:
    end_state (walk, event->thread, k, current_state (walk, event->thread)->outcome);
    begin_state (walk, k, event, LS_STATE_SLEEP);
    break;
  case LS_EV_ACQUIRE:
    if (!failed) {
      walk->trace->objects[event->object].n_acquires++;
      ls_walk_acquire (walk, k, event);
    }
    break;
  case LS_EV_RELEASE:
    if (!failed)
      ls_walk_release (walk, k, event);
    break;
  case LS_EV_SIGNAL:
  case LS_EV_BROADCAST:
  case LS_EV_SET:
    walk->objects[event->object].last_signal = k;
    break;
  case LS_EV_BEGIN:
    begin_region (walk, k, event);
    break;
  case LS_EV_END:
    end_region (walk, k, event->thread);
    break;
  case LS_EV_FINISH:
    finish_thread (walk, k, event->thread);
    break;
  default:
    break;
  }
}

static void
walk_event (LsWalk *walk, uint32_t k)
{
  LsEvent event;
  ls_trace_get_event (walk->trace, k, &event);
  LsThreadWalk *thread = &walk->threads[event.thread];
  if (thread->finished)
    return; /* told by ls_trace_describe_threads() */
  if (!thread->alive) {
    thread->alive = true;
    begin_state (walk, k, &event, LS_STATE_NOT_WAITING);
  }
  bool failed = ls_trace_event_failed (walk->trace, k);
  if (ls_event_rows[event.ev].flags & LS_EV_ENDS_WAIT)
    maybe_end_wait (walk, k, &event, failed);
  if (event.object == LS_NONE && ls_event_rows[event.ev].target == LS_TARGET_OBJECT)
    return;
  walk_target (walk, k, &event, failed);
}

static void
set_reach (LsTrack *track)
{
  uint32_t reach = 0;
  for (guint i = 0; track->intervals && i < track->intervals->len; i++) {
    LsInterval *interval = ls_track_at (track, i);
    reach = MAX (reach, interval->end_event); /* LS_NONE is the greatest */
    interval->reach = reach;
  }
}

static void
clear_walk (LsWalk *walk)
{
  for (uint32_t i = 0; i < walk->trace->n_threads; i++) {
    g_clear_pointer (&walk->threads[i].holds, g_array_unref);
    g_clear_pointer (&walk->threads[i].regions, g_array_unref);
    g_clear_pointer (&walk->threads[i].rows, g_byte_array_unref);
  }
  for (uint32_t i = 0; i < walk->trace->n_objects; i++)
    g_clear_pointer (&walk->objects[i].owners, g_array_unref);
  g_free (walk->threads);
  g_free (walk->objects);
}

void
ls_trace_build_intervals (LsTrace *trace)
{
  trace->thread_lanes = g_new0 (LsThreadLane, trace->n_threads + 1);
  trace->object_lanes = g_new0 (LsObjectLane, trace->n_objects + 1);
  ls_trace_find_gates (trace);
  LsWalk walk = {
    .trace = trace,
    .threads = g_new0 (LsThreadWalk, trace->n_threads + 1),
    .objects = g_new0 (LsObjectWalk, trace->n_objects + 1),
  };
  for (uint32_t i = 0; i < trace->n_objects; i++)
    walk.objects[i].last_signal = LS_NONE;
  for (uint32_t k = 0; k < trace->columns.n; k++)
    walk_event (&walk, k);
  clear_walk (&walk);

  for (uint32_t i = 0; i < trace->n_threads; i++) {
    set_reach (&trace->thread_lanes[i].states);
    set_reach (&trace->thread_lanes[i].holds);
    set_reach (&trace->thread_lanes[i].regions);
  }
  for (uint32_t i = 0; i < trace->n_objects; i++) {
    set_reach (&trace->object_lanes[i].holds);
    set_reach (&trace->object_lanes[i].waits);
  }
}

/* -- Reading -- */

static const LsInterval *
get_intervals (const LsTrack *track, uint32_t *n)
{
  *n = track->intervals ? track->intervals->len : 0;
  return *n > 0 ? (const LsInterval *) track->intervals->data : NULL;
}

LsSpan
ls_interval_get_span (const LsTrace *trace, const LsInterval *interval)
{
  return (LsSpan){
    .begin_ns = trace->columns.ts[interval->begin_event],
    .end_ns =
      interval->end_event == LS_NONE ? trace->info.end_ns : trace->columns.ts[interval->end_event],
  };
}

const LsInterval *
ls_trace_get_thread_states (const LsTrace *trace, uint32_t thread, uint32_t *n)
{
  return get_intervals (&trace->thread_lanes[thread].states, n);
}

const LsInterval *
ls_trace_get_thread_holds (const LsTrace *trace, uint32_t thread, uint32_t *n)
{
  return get_intervals (&trace->thread_lanes[thread].holds, n);
}

const LsInterval *
ls_trace_get_thread_regions (const LsTrace *trace, uint32_t thread, uint32_t *n)
{
  return get_intervals (&trace->thread_lanes[thread].regions, n);
}

const LsInterval *
ls_trace_get_object_holds (const LsTrace *trace, uint32_t object, uint32_t *n)
{
  return get_intervals (&trace->object_lanes[object].holds, n);
}

const LsInterval *
ls_trace_get_object_waits (const LsTrace *trace, uint32_t object, uint32_t *n)
{
  return get_intervals (&trace->object_lanes[object].waits, n);
}

uint32_t
ls_trace_get_n_hold_rows (const LsTrace *trace, uint32_t thread)
{
  return trace->thread_lanes[thread].n_hold_rows;
}

uint32_t
ls_trace_get_n_region_rows (const LsTrace *trace, uint32_t thread)
{
  return trace->thread_lanes[thread].n_region_rows;
}

uint32_t
ls_trace_find_interval (const LsTrace *trace,
                        const LsInterval *intervals,
                        uint32_t n,
                        int64_t ts_ns)
{
  uint32_t low = 0, high = n;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    uint32_t reach = intervals[middle].reach;
    int64_t end_ns = reach == LS_NONE ? trace->info.end_ns : trace->columns.ts[reach];
    if (end_ns <= ts_ns)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}
