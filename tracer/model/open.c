/* SPDX-License-Identifier: MIT */
/* Opening a trace, step by step, and letting it go. */
#include "builder.h"
#include "segments.h"
#include "walk.h"

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

/* What reading takes of the time to open a trace, and the builder's end; then each step. */
#define READING_SHARE 0.5
#define FINISH_SHARE 0.02

static const struct {
  void (*run) (LsTrace *trace);
  double share;
} steps[] = {
  { ls_trace_index_events, 0.07 },    { ls_trace_describe, 0.01 },
  { ls_trace_build_intervals, 0.13 }, { ls_trace_build_lanes, 0 },
  { ls_trace_build_summaries, 0.23 }, { ls_trace_build_causes, 0.04 },
};

typedef struct {
  LsBuilder *builder;
  LsProgressFunc func; /* may be NULL */
  gpointer data;
  GCancellable *cancellable;
} Progress;

static void
tell (const Progress *progress, double fraction)
{
  if (progress->func)
    progress->func (fraction, progress->data);
}

static void
read_on (double fraction, gpointer user_data)
{
  const Progress *progress = user_data;
  progress->builder->fraction = fraction;
  tell (progress, fraction * READING_SHARE);
}

/* What comes after reading. */
static LsTrace *
finish (LsBuilder *builder,
        const char *path,
        guint n_workers,
        const Progress *progress,
        GError **error)
{
  double done = READING_SHARE + FINISH_SHARE;
  if (g_cancellable_set_error_if_cancelled (progress->cancellable, error))
    return NULL;
  builder->cancellable = progress->cancellable;
  builder->n_workers = n_workers ? n_workers : g_get_num_processors ();
  g_autoptr (LsTrace) trace = ls_builder_finish (builder, path);
  trace->cancellable = builder->cancellable;
  trace->n_workers = builder->n_workers;
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++) {
    tell (progress, done);
    if (g_cancellable_set_error_if_cancelled (progress->cancellable, error))
      return NULL;
    steps[i].run (trace);
    done += steps[i].share;
  }
  /* The last one may have stopped on the way, too. */
  if (g_cancellable_set_error_if_cancelled (progress->cancellable, error))
    return NULL;
  trace->cancellable = NULL;
  ls_lines_clear (&trace->lines);
  g_clear_pointer (&trace->thread_tallies, g_free);
  g_clear_pointer (&trace->object_tallies, g_free);
  tell (progress, 1);
  return g_steal_pointer (&trace);
}

LsTrace *
ls_builder_open (LsBuilder *builder, const char *name, guint n_workers)
{
  Progress none = { 0 };
  return finish (builder, name, n_workers, &none, NULL);
}

LsTrace *
ls_trace_open_on (const char *path,
                  guint n_workers,
                  LsProgressFunc progress,
                  gpointer progress_data,
                  GCancellable *cancellable,
                  GError **error)
{
  LsReadReport *report = ls_read_report_new ();
  g_autoptr (LsBuilder) builder = ls_builder_new (report);
  Progress whole = { builder, progress, progress_data, cancellable };
  if (!ls_read_file_in_segments (path, &ls_builder_sink, builder, n_workers, report, read_on,
                                 &whole, cancellable, error))
    return NULL;
  return finish (builder, path, n_workers, &whole, error);
}

/* Lines of a segment when they come one after the other. */
#define SEGMENT_LINES 65536

typedef struct {
  LsBuilder *builder;
  gpointer segment;
  uint64_t first_line;
} Serial;

static void
end_lines (Serial *serial)
{
  gpointer segment = g_steal_pointer (&serial->segment);
  if (!segment)
    return;
  ls_builder_sink.end (segment, serial->first_line, serial->builder);
  ls_builder_sink.settle (segment, serial->builder);
}

static void
add_line (const LsLine *line, gpointer user_data)
{
  Serial *serial = user_data;
  uint64_t number = serial->builder->report->n_lines;
  if (number - serial->first_line >= SEGMENT_LINES)
    end_lines (serial);
  if (!serial->segment) {
    serial->segment = ls_builder_sink.begin (serial->builder);
    serial->first_line = number;
  }
  ls_builder_sink.line (line, number - serial->first_line, serial->segment);
}

static bool
read_input (LsInput *input, Progress *progress, GError **error)
{
  LsSegmentReading reading = {
    .sink = &ls_builder_sink,
    .user_data = progress->builder,
    .report = progress->builder->report,
    .progress = read_on,
    .progress_data = progress,
  };
  return ls_segments_read (&reading, input, error);
}

static bool
import_input (LsForeign form, LsInput *input, Progress *progress, GError **error)
{
  Serial serial = { .builder = progress->builder };
  bool done = ls_import_input (form, input, add_line, &serial, progress->builder->report, read_on,
                               progress, error);
  end_lines (&serial);
  return done;
}

LsTrace *
ls_trace_import (LsForeign form,
                 const char *path,
                 LsProgressFunc progress,
                 gpointer progress_data,
                 GCancellable *cancellable,
                 GError **error)
{
  g_autoptr (LsBuilder) builder = ls_builder_new (ls_read_report_new ());
  Progress whole = { builder, progress, progress_data, cancellable };
  LsInput input;
  bool done = ls_input_open (&input, path, cancellable, error);
  if (done && form == LS_FOREIGN_UNKNOWN)
    form = ls_foreign_find (&input);
  if (done)
    done = form == LS_FOREIGN_NONE ? read_input (&input, &whole, error)
                                   : import_input (form, &input, &whole, error);
  ls_input_close (&input);
  return done ? finish (builder, path, 0, &whole, error) : NULL;
}

LsTrace *
ls_trace_open (const char *path,
               LsProgressFunc progress,
               gpointer progress_data,
               GCancellable *cancellable,
               GError **error)
{
  return ls_trace_import (LS_FOREIGN_UNKNOWN, path, progress, progress_data, cancellable, error);
}

LsTrace *
ls_trace_open_bytes (const char *name, const char *bytes, gsize n_bytes, GError **error)
{
  LsReadReport *report = ls_read_report_new ();
  g_autoptr (LsBuilder) builder = ls_builder_new (report);
  Progress whole = { 0 };
  if (!ls_read_bytes_in_segments (name, bytes, n_bytes, &ls_builder_sink, builder, 0, report,
                                  error))
    return NULL;
  return finish (builder, name, 0, &whole, error);
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
  g_clear_pointer (&trace->thread_tallies, g_free);
  g_clear_pointer (&trace->object_tallies, g_free);
  ls_spans_clear (&trace->holds);
  ls_spans_clear (&trace->waits);
  ls_spans_clear (&trace->regions);
  ls_span_lists_clear (&trace->thread_holds);
  ls_span_lists_clear (&trace->object_waits);
  g_clear_pointer (&trace->depths, g_array_unref);
  g_free (trace->shared_releases);
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
