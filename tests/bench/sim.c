/* SPDX-License-Identifier: MIT */
/* A simulated program: a heap of threads by time, and its run. */
#include "sim-private.h"

#include "writer.h"

#define FLUSH_BYTES (256 * 1024)

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

void
sim_ready (Sim *sim, SimThread *thread, int64_t delay_ns)
{
  thread->state = SIM_READY;
  thread->due_ns = sim->now_ns + delay_ns;
  push (sim, thread);
}

/* Between two operations, and from being woken to running: a few hundred ns, some µs. */
int64_t
sim_get_step_ns (Sim *sim)
{
  return 150 + (int64_t) (sim_random (sim) & 511);
}

int64_t
sim_get_wake_ns (Sim *sim)
{
  return 1500 + (int64_t) (sim_random (sim) & 4095);
}

/* objects and threads */

SimObject *
sim_get_object (Sim *sim, uint32_t id)
{
  return &g_array_index (sim->objects, SimObject, id);
}

SimThread *
sim_get_thread (Sim *sim, uint32_t id)
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
    g_array_unref (sim_get_thread (sim, i)->ops);
    g_free (sim_get_thread (sim, i));
  }
  g_array_unref (sim->objects);
  g_ptr_array_unref (sim->threads);
  g_ptr_array_unref (sim->heap);
  g_string_free (sim->out, TRUE);
  g_free (sim);
}

/* the run */

void
sim_say (Sim *sim, const SimThread *thread, LsLineEvent event)
{
  event.ts_ns = sim->now_ns;
  event.tid = thread->id;
  ls_write_event (sim->out, &event);
  sim->n_events++;
  if (sim->out->len >= FLUSH_BYTES)
    sim->flush (sim->out);
}

static void
finish (Sim *sim, SimThread *thread)
{
  LsHow how = thread->id == 1 ? LS_HOW_EXIT : LS_HOW_NONE;
  sim_say (sim, thread, (LsLineEvent){ .ev = LS_EV_FINISH, .how = how });
  thread->state = SIM_DONE;
  if (thread->joiner)
    sim_ready (sim, sim_get_thread (sim, thread->joiner), sim_get_wake_ns (sim));
}

void
sim_run (Sim *sim, SimRefillFunc refill, gpointer user_data)
{
  sim_get_thread (sim, 1)->says_start = true;
  sim_ready (sim, sim_get_thread (sim, 1), 0);
  while (sim->heap->len > 0) {
    SimThread *thread = pop (sim);
    sim->now_ns = thread->due_ns;
    if (!sim_resume (sim, thread))
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
    sim_run_op (sim, thread, &op);
  }
}
