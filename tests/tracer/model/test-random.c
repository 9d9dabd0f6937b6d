/* SPDX-License-Identifier: MIT */
/* Random traces: the model against what its words mean, found the slow way. */
#include <math.h>

#include "random-trace.h"
#include "truth.h"

#define SEED 20261121
#define N_TRACES 9

static LsTrace *
open_text (GString *text)
{
  g_autoptr (GError) error = NULL;
  LsTrace *trace = ls_trace_open_bytes ("random", text->str, text->len, &error);
  g_assert_no_error (error);
  g_string_free (text, TRUE);
  return trace;
}

/* Short ones and ones long enough for every summary to have blocks. */
static guint
pick_length (GRand *rand, guint round)
{
  return round % 3 == 0 ? 1500 : (guint) g_rand_int_range (rand, 1, 200);
}

/* Every second one is nonsense; of the others every second one has many equal stamps. */
static LsTrace *
open_any (GRand *rand, guint round)
{
  guint n = pick_length (rand, round);
  return open_text (round % 2 ? random_trace_new (rand, n, round % 4 == 1)
                              : random_nonsense_new (rand, n));
}

static LsSpan
pick_span (GRand *rand, const LsTrace *trace)
{
  gint32 end = (gint32) ls_trace_get_info (trace)->end_ns + 2;
  gint32 begin = g_rand_int_range (rand, -2, end);
  gint32 length = g_rand_boolean (rand) ? end : 1 + end / 20;
  return (LsSpan){ begin, begin + g_rand_int_range (rand, 0, length) };
}

static void
check_state (const LsTrace *trace, uint32_t k)
{
  LsThreadState thread;
  LsLockState lock;
  ls_thread_state_init (&thread);
  ls_lock_state_init (&lock);
  for (uint32_t i = 0; i < ls_trace_get_n_threads (trace); i++) {
    ls_trace_get_thread_state (trace, i, k, &thread);
    truth_check_thread_state (trace, i, k, &thread);
  }
  for (uint32_t i = 0; i < ls_trace_get_n_objects (trace); i++) {
    ls_trace_get_lock_state (trace, i, k, &lock);
    truth_check_lock_state (trace, i, k, &lock);
    truth_check_value (trace, i, k);
  }
  g_assert_cmpuint (ls_trace_get_n_alive (trace, k), ==, truth_count_alive (trace, k));
  ls_thread_state_clear (&thread);
  ls_lock_state_clear (&lock);
}

static void
test_states (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (SEED);
  for (guint round = 0; round < N_TRACES; round++) {
    g_autoptr (LsTrace) trace =
      open_text (random_trace_new (rand, pick_length (rand, round), round % 2));
    g_assert_cmpuint (ls_trace_get_info (trace)->report->problems->len, ==, 0);
    check_state (trace, LS_NONE);
    uint32_t n = ls_trace_get_n_events (trace);
    for (guint i = 0; i < 40; i++)
      check_state (trace, n < 40 ? i % n : (uint32_t) g_rand_int_range (rand, 0, (gint) n));
  }
}

static void
test_causes (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (SEED + 1);
  for (guint round = 0; round < N_TRACES; round++) {
    g_autoptr (LsTrace) trace =
      open_text (random_trace_new (rand, pick_length (rand, round), round % 2));
    for (uint32_t k = 0; k < ls_trace_get_n_events (trace); k++) {
      uint32_t cause = ls_trace_find_cause (trace, k);
      g_assert_cmpuint (cause, ==, truth_find_cause (trace, k));
      if (cause != LS_NONE)
        g_assert_true (ls_trace_is_ordered_directly (trace, cause, k));
    }
  }
}

static void
check_sums (const LsTrace *trace, LsSpan span)
{
  for (uint32_t i = 0; i < ls_trace_get_n_threads (trace); i++)
    truth_check_thread_sum (trace, i, span);
  for (uint32_t i = 0; i < ls_trace_get_n_objects (trace); i++) {
    truth_check_object_sum (trace, i, span);
    truth_check_dominant_holder (trace, i, span);
    truth_check_value_sum (trace, i, span);
  }
  for (uint32_t i = 0; i < ls_trace_get_n_counters (trace); i++)
    truth_check_counter_sum (trace, i, span);
  truth_check_dominant_thread (trace, ls_trace_find_event (trace, span.begin_ns),
                               ls_trace_find_event (trace, span.end_ns));
}

static void
test_sums (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (SEED + 2);
  for (guint round = 0; round < N_TRACES; round++) {
    g_autoptr (LsTrace) trace = open_any (rand, round);
    for (guint i = 0; i < 60; i++)
      check_sums (trace, pick_span (rand, trace));
  }
}

/* Uneven columns, some of no length, some past the trace. */
static void
check_columns (GRand *rand, const LsTrace *trace)
{
  enum {
    N_COLUMNS = 40
  };
  int64_t edges[N_COLUMNS + 1];
  gint32 length = (gint32) ls_trace_get_info (trace)->end_ns / N_COLUMNS * 2 + 2;
  edges[0] = g_rand_int_range (rand, -length, length);
  for (int i = 0; i < N_COLUMNS; i++)
    edges[i + 1] =
      edges[i] + (g_rand_int_range (rand, 0, 5) ? g_rand_int_range (rand, 0, length) : 0);
  truth_check_columns (trace, edges, N_COLUMNS);
}

static void
test_columns (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (SEED + 5);
  for (guint round = 0; round < N_TRACES; round++) {
    g_autoptr (LsTrace) trace = open_any (rand, round);
    for (guint i = 0; i < 10; i++)
      check_columns (rand, trace);
  }
}

/* What holds whatever a trace says. */
static void
test_nonsense (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (SEED + 3);
  for (guint round = 0; round < N_TRACES * 2; round++) {
    guint n = pick_length (rand, round);
    GString *text = round % 2 ? random_trace_new (rand, n, FALSE) : random_nonsense_new (rand, n);
    g_autoptr (LsTrace) trace = open_text (text);
    truth_check_order (trace);
    truth_check_lists (trace);
    for (uint32_t i = 0; i < ls_trace_get_n_threads (trace); i++)
      truth_check_thread_intervals (trace, i);
    for (uint32_t i = 0; i < ls_trace_get_n_objects (trace); i++)
      truth_check_object_intervals (trace, i);
    for (uint32_t k = 0; k < ls_trace_get_n_events (trace); k++) {
      uint32_t cause = ls_trace_find_cause (trace, k);
      g_assert_true (cause == LS_NONE || cause < k);
    }
    for (guint i = 0; i < 40; i++) {
      LsSpan span = pick_span (rand, trace);
      truth_check_find_interval (trace, span.begin_ns);
    }
  }
}

/* A straggler changes nothing: by time the lines are what they were. */
static void
test_line_order (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (SEED + 4);
  GString *text = random_trace_new (rand, 3000, FALSE);
  g_autofree char *same = g_strdup (text->str);
  g_autofree char *sorted = truth_sort_lines (text->str);
  g_assert_cmpstr (same, !=, sorted);
  g_autoptr (LsTrace) first = open_text (text);
  g_autoptr (LsTrace) second = open_text (g_string_new (same));
  g_autoptr (LsTrace) third = open_text (g_string_new (sorted));
  truth_check_equal (first, second);
  truth_check_equal (first, third);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/random/states", test_states);
  g_test_add_func ("/model/random/causes", test_causes);
  g_test_add_func ("/model/random/sums", test_sums);
  g_test_add_func ("/model/random/columns", test_columns);
  g_test_add_func ("/model/random/nonsense", test_nonsense);
  g_test_add_func ("/model/random/line-order", test_line_order);
  return g_test_run ();
}
