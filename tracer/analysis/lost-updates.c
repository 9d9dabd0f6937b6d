/* SPDX-License-Identifier: MIT */
/**
 * Lost updates: A reads, B writes, A writes from what it read before; B's write is gone unread.
 *
 * Per value one walk over its accesses. That A's write comes from its read cannot be seen in a
 * trace; taken for it is: nothing of A on the value in between, both in one function and one
 * region (where the trace knows them), and at most MAX_BETWEEN events of A between them, so that a
 * read long ago with a blind write now is no lost update.
 */
#include "analysis-private.h"

#define MAX_BETWEEN 256

/* A thread's read that a write of its own may come from. */
typedef struct {
  uint32_t read;         /* event, LS_NONE */
  uint32_t others_write; /* last write by another thread since, not read by anyone since; LS_NONE */
} Stale;

static bool
is_one_activation (const LsTrace *trace, const LsEvent *read, const LsEvent *write)
{
  if (read->source == LS_NONE || write->source == LS_NONE)
    return true;
  const char *a = ls_trace_get_source (trace, read->source)->func;
  const char *b = ls_trace_get_source (trace, write->source)->func;
  return !a || !b || g_str_equal (a, b);
}

/* No region of A begins or ends between the two, and not too much happens. */
static bool
is_one_region (const LsTrace *trace, uint32_t thread, uint32_t read, uint32_t write)
{
  uint32_t n;
  const uint32_t *events = ls_trace_get_thread_events (trace, thread, &n);
  uint32_t from = ls_events_lower_bound (events, n, read),
           to = ls_events_lower_bound (events, n, write);
  if (to - from > MAX_BETWEEN)
    return false;
  int depth = 0;
  for (uint32_t i = from; i < to; i++) {
    LsEventKind kind = ls_trace_get_kind (trace, events[i]);
    depth += kind == LS_EV_BEGIN ? 1 : kind == LS_EV_END ? -1 : 0;
    if (depth < 0)
      return false;
  }
  return depth == 0;
}

/* B's last read of the value before its write, with no other write in between: where B's own
 * update began. */
static uint32_t
find_own_read (const LsTrace *trace, uint32_t object, uint32_t write)
{
  uint32_t n, thread = ls_trace_get_event_thread (trace, write);
  const uint32_t *events = ls_trace_get_object_events (trace, object, &n);
  for (uint32_t i = ls_events_lower_bound (events, n, write); i > 0; i--) {
    int flags = ls_event_rows[ls_trace_get_kind (trace, events[i - 1])].flags;
    if (flags & LS_EV_WRITES)
      return LS_NONE;
    if (flags & LS_EV_READS && ls_trace_get_event_thread (trace, events[i - 1]) == thread)
      return events[i - 1];
  }
  return LS_NONE;
}

static void
report (LsAnalysis *analysis, const LsLostUpdate *update)
{
  const LsTrace *trace = analysis->trace;
  LsEvent read, other, write;
  ls_trace_get_event (trace, update->stale_read, &read);
  ls_trace_get_event (trace, update->overwritten, &other);
  ls_trace_get_event (trace, update->write, &write);
  if (!is_one_activation (trace, &read, &write) ||
      !is_one_region (trace, read.thread, update->stale_read, update->write))
    return;
  if (read.val.type && other.val.type && ls_value_equal (&read.val, &other.val))
    return; /* B wrote what A had read: nothing is lost */
  LsFinding *finding =
    ls_analysis_add (analysis, LS_FINDING_LOST_UPDATE, LS_SEVERITY_ERROR, LS_CERTAINTY_HAPPENED,
                     write.object, read.source, write.source);
  if (!finding)
    return;
  uint32_t own_read = find_own_read (trace, write.object, update->overwritten);
  if (own_read != LS_NONE && own_read < update->stale_read)
    ls_finding_add_step (trace, finding, own_read);
  ls_finding_add_step (trace, finding, update->stale_read);
  if (own_read != LS_NONE && own_read > update->stale_read)
    ls_finding_add_step (trace, finding, own_read);
  ls_finding_add_step (trace, finding, update->overwritten);
  ls_finding_add_step (trace, finding, update->write)->is_culprit = true;
  ls_finding_complete (trace, finding);
  ls_words_of_lost_update (trace, finding, update);
}

static Stale *
stale_of (GHashTable *stales, uint32_t thread)
{
  Stale *stale = g_hash_table_lookup (stales, GUINT_TO_POINTER (thread));
  if (!stale) {
    stale = g_new (Stale, 1);
    *stale = (Stale){ LS_NONE, LS_NONE };
    g_hash_table_insert (stales, GUINT_TO_POINTER (thread), stale);
  }
  return stale;
}

/* Somebody has read what was written last: it is not lost if overwritten now. */
static void
forget_writes (GHashTable *stales)
{
  GHashTableIter iter;
  gpointer stale;
  g_hash_table_iter_init (&iter, stales);
  while (g_hash_table_iter_next (&iter, NULL, &stale))
    ((Stale *) stale)->others_write = LS_NONE;
}

static void
note_write (GHashTable *stales, uint32_t thread, uint32_t k)
{
  GHashTableIter iter;
  gpointer key, value;
  g_hash_table_iter_init (&iter, stales);
  while (g_hash_table_iter_next (&iter, &key, &value)) {
    Stale *stale = value;
    if (GPOINTER_TO_UINT (key) == thread)
      *stale = (Stale){ LS_NONE, LS_NONE };
    else if (stale->read != LS_NONE)
      stale->others_write = k;
  }
}

static void
walk_access (LsAnalysis *analysis, GHashTable *stales, uint32_t k, uint32_t thread, int flags)
{
  Stale *own = stale_of (stales, thread);
  bool reads = flags & LS_EV_READS, writes = flags & LS_EV_WRITES;
  if (writes && !reads && own->read != LS_NONE && own->others_write != LS_NONE)
    report (analysis, &(LsLostUpdate){ own->read, own->others_write, k });
  if (reads)
    forget_writes (stales);
  if (writes)
    note_write (stales, thread, k);
  else
    *own = (Stale){ k, LS_NONE };
}

static void
walk_value (LsAnalysis *analysis, uint32_t object)
{
  const LsTrace *trace = analysis->trace;
  g_autoptr (GHashTable) stales = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  uint32_t n;
  const uint32_t *events = ls_trace_get_object_events (trace, object, &n);
  for (uint32_t i = 0; i < n; i++) {
    LsEventKind kind = ls_trace_get_kind (trace, events[i]);
    int flags = ls_event_rows[kind].flags;
    if (kind == LS_EV_DESTROY)
      g_hash_table_remove_all (stales);
    else if (flags & (LS_EV_READS | LS_EV_WRITES) &&
             ls_trace_get_event_object (trace, events[i]) == object)
      walk_access (analysis, stales, events[i], ls_trace_get_event_thread (trace, events[i]),
                   flags);
  }
}

bool
ls_analyse_lost_updates (LsAnalysis *analysis)
{
  uint32_t n = ls_trace_get_n_objects (analysis->trace);
  for (uint32_t object = 0; object < n; object++) {
    if (ls_trace_get_object (analysis->trace, object)->kind == LS_OBJECT_VALUE)
      walk_value (analysis, object);
    if (object % 64 == 0 && !ls_analysis_go_on (analysis, (double) object / n))
      return false;
  }
  return true;
}
