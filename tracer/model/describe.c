/* SPDX-License-Identifier: MIT */
/* What the events say of threads and objects: parents, ends, names. */
#include "trace-private.h"

/* -- Threads -- */

/* An event of one thread that is done to another. */
static void
describe_relation (LsTrace *trace, uint32_t k, LsEventKind kind, uint32_t peer)
{
  if (peer == LS_NONE || ls_trace_event_failed (trace, k))
    return;
  LsThread *other = &trace->threads[peer];
  if (kind == LS_EV_CREATE && other->create_event == LS_NONE) {
    other->create_event = k;
    other->parent = ls_columns_get_thread (&trace->columns, k);
  } else if (kind == LS_EV_CREATE) {
    ls_trace_add_problem (trace, k, "%s was created before, at event %u", other->name,
                          other->create_event + 1);
  } else if (kind == LS_EV_JOIN && other->join_event == LS_NONE) {
    other->join_event = k;
  } else if (kind == LS_EV_DETACH) {
    other->detached = true;
  }
}

static void
describe_relations (LsTrace *trace)
{
  LsKindScan scan = { .kinds = LS_KIND_BIT (LS_EV_START) | LS_KIND_BIT (LS_EV_FINISH) |
                               LS_KIND_BIT (LS_EV_CREATE) | LS_KIND_BIT (LS_EV_JOIN) |
                               LS_KIND_BIT (LS_EV_DETACH) };
  for (uint32_t k; ls_kind_scan_next (&scan, &trace->columns, &k);) {
    LsEventKind kind = ls_columns_get_kind (&trace->columns, k);
    LsThread *self = &trace->threads[ls_columns_get_thread (&trace->columns, k)];
    switch ((int) kind) {
    case LS_EV_START:
      if (self->start_event == LS_NONE) {
        self->start_event = k;
        self->start_source = ls_index_get (&trace->columns.sources, k);
      }
      break;
    case LS_EV_FINISH:
      if (self->finish_event == LS_NONE)
        self->finish_event = k;
      break;
    default:
      describe_relation (trace, k, kind, ls_index_get (&trace->columns.targets, k));
      break;
    }
  }
}

/* What cannot be, whatever was not recorded. */
static void
check_thread (LsTrace *trace, uint32_t index)
{
  const LsThread *thread = &trace->threads[index];
  uint32_t first = thread->first_event;
  if (thread->finish_event != LS_NONE && thread->last_event > thread->finish_event)
    ls_trace_add_problem (trace, ls_trace_find_next_of_thread (trace, index, thread->finish_event),
                          "%s has events after event %u, where it finishes", thread->name,
                          thread->finish_event + 1);
  if (thread->start_event != LS_NONE && thread->start_event != first)
    ls_trace_add_problem (trace, thread->start_event, "%s starts after its first event %u",
                          thread->name, first + 1);
  if (thread->create_event != LS_NONE && first != LS_NONE && thread->create_event > first)
    ls_trace_add_problem (trace, thread->create_event, "%s is created after its first event %u",
                          thread->name, first + 1);
  if (thread->join_event == LS_NONE)
    return;
  if (thread->finish_event != LS_NONE && thread->join_event < thread->finish_event)
    ls_trace_add_problem (trace, thread->join_event, "%s is joined before it finishes, at event %u",
                          thread->name, thread->finish_event + 1);
  else if (!trace->info.absence_is_no_proof && thread->create_event == LS_NONE && first == LS_NONE)
    ls_trace_add_problem (trace, thread->join_event, "%s is joined but was never created",
                          thread->name);
}

static const char *
keep (LsTrace *trace, char *name)
{
  const char *kept = ls_texts_keep (&trace->texts, name);
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
    LsEventKind kind = ls_columns_get_kind (&trace->columns, events[i]);
    if (ls_columns_get_object (&trace->columns, events[i]) != object)
      continue;
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
    g_array_new (FALSE, FALSE, sizeof (int64_t)); /* event * 2, and 1 for a birth */
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
  LsKindScan scan = { .kinds = LS_KIND_BIT (LS_EV_COUNT) };
  for (uint32_t k; ls_kind_scan_next (&scan, &trace->columns, &k);) {
    const char *name = ls_columns_get_name (&trace->columns, k);
    name = name ? name : "";
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
ls_trace_describe (LsTrace *trace)
{
  for (uint32_t i = 0; i < trace->n_threads; i++) {
    LsThread *thread = &trace->threads[i];
    thread->parent = thread->create_event = thread->start_event = thread->finish_event =
      thread->join_event = thread->start_source = LS_NONE;
    describe_thread (trace, i);
  }
  describe_relations (trace);
  for (uint32_t i = 0; i < trace->n_threads; i++)
    check_thread (trace, i);
  for (uint32_t i = 0; i < trace->n_objects; i++)
    describe_object (trace, i);
  build_alive (trace);
  build_counters (trace);
}
