/* SPDX-License-Identifier: MIT */
/* Happens-before, event by event: who has seen whose past. */
#include "order.h"

#include <string.h>

typedef struct {
  LsClock now;
  LsClock pending;   /* what signals since this thread's wait told, joined at its wake */
  LsClock loaded;    /* what relaxed loads saw released: joined at an acquire fence */
  LsClock fenced;    /* this thread at its last release fence: told by relaxed stores */
  uint32_t waits_on; /* cond that it waits on, LS_NONE */
  uint32_t round;    /* of the barrier that it waits at */
} ThreadOrder;

typedef struct {
  LsClock released;      /* joined by those who acquire, or wake */
  LsClock read_released; /* of a rwlock's readers: joined by writers only */
  LsClock rounds[2]; /* of a barrier: a round's waits may begin while the last one's still wake */
  uint32_t n_waits;  /* at a barrier */
  GArray *waiters;   /* uint32_t threads that wait on a cond; NULL until needed */
} ObjectOrder;

struct _LsOrdering {
  const LsTrace *trace;
  uint32_t n_threads, n_objects;
  ThreadOrder *threads;
  ObjectOrder *objects;
  GHashTable *sent; /* number -> LsClock */
};

static void
free_clock (gpointer clock)
{
  ls_clock_clear (clock);
  g_free (clock);
}

LsOrdering *
ls_ordering_new (const LsTrace *trace)
{
  LsOrdering *ordering = g_new0 (LsOrdering, 1);
  ordering->trace = trace;
  ordering->n_threads = ls_trace_get_n_threads (trace);
  ordering->n_objects = ls_trace_get_n_objects (trace);
  ordering->threads = g_new0 (ThreadOrder, ordering->n_threads + 1);
  ordering->objects = g_new0 (ObjectOrder, ordering->n_objects + 1);
  ordering->sent = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, free_clock);
  for (uint32_t i = 0; i < ordering->n_threads; i++) {
    ordering->threads[i].waits_on = LS_NONE;
    ls_clock_tick (&ordering->threads[i].now, i);
  }
  return ordering;
}

void
ls_ordering_free (LsOrdering *ordering)
{
  for (uint32_t i = 0; i < ordering->n_threads; i++) {
    ThreadOrder *thread = &ordering->threads[i];
    ls_clock_clear (&thread->now);
    ls_clock_clear (&thread->pending);
    ls_clock_clear (&thread->loaded);
    ls_clock_clear (&thread->fenced);
  }
  for (uint32_t i = 0; i < ordering->n_objects; i++) {
    ObjectOrder *object = &ordering->objects[i];
    ls_clock_clear (&object->released);
    ls_clock_clear (&object->read_released);
    ls_clock_clear (&object->rounds[0]);
    ls_clock_clear (&object->rounds[1]);
    g_clear_pointer (&object->waiters, g_array_unref);
  }
  g_free (ordering->threads);
  g_free (ordering->objects);
  g_hash_table_unref (ordering->sent);
  g_free (ordering);
}

const LsClock *
ls_ordering_get_clock (LsOrdering *ordering, uint32_t thread)
{
  return &ordering->threads[thread].now;
}

void
ls_ordering_read_from (LsOrdering *ordering, uint32_t thread, const LsClock *last_write)
{
  ls_clock_join (&ordering->threads[thread].now, last_write);
}

void
ls_ordering_next_step (LsOrdering *ordering, uint32_t thread)
{
  ls_clock_tick (&ordering->threads[thread].now, thread);
}

/* -- Telling: this thread's past goes into `clock`, then its next step begins -- */

static void
tell (LsOrdering *ordering, uint32_t thread, LsClock *clock)
{
  ls_clock_join (clock, &ordering->threads[thread].now);
  ls_clock_tick (&ordering->threads[thread].now, thread);
}

static void
hear (LsOrdering *ordering, uint32_t thread, const LsClock *clock)
{
  ls_clock_join (&ordering->threads[thread].now, clock);
}

static LsObjectKind
kind_of (const LsOrdering *ordering, uint32_t object)
{
  return ls_trace_get_object (ordering->trace, object)->kind;
}

static void
step_release (LsOrdering *ordering, uint32_t k, const LsEvent *event)
{
  ObjectOrder *object = &ordering->objects[event->object];
  bool shared = event->mode == LS_MODE_SHARED;
  if (kind_of (ordering, event->object) == LS_OBJECT_RWLOCK && !shared && k > 0) {
    /* A release does not say which kind of hold it ends: the hold does. */
    LsLockState state;
    ls_lock_state_init (&state);
    ls_trace_get_lock_state (ordering->trace, event->object, k - 1, &state);
    for (guint i = 0; i < state.holders->len; i++) {
      const LsInterval *hold = g_ptr_array_index (state.holders, i);
      if (hold->thread == event->thread)
        shared = hold->mode == LS_MODE_SHARED;
    }
    ls_lock_state_clear (&state);
  }
  tell (ordering, event->thread, shared ? &object->read_released : &object->released);
}

static void
step_acquire (LsOrdering *ordering, const LsEvent *event)
{
  ObjectOrder *object = &ordering->objects[event->object];
  hear (ordering, event->thread, &object->released);
  if (event->mode != LS_MODE_SHARED)
    hear (ordering, event->thread, &object->read_released);
}

static void
step_wait (LsOrdering *ordering, const LsEvent *event)
{
  ObjectOrder *object = &ordering->objects[event->object];
  ThreadOrder *thread = &ordering->threads[event->thread];
  LsObjectKind kind = kind_of (ordering, event->object);
  if (kind == LS_OBJECT_COND) {
    thread->waits_on = event->object;
    ls_clock_copy (&thread->pending, &(LsClock){ 0 });
    if (!object->waiters)
      object->waiters = g_array_new (FALSE, FALSE, sizeof (uint32_t));
    g_array_append_val (object->waiters, event->thread);
  } else if (kind == LS_OBJECT_BARRIER) {
    uint32_t parties = ls_trace_get_object (ordering->trace, event->object)->parties;
    thread->round = parties > 0 ? object->n_waits / parties : 0;
    LsClock *round = &object->rounds[thread->round % 2];
    if (parties > 0 && object->n_waits % parties == 0)
      ls_clock_copy (round, &(LsClock){ 0 });
    object->n_waits++;
    tell (ordering, event->thread, round);
  }
}

static void
stop_waiting (LsOrdering *ordering, uint32_t index)
{
  ThreadOrder *thread = &ordering->threads[index];
  if (thread->waits_on == LS_NONE)
    return;
  GArray *waiters = ordering->objects[thread->waits_on].waiters;
  for (guint i = 0; i < waiters->len; i++)
    if (g_array_index (waiters, uint32_t, i) == index) {
      g_array_remove_index_fast (waiters, i);
      break;
    }
  thread->waits_on = LS_NONE;
}

static void
step_signal (LsOrdering *ordering, const LsEvent *event)
{
  ObjectOrder *object = &ordering->objects[event->object];
  for (guint i = 0; object->waiters && i < object->waiters->len; i++) {
    uint32_t waiter = g_array_index (object->waiters, uint32_t, i);
    ls_clock_join (&ordering->threads[waiter].pending, &ordering->threads[event->thread].now);
  }
  ls_clock_tick (&ordering->threads[event->thread].now, event->thread);
}

static void
step_wake (LsOrdering *ordering, const LsEvent *event)
{
  if (event->object == LS_NONE)
    return;
  ObjectOrder *object = &ordering->objects[event->object];
  ThreadOrder *thread = &ordering->threads[event->thread];
  switch (kind_of (ordering, event->object)) {
  case LS_OBJECT_COND:
    if (thread->waits_on == event->object)
      hear (ordering, event->thread, &thread->pending);
    stop_waiting (ordering, event->thread);
    break;
  case LS_OBJECT_BARRIER:
    hear (ordering, event->thread, &object->rounds[thread->round % 2]);
    break;
  default: /* once, event */
    hear (ordering, event->thread, &object->released);
    break;
  }
}

static void
step_atomic (LsOrdering *ordering, const LsEvent *event)
{
  ObjectOrder *object = &ordering->objects[event->object];
  ThreadOrder *thread = &ordering->threads[event->thread];
  bool acquires = event->order == LS_ORDER_ACQUIRE || event->order == LS_ORDER_ACQ_REL ||
                  event->order == LS_ORDER_SEQ_CST || !event->order;
  bool releases = event->order == LS_ORDER_RELEASE || event->order == LS_ORDER_ACQ_REL ||
                  event->order == LS_ORDER_SEQ_CST || !event->order;
  int flags = ls_event_rows[event->ev].flags;
  if (flags & LS_EV_READS) {
    if (acquires)
      hear (ordering, event->thread, &object->released);
    else
      ls_clock_join (&thread->loaded, &object->released);
  }
  if (flags & LS_EV_WRITES) {
    if (releases)
      tell (ordering, event->thread, &object->released);
    else
      ls_clock_join (&object->released, &thread->fenced);
  }
}

static void
step_fence (LsOrdering *ordering, const LsEvent *event)
{
  ThreadOrder *thread = &ordering->threads[event->thread];
  if (event->order != LS_ORDER_RELEASE && event->order != LS_ORDER_RELAXED)
    hear (ordering, event->thread, &thread->loaded);
  if (event->order != LS_ORDER_ACQUIRE && event->order != LS_ORDER_RELAXED)
    tell (ordering, event->thread, &thread->fenced);
}

static void
step_send (LsOrdering *ordering, const LsEvent *event)
{
  LsClock *clock = g_hash_table_lookup (ordering->sent, &event->n);
  if (!clock) {
    clock = g_new0 (LsClock, 1);
    g_hash_table_insert (ordering->sent, g_memdup2 (&event->n, sizeof event->n), clock);
  }
  tell (ordering, event->thread, clock);
}

static void
step_object (LsOrdering *ordering, uint32_t k, const LsEvent *event)
{
  switch ((int) event->ev) {
  case LS_EV_RELEASE:
    step_release (ordering, k, event);
    break;
  case LS_EV_ACQUIRE:
    step_acquire (ordering, event);
    break;
  case LS_EV_WAIT:
    step_wait (ordering, event);
    break;
  case LS_EV_SIGNAL:
  case LS_EV_BROADCAST:
    step_signal (ordering, event);
    break;
  case LS_EV_SET:
    tell (ordering, event->thread, &ordering->objects[event->object].released);
    break;
  case LS_EV_TIMEOUT:
  case LS_EV_FAIL:
    stop_waiting (ordering, event->thread);
    break;
  case LS_EV_LOAD:
  case LS_EV_STORE:
  case LS_EV_UPDATE:
    step_atomic (ordering, event);
    break;
  default:
    break;
  }
}

void
ls_ordering_step (LsOrdering *ordering, uint32_t k, const LsEvent *event)
{
  if (event->err && strcmp (event->err, "EOWNERDEAD") != 0)
    return;
  if (event->ev == LS_EV_WAKE) {
    step_wake (ordering, event);
  } else if (event->object != LS_NONE) {
    step_object (ordering, k, event);
  } else if (event->ev == LS_EV_CREATE && event->peer != LS_NONE) {
    tell (ordering, event->thread, &ordering->threads[event->peer].now);
  } else if (event->ev == LS_EV_JOIN && event->peer != LS_NONE) {
    hear (ordering, event->thread, &ordering->threads[event->peer].now);
  } else if (event->ev == LS_EV_FENCE) {
    step_fence (ordering, event);
  } else if (event->ev == LS_EV_SEND) {
    step_send (ordering, event);
  } else if (event->ev == LS_EV_RECV) {
    const LsClock *clock = g_hash_table_lookup (ordering->sent, &event->n);
    if (clock)
      hear (ordering, event->thread, clock);
  }
}
