/* SPDX-License-Identifier: MIT */
/**
 * A trace in the Trace Event Format, for Perfetto, chrome://tracing and speedscope.
 *
 * Threads are the tracks of one process, locks those of another, since holds need not nest and slices
 * of one track must. Slices are complete events (X), which cannot be left open; each thread has one
 * for its whole life under all others, which every arrow can start from and lead to. Timestamps are
 * microseconds with all three decimals: as doubles they are exact for a hundred days.
 */
#include "chrome-private.h"

static const char first_lines[] = "{\"displayTimeUnit\":\"ns\",\"otherData\":";

void
ls_chrome_begin (LsChrome *chrome,
                 const char *ph,
                 const char *cat,
                 const char *name,
                 uint32_t pid,
                 uint32_t tid)
{
  LsJson *json = &chrome->json;
  ls_json_begin_object (json, NULL);
  ls_json_string (json, "ph", ph);
  if (cat)
    ls_json_string (json, "cat", cat);
  ls_json_string (json, "name", name);
  ls_json_uint (json, "pid", pid);
  ls_json_uint (json, "tid", tid);
}

void
ls_chrome_end (LsChrome *chrome)
{
  ls_json_end_object (&chrome->json);
  g_string_append_c (chrome->json.out, '\n');
  chrome->export->n_written++;
}

void
ls_chrome_name (LsChrome *chrome, const char *key, uint32_t pid, uint32_t tid, const char *name)
{
  ls_chrome_begin (chrome, "M", NULL, key, pid, tid);
  ls_json_begin_object (&chrome->json, "args");
  ls_json_string (&chrome->json, "name", name);
  ls_json_end_object (&chrome->json);
  ls_chrome_end (chrome);
}

void
ls_chrome_sort (LsChrome *chrome, const char *key, uint32_t pid, uint32_t tid, uint32_t place)
{
  ls_chrome_begin (chrome, "M", NULL, key, pid, tid);
  ls_json_begin_object (&chrome->json, "args");
  ls_json_uint (&chrome->json, "sort_index", place);
  ls_json_end_object (&chrome->json);
  ls_chrome_end (chrome);
}

/* Viewers add `ts` and `dur` as doubles. Where the sum is a hair past the end, the slice that begins
 * there would be drawn inside this one; then a fifth of a nanosecond less is written, which rounding
 * brings back. */
static void
put_length (LsJson *json, int64_t begin_ns, int64_t end_ns)
{
  int64_t ns = end_ns - begin_ns;
  bool is_past = (double) begin_ns / 1000 + (double) ns / 1000 > (double) end_ns / 1000;
  if (is_past && ns > 0)
    ls_json_double (json, "dur", (double) (10 * ns - 2) / 10000);
  else
    ls_json_us (json, "dur", ns);
}

bool
ls_chrome_begin_slice (LsChrome *chrome,
                       const char *cat,
                       const char *name,
                       uint32_t pid,
                       uint32_t tid,
                       LsSpan span)
{
  int64_t begin_ns = MAX (span.begin_ns, chrome->span.begin_ns);
  int64_t end_ns = MIN (span.end_ns, chrome->span.end_ns);
  if (begin_ns > end_ns || begin_ns >= chrome->span.end_ns)
    return false;
  ls_chrome_begin (chrome, "X", cat, name, pid, tid);
  ls_json_us (&chrome->json, "ts", begin_ns);
  put_length (&chrome->json, begin_ns, end_ns);
  return true;
}

void
ls_chrome_put_place (LsChrome *chrome, uint32_t source)
{
  if (source == LS_NONE)
    return;
  if (!chrome->places[source])
    chrome->places[source] = ls_trace_dup_place (chrome->export->trace, source);
  if (chrome->places[source][0])
    ls_json_string (&chrome->json, "place", chrome->places[source]);
}

void
ls_chrome_count (LsChrome *chrome,
                 const char *cat,
                 const char *name,
                 uint32_t tid,
                 int64_t ts_ns,
                 const LsValue *value)
{
  LsJson *json = &chrome->json;
  ls_chrome_begin (chrome, "C", cat, name, LS_CHROME_PROGRAM, tid);
  ls_json_us (json, "ts", ts_ns);
  ls_json_begin_object (json, "args");
  if (value->type == LS_VALUE_INT)
    ls_json_int (json, "value", value->i);
  else if (value->type == LS_VALUE_FLOAT)
    ls_json_double (json, "value", value->f);
  else
    ls_json_uint (json, "value", value->u);
  ls_json_end_object (json);
  ls_chrome_end (chrome);
}

/* -- The trace as a whole -- */

static void
put_origin (LsChrome *chrome)
{
  const LsTraceInfo *info = ls_trace_get_info (chrome->export->trace);
  LsJson *json = &chrome->json;
  ls_json_begin_object (json, NULL);
  ls_json_string (json, "recorder", LS_CHROME_RECORDER " " LS_VERSION);
  ls_json_string (json, "trace", info->title);
  if (info->wall)
    ls_json_string (json, "wall", info->wall);
  if (info->pid)
    ls_json_uint (json, "pid", info->pid);
  if (info->n_lost)
    ls_json_uint (json, "lost", info->n_lost);
  ls_json_end_object (json);
}

static void
put_names (LsChrome *chrome)
{
  const LsTrace *trace = chrome->export->trace;
  const LsTraceInfo *info = ls_trace_get_info (trace);
  const char *program = info->program[0] ? info->program[0] : info->title;
  g_autofree char *basename = g_path_get_basename (program);
  g_autofree char *locks = g_strdup_printf ("%s: locks", basename);
  ls_chrome_name (chrome, "process_name", LS_CHROME_PROGRAM, 0, basename);
  ls_chrome_sort (chrome, "process_sort_index", LS_CHROME_PROGRAM, 0, 0);
  ls_chrome_name (chrome, "process_name", LS_CHROME_LOCKS, 0, locks);
  ls_chrome_sort (chrome, "process_sort_index", LS_CHROME_LOCKS, 0, 1);
  for (uint32_t i = 0; i < ls_trace_get_n_threads (trace); i++) {
    const LsThread *thread = ls_trace_get_thread (trace, i);
    if (!ls_export_has_thread (chrome->export, i))
      continue;
    ls_chrome_name (chrome, "thread_name", LS_CHROME_PROGRAM, thread->id, thread->name);
    ls_chrome_sort (chrome, "thread_sort_index", LS_CHROME_PROGRAM, thread->id, i);
  }
}

/* Viewers know a counter by its name alone. */
static char **
dup_object_names (const LsTrace *trace)
{
  uint32_t n = ls_trace_get_n_objects (trace);
  char **names = g_new0 (char *, n + 1);
  g_autoptr (GHashTable) taken = g_hash_table_new (g_str_hash, g_str_equal);
  for (uint32_t i = 0; i < n; i++) {
    const LsObject *object = ls_trace_get_object (trace, i);
    names[i] = g_strdup (object->name);
    while (g_hash_table_contains (taken, names[i])) {
      char *longer = g_strdup_printf ("%s #%u", names[i], object->id);
      g_free (names[i]);
      names[i] = longer;
    }
    g_hash_table_add (taken, names[i]);
  }
  return names;
}

static void
init (LsChrome *chrome, LsExport *export)
{
  const LsTrace *trace = export->trace;
  bool is_whole = export->span.end_ns == 0;
  *chrome = (LsChrome){ .export = export, .next_tid = 1 };
  chrome->span = is_whole ? (LsSpan){ 0, ls_trace_get_info (trace)->end_ns + 2 } : export->span;
  ls_export_get_range (export, &chrome->begin, &chrome->end);
  for (uint32_t i = 0; i < ls_trace_get_n_threads (trace); i++)
    chrome->next_tid = MAX (chrome->next_tid, ls_trace_get_thread (trace, i)->id + 1);
  chrome->object_names = dup_object_names (trace);
  chrome->places = g_new0 (char *, ls_trace_get_n_sources (trace) + (gsize) 1);
  g_string_append (export->text, first_lines);
  ls_json_init (&chrome->json, export->text, 0);
}

bool
ls_export_chrome (LsExport *export, GError **error)
{
  LsChrome chrome;
  ls_export_begin (export);
  init (&chrome, export);
  put_origin (&chrome);
  g_string_append (export->text, ",\n\"traceEvents\":");
  ls_json_init (&chrome.json, export->text, 0);
  ls_json_begin_array (&chrome.json, NULL);
  g_string_append_c (export->text, '\n');
  put_names (&chrome);
  bool is_good = ls_chrome_put_threads (&chrome, error) && ls_chrome_put_locks (&chrome, error) &&
                 ls_chrome_put_events (&chrome, error) && ls_chrome_put_findings (&chrome, error);
  ls_json_end_array (&chrome.json);
  g_string_append (export->text, "}\n");
  for (uint32_t i = 0; i < ls_trace_get_n_objects (export->trace); i++)
    g_free (chrome.object_names[i]);
  g_free (chrome.object_names);
  for (uint32_t i = 0; i < ls_trace_get_n_sources (export->trace); i++)
    g_free (chrome.places[i]);
  g_free (chrome.places);
  return ls_export_end (export, is_good, error);
}
