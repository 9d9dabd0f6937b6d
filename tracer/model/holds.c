/* SPDX-License-Identifier: MIT */
/* Who holds what from when to when, out of acquires and releases. */
#include "walk.h"

struct _LsOpenHold {
  uint64_t key;            /* thread and object: what the table finds it by */
  uint32_t in_thread;      /* index of its interval in the thread's lane */
  uint32_t in_object;      /* and in the object's */
  uint32_t depth;          /* times, or units, still to be given back */
  LsOpenHold *below;       /* an older one of the same thread and object: a semaphore's */
  LsOpenHold *prev, *next; /* of the object, by age */
};

static uint64_t
make_key (uint32_t thread, uint32_t object)
{
  return (uint64_t) thread << 32 | object;
}

static uint32_t
thread_of (const LsOpenHold *hold)
{
  return (uint32_t) (hold->key >> 32);
}

static guint
hash_key (gconstpointer key)
{
  return (guint) (*(const uint64_t *) key * 0x9e3779b97f4a7c15u >> 32);
}

void
ls_walk_init_holds (LsWalk *walk)
{
  walk->holds = g_hash_table_new (hash_key, g_int64_equal);
}

void
ls_walk_clear_holds (LsWalk *walk)
{
  for (uint32_t i = 0; i < walk->trace->n_objects; i++) {
    LsOpenHold *next;
    for (LsOpenHold *hold = walk->objects[i].oldest; hold; hold = next) {
      next = hold->next;
      g_free (hold);
    }
  }
  g_clear_pointer (&walk->holds, g_hash_table_unref);
}

/* A warning about what the trace says to have happened, unless it may not say all. */
#define COMPLAIN(walk, k, ...)                              \
  do {                                                      \
    if (!(walk)->trace->info.absence_is_no_proof)           \
      ls_trace_add_problem ((walk)->trace, k, __VA_ARGS__); \
  } while (0)

/* -- Gates -- */

/* Whether some thread gives back more units of the object than it took. `units`: scratch. */
static bool
is_released_by_others (const LsTrace *trace, uint32_t object, GHashTable *units)
{
  g_hash_table_remove_all (units);
  uint32_t n;
  const uint32_t *events = ls_trace_get_object_events (trace, object, &n);
  for (uint32_t i = 0; i < n; i++) {
    LsEventKind kind = ls_trace_get_kind (trace, events[i]);
    if ((kind != LS_EV_ACQUIRE && kind != LS_EV_RELEASE) ||
        ls_trace_get_event_object (trace, events[i]) != object ||
        ls_trace_event_failed (trace, events[i]))
      continue;
    LsEvent event;
    ls_trace_get_event (trace, events[i], &event);
    gpointer key = GUINT_TO_POINTER (event.thread);
    int64_t has = GPOINTER_TO_INT (g_hash_table_lookup (units, key));
    has += kind == LS_EV_ACQUIRE ? event.n : -event.n;
    if (has < 0)
      return true;
    g_hash_table_insert (units, key, GINT_TO_POINTER ((int) MIN (has, G_MAXINT)));
  }
  return false;
}

void
ls_trace_find_gates (LsTrace *trace)
{
  g_autoptr (GHashTable) units = g_hash_table_new (NULL, NULL);
  for (uint32_t i = 0; i < trace->n_objects; i++) {
    LsObject *object = &trace->objects[i];
    if (object->kind == LS_OBJECT_LOCK || object->kind == LS_OBJECT_SEMAPHORE ||
        object->kind == LS_OBJECT_UNKNOWN)
      object->is_gate = is_released_by_others (trace, i, units);
  }
}

/* -- Rows: the lowest free one -- */

static uint8_t
take_row (LsThreadWalk *thread)
{
  if (!thread->rows)
    thread->rows = g_byte_array_new ();
  guint row = 0;
  while (row < thread->rows->len && thread->rows->data[row])
    row++;
  if (row >= 255)
    return 255;
  if (row == thread->rows->len)
    g_byte_array_append (thread->rows, (const guint8 *) "", 1);
  thread->rows->data[row] = 1;
  return (uint8_t) row;
}

static void
free_row (LsThreadWalk *thread, uint8_t row)
{
  if (row < 255)
    thread->rows->data[row] = 0;
}

/* -- Open holds -- */

static LsOpenHold *
find_hold (const LsWalk *walk, uint32_t thread, uint32_t object)
{
  uint64_t key = make_key (thread, object);
  return g_hash_table_lookup (walk->holds, &key);
}

static LsInterval *
in_object (const LsWalk *walk, const LsOpenHold *hold)
{
  return &walk->trace->object_lanes[(uint32_t) hold->key].holds.intervals[hold->in_object];
}

static LsInterval *
in_thread (const LsWalk *walk, const LsOpenHold *hold)
{
  return &walk->trace->thread_lanes[thread_of (hold)].holds.intervals[hold->in_thread];
}

static void
end_hold (LsWalk *walk, LsOpenHold *hold, uint32_t k)
{
  LsObjectWalk *object = &walk->objects[(uint32_t) hold->key];
  LsInterval *interval = in_thread (walk, hold);
  interval->end_event = in_object (walk, hold)->end_event = k;
  free_row (&walk->threads[thread_of (hold)], interval->row);

  *(hold->prev ? &hold->prev->next : &object->oldest) = hold->next;
  *(hold->next ? &hold->next->prev : &object->newest) = hold->prev;
  LsOpenHold *top = g_hash_table_lookup (walk->holds, &hold->key);
  if (top != hold) {
    while (top->below != hold)
      top = top->below;
    top->below = hold->below;
  } else if (hold->below) {
    g_hash_table_replace (walk->holds, &hold->below->key, hold->below);
  } else {
    g_hash_table_remove (walk->holds, &hold->key);
  }
  g_free (hold);
}

static void
begin_hold (LsWalk *walk, uint32_t k, const LsEvent *event)
{
  LsTrace *trace = walk->trace;
  LsThreadLane *lane = &trace->thread_lanes[event->thread];
  LsObjectWalk *object = &walk->objects[event->object];
  uint32_t depth = (uint32_t) CLAMP (event->n, 1, G_MAXUINT32);
  LsInterval interval = {
    .begin_event = k,
    .end_event = LS_NONE,
    .thread = event->thread,
    .object = event->object,
    .peer = LS_NONE,
    .mode = event->mode,
    .row = take_row (&walk->threads[event->thread]),
    .depth = depth,
  };
  lane->n_hold_rows = MAX (lane->n_hold_rows, interval.row + 1u);
  LsOpenHold *hold = g_new (LsOpenHold, 1);
  *hold = (LsOpenHold){
    .key = make_key (event->thread, event->object),
    .in_thread = ls_track_append (&lane->holds, &interval),
    .in_object = ls_track_append (&trace->object_lanes[event->object].holds, &interval),
    .depth = depth,
    .below = find_hold (walk, event->thread, event->object),
    .prev = object->newest,
  };
  *(object->newest ? &object->newest->next : &object->oldest) = hold;
  object->newest = hold;
  g_hash_table_replace (walk->holds, &hold->key, hold);
}

static void
deepen_hold (LsWalk *walk, LsOpenHold *hold, int64_t n)
{
  hold->depth = (uint32_t) MIN ((int64_t) hold->depth + MAX (n, 1), G_MAXUINT32);
  LsInterval *intervals[] = { in_thread (walk, hold), in_object (walk, hold) };
  for (int i = 0; i < 2; i++)
    intervals[i]->depth = MAX (intervals[i]->depth, hold->depth);
}

/* -- Acquire and release -- */

/* Whether a thread that holds it may acquire it once more as one hold, now deeper. */
static bool
is_reentrant (LsObjectKind kind, LsMode held, LsMode wanted)
{
  if (kind == LS_OBJECT_RWLOCK)
    return held == LS_MODE_SHARED && wanted == LS_MODE_SHARED;
  return kind == LS_OBJECT_RECURSIVE || kind == LS_OBJECT_UNKNOWN;
}

/* Ends the holds that cannot last past the acquire of event k: their releases are missing, their
 * owner died with them (EOWNERDEAD), or the trace contradicts itself. */
static void
end_displaced_holds (LsWalk *walk, uint32_t k, const LsEvent *event)
{
  const LsTrace *trace = walk->trace;
  const LsObject *object = &trace->objects[event->object];
  const char *name = trace->threads[event->thread].name;
  LsOpenHold *hold;
  if (object->kind == LS_OBJECT_UNKNOWN || object->kind == LS_OBJECT_SEMAPHORE)
    return;
  while ((hold = walk->objects[event->object].oldest)) {
    /* Either all holds are shared, or there is one alone. */
    if (event->mode == LS_MODE_SHARED && in_object (walk, hold)->mode == LS_MODE_SHARED)
      return;
    if (thread_of (hold) == event->thread)
      COMPLAIN (walk, k, "%s acquires %s, which it holds", name, object->name);
    else if (!event->err)
      COMPLAIN (walk, k, "%s acquires %s, which %s holds", name, object->name,
                trace->threads[thread_of (hold)].name);
    end_hold (walk, hold, k);
  }
}

void
ls_walk_acquire (LsWalk *walk, uint32_t k, const LsEvent *event)
{
  const LsObject *object = &walk->trace->objects[event->object];
  if (object->kind == LS_OBJECT_SEMAPHORE && object->is_gate)
    return; /* its units are nobody's: only the count is shown */
  LsOpenHold *own = find_hold (walk, event->thread, event->object);
  if (own && is_reentrant (object->kind, (LsMode) in_object (walk, own)->mode, event->mode)) {
    deepen_hold (walk, own, event->n);
    return;
  }
  end_displaced_holds (walk, k, event);
  begin_hold (walk, k, event);
}

void
ls_walk_release (LsWalk *walk, uint32_t k, const LsEvent *event)
{
  const LsObject *object = &walk->trace->objects[event->object];
  bool is_owned = ls_object_rows[object->kind].flags & LS_OBJ_OWNED;
  LsOpenHold *hold = find_hold (walk, event->thread, event->object);
  if (!hold && !is_owned)
    hold = walk->objects[event->object].oldest;
  if (!hold && is_owned)
    COMPLAIN (walk, k, "%s releases %s, which it does not hold",
              walk->trace->threads[event->thread].name, object->name);
  for (int64_t left = MAX (event->n, 1); hold && left > 0;) {
    uint32_t units = (uint32_t) MIN (left, (int64_t) hold->depth);
    left -= units;
    hold->depth -= units;
    if (hold->depth > 0)
      return;
    LsOpenHold *below = hold->below;
    end_hold (walk, hold, k);
    hold = below;
  }
}

void
ls_walk_end_life (LsWalk *walk, uint32_t k, uint32_t object)
{
  /* The newest first: it is on top of those of its thread. */
  while (walk->objects[object].newest)
    end_hold (walk, walk->objects[object].newest, k);
}
