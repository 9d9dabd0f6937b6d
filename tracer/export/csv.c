/* SPDX-License-Identifier: MIT */
/**
 * A trace as a table: one row an event, in the trace's order, and a first row that names the columns.
 *
 * Fields are as csv-text.h says; lines end in '\n'.
 */
#include <string.h>

#include "csv-text.h"
#include "export-private.h"
#include "json-writer.h"

static const char header[] =
  "event,ts_ns,thread,thread_name,ev,object,object_kind,object_name,peer,peer_name,with,with_name,"
  "mode,how,val,old,off,size,order,name,n,err,func,file,line\n";

/* What rows say of threads, objects and sources, by index: made when it is first said. */
typedef struct {
  LsExport *export;
  GString *text; /* scratch */
  char **threads, **objects, **withs, **sources;
} Csv;

static void
put_text (GString *out, const char *text)
{
  if (text && text[0])
    ls_csv_append_text (out, text);
  ls_append_char (out, ',');
}

/* A word of ours, which needs no quotes. */
static void
put_word (GString *out, const char *word)
{
  ls_append_bytes (out, word, strlen (word));
  ls_append_char (out, ',');
}

static void
put_int (GString *out, int64_t value)
{
  ls_append_int (out, value);
  ls_append_char (out, ',');
}

static void
put_value (GString *out, const LsValue *value)
{
  g_autofree char *text = NULL;
  switch (value->type) {
  case LS_VALUE_NONE:
    break;
  case LS_VALUE_INT:
    ls_append_int (out, value->i);
    break;
  case LS_VALUE_TEXT:
    ls_csv_append_text (out, value->text ? value->text : "");
    break;
  default: /* a number, which no spreadsheet takes for anything else */
    text = ls_value_dup_text (value);
    ls_append_bytes (out, text, strlen (text));
    break;
  }
  ls_append_char (out, ',');
}

/* -- Fields that come again -- */

/* Whether it is the first time, and `text` is to be filled. */
static bool
is_first (Csv *csv, char **kept, uint32_t index)
{
  g_string_truncate (csv->text, 0);
  return !kept[index];
}

static void
put_kept (Csv *csv, char **kept, uint32_t index)
{
  if (!kept[index])
    kept[index] = g_strdup (csv->text->str);
  ls_append_bytes (csv->export->text, kept[index], strlen (kept[index]));
}

static void
put_thread (Csv *csv, uint32_t index)
{
  if (index == LS_NONE) {
    ls_append_bytes (csv->export->text, ",,", 2);
    return;
  }
  if (is_first (csv, csv->threads, index)) {
    const LsThread *thread = ls_trace_get_thread (csv->export->trace, index);
    put_int (csv->text, thread->id);
    put_text (csv->text, thread->name);
  }
  put_kept (csv, csv->threads, index);
}

static void
put_source (Csv *csv, uint32_t index)
{
  if (index == LS_NONE) {
    ls_append_bytes (csv->export->text, ",,", 2);
    return;
  }
  if (is_first (csv, csv->sources, index)) {
    const LsSource *source = ls_trace_get_source (csv->export->trace, index);
    put_text (csv->text, source->func);
    put_text (csv->text, source->file);
    if (source->line)
      ls_append_uint (csv->text, source->line);
  }
  put_kept (csv, csv->sources, index);
}

static void
put_object (Csv *csv, uint32_t index, bool is_with)
{
  char **kept = is_with ? csv->withs : csv->objects;
  if (index == LS_NONE) {
    ls_append_bytes (csv->export->text, ",,,", is_with ? 2 : 3);
    return;
  }
  if (is_first (csv, kept, index)) {
    const LsObject *object = ls_trace_get_object (csv->export->trace, index);
    put_int (csv->text, object->id);
    if (!is_with)
      put_word (csv->text, ls_object_rows[object->kind].name);
    put_text (csv->text, object->name);
  }
  put_kept (csv, kept, index);
}

/* -- Rows -- */

static void
put_row (Csv *csv, uint32_t k, const LsEvent *event)
{
  GString *out = csv->export->text;
  put_int (out, (int64_t) k + 1);
  put_int (out, event->ts_ns);
  put_thread (csv, event->thread);
  put_word (out, ls_event_rows[event->ev].name);
  put_object (csv, event->object, false);
  put_thread (csv, event->peer);
  put_object (csv, event->with, true);
  put_word (out, ls_mode_name (event->mode));
  put_word (out, ls_how_name (event->how));
  put_value (out, &event->val);
  put_value (out, &event->old);
  if (event->has_part) {
    put_int (out, event->off);
    put_int (out, event->size);
  } else {
    ls_append_bytes (out, ",,", 2);
  }
  put_word (out, ls_order_name (event->order));
  put_text (out, event->name);
  if (event->has_n)
    put_int (out, event->n);
  else
    ls_append_char (out, ',');
  put_text (out, event->err);
  put_source (csv, event->source);
  ls_append_char (out, '\n');
  csv->export->n_written++;
}

static void
free_all (char **kept, uint32_t n)
{
  for (uint32_t i = 0; i < n; i++)
    g_free (kept[i]);
  g_free (kept);
}

bool
ls_export_csv (LsExport *export, GError **error)
{
  const LsTrace *trace = export->trace;
  uint32_t begin, end, n_threads = ls_trace_get_n_threads (trace);
  uint32_t n_objects = ls_trace_get_n_objects (trace), n_sources = ls_trace_get_n_sources (trace);
  bool is_good = true;
  Csv csv = { .export = export,
              .text = g_string_new (NULL),
              .threads = g_new0 (char *, n_threads + (gsize) 1),
              .objects = g_new0 (char *, n_objects + (gsize) 1),
              .withs = g_new0 (char *, n_objects + (gsize) 1),
              .sources = g_new0 (char *, n_sources + (gsize) 1) };
  ls_export_begin (export);
  ls_export_get_range (export, &begin, &end);
  g_string_append (export->text, header);
  for (uint32_t k = begin; k < end && is_good; k++) {
    LsEvent event;
    ls_trace_get_event (trace, k, &event);
    if (ls_export_has_thread (export, event.thread))
      put_row (&csv, k, &event);
    is_good = ls_export_step (export, k, error);
  }
  g_string_free (csv.text, TRUE);
  free_all (csv.threads, n_threads);
  free_all (csv.objects, n_objects);
  free_all (csv.withs, n_objects);
  free_all (csv.sources, n_sources);
  return ls_export_end (export, is_good, error);
}
