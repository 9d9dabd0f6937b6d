/* SPDX-License-Identifier: MIT */
/* What the threads of a simulated program do. Locks are units, handed over in order of arrival. */
#include "sim-private.h"

#define POLL_NS 20000

static LsMode
get_mode (bool shared)
{
  return shared ? LS_MODE_SHARED : LS_MODE_NONE;
}

static int64_t
get_units (const SimObject *lock, bool shared)
{
  return lock->kind == LS_OBJECT_RWLOCK && !shared ? lock->n_units : 1;
}

static void
say_acquire (Sim *sim, SimThread *thread, uint32_t obj, uint32_t src)
{
  LsMode mode = get_mode (thread->wants_shared);
  sim_say (sim, thread, (LsLineEvent){ .ev = LS_EV_ACQUIRE, .obj = obj, .mode = mode, .src = src });
}

static bool
take_units (SimObject *lock, bool shared)
{
  int64_t n = get_units (lock, shared);
  if (lock->n_free < n)
    return false;
  lock->n_free -= n;
  return true;
}

/* Blocks on a lock. `is_said`: the wait has been told already, as that of a condition. */
static void
block_on_lock (Sim *sim, SimThread *thread, uint32_t obj, uint32_t src)
{
  LsMode mode = get_mode (thread->wants_shared);
  sim_say (sim, thread, (LsLineEvent){ .ev = LS_EV_WAIT, .obj = obj, .mode = mode, .src = src });
  thread->state = SIM_BLOCKED;
  thread->waits_for = obj;
  thread->says_acquire = true;
  thread->src = src;
  g_queue_push_tail (&sim_get_object (sim, obj)->waiters, thread);
}

/* Returns: false when it blocks. */
static bool
acquire (Sim *sim, SimThread *thread, const Op *op)
{
  SimObject *lock = sim_get_object (sim, op->obj);
  LsMode mode = get_mode (op->shared);

  thread->wants_shared = op->shared;
  /* Nobody overtakes those who wait already. */
  if (g_queue_is_empty (&lock->waiters) && take_units (lock, op->shared)) {
    sim_say (sim, thread,
             (LsLineEvent){ .ev = LS_EV_ACQUIRE,
                            .obj = op->obj,
                            .mode = mode,
                            .how = op->arg > 0 ? LS_HOW_TRY : LS_HOW_NONE,
                            .src = op->src });
    return true;
  }
  if (op->arg > 0) {
    sim_say (sim, thread,
             (LsLineEvent){ .ev = LS_EV_FAIL,
                            .obj = op->obj,
                            .mode = mode,
                            .how = LS_HOW_TRY,
                            .src = op->src });
    thread->next_op += (guint) op->arg;
    return true;
  }
  block_on_lock (sim, thread, op->obj, op->src);
  return false;
}

static void
release (Sim *sim, SimThread *thread, uint32_t obj, bool shared, uint32_t src)
{
  SimObject *lock = sim_get_object (sim, obj);
  SimThread *waiter;

  sim_say (sim, thread, (LsLineEvent){ .ev = LS_EV_RELEASE, .obj = obj, .src = src });
  lock->n_free += get_units (lock, shared);
  while ((waiter = g_queue_peek_head (&lock->waiters)) && take_units (lock, waiter->wants_shared)) {
    g_queue_pop_head (&lock->waiters);
    sim_ready (sim, waiter, sim_get_wake_ns (sim));
  }
}

static void
cond_wait (Sim *sim, SimThread *thread, const Op *op)
{
  thread->mutex = (uint32_t) op->arg;
  release (sim, thread, thread->mutex, false, op->src);
  sim_say (
    sim, thread,
    (LsLineEvent){ .ev = LS_EV_WAIT, .obj = op->obj, .with = thread->mutex, .src = op->src });
  thread->state = SIM_BLOCKED;
  thread->waits_for = op->obj;
  thread->says_wake = true;
  thread->src = op->src;
  g_queue_push_tail (&sim_get_object (sim, op->obj)->waiters, thread);
}

static void
signal_cond (Sim *sim, SimThread *thread, const Op *op)
{
  SimObject *cond = sim_get_object (sim, op->obj);
  LsEventKind ev = op->kind == OP_SIGNAL ? LS_EV_SIGNAL : LS_EV_BROADCAST;
  SimThread *waiter;

  sim_say (sim, thread, (LsLineEvent){ .ev = ev, .obj = op->obj, .src = op->src });
  while ((waiter = g_queue_pop_head (&cond->waiters))) {
    sim_ready (sim, waiter, sim_get_wake_ns (sim));
    if (op->kind == OP_SIGNAL)
      break;
  }
}

/* What a thread says first when it runs again. Returns: false when it blocks at once. */
bool
sim_resume (Sim *sim, SimThread *thread)
{
  if (thread->says_start) {
    thread->says_start = false;
    sim_say (sim, thread, (LsLineEvent){ .ev = LS_EV_START });
  }
  if (thread->sleeps) {
    thread->sleeps = false;
    sim_say (sim, thread, (LsLineEvent){ .ev = LS_EV_WAKE });
  }
  if (thread->says_join) {
    thread->says_join = false;
    sim_say (sim, thread,
             (LsLineEvent){ .ev = LS_EV_JOIN, .thread = thread->waits_for, .src = thread->src });
  }
  if (thread->says_acquire) {
    thread->says_acquire = false;
    say_acquire (sim, thread, thread->waits_for, thread->src);
  }
  if (thread->says_wake) {
    thread->says_wake = false;
    sim_say (sim, thread, (LsLineEvent){ .ev = LS_EV_WAKE, .obj = thread->waits_for });
    Op again = { .kind = OP_ACQUIRE, .obj = thread->mutex, .src = thread->src };
    return acquire (sim, thread, &again);
  }
  return true;
}

static void
access_value (Sim *sim, SimThread *thread, const Op *op)
{
  SimObject *value = sim_get_object (sim, op->obj);
  LsLineEvent event = { .obj = op->obj, .src = op->src };
  LsValue old = { .type = LS_VALUE_INT, .i = value->value };

  if (op->kind == OP_READ) {
    event.ev = LS_EV_READ;
    event.val = old;
    thread->seen = value->value;
  } else {
    bool is_atomic = op->kind == OP_UPDATE;
    event.ev = is_atomic ? LS_EV_UPDATE : LS_EV_WRITE;
    event.old = old;
    value->value = (is_atomic ? value->value : thread->seen) + op->arg;
    event.val = (LsValue){ .type = LS_VALUE_INT, .i = value->value };
    if (is_atomic) {
      event.order = LS_ORDER_RELAXED;
      event.has_n = true;
      event.n = (int64_t) ++value->n_updates;
    }
  }
  sim_say (sim, thread, event);
}

static void
say_name (Sim *sim, SimThread *thread, const Op *op)
{
  static const LsEventKind kinds[] = {
    [OP_BEGIN] = LS_EV_BEGIN,
    [OP_END] = LS_EV_END,
    [OP_COUNT] = LS_EV_COUNT,
    [OP_MARK] = LS_EV_MARK,
  };
  LsLineEvent event = { .ev = kinds[op->kind], .name = op->name, .src = op->src };

  if (op->kind == OP_COUNT)
    event.val = (LsValue){ .type = LS_VALUE_INT, .i = op->arg };
  sim_say (sim, thread, event);
}

static void
create (Sim *sim, SimThread *thread, const Op *op)
{
  SimThread *child = sim_get_thread (sim, (uint32_t) op->arg);
  sim_say (sim, thread, (LsLineEvent){ .ev = LS_EV_CREATE, .thread = child->id, .src = op->src });
  child->says_start = true;
  sim_ready (sim, child, 20000 + sim_get_wake_ns (sim));
}

static void
join (Sim *sim, SimThread *thread, const Op *op)
{
  SimThread *child = sim_get_thread (sim, (uint32_t) op->arg);
  sim_say (sim, thread, (LsLineEvent){ .ev = LS_EV_WAIT, .thread = child->id, .src = op->src });
  thread->waits_for = child->id;
  thread->says_join = true;
  thread->src = op->src;
  if (child->state == SIM_DONE) {
    sim_ready (sim, thread, sim_get_step_ns (sim));
  } else {
    thread->state = SIM_BLOCKED;
    child->joiner = thread->id;
  }
}

/* Carries out one operation, and readies the thread for the next unless it blocks. */
void
sim_run_op (Sim *sim, SimThread *thread, const Op *op)
{
  int64_t delay_ns = sim_get_step_ns (sim);

  switch (op->kind) {
  case OP_WORK:
    delay_ns = op->arg;
    break;
  case OP_SLEEP:
    sim_say (sim, thread, (LsLineEvent){ .ev = LS_EV_SLEEP, .src = op->src });
    thread->sleeps = true;
    delay_ns = op->arg;
    break;
  case OP_ACQUIRE:
    if (!acquire (sim, thread, op))
      return;
    break;
  case OP_RELEASE:
    release (sim, thread, op->obj, op->shared, op->src);
    break;
  case OP_COND_WAIT:
    cond_wait (sim, thread, op);
    return;
  case OP_SIGNAL:
  case OP_BROADCAST:
    signal_cond (sim, thread, op);
    break;
  case OP_READ:
  case OP_WRITE:
  case OP_UPDATE:
    access_value (sim, thread, op);
    break;
  case OP_BEGIN:
  case OP_END:
  case OP_COUNT:
  case OP_MARK:
    say_name (sim, thread, op);
    break;
  case OP_CREATE:
    create (sim, thread, op);
    break;
  case OP_JOIN:
    join (sim, thread, op);
    return;
  case OP_RAISE:
    sim->stage = op->arg;
    break;
  case OP_AWAIT:
    if (sim->stage < op->arg) {
      thread->next_op--;
      delay_ns = POLL_NS;
    }
    break;
  }
  sim_ready (sim, thread, delay_ns);
}
