/* SPDX-License-Identifier: MIT */
/* Random small traces: a simulation picks a thread and something that it can do now. */
#include "small-trace.h"

#include <string.h>

guint32
small_trace_add_object (SmallTrace *trace, LsObjectKind kind)
{
  g_assert_cmpuint (trace->n_objects, <, SMALL_MAX_OBJECTS);
  LsLineObject *object = &trace->objects[trace->n_objects++];
  *object = (LsLineObject){ .id = trace->n_objects, .kind = kind };
  return object->id;
}

LsLineEvent *
small_trace_add (SmallTrace *trace, guint32 tid, LsEventKind ev, guint32 obj, guint32 thread)
{
  g_assert_cmpuint (trace->n, <, SMALL_MAX_EVENTS);
  LsLineEvent *event = &trace->events[trace->n++];
  *event = (LsLineEvent){ .ts_ns = trace->n, .tid = tid, .ev = ev, .obj = obj, .thread = thread };
  event->src = trace->n;
  return event;
}

char *
small_trace_dup_text (const SmallTrace *trace, const char *more)
{
  GString *text = g_string_new ("{\"lockstitch\":1}\n");
  if (more)
    g_string_append (text, more);
  for (guint i = 0; i < trace->n_objects; i++)
    ls_write_line (text, &(LsLine){ .kind = LS_LINE_OBJECT, .object = trace->objects[i] });
  for (guint i = 0; i < trace->n; i++) {
    LsLineSource source = { .id = i + 1, .func = "f", .file = "f.c", .line = i + 1 };
    ls_write_line (text, &(LsLine){ .kind = LS_LINE_SOURCE, .source = source });
  }
  for (guint i = 0; i < trace->n; i++)
    ls_write_event (text, &trace->events[i]);
  g_string_append_printf (text, "{\"end\":%u,\"events\":%u,\"lost\":0,\"exit\":0}\n", trace->n + 1,
                          trace->n);
  return g_string_free (text, FALSE);
}

LsTrace *
small_trace_open (const SmallTrace *trace, const char *more)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = small_trace_dup_text (trace, more);
  LsTrace *opened = ls_trace_open_bytes ("small", text, strlen (text), &error);
  g_assert_no_error (error);
  if (ls_trace_get_n_events (opened) != trace->n)
    g_error ("not all lines were taken:\n%s", text);
  return opened;
}

/* -- The simulation -- */

#define MAX_THREADS 4
enum {
  N_LOCKS = 2,
  N_VALUES = 2
};

typedef struct {
  gboolean begun, created, over;
  guint32 held[4]; /* locks, oldest first */
  guint n_held;
  guint32 waits_on; /* cond or barrier */
  gboolean may_wake;
} Thread;

typedef struct {
  SmallTrace *trace;
  GRand *rand;
  const SmallShape *shape;
  Thread threads[MAX_THREADS];
  guint32 locks[N_LOCKS], values[N_VALUES];
  guint32 rwlock, cond, flag, barrier, semaphore, atomic, placed;
  guint n_units, n_sent, n_at_barrier;
  gboolean is_set, has_writer;
  guint n_readers;
  guint32 owner[N_LOCKS + 1];
  gint64 place; /* last in the modification order of `placed` */
} Sim;

static guint
pick (Sim *sim, guint n)
{
  return (guint) g_rand_int_range (sim->rand, 0, (gint32) n);
}

static LsLineEvent *
emit (Sim *sim, guint t, LsEventKind ev, guint32 obj)
{
  return small_trace_add (sim->trace, t + 1, ev, obj, 0);
}

static gboolean
holds (const Thread *thread, guint32 lock)
{
  for (guint i = 0; i < thread->n_held; i++)
    if (thread->held[i] == lock)
      return TRUE;
  return FALSE;
}

static void
do_access (Sim *sim, guint t)
{
  LsLineEvent *event =
    emit (sim, t, pick (sim, 2) ? LS_EV_WRITE : LS_EV_READ, sim->values[pick (sim, N_VALUES)]);
  if (sim->shape->with_signals && pick (sim, 6) == 0) {
    event->has_part = true;
    event->off = pick (sim, 3);
    event->size = 1 + pick (sim, 3);
  }
}

static void
do_lock (Sim *sim, guint t)
{
  Thread *thread = &sim->threads[t];
  guint i = pick (sim, N_LOCKS);
  if (sim->owner[i] != 0 || thread->n_held == 2)
    return;
  sim->owner[i] = t + 1;
  thread->held[thread->n_held++] = sim->locks[i];
  emit (sim, t, LS_EV_ACQUIRE, sim->locks[i]);
}

static void
do_unlock (Sim *sim, guint t)
{
  Thread *thread = &sim->threads[t];
  if (thread->n_held == 0)
    return;
  guint place = pick (sim, thread->n_held);
  guint32 lock = thread->held[place];
  memmove (thread->held + place, thread->held + place + 1,
           (thread->n_held - place - 1) * sizeof (guint32));
  thread->n_held--;
  emit (sim, t, LS_EV_RELEASE, lock);
  for (guint i = 0; i < N_LOCKS; i++)
    if (sim->locks[i] == lock)
      sim->owner[i] = 0;
  if (lock != sim->rwlock)
    return;
  if (sim->has_writer)
    sim->has_writer = FALSE;
  else
    sim->n_readers--;
}

static void
do_rwlock (Sim *sim, guint t)
{
  Thread *thread = &sim->threads[t];
  gboolean shared = pick (sim, 2);
  if (holds (thread, sim->rwlock) || thread->n_held == 3 || sim->has_writer ||
      (!shared && sim->n_readers > 0))
    return;
  emit (sim, t, LS_EV_ACQUIRE, sim->rwlock)->mode = shared ? LS_MODE_SHARED : LS_MODE_NONE;
  thread->held[thread->n_held++] = sim->rwlock;
  if (shared)
    sim->n_readers++;
  else
    sim->has_writer = TRUE;
}

static void
do_wait (Sim *sim, guint t)
{
  Thread *thread = &sim->threads[t];
  gboolean at_barrier = pick (sim, 2);
  thread->waits_on = at_barrier ? sim->barrier : sim->cond;
  thread->may_wake = FALSE;
  emit (sim, t, LS_EV_WAIT, thread->waits_on);
  if (!at_barrier || ++sim->n_at_barrier % 2 != 0)
    return;
  for (guint i = 0; i < MAX_THREADS; i++)
    if (sim->threads[i].waits_on == sim->barrier)
      sim->threads[i].may_wake = TRUE;
}

static void
do_waiting (Sim *sim, guint t)
{
  Thread *thread = &sim->threads[t];
  gboolean is_spurious = thread->waits_on == sim->cond && pick (sim, 8) == 0;
  if (!thread->may_wake && !is_spurious)
    return;
  emit (sim, t, is_spurious && pick (sim, 2) ? LS_EV_TIMEOUT : LS_EV_WAKE, thread->waits_on);
  thread->waits_on = 0;
}

static void
do_signal (Sim *sim, guint t)
{
  gboolean wakes_all = pick (sim, 2);
  emit (sim, t, wakes_all ? LS_EV_BROADCAST : LS_EV_SIGNAL, sim->cond);
  for (guint i = 0; i < MAX_THREADS; i++)
    if (sim->threads[i].waits_on == sim->cond && !sim->threads[i].may_wake) {
      sim->threads[i].may_wake = TRUE;
      if (!wakes_all)
        return;
    }
}

static void
do_signals (Sim *sim, guint t)
{
  switch (pick (sim, 7)) {
  case 0:
    do_rwlock (sim, t);
    break;
  case 1:
    do_wait (sim, t);
    break;
  case 2:
    do_signal (sim, t);
    break;
  case 3:
    if (sim->is_set && pick (sim, 2))
      emit (sim, t, LS_EV_WAKE, sim->flag);
    else
      emit (sim, t, LS_EV_SET, sim->flag);
    sim->is_set = TRUE;
    break;
  case 4:
    sim->n_units++;
    emit (sim, t, LS_EV_RELEASE, sim->semaphore);
    break;
  case 5:
    if (sim->n_units > 0) {
      sim->n_units--;
      emit (sim, t, LS_EV_ACQUIRE, sim->semaphore);
    }
    break;
  default: {
    gboolean receives = sim->n_sent > 0 && pick (sim, 2);
    LsLineEvent *event = emit (sim, t, receives ? LS_EV_RECV : LS_EV_SEND, 0);
    event->has_n = true;
    event->n = receives ? 1 + pick (sim, sim->n_sent) : ++sim->n_sent;
  }
  }
}

static void
do_atomic (Sim *sim, guint t)
{
  static const LsOrder orders[] = { LS_ORDER_NONE,    LS_ORDER_RELAXED, LS_ORDER_ACQUIRE,
                                    LS_ORDER_RELEASE, LS_ORDER_ACQ_REL, LS_ORDER_SEQ_CST };
  static const LsEventKind kinds[] = { LS_EV_LOAD, LS_EV_STORE, LS_EV_UPDATE };
  LsOrder order = orders[pick (sim, G_N_ELEMENTS (orders))];
  if (pick (sim, 4) == 0) {
    emit (sim, t, LS_EV_FENCE, 0)->order = order;
    return;
  }
  gboolean is_placed = pick (sim, 2);
  LsEventKind kind = kinds[pick (sim, 3)];
  guint32 obj = is_placed           ? sim->placed
                : pick (sim, 5) > 0 ? sim->atomic
                                    : sim->values[0]; /* also accessed plainly */
  LsLineEvent *event = emit (sim, t, kind, obj);
  event->order = order;
  if (!is_placed)
    return;
  event->has_n = true;
  gint64 age = pick (sim, 3); /* a load may see an old one */
  if (kind == LS_EV_LOAD)
    event->n = MAX (0, sim->place - age);
  else
    event->n = ++sim->place;
}

static void
do_thread (Sim *sim, guint t)
{
  Thread *thread = &sim->threads[t];
  for (guint i = 1; i < sim->shape->n_threads; i++) {
    Thread *other = &sim->threads[i];
    if (!other->begun && !other->created) {
      small_trace_add (sim->trace, t + 1, LS_EV_CREATE, 0, i + 1);
      other->created = TRUE;
      return;
    }
    if (other->over && i != t && !other->waits_on) {
      small_trace_add (sim->trace, t + 1, LS_EV_JOIN, 0, i + 1);
      return;
    }
  }
  if (t > 0 && thread->n_held == 0) {
    emit (sim, t, LS_EV_FINISH, 0);
    thread->over = TRUE;
  }
}

static void
step (Sim *sim, guint t)
{
  Thread *thread = &sim->threads[t];
  if (thread->over)
    return;
  thread->begun = TRUE;
  if (thread->waits_on) {
    do_waiting (sim, t);
    return;
  }
  guint what = pick (sim, 100);
  if (what < 40)
    do_access (sim, t);
  else if (what < 58)
    do_lock (sim, t);
  else if (what < 70)
    do_unlock (sim, t);
  else if (what < 78)
    do_thread (sim, t);
  else if (what < 90 && sim->shape->with_signals)
    do_signals (sim, t);
  else if (sim->shape->with_atomics)
    do_atomic (sim, t);
}

void
small_trace_make (SmallTrace *trace, GRand *rand, const SmallShape *shape)
{
  memset (trace, 0, sizeof (*trace));
  Sim sim = { .trace = trace, .rand = rand, .shape = shape };
  for (guint i = 0; i < N_LOCKS; i++)
    sim.locks[i] = small_trace_add_object (trace, LS_OBJECT_MUTEX);
  for (guint i = 0; i < N_VALUES; i++) {
    sim.values[i] = small_trace_add_object (trace, LS_OBJECT_VALUE);
    trace->objects[sim.values[i] - 1].size = 4;
  }
  sim.rwlock = small_trace_add_object (trace, LS_OBJECT_RWLOCK);
  sim.cond = small_trace_add_object (trace, LS_OBJECT_COND);
  sim.flag = small_trace_add_object (trace, LS_OBJECT_EVENT);
  sim.barrier = small_trace_add_object (trace, LS_OBJECT_BARRIER);
  trace->objects[sim.barrier - 1].has_parties = true;
  trace->objects[sim.barrier - 1].parties = 2;
  sim.semaphore = small_trace_add_object (trace, LS_OBJECT_SEMAPHORE);
  sim.atomic = small_trace_add_object (trace, LS_OBJECT_VALUE);
  sim.placed = small_trace_add_object (trace, LS_OBJECT_VALUE);
  for (guint tries = 0; trace->n < shape->n_events && tries < 1000; tries++)
    step (&sim, pick (&sim, shape->n_threads));
}
