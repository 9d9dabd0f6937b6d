/* SPDX-License-Identifier: MIT */
/* `lockstitch stats`: how threads spent their time and how locks and values were used, as tables. */
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "arguments.h"
#include "command.h"
#include "finding.h"
#include "progress.h"
#include "statistics.h"
#include "table.h"

#define MAX_ROWS 20

typedef struct {
  char *span, *csv;
  char **threads, **locks;
  gboolean json, all;
} Options;

enum {
  TABLE_THREADS,
  TABLE_WAITS,
  TABLE_LOCKS,
  TABLE_VALUES,
  N_TABLES
};

/* -- The tables -- */

static const LsTableColumn thread_columns[] = {
  { LS_CELL_TEXT, "thread", "thread" },
  { LS_CELL_COUNT, "id", NULL },
  { LS_CELL_COUNT, "events", "events", 1 },
  { LS_CELL_NS, "life_ns", "life", 4 },
  { LS_CELL_NS, "not_waiting_ns", "not waiting" },
  { LS_CELL_NS, "wait_lock_ns", "for locks" },
  { LS_CELL_NS, "wait_signal_ns", "for signals" },
  { LS_CELL_NS, "sleep_ns", "asleep", 5 },
  { LS_CELL_COUNT, "acquires", "acquires", 2 },
  { LS_CELL_COUNT, "contended", "contended", 3 },
};

static const LsTableColumn wait_columns[] = {
  { LS_CELL_TEXT, "thread", "thread" },     { LS_CELL_TEXT, "for", "for" },
  { LS_CELL_TEXT, "kind", "kind", 2 },      { LS_CELL_COUNT, "waits", "waits", 5 },
  { LS_CELL_NS, "wait_total_ns", "total" }, { LS_CELL_NS, "wait_max_ns", "max", 3 },
  { LS_CELL_NS, "wait_p99_ns", "p99", 1 },  { LS_CELL_TEXT, "longest_at", "max at", 4 },
};

static const LsTableColumn lock_columns[] = {
  { LS_CELL_TEXT, "lock", "lock" },
  { LS_CELL_COUNT, "id", NULL },
  { LS_CELL_TEXT, "kind", "kind", 6 },
  { LS_CELL_COUNT, "threads", "threads", 5 },
  { LS_CELL_COUNT, "acquires", "acquires", 11 },
  { LS_CELL_COUNT, "contended", "contended", 10 },
  { LS_CELL_COUNT, "failed", "failed", 3 },
  { LS_CELL_NS, "wait_total_ns", "waited" },
  { LS_CELL_NS, "wait_max_ns", "max", 9 },
  { LS_CELL_NS, "wait_p99_ns", "p99", 2 },
  { LS_CELL_NS, "hold_total_ns", "held" },
  { LS_CELL_NS, "hold_max_ns", "max", 8 },
  { LS_CELL_NS, "hold_p99_ns", "p99", 1 },
  { LS_CELL_TEXT, "hold_longest_at", NULL },
  { LS_CELL_COUNT, "hand_overs", "hand-overs", 4 },
  { LS_CELL_COUNT, "convoys", "convoys", 7 },
  { LS_CELL_COUNT, "longest_convoy", NULL },
};

static const LsTableColumn value_columns[] = {
  { LS_CELL_TEXT, "value", "value" },         { LS_CELL_COUNT, "id", NULL },
  { LS_CELL_COUNT, "threads", "threads", 1 }, { LS_CELL_COUNT, "reads", "reads" },
  { LS_CELL_COUNT, "writes", "writes" },      { LS_CELL_COUNT, "atomic", "atomic", 2 },
  { LS_CELL_NUMBER, "min", "least", 4 },      { LS_CELL_NUMBER, "max", "greatest", 5 },
  { LS_CELL_NUMBER, "last", "last", 3 },
};

static void
init_tables (LsTable tables[N_TABLES])
{
  ls_table_init (&tables[TABLE_THREADS], "threads", "Threads", thread_columns,
                 G_N_ELEMENTS (thread_columns));
  ls_table_init (&tables[TABLE_WAITS], "waits", "Waits", wait_columns, G_N_ELEMENTS (wait_columns));
  ls_table_init (&tables[TABLE_LOCKS], "locks", "Locks", lock_columns, G_N_ELEMENTS (lock_columns));
  ls_table_init (&tables[TABLE_VALUES], "values", "Values", value_columns,
                 G_N_ELEMENTS (value_columns));
}

static void
add_thread (LsTable *table, const LsTrace *trace, const LsThreadStats *stats)
{
  const LsThread *thread = ls_trace_get_thread (trace, stats->thread);
  ls_table_add_text (table, thread->name);
  ls_table_add_count (table, thread->id);
  ls_table_add_count (table, stats->n_events);
  ls_table_add_ns (table, stats->life.end_ns - stats->life.begin_ns);
  for (guint state = LS_STATE_NOT_WAITING; state < LS_STATE_N; state++)
    ls_table_add_ns (table, stats->ns[state]);
  ls_table_add_count (table, stats->n_acquires);
  ls_table_add_count (table, stats->n_contended);
}

static void
add_place (LsTable *table, const LsTrace *trace, uint32_t source)
{
  g_autofree char *place = source == LS_NONE ? NULL : ls_trace_dup_place (trace, source);
  ls_table_add_text (table, place);
}

static void
add_wait (LsTable *table, const LsTrace *trace, const LsWaitStats *stats)
{
  const LsObject *object =
    stats->object != LS_NONE ? ls_trace_get_object (trace, stats->object) : NULL;
  g_autofree char *peer =
    stats->peer == LS_NONE
      ? NULL
      : g_strdup_printf ("%s to finish", ls_trace_get_thread (trace, stats->peer)->name);
  ls_table_add_text (table, ls_trace_get_thread (trace, stats->thread)->name);
  ls_table_add_text (table, object ? object->name : peer ? peer : "sleep");
  ls_table_add_text (table, object ? ls_object_rows[object->kind].word : peer ? "thread" : "sleep");
  ls_table_add_count (table, stats->wait.n);
  ls_table_add_ns (table, stats->wait.total_ns);
  ls_table_add_ns (table, stats->wait.max_ns);
  ls_table_add_ns (table, stats->wait.p99_ns);
  add_place (table, trace, stats->wait.max_source);
}

static void
add_durations (LsTable *table, const LsDurations *durations)
{
  ls_table_add_ns (table, durations->total_ns);
  ls_table_add_ns (table, durations->max_ns);
  ls_table_add_ns (table, durations->p99_ns);
}

static void
add_lock (LsTable *table, const LsTrace *trace, const LsLockStats *stats)
{
  const LsObject *object = ls_trace_get_object (trace, stats->object);
  ls_table_add_text (table, object->name);
  ls_table_add_count (table, object->id);
  ls_table_add_text (table, ls_object_rows[object->kind].word);
  ls_table_add_count (table, stats->n_threads);
  ls_table_add_count (table, stats->n_acquires);
  ls_table_add_count (table, stats->n_contended);
  ls_table_add_count (table, stats->n_failed);
  add_durations (table, &stats->wait);
  add_durations (table, &stats->hold);
  add_place (table, trace, stats->hold.max_source);
  ls_table_add_count (table, stats->n_hand_overs);
  ls_table_add_count (table, stats->n_convoys);
  ls_table_add_count (table, stats->longest_convoy);
}

static void
add_value (LsTable *table, const LsTrace *trace, const LsValueStats *stats)
{
  const LsObject *object = ls_trace_get_object (trace, stats->object);
  const double numbers[] = { stats->min, stats->max, stats->last };
  ls_table_add_text (table, object->name);
  ls_table_add_count (table, object->id);
  ls_table_add_count (table, stats->n_threads);
  ls_table_add_count (table, stats->n_reads);
  ls_table_add_count (table, stats->n_writes);
  ls_table_add_count (table, stats->n_atomic);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++) {
    if (stats->has_numbers)
      ls_table_add_number (table, numbers[i]);
    else
      ls_table_add_nothing (table);
  }
}

static void
fill_tables (LsTable tables[N_TABLES], const LsTrace *trace, const LsStatistics *statistics)
{
  for (guint i = 0; i < statistics->threads->len; i++)
    add_thread (&tables[TABLE_THREADS], trace,
                &g_array_index (statistics->threads, LsThreadStats, i));
  for (guint i = 0; i < statistics->waits->len; i++)
    add_wait (&tables[TABLE_WAITS], trace, &g_array_index (statistics->waits, LsWaitStats, i));
  for (guint i = 0; i < statistics->locks->len; i++)
    add_lock (&tables[TABLE_LOCKS], trace, &g_array_index (statistics->locks, LsLockStats, i));
  for (guint i = 0; i < statistics->values->len; i++)
    add_value (&tables[TABLE_VALUES], trace, &g_array_index (statistics->values, LsValueStats, i));
}

/* -- Output -- */

/* Letters in a line of the terminal; 0: standard output is none. */
static guint
get_width (void)
{
  struct winsize size;
  return isatty (STDOUT_FILENO) && ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

static void
print_text (const LsTable tables[N_TABLES], const LsTrace *trace, const Options *options)
{
  g_autofree char *words = ls_trace_dup_verdict_tail (trace);
  g_autofree char *plain = ls_text_dup_plain (words);
  printf ("%s: %s\n", ls_command_get_name (ls_trace_get_info (trace)->path), plain);
  for (guint i = 0; i < N_TABLES; i++)
    ls_table_print (&tables[i], options->all ? G_MAXUINT : MAX_ROWS, get_width (), stdout);
}

static void
print_json (const LsTable tables[N_TABLES], const LsTrace *trace, LsSpan span)
{
  const LsTraceInfo *info = ls_trace_get_info (trace);
  g_autoptr (GString) out = g_string_new (NULL);
  LsJson json;
  ls_json_init (&json, out, 2);
  ls_json_begin_object (&json, NULL);
  ls_json_string (&json, "file", info->path);
  ls_json_uint (&json, "events", ls_trace_get_n_events (trace));
  ls_json_uint (&json, "lost", info->n_lost);
  ls_json_int (&json, "begin_ns", span.begin_ns);
  ls_json_int (&json, "end_ns", MIN (span.end_ns, info->end_ns));
  for (guint i = 0; i < N_TABLES; i++)
    ls_table_write_json (&tables[i], &json);
  ls_json_end_object (&json);
  printf ("%s\n", out->str);
}

static const LsTable *
find_table (const LsTable tables[N_TABLES], const char *key)
{
  for (guint i = 0; i < N_TABLES; i++)
    if (g_str_equal (tables[i].key, key))
      return &tables[i];
  return NULL;
}

/* -- Options -- */

static void
clear (Options *options)
{
  g_free (options->span);
  g_free (options->csv);
  g_strfreev (options->threads);
  g_strfreev (options->locks);
}

/* -- The command -- */

static int
show (const LsTrace *trace, const Options *options, const LsStatisticsOptions *what)
{
  LsProgressLine line;
  ls_progress_begin (&line, "counting");
  g_autoptr (LsStatistics) statistics =
    ls_trace_compute_statistics (trace, what, ls_progress_tell, &line, NULL, NULL);
  ls_progress_end (&line);
  LsTable tables[N_TABLES];
  init_tables (tables);
  fill_tables (tables, trace, statistics);
  if (options->csv)
    ls_table_write_csv (find_table (tables, options->csv), stdout);
  else if (options->json)
    print_json (tables, trace, statistics->span);
  else
    print_text (tables, trace, options);
  for (guint i = 0; i < N_TABLES; i++)
    ls_table_clear (&tables[i]);
  return LS_EXIT_FINE;
}

static int
run (const char *path, const Options *options)
{
  g_autoptr (LsTrace) trace = ls_command_open_trace (path);
  if (!trace)
    return LS_EXIT_FAILURE;
  g_autofree bool *threads = NULL, *locks = NULL;
  if (options->threads && !(threads = ls_command_choose (trace, options->threads, true)))
    return LS_EXIT_FAILURE;
  if (options->locks && !(locks = ls_command_choose (trace, options->locks, false)))
    return LS_EXIT_FAILURE;
  LsStatisticsOptions what = { .threads = threads, .objects = locks };
  if (options->span)
    ls_argument_parse_span (options->span, ls_trace_get_info (trace)->end_ns + 1, &what.span);
  return show (trace, options, &what);
}

/* Checks what can be checked before the trace is read. */
static bool
check_options (const Options *options, int argc)
{
  LsTable tables[N_TABLES];
  LsSpan span;
  init_tables (tables);
  bool is_table = !options->csv || find_table (tables, options->csv);
  for (guint i = 0; i < N_TABLES; i++)
    ls_table_clear (&tables[i]);
  if (argc != 2)
    ls_command_error (argc < 2 ? "stats: which trace?" : "stats: one trace at a time");
  else if (!is_table)
    ls_command_error ("--csv is '%s', must be threads, waits, locks or values", options->csv);
  else if (options->csv && options->json)
    ls_command_error ("--csv or --json, not both");
  else if (options->span && !ls_argument_parse_span (options->span, G_MAXINT64, &span))
    ls_command_error ("--span is '%s', must be like 10ms..20ms, its end after its begin",
                      options->span);
  else
    return true;
  return false;
}

int
ls_command_stats (int argc, char **argv)
{
  Options options = { 0 };
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, "Print JSON, times in nanoseconds", NULL },
    { "csv", 0, 0, G_OPTION_ARG_STRING, &options.csv,
      "Print one table as CSV: threads, waits, locks or values", "TABLE" },
    { "span", 's', 0, G_OPTION_ARG_STRING, &options.span, "Only this part, such as 10ms..20ms",
      "A..B" },
    { "thread", 't', 0, G_OPTION_ARG_STRING_ARRAY, &options.threads,
      "Only threads of this name; * and ? as in the shell; may be given again", "NAME" },
    { "lock", 'l', 0, G_OPTION_ARG_STRING_ARRAY, &options.locks,
      "Only locks and values of this name, likewise", "NAME" },
    { "all", 'a', 0, G_OPTION_ARG_NONE, &options.all, "Print all rows, not the first 20", NULL },
    { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
  };
  int exit_code;
  if (ls_command_parse (&argc, &argv, entries, "FILE",
                        "Says how the threads of a trace spent their time, what they waited for, "
                        "and how its\nlocks and values were used.",
                        &exit_code))
    exit_code = check_options (&options, argc) ? run (argv[1], &options) : LS_EXIT_USAGE;
  clear (&options);
  return exit_code;
}
