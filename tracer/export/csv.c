/* SPDX-License-Identifier: MIT */
/**
 * A trace as a table: one row an event, in the trace's order, and a first row that names the columns.
 *
 * Fields are as csv-text.h says; lines end in '\n'.
 */
#include "csv-text.h"
#include "export-private.h"
#include "json-writer.h"

static const char header[] =
  "event,ts_ns,thread,thread_name,ev,object,object_kind,object_name,peer,peer_name,with,with_name,"
  "mode,how,val,old,off,size,order,name,n,err,func,file,line\n";

static void
put_text (GString *out, const char *text)
{
  if (text)
    ls_csv_append_text (out, text);
  g_string_append_c (out, ',');
}

static void
put_int (GString *out, int64_t value)
{
  ls_append_int (out, value);
  g_string_append_c (out, ',');
}

/* An id, a line: nothing where there is none. */
static void
put_id (GString *out, uint32_t id)
{
  if (id)
    put_int (out, id);
  else
    g_string_append_c (out, ',');
}

static void
put_value (GString *out, const LsValue *value)
{
  g_autofree char *text = value->type == LS_VALUE_NONE ? NULL : ls_value_dup_text (value);
  if (value->type == LS_VALUE_TEXT)
    put_text (out, text);
  else /* a number, which no spreadsheet takes for anything else */
    g_string_append_printf (out, "%s,", text ? text : "");
}

static void
put_thread (LsExport *export, uint32_t index)
{
  const LsThread *thread = index == LS_NONE ? NULL : ls_trace_get_thread (export->trace, index);
  put_id (export->text, thread ? thread->id : 0);
  put_text (export->text, thread ? thread->name : NULL);
}

static void
put_source (LsExport *export, uint32_t index)
{
  const LsSource *source = index == LS_NONE ? NULL : ls_trace_get_source (export->trace, index);
  put_text (export->text, source ? source->func : NULL);
  put_text (export->text, source ? source->file : NULL);
  put_id (export->text, source ? source->line : 0);
}

static void
put_objects (LsExport *export, const LsEvent *event)
{
  GString *out = export->text;
  const LsTrace *trace = export->trace;
  const LsObject *object =
    event->object == LS_NONE ? NULL : ls_trace_get_object (trace, event->object);
  const LsObject *with = event->with == LS_NONE ? NULL : ls_trace_get_object (trace, event->with);
  put_id (out, object ? object->id : 0);
  put_text (out, object ? ls_object_rows[object->kind].name : NULL);
  put_text (out, object ? object->name : NULL);
  put_thread (export, event->peer);
  put_id (out, with ? with->id : 0);
  put_text (out, with ? with->name : NULL);
}

static void
put_row (LsExport *export, uint32_t k, const LsEvent *event)
{
  GString *out = export->text;
  put_int (out, (int64_t) k + 1);
  put_int (out, event->ts_ns);
  put_thread (export, event->thread);
  put_text (out, ls_event_rows[event->ev].name);
  put_objects (export, event);
  put_text (out, ls_mode_name (event->mode));
  put_text (out, ls_how_name (event->how));
  put_value (out, &event->val);
  put_value (out, &event->old);
  if (event->has_part) {
    put_int (out, event->off);
    put_int (out, event->size);
  } else {
    g_string_append (out, ",,");
  }
  put_text (out, ls_order_name (event->order));
  put_text (out, event->name);
  if (event->has_n)
    put_int (out, event->n);
  else
    g_string_append_c (out, ',');
  put_text (out, event->err);
  put_source (export, event->source);
  out->str[out->len - 1] = '\n';
  export->n_written++;
}

bool
ls_export_csv (LsExport *export, GError **error)
{
  uint32_t begin, end;
  bool is_good = true;
  ls_export_begin (export);
  ls_export_get_range (export, &begin, &end);
  g_string_append (export->text, header);
  for (uint32_t k = begin; k < end && is_good; k++) {
    LsEvent event;
    ls_trace_get_event (export->trace, k, &event);
    if (ls_export_has_thread (export, event.thread))
      put_row (export, k, &event);
    is_good = ls_export_step (export, k, error);
  }
  return ls_export_end (export, is_good, error);
}
