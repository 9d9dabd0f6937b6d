/* SPDX-License-Identifier: MIT */
/* The state of threads, locks and values after an event. */
#include "state.h"

#include "summary.h"

void
ls_thread_state_init (LsThreadState *state)
{
  *state = (LsThreadState){ .holds = g_array_new (FALSE, FALSE, sizeof (LsInterval)) };
}

void
ls_thread_state_clear (LsThreadState *state)
{
  g_clear_pointer (&state->holds, g_array_unref);
}

/* The intervals of a lane that last past event k. */
static void
collect (LsIntervals intervals, const LsTrack *track, uint32_t k, GArray *found)
{
  g_autoptr (GArray) indexes = g_array_new (FALSE, FALSE, sizeof (uint32_t));
  ls_track_collect (track, k, indexes);
  g_array_set_size (found, 0);
  for (guint i = 0; i < indexes->len; i++) {
    LsInterval interval = ls_intervals_get (intervals, g_array_index (indexes, uint32_t, i));
    g_array_append_val (found, interval);
  }
}

static LsLife
life_after (const LsThread *thread, uint32_t k)
{
  if (k == LS_NONE)
    return LS_LIFE_NOT_STARTED;
  if (thread->finish_event != LS_NONE && thread->finish_event <= k)
    return LS_LIFE_FINISHED;
  if (thread->first_event != LS_NONE && thread->first_event <= k)
    return LS_LIFE_ALIVE;
  if (thread->create_event != LS_NONE && thread->create_event <= k)
    return LS_LIFE_CREATED;
  return LS_LIFE_NOT_STARTED;
}

void
ls_trace_get_thread_state (const LsTrace *trace, uint32_t thread, uint32_t k, LsThreadState *state)
{
  const LsThreadLane *lane = &trace->thread_lanes[thread];
  g_array_set_size (state->holds, 0);
  state->interval = NULL;
  state->life = life_after (&trace->threads[thread], k);
  if (k == LS_NONE)
    return;
  LsIntervals holds = ls_trace_get_thread_holds (trace, thread);
  collect (holds, &lane->holds, k, state->holds);
  if (state->life != LS_LIFE_ALIVE)
    return;
  /* The last wait begun, or what follows it. */
  LsIntervals states = ls_trace_get_thread_states (trace, thread);
  uint32_t n = ls_track_count_begun (&lane->waits, k);
  bool waits = n > 0 && ls_track_end (&lane->waits, n - 1) > k;
  state->now = ls_intervals_get (states, waits ? 2 * n - 1 : 2 * n);
  state->interval = &state->now;
}

void
ls_lock_state_init (LsLockState *state)
{
  *state = (LsLockState){ .holders = g_array_new (FALSE, FALSE, sizeof (LsInterval)),
                          .waiters = g_array_new (FALSE, FALSE, sizeof (LsInterval)) };
}

void
ls_lock_state_clear (LsLockState *state)
{
  g_clear_pointer (&state->holders, g_array_unref);
  g_clear_pointer (&state->waiters, g_array_unref);
}

void
ls_trace_get_lock_state (const LsTrace *trace, uint32_t object, uint32_t k, LsLockState *state)
{
  const LsObjectLane *lane = &trace->object_lanes[object];
  const LsObject *info = &trace->objects[object];
  g_array_set_size (state->holders, 0);
  g_array_set_size (state->waiters, 0);
  state->count = info->kind == LS_OBJECT_SEMAPHORE ? info->initial : -1;
  if (k == LS_NONE)
    return;
  LsIntervals holds = ls_trace_get_object_holds (trace, object);
  LsIntervals waits = ls_trace_get_object_waits (trace, object);
  collect (holds, &lane->holds, k, state->holders);
  collect (waits, &lane->waits, k, state->waiters);
  double count;
  if (state->count >= 0 && ls_numbers_get (lane->numbers, k, &count))
    state->count = (int64_t) CLAMP (count, 0, 9e18); /* below 0 only where events are missing */
}

bool
ls_trace_get_value (const LsTrace *trace,
                    uint32_t object,
                    uint32_t k,
                    LsValue *value,
                    uint32_t *access)
{
  if (k == LS_NONE)
    return false;
  const LsObjectLane *lane = &trace->object_lanes[object];
  const uint32_t *tellers = lane->tellers;
  uint32_t n = lane->n_tellers;
  if (trace->objects[object].kind != LS_OBJECT_VALUE)
    return false;
  if (!tellers)
    tellers = ls_trace_get_object_events (trace, object, &n);
  uint32_t i = ls_events_lower_bound (tellers, n, k + 1);
  /* No value when a life of the object ended or began last. */
  if (i == 0 || !ls_trace_get_told_value (trace, tellers[i - 1], value))
    return false;
  if (access)
    *access = tellers[i - 1];
  return true;
}

uint32_t
ls_trace_get_n_alive (const LsTrace *trace, uint32_t k)
{
  if (k == LS_NONE)
    return 0;
  uint32_t i = ls_events_lower_bound ((const uint32_t *) trace->alive_events->data,
                                      trace->alive_events->len, k + 1);
  return i > 0 ? g_array_index (trace->alive_counts, uint32_t, i - 1) : 0;
}

uint32_t
ls_trace_get_n_counters (const LsTrace *trace)
{
  return trace->counter_names->len;
}

const char *
ls_trace_get_counter_name (const LsTrace *trace, uint32_t counter)
{
  return g_ptr_array_index (trace->counter_names, counter);
}

const uint32_t *
ls_trace_get_counter_events (const LsTrace *trace, uint32_t counter, uint32_t *n)
{
  const GArray *events = g_ptr_array_index (trace->counter_events, counter);
  *n = events->len;
  return (const uint32_t *) events->data;
}
