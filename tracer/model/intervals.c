/* SPDX-License-Identifier: MIT */
/**
 * What lasts, out of one pass over the events in order: each thread's state, holds and regions, and
 * each object's holds and waits. Contradictions are reported and shown as far as they can be.
 */
#include "intervals.h"

#include "walk.h"

uint32_t
ls_track_append (LsTrack *track, const LsInterval *interval)
{
  if (track->n == track->capacity) {
    track->capacity = track->capacity ? track->capacity * 2 : 4;
    track->intervals = g_renew (LsInterval, track->intervals, track->capacity);
  }
  track->intervals[track->n] = *interval;
  return track->n++;
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
  thread->state = ls_track_append (track, &interval);
  thread->object_wait = LS_NONE;
  if (interval.object != LS_NONE)
    thread->object_wait =
      ls_track_append (&walk->trace->object_lanes[interval.object].waits, &interval);
}

static LsInterval *
current_state (const LsWalk *walk, uint32_t thread)
{
  return &walk->trace->thread_lanes[thread].states.intervals[walk->threads[thread].state];
}

static void
end_state (LsWalk *walk, uint32_t thread, uint32_t k, LsOutcome outcome)
{
  LsInterval *interval = current_state (walk, thread);
  interval->end_event = k;
  interval->outcome = (uint8_t) outcome;
  uint32_t in_object = walk->threads[thread].object_wait;
  if (in_object != LS_NONE) {
    LsInterval *wait = &walk->trace->object_lanes[interval->object].waits.intervals[in_object];
    wait->end_event = k;
    wait->outcome = (uint8_t) outcome;
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
    const LsTrace *trace = walk->trace;
    uint32_t signal = walk->objects[event->object].last_signal;
    bool may_miss_one = trace->info.absence_is_no_proof || trace->objects[event->object].shared;
    if (!may_miss_one && (signal == LS_NONE || signal < wait->begin_event))
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

/* -- The pass -- */

/* Ends the state, which something else follows: a wait whose end the trace does not tell is over
 * then, somehow. */
static void
supersede_state (LsWalk *walk, uint32_t k, const LsEvent *event, LsStateKind next)
{
  end_state (walk, event->thread, k, LS_OUTCOME_GOT);
  begin_state (walk, k, event, next);
}

static void
finish_thread (LsWalk *walk, uint32_t k, uint32_t index)
{
  LsThreadWalk *thread = &walk->threads[index];
  end_state (walk, index, k, (LsOutcome) current_state (walk, index)->outcome);
  ls_walk_end_regions (walk, k, index, 0);
  thread->alive = false;
  thread->finished = true;
}

/* What an event does to objects; also after its thread's finish, where the trace contradicts itself
 * but a lock is given back all the same. */
static void
walk_object (LsWalk *walk, uint32_t k, const LsEvent *event)
{
  switch ((int) event->ev) {
  case LS_EV_ACQUIRE:
    walk->trace->objects[event->object].n_acquires++;
    ls_walk_acquire (walk, k, event);
    break;
  case LS_EV_RELEASE:
    ls_walk_release (walk, k, event);
    break;
  case LS_EV_SIGNAL:
  case LS_EV_BROADCAST:
  case LS_EV_SET:
    walk->objects[event->object].last_signal = k;
    break;
  case LS_EV_INIT:
  case LS_EV_DESTROY:
    ls_walk_end_life (walk, k, event->object);
    break;
  default:
    break;
  }
}

static void
walk_thread (LsWalk *walk, uint32_t k, const LsEvent *event, bool failed)
{
  if (ls_event_rows[event->ev].flags & LS_EV_ENDS_WAIT)
    maybe_end_wait (walk, k, event, failed);
  switch ((int) event->ev) {
  case LS_EV_WAIT:
    supersede_state (walk, k, event, state_of_wait (walk->trace, event));
    break;
  case LS_EV_SLEEP:
    supersede_state (walk, k, event, LS_STATE_SLEEP);
    break;
  case LS_EV_BEGIN:
    ls_walk_begin_region (walk, k, event);
    break;
  case LS_EV_END:
    ls_walk_end_region (walk, k, event);
    break;
  case LS_EV_FINISH:
    finish_thread (walk, k, event->thread);
    break;
  default:
    break;
  }
}

/* Accesses and the like neither begin nor end anything. */
static bool
is_momentary (LsEventKind kind)
{
  return kind == LS_EV_COUNT || kind == LS_EV_MARK || kind == LS_EV_YIELD ||
         ls_event_rows[kind].flags & (LS_EV_READS | LS_EV_WRITES);
}

static void
walk_event (LsWalk *walk, uint32_t k)
{
  LsEvent event;
  LsThreadWalk *thread = &walk->threads[ls_trace_get_event_thread (walk->trace, k)];
  if ((thread->alive || thread->finished) && is_momentary (ls_trace_get_kind (walk->trace, k)))
    return;
  ls_trace_get_event (walk->trace, k, &event);
  if (!thread->alive && !thread->finished) {
    thread->alive = true;
    begin_state (walk, k, &event, LS_STATE_NOT_WAITING);
  }
  bool failed = ls_trace_event_failed (walk->trace, k);
  if (thread->alive)
    walk_thread (walk, k, &event, failed);
  if (event.object != LS_NONE && !failed)
    walk_object (walk, k, &event);
}

/* Lets go of what the track grew to and does not need. */
static void
seal_track (LsTrack *track)
{
  uint32_t reach = 0;
  for (uint32_t i = 0; i < track->n; i++) {
    reach = MAX (reach, track->intervals[i].end_event); /* LS_NONE is the greatest */
    track->intervals[i].reach = reach;
  }
  if (track->n > 0)
    track->intervals = g_renew (LsInterval, track->intervals, track->n);
  track->capacity = track->n;
}

static void
clear_walk (LsWalk *walk)
{
  ls_walk_clear_holds (walk);
  for (uint32_t i = 0; i < walk->trace->n_threads; i++) {
    g_clear_pointer (&walk->threads[i].regions, g_array_unref);
    g_clear_pointer (&walk->threads[i].rows, g_byte_array_unref);
  }
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
  ls_walk_init_holds (&walk);
  for (uint32_t k = 0; k < trace->columns.n; k++)
    walk_event (&walk, k);
  clear_walk (&walk);

  for (uint32_t i = 0; i < trace->n_threads; i++) {
    seal_track (&trace->thread_lanes[i].states);
    seal_track (&trace->thread_lanes[i].holds);
    seal_track (&trace->thread_lanes[i].regions);
  }
  for (uint32_t i = 0; i < trace->n_objects; i++) {
    seal_track (&trace->object_lanes[i].holds);
    seal_track (&trace->object_lanes[i].waits);
  }
}

/* -- Reading -- */

static const LsInterval *
get_intervals (const LsTrack *track, uint32_t *n)
{
  *n = track->n;
  return track->intervals;
}

LsSpan
ls_interval_get_span (const LsTrace *trace, const LsInterval *interval)
{
  return (LsSpan){
    .begin_ns = ls_columns_get_ts (&trace->columns, interval->begin_event),
    .end_ns = interval->end_event == LS_NONE
                ? trace->info.end_ns
                : ls_columns_get_ts (&trace->columns, interval->end_event),
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
    int64_t end_ns =
      reach == LS_NONE ? trace->info.end_ns : ls_columns_get_ts (&trace->columns, reach);
    if (end_ns <= ts_ns)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}
