/* SPDX-License-Identifier: MIT */
/* Opening a trace, step by step, and letting it go. */
#include "builder.h"

void
ls_trace_add_problem (LsTrace *trace, uint32_t k, const char *format, ...)
{
  g_autoptr (GString) reason = g_string_new (NULL);
  uint64_t line = k == LS_NONE ? 0 : ls_lines_get (&trace->lines, k);
  va_list args;
  va_start (args, format);
  g_string_append_vprintf (reason, format, args);
  va_end (args);
  ls_read_report_add (trace->report, line, false, reason->str);
}

/* Reading takes about this share of the time to open a trace. */
#define READING_SHARE 0.6

typedef struct {
  LsProgressFunc func; /* may be NULL */
  gpointer data;
  GCancellable *cancellable;
} Progress;

static void
read_on (double fraction, gpointer user_data)
{
  const Progress *progress = user_data;
  if (progress->func)
    progress->func (fraction * READING_SHARE, progress->data);
}

/* What comes after reading. Drops the builder's report with it when cancelled. */
static LsTrace *
finish (LsBuilder *builder, const char *path, const Progress *progress, GError **error)
{
  static void (*const steps[]) (LsTrace * trace) = {
    ls_trace_index_events, ls_trace_describe,        ls_trace_build_intervals,
    ls_trace_build_causes, ls_trace_build_summaries,
  };
  if (g_cancellable_set_error_if_cancelled (progress->cancellable, error))
    return NULL;
  g_autoptr (LsTrace) trace = ls_builder_finish (builder, path);
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++) {
    if (progress->func)
      progress->func (READING_SHARE + (1 - READING_SHARE) * (i + 1) / (G_N_ELEMENTS (steps) + 1),
                      progress->data);
    if (g_cancellable_set_error_if_cancelled (progress->cancellable, error))
      return NULL;
    steps[i](trace);
  }
  ls_lines_clear (&trace->lines);
  if (progress->func)
    progress->func (1, progress->data);
  return g_steal_pointer (&trace);
}

/* Lines of a segment when they come one after the other. */
#define SEGMENT_LINES 65536

typedef struct {
  LsBuilder *builder;
  gpointer segment;
  uint64_t first_line;
} Serial;

static void
add_line (const LsLine *line, gpointer user_data)
{
  Serial *serial = user_data;
  uint64_t number = serial->builder->report->n_lines;
  if (serial->segment && number - serial->first_line >= SEGMENT_LINES)
    ls_builder_sink.end (g_steal_pointer (&serial->segment), serial->first_line, serial->builder);
  if (!serial->segment) {
    serial->segment = ls_builder_sink.begin (serial->builder);
    serial->first_line = number;
  }
  ls_builder_sink.line (line, number - serial->first_line, serial->segment);
}

static void
end_lines (Serial *serial)
{
  if (serial->segment)
    ls_builder_sink.end (g_steal_pointer (&serial->segment), serial->first_line, serial->builder);
}

LsTrace *
ls_trace_import (LsForeign form,
                 const char *path,
                 LsProgressFunc progress,
                 gpointer progress_data,
                 GCancellable *cancellable,
                 GError **error)
{
  LsReadReport *report = ls_read_report_new ();
  g_autoptr (LsBuilder) builder = ls_builder_new (report);
  Progress whole = { progress, progress_data, cancellable };
  Serial serial = { .builder = builder };
  bool done =
    ls_import_file (form, path, add_line, &serial, report, read_on, &whole, cancellable, error);
  end_lines (&serial);
  return done ? finish (builder, path, &whole, error) : NULL;
}

LsTrace *
ls_trace_open (const char *path,
               LsProgressFunc progress,
               gpointer progress_data,
               GCancellable *cancellable,
               GError **error)
{
  LsForeign form = ls_foreign_find (path);
  if (form != LS_FOREIGN_NONE)
    return ls_trace_import (form, path, progress, progress_data, cancellable, error);
  LsReadReport *report = ls_read_report_new ();
  g_autoptr (LsBuilder) builder = ls_builder_new (report);
  Progress whole = { progress, progress_data, cancellable };
  Serial serial = { .builder = builder };
  bool done = ls_read_file (path, add_line, &serial, report, read_on, &whole, cancellable, error);
  end_lines (&serial);
  return done ? finish (builder, path, &whole, error) : NULL;
}

LsTrace *
ls_trace_open_bytes (const char *name, const char *bytes, gsize n_bytes, GError **error)
{
  LsReadReport *report = ls_read_report_new ();
  g_autoptr (LsBuilder) builder = ls_builder_new (report);
  Progress whole = { 0 };
  Serial serial = { .builder = builder };
  bool done = ls_read_bytes (name, bytes, n_bytes, add_line, &serial, report, error);
  end_lines (&serial);
  return done ? finish (builder, name, &whole, error) : NULL;
}

LsTrace *
ls_trace_ref (LsTrace *trace)
{
  g_atomic_ref_count_inc (&trace->ref_count);
  return trace;
}

static void
free_lists (LsEventLists *lists)
{
  g_free (lists->offset);
  g_free (lists->events);
}

void
ls_trace_unref (LsTrace *trace)
{
  if (!g_atomic_ref_count_dec (&trace->ref_count))
    return;
  ls_trace_free_summaries (trace);
  ls_trace_free_causes (trace);
  for (uint32_t i = 0; trace->thread_lanes && i < trace->n_threads; i++) {
    g_free (trace->thread_lanes[i].states.intervals);
    g_free (trace->thread_lanes[i].holds.intervals);
    g_free (trace->thread_lanes[i].regions.intervals);
  }
  for (uint32_t i = 0; trace->object_lanes && i < trace->n_objects; i++) {
    g_free (trace->object_lanes[i].holds.intervals);
    g_free (trace->object_lanes[i].waits.intervals);
  }
  g_free (trace->thread_lanes);
  g_free (trace->object_lanes);
  free_lists (&trace->thread_events);
  free_lists (&trace->object_events);
  g_clear_pointer (&trace->alive_events, g_array_unref);
  g_clear_pointer (&trace->alive_counts, g_array_unref);
  g_clear_pointer (&trace->counter_names, g_ptr_array_unref);
  g_clear_pointer (&trace->counter_events, g_ptr_array_unref);
  ls_columns_clear (&trace->columns);
  ls_lines_clear (&trace->lines);
  g_free (trace->threads);
  g_free (trace->objects);
  g_free (trace->sources);
  g_clear_pointer (&trace->report, ls_read_report_free);
  ls_texts_clear (&trace->texts);
  g_clear_pointer (&trace->string_vectors, g_ptr_array_unref);
  g_free (trace);
}
