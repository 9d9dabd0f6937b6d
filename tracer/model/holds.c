/* SPDX-License-Identifier: MIT */
/* Who holds what from when to when, out of acquires and releases. */
#include "walk.h"

static bool
is_owned (const LsObject *object)
{
  return ls_object_rows[object->kind].flags & LS_OBJ_OWNED;
}

/* Whether the trace leaves room for events that were not recorded. */
static bool
may_miss_events (const LsTrace *trace)
{
  return trace->info.absence_is_no_proof;
}

/* -- Gates -- */

/* Units of the object that each thread has, as far as its own acquires and releases go. */
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

/* -- Acquire -- */

static LsOpenHold *
find_hold (const LsThreadWalk *thread, uint32_t object)
{
  for (guint i = thread->holds ? thread->holds->len : 0; i > 0; i--) {
    LsOpenHold *hold = &g_array_index (thread->holds, LsOpenHold, i - 1);
    if (hold->object == object)
      return hold;
  }
  return NULL;
}

static void
end_hold (LsWalk *walk, uint32_t owner, LsOpenHold *hold, uint32_t k)
{
  LsThreadWalk *thread = &walk->threads[owner];
  LsObjectWalk *object = &walk->objects[hold->object];
  if (hold->in_thread != LS_NONE) {
    LsInterval *interval = ls_track_at (&walk->trace->thread_lanes[owner].holds, hold->in_thread);
    interval->end_event = k;
    free_row (thread, interval->row);
  }
  ls_track_at (&walk->trace->object_lanes[hold->object].holds, hold->in_object)->end_event = k;
  for (guint i = 0; i < object->owners->len; i++)
    if (g_array_index (object->owners, uint32_t, i) == owner) {
      g_array_remove_index (object->owners, i);
      break;
    }
  g_array_remove_index (thread->holds,
                        (guint) (hold - &g_array_index (thread->holds, LsOpenHold, 0)));
}

/* Another thread still holds what event k acquired: a contradiction, but for shared holds and the
 * lock of a thread that died with it. */
static void
check_owner (LsWalk *walk, uint32_t k, const LsEvent *event)
{
  const LsObject *object = &walk->trace->objects[event->object];
  LsObjectWalk *state = &walk->objects[event->object];
  if (!is_owned (object) || state->owners->len == 0)
    return;
  uint32_t owner = g_array_index (state->owners, uint32_t, 0);
  LsOpenHold *hold = find_hold (&walk->threads[owner], event->object);
  LsMode mode =
    ls_track_at (&walk->trace->object_lanes[event->object].holds, hold->in_object)->mode;
  if (mode == LS_MODE_SHARED && event->mode == LS_MODE_SHARED)
    return;
  if (event->err) /* EOWNERDEAD */
    end_hold (walk, owner, hold, k);
  else if (!may_miss_events (walk->trace))
    ls_trace_add_problem (walk->trace, 0, false,
                          g_strdup_printf ("event %u: %s acquires %s, which %s holds", k + 1,
                                           walk->trace->threads[event->thread].name, object->name,
                                           walk->trace->threads[owner].name));
}

static void
begin_hold (LsWalk *walk, uint32_t k, const LsEvent *event)
{
  LsTrace *trace = walk->trace;
  LsThreadWalk *thread = &walk->threads[event->thread];
  LsThreadLane *lane = &trace->thread_lanes[event->thread];
  LsTrack *object_track = &trace->object_lanes[event->object].holds;
  LsInterval interval = {
    .begin_event = k,
    .end_event = LS_NONE,
    .thread = event->thread,
    .object = event->object,
    .peer = LS_NONE,
    .mode = event->mode,
    .depth = 1,
  };
  LsOpenHold hold = { .object = event->object, .depth = 1 };
  interval.row = take_row (thread);
  lane->n_hold_rows = MAX (lane->n_hold_rows, interval.row + 1u);
  hold.in_thread = lane->holds.intervals ? lane->holds.intervals->len : 0;
  ls_track_append (&lane->holds, &interval);
  hold.in_object = object_track->intervals ? object_track->intervals->len : 0;
  ls_track_append (object_track, &interval);
  g_array_append_val (thread->holds, hold);
  g_array_append_val (walk->objects[event->object].owners, event->thread);
}

void
ls_walk_acquire (LsWalk *walk, uint32_t k, const LsEvent *event)
{
  const LsObject *object = &walk->trace->objects[event->object];
  LsThreadWalk *thread = &walk->threads[event->thread];
  if (object->kind == LS_OBJECT_SEMAPHORE && object->is_gate)
    return; /* its units belong to nobody: only the count is shown */
  if (!thread->holds)
    thread->holds = g_array_new (FALSE, FALSE, sizeof (LsOpenHold));
  if (!walk->objects[event->object].owners)
    walk->objects[event->object].owners = g_array_new (FALSE, FALSE, sizeof (uint32_t));

  LsOpenHold *held = find_hold (thread, event->object);
  if (held && object->kind != LS_OBJECT_SEMAPHORE) {
    held->depth += (uint32_t) MAX (event->n, 1);
    LsInterval *intervals[] = {
      ls_track_at (&walk->trace->thread_lanes[event->thread].holds, held->in_thread),
      ls_track_at (&walk->trace->object_lanes[event->object].holds, held->in_object),
    };
    for (int i = 0; i < 2; i++)
      intervals[i]->depth = MAX (intervals[i]->depth, held->depth);
    return;
  }
  check_owner (walk, k, event);
  begin_hold (walk, k, event);
}

/* -- Release -- */

void
ls_walk_release (LsWalk *walk, uint32_t k, const LsEvent *event)
{
  const LsObject *object = &walk->trace->objects[event->object];
  LsObjectWalk *state = &walk->objects[event->object];
  uint32_t owner = event->thread;
  LsOpenHold *hold = find_hold (&walk->threads[owner], event->object);
  if (!hold && !is_owned (object) && state->owners && state->owners->len > 0) {
    owner = g_array_index (state->owners, uint32_t, 0);
    hold = find_hold (&walk->threads[owner], event->object);
  }
  if (!hold) {
    if (is_owned (object) && !may_miss_events (walk->trace))
      ls_trace_add_problem (walk->trace, 0, false,
                            g_strdup_printf ("event %u: %s releases %s, which it does not hold",
                                             k + 1, walk->trace->threads[event->thread].name,
                                             object->name));
    return;
  }
  uint32_t units = (uint32_t) CLAMP (event->n, 1, (int64_t) hold->depth);
  hold->depth -= units;
  if (hold->depth == 0)
    end_hold (walk, owner, hold, k);
}
