/* SPDX-License-Identifier: MIT */
/* Random traces as text. */
#include "random-trace.h"

#include "names.h"
#include "writer.h"

#define N_THREADS 6
#define N_LOCKS 6 /* the first objects */

static const LsObjectKind kinds[N_OBJECTS + 1] = {
  [ID_MUTEX] = LS_OBJECT_MUTEX,         [ID_MUTEX_2] = LS_OBJECT_MUTEX,
  [ID_RECURSIVE] = LS_OBJECT_RECURSIVE, [ID_RWLOCK] = LS_OBJECT_RWLOCK,
  [ID_SEMAPHORE] = LS_OBJECT_SEMAPHORE, [ID_GATE] = LS_OBJECT_LOCK,
  [ID_COND] = LS_OBJECT_COND,           [ID_EVENT] = LS_OBJECT_EVENT,
  [ID_VALUE] = LS_OBJECT_VALUE,         [ID_TEXT] = LS_OBJECT_VALUE,
  [ID_BARRIER] = LS_OBJECT_BARRIER,
};

typedef struct {
  gboolean alive, finished;
  guint waits_for; /* object; 0: none */
  gboolean wants_shared;
  gboolean sleeps;
  guint held[N_OBJECTS + 1]; /* times, or units */
  guint n_regions;
} Thread;

typedef struct {
  GRand *rand;
  GArray *events; /* LsLineEvent */
  gint64 now_ns;
  gboolean ties;
  Thread threads[N_THREADS + 1];
  guint n_holders[N_OBJECTS + 1];
  gboolean is_written; /* the rwlock is held exclusively */
  guint n_arrived;
} Sim;

static LsLineEvent *
add (Sim *sim, guint thread, LsEventKind ev, guint object)
{
  sim->now_ns += g_rand_int_range (sim->rand, sim->ties ? 0 : 1, 4);
  LsLineEvent event = { .ts_ns = sim->now_ns, .tid = thread, .ev = ev, .obj = object };
  event.src = (guint) g_rand_int_range (sim->rand, 0, 3);
  g_array_append_val (sim->events, event);
  return &g_array_index (sim->events, LsLineEvent, sim->events->len - 1);
}

static gboolean
is_free (const Sim *sim, guint thread, guint lock, gboolean shared)
{
  switch (lock) {
  case ID_SEMAPHORE:
    return sim->n_holders[lock] < 2;
  case ID_RECURSIVE:
    return sim->n_holders[lock] == 0 || sim->threads[thread].held[lock] > 0;
  case ID_RWLOCK:
    return sim->n_holders[lock] == 0 || (shared && !sim->is_written);
  default:
    return sim->n_holders[lock] == 0;
  }
}

static void
acquire (Sim *sim, guint thread, guint lock, gboolean shared)
{
  LsLineEvent *event = add (sim, thread, LS_EV_ACQUIRE, lock);
  event->mode = shared ? LS_MODE_SHARED : LS_MODE_NONE;
  if (lock == ID_RWLOCK)
    sim->is_written = !shared;
  sim->n_holders[lock]++;
  sim->threads[thread].held[lock]++;
  sim->threads[thread].waits_for = 0;
}

static void
try_acquire (Sim *sim, guint thread, guint lock)
{
  gboolean shared = lock == ID_RWLOCK && g_rand_int_range (sim->rand, 0, 3) > 0;
  if (lock != ID_RECURSIVE && lock != ID_SEMAPHORE && sim->threads[thread].held[lock])
    return;
  if (is_free (sim, thread, lock, shared)) {
    acquire (sim, thread, lock, shared);
    return;
  }
  gboolean tries = g_rand_boolean (sim->rand);
  LsLineEvent *event = add (sim, thread, tries ? LS_EV_FAIL : LS_EV_WAIT, lock);
  event->mode = shared ? LS_MODE_SHARED : LS_MODE_NONE;
  event->how = tries ? LS_HOW_TRY : LS_HOW_NONE;
  if (!tries) {
    sim->threads[thread].waits_for = lock;
    sim->threads[thread].wants_shared = shared;
  }
}

static void
release (Sim *sim, guint thread, guint lock)
{
  guint owner = thread;
  if (lock == ID_GATE)
    for (guint i = 1; i <= N_THREADS; i++)
      if (sim->threads[i].held[lock])
        owner = i;
  if (!sim->threads[owner].held[lock])
    return;
  add (sim, thread, LS_EV_RELEASE, lock);
  sim->threads[owner].held[lock]--;
  sim->n_holders[lock]--;
}

static void
access_value (Sim *sim, guint thread)
{
  static const LsEventKind accesses[] = { LS_EV_READ, LS_EV_WRITE, LS_EV_LOAD, LS_EV_STORE,
                                          LS_EV_UPDATE };
  gboolean text = g_rand_int_range (sim->rand, 0, 4) == 0;
  LsEventKind ev = accesses[g_rand_int_range (sim->rand, 0, G_N_ELEMENTS (accesses))];
  LsLineEvent *event = add (sim, thread, ev, text ? ID_TEXT : ID_VALUE);
  if (g_rand_int_range (sim->rand, 0, 8) == 0)
    return;
  gint number = g_rand_int_range (sim->rand, -9, 10);
  if (text)
    event->val = (LsValue){ .type = LS_VALUE_TEXT, .text = number < 0 ? "less" : "more" };
  else if (number == 9)
    event->val = (LsValue){ .type = LS_VALUE_FLOAT, .f = 0.5 };
  else
    event->val = (LsValue){ .type = LS_VALUE_INT, .i = number };
  if (ls_event_rows[ev].flags & LS_EV_WRITES)
    event->old = (LsValue){ .type = LS_VALUE_INT, .i = number - 1 };
  if (ls_event_rows[ev].flags & LS_EV_ATOMIC)
    event->order = (LsOrder) g_rand_int_range (sim->rand, 0, LS_ORDER_N);
}

/* A thread that waits: only what it waits for can come. */
static void
step_waiting (Sim *sim, guint thread)
{
  Thread *self = &sim->threads[thread];
  guint object = self->waits_for;
  if (self->sleeps) {
    add (sim, thread, LS_EV_WAKE, 0);
    self->sleeps = FALSE;
  } else if (object == ID_COND || object == ID_EVENT) {
    gboolean gives_up = g_rand_int_range (sim->rand, 0, 4) == 0;
    add (sim, thread, gives_up ? LS_EV_TIMEOUT : LS_EV_WAKE, object);
    self->waits_for = 0;
  } else if (object == ID_BARRIER) {
    if (sim->n_arrived % 2)
      return;
    add (sim, thread, LS_EV_WAKE, object);
    self->waits_for = 0;
  } else if (is_free (sim, thread, object, self->wants_shared)) {
    acquire (sim, thread, object, self->wants_shared);
  } else if (g_rand_int_range (sim->rand, 0, 20) == 0) { /* so that no deadlock lasts */
    add (sim, thread, LS_EV_TIMEOUT, object);
    self->waits_for = 0;
  }
}

static void
step_signal (Sim *sim, guint thread)
{
  static const LsEventKind evs[] = { LS_EV_SIGNAL, LS_EV_BROADCAST, LS_EV_SET, LS_EV_CLEAR,
                                     LS_EV_WAIT };
  LsEventKind ev = evs[g_rand_int_range (sim->rand, 0, G_N_ELEMENTS (evs))];
  guint object = ev == LS_EV_SET || ev == LS_EV_CLEAR ? ID_EVENT : ID_COND;
  if (ev == LS_EV_WAIT) {
    /* A second one arrives at the barrier only when none of the round before is still in it. */
    guint n_inside = 0;
    for (guint i = 1; i <= N_THREADS; i++)
      n_inside += sim->threads[i].waits_for == ID_BARRIER;
    object = (guint) g_rand_int_range (sim->rand, ID_COND, ID_EVENT + 1);
    if (g_rand_boolean (sim->rand) && n_inside == sim->n_arrived % 2) {
      object = ID_BARRIER;
      sim->n_arrived++;
    }
    sim->threads[thread].waits_for = object;
  }
  add (sim, thread, ev, object);
}

static void
step_other (Sim *sim, guint thread)
{
  Thread *self = &sim->threads[thread];
  LsLineEvent *event;
  switch (g_rand_int_range (sim->rand, 0, 6)) {
  case 0:
    add (sim, thread, LS_EV_SLEEP, 0);
    self->sleeps = TRUE;
    break;
  case 1:
    event = add (sim, thread, LS_EV_BEGIN, 0);
    event->name = "region";
    self->n_regions++;
    break;
  case 2:
    if (self->n_regions == 0)
      break;
    event = add (sim, thread, LS_EV_END, 0);
    event->name = "region";
    self->n_regions--;
    break;
  case 3:
    event = add (sim, thread, LS_EV_COUNT, 0);
    event->name = "jobs";
    event->val = (LsValue){ .type = LS_VALUE_INT, .i = g_rand_int_range (sim->rand, 0, 9) };
    break;
  case 4:
    event = add (sim, thread, g_rand_boolean (sim->rand) ? LS_EV_SEND : LS_EV_RECV, 0);
    event->has_n = true;
    event->n = g_rand_int_range (sim->rand, 0, 5);
    break;
  default:
    add (sim, thread, LS_EV_YIELD, 0);
    break;
  }
}

static void
step (Sim *sim, guint thread)
{
  Thread *self = &sim->threads[thread];
  if (self->finished)
    return;
  if (!self->alive) {
    add (sim, thread, LS_EV_START, 0);
    self->alive = TRUE;
  } else if (self->waits_for || self->sleeps) {
    step_waiting (sim, thread);
  } else {
    guint lock = (guint) g_rand_int_range (sim->rand, 1, N_LOCKS + 1);
    switch (g_rand_int_range (sim->rand, 0, 8)) {
    case 0:
    case 1:
      try_acquire (sim, thread, lock);
      break;
    case 2:
    case 3:
    case 4:
      release (sim, thread, lock);
      break;
    case 5:
      access_value (sim, thread);
      break;
    case 6:
      step_signal (sim, thread);
      break;
    default:
      step_other (sim, thread);
      break;
    }
  }
}

static GString *
write_all (GArray *events)
{
  GString *out = g_string_new (NULL);
  LsLine line = { .kind = LS_LINE_HEADER, .header.version = 1 };
  ls_write_line (out, &line);
  for (guint id = 1; id <= N_OBJECTS; id++) {
    line = (LsLine){ .kind = LS_LINE_OBJECT, .object = { .id = id, .kind = kinds[id] } };
    line.object.has_initial = id == ID_SEMAPHORE;
    line.object.initial = 2;
    line.object.has_parties = id == ID_BARRIER;
    line.object.parties = 2;
    ls_write_line (out, &line);
  }
  for (guint i = 0; i < events->len; i++)
    ls_write_event (out, &g_array_index (events, LsLineEvent, i));
  gint64 end_ns = 1;
  for (guint i = 0; i < events->len; i++)
    end_ns = MAX (end_ns, g_array_index (events, LsLineEvent, i).ts_ns + 5);
  line = (LsLine){ .kind = LS_LINE_FOOTER, .footer = { .end_ns = end_ns, .events = events->len } };
  ls_write_line (out, &line);
  return out;
}

/* Moves lines past later ones of other threads. */
static void
delay_lines (GRand *rand, GArray *events)
{
  LsLineEvent *line = (LsLineEvent *) events->data;
  for (guint i = 0; i + 1 < events->len; i++) {
    if (g_rand_int_range (rand, 0, 8) > 0)
      continue;
    for (guint j = i; j + 1 < events->len && j < i + 9 && line[j].tid != line[j + 1].tid; j++) {
      LsLineEvent event = line[j];
      line[j] = line[j + 1];
      line[j + 1] = event;
    }
  }
}

GString *
random_trace_new (GRand *rand, guint n_events, gboolean ties)
{
  Sim sim = { .rand = rand, .ties = ties };
  sim.events = g_array_new (FALSE, FALSE, sizeof (LsLineEvent));
  guint favourite = 1;
  while (sim.events->len < n_events) {
    if (g_rand_int_range (rand, 0, 60) == 0)
      favourite = (guint) g_rand_int_range (rand, 1, N_THREADS + 1);
    guint thread = (guint) g_rand_int_range (rand, 1, N_THREADS + 1);
    step (&sim, g_rand_int_range (rand, 0, 3) ? favourite : thread);
    if (sim.threads[favourite].waits_for)
      favourite = thread;
  }
  if (!ties)
    delay_lines (rand, sim.events);
  GString *out = write_all (sim.events);
  g_array_unref (sim.events);
  return out;
}

GString *
random_nonsense_new (GRand *rand, guint n_events)
{
  g_autoptr (GArray) events = g_array_new (FALSE, FALSE, sizeof (LsLineEvent));
  for (guint i = 0; i < n_events; i++) {
    LsLineEvent event = {
      .ts_ns = g_rand_int_range (rand, 0, (gint) n_events * 2),
      .tid = (guint) g_rand_int_range (rand, 1, N_THREADS),
      .ev = (LsEventKind) g_rand_int_range (rand, 1, LS_EV_N),
    };
    int target = ls_event_rows[event.ev].target;
    if (target == LS_TARGET_THREAD)
      event.thread = (guint) g_rand_int_range (rand, 1, N_THREADS + 2);
    else if (target != LS_TARGET_NONE)
      event.obj = (guint) g_rand_int_range (rand, 1, N_OBJECTS + 2);
    if (event.ev == LS_EV_FINISH && g_rand_int_range (rand, 0, 5))
      event.ev = LS_EV_YIELD;
    if (g_rand_int_range (rand, 0, 4) == 0) {
      event.has_n = true;
      event.n = g_rand_int_range (rand, 0, 4);
    }
    if (g_rand_int_range (rand, 0, 5) == 0)
      event.mode = LS_MODE_SHARED;
    if (g_rand_int_range (rand, 0, 20) == 0)
      event.err = g_rand_boolean (rand) ? "EPERM" : "EOWNERDEAD";
    if (event.ev == LS_EV_BEGIN || event.ev == LS_EV_END || event.ev == LS_EV_MARK ||
        event.ev == LS_EV_COUNT)
      event.name = g_rand_boolean (rand) ? "a" : "b";
    if (g_rand_boolean (rand))
      event.val = (LsValue){ .type = LS_VALUE_INT, .i = (gint) i };
    g_array_append_val (events, event);
  }
  return write_all (events);
}
