/* SPDX-License-Identifier: MIT */
/* A simulated program: a heap of threads by time, and locks as units that are handed over in order
 * of arrival. */
#include "sim.h"

#include "writer.h"

#define FLUSH_BYTES (256 * 1024)
#define POLL_NS 20000

/* random numbers: splitmix64 (Steele, Lea and Flood, 2014) */

uint64_t
sim_random (Sim *sim)
{
  uint64_t z = sim->random += 0x9e3779b97f4a7c15u;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
  z = (z ^ z >> 27) * 0x94d049bb133111ebu;
  return z ^ z >> 31;
}

double
sim_random_unit (Sim *sim)
{
  return (double) (sim_random (sim) >> 11) * 0x1p-53;
}

/* the heap of ready threads */

static bool
is_before (const SimThread *a, const SimThread *b)
{
  return a->due_ns != b->due_ns ? a->due_ns < b->due_ns : a->id < b->id;
}

static void
swap (GPtrArray *heap, guint a, guint b)
{
  gpointer thread = heap->pdata[a];
  heap->pdata[a] = heap->pdata[b];
  heap->pdata[b] = thread;
}

static void
push (Sim *sim, SimThread *thread)
{
  GPtrArray *heap = sim->heap;

  g_ptr_array_add (heap, thread);
  for (guint i = heap->len - 1; i > 0; i = (i - 1) / 2) {
    if (!is_before (heap->pdata[i], heap->pdata[(i - 1) / 2]))
      break;
    swap (heap, i, (i - 1) / 2);
  }
}

static SimThread *
pop (Sim *sim)
{
  GPtrArray *heap = sim->heap;
  SimThread *first = heap->pdata[0];
  guint i = 0;

  heap->pdata[0] = heap->pdata[heap->len - 1];
  g_ptr_array_set_size (heap, (gint) heap->len - 1);
  for (;;) {
    guint least = i;
    for (guint child = 2 * i + 1; child <= 2 * i + 2 && child < heap->len; child++)
      if (is_before (heap->pdata[child], heap->pdata[least]))
        least = child;
    if (least == i)
      return first;
    swap (heap, i, least);
    i = least;
  }
}

static void
ready (Sim *sim, SimThread *thread, int64_t delay_ns)
{
  thread->state = SIM_READY;
  thread->due_ns = sim->now_ns + delay_ns;
  push (sim, thread);
}

/* Between two operations, and from being woken to running: a few hundred ns, some µs. */
static int64_t
get_step_ns (Sim *sim)
{
  return 150 + (int64_t) (sim_random (sim) & 511);
}

static int64_t
get_wake_ns (Sim *sim)
{
  return 1500 + (int64_t) (sim_random (sim) & 4095);
}

/* objects and threads */

SimObject *
sim_get_object (Sim *sim, uint32_t id)
{
  return &g_array_index (sim->objects, SimObject, id);
}

static SimThread *
get_thread (Sim *sim, uint32_t id)
{
  return sim->threads->pdata[id];
}

uint32_t
sim_add_object (Sim *sim, LsObjectKind kind, int64_t n_units)
{
  SimObject object = { .kind = kind, .n_free = n_units, .n_units = n_units };
  g_queue_init (&object.waiters);
  g_array_append_val (sim->objects, object);
  return sim->objects->len - 1;
}

uint32_t
sim_add_thread (Sim *sim)
{
  SimThread *thread = g_new0 (SimThread, 1);
  thread->id = sim->threads->len;
  thread->ops = g_array_new (FALSE, FALSE, sizeof (Op));
  g_ptr_array_add (sim->threads, thread);
  return thread->id;
}

void
sim_add_op (SimThread *thread, Op op)
{
  g_array_append_val (thread->ops, op);
}

Sim *
sim_new (uint64_t seed, void (*flush) (GString *out))
{
  Sim *sim = g_new0 (Sim, 1);
  sim->random = seed;
  sim->flush = flush;
  sim->out = g_string_sized_new (FLUSH_BYTES + 4096);
  sim->objects = g_array_new (FALSE, TRUE, sizeof (SimObject));
  g_array_set_size (sim->objects, 1);
  sim->threads = g_ptr_array_new ();
  g_ptr_array_add (sim->threads, NULL);
  sim->heap = g_ptr_array_new ();
  return sim;
}

void
sim_free (Sim *sim)
{
  for (guint i = 1; i < sim->objects->len; i++)
    g_queue_clear (&sim_get_object (sim, i)->waiters);
  for (guint i = 1; i < sim->threads->len; i++) {
    g_array_unref (get_thread (sim, i)->ops);
    g_free (get_thread (sim, i));
  }
  g_array_unref (sim->objects);
  g_ptr_array_unref (sim->threads);
  g_ptr_array_unref (sim->heap);
  g_string_free (sim->out, TRUE);
  g_free (sim);
}

/* events */

static void
say (Sim *sim, const SimThread *thread, LsLineEvent event)
{
  event.ts_ns = sim->now_ns;
  event.tid = thread->id;
  ls_write_event (sim->out, &event);
  sim->n_events++;
  if (sim->out->len >= FLUSH_BYTES)
    sim->flush (sim->out);
}

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
  say (sim, thread, (LsLineEvent){ .ev = LS_EV_ACQUIRE, .obj = obj, .mode = mode, .src = src });
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
  say (sim, thread, (LsLineEvent){ .ev = LS_EV_WAIT, .obj = obj, .mode = mode, .src = src });
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
    say (sim, thread,
         (LsLineEvent){ .ev = LS_EV_ACQUIRE,
                        .obj = op->obj,
                        .mode = mode,
                        .how = op->arg > 0 ? LS_HOW_TRY : LS_HOW_NONE,
                        .src = op->src });
    return true;
  }
  if (op->arg > 0) {
    say (sim, thread,
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

  say (sim, thread, (LsLineEvent){ .ev = LS_EV_RELEASE, .obj = obj, .src = src });
  lock->n_free += get_units (lock, shared);
  while ((waiter = g_queue_peek_head (&lock->waiters)) && take_units (lock, waiter->wants_shared)) {
    g_queue_pop_head (&lock->waiters);
    ready (sim, waiter, get_wake_ns (sim));
  }
}

static void
cond_wait (Sim *sim, SimThread *thread, const Op *op)
{
  thread->mutex = (uint32_t) op->arg;
  release (sim, thread, thread->mutex, false, op->src);
  say (sim, thread,
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

  say (sim, thread, (LsLineEvent){ .ev = ev, .obj = op->obj, .src = op->src });
  while ((waiter = g_queue_pop_head (&cond->waiters))) {
    ready (sim, waiter, get_wake_ns (sim));
    if (op->kind == OP_SIGNAL)
      break;
  }
}

/* What a thread says first when it runs again. Returns: false when it blocks at once. */
static bool
resume (Sim *sim, SimThread *thread)
{
  if (thread->says_start) {
    thread->says_start = false;
    say (sim, thread, (LsLineEvent){ .ev = LS_EV_START });
  }
  if (thread->sleeps) {
    thread->sleeps = false;
    say (sim, thread, (LsLineEvent){ .ev = LS_EV_WAKE });
  }
  if (thread->says_join) {
    thread->says_join = false;
    say (sim, thread,
         (LsLineEvent){ .ev = LS_EV_JOIN, .thread = thread->waits_for, .src = thread->src });
  }
  if (thread->says_acquire) {
    thread->says_acquire = false;
    say_acquire (sim, thread, thread->waits_for, thread->src);
  }
  if (thread->says_wake) {
    thread->says_wake = false;
    say (sim, thread, (LsLineEvent){ .ev = LS_EV_WAKE, .obj = thread->waits_for });
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
  say (sim, thread, event);
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
  say (sim, thread, event);
}

static void
create (Sim *sim, SimThread *thread, const Op *op)
{
  SimThread *child = get_thread (sim, (uint32_t) op->arg);
  say (sim, thread, (LsLineEvent){ .ev = LS_EV_CREATE, .thread = child->id, .src = op->src });
  child->says_start = true;
  ready (sim, child, 20000 + get_wake_ns (sim));
}

static void
join (Sim *sim, SimThread *thread, const Op *op)
{
  SimThread *child = get_thread (sim, (uint32_t) op->arg);
  say (sim, thread, (LsLineEvent){ .ev = LS_EV_WAIT, .thread = child->id, .src = op->src });
  thread->waits_for = child->id;
  thread->says_join = true;
  thread->src = op->src;
  if (child->state == SIM_DONE) {
    ready (sim, thread, get_step_ns (sim));
  } else {
    thread->state = SIM_BLOCKED;
    child->joiner = thread->id;
  }
}

/* Carries out one operation, and readies the thread for the next unless it blocks. */
static void
run_op (Sim *sim, SimThread *thread, const Op *op)
{
  int64_t delay_ns = get_step_ns (sim);

  switch (op->kind) {
  case OP_WORK:
    delay_ns = op->arg;
    break;
  case OP_SLEEP:
    say (sim, thread, (LsLineEvent){ .ev = LS_EV_SLEEP, .src = op->src });
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
  ready (sim, thread, delay_ns);
}

static void
finish (Sim *sim, SimThread *thread)
{
  LsHow how = thread->id == 1 ? LS_HOW_EXIT : LS_HOW_NONE;
  say (sim, thread, (LsLineEvent){ .ev = LS_EV_FINISH, .how = how });
  thread->state = SIM_DONE;
  if (thread->joiner)
    ready (sim, get_thread (sim, thread->joiner), get_wake_ns (sim));
}

void
sim_run (Sim *sim, SimRefillFunc refill, gpointer user_data)
{
  get_thread (sim, 1)->says_start = true;
  ready (sim, get_thread (sim, 1), 0);
  while (sim->heap->len > 0) {
    SimThread *thread = pop (sim);
    sim->now_ns = thread->due_ns;
    if (!resume (sim, thread))
      continue;
    if (thread->next_op == thread->ops->len) {
      g_array_set_size (thread->ops, 0);
      thread->next_op = 0;
      if (!refill (sim, thread, user_data)) {
        finish (sim, thread);
        continue;
      }
    }
    /* A copy: the operations may move while it runs. */
    Op op = g_array_index (thread->ops, Op, thread->next_op);
    thread->next_op++;
    run_op (sim, thread, &op);
  }
}
