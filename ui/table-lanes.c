/* SPDX-License-Identifier: MIT */
/* The columns of the lists of threads, locks and values. */
#include <glib/gi18n-lib.h>

#include "names.h"
#include "table.h"

static LsSpan
get_whole (const LsTableSource *source)
{
  return (LsSpan){ 0, MAX (ls_trace_get_info (source->trace)->end_ns, 1) };
}

static char *
dup_count (double count)
{
  return g_strdup_printf ("%.0f", count);
}

/* -- Threads -- */

static char *
dup_thread_name (const LsTableSource *source, guint32 row)
{
  return g_strdup (ls_trace_get_thread (source->trace, row)->name);
}

static double
get_os (const LsTableSource *source, guint32 row)
{
  return ls_trace_get_thread (source->trace, row)->os;
}

static char *
dup_os (const LsTableSource *source, guint32 row)
{
  double os = get_os (source, row);
  return os > 0 ? dup_count (os) : g_strdup ("");
}

static char *
dup_parent (const LsTableSource *source, guint32 row)
{
  uint32_t parent = ls_trace_get_thread (source->trace, row)->parent;
  return g_strdup (parent == LS_NONE ? "" : ls_trace_get_thread (source->trace, parent)->name);
}

static double
get_thread_events (const LsTableSource *source, guint32 row)
{
  uint32_t n;
  ls_trace_get_thread_events (source->trace, row, &n);
  return n;
}

static char *
dup_thread_events (const LsTableSource *source, guint32 row)
{
  return dup_count (get_thread_events (source, row));
}

static double
get_state_ns (const LsTableSource *source, guint32 row, LsStateKind first, LsStateKind last)
{
  LsMix mix;
  double ns = 0;
  ls_trace_sum_thread (source->trace, row, get_whole (source), &mix);
  for (int state = first; state <= (int) last; state++)
    ns += (double) mix.ns[state];
  return ns;
}

static double
get_not_waiting (const LsTableSource *source, guint32 row)
{
  return get_state_ns (source, row, LS_STATE_NOT_WAITING, LS_STATE_NOT_WAITING);
}

static char *
dup_not_waiting (const LsTableSource *source, guint32 row)
{
  return ls_duration_dup_text ((int64_t) get_not_waiting (source, row));
}

static double
get_waiting (const LsTableSource *source, guint32 row)
{
  return get_state_ns (source, row, LS_STATE_WAIT_LOCK, LS_STATE_WAIT_SIGNAL);
}

static char *
dup_waiting (const LsTableSource *source, guint32 row)
{
  return ls_duration_dup_text ((int64_t) get_waiting (source, row));
}

static double
get_asleep (const LsTableSource *source, guint32 row)
{
  return get_state_ns (source, row, LS_STATE_SLEEP, LS_STATE_SLEEP);
}

static char *
dup_asleep (const LsTableSource *source, guint32 row)
{
  return ls_duration_dup_text ((int64_t) get_asleep (source, row));
}

static GArray *
dup_threads (const LsTableSource *source)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint32 i = 0; i < ls_trace_get_n_threads (source->trace); i++)
    g_array_append_val (rows, i);
  return rows;
}

static guint32
get_selected_of (LsSession *session, LsLaneKind a, LsLaneKind b)
{
  guint n;
  const LsLane *lanes = ls_scene_get_lanes (ls_session_get_scene (session), &n);
  uint32_t lane = ls_session_get_lane (session);
  if (lane >= n || (lanes[lane].kind != a && lanes[lane].kind != b))
    return LS_NONE;
  return lanes[lane].index;
}

static guint32
get_selected_thread (LsSession *session)
{
  return get_selected_of (session, LS_LANE_THREAD, LS_LANE_THREAD);
}

static void
pick (LsSession *session, LsLaneKind kind, guint32 row)
{
  guint lane = ls_scene_find_lane (ls_session_get_scene (session), kind, row);
  if (lane == G_MAXUINT)
    return;
  ls_session_select (session, lane, LS_NONE);
  ls_session_scroll_to_lane (session, lane);
}

static void
pick_thread (LsSession *session, guint32 row)
{
  pick (session, LS_LANE_THREAD, row);
}

/* -- Locks and values -- */

static const LsObject *
get_object (const LsTableSource *source, guint32 row)
{
  return ls_trace_get_object (source->trace, row);
}

static char *
dup_object_name (const LsTableSource *source, guint32 row)
{
  return g_strdup (get_object (source, row)->name);
}

static char *
dup_object_kind (const LsTableSource *source, guint32 row)
{
  const char *word = ls_object_rows[get_object (source, row)->kind].word;
  return g_strdup (word && *word ? word : _ ("unknown"));
}

static double
get_acquires (const LsTableSource *source, guint32 row)
{
  return get_object (source, row)->n_acquires;
}

static char *
dup_acquires (const LsTableSource *source, guint32 row)
{
  return dup_count (get_acquires (source, row));
}

static double
get_contended (const LsTableSource *source, guint32 row)
{
  return get_object (source, row)->n_contended;
}

static char *
dup_contended (const LsTableSource *source, guint32 row)
{
  return dup_count (get_contended (source, row));
}

static double
get_waited (const LsTableSource *source, guint32 row)
{
  LsObjectMix mix;
  ls_trace_sum_object (source->trace, row, get_whole (source), &mix);
  return (double) mix.waited_ns;
}

static char *
dup_waited (const LsTableSource *source, guint32 row)
{
  return ls_duration_dup_text ((int64_t) get_waited (source, row));
}

static double
get_held (const LsTableSource *source, guint32 row)
{
  LsObjectMix mix;
  ls_trace_sum_object (source->trace, row, get_whole (source), &mix);
  return (double) mix.held_ns;
}

static char *
dup_held (const LsTableSource *source, guint32 row)
{
  return ls_duration_dup_text ((int64_t) get_held (source, row));
}

static char *
dup_type (const LsTableSource *source, guint32 row)
{
  return g_strdup (ls_value_type_name (get_object (source, row)->type));
}

static double
get_reads (const LsTableSource *source, guint32 row)
{
  return get_object (source, row)->n_reads;
}

static char *
dup_reads (const LsTableSource *source, guint32 row)
{
  return dup_count (get_reads (source, row));
}

static double
get_writes (const LsTableSource *source, guint32 row)
{
  return get_object (source, row)->n_writes;
}

static char *
dup_writes (const LsTableSource *source, guint32 row)
{
  return dup_count (get_writes (source, row));
}

static char *
dup_last (const LsTableSource *source, guint32 row)
{
  uint32_t n = ls_trace_get_n_events (source->trace);
  LsValue value;
  if (n == 0 || !ls_trace_get_value (source->trace, row, n - 1, &value, NULL))
    return g_strdup ("");
  return ls_value_dup_text (&value);
}

static char *
dup_address (const LsTableSource *source, guint32 row)
{
  const char *addr = get_object (source, row)->addr;
  return g_strdup (addr ? addr : "");
}

static GArray *
dup_objects (const LsTableSource *source, bool values)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint32 i = 0; i < ls_trace_get_n_objects (source->trace); i++)
    if ((get_object (source, i)->kind == LS_OBJECT_VALUE) == values)
      g_array_append_val (rows, i);
  return rows;
}

static GArray *
dup_locks (const LsTableSource *source)
{
  return dup_objects (source, false);
}

static GArray *
dup_values (const LsTableSource *source)
{
  return dup_objects (source, true);
}

static guint32
get_selected_lock (LsSession *session)
{
  return get_selected_of (session, LS_LANE_OBJECT, LS_LANE_OBJECT);
}

static guint32
get_selected_value (LsSession *session)
{
  return get_selected_of (session, LS_LANE_VALUE, LS_LANE_VALUE);
}

static void
pick_lock (LsSession *session, guint32 row)
{
  pick (session, LS_LANE_OBJECT, row);
}

static void
pick_value (LsSession *session, guint32 row)
{
  pick (session, LS_LANE_VALUE, row);
}

static const LsTableColumn thread_columns[] = {
  { N_ ("Thread"), 200, false, dup_thread_name, NULL, NULL },
  { N_ ("System's number"), 140, true, dup_os, get_os, NULL },
  { N_ ("Created by"), 160, false, dup_parent, NULL, NULL },
  { N_ ("Events"), 110, true, dup_thread_events, get_thread_events, NULL },
  { N_ ("Not waiting"), 130, true, dup_not_waiting, get_not_waiting, NULL },
  { N_ ("Waiting"), 130, true, dup_waiting, get_waiting, NULL },
  { N_ ("Asleep"), 130, true, dup_asleep, get_asleep, NULL },
};

static const LsTableColumn lock_columns[] = {
  { N_ ("Lock"), 220, false, dup_object_name, NULL, NULL },
  { N_ ("Kind"), 150, false, dup_object_kind, NULL, NULL },
  { N_ ("Acquisitions"), 120, true, dup_acquires, get_acquires, NULL },
  { N_ ("Contended"), 120, true, dup_contended, get_contended, NULL },
  { N_ ("Waited for"), 130, true, dup_waited, get_waited, NULL },
  { N_ ("Held"), 130, true, dup_held, get_held, NULL },
  { N_ ("Address"), 0, false, dup_address, NULL, NULL },
};

static const LsTableColumn value_columns[] = {
  { N_ ("Value"), 220, false, dup_object_name, NULL, NULL },
  { N_ ("Type"), 110, false, dup_type, NULL, NULL },
  { N_ ("Reads"), 110, true, dup_reads, get_reads, NULL },
  { N_ ("Writes"), 110, true, dup_writes, get_writes, NULL },
  { N_ ("At the end"), 200, true, dup_last, NULL, NULL },
  { N_ ("Address"), 0, false, dup_address, NULL, NULL },
};

const LsTable ls_table_threads = {
  .name = "threads",
  .title = N_ ("Threads"),
  .empty = N_ ("No thread"),
  .columns = thread_columns,
  .n_columns = G_N_ELEMENTS (thread_columns),
  .dup_rows = dup_threads,
  .get_selected = get_selected_thread,
  .pick = pick_thread,
};

const LsTable ls_table_locks = {
  .name = "locks",
  .title = N_ ("Locks"),
  .empty = N_ ("No lock nor signal was used"),
  .columns = lock_columns,
  .n_columns = G_N_ELEMENTS (lock_columns),
  .dup_rows = dup_locks,
  .get_selected = get_selected_lock,
  .pick = pick_lock,
};

const LsTable ls_table_values = {
  .name = "values",
  .title = N_ ("Values"),
  .empty = N_ ("No shared value was recorded"),
  .columns = value_columns,
  .n_columns = G_N_ELEMENTS (value_columns),
  .dup_rows = dup_values,
  .get_selected = get_selected_value,
  .pick = pick_value,
};
