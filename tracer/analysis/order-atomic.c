/* SPDX-License-Identifier: MIT */
/**
 * Edges between atomic accesses, by their memory order: C11's synchronizes-with with release
 * sequences and fences.
 *
 * With `n` a load learns what the place it saw in the modification order publishes; without, all
 * earlier releasing stores of the value. An order that is not said is seq_cst, the default of C.
 */
#include "order-private.h"

static bool
is_acquire (LsOrder order)
{
  return order != LS_ORDER_RELAXED && order != LS_ORDER_RELEASE;
}

static bool
is_release (LsOrder order)
{
  return order != LS_ORDER_RELAXED && order != LS_ORDER_ACQUIRE;
}

static LsPlace *
find_place (LsSync *sync, int64_t n)
{
  if (!sync->places)
    return NULL;
  LsPlace *place = &sync->places[(uint64_t) n % LS_N_PLACES];
  return place->is_valid && place->n == n ? place : NULL;
}

/* Whether the place comes before all that were stored: the initial value. */
static bool
is_initial (const LsSync *sync, int64_t n)
{
  for (int i = 0; sync->places && i < LS_N_PLACES; i++)
    if (sync->places[i].is_valid && sync->places[i].n <= n)
      return false;
  return !sync->is_vague && sync->places;
}

/* What the access learns if it acquires; NULL: nothing. An update sees the place before its own. */
static const LsStamp *
find_message (LsSync *sync, const LsEvent *event)
{
  if (!event->has_n)
    return &sync->given;
  int64_t n = event->ev == LS_EV_LOAD ? event->n : event->n - 1;
  const LsPlace *seen = find_place (sync, n);
  if (seen)
    return &seen->message;
  return is_initial (sync, n) ? NULL : &sync->given;
}

void
ls_order_atomic_enter (LsSync *sync, LsOrderThread *self, const LsEvent *event)
{
  if (!(ls_event_rows[event->ev].flags & LS_EV_READS))
    return;
  const LsStamp *message = find_message (sync, event);
  if (!message)
    return;
  if (is_acquire (event->order))
    ls_clock_join (&self->clock, message);
  else
    ls_stamp_merge (&self->unfenced, message);
}

void
ls_order_atomic_leave (LsSync *sync, LsOrderThread *self, const LsEvent *event)
{
  if (!(ls_event_rows[event->ev].flags & LS_EV_WRITES))
    return;
  LsStamp message = LS_STAMP_EMPTY;
  bool heads = is_release (event->order);
  if (heads)
    ls_clock_stamp (&self->clock, &message);
  else
    message = ls_stamp_copy (&self->release_fence);
  ls_stamp_merge (&sync->given, &message);
  if (!event->has_n) {
    ls_stamp_clear (&message);
    sync->is_vague = true;
    return;
  }
  /* Updates carry on the release sequence of the place before theirs; so do C11's stores of the
   * thread that heads it. (C++20 dropped the latter: keeping it orders more, never less.) */
  LsPlace *before = find_place (sync, event->n - 1);
  bool continues =
    before && (event->ev == LS_EV_UPDATE || before->is_several || before->head == event->thread);
  LsPlace place = { true, event->n, message, heads ? event->thread : LS_NONE, false };
  if (continues) {
    ls_stamp_merge (&place.message, &before->message);
    place.is_several =
      before->is_several || (heads && before->head != LS_NONE && before->head != event->thread);
    if (!heads)
      place.head = before->head;
  }
  if (!sync->places)
    sync->places = g_new0 (LsPlace, LS_N_PLACES);
  LsPlace *slot = &sync->places[(uint64_t) event->n % LS_N_PLACES];
  sync->is_vague |= slot->is_valid && slot->n != event->n;
  ls_stamp_clear (&slot->message);
  *slot = place;
}

void
ls_order_fence (LsOrderThread *self, const LsEvent *event)
{
  if (is_acquire (event->order)) {
    ls_clock_join (&self->clock, &self->unfenced);
    ls_stamp_clear (&self->unfenced);
  }
  if (is_release (event->order))
    ls_clock_stamp (&self->clock, &self->release_fence);
}
