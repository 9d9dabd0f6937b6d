/* SPDX-License-Identifier: MIT */
/* Which event let another happen, and whether anything orders two: the format's table of edges. */
#include "summary.h"

/* Events of the object before k are looked at no further back than this. */
#define LOOK_BACK 4096

/* The wait that event k of this thread on the object ended: its event; LS_NONE. */
static uint32_t
find_wait (const LsTrace *trace, uint32_t thread, uint32_t object, uint32_t k)
{
  const LsTrack *states = &trace->thread_lanes[thread].states;
  if (k == 0)
    return LS_NONE;
  uint32_t n = ls_track_count_begun (states, k - 1);
  if (n == 0)
    return LS_NONE;
  const LsInterval *state = ls_track_get (states, n - 1);
  return state->object == object && state->end_event == k ? state->begin_event : LS_NONE;
}

/* Last event before k on the object that is of one of two kinds and another thread's. */
static uint32_t
find_last (const LsTrace *trace, const LsEvent *event, uint32_t k, LsEventKind kind, LsEventKind or)
{
  uint32_t n;
  const uint32_t *events = ls_trace_get_object_events (trace, event->object, &n);
  uint32_t i = ls_events_lower_bound (events, n, k);
  for (uint32_t steps = 0; i > 0 && steps < LOOK_BACK; i--, steps++) {
    uint32_t other = events[i - 1];
    LsEventKind other_kind = ls_trace_get_kind (trace, other);
    if ((other_kind != kind && other_kind != or) || ls_trace_event_failed (trace, other) ||
        ls_trace_get_event_object (trace, other) != event->object)
      continue;
    return ls_trace_get_event_thread (trace, other) == event->thread ? LS_NONE : other;
  }
  return LS_NONE;
}

static uint32_t
find_cause_of_wake (const LsTrace *trace, const LsEvent *event, uint32_t k)
{
  if (event->object == LS_NONE)
    return LS_NONE;
  uint32_t wait = find_wait (trace, event->thread, event->object, k);
  uint32_t cause;
  switch (trace->objects[event->object].kind) {
  case LS_OBJECT_BARRIER:
    return find_last (trace, event, k, LS_EV_WAIT, LS_EV_WAIT);
  case LS_OBJECT_ONCE:
    return find_last (trace, event, k, LS_EV_RELEASE, LS_EV_RELEASE);
  case LS_OBJECT_EVENT:
    return find_last (trace, event, k, LS_EV_SET, LS_EV_SET);
  default:
    cause = find_last (trace, event, k, LS_EV_SIGNAL, LS_EV_BROADCAST);
    return cause != LS_NONE && (wait == LS_NONE || cause > wait) ? cause : LS_NONE;
  }
}

/* The send of this number before k, looked for among the events before it. */
static uint32_t
find_send (const LsTrace *trace, int64_t number, uint32_t k)
{
  for (uint32_t i = k; i > 0; i--) {
    if (ls_trace_get_kind (trace, i - 1) != LS_EV_SEND)
      continue;
    const LsSide *side = ls_columns_get_side (&trace->columns, i - 1);
    if (side && side->has_n && side->n == number)
      return i - 1;
  }
  return LS_NONE;
}

uint32_t
ls_trace_find_cause (const LsTrace *trace, uint32_t k)
{
  LsEvent event;
  ls_trace_get_event (trace, k, &event);
  uint32_t cause = LS_NONE;
  switch ((int) event.ev) {
  case LS_EV_START:
    cause = trace->threads[event.thread].create_event;
    break;
  case LS_EV_JOIN:
    if (event.peer < trace->n_threads && !ls_trace_event_failed (trace, k))
      cause = trace->threads[event.peer].finish_event;
    break;
  case LS_EV_ACQUIRE:
    if (event.object != LS_NONE && !ls_trace_event_failed (trace, k))
      cause = find_last (trace, &event, k, LS_EV_RELEASE, LS_EV_RELEASE);
    break;
  case LS_EV_WAKE:
    cause = find_cause_of_wake (trace, &event, k);
    break;
  case LS_EV_RECV:
    cause = event.has_n ? find_send (trace, event.n, k) : LS_NONE;
    break;
  default:
    break;
  }
  return cause != LS_NONE && cause < k ? cause : LS_NONE;
}

/* -- Direct edges -- */

/* The mode of the hold that release k ended. */
static LsMode
mode_of_release (const LsTrace *trace, uint32_t k, const LsEvent *release)
{
  if (trace->objects[release->object].kind != LS_OBJECT_RWLOCK || k == 0)
    return LS_MODE_NONE;
  g_autoptr (GPtrArray) holds = g_ptr_array_new ();
  ls_reach_collect (&trace->object_lanes[release->object].holds, k - 1, holds);
  for (guint i = 0; i < holds->len; i++) {
    const LsInterval *hold = g_ptr_array_index (holds, i);
    if (hold->thread == release->thread)
      return (LsMode) hold->mode;
  }
  return LS_MODE_NONE;
}

/* Which round of its barrier a wait belongs to. */
static uint32_t
round_of_wait (const LsTrace *trace, uint32_t object, uint32_t wait)
{
  uint32_t parties = trace->objects[object].parties;
  uint32_t place = ls_track_count_begun (&trace->object_lanes[object].waits, wait);
  return parties > 0 ? (place - 1) / parties : 0;
}

static bool
orders_wake (const LsTrace *trace, uint32_t a, const LsEvent *from, uint32_t b, const LsEvent *to)
{
  uint32_t wait = find_wait (trace, to->thread, to->object, b);
  switch (trace->objects[to->object].kind) {
  case LS_OBJECT_BARRIER:
    return from->ev == LS_EV_WAIT && wait != LS_NONE &&
           round_of_wait (trace, to->object, a) == round_of_wait (trace, to->object, wait);
  case LS_OBJECT_ONCE:
    return from->ev == LS_EV_RELEASE;
  case LS_OBJECT_EVENT:
    return from->ev == LS_EV_SET;
  default:
    return (from->ev == LS_EV_SIGNAL || from->ev == LS_EV_BROADCAST) &&
           (wait == LS_NONE || a > wait);
  }
}

static bool
is_release_order (LsOrder order)
{
  return order == LS_ORDER_RELEASE || order == LS_ORDER_ACQ_REL || order == LS_ORDER_SEQ_CST;
}

static bool
is_acquire_order (LsOrder order)
{
  return order == LS_ORDER_ACQUIRE || order == LS_ORDER_ACQ_REL || order == LS_ORDER_SEQ_CST;
}

/* Edges between two events on the same object. */
static bool
orders_on_object (const LsTrace *trace,
                  uint32_t a,
                  const LsEvent *from,
                  uint32_t b,
                  const LsEvent *to)
{
  if (ls_trace_event_failed (trace, a) || ls_trace_event_failed (trace, b))
    return false;
  if (to->ev == LS_EV_ACQUIRE && from->ev == LS_EV_RELEASE)
    return to->mode != LS_MODE_SHARED || mode_of_release (trace, a, from) != LS_MODE_SHARED;
  if (to->ev == LS_EV_WAKE)
    return orders_wake (trace, a, from, b, to);
  if (from->ev == LS_EV_STORE || from->ev == LS_EV_UPDATE)
    return (to->ev == LS_EV_LOAD || to->ev == LS_EV_UPDATE) && is_release_order (from->order) &&
           is_acquire_order (to->order);
  return false;
}

bool
ls_trace_is_ordered_directly (const LsTrace *trace, uint32_t a, uint32_t b)
{
  LsEvent from, to;
  ls_trace_get_event (trace, a, &from);
  ls_trace_get_event (trace, b, &to);
  if (from.thread == to.thread)
    return true;
  if (from.ev == LS_EV_CREATE && from.peer == to.thread)
    return true;
  if (from.ev == LS_EV_FINISH && to.ev == LS_EV_JOIN && to.peer == from.thread)
    return true;
  if (from.ev == LS_EV_SEND && to.ev == LS_EV_RECV)
    return from.has_n && to.has_n && from.n == to.n;
  return from.object != LS_NONE && from.object == to.object &&
         orders_on_object (trace, a, &from, b, &to);
}
