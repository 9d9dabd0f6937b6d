/* SPDX-License-Identifier: MIT */
/**
 * Statistics: a simulated lock's figures against those that the simulation kept, and what a span or a
 * filter leaves of them.
 */
#include <stdlib.h>

#include "statistics.h"

#define N_THREADS 4
#define MUTEX "{\"lockstitch\":1}\n{\"object\":1,\"kind\":\"mutex\",\"name\":\"m\"}\n"

typedef struct {
  int64_t begin, end;
  guint thread;
} Length;

typedef struct {
  GString *text;
  GArray *holds, *waits; /* Length */
  guint64 n_hand_overs, n_convoys, longest_convoy;
  int64_t now;
} Sim;

static void
put (Sim *sim, GRand *rand, guint thread, const char *ev)
{
  sim->now += g_rand_int_range (rand, 1, 50);
  g_string_append_printf (sim->text,
                          "{\"ts\":%" G_GINT64_FORMAT ",\"tid\":%u,\"ev\":\"%s\",\"obj\":1}\n",
                          sim->now, thread, ev);
}

/* Threads take the lock one after the other, some after having waited for the one before. */
static void
simulate (Sim *sim, GRand *rand, guint n_rounds)
{
  guint64 run = 0;
  guint holder = 1;
  put (sim, rand, holder, "acquire");
  for (guint i = 0; i < n_rounds; i++) {
    int64_t acquired = sim->now;
    guint next = 1 + (holder + (guint) g_rand_int_range (rand, 0, N_THREADS - 1)) % N_THREADS;
    gboolean contended = g_rand_int_range (rand, 0, 5) > 0;
    int64_t waiting = 0;
    if (contended) {
      put (sim, rand, next, "wait");
      waiting = sim->now;
    }
    put (sim, rand, holder, "release");
    Length hold = { acquired, sim->now, holder };
    g_array_append_val (sim->holds, hold);
    put (sim, rand, next, "acquire");
    Length wait = { waiting, sim->now, next };
    if (contended)
      g_array_append_val (sim->waits, wait);
    if (contended) {
      run++;
      sim->n_hand_overs++;
      sim->longest_convoy = MAX (sim->longest_convoy, run);
      sim->n_convoys += run == LS_CONVOY_MIN;
    } else {
      run = 0;
    }
    holder = next;
  }
  int64_t acquired = sim->now;
  put (sim, rand, holder, "release");
  Length hold = { acquired, sim->now, holder };
  g_array_append_val (sim->holds, hold);
  g_string_append_printf (sim->text,
                          "{\"end\":%" G_GINT64_FORMAT ",\"events\":0,\"lost\":0,\"exit\":0}\n",
                          sim->now);
}

static int
compare_ns (gconstpointer one, gconstpointer other)
{
  int64_t a = *(const int64_t *) one, b = *(const int64_t *) other;
  return (a > b) - (a < b);
}

/* By the definition: cut, sorted, the nearest rank. */
static LsDurations
sum_up (const GArray *lengths, LsSpan span, guint thread)
{
  LsDurations sum = { .max_source = LS_NONE };
  g_autoptr (GArray) ns = g_array_new (FALSE, FALSE, sizeof (int64_t));
  for (guint i = 0; i < lengths->len; i++) {
    Length length = g_array_index (lengths, Length, i);
    if (length.begin >= span.end_ns || length.end <= span.begin_ns ||
        (thread && thread != length.thread))
      continue;
    int64_t part = MIN (length.end, span.end_ns) - MAX (length.begin, span.begin_ns);
    g_array_append_val (ns, part);
    sum.total_ns += part;
  }
  g_array_sort (ns, compare_ns);
  sum.n = ns->len;
  if (ns->len > 0) {
    sum.max_ns = g_array_index (ns, int64_t, ns->len - 1);
    sum.p99_ns = g_array_index (ns, int64_t, (ns->len * 99 + 99) / 100 - 1);
  }
  return sum;
}

static void
assert_same (const LsDurations *durations, LsDurations expected)
{
  g_assert_cmpuint (durations->n, ==, expected.n);
  g_assert_cmpint (durations->total_ns, ==, expected.total_ns);
  g_assert_cmpint (durations->max_ns, ==, expected.max_ns);
  g_assert_cmpint (durations->p99_ns, ==, expected.p99_ns);
}

static LsTrace *
open_text (const char *text)
{
  g_autoptr (GError) error = NULL;
  LsTrace *trace = ls_trace_open_bytes ("statistics", text, strlen (text), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (ls_trace_get_info (trace)->report->n_errors, ==, 0);
  return trace;
}

static LsStatistics *
compute (const LsTrace *trace, const LsStatisticsOptions *options)
{
  return ls_trace_compute_statistics (trace, options, NULL, NULL, NULL, NULL);
}

static const LsLockStats *
get_lock (const LsStatistics *statistics)
{
  g_assert_cmpuint (statistics->locks->len, ==, 1);
  return &g_array_index (statistics->locks, LsLockStats, 0);
}

static void
check_whole (const LsTrace *trace, const Sim *sim)
{
  const LsSpan always = { 0, G_MAXINT64 };
  g_autoptr (LsStatistics) all = compute (trace, NULL);
  const LsLockStats *lock = get_lock (all);
  assert_same (&lock->hold, sum_up (sim->holds, always, 0));
  assert_same (&lock->wait, sum_up (sim->waits, always, 0));
  g_assert_cmpuint (lock->n_acquires, ==, sim->holds->len);
  g_assert_cmpuint (lock->n_contended, ==, sim->waits->len);
  g_assert_cmpuint (lock->n_hand_overs, ==, sim->n_hand_overs);
  g_assert_cmpuint (lock->n_convoys, ==, sim->n_convoys);
  g_assert_cmpuint (lock->longest_convoy, ==, sim->longest_convoy);
  guint64 n_acquires = 0;
  int64_t waited = 0;
  for (guint i = 0; i < all->threads->len; i++) {
    const LsThreadStats *thread = &g_array_index (all->threads, LsThreadStats, i);
    n_acquires += thread->n_acquires;
    waited += thread->ns[LS_STATE_WAIT_LOCK];
  }
  g_assert_cmpuint (n_acquires, ==, lock->n_acquires);
  g_assert_cmpint (waited, ==, lock->wait.total_ns);
  for (guint i = 0; i < all->waits->len; i++) {
    const LsWaitStats *wait = &g_array_index (all->waits, LsWaitStats, i);
    assert_same (&wait->wait,
                 sum_up (sim->waits, always, ls_trace_get_thread (trace, wait->thread)->id));
  }
}

static void
check_parts (const LsTrace *trace, const Sim *sim, GRand *rand)
{
  for (guint i = 0; i < 20; i++) {
    LsStatisticsOptions options = { .span = { g_rand_int_range (rand, 0, (gint32) sim->now), 0 } };
    options.span.end_ns = options.span.begin_ns + g_rand_int_range (rand, 1, (gint32) sim->now);
    g_autoptr (LsStatistics) part = compute (trace, &options);
    if (part->locks->len == 0)
      continue;
    assert_same (&get_lock (part)->hold, sum_up (sim->holds, options.span, 0));
    assert_same (&get_lock (part)->wait, sum_up (sim->waits, options.span, 0));
  }
  bool wanted[N_THREADS + 1] = { false };
  uint32_t one = 1;
  wanted[one] = true;
  LsStatisticsOptions options = { .threads = wanted };
  g_autoptr (LsStatistics) of_one = compute (trace, &options);
  guint id = ls_trace_get_thread (trace, one)->id;
  assert_same (&get_lock (of_one)->hold, sum_up (sim->holds, (LsSpan){ 0, G_MAXINT64 }, id));
  g_assert_cmpuint (of_one->threads->len, ==, 1);
}

static void
test_simulated (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (19610701);
  const guint n_rounds[] = { 1, 2, 99, 100, 101, 3000 };
  for (guint i = 0; i < 60; i++) {
    Sim sim = { .text = g_string_new (MUTEX),
                .holds = g_array_new (FALSE, FALSE, sizeof (Length)),
                .waits = g_array_new (FALSE, FALSE, sizeof (Length)) };
    simulate (&sim, rand, n_rounds[i % G_N_ELEMENTS (n_rounds)]);
    g_autoptr (LsTrace) trace = open_text (sim.text->str);
    check_whole (trace, &sim);
    if (ls_trace_get_n_threads (trace) == N_THREADS)
      check_parts (trace, &sim, rand);
    g_string_free (sim.text, TRUE);
    g_array_unref (sim.holds);
    g_array_unref (sim.waits);
  }
}

/* What waits for ever waits until the trace's end; who waits for a thread or sleeps is told. */
static void
test_waits (void)
{
  g_autoptr (LsTrace) trace =
    open_text (MUTEX "{\"ts\":0,\"tid\":1,\"ev\":\"acquire\",\"obj\":1}\n"
                     "{\"ts\":10,\"tid\":2,\"ev\":\"wait\",\"obj\":1}\n"
                     "{\"ts\":20,\"tid\":1,\"ev\":\"sleep\"}\n"
                     "{\"ts\":50,\"tid\":1,\"ev\":\"wake\"}\n"
                     "{\"ts\":60,\"tid\":1,\"ev\":\"wait\",\"thread\":2}\n"
                     "{\"end\":100,\"events\":5,\"lost\":0,\"signal\":9}\n");
  const struct {
    uint32_t thread;
    LsStateKind state;
    int64_t ns;
  } expected[] = { { 1, LS_STATE_WAIT_LOCK, 90 },
                   { 0, LS_STATE_WAIT_SIGNAL, 40 },
                   { 0, LS_STATE_SLEEP, 30 } };
  g_autoptr (LsStatistics) all = compute (trace, NULL);
  g_assert_cmpuint (all->waits->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < all->waits->len; i++) {
    const LsWaitStats *wait = &g_array_index (all->waits, LsWaitStats, i);
    g_assert_cmpuint (wait->thread, ==, expected[i].thread);
    g_assert_cmpint (wait->state, ==, expected[i].state);
    g_assert_cmpint (wait->wait.total_ns, ==, expected[i].ns);
  }
  g_assert_cmpint (get_lock (all)->hold.total_ns, ==, 100);
  g_assert_cmpuint (get_lock (all)->n_contended, ==, 0);
}

static void
test_values (void)
{
  g_autoptr (LsTrace) trace = open_text (
    "{\"lockstitch\":1}\n{\"object\":1,\"kind\":\"value\",\"name\":\"x\",\"type\":\"int\"}\n"
    "{\"ts\":0,\"tid\":1,\"ev\":\"write\",\"obj\":1,\"val\":7}\n"
    "{\"ts\":1,\"tid\":2,\"ev\":\"read\",\"obj\":1,\"val\":7}\n"
    "{\"ts\":2,\"tid\":2,\"ev\":\"update\",\"obj\":1,\"val\":-3,\"old\":7,\"order\":\"relaxed\"}\n"
    "{\"end\":9,\"events\":3,\"lost\":0,\"exit\":0}\n");
  g_autoptr (LsStatistics) all = compute (trace, NULL);
  g_assert_cmpuint (all->values->len, ==, 1);
  const LsValueStats *value = &g_array_index (all->values, LsValueStats, 0);
  g_assert_cmpuint (value->n_reads, ==, 2);
  g_assert_cmpuint (value->n_writes, ==, 2);
  g_assert_cmpuint (value->n_atomic, ==, 1);
  g_assert_cmpuint (value->n_threads, ==, 2);
  g_assert_cmpfloat (value->min, ==, -3);
  g_assert_cmpfloat (value->max, ==, 7);
  g_assert_cmpfloat (value->last, ==, -3);
}

static void
test_cancelled (void)
{
  g_autoptr (LsTrace) trace =
    open_text (MUTEX "{\"ts\":0,\"tid\":1,\"ev\":\"acquire\",\"obj\":1}\n");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_cancellable_cancel (cancellable);
  g_assert_null (ls_trace_compute_statistics (trace, NULL, NULL, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/statistics/simulated", test_simulated);
  g_test_add_func ("/statistics/waits", test_waits);
  g_test_add_func ("/statistics/values", test_values);
  g_test_add_func ("/statistics/cancelled", test_cancelled);
  return g_test_run ();
}
