/* SPDX-License-Identifier: MIT */
/* Sums over lanes long enough to have blocks of blocks, of one thread in some places and many in
 * others; and pictures of them, in which little may lie a column off and nothing be lost. */
#include "inline.h"
#include "truth.h"

#define SEED 20261122
#define N_ROUNDS 3000
#define N_THREADS 20
#define N_COLUMNS 96

enum {
  ID_MUTEX = 1,
  ID_RWLOCK,
  ID_COND,
  N_OBJECTS = 3
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
      add (text, ts += g_rand_int_range (rand, 1, 40), other, "wait", ID_COND, "");
    add (text, ts += g_rand_int_range (rand, 1, 100), thread, "acquire", ID_MUTEX, "");
    if (reads) {
      add (text, ts += 5, thread, "acquire", ID_RWLOCK, ",\"mode\":\"shared\"");
      if (!waits)
        add (text, ts += 5, other, "acquire", ID_RWLOCK, ",\"mode\":\"shared\"");
    }
    ts += g_rand_int_range (rand, 0, 700) ? g_rand_int_range (rand, 1, 100) : 5000000000;
    add (text, ts, thread, "release", ID_MUTEX, "");
    if (reads) {
      add (text, ts += 5, thread, "release", ID_RWLOCK, ",\"mode\":\"shared\"");
      if (!waits)
        add (text, ts += 5, other, "release", ID_RWLOCK, ",\"mode\":\"shared\"");
    }
    if (waits)
      add (text, ts += g_rand_int_range (rand, 1, 40), other, "wake", ID_COND, "");
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
    for (uint32_t object = 0; object < N_OBJECTS; object++) {
      truth_check_object_sum (trace, object, span);
      truth_check_dominant_holder (trace, object, span);
    }
    truth_check_thread_sum (trace, i % ls_trace_get_n_threads (trace), span);
  }
}

/* What lies before an edge in a picture may be off by what a column can hold. */
static void
check_edge (int64_t sum, int64_t exact, int64_t column_ns, guint n_at_once)
{
  g_assert_cmpint (ABS (sum - exact), <=, column_ns * n_at_once);
}

static void
check_picture (const LsTrace *trace, const LsGrid *grid)
{
  LsMix states[N_COLUMNS], mix;
  LsObjectMix objects[N_COLUMNS], object;
  uint32_t holders[N_COLUMNS];
  int64_t begin_ns = grid->edges_ns[0], column_ns = grid->edges_ns[1] - begin_ns + 1;
  for (uint32_t lane = 0; lane < ls_trace_get_n_threads (trace); lane++) {
    int64_t slept = 0;
    ls_trace_sum_thread_columns (trace, lane, grid, states);
    for (uint32_t i = 0; i < N_COLUMNS; i++) {
      slept += states[i].ns[LS_STATE_WAIT_SIGNAL];
      ls_trace_sum_thread (trace, lane, (LsSpan){ begin_ns, grid->edges_ns[i + 1] }, &mix);
      check_edge (slept, mix.ns[LS_STATE_WAIT_SIGNAL], column_ns, 1);
    }
    g_assert_cmpint (slept, ==, mix.ns[LS_STATE_WAIT_SIGNAL]);
  }
  for (uint32_t lane = 0; lane < N_OBJECTS; lane++) {
    int64_t held = 0, waited = 0;
    ls_trace_sum_object_columns (trace, lane, grid, objects, holders);
    for (uint32_t i = 0; i < N_COLUMNS; i++) {
      held += objects[i].held_ns;
      waited += objects[i].waited_ns;
      g_assert_true (holders[i] == LS_NONE || holders[i] < ls_trace_get_n_threads (trace));
      ls_trace_sum_object (trace, lane, (LsSpan){ begin_ns, grid->edges_ns[i + 1] }, &object);
      check_edge (held, object.held_ns, column_ns, N_THREADS);
      check_edge (waited, object.waited_ns, column_ns, N_THREADS);
    }
    g_assert_cmpint (held, ==, object.held_ns);
    g_assert_cmpint (waited, ==, object.waited_ns);
  }
}

static void
test_picture (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (SEED);
  g_autoptr (LsTrace) trace = open_trace (rand, N_THREADS);
  for (guint round = 0; round < 8; round++) {
    int64_t a = pick_time (rand, trace), b = pick_time (rand, trace), edges[N_COLUMNS + 1];
    LsSpan span = { MIN (a, b), MAX (a, b) + N_COLUMNS };
    if (round == 0)
      span = (LsSpan){ 0, ls_trace_get_info (trace)->end_ns };
    for (int i = 0; i <= N_COLUMNS; i++)
      edges[i] = span.begin_ns + (span.end_ns - span.begin_ns) / N_COLUMNS * i;
    LsGrid grid;
    ls_grid_init (&grid, trace, edges, N_COLUMNS);
    check_picture (trace, &grid);
    ls_grid_clear (&grid);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/model/columns/long", GUINT_TO_POINTER (N_THREADS), test_long);
  g_test_add_data_func ("/model/columns/long-many-threads", GUINT_TO_POINTER (400), test_long);
  g_test_add_data_func ("/model/columns/long-two-threads", GUINT_TO_POINTER (2), test_long);
  g_test_add_func ("/model/columns/picture", test_picture);
  return g_test_run ();
}
