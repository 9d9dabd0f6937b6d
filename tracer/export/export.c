/* SPDX-License-Identifier: MIT */
/* What the exporters share: the way out, the range, the account of what was left out. */
#include "export-private.h"

#define FLUSH_BYTES (256 * 1024)
#define EVENTS_PER_LOOK 4096

void
ls_export_begin (LsExport *export)
{
  export->text = g_string_sized_new (FLUSH_BYTES + FLUSH_BYTES / 4);
  export->n_written = export->n_bytes = export->n_shared = 0;
  for (guint i = 0; i < LS_EV_N; i++)
    export->no_words[i] = 0;
  for (guint i = 0; i < LS_OBJECT_N; i++)
    export->no_objects[i] = 0;
}

static bool
flush (LsExport *export, GError **error)
{
  GString *text = export->text;
  if (!g_output_stream_write_all (export->stream, text->str, text->len, NULL, export->cancellable,
                                  error))
    return false;
  export->n_bytes += text->len;
  g_string_truncate (text, 0);
  return true;
}

bool
ls_export_step (LsExport *export, uint32_t k, GError **error)
{
  if (k % EVENTS_PER_LOOK == 0) {
    if (export->progress)
      export->progress ((double) k / (ls_trace_get_n_events (export->trace) + 1.0),
                        export->progress_data);
    if (g_cancellable_set_error_if_cancelled (export->cancellable, error))
      return false;
  }
  return export->text->len < FLUSH_BYTES || flush (export, error);
}

bool
ls_export_end (LsExport *export, bool is_good, GError **error)
{
  is_good = is_good && flush (export, error);
  g_string_free (export->text, TRUE);
  export->text = NULL;
  return is_good;
}

void
ls_export_get_range (const LsExport *export, uint32_t *begin, uint32_t *end)
{
  bool is_whole = export->span.end_ns == 0;
  *begin = is_whole ? 0 : ls_trace_find_event (export->trace, export->span.begin_ns);
  *end = is_whole ? ls_trace_get_n_events (export->trace)
                  : ls_trace_find_event (export->trace, export->span.end_ns);
}

void
ls_export_leave_out (LsExport *export, const LsEvent *event)
{
  const LsObject *object =
    event->object == LS_NONE ? NULL : ls_trace_get_object (export->trace, event->object);
  if (!object || object->kind == LS_OBJECT_VALUE)
    export->no_words[event->ev]++;
  else
    export->no_objects[object->kind]++;
}

static void
append_count (GString *text, uint64_t n, const char *what)
{
  if (n > 0)
    g_string_append_printf (text, "%s%" G_GUINT64_FORMAT " %s", text->len ? ", " : "", n, what);
}

char *
ls_export_dup_left_out (const LsExport *export)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < LS_OBJECT_N; i++)
    append_count (text, export->no_objects[i],
                  i == LS_OBJECT_UNKNOWN ? "of objects of no known kind" : ls_object_rows[i].word);
  append_count (text, export->n_shared, "read-write lock held for reading");
  for (guint i = 0; i < LS_EV_N; i++)
    append_count (text, export->no_words[i], ls_event_rows[i].name);
  return g_string_free (text, text->len == 0);
}
