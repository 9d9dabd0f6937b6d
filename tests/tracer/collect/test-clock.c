/* SPDX-License-Identifier: MIT */
/* Ticks to nanoseconds: exact at the pairs, never decreasing between and beyond them. */
#include "clock.h"

static LsClockMap map;

static void
test_pairs (void)
{
  map = (LsClockMap){ .clock = LS_CLOCK_TSC };
  ls_clock_map_add (&map, 1000, 500);
  ls_clock_map_add (&map, 3000, 1500);
  ls_clock_map_add (&map, 4000, 2600);
  g_assert_cmpint (ls_clock_map_to_ns (&map, 1000), ==, 500);
  g_assert_cmpint (ls_clock_map_to_ns (&map, 2000), ==, 1000);
  g_assert_cmpint (ls_clock_map_to_ns (&map, 3000), ==, 1500);
  g_assert_cmpint (ls_clock_map_to_ns (&map, 3500), ==, 2050);
  g_assert_cmpint (ls_clock_map_to_ns (&map, 4000), ==, 2600);
  g_assert_cmpint (ls_clock_map_to_ns (&map, 0), ==, 0); /* extrapolated */
}

static void
test_refused_pairs (void)
{
  map = (LsClockMap){ .clock = LS_CLOCK_TSC };
  ls_clock_map_add (&map, 1000, 500);
  ls_clock_map_add (&map, 1000, 600);
  ls_clock_map_add (&map, 900, 700);
  ls_clock_map_add (&map, 1100, 500);
  g_assert_cmpuint (map.n_pairs, ==, 1);
}

static void
test_monotone (void)
{
  map = (LsClockMap){ .clock = LS_CLOCK_TSC };
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  uint64_t ticks = G_GUINT64_CONSTANT (1) << 50;
  int64_t ns = G_GINT64_CONSTANT (1) << 49, last = 0;
  for (guint i = 0; i < 5000; i++) { /* more than are kept */
    uint64_t from = ticks;
    ticks += 1 + (uint64_t) g_rand_int_range (rand, 1, 1 << 24);
    ns += 1 + g_rand_int_range (rand, 1, 1 << 23);
    ls_clock_map_add (&map, ticks, ns);
    for (uint64_t at = from; at <= ticks; at += 1 + (ticks - from) / 50) {
      int64_t now = ls_clock_map_to_ns (&map, at);
      if (i > 0)
        g_assert_cmpint (now, >=, last);
      last = now;
    }
  }
  g_assert_cmpuint (map.n_pairs, <=, LS_CLOCK_PAIRS);
}

/* What was recorded long ago and comes out of the spill is where it was. */
static void
test_long_ago (void)
{
  map = (LsClockMap){ .clock = LS_CLOCK_TSC };
  for (guint i = 0; i < 200000; i++) /* the clock's speed changes slowly */
    ls_clock_map_add (&map, i * G_GUINT64_CONSTANT (10000000),
                      i * G_GINT64_CONSTANT (4000000) + (int64_t) i * i / 100000);
  for (guint i = 0; i < 200000; i += 777) {
    int64_t ns = i * G_GINT64_CONSTANT (4000000) + (int64_t) i * i / 100000;
    int64_t found = ls_clock_map_to_ns (&map, i * G_GUINT64_CONSTANT (10000000));
    g_assert_cmpint (ABS (found - ns), <, 2000);
  }
}

static void
test_real_clock (void)
{
  ls_clock_map_init (&map, ls_clock_choose ());
  for (int i = 0; i < 5; i++) {
    g_usleep (1000);
    ls_clock_map_take (&map);
  }
  int64_t before = g_get_monotonic_time () * 1000;
  uint64_t ticks = ls_clock_read (map.clock);
  ls_clock_map_take (&map);
  int64_t after = (g_get_monotonic_time () + 1) * 1000;
  int64_t ns = ls_clock_map_to_ns (&map, ticks);
  /* The worst of a pair: a preemption within it. */
  g_assert_cmpint (ns, >=, before - 1000000);
  g_assert_cmpint (ns, <=, after + 1000000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clock/pairs", test_pairs);
  g_test_add_func ("/clock/refused-pairs", test_refused_pairs);
  g_test_add_func ("/clock/monotone", test_monotone);
  g_test_add_func ("/clock/long-ago", test_long_ago);
  g_test_add_func ("/clock/real-clock", test_real_clock);
  return g_test_run ();
}
