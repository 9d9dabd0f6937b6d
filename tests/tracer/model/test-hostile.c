/* SPDX-License-Identifier: MIT */
/* Traces that contradict themselves, declare oddly, or are made to hurt: what can be shown is shown,
 * and nothing crashes, hangs or grows out of measure. */
#include <string.h>

#include "inline.h"

#define OPEN(lines) g_autoptr (LsTrace) trace = inline_open (lines)

static void
assert_problem (const LsTrace *trace, const char *problem)
{
  g_autofree char *problems = inline_dup_problems (trace);
  g_autofree char *line = g_strconcat (problem, "\n", NULL);
  if (!strstr (problems, line))
    g_error ("no \"%s\" among:\n%s", problem, problems);
}

static void
test_contradictions (void)
{
  OPEN ("{'object':1,'kind':'mutex','name':'m'}\n"
        "{'ts':1,'tid':1,'ev':'release','obj':1}\n"
        "{'ts':2,'tid':2,'ev':'acquire','obj':1}\n"
        "{'ts':3,'tid':1,'ev':'acquire','obj':1}\n"
        "{'ts':4,'tid':1,'ev':'acquire','obj':1}\n"
        "{'ts':5,'tid':1,'ev':'join','thread':3}\n"
        "{'ts':6,'tid':2,'ev':'finish'}\n"
        "{'ts':7,'tid':2,'ev':'wait','obj':1}\n"
        "{'ts':9,'tid':1,'ev':'create','thread':2}\n"
        "{'ts':8,'tid':1,'ev':'release','obj':1}\n");
  assert_problem (trace, "3: main releases m, which it does not hold");
  assert_problem (trace, "5: main acquires m, which thread 2 holds");
  assert_problem (trace, "6: main acquires m, which it holds");
  assert_problem (trace, "7: thread 3 is joined but was never created");
  assert_problem (trace, "9: thread 2 has events after event 6, where it finishes");
  assert_problem (trace, "10: thread 2 is created after its first event 2");
  assert_problem (trace, "11: time goes back in thread 1, from 9 to 8 ns");
  g_assert_cmpuint (ls_trace_get_n_events (trace), ==, 9);
  uint32_t n;
  g_autofree LsInterval *holds = ls_intervals_dup (ls_trace_get_object_holds (trace, 0), &n);
  g_assert_cmpuint (n, ==, 3);
  for (uint32_t i = 0; i < n; i++) /* each ends where the next one shows that it must have */
    g_assert_cmpuint (holds[i].end_event, ==, i < 2 ? holds[i + 1].begin_event : 7);
}

/* Declarations before and after use, twice, and header lines further down. */
static void
test_declarations (void)
{
  OPEN ("{'ts':1,'tid':7,'ev':'acquire','obj':4294967295,'src':9}\n"
        "{'thread':7,'name':'early','os':11}\n{'thread':7,'name':'late','daemon':true}\n"
        "{'object':4294967295,'kind':'spin'}\n{'object':2,'kind':'barrier','parties':3}\n"
        "{'source':9,'func':'f','file':'dir/f.c'}\n{'source':9,'line':4,'in':10}\n"
        "{'source':10,'in':9}\n"
        "{'lockstitch':1,'blind':['libgomp']}\n{'lockstitch':1,'blind':['libgomp','libfoo']}\n"
        "{'end':50,'events':1,'lost':0,'signal':9}\n");
  const LsTraceInfo *info = ls_trace_get_info (trace);
  const LsThread *thread = ls_trace_get_thread (trace, 0);
  g_assert_cmpstr (thread->name, ==, "late");
  g_assert_cmpuint (thread->os, ==, 11);
  g_assert_true (thread->daemon);
  g_assert_cmpstr (ls_trace_get_object (trace, 0)->name, ==, "barrier 2");
  g_assert_cmpstr (ls_trace_get_object (trace, 1)->name, ==, "spin lock 4294967295");
  g_autofree char *place = ls_trace_dup_place (trace, 0);
  g_assert_cmpstr (place, ==, "f.c:4");
  /* A circle of callers is cut. */
  g_assert_true (ls_trace_get_source (trace, 0)->in == LS_NONE ||
                 ls_trace_get_source (trace, 1)->in == LS_NONE);
  g_assert_cmpuint (g_strv_length ((char **) info->blind), ==, 2);
  g_assert_true (info->absence_is_no_proof);
  g_assert_cmpint (info->end_ns, ==, 50);
  g_assert_cmpint (info->end_how, ==, LS_END_SIGNAL);
  g_assert_cmpint (info->end_code, ==, 9);
}

static void
test_empty (void)
{
  OPEN ("");
  LsValueMix mix;
  g_assert_cmpuint (ls_trace_get_n_events (trace), ==, 0);
  g_assert_cmpuint (ls_trace_get_n_alive (trace, 0), ==, 0);
  g_assert_cmpuint (ls_trace_find_event (trace, 5), ==, 0);
  g_assert_cmpuint (ls_trace_find_dominant_thread (trace, 0, 0, NULL), ==, LS_NONE);
  g_assert_true (ls_trace_get_info (trace)->cut);
  g_autoptr (LsTrace) silent = inline_open ("{'object':1,'kind':'value'}\n{'thread':1}\n");
  g_assert_false (ls_trace_sum_value (silent, 0, (LsSpan){ 0, 10 }, &mix));
  g_assert_cmpuint (ls_trace_get_thread (silent, 0)->first_event, ==, LS_NONE);
}

/* Each line n times, with 1 .. n for #. */
static LsTrace *
open_made (const char *const *lines, guint n)
{
  GString *text = g_string_new (NULL);
  for (; *lines; lines++) {
    const char *number = strchr (*lines, '#');
    for (guint i = 1; i <= n; i++)
      g_string_append_printf (text, "%.*s%u%s", (int) (number - *lines), *lines, i, number + 1);
  }
  g_autofree char *all = g_string_free (text, FALSE);
  return inline_open (all);
}

/* Each of these takes minutes where something is searched in a row. */
static void
test_heavy (void)
{
  static const char *const rows[][4] = {
    { "{'ts':1,'tid':1,'ev':'acquire','obj':#}\n", "{'ts':2,'tid':1,'ev':'release','obj':#}\n" },
    { "{'ts':1,'tid':#,'ev':'acquire','obj':1}\n", "{'ts':2,'tid':#,'ev':'release','obj':1}\n" },
    { "{'ts':1,'tid':1,'ev':'begin','name':'a#'}\n", "{'ts':2,'tid':1,'ev':'end','name':'b#'}\n" },
    { "{'ts':1,'tid':1,'ev':'send','n':#}\n", "{'ts':2,'tid':2,'ev':'recv','n':#}\n" },
    { "{'source':#,'in':1}\n", "{'ts':1,'tid':1,'ev':'yield','src':#}\n" },
    { "{'thread':#}\n", "{'ts':1,'tid':#,'ev':'start'}\n" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (LsTrace) trace = open_made (rows[i], 30000);
    uint32_t n = ls_trace_get_n_events (trace);
    g_assert_cmpuint (n, >=, 30000);
    for (uint32_t k = 0; k < n; k += 100)
      ls_trace_find_cause (trace, k);
  }
}

/* Ids all over their space cost no more than their number. */
static void
test_wide_ids (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < 2000; i++)
    g_string_append_printf (text, "{'ts':%u,'tid':%u,'ev':'acquire','obj':%u,'src':%u}\n", i,
                            i * 8000 + 1, G_MAXUINT32 - i * 2000000, i * 2000000 + 1);
  OPEN (text->str);
  g_assert_cmpuint (ls_trace_get_n_threads (trace), ==, 2000);
  g_assert_cmpuint (ls_trace_get_n_objects (trace), ==, 2000);
  g_assert_cmpuint (ls_trace_get_n_sources (trace), ==, 2000);
  for (uint32_t i = 1; i < 2000; i++)
    g_assert_cmpuint (ls_trace_get_object (trace, i - 1)->id, <,
                      ls_trace_get_object (trace, i)->id);
  LsEvent event;
  ls_trace_get_event (trace, 7, &event);
  g_assert_cmpuint (ls_trace_get_object (trace, event.object)->id, ==, G_MAXUINT32 - 14000000);
  g_assert_cmpuint (ls_trace_get_thread (trace, event.thread)->id, ==, 56001);
}

enum {
  N_COLUMNS = 64
};

static void
ask_everything (const LsTrace *trace)
{
  LsThreadState thread;
  LsLockState lock;
  LsObjectMix mix;
  LsValue value;
  ls_thread_state_init (&thread);
  ls_lock_state_init (&lock);
  LsSpan all = { 0, ls_trace_get_info (trace)->end_ns };
  LsObjectMix mixes[N_COLUMNS];
  uint32_t holders[N_COLUMNS];
  int64_t edges[N_COLUMNS + 1];
  LsGrid grid;
  for (int i = 0; i <= N_COLUMNS; i++)
    edges[i] = all.end_ns / N_COLUMNS * i;
  ls_grid_init (&grid, trace, edges, N_COLUMNS);
  for (uint32_t k = 0; k < ls_trace_get_n_events (trace); k++) {
    ls_trace_find_cause (trace, k);
    if (k > 0)
      ls_trace_is_ordered_directly (trace, k - 1, k);
    for (uint32_t i = 0; i < ls_trace_get_n_threads (trace); i++)
      ls_trace_get_thread_state (trace, i, k, &thread);
    for (uint32_t i = 0; i < ls_trace_get_n_objects (trace); i++) {
      ls_trace_get_lock_state (trace, i, k, &lock);
      ls_trace_get_value (trace, i, k, &value, NULL);
      ls_trace_sum_object (trace, i, all, &mix);
    }
  }
  for (uint32_t i = 0; i < ls_trace_get_n_objects (trace); i++)
    ls_trace_sum_object_columns (trace, i, &grid, mixes, holders);
  ls_grid_clear (&grid);
  ls_thread_state_clear (&thread);
  ls_lock_state_clear (&lock);
}

/* A good trace with some bytes changed. */
static void
test_mutations (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("LS_SAMPLES"), "mockup.trace.jsonl", NULL);
  g_autofree char *text = NULL;
  gsize length;
  g_autoptr (GRand) rand = g_rand_new_with_seed (2);
  g_assert_true (g_file_get_contents (path, &text, &length, NULL));
  for (guint round = 0; round < 300; round++) {
    g_autofree char *changed = g_memdup2 (text, length);
    for (guint i = 0; i < 4; i++)
      changed[g_rand_int_range (rand, 20, (gint) length)] =
        "0123456789\",:{}ae\n"[g_rand_int_range (rand, 0, 18)];
    g_autoptr (LsTrace) trace = ls_trace_open_bytes ("changed", changed, length, NULL);
    if (trace)
      ask_everything (trace);
  }
}

static void
count_progress (double fraction, gpointer user_data)
{
  double *last = user_data;
  g_assert_cmpfloat (fraction, >=, *last);
  *last = fraction;
}

static void
cancel_late (double fraction, gpointer user_data)
{
  if (fraction > 0.7)
    g_cancellable_cancel (user_data);
}

static void
test_opening (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("LS_SAMPLES"), "mockup.trace.jsonl", NULL);
  g_autoptr (GError) error = NULL;
  double last = 0;
  g_autoptr (LsTrace) trace = ls_trace_open (path, count_progress, &last, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (last, ==, 1);
  g_autoptr (LsTrace) same = ls_trace_ref (trace);
  g_assert_cmpuint (ls_trace_find_thread (same, "executor-1"), ==, 2);
  g_assert_cmpuint (ls_trace_find_object (same, "nobody"), ==, LS_NONE);

  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_assert_null (ls_trace_open (path, cancel_late, cancellable, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_null (ls_trace_open ("/does/not/exist", NULL, NULL, NULL, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/hostile/contradictions", test_contradictions);
  g_test_add_func ("/model/hostile/declarations", test_declarations);
  g_test_add_func ("/model/hostile/empty", test_empty);
  g_test_add_func ("/model/hostile/heavy", test_heavy);
  g_test_add_func ("/model/hostile/wide-ids", test_wide_ids);
  g_test_add_func ("/model/hostile/mutations", test_mutations);
  g_test_add_func ("/model/hostile/opening", test_opening);
  return g_test_run ();
}
