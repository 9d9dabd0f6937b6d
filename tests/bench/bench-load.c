/* SPDX-License-Identifier: MIT */
/**
 * How long reading takes: bench-load FILE. The same bytes from memory, in turn by json-c alone (no
 * meaning given to what it reads), by our use of json-c, by the reader with its direct path, and by
 * the reader from the file, in order and in segments on one and all cores; the whole model opened; and
 * the events written back. Best of three, per million events, beside json-c alone.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "parse.h"
#include "reader.h"
#include "trace.h"
#include "writer.h"

#define N_RUNS 3

typedef struct {
  const char *path;
  char *bytes;
  gsize n_bytes;
  uint64_t n_events;
  uint64_t n_lines;
  double json_c_cost; /* of the first measured */
  GArray *events;     /* LsLineEvent, without strings */
} Load;

typedef void (*LineFunc) (gpointer data, const char *bytes, size_t n);

static void
for_each_line (const Load *load, LineFunc func, gpointer data)
{
  const char *at = load->bytes;
  const char *end = at + load->n_bytes;
  const char *newline;

  for (; at < end && (newline = memchr (at, '\n', (size_t) (end - at))); at = newline + 1)
    func (data, at, (size_t) (newline - at));
}

static void
tokenize (gpointer tokener, const char *bytes, size_t n)
{
  json_tokener_reset (tokener);
  json_object_put (json_tokener_parse_ex (tokener, bytes, (int) n));
}

static void
run_json_c (Load *load)
{
  struct json_tokener *tokener = json_tokener_new ();
  for_each_line (load, tokenize, tokener);
  json_tokener_free (tokener);
}

static void
read_reference (gpointer parser, const char *bytes, size_t n)
{
  LsLine line;
  ls_parser_read_json (parser, bytes, n, &line);
}

static void
run_reference (Load *load)
{
  g_autoptr (LsParser) parser = ls_parser_new ();
  for_each_line (load, read_reference, parser);
}

static void
count_line (const LsLine *line, gpointer user_data)
{
  Load *load = user_data;
  load->n_lines++;
}

static void
run_bytes (Load *load)
{
  g_autoptr (LsReadReport) report = ls_read_report_new ();
  ls_read_bytes (load->path, load->bytes, load->n_bytes, count_line, load, report, NULL);
}

static void
run_file (Load *load)
{
  g_autoptr (LsReadReport) report = ls_read_report_new ();
  ls_read_file (load->path, count_line, load, report, NULL, NULL, NULL, NULL);
}

static gpointer
begin_segment (gpointer user_data)
{
  return g_new0 (uint64_t, 1);
}

static void
count_in_segment (const LsLine *line, uint64_t n, gpointer segment)
{
  ++*(uint64_t *) segment;
}

static void
drop_segment (gpointer segment, gpointer user_data)
{
  g_free (segment);
}

static void
end_segment (gpointer segment, uint64_t first_line, gpointer user_data)
{
  Load *load = user_data;
  load->n_lines += *(uint64_t *) segment;
}

static void
read_segments (Load *load, guint n_workers)
{
  static const LsSegmentSink sink = { begin_segment, count_in_segment, end_segment, drop_segment,
                                      drop_segment };
  g_autoptr (LsReadReport) report = ls_read_report_new ();
  ls_read_file_in_segments (load->path, &sink, load, n_workers, report, NULL, NULL, NULL, NULL);
}

static void
run_segments (Load *load)
{
  read_segments (load, 1);
}

static void
run_all_cores (Load *load)
{
  read_segments (load, 0);
}

static void
run_open (Load *load)
{
  LsTrace *trace = ls_trace_open (load->path, NULL, NULL, NULL, NULL);
  g_clear_pointer (&trace, ls_trace_unref);
}

static void
keep_event (const LsLine *line, gpointer user_data)
{
  Load *load = user_data;
  if (line->kind != LS_LINE_EVENT || line->event.name || line->event.val.type == LS_VALUE_TEXT)
    return;
  g_array_append_val (load->events, line->event);
}

static void
run_writer (Load *load)
{
  g_autoptr (GString) out = g_string_sized_new (1 << 20);
  for (guint i = 0; i < load->events->len; i++) {
    ls_write_event (out, &g_array_index (load->events, LsLineEvent, i));
    if (out->len > 1 << 19)
      g_string_truncate (out, 0);
  }
}

/* @target: what is wanted on two cores, ms per million events; 0: nothing. */
static void
measure (Load *load, const char *name, void (*run) (Load *load), uint64_t n_events, double target)
{
  gint64 best_us = G_MAXINT64;

  for (int i = 0; i < N_RUNS; i++) {
    gint64 start = g_get_monotonic_time ();
    run (load);
    best_us = MIN (best_us, g_get_monotonic_time () - start);
  }
  double seconds = (double) MAX (best_us, 1) / 1e6;
  double cost = seconds * 1e9 / (double) n_events;
  load->json_c_cost = load->json_c_cost > 0 ? load->json_c_cost : cost;
  printf ("%-22s %8.1f ms per million events, %6.2f M events/s, %6.1f x json-c", name, cost,
          1e3 / cost, load->json_c_cost / cost);
  if (target > 0)
    printf (", %.2f x the target of %.0f", cost / target, target);
  printf ("\n");
  fflush (stdout);
}

int
main (int argc, char **argv)
{
  g_autoptr (LsReadReport) report = ls_read_report_new ();
  g_autoptr (GError) error = NULL;
  Load load = { .path = argc == 2 ? argv[1] : NULL };

  if (argc != 2) {
    fprintf (stderr, "usage: %s FILE\n", argv[0]);
    return 2;
  }
  load.events = g_array_new (FALSE, FALSE, sizeof (LsLineEvent));
  if (!g_file_get_contents (load.path, &load.bytes, &load.n_bytes, &error) ||
      !ls_read_bytes (load.path, load.bytes, load.n_bytes, keep_event, &load, report, &error)) {
    fprintf (stderr, "bench-load: %s\n", error->message);
    return 1;
  }
  load.n_events = MAX (report->n_events, 1);
  printf ("%s: %.1f MB, %" G_GUINT64_FORMAT " events\n", load.path, (double) load.n_bytes / 1e6,
          report->n_events);
  measure (&load, "json-c alone", run_json_c, load.n_events, 0);
  measure (&load, "our use of json-c", run_reference, load.n_events, 0);
  measure (&load, "reader, from memory", run_bytes, load.n_events, 40);
  measure (&load, "reader, from file", run_file, load.n_events, 0);
  measure (&load, "segments, one core", run_segments, load.n_events, 0);
  measure (&load, "segments, all cores", run_all_cores, load.n_events, 0);
  measure (&load, "model (ls_trace_open)", run_open, load.n_events, 110);
  measure (&load, "writer", run_writer, MAX (load.events->len, 1), 0);
  g_array_unref (load.events);
  g_free (load.bytes);
  return 0;
}
