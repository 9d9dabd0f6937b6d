/* SPDX-License-Identifier: MIT */
/* Happens-before along a trace; see order.h. */
#include <string.h>

#include "order-private.h"

/* Finished threads looked at for a slot that a new one may take over. */
#define MAX_TRIES 32

static void
stamp_free (gpointer stamp)
{
  ls_stamp_clear (stamp);
  g_free (stamp);
}

LsOrderWalk *
ls_order_walk_new (const LsTrace *trace)
{
  LsOrderWalk *walk = g_new0 (LsOrderWalk, 1);
  walk->trace = trace;
  walk->threads = g_new0 (LsOrderThread *, ls_trace_get_n_threads (trace) + 1);
  walk->syncs = g_new0 (LsSync *, ls_trace_get_n_objects (trace) + 1);
  walk->sends = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, stamp_free);
  walk->free_slots = g_array_new (FALSE, FALSE, sizeof (LsFreeSlot));
  return walk;
}

static void
thread_free (LsOrderThread *thread)
{
  if (!thread)
    return;
  ls_clock_clear (&thread->clock);
  ls_stamp_clear (&thread->created);
  ls_stamp_clear (&thread->finished);
  ls_stamp_clear (&thread->signals);
  ls_stamp_clear (&thread->unfenced);
  ls_stamp_clear (&thread->release_fence);
  g_free (thread);
}

static void
sync_free (LsSync *sync)
{
  if (!sync)
    return;
  ls_stamp_clear (&sync->given);
  ls_stamp_clear (&sync->shared);
  ls_stamp_clear (&sync->rounds[0].stamp);
  ls_stamp_clear (&sync->rounds[1].stamp);
  g_clear_pointer (&sync->holders, g_array_unref);
  g_clear_pointer (&sync->waiters, g_array_unref);
  for (int i = 0; sync->places && i < LS_N_PLACES; i++)
    ls_stamp_clear (&sync->places[i].message);
  g_free (sync->places);
  g_free (sync);
}

void
ls_order_walk_free (LsOrderWalk *walk)
{
  for (uint32_t i = 0; i < ls_trace_get_n_threads (walk->trace); i++)
    thread_free (walk->threads[i]);
  for (uint32_t i = 0; i < ls_trace_get_n_objects (walk->trace); i++)
    sync_free (walk->syncs[i]);
  g_free (walk->threads);
  g_free (walk->syncs);
  g_hash_table_unref (walk->sends);
  g_array_unref (walk->free_slots);
  g_free (walk);
}

/* -- Threads -- */

static LsOrderThread *
get_thread (LsOrderWalk *walk, uint32_t index)
{
  LsOrderThread *thread = walk->threads[index];
  if (!thread) {
    thread = walk->threads[index] = g_new0 (LsOrderThread, 1);
    thread->wait_object = LS_NONE;
  }
  return thread;
}

static uint32_t
stamp_knows_slot (const LsStamp *stamp, uint32_t slot)
{
  if (!stamp->snap)
    return 0;
  if (slot == stamp->slot)
    return stamp->own;
  return slot < stamp->snap->n ? stamp->snap->at[slot] : 0;
}

/* A slot whose last user's finish the creator knew, else a new one. */
static LsFreeSlot
take_slot (LsOrderWalk *walk, const LsStamp *created)
{
  guint n = walk->free_slots->len;
  for (guint tries = 0; tries < MIN (n, MAX_TRIES); tries++) {
    guint i = n - 1 - tries;
    LsFreeSlot slot = g_array_index (walk->free_slots, LsFreeSlot, i);
    if (stamp_knows_slot (created, slot.slot) >= slot.own) {
      g_array_remove_index_fast (walk->free_slots, i);
      return (LsFreeSlot){ slot.slot, slot.own + 1 };
    }
  }
  return (LsFreeSlot){ walk->n_slots++, 1 };
}

static LsOrderThread *
begin_thread (LsOrderWalk *walk, uint32_t index)
{
  LsOrderThread *thread = get_thread (walk, index);
  if (!thread->is_alive) {
    LsFreeSlot slot = take_slot (walk, &thread->created);
    ls_clock_init (&thread->clock, slot.slot, slot.own);
    ls_clock_join (&thread->clock, &thread->created);
    ls_stamp_clear (&thread->created);
    thread->is_alive = true;
  }
  return thread;
}

static void
create_thread (LsOrderWalk *walk, LsOrderThread *self, uint32_t index)
{
  LsOrderThread *child = get_thread (walk, index);
  if (!child->is_alive && !child->is_finished)
    ls_clock_add_to_stamp (&self->clock, &child->created);
}

static void
end_wait (LsOrderWalk *walk, uint32_t index, LsOrderThread *self)
{
  LsSync *sync = self->wait_object == LS_NONE ? NULL : walk->syncs[self->wait_object];
  for (guint i = 0; sync && sync->waiters && i < sync->waiters->len; i++)
    if (g_array_index (sync->waiters, uint32_t, i) == index) {
      g_array_remove_index_fast (sync->waiters, i);
      break;
    }
  ls_stamp_clear (&self->signals);
  self->wait_object = LS_NONE;
}

/* Only with a thread's last event: in a contradictory trace it may go on after its finish. */
static void
finish_thread (LsOrderWalk *walk, uint32_t index, LsOrderThread *self)
{
  const LsThread *thread = ls_trace_get_thread (walk->trace, index);
  end_wait (walk, index, self);
  LsStamp last = LS_STAMP_EMPTY;
  ls_clock_stamp (&self->clock, &last);
  LsFreeSlot slot = { last.slot, last.own };
  g_array_append_val (walk->free_slots, slot);
  if (thread->join_event != LS_NONE)
    self->finished = last;
  else
    ls_stamp_clear (&last);
  ls_clock_clear (&self->clock);
  ls_stamp_clear (&self->unfenced);
  ls_stamp_clear (&self->release_fence);
  self->is_finished = true;
}

static void
join_thread (LsOrderWalk *walk, LsOrderThread *self, uint32_t index)
{
  LsOrderThread *child = get_thread (walk, index);
  if (child->is_alive && !child->is_finished && child != self)
    ls_clock_add_to_stamp (&child->clock, &child->finished); /* its finish is not in the trace */
  ls_clock_join (&self->clock, &child->finished);
}

/* -- Objects -- */

LsSync *
ls_order_walk_get_sync (LsOrderWalk *walk, uint32_t object)
{
  LsSync *sync = walk->syncs[object];
  if (!sync)
    sync = walk->syncs[object] = g_new0 (LsSync, 1);
  return sync;
}

static void
acquire (LsOrderWalk *walk, LsOrderThread *self, const LsEvent *event)
{
  LsSync *sync = ls_order_walk_get_sync (walk, event->object);
  ls_clock_join (&self->clock, &sync->given);
  if (event->mode != LS_MODE_SHARED)
    ls_clock_join (&self->clock, &sync->shared);
  if (ls_trace_get_object (walk->trace, event->object)->kind != LS_OBJECT_RWLOCK)
    return;
  if (!sync->holders)
    sync->holders = g_array_new (FALSE, FALSE, sizeof (LsHolder));
  LsHolder holder = { event->thread, event->mode };
  g_array_append_val (sync->holders, holder);
}

static void
release (LsOrderWalk *walk, LsOrderThread *self, const LsEvent *event)
{
  LsSync *sync = ls_order_walk_get_sync (walk, event->object);
  LsMode mode = LS_MODE_NONE;
  for (guint i = sync->holders ? sync->holders->len : 0; i > 0; i--) {
    LsHolder holder = g_array_index (sync->holders, LsHolder, i - 1);
    if (holder.thread == event->thread) {
      mode = holder.mode;
      g_array_remove_index_fast (sync->holders, i - 1);
      break;
    }
  }
  ls_clock_add_to_stamp (&self->clock, mode == LS_MODE_SHARED ? &sync->shared : &sync->given);
}

static void
wait_for (LsOrderWalk *walk, LsOrderThread *self, const LsEvent *event)
{
  const LsObject *object = ls_trace_get_object (walk->trace, event->object);
  end_wait (walk, event->thread, self);
  LsSync *sync = ls_order_walk_get_sync (walk, event->object);
  if (object->kind == LS_OBJECT_COND) {
    if (!sync->waiters)
      sync->waiters = g_array_new (FALSE, FALSE, sizeof (uint32_t));
    g_array_append_val (sync->waiters, event->thread);
    self->wait_object = event->object;
  } else if (object->kind == LS_OBJECT_BARRIER) {
    uint64_t number = object->parties > 0 ? sync->n_waits / object->parties : 0;
    sync->n_waits++;
    if (event->has_n)
      number = (uint64_t) event->n;
    LsRound *round = &sync->rounds[number % 2];
    if (round->number != number)
      ls_stamp_clear (&round->stamp);
    round->number = number;
    ls_clock_add_to_stamp (&self->clock, &round->stamp);
    ls_clock_add_to_stamp (&self->clock, &sync->given);
    self->wait_object = event->object;
    self->wait_round = number;
  }
}

static void
signal_cond (LsOrderWalk *walk, LsOrderThread *self, const LsEvent *event)
{
  LsSync *sync = ls_order_walk_get_sync (walk, event->object);
  LsStamp now = LS_STAMP_EMPTY;
  ls_clock_stamp (&self->clock, &now);
  ls_stamp_merge (&sync->given, &now);
  for (guint i = 0; sync->waiters && i < sync->waiters->len; i++)
    ls_stamp_merge (&walk->threads[g_array_index (sync->waiters, uint32_t, i)]->signals, &now);
  ls_stamp_clear (&now);
}

static void
wake (LsOrderWalk *walk, LsOrderThread *self, const LsEvent *event)
{
  if (event->object == LS_NONE)
    return;
  LsSync *sync = ls_order_walk_get_sync (walk, event->object);
  LsObjectKind kind = ls_trace_get_object (walk->trace, event->object)->kind;
  const LsStamp *learned = &sync->given;
  if (self->wait_object == event->object && kind == LS_OBJECT_COND)
    learned = &self->signals;
  else if (self->wait_object == event->object && kind == LS_OBJECT_BARRIER &&
           sync->rounds[self->wait_round % 2].number == self->wait_round)
    learned = &sync->rounds[self->wait_round % 2].stamp;
  ls_clock_join (&self->clock, learned);
  if (self->wait_object == event->object)
    end_wait (walk, event->thread, self);
}

static void
send_number (LsOrderWalk *walk, LsOrderThread *self, int64_t number)
{
  LsStamp *stamp = g_hash_table_lookup (walk->sends, &number);
  if (!stamp) {
    stamp = g_new (LsStamp, 1);
    *stamp = LS_STAMP_EMPTY;
    g_hash_table_insert (walk->sends, g_memdup2 (&number, sizeof (number)), stamp);
  }
  ls_clock_add_to_stamp (&self->clock, stamp);
}

static void
receive_number (LsOrderWalk *walk, LsOrderThread *self, int64_t number)
{
  const LsStamp *stamp = g_hash_table_lookup (walk->sends, &number);
  if (stamp)
    ls_clock_join (&self->clock, stamp);
}

/* Events that name an object. */
static void
enter_on_object (LsOrderWalk *walk, LsOrderThread *self, const LsEvent *event)
{
  switch ((int) event->ev) {
  case LS_EV_ACQUIRE:
    acquire (walk, self, event);
    break;
  case LS_EV_RELEASE:
    release (walk, self, event);
    break;
  case LS_EV_WAIT:
    wait_for (walk, self, event);
    break;
  case LS_EV_SIGNAL:
  case LS_EV_BROADCAST:
    signal_cond (walk, self, event);
    break;
  case LS_EV_SET:
    ls_clock_add_to_stamp (&self->clock, &ls_order_walk_get_sync (walk, event->object)->given);
    break;
  case LS_EV_TIMEOUT:
  case LS_EV_FAIL:
    if (self->wait_object == event->object)
      end_wait (walk, event->thread, self);
    break;
  case LS_EV_LOAD:
  case LS_EV_STORE:
  case LS_EV_UPDATE:
    ls_order_atomic_enter (ls_order_walk_get_sync (walk, event->object), self, event);
    break;
  default:
    break;
  }
}

static bool
has_failed (const LsEvent *event)
{
  return event->err && strcmp (event->err, "EOWNERDEAD") != 0;
}

LsClock *
ls_order_walk_enter (LsOrderWalk *walk, uint32_t k, const LsEvent *event)
{
  LsOrderThread *self = begin_thread (walk, event->thread);
  bool failed = has_failed (event);
  if (event->ev == LS_EV_WAKE && !failed)
    wake (walk, self, event);
  else if (event->object != LS_NONE && !failed)
    enter_on_object (walk, self, event);
  else if (event->ev == LS_EV_CREATE && event->peer != LS_NONE && !failed)
    create_thread (walk, self, event->peer);
  else if (event->ev == LS_EV_JOIN && event->peer != LS_NONE && !failed)
    join_thread (walk, self, event->peer);
  else if (event->ev == LS_EV_FENCE)
    ls_order_fence (self, event);
  else if (event->ev == LS_EV_SEND && event->has_n)
    send_number (walk, self, event->n);
  else if (event->ev == LS_EV_RECV && event->has_n)
    receive_number (walk, self, event->n);
  else if (event->ev == LS_EV_FINISH &&
           ls_trace_get_thread (walk->trace, event->thread)->last_event == k)
    finish_thread (walk, event->thread, self);
  return &self->clock;
}

void
ls_order_walk_leave (LsOrderWalk *walk, const LsEvent *event)
{
  if (ls_event_rows[event->ev].flags & LS_EV_ATOMIC)
    ls_order_atomic_leave (ls_order_walk_get_sync (walk, event->object),
                           walk->threads[event->thread], event);
}
