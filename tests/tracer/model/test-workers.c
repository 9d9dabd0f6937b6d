/* SPDX-License-Identifier: MIT */
/* However a trace is cut into segments and on however many threads it is opened, it is the same. */
#include <glib/gstdio.h>
#include <unistd.h>

#include "builder.h"
#include "random-trace.h"

#define SEED 20261122
#define N_TRACES 8

/* -- All that a trace says, as text -- */

static void
dump_value (GString *out, const LsValue *value)
{
  g_autofree char *text = ls_value_dup_text (value);
  g_string_append_printf (out, " %d:%s", value->type, text);
}

static void
dump_event (GString *out, const LsTrace *trace, uint32_t k)
{
  LsEvent event;
  ls_trace_get_event (trace, k, &event);
  g_string_append_printf (out,
                          "%u: %" G_GINT64_FORMAT
                          " %d %d %d %d %u %u %u %u %u %d %u %u %d %" G_GINT64_FORMAT " %s %s",
                          k, event.ts_ns, event.ev, event.mode, event.how, event.order,
                          event.thread, event.object, event.peer, event.with, event.source,
                          event.has_part, event.off, event.size, event.has_n, event.n,
                          event.name ? event.name : "-", event.err ? event.err : "-");
  dump_value (out, &event.val);
  dump_value (out, &event.old);
  g_string_append_printf (out, " <- %u\n", ls_trace_find_cause (trace, k));
}

static void
dump_intervals (GString *out, const char *name, LsIntervals intervals)
{
  g_string_append_printf (out, "%s %u:\n", name, intervals.lane);
  for (uint32_t i = 0; i < intervals.n; i++) {
    LsInterval interval = ls_intervals_get (intervals, i);
    g_string_append_printf (out, " %u %u %u %u %u %u %u %u %u %u\n", interval.begin_event,
                            interval.end_event, interval.thread, interval.object, interval.peer,
                            interval.state, interval.outcome, interval.mode, interval.row,
                            interval.depth);
  }
}

static void
dump_tables (GString *out, const LsTrace *trace)
{
  for (uint32_t i = 0; i < ls_trace_get_n_threads (trace); i++) {
    const LsThread *thread = ls_trace_get_thread (trace, i);
    g_string_append_printf (out, "thread %u %s %u %u %u %u %u %u %u\n", thread->id, thread->name,
                            thread->os, thread->parent, thread->create_event, thread->first_event,
                            thread->last_event, thread->finish_event, thread->join_event);
  }
  for (uint32_t i = 0; i < ls_trace_get_n_objects (trace); i++) {
    const LsObject *object = ls_trace_get_object (trace, i);
    g_string_append_printf (out, "object %u %s %d %u %d %u %u %u %u\n", object->id, object->name,
                            object->kind, object->source, object->is_gate, object->n_acquires,
                            object->n_contended, object->n_reads, object->n_writes);
  }
  for (uint32_t i = 0; i < ls_trace_get_n_sources (trace); i++) {
    g_autofree char *place = ls_trace_dup_place (trace, i);
    g_string_append_printf (out, "source %u %s\n", ls_trace_get_source (trace, i)->id, place);
  }
}

static void
dump_sums (GString *out, const LsTrace *trace)
{
  int64_t end_ns = ls_trace_get_info (trace)->end_ns;
  for (int part = 0; part < 3; part++) {
    LsSpan span = { end_ns * part / 4, end_ns * (part + 2) / 4 };
    LsMix mix;
    LsObjectMix object;
    LsValueMix value;
    for (uint32_t i = 0; i < ls_trace_get_n_threads (trace); i++) {
      ls_trace_sum_thread (trace, i, span, &mix);
      for (int state = 0; state < LS_STATE_N; state++)
        g_string_append_printf (out, "%" G_GINT64_FORMAT " ", mix.ns[state]);
    }
    for (uint32_t i = 0; i < ls_trace_get_n_objects (trace); i++) {
      ls_trace_sum_object (trace, i, span, &object);
      ls_trace_sum_value (trace, i, span, &value);
      g_string_append_printf (out, "%" G_GINT64_FORMAT " %u %g %g\n", object.held_ns, value.n,
                              value.min, value.last);
    }
  }
}

static void
dump_picture (GString *out, const LsTrace *trace)
{
  enum {
    N_COLUMNS = 90
  };
  int64_t edges[N_COLUMNS + 1];
  LsMix states[N_COLUMNS];
  LsObjectMix mixes[N_COLUMNS];
  uint32_t holders[N_COLUMNS];
  LsGrid grid;
  for (int i = 0; i <= N_COLUMNS; i++)
    edges[i] = ls_trace_get_info (trace)->end_ns / N_COLUMNS * i;
  ls_grid_init (&grid, trace, edges, N_COLUMNS);
  for (uint32_t i = 0; i < ls_trace_get_n_threads (trace); i++) {
    ls_trace_sum_thread_columns (trace, i, &grid, states);
    for (int column = 0; column < N_COLUMNS; column++)
      g_string_append_printf (out, "%" G_GINT64_FORMAT " ", states[column].ns[LS_STATE_WAIT_LOCK]);
  }
  for (uint32_t i = 0; i < ls_trace_get_n_objects (trace); i++) {
    ls_trace_sum_object_columns (trace, i, &grid, mixes, holders);
    for (int column = 0; column < N_COLUMNS; column++)
      g_string_append_printf (out, "%" G_GINT64_FORMAT " %u ", mixes[column].held_ns,
                              holders[column]);
  }
  ls_grid_clear (&grid);
}

static char *
dup_dump (const LsTrace *trace)
{
  GString *out = g_string_new (NULL);
  dump_tables (out, trace);
  for (uint32_t k = 0; k < ls_trace_get_n_events (trace); k++)
    dump_event (out, trace, k);
  for (uint32_t i = 0; i < ls_trace_get_n_threads (trace); i++) {
    dump_intervals (out, "states", ls_trace_get_thread_states (trace, i));
    dump_intervals (out, "holds", ls_trace_get_thread_holds (trace, i));
    dump_intervals (out, "regions", ls_trace_get_thread_regions (trace, i));
  }
  for (uint32_t i = 0; i < ls_trace_get_n_objects (trace); i++) {
    dump_intervals (out, "held", ls_trace_get_object_holds (trace, i));
    dump_intervals (out, "waited for", ls_trace_get_object_waits (trace, i));
  }
  dump_sums (out, trace);
  dump_picture (out, trace);
  const LsReadReport *report = ls_trace_get_info (trace)->report;
  for (guint i = 0; i < report->problems->len; i++) {
    const LsProblem *problem = &g_array_index (report->problems, LsProblem, i);
    g_string_append_printf (out, "%" G_GUINT64_FORMAT ": %s\n", problem->line, problem->reason);
  }
  g_string_append_printf (out, "%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT "\n", report->n_errors,
                          report->n_warnings);
  return g_string_free (out, FALSE);
}

/* -- Segments of a few lines -- */

typedef struct {
  LsBuilder *builder;
  uint64_t n_lines; /* of a segment */
  gpointer segment;
  uint64_t first_line;
} Cutter;

static void
end_segment (Cutter *cutter)
{
  gpointer segment = g_steal_pointer (&cutter->segment);
  if (!segment)
    return;
  ls_builder_sink.end (segment, cutter->first_line, cutter->builder);
  ls_builder_sink.settle (segment, cutter->builder);
}

static void
add_line (const LsLine *line, gpointer data)
{
  Cutter *cutter = data;
  uint64_t number = cutter->builder->report->n_lines;
  if (number - cutter->first_line >= cutter->n_lines)
    end_segment (cutter);
  if (!cutter->segment) {
    cutter->segment = ls_builder_sink.begin (cutter->builder);
    cutter->first_line = number;
  }
  ls_builder_sink.line (line, number - cutter->first_line, cutter->segment);
}

static char *
open_and_dump (const GString *text, uint64_t n_lines, guint n_workers)
{
  LsReadReport *report = ls_read_report_new ();
  g_autoptr (LsBuilder) builder = ls_builder_new (report);
  g_autoptr (GError) error = NULL;
  Cutter cutter = { .builder = builder, .n_lines = n_lines };
  ls_read_bytes ("cut", text->str, text->len, add_line, &cutter, report, &error);
  g_assert_no_error (error);
  end_segment (&cutter);
  g_autoptr (LsTrace) trace = ls_builder_open (builder, "cut", n_workers);
  return dup_dump (trace);
}

static void
check (const GString *text)
{
  g_autofree char *expected = open_and_dump (text, G_MAXUINT64, 1);
  static const struct {
    uint64_t n_lines;
    guint n_workers;
  } ways[] = { { 1, 2 }, { 2, 1 }, { 7, 3 }, { 100, 2 }, { G_MAXUINT64, 3 } };
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++) {
    g_autofree char *dump = open_and_dump (text, ways[i].n_lines, ways[i].n_workers);
    g_assert_cmpstr (dump, ==, expected);
  }
}

static void
test_random (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (SEED);
  for (guint round = 0; round < N_TRACES; round++) {
    guint n = round % 2 ? 1200 : (guint) g_rand_int_range (rand, 1, 150);
    GString *text = round < N_TRACES / 2 ? random_trace_new (rand, n, round % 4 < 2)
                                         : random_nonsense_new (rand, n);
    check (text);
    g_string_free (text, TRUE);
  }
}

/* Threads past the most that a trace may have, as the second one is made to be here, are left out with
 * all that their events carry. */
static void
test_left_out (void)
{
  static const char lines[] =
    "{\"lockstitch\":1}\n"
    "{\"ts\":1,\"tid\":1,\"ev\":\"acquire\",\"obj\":1}\n"
    "{\"ts\":2,\"tid\":2,\"ev\":\"write\",\"obj\":2,\"val\":5,\"old\":4}\n"
    "{\"ts\":3,\"tid\":1,\"ev\":\"write\",\"obj\":2,\"val\":6,\"old\":5}\n"
    "{\"ts\":4,\"tid\":2,\"ev\":\"begin\",\"name\":\"a\"}\n"
    "{\"ts\":5,\"tid\":1,\"ev\":\"begin\",\"name\":\"b\"}\n"
    "{\"ts\":6,\"tid\":2,\"ev\":\"wait\",\"obj\":3,\"with\":1}\n"
    "{\"ts\":7,\"tid\":1,\"ev\":\"release\",\"obj\":1}\n";
  LsReadReport *report = ls_read_report_new ();
  g_autoptr (LsBuilder) builder = ls_builder_new (report);
  Cutter cutter = { .builder = builder, .n_lines = 2 };
  ls_builder_get_thread (builder, 1, 1);
  builder->thread_ids.n = LS_MAX_THREADS;
  g_assert_true (ls_read_bytes ("full", lines, sizeof lines - 1, add_line, &cutter, report, NULL));
  end_segment (&cutter);
  builder->thread_ids.n = 1;
  g_autoptr (LsTrace) trace = ls_builder_open (builder, "full", 1);

  static const LsEventKind kinds[] = { LS_EV_ACQUIRE, LS_EV_WRITE, LS_EV_BEGIN, LS_EV_RELEASE };
  static const uint32_t n_events[] = { 2, 1, 0 };
  LsEvent event;
  g_assert_cmpuint (ls_trace_get_n_events (trace), ==, G_N_ELEMENTS (kinds));
  for (uint32_t k = 0; k < G_N_ELEMENTS (kinds); k++)
    g_assert_cmpint (ls_trace_get_kind (trace, k), ==, kinds[k]);
  ls_trace_get_event (trace, 1, &event);
  g_assert_cmpint (event.val.i, ==, 6);
  g_assert_cmpint (event.old.i, ==, 5);
  ls_trace_get_event (trace, 2, &event);
  g_assert_cmpstr (event.name, ==, "b");
  for (uint32_t i = 0; i < G_N_ELEMENTS (n_events); i++) {
    uint32_t n;
    ls_trace_get_object_events (trace, i, &n);
    g_assert_cmpuint (n, ==, n_events[i]);
  }
  g_assert_cmpuint (ls_trace_get_info (trace)->report->n_errors, ==, 1);
}

/* Times far apart, backwards, twice the same; ids of all sizes; texts and wide numbers. */
static void
test_extremes (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (SEED + 1);
  GString *text = g_string_new ("{\"lockstitch\":1}\n");
  static const char *const values[] = { "1",   "-7",      "9000000000", "18446744073709551615",
                                        "1.5", "\"nan\"", "\"0xff\"",   "\"some text\"" };
  static const guint ids[] = { 1, 3, 70000, 4000000000u, 2 };
  int64_t ts = 0;
  for (guint i = 0; i < 900; i++) {
    int64_t step = i % 50 == 7 ? (int64_t) 1 << 40 : g_rand_int_range (rand, 0, 9);
    ts = i % 90 == 11 ? MAX (ts - ((int64_t) 1 << 39), 0) : ts + step;
    g_string_append_printf (text,
                            "{\"ts\":%" G_GINT64_FORMAT ",\"tid\":%u,\"ev\":\"%s\",\"obj\":%u,"
                            "\"val\":%s,\"old\":%s,\"off\":%d,\"size\":%d,\"src\":%u}\n",
                            ts, ids[g_rand_int_range (rand, 0, 5)], i % 3 ? "write" : "read",
                            ids[g_rand_int_range (rand, 0, 5)],
                            values[g_rand_int_range (rand, 0, 8)],
                            values[g_rand_int_range (rand, 0, 8)],
                            i % 5 ? 0 : g_rand_int_range (rand, 0, 100000),
                            g_rand_int_range (rand, 1, 20000), ids[g_rand_int_range (rand, 0, 5)]);
    if (i % 40 == 0)
      g_string_append_printf (text, "not a line\n{\"source\":%u,\"func\":\"f%u\"}\n", i + 1, i);
  }
  check (text);
  g_string_free (text, TRUE);
}

/* -- Given up -- */

#define N_MANY 300000 /* events: more than a pass goes on without asking */

static char *
write_trace (guint n)
{
  g_autoptr (GString) text = g_string_new ("{\"lockstitch\":1}\n");
  g_autoptr (GError) error = NULL;
  char *path = NULL;
  int fd = g_file_open_tmp ("ls-given-up-XXXXXX", &path, &error);
  g_assert_no_error (error);
  close (fd);
  static const char *const kinds[] = { "wait", "acquire", "release", "begin", "end", "send" };
  for (guint i = 0; i < n; i++) {
    g_string_append_printf (text, "{\"ts\":%u,\"tid\":%u,\"ev\":\"%s\"", i, i % 5 + 1,
                            kinds[i / 5 % 6]);
    g_string_append_printf (text, i / 5 % 6 < 3 ? ",\"obj\":%u}\n" : ",\"name\":\"n\",\"n\":%u}\n",
                            i % 7 + 1);
  }
  g_file_set_contents (path, text->str, (gssize) text->len, &error);
  g_assert_no_error (error);
  return path;
}

typedef struct {
  GCancellable *cancellable;
  guint n_left; /* calls of progress before it is cancelled */
} Patience;

static void
lose_patience (double fraction, gpointer data)
{
  Patience *patience = data;
  if (patience->n_left-- == 0)
    g_cancellable_cancel (patience->cancellable);
}

/* Whether it was opened to the end. */
static bool
open_until (const char *path, Patience *patience, LsProgressFunc progress)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LsTrace) trace =
    ls_trace_open_on (path, 2, progress, patience, patience->cancellable, &error);
  if (!trace)
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  return trace != NULL;
}

/* Between any two steps. */
static void
test_given_up (void)
{
  g_autofree char *path = write_trace (2000);
  bool is_open = false;
  for (guint n = 0; !is_open; n++) {
    g_autoptr (GCancellable) cancellable = g_cancellable_new ();
    Patience patience = { cancellable, n };
    is_open = open_until (path, &patience, lose_patience);
    g_assert_true (is_open || n < 1000);
  }
  g_unlink (path);
}

static gpointer
cancel_later (gpointer data)
{
  g_usleep ((gulong) g_random_int_range (0, 200000));
  g_cancellable_cancel (data);
  return NULL;
}

/* At any moment. */
static void
test_given_up_within (void)
{
  g_autofree char *path = write_trace (N_MANY);
  for (guint round = 0; round < 6; round++) {
    g_autoptr (GCancellable) cancellable = g_cancellable_new ();
    Patience patience = { cancellable, 0 };
    GThread *thread = g_thread_new ("cancel", cancel_later, cancellable);
    open_until (path, &patience, NULL);
    g_thread_join (thread);
  }
  g_unlink (path);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/workers/random", test_random);
  g_test_add_func ("/model/workers/left-out", test_left_out);
  g_test_add_func ("/model/workers/extremes", test_extremes);
  g_test_add_func ("/model/workers/given-up", test_given_up);
  g_test_add_func ("/model/workers/given-up-within", test_given_up_within);
  return g_test_run ();
}
