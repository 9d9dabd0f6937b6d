/* SPDX-License-Identifier: MIT */
/* Sums over lanes long enough to have blocks of blocks, of one thread in some places and many in
 * others; and pictures of them, in which little may lie a column off and nothing be lost. */
#include "random-trace.h"
#include "truth.h"

#define SEED 20261122
#define N_ROUNDS 3000
#define N_THREADS 20

enum {
  LONG_MUTEX = 1,
  LONG_RWLOCK,
  LONG_COND,
  N_LONG_OBJECTS = 3
};

static void
add (GString *text, gint64 ts, guint thread, const char *ev, guint object, const char *more)
{
  g_string_append_printf (text,
                          "{\"ts\":%" G_GINT64_FORMAT ",\"tid\":%u,\"ev\":\"%s\",\"obj\":%u%s}\n",
                          ts, thread, ev, object, more);
}

/* One thread has the mutex most of the time, another one after a while; sometimes for very long. */
static GString *
make_trace (GRand *rand, guint n_threads)
{
  GString *text = g_string_new ("{\"lockstitch\":1}\n");
  g_string_append (text, "{\"object\":1,\"kind\":\"mutex\"}\n{\"object\":2,\"kind\":\"rwlock\"}\n"
                         "{\"object\":3,\"kind\":\"cond\"}\n");
  gint64 ts = 0;
  for (guint i = 0; i < N_ROUNDS; i++) {
    guint often = 1 + i / 500 % n_threads;
    gint32 share = 1 + (gint32) (i / 250 % 4) * 3;
    guint thread = g_rand_int_range (rand, 0, 10) < share
                     ? often
                     : (guint) g_rand_int_range (rand, 1, (gint32) n_threads + 1);
    guint other = thread % n_threads + 1;
    bool waits = g_rand_boolean (rand), reads = g_rand_boolean (rand);
    if (waits)
      add (text, ts += g_rand_int_range (rand, 1, 40), other, "wait", LONG_COND, "");
    add (text, ts += g_rand_int_range (rand, 1, 100), thread, "acquire", LONG_MUTEX, "");
    if (reads) {
      add (text, ts += 5, thread, "acquire", LONG_RWLOCK, ",\"mode\":\"shared\"");
      if (!waits)
        add (text, ts += 5, other, "acquire", LONG_RWLOCK, ",\"mode\":\"shared\"");
    }
    ts += g_rand_int_range (rand, 0, 700) ? g_rand_int_range (rand, 1, 100) : 5000000000;
    add (text, ts, thread, "release", LONG_MUTEX, "");
    if (reads) {
      add (text, ts += 5, thread, "release", LONG_RWLOCK, ",\"mode\":\"shared\"");
      if (!waits)
        add (text, ts += 5, other, "release", LONG_RWLOCK, ",\"mode\":\"shared\"");
    }
    if (waits)
      add (text, ts += g_rand_int_range (rand, 1, 40), other, "wake", LONG_COND, "");
  }
  return text;
}

static LsTrace *
open_trace (GRand *rand, guint n_threads)
{
  g_autoptr (GError) error = NULL;
  GString *text = make_trace (rand, n_threads);
  LsTrace *trace = ls_trace_open_bytes ("columns", text->str, text->len, &error);
  g_assert_no_error (error);
  g_string_free (text, TRUE);
  return trace;
}

/* Any event's time, or a little beside it. */
static int64_t
pick_time (GRand *rand, const LsTrace *trace)
{
  gint32 n = (gint32) ls_trace_get_n_events (trace);
  return ls_trace_get_ts (trace, (uint32_t) g_rand_int_range (rand, 0, n)) +
         g_rand_int_range (rand, -1, 3);
}

static void
test_long (gconstpointer data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (SEED);
  g_autoptr (LsTrace) trace = open_trace (rand, GPOINTER_TO_UINT (data));
  for (guint i = 0; i < 150; i++) {
    int64_t a = pick_time (rand, trace), b = pick_time (rand, trace);
    LsSpan span = { MIN (a, b), MAX (a, b) };
    for (uint32_t object = 0; object < N_LONG_OBJECTS; object++) {
      truth_check_object_sum (trace, object, span);
      truth_check_dominant_holder (trace, object, span);
    }
    truth_check_thread_sum (trace, i % ls_trace_get_n_threads (trace), span);
  }
}

/* -- Pictures -- */

/* At most so many at once. */
static int64_t
count_at_once (const LsTrace *trace, LsIntervals intervals)
{
  uint32_t n, most = 0;
  g_autofree LsInterval *all = ls_intervals_dup (intervals, &n);
  for (uint32_t i = 0; i < n; i++) {
    uint32_t n_open = 0;
    for (uint32_t j = 0; j <= i; j++)
      n_open += ls_interval_get_span (trace, &all[j]).end_ns >=
                ls_interval_get_span (trace, &all[i]).begin_ns;
    most = MAX (most, n_open);
  }
  return most;
}

/* What lies before an edge may be off by what a column can hold; at the last edge it is not. */
static void
check_edge (int64_t sum, int64_t exact, const LsGrid *grid, uint32_t edge, int64_t n_at_once)
{
  int64_t column_ns = grid->edges_ns[1] - grid->edges_ns[0] + 1;
  g_assert_cmpint (ABS (sum - exact), <=, edge == grid->n_columns ? 0 : column_ns * n_at_once);
}

static void
check_thread (const LsTrace *trace, uint32_t thread, const LsGrid *grid)
{
  g_autofree LsMix *mixes = g_new (LsMix, grid->n_columns);
  LsMix sum = { 0 }, exact;
  ls_trace_sum_thread_columns (trace, thread, grid, mixes);
  for (uint32_t i = 0; i < grid->n_columns; i++) {
    LsSpan span = { grid->edges_ns[0], grid->edges_ns[i + 1] };
    ls_trace_sum_thread (trace, thread, span, &exact);
    for (int state = 0; state < LS_STATE_N; state++) {
      sum.ns[state] += mixes[i].ns[state];
      check_edge (sum.ns[state], exact.ns[state], grid, i + 1, 1);
      g_assert_cmpint (mixes[i].ns[state], >=, -LS_STATE_N); /* rounded */
    }
  }
}

/* Who holds it in a column and beside it: of one alone something must be told, and of who holds it
 * nowhere near it nothing. */
static void
check_holder (const LsTrace *trace,
              const LsInterval *holds,
              uint32_t n_holds,
              LsSpan near,
              const LsObjectMix *mix,
              uint32_t holder)
{
  uint32_t any = LS_NONE;
  bool is_near = holder == LS_NONE, are_many = false;
  for (uint32_t i = 0; i < n_holds; i++) {
    LsSpan span = ls_interval_get_span (trace, &holds[i]);
    if (span.begin_ns >= near.end_ns || span.end_ns <= near.begin_ns)
      continue;
    are_many |= any != LS_NONE && any != holds[i].thread;
    any = holds[i].thread;
    is_near |= any == holder;
  }
  g_assert_true (is_near);
  if (any != LS_NONE && !are_many && mix->held_ns > 0)
    g_assert_cmpuint (holder, ==, any);
}

static void
check_object (const LsTrace *trace, uint32_t object, const LsGrid *grid)
{
  g_autofree LsObjectMix *mixes = g_new (LsObjectMix, grid->n_columns);
  g_autofree uint32_t *holders = g_new (uint32_t, grid->n_columns);
  LsIntervals holds = ls_trace_get_object_holds (trace, object);
  g_autofree LsInterval *all = ls_intervals_dup (holds, NULL);
  int64_t n_held = count_at_once (trace, holds), held = 0, waited = 0;
  int64_t n_waited = count_at_once (trace, ls_trace_get_object_waits (trace, object));
  int64_t column_ns = grid->edges_ns[1] - grid->edges_ns[0];
  ls_trace_sum_object_columns (trace, object, grid, mixes, holders);
  for (uint32_t i = 0; i < grid->n_columns; i++) {
    LsSpan span = { grid->edges_ns[0], grid->edges_ns[i + 1] };
    LsSpan near = { grid->edges_ns[i] - column_ns, grid->edges_ns[i + 1] + column_ns };
    LsObjectMix exact;
    ls_trace_sum_object (trace, object, span, &exact);
    held += mixes[i].held_ns;
    waited += mixes[i].waited_ns;
    check_edge (held, exact.held_ns, grid, i + 1, n_held);
    check_edge (waited, exact.waited_ns, grid, i + 1, n_waited);
    ls_trace_sum_object (trace, object, near, &exact);
    g_assert_cmpuint (mixes[i].n_holds, <=, exact.n_holds);
    g_assert_cmpuint (mixes[i].n_waits, <=, exact.n_waits);
    if (n_held <= 2) /* one at a time, that is */
      check_holder (trace, all, holds.n, near, &mixes[i], holders[i]);
  }
}

static void
check_value (const LsTrace *trace, uint32_t object, const LsGrid *grid)
{
  g_autofree LsValueMix *mixes = g_new (LsValueMix, grid->n_columns);
  int64_t column_ns = grid->edges_ns[1] - grid->edges_ns[0];
  uint32_t n = 0;
  LsValueMix exact;
  ls_trace_sum_value_columns (trace, object, grid, mixes);
  for (uint32_t i = 0; i < grid->n_columns; i++) {
    const LsValueMix *mix = &mixes[i];
    LsSpan near = { grid->edges_ns[i] - column_ns, grid->edges_ns[i + 1] + column_ns };
    n += mix->n;
    ls_trace_sum_value (trace, object, near, &exact);
    g_assert_cmpuint (mix->n, <=, exact.n);
    if (mix->n > 0)
      g_assert_true (mix->min >= exact.min && mix->max <= exact.max && mix->last >= mix->min &&
                     mix->last <= mix->max);
  }
  ls_trace_sum_value (trace, object, (LsSpan){ grid->edges_ns[0], grid->edges_ns[grid->n_columns] },
                      &exact);
  g_assert_cmpuint (n, ==, exact.n);
}

static void
check_picture (const LsTrace *trace, LsSpan span, uint32_t n_columns)
{
  g_autofree int64_t *edges = g_new (int64_t, n_columns + 1);
  for (uint32_t i = 0; i <= n_columns; i++)
    edges[i] = span.begin_ns + (span.end_ns - span.begin_ns) / n_columns * i;
  LsGrid grid;
  ls_grid_init (&grid, trace, edges, n_columns);
  for (uint32_t i = 0; i < ls_trace_get_n_threads (trace); i++)
    check_thread (trace, i, &grid);
  for (uint32_t i = 0; i < ls_trace_get_n_objects (trace); i++) {
    check_object (trace, i, &grid);
    check_value (trace, i, &grid);
  }
  ls_grid_clear (&grid);
  if (n_columns < 64)
    truth_check_columns (trace, edges, n_columns);
}

static void
test_picture (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (SEED);
  g_autoptr (LsTrace) trace = open_trace (rand, N_THREADS);
  check_picture (trace, (LsSpan){ 0, ls_trace_get_info (trace)->end_ns }, 96);
  for (guint round = 0; round < 8; round++) {
    int64_t a = pick_time (rand, trace), b = pick_time (rand, trace);
    check_picture (trace, (LsSpan){ MIN (a, b), MAX (a, b) + 96 }, 96);
  }
}

/* All kinds of holds, waits and values, in views of all sizes and of times that are not in the trace. */
static void
test_random_picture (gconstpointer is_nonsense)
{
  static const uint32_t n_columns[] = { 63, 64, 65, 130, 300 };
  g_autoptr (GRand) rand = g_rand_new_with_seed (SEED + 1);
  for (guint round = 0; round < 2; round++) {
    g_autoptr (GError) error = NULL;
    GString *text =
      is_nonsense ? random_nonsense_new (rand, 12000) : random_trace_new (rand, 20000, round % 2);
    g_autoptr (LsTrace) trace = ls_trace_open_bytes ("random", text->str, text->len, &error);
    g_assert_no_error (error);
    g_string_free (text, TRUE);
    gint32 end = (gint32) ls_trace_get_info (trace)->end_ns;
    for (guint i = 0; i < G_N_ELEMENTS (n_columns); i++) {
      gint32 length = end >> g_rand_int_range (rand, 0, 7);
      gint32 begin = g_rand_int_range (rand, -length / 2, end - length / 2);
      check_picture (trace, (LsSpan){ 0, end }, n_columns[i]);
      check_picture (trace, (LsSpan){ begin, begin + length }, n_columns[i]);
    }
  }
}

#define N_NEAR_HOLDS 60000
#define N_NEAR_COLUMNS 100

/* Many holds a column, of which thread 1 has 40 % at first and 80 % at last, more or less. */
static LsTrace *
open_near_trace (GRand *rand, gint32 n_threads)
{
  g_autoptr (GString) text = g_string_new ("{\"lockstitch\":1,\"unit\":\"ns\"}\n"
                                           "{\"object\":1,\"kind\":\"mutex\"}\n");
  g_autoptr (GError) error = NULL;
  gint64 ts = 0;
  for (guint i = 0; i < N_NEAR_HOLDS; i++) {
    bool is_first = g_rand_double (rand) < 0.4 + 0.4 * i / N_NEAR_HOLDS;
    guint thread = is_first ? 1 : (guint) g_rand_int_range (rand, 2, n_threads + 1);
    add (text, ts, thread, "acquire", 1, "");
    ts += g_rand_int_range (rand, 50, 150);
    add (text, ts, thread, "release", 1, "");
  }
  LsTrace *trace = ls_trace_open_bytes ("near", text->str, text->len, &error);
  g_assert_no_error (error);
  return trace;
}

/* A picture may be wrong near 60 %: of many threads, and since columns have what lies in neighbours. */
static void
test_near_holders (gconstpointer data)
{
  gint32 n_threads = GPOINTER_TO_INT (data);
  g_autoptr (GRand) rand = g_rand_new_with_seed (SEED + 2);
  g_autoptr (LsTrace) trace = open_near_trace (rand, n_threads);
  int64_t edges[N_NEAR_COLUMNS + 1], of_first[N_NEAR_COLUMNS + 1] = { 0 }, column_ns;
  column_ns = ls_trace_get_info (trace)->end_ns / N_NEAR_COLUMNS + 1;
  for (int i = 0; i <= N_NEAR_COLUMNS; i++)
    edges[i] = i * column_ns;
  g_autofree LsInterval *holds = ls_intervals_dup (ls_trace_get_object_holds (trace, 0), NULL);
  for (uint32_t i = 0; i < N_NEAR_HOLDS; i++) {
    LsSpan span = ls_interval_get_span (trace, &holds[i]);
    of_first[span.begin_ns / column_ns] += holds[i].thread == 0 ? span.end_ns - span.begin_ns : 0;
  }
  LsGrid grid;
  LsObjectMix mixes[N_NEAR_COLUMNS];
  uint32_t holders[N_NEAR_COLUMNS], n_near = 0;
  ls_grid_init (&grid, trace, edges, N_NEAR_COLUMNS);
  ls_trace_sum_object_columns (trace, 0, &grid, mixes, holders);
  for (int i = 0; i < N_NEAR_COLUMNS; i++) {
    double share = (double) of_first[i] / (double) mixes[i].held_ns;
    bool is_near = ABS (share - 0.6) < 0.05;
    n_near += is_near;
    g_assert_true (is_near || (holders[i] == 0) == (share > 0.6));
  }
  g_assert_cmpuint (n_near, <, 40);
  ls_grid_clear (&grid);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/model/columns/long", GUINT_TO_POINTER (N_THREADS), test_long);
  g_test_add_data_func ("/model/columns/long-many-threads", GUINT_TO_POINTER (400), test_long);
  g_test_add_data_func ("/model/columns/long-two-threads", GUINT_TO_POINTER (2), test_long);
  g_test_add_func ("/model/columns/picture", test_picture);
  g_test_add_data_func ("/model/columns/random-picture", GUINT_TO_POINTER (false),
                        test_random_picture);
  g_test_add_data_func ("/model/columns/nonsense-picture", GUINT_TO_POINTER (true),
                        test_random_picture);
  g_test_add_data_func ("/model/columns/near-holders-2", GINT_TO_POINTER (2), test_near_holders);
  g_test_add_data_func ("/model/columns/near-holders-3", GINT_TO_POINTER (3), test_near_holders);
  g_test_add_data_func ("/model/columns/near-holders-6", GINT_TO_POINTER (6), test_near_holders);
  return g_test_run ();
}
