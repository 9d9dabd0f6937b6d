/* SPDX-License-Identifier: MIT */
/* A trace as an STD log and that log as a trace again: of locks, threads and values nothing is lost
 * that race detection goes by, so that it finds the same pairs. */
#include <gio/gio.h>
#include <string.h>

#include "import.h"
#include "race-search.h"
#include "small-trace.h"
#include "trace-export.h"

#define N_ROUNDS 1500

static char *
export_log (const LsTrace *trace)
{
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  LsExport export = { .trace = trace, .stream = stream };
  g_autoptr (GError) error = NULL;
  ls_export_std (&export, &error);
  g_assert_no_error (error);
  g_output_stream_write_all (stream, "", 1, NULL, NULL, &error);
  g_output_stream_close (stream, NULL, &error);
  g_assert_no_error (error);
  return g_memory_output_stream_steal_data (G_MEMORY_OUTPUT_STREAM (stream));
}

static void
take_line (const LsLine *line, gpointer user_data)
{
  ls_write_line (user_data, line);
}

/* NULL when the log is empty. */
static LsTrace *
import_log (const char *log)
{
  g_autoptr (LsReadReport) report = ls_read_report_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  if (!log[0])
    return NULL;
  ls_import_bytes (LS_FOREIGN_STD, "log", log, strlen (log), take_line, text, report, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (report->n_errors + report->n_warnings, ==, 0);
  LsTrace *trace = ls_trace_open_bytes ("log", text->str, text->len, &error);
  g_assert_no_error (error);
  return trace;
}

/* Racing pairs by the lines of their sources, which are those of the first trace's events. */
typedef struct {
  const LsTrace *trace;
  bool has[SMALL_MAX_EVENTS + 1][SMALL_MAX_EVENTS + 1];
} Races;

static uint32_t
get_line (const LsTrace *trace, uint32_t k)
{
  LsEvent event;
  ls_trace_get_event (trace, k, &event);
  return ls_trace_get_source (trace, event.source)->line;
}

static void
take_race (uint32_t first, uint32_t second, gpointer user_data)
{
  Races *races = user_data;
  races->has[get_line (races->trace, first)][get_line (races->trace, second)] = true;
}

static void
find (const LsTrace *trace, LsRaceOrder order, Races *races)
{
  memset (races, 0, sizeof *races);
  races->trace = trace;
  if (trace)
    ls_trace_find_races (trace, order, take_race, races, NULL, NULL, NULL);
}

static guint
compare (const LsTrace *trace,
         const LsTrace *back,
         const char *log,
         const char *text,
         LsRaceOrder order)
{
  g_autofree Races *ours = g_new (Races, 1), *theirs = g_new (Races, 1);
  guint n = 0;
  find (trace, order, ours);
  find (back, order, theirs);
  for (guint i = 0; i <= SMALL_MAX_EVENTS; i++)
    for (guint k = 0; k <= SMALL_MAX_EVENTS; k++) {
      n += ours->has[i][k];
      if (ours->has[i][k] != theirs->has[i][k])
        g_error ("the race of lines %u and %u is in %s only:\n%s\n%s", i, k,
                 ours->has[i][k] ? "the trace" : "the log", log, text);
    }
  return n;
}

static void
test_same_races (void)
{
  static const SmallShape shapes[] = {
    { 2, 14, FALSE, FALSE },
    { 3, 24, FALSE, FALSE },
    { 4, 48, FALSE, FALSE },
    { 4, 90, FALSE, FALSE },
  };
  g_autoptr (GRand) rand = g_rand_new_with_seed (20261122);
  guint n_races = 0;
  for (guint round = 0; round < N_ROUNDS; round++) {
    SmallTrace small;
    small_trace_make (&small, rand, &shapes[round % G_N_ELEMENTS (shapes)]);
    g_autoptr (LsTrace) trace = small_trace_open (&small, NULL);
    g_autofree char *text = small_trace_dup_text (&small, NULL);
    g_autofree char *log = export_log (trace);
    g_autoptr (LsTrace) back = import_log (log);
    n_races +=
      compare (trace, back, log, text, LS_RACE_SHB) + compare (trace, back, log, text, LS_RACE_HB);
    if (back) {
      g_autofree char *again = export_log (back);
      g_assert_cmpstr (again, ==, log);
    }
  }
  g_assert_cmpuint (n_races, >, N_ROUNDS);
}

/* Of what the form has no words for the rest is still a log that tools take. */
static void
test_everything (void)
{
  static const SmallShape shape = { 4, 60, TRUE, TRUE };
  g_autoptr (GRand) rand = g_rand_new_with_seed (20261123);
  for (guint round = 0; round < N_ROUNDS; round++) {
    SmallTrace small;
    small_trace_make (&small, rand, &shape);
    g_autoptr (LsTrace) trace = small_trace_open (&small, NULL);
    g_autofree char *log = export_log (trace);
    g_autoptr (LsTrace) back = import_log (log);
    g_assert_true (back || !log[0]);
  }
}

#define EVENT(ts, tid, rest) "{\"ts\":" #ts ",\"tid\":" #tid ",\"ev\":" rest "}\n"
#define AT(line) "{\"source\":" #line ",\"line\":" #line "}\n"

static const struct {
  const char *name, *lines, *log;
} cases[] = {
  { "recursive locks",
    "{\"object\":1,\"kind\":\"recursive\",\"name\":\"L\"}\n" AT (1)
      EVENT (1, 1, "\"acquire\",\"obj\":1,\"src\":1")
        EVENT (2, 1, "\"acquire\",\"obj\":1,\"src\":1")
          EVENT (3, 1, "\"release\",\"obj\":1,\"src\":1")
            EVENT (4, 1, "\"release\",\"obj\":1,\"src\":1"),
    "T1|acq(L)|1\nT1|rel(L)|1\n" },
  { "second lives",
    "{\"object\":1,\"kind\":\"value\",\"name\":\"x\"}\n" AT (1)
      EVENT (1, 1, "\"write\",\"obj\":1,\"src\":1") EVENT (2, 1, "\"destroy\",\"obj\":1,\"src\":1")
        EVENT (3, 2, "\"write\",\"obj\":1,\"src\":1"),
    "T1|w(x)|1\nT2|w(x~2)|1\n" },
  { "a lock held for reading",
    "{\"object\":1,\"kind\":\"rwlock\",\"name\":\"L\"}\n" AT (1)
      EVENT (1, 1, "\"acquire\",\"obj\":1,\"mode\":\"shared\",\"src\":1")
        EVENT (2, 1, "\"release\",\"obj\":1,\"src\":1")
          EVENT (3, 1, "\"acquire\",\"obj\":1,\"src\":1")
            EVENT (4, 1, "\"release\",\"obj\":1,\"src\":1"),
    "T1|acq(L)|1\nT1|rel(L)|1\n" },
  { "atomics and a condition",
    "{\"object\":1,\"kind\":\"value\",\"name\":\"x\"}\n{\"object\":2,\"kind\":\"cond\"}\n"
    "{\"object\":3,\"kind\":\"mutex\",\"name\":\"L\"}\n" AT (1)
      EVENT (1, 1, "\"store\",\"obj\":1,\"val\":1,\"order\":\"release\",\"src\":1")
        EVENT (2, 1, "\"acquire\",\"obj\":3,\"src\":1")
          EVENT (3, 1, "\"release\",\"obj\":3,\"src\":1")
            EVENT (3, 1, "\"wait\",\"obj\":2,\"with\":3,\"src\":1")
              EVENT (4, 1, "\"wake\",\"obj\":2") EVENT (4, 1, "\"acquire\",\"obj\":3,\"src\":1")
                EVENT (5, 1, "\"release\",\"obj\":3,\"src\":1"),
    "T1|acq(L)|1\nT1|rel(L)|1\nT1|acq(L)|1\nT1|rel(L)|1\n" },
};

static void
test_case (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autofree char *text = g_strconcat ("{\"lockstitch\":1}\n", cases[i].lines, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (LsTrace) trace = ls_trace_open_bytes ("case", text, strlen (text), &error);
  g_assert_no_error (error);
  g_autofree char *log = export_log (trace);
  g_assert_cmpstr (log, ==, cases[i].log);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/std-back/same-races", test_same_races);
  g_test_add_func ("/std-back/everything", test_everything);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strdup_printf ("/std-back/%s", cases[i].name);
    g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_case);
  }
  return g_test_run ();
}
