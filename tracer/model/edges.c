/* SPDX-License-Identifier: MIT */
/* Which event let another happen, and whether anything orders two: the format's table of edges. */
#include "causes.h"
#include "summary.h"

/* The wait that event k of this thread on the object ended: its event; LS_NONE. */
static uint32_t
find_wait (const LsTrace *trace, uint32_t thread, uint32_t object, uint32_t k)
{
  const LsTrack *waits = &trace->thread_lanes[thread].waits;
  uint32_t n = k > 0 ? ls_track_count_begun (waits, k - 1) : 0;
  if (n == 0 || ls_track_end (waits, n - 1) != k)
    return LS_NONE;
  uint32_t begin = ls_track_begin (waits, n - 1);
  return ls_columns_get_object (&trace->columns, begin) == object ? begin : LS_NONE;
}

/* The mode of the hold that release k of an rwlock ended. */
static LsMode
mode_of_release (const LsTrace *trace, uint32_t object, uint32_t k)
{
  bool is_shared = trace->objects[object].kind == LS_OBJECT_RWLOCK && trace->shared_releases &&
                   trace->shared_releases[k / 64] >> k % 64 & 1;
  return is_shared ? LS_MODE_SHARED : LS_MODE_NONE;
}

/* -- Barriers -- */

static bool
get_number (const LsTrace *trace, uint32_t k, int64_t *number)
{
  LsRare rare;
  ls_columns_get_rare (&trace->columns, k, &rare);
  if (rare.has_n)
    *number = rare.n;
  return rare.has_n;
}

/* The round of a barrier that a wait belongs to, as a range of the barrier's waits. False when the
 * trace does not say how many make a round. */
static bool
find_round (const LsTrace *trace, uint32_t barrier, uint32_t wait, uint32_t *begin, uint32_t *end)
{
  const LsTrack *waits = &trace->object_lanes[barrier].waits;
  uint32_t parties = trace->objects[barrier].parties;
  uint32_t init = ls_trace_find_enabler (trace, barrier, wait);
  uint32_t base = init == LS_NONE ? 0 : ls_track_count_begun (waits, init);
  uint32_t place = ls_track_count_begun (waits, wait);
  if (parties == 0 || place <= base)
    return false;
  place = (place - 1 - base) / parties * parties + base;
  *begin = place;
  *end = (uint32_t) MIN ((uint64_t) place + parties, waits->n);
  return true;
}

/* Whether wait a is of the round of wait b, whose wake may carry the round's number. */
static bool
is_same_round (const LsTrace *trace, uint32_t barrier, uint32_t a, uint32_t b, uint32_t wake)
{
  const LsTrack *waits = &trace->object_lanes[barrier].waits;
  int64_t of_a, of_b;
  uint32_t begin, end;
  if (get_number (trace, a, &of_a) &&
      (get_number (trace, b, &of_b) || get_number (trace, wake, &of_b)))
    return of_a == of_b;
  if (!find_round (trace, barrier, b, &begin, &end))
    return true;
  return a >= ls_track_begin (waits, begin) && a <= ls_track_begin (waits, end - 1);
}

/* The last to arrive lets all others of its round go; nobody lets it go. */
static uint32_t
find_last_arrival (const LsTrace *trace, uint32_t barrier, uint32_t wait, uint32_t wake)
{
  const LsTrack *waits = &trace->object_lanes[barrier].waits;
  uint32_t n = ls_track_count_begun (waits, wake), begin = 0, end = n, last;
  int64_t round;
  if (get_number (trace, wait, &round) || get_number (trace, wake, &round)) {
    last = ls_trace_find_arrival (trace, barrier, round, wake);
  } else {
    find_round (trace, barrier, wait, &begin, &end);
    last = n > 0 ? ls_track_begin (waits, MIN (end, n) - 1) : LS_NONE;
  }
  return last != LS_NONE && last > wait ? last : LS_NONE;
}

/* -- Causes -- */

static uint32_t
find_cause_of_acquire (const LsTrace *trace, const LsEvent *event, uint32_t k)
{
  uint32_t cause = event->mode == LS_MODE_SHARED
                     ? ls_trace_find_exclusive_enabler (trace, event->object, k)
                     : ls_trace_find_enabler (trace, event->object, k);
  return cause != LS_NONE && ls_columns_get_kind (&trace->columns, cause) == LS_EV_RELEASE
           ? cause
           : LS_NONE;
}

static uint32_t
find_cause_of_wake (const LsTrace *trace, const LsEvent *event, uint32_t k)
{
  uint32_t wait = find_wait (trace, event->thread, event->object, k);
  LsObjectKind kind = trace->objects[event->object].kind;
  if (kind == LS_OBJECT_BARRIER)
    return wait != LS_NONE ? find_last_arrival (trace, event->object, wait, k) : LS_NONE;
  uint32_t cause = ls_trace_find_enabler (trace, event->object, k);
  if (cause == LS_NONE || ls_columns_get_kind (&trace->columns, cause) == LS_EV_INIT)
    return LS_NONE;
  /* A signal is lost on who does not wait yet; a flag stays set, and what was done once is done. */
  if (kind == LS_OBJECT_COND && wait != LS_NONE && cause < wait)
    return LS_NONE;
  return cause;
}

uint32_t
ls_trace_find_cause (const LsTrace *trace, uint32_t k)
{
  LsEvent event;
  ls_trace_get_event (trace, k, &event);
  const LsThread *self = &trace->threads[event.thread];
  uint32_t cause = LS_NONE;
  if (ls_trace_event_failed (trace, k))
    return LS_NONE;
  if (event.ev == LS_EV_START)
    cause = self->create_event;
  else if (event.ev == LS_EV_JOIN && event.peer != LS_NONE)
    cause = trace->threads[event.peer].finish_event;
  else if (event.ev == LS_EV_ACQUIRE && event.object != LS_NONE)
    cause = find_cause_of_acquire (trace, &event, k);
  else if (event.ev == LS_EV_WAKE && event.object != LS_NONE)
    cause = find_cause_of_wake (trace, &event, k);
  else if (event.ev == LS_EV_RECV && event.has_n)
    cause = ls_trace_find_send (trace, event.n, k);
  if (cause == LS_NONE || cause >= k ||
      ls_columns_get_thread (&trace->columns, cause) == event.thread)
    return LS_NONE;
  return cause;
}

/* -- Direct edges -- */

static bool
orders_wake (const LsTrace *trace, uint32_t a, const LsEvent *from, uint32_t b, const LsEvent *to)
{
  uint32_t wait = find_wait (trace, to->thread, to->object, b);
  switch (trace->objects[to->object].kind) {
  case LS_OBJECT_BARRIER:
    return from->ev == LS_EV_WAIT && wait != LS_NONE &&
           is_same_round (trace, to->object, a, wait, b);
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

static bool
orders_atomics (const LsTrace *trace, const LsEvent *from, const LsEvent *to)
{
  if ((from->ev != LS_EV_STORE && from->ev != LS_EV_UPDATE) ||
      (to->ev != LS_EV_LOAD && to->ev != LS_EV_UPDATE) || !is_release_order (from->order) ||
      !is_acquire_order (to->order))
    return false;
  if (!from->has_n || !to->has_n)
    return true; /* without places all earlier releasing stores count */
  int64_t seen = to->ev == LS_EV_UPDATE ? to->n - 1 : to->n;
  return from->n == seen ||
         (from->n < seen &&
          !ls_trace_has_other_store (trace, from->object, from->n, seen, from->thread));
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
  if (to->ev == LS_EV_ACQUIRE)
    return from->ev == LS_EV_RELEASE &&
           (to->mode != LS_MODE_SHARED ||
            mode_of_release (trace, from->object, a) != LS_MODE_SHARED);
  if (to->ev == LS_EV_WAKE)
    return orders_wake (trace, a, from, b, to);
  return orders_atomics (trace, from, to);
}

bool
ls_trace_is_ordered_directly (const LsTrace *trace, uint32_t a, uint32_t b)
{
  LsEvent from, to;
  ls_trace_get_event (trace, a, &from);
  ls_trace_get_event (trace, b, &to);
  if (from.thread == to.thread)
    return true;
  if (from.ev == LS_EV_CREATE)
    return from.peer == to.thread && trace->threads[to.thread].create_event == a &&
           trace->threads[to.thread].first_event == b;
  if (from.ev == LS_EV_FINISH)
    return to.ev == LS_EV_JOIN && to.peer == from.thread && !ls_trace_event_failed (trace, b);
  if (from.ev == LS_EV_SEND)
    return to.ev == LS_EV_RECV && from.has_n && to.has_n && from.n == to.n;
  return from.object != LS_NONE && from.object == to.object &&
         orders_on_object (trace, a, &from, b, &to);
}
