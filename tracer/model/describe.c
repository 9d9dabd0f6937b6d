/* SPDX-License-Identifier: MIT */
/* Lists of events per lane, and what they say of threads and objects: parents, ends, names. */
#include "trace-private.h"

/* -- Lists -- */

/* Lane of event k by one key; up to two keys an event. */
static uint32_t
object_key (const LsTrace *trace, uint32_t k, int which)
{
  if (which == 0)
    return ls_trace_get_event_object (trace, k);
  const LsSide *side = ls_columns_get_side (&trace->columns, k);
  if (!side || side->with == ls_trace_get_event_object (trace, k))
    return LS_NONE;
  return side->with;
}

static uint32_t
thread_key (const LsTrace *trace, uint32_t k, int which)
{
  return which == 0 ? LS_WHO_THREAD (trace->columns.who[k]) : LS_NONE;
}

static void
build_lists (const LsTrace *trace,
             LsEventLists *lists,
             uint32_t n_lanes,
             uint32_t (*key) (const LsTrace *trace, uint32_t k, int which))
{
  uint32_t n = trace->columns.n;
  lists->offset = g_new0 (uint32_t, n_lanes + 2);
  for (uint32_t k = 0; k < n; k++)
    for (int which = 0; which < 2; which++) {
      uint32_t lane = key (trace, k, which);
      if (lane < n_lanes)
        lists->offset[lane + 2]++;
    }
  for (uint32_t i = 2; i < n_lanes + 2; i++)
    lists->offset[i] += lists->offset[i - 1];
  lists->events = g_new (uint32_t, lists->offset[n_lanes + 1] + 1);
  /* offset[lane + 1] runs from the lane's begin to its end, where it is the next one's begin. */
  for (uint32_t k = 0; k < n; k++)
    for (int which = 0; which < 2; which++) {
      uint32_t lane = key (trace, k, which);
      if (lane < n_lanes)
        lists->events[lists->offset[lane + 1]++] = k;
    }
}

void
ls_trace_index_events (LsTrace *trace)
{
  build_lists (trace, &trace->thread_events, trace->n_threads, thread_key);
  build_lists (trace, &trace->object_events, trace->n_objects, object_key);
}

/* -- Threads -- */

static void
describe_creations (LsTrace *trace)
{
  for (uint32_t k = 0; k < trace->columns.n; k++) {
    LsEventKind kind = ls_trace_get_kind (trace, k);
    uint32_t self = ls_trace_get_event_thread (trace, k);
    uint32_t peer = trace->columns.flags[k] & 0x80 ? trace->columns.target[k] : LS_NONE;
    LsThread *other = peer < trace->n_threads ? &trace->threads[peer] : NULL;
    if (kind == LS_EV_START && trace->threads[self].start_event == LS_NONE) {
      trace->threads[self].start_event = k;
      trace->threads[self].start_source = trace->columns.source[k];
    } else if (kind == LS_EV_FINISH) {
      trace->threads[self].finish_event = k;
    }
    if (!other || ls_trace_event_failed (trace, k))
      continue;
    if (kind == LS_EV_CREATE && other->create_event == LS_NONE) {
      other->create_event = k;
      other->parent = self;
    } else if (kind == LS_EV_JOIN && other->join_event == LS_NONE) {
      other->join_event = k;
    } else if (kind == LS_EV_DETACH) {
      other->detached = true;
    }
  }
}

static void
check_thread (LsTrace *trace, const LsThread *thread)
{
  if (thread->finish_event != LS_NONE && thread->last_event > thread->finish_event)
    ls_trace_add_problem (trace, 0, false,
                          g_strdup_printf ("event %u is of %s, which finished at event %u",
                                           thread->last_event + 1, thread->name,
                                           thread->finish_event + 1));
  if (thread->create_event != LS_NONE && thread->first_event != LS_NONE &&
      thread->create_event > thread->first_event)
    ls_trace_add_problem (trace, 0, false,
                          g_strdup_printf ("%s is created at event %u, after its first event %u",
                                           thread->name, thread->create_event + 1,
                                           thread->first_event + 1));
}

static const char *
keep (LsTrace *trace, char *name)
{
  const char *kept = g_string_chunk_insert_const (trace->strings, name);
  g_free (name);
  return kept;
}

static void
describe_thread (LsTrace *trace, uint32_t index)
{
  LsThread *thread = &trace->threads[index];
  uint32_t n;
  const uint32_t *events = ls_trace_get_thread_events (trace, index, &n);
  thread->is_named = thread->name != NULL;
  if (!thread->name)
    thread->name =
      thread->id == 1 ? "main" : keep (trace, g_strdup_printf ("thread %u", thread->id));
  thread->first_event = n > 0 ? events[0] : LS_NONE;
  thread->last_event = n > 0 ? events[n - 1] : LS_NONE;
}

/* -- Objects -- */

/* What an object that was never declared must be, by what is done to it. */
static LsObjectKind
guess_kind (const LsTrace *trace, uint32_t object)
{
  uint32_t n;
  const uint32_t *events = ls_trace_get_object_events (trace, object, &n);
  for (uint32_t i = 0; i < n; i++) {
    LsEventKind kind = ls_trace_get_kind (trace, events[i]);
    if (ls_event_rows[kind].flags & (LS_EV_READS | LS_EV_WRITES))
      return LS_OBJECT_VALUE;
    if (kind == LS_EV_SIGNAL || kind == LS_EV_BROADCAST)
      return LS_OBJECT_COND;
    if (kind == LS_EV_SET || kind == LS_EV_CLEAR)
      return LS_OBJECT_EVENT;
    if (kind == LS_EV_ACQUIRE || kind == LS_EV_RELEASE)
      return LS_OBJECT_UNKNOWN;
  }
  return LS_OBJECT_UNKNOWN;
}

static void
describe_object (LsTrace *trace, uint32_t index)
{
  LsObject *object = &trace->objects[index];
  if (object->kind == LS_OBJECT_UNKNOWN)
    object->kind = guess_kind (trace, index);
  object->is_named = object->name != NULL;
  if (!object->name)
    object->name =
      keep (trace, g_strdup_printf ("%s %u", ls_object_rows[object->kind].word, object->id));

  uint32_t n;
  const uint32_t *events = ls_trace_get_object_events (trace, index, &n);
  for (uint32_t i = 0; i < n; i++) {
    int flags = ls_event_rows[ls_trace_get_kind (trace, events[i])].flags;
    object->n_reads += (flags & LS_EV_READS) != 0;
    object->n_writes += (flags & LS_EV_WRITES) != 0;
  }
}

/* -- Counters -- */

static int
compare_changes (const void *a, const void *b)
{
  int64_t first = *(const int64_t *) a, second = *(const int64_t *) b;
  return (first > second) - (first < second);
}

/* The count of live threads, at each event that changes it. */
static void
build_alive (LsTrace *trace)
{
  g_autoptr (GArray) changes =
    g_array_new (FALSE, FALSE, sizeof (int64_t)); /* event * 2 + isbirth */
  for (uint32_t i = 0; i < trace->n_threads; i++) {
    const LsThread *thread = &trace->threads[i];
    if (thread->first_event == LS_NONE)
      continue;
    int64_t birth = (int64_t) thread->first_event * 2 + 1;
    g_array_append_val (changes, birth);
    if (thread->finish_event != LS_NONE) {
      int64_t death = (int64_t) thread->finish_event * 2;
      g_array_append_val (changes, death);
    }
  }
  g_array_sort (changes, compare_changes);
  trace->alive_events = g_array_new (FALSE, FALSE, sizeof (uint32_t));
  trace->alive_counts = g_array_new (FALSE, FALSE, sizeof (uint32_t));
  uint32_t alive = 0;
  for (guint i = 0; i < changes->len; i++) {
    int64_t change = g_array_index (changes, int64_t, i);
    uint32_t k = (uint32_t) (change / 2);
    alive += change % 2 ? 1 : -1;
    guint last = trace->alive_events->len;
    if (last > 0 && g_array_index (trace->alive_events, uint32_t, last - 1) == k) {
      g_array_index (trace->alive_counts, uint32_t, last - 1) = alive;
      continue;
    }
    g_array_append_val (trace->alive_events, k);
    g_array_append_val (trace->alive_counts, alive);
  }
}

static void
build_counters (LsTrace *trace)
{
  trace->counter_names = g_ptr_array_new ();
  trace->counter_events = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  g_autoptr (GHashTable) by_name = g_hash_table_new (g_str_hash, g_str_equal);
  for (uint32_t k = 0; k < trace->columns.n; k++) {
    if (ls_trace_get_kind (trace, k) != LS_EV_COUNT)
      continue;
    const LsSide *side = ls_columns_get_side (&trace->columns, k);
    const char *name = side && side->name ? side->name : "";
    GArray *events = g_hash_table_lookup (by_name, name);
    if (!events) {
      events = g_array_new (FALSE, FALSE, sizeof (uint32_t));
      g_hash_table_insert (by_name, (gpointer) name, events);
      g_ptr_array_add (trace->counter_names, (gpointer) name);
      g_ptr_array_add (trace->counter_events, events);
    }
    g_array_append_val (events, k);
  }
}

void
ls_trace_describe_threads (LsTrace *trace)
{
  for (uint32_t i = 0; i < trace->n_threads; i++) {
    LsThread *thread = &trace->threads[i];
    thread->parent = thread->create_event = thread->start_event = thread->finish_event =
      thread->join_event = thread->start_source = LS_NONE;
    describe_thread (trace, i);
  }
  describe_creations (trace);
  for (uint32_t i = 0; i < trace->n_threads; i++)
    check_thread (trace, &trace->threads[i]);
  for (uint32_t i = 0; i < trace->n_objects; i++)
    describe_object (trace, i);
  build_alive (trace);
  build_counters (trace);
}
