/* SPDX-License-Identifier: MIT */
/* The state of a thread, lock or value after an event, in words. */
#include "text.h"
#include "words.h"

static const char *
name_of_thread (const LsTrace *trace, uint32_t thread)
{
  return ls_trace_get_thread (trace, thread)->name;
}

/* Names of the threads of intervals; free the array, not the names. */
static GPtrArray *
list_threads (const LsTrace *trace, const GArray *intervals)
{
  GPtrArray *names = g_ptr_array_new ();
  for (guint i = 0; i < intervals->len; i++) {
    const LsInterval *interval = &g_array_index (intervals, LsInterval, i);
    g_ptr_array_add (names, (gpointer) name_of_thread (trace, interval->thread));
  }
  return names;
}

static char *
dup_threads (const LsTrace *trace, const GArray *intervals)
{
  g_autoptr (GPtrArray) names = list_threads (trace, intervals);
  return ls_text_join (names);
}

/* What a thread holds; NULL when nothing. */
static char *
dup_holds (const LsTrace *trace, const LsThreadState *state)
{
  if (state->holds->len == 0)
    return NULL;
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  for (guint i = 0; i < state->holds->len; i++) {
    const LsInterval *hold = &g_array_index (state->holds, LsInterval, i);
    if (hold->object != LS_NONE)
      g_ptr_array_add (names, (gpointer) ls_trace_get_object (trace, hold->object)->name);
  }
  return ls_text_join (names);
}

static char *
dup_waits_for (const LsTrace *trace, const LsInterval *wait, uint32_t k)
{
  if (wait->peer != LS_NONE)
    return g_strdup_printf (W_WAITS_TO_FINISH, name_of_thread (trace, wait->peer));
  if (wait->object == LS_NONE)
    return g_strdup (W_ASLEEP);
  const char *name = ls_trace_get_object (trace, wait->object)->name;
  g_autofree char *owners = NULL;
  if (wait->state == LS_STATE_WAIT_LOCK) {
    LsLockState lock;
    ls_lock_state_init (&lock);
    ls_trace_get_lock_state (trace, wait->object, k, &lock);
    if (lock.holders->len > 0)
      owners = dup_threads (trace, lock.holders);
    ls_lock_state_clear (&lock);
  }
  return owners ? g_strdup_printf (W_WAITS_FOR_HELD, name, owners)
                : g_strdup_printf (W_WAITS_FOR, name);
}

static char *
dup_alive (const LsTrace *trace, const LsThreadState *state, uint32_t k)
{
  const LsInterval *interval = state->interval;
  g_autofree char *holds = dup_holds (trace, state);
  if (!interval || interval->state == LS_STATE_NOT_WAITING || interval->state == LS_STATE_NONE)
    return holds ? g_strdup_printf (W_NOT_WAITING_HOLDS, holds)
                 : g_strdup (W_NOT_WAITING_HOLDS_NOTHING);
  g_autofree char *waits =
    interval->state == LS_STATE_SLEEP ? g_strdup (W_ASLEEP) : dup_waits_for (trace, interval, k);
  int64_t ns = ls_trace_get_ts (trace, k) - ls_trace_get_ts (trace, interval->begin_event);
  g_autofree char *time = ls_duration_dup_text (ns);
  g_autofree char *since = ns > 0 ? g_strdup_printf (W_FOR_TIME, waits, time) : g_strdup (waits);
  return holds ? g_strdup_printf (W_AND_HOLDS, since, holds) : g_steal_pointer (&since);
}

char *
ls_trace_dup_thread_state_text (const LsTrace *trace, uint32_t thread, uint32_t k)
{
  LsThreadState state;
  ls_thread_state_init (&state);
  ls_trace_get_thread_state (trace, thread, k, &state);
  char *text = NULL;
  switch (state.life) {
  case LS_LIFE_NOT_STARTED:
    text = g_strdup (W_NOT_STARTED);
    break;
  case LS_LIFE_CREATED:
    text = g_strdup (W_CREATED);
    break;
  case LS_LIFE_ALIVE:
    text = k == LS_NONE ? g_strdup (W_NOT_WAITING) : dup_alive (trace, &state, k);
    break;
  case LS_LIFE_FINISHED:
    text = g_strdup (W_FINISHED);
    break;
  }
  ls_thread_state_clear (&state);
  return text;
}

/* -- Objects -- */

static char *
dup_owners (const LsTrace *trace, const LsObject *object, const LsLockState *state)
{
  g_autofree char *owners = dup_threads (trace, state->holders);
  if (object->kind == LS_OBJECT_SEMAPHORE && state->count >= 0)
    return g_strdup_printf (W_SEMAPHORE_LEFT, object->name, state->count);
  if (state->holders->len == 0)
    return g_strdup_printf (W_IS_FREE, object->name);
  if (object->kind == LS_OBJECT_SEMAPHORE)
    return g_strdup_printf (W_SEMAPHORE_TAKEN, object->name, owners);
  const LsInterval *first = &g_array_index (state->holders, LsInterval, 0);
  return first->mode == LS_MODE_SHARED ? g_strdup_printf (W_IS_READ, object->name, owners)
                                       : g_strdup_printf (W_IS_HELD, object->name, owners);
}

static char *
dup_lock (const LsTrace *trace, const LsObject *object, const LsLockState *state)
{
  g_autofree char *waiters = dup_threads (trace, state->waiters);
  if (ls_object_rows[object->kind].flags & LS_OBJ_SIGNAL) {
    if (state->waiters->len == 0)
      return g_strdup_printf (W_NOBODY_WAITS_FOR, object->name);
    return state->waiters->len == 1 ? g_strdup_printf (W_ONE_WAITS_FOR, waiters, object->name)
                                    : g_strdup_printf (W_SOME_WAIT_FOR, waiters, object->name);
  }
  g_autofree char *owners = dup_owners (trace, object, state);
  if (state->waiters->len == 0)
    return g_steal_pointer (&owners);
  return state->waiters->len == 1 ? g_strdup_printf (W_ONE_WAITS, owners, waiters)
                                  : g_strdup_printf (W_SOME_WAIT, owners, waiters);
}

char *
ls_trace_dup_object_state_text (const LsTrace *trace, uint32_t object_index, uint32_t k)
{
  const LsObject *object = ls_trace_get_object (trace, object_index);
  if (object->kind == LS_OBJECT_VALUE) {
    LsValue value;
    if (!ls_trace_get_value (trace, object_index, k, &value, NULL))
      return g_strdup_printf (W_VALUE_UNKNOWN, object->name);
    g_autofree char *text = ls_value_dup_text (&value);
    return g_strdup_printf (W_VALUE_IS, object->name, text);
  }
  LsLockState state;
  ls_lock_state_init (&state);
  ls_trace_get_lock_state (trace, object_index, k, &state);
  char *text = dup_lock (trace, object, &state);
  ls_lock_state_clear (&state);
  return text;
}
