/* SPDX-License-Identifier: MIT */
/* The tracks of locks, a slice a hold under its holder's name, and how many wait for each. */
#include "chrome-private.h"

#include "intervals.h"

/* A lock that more hold at once (readers, units of a semaphore) has that many tracks at most. */
#define MAX_ROWS 256

typedef struct {
  LsChrome *chrome;
  uint32_t object;
  uint32_t ends[MAX_ROWS]; /* by row: the event that ended the last hold in it */
  uint32_t tids[MAX_ROWS];
  uint32_t n_rows;
  uint32_t n_put; /* of all locks */
} Rows;

/* The first track that is free again; MAX_ROWS: none. */
static uint32_t
find_row (Rows *rows, uint32_t begin_event)
{
  LsChrome *chrome = rows->chrome;
  for (uint32_t i = 0; i < rows->n_rows; i++)
    if (rows->ends[i] <= begin_event)
      return i;
  if (rows->n_rows == MAX_ROWS)
    return MAX_ROWS;
  uint32_t tid = rows->tids[rows->n_rows] = chrome->next_tid++;
  ls_chrome_name (chrome, "thread_name", LS_CHROME_LOCKS, tid, chrome->object_names[rows->object]);
  ls_chrome_sort (chrome, "thread_sort_index", LS_CHROME_LOCKS, tid, tid);
  return rows->n_rows++;
}

static void
put_hold (Rows *rows, const LsInterval *hold)
{
  LsChrome *chrome = rows->chrome;
  const LsTrace *trace = chrome->export->trace;
  const LsThread *thread = ls_trace_get_thread (trace, hold->thread);
  uint32_t row = find_row (rows, hold->begin_event);
  LsEvent event;
  ls_trace_get_event (trace, hold->begin_event, &event);
  if (row == MAX_ROWS) {
    ls_export_leave_out (chrome->export, &event);
    return;
  }
  rows->ends[row] = hold->end_event;
  if (!ls_chrome_begin_slice (chrome, LS_CHROME_HOLD, thread->name, LS_CHROME_LOCKS,
                              rows->tids[row], ls_interval_get_span (trace, hold)))
    return;
  ls_json_begin_object (&chrome->json, "args");
  ls_json_uint (&chrome->json, "thread", thread->id);
  if (hold->mode == LS_MODE_SHARED)
    ls_json_string (&chrome->json, "mode", ls_mode_name (LS_MODE_SHARED));
  ls_chrome_put_place (chrome, event.source);
  ls_json_end_object (&chrome->json);
  ls_chrome_end (chrome);
}

static bool
put_holds (Rows *rows, GError **error)
{
  const LsExport *export = rows->chrome->export;
  LsIntervals holds = ls_trace_get_object_holds (export->trace, rows->object);
  rows->n_rows = 0;
  for (uint32_t i = 0; i < holds.n; i++) {
    LsInterval hold = ls_intervals_get (holds, i);
    if (ls_export_has_thread (export, hold.thread))
      put_hold (rows, &hold);
    if (!ls_export_step (rows->chrome->export, rows->n_put++, error))
      return false;
  }
  return true;
}

/* -- Waiters -- */

static int
compare_steps (gconstpointer a, gconstpointer b)
{
  uint64_t first = *(const uint64_t *) a, second = *(const uint64_t *) b;
  return (first > second) - (first < second);
}

/* Events at which one waiter comes (odd) or goes, in their order. */
static GArray *
list_steps (const LsExport *export, uint32_t object)
{
  LsIntervals waits = ls_trace_get_object_waits (export->trace, object);
  GArray *steps = g_array_new (FALSE, FALSE, sizeof (uint64_t));
  for (uint32_t i = 0; i < waits.n; i++) {
    LsInterval wait = ls_intervals_get (waits, i);
    uint64_t come = 2 * (uint64_t) wait.begin_event + 1, go = 2 * (uint64_t) wait.end_event;
    if (!ls_export_has_thread (export, wait.thread))
      continue;
    g_array_append_val (steps, come);
    if (wait.end_event != LS_NONE)
      g_array_append_val (steps, go);
  }
  g_array_sort (steps, compare_steps);
  return steps;
}

static bool
put_waiters (LsChrome *chrome, uint32_t object, GError **error)
{
  g_autoptr (GArray) steps = list_steps (chrome->export, object);
  g_autofree char *name = g_strdup_printf ("waiting for %s", chrome->object_names[object]);
  LsValue n = { .type = LS_VALUE_INT };
  for (guint i = 0; i < steps->len; i++) {
    uint64_t step = g_array_index (steps, uint64_t, i);
    uint32_t k = (uint32_t) (step / 2);
    n.i += step % 2 ? 1 : -1;
    if (k >= chrome->begin && k < chrome->end)
      ls_chrome_count (chrome, LS_CHROME_WAITERS, name, 0,
                       ls_trace_get_ts (chrome->export->trace, k), &n);
    if (!ls_export_step (chrome->export, i, error))
      return false;
  }
  return true;
}

bool
ls_chrome_put_locks (LsChrome *chrome, GError **error)
{
  uint32_t n = ls_trace_get_n_objects (chrome->export->trace);
  Rows rows = { .chrome = chrome };
  for (rows.object = 0; rows.object < n; rows.object++)
    if (!put_holds (&rows, error) || !put_waiters (chrome, rows.object, error))
      return false;
  return true;
}
