/* SPDX-License-Identifier: MIT */
/* Both axes: there and back, total, monotone, folded where nothing happens. */
#include <math.h>

#include "scenes.h"
#include "ticks.h"

#define LINE(TS, TID, REST) "{\"ts\":" #TS ",\"tid\":" #TID "," REST "}\n"

static void
check_round_trip (const LsAxis *axis, double width)
{
  for (double x = -200; x <= width + 200; x += 7.3) {
    double back = ls_axis_x_of_u (axis, ls_axis_u_of_x (axis, x));
    g_assert_cmpfloat (fabs (back - x), <, 0.01);
  }
}

static void
check_monotone (const LsAxis *axis, double width)
{
  double last_u = -INFINITY;
  int64_t last_ns = 0;
  for (double x = -50; x <= width + 50; x += 0.7) {
    double u = ls_axis_u_of_x (axis, x);
    g_assert_cmpfloat (u, >=, last_u);
    last_u = u;
    int64_t ns = ls_axis_time_of_x (axis, x);
    g_assert_cmpint (ns, >=, last_ns);
    last_ns = ns;
  }
}

static void
check_events (LsTrace *trace, const LsAxis *axis)
{
  double last = -INFINITY;
  for (uint32_t k = 0; k < ls_trace_get_n_events (trace); k++) {
    double x = ls_axis_x_of_event (axis, k);
    g_assert_true (isfinite (x));
    g_assert_cmpfloat (x, >=, last);
    last = x;
  }
}

/* Any view that a caller may ask for, sane or not. */
static void
set_random_view (GRand *rand, LsAxis *axis)
{
  double length = ls_axis_get_length (axis);
  static const double odd[] = { NAN, INFINITY, -INFINITY, 1e300, -1e300, 0 };
  double begin = g_rand_double_range (rand, -0.2, 1) * length;
  double end = begin + length * pow (10, g_rand_double_range (rand, -12, 0.5));
  if (g_rand_int_range (rand, 0, 12) == 0)
    begin = odd[g_rand_int_range (rand, 0, G_N_ELEMENTS (odd))];
  if (g_rand_int_range (rand, 0, 12) == 0)
    end = odd[g_rand_int_range (rand, 0, G_N_ELEMENTS (odd))];
  ls_axis_set_view (axis, begin, end, g_rand_double_range (rand, 1, 4000));
}

static void
test_random (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (20261121);
  for (int round = 0; round < 12; round++) {
    g_autoptr (LsTrace) trace = test_open_random (rand, 1 + (guint) round * 40, 5, 4);
    for (int mode = 0; mode < 3; mode++) {
      g_autoptr (LsAxis) axis =
        ls_axis_new (trace, mode == 2 ? LS_AXIS_ORDER : LS_AXIS_TIME, NULL, NULL, mode == 1);
      for (int view = 0; view < 12; view++) {
        double width, begin_u, end_u;
        ls_axis_get_view (axis, &begin_u, &end_u, &width);
        g_assert_true (isfinite (begin_u) && isfinite (end_u) && end_u > begin_u && width >= 1);
        check_round_trip (axis, width);
        check_monotone (axis, width);
        check_events (trace, axis);
        uint32_t begin, end;
        ls_axis_get_events (axis, &begin, &end);
        g_assert_cmpuint (end, <=, ls_trace_get_n_events (trace));
        LsTick ticks[64];
        guint base;
        guint n = ls_ticks_compute (axis, 80, ticks, G_N_ELEMENTS (ticks), &base);
        for (guint i = 1; i < n; i++)
          g_assert_cmpint (ticks[i].ts_ns, >, ticks[i - 1].ts_ns);
        set_random_view (rand, axis);
      }
    }
  }
}

static void
test_clamped (void)
{
  g_autoptr (LsTrace) trace =
    test_open (LINE (0, 1, "\"ev\":\"start\"") LINE (9000000000000000000, 1, "\"ev\":\"finish\""));
  g_autoptr (LsAxis) axis = ls_axis_new (trace, LS_AXIS_TIME, NULL, NULL, false);
  ls_axis_set_view (axis, 0, 1, 1000);
  static const double odd[] = { NAN, INFINITY, -INFINITY, 1e300, -1e300, 9e18, -9e18 };
  for (guint i = 0; i < G_N_ELEMENTS (odd); i++) {
    double x = ls_axis_x_of_u (axis, odd[i]);
    g_assert_true (isfinite (x) && fabs (x) <= 1e6);
    g_assert_true (isfinite (ls_axis_u_of_x (axis, odd[i])));
    g_assert_cmpint (ls_axis_time_of_x (axis, odd[i]), >=, 0);
  }
  g_assert_true (isfinite (ls_axis_x_of_event (axis, 1)));
  g_assert_true (isfinite (ls_axis_x_of_event (axis, LS_NONE)));
  g_assert_true (isfinite (ls_axis_x_of_event (axis, 12345)));
}

static void
test_empty (void)
{
  g_autoptr (LsTrace) trace = test_open ("");
  for (int mode = 0; mode < 2; mode++) {
    g_autoptr (LsAxis) axis = ls_axis_new (trace, (LsAxisKind) mode, NULL, NULL, true);
    g_assert_cmpuint (ls_axis_event_of_x (axis, 10), ==, LS_NONE);
    uint32_t begin, end;
    ls_axis_get_events (axis, &begin, &end);
    g_assert_cmpuint (begin, ==, 0);
    g_assert_cmpuint (end, ==, 0);
    check_round_trip (axis, 1000);
  }
}

/* Zooming keeps what is under the pointer, panning what is under the hand. */
static void
test_zoom (void)
{
  g_autoptr (LsTrace) trace = test_open_sample ("mockup");
  g_autoptr (LsAxis) axis = ls_axis_new (trace, LS_AXIS_TIME, NULL, NULL, false);
  ls_axis_set_view (axis, 1e6, 9e6, 800);
  double u = ls_axis_u_of_x (axis, 300);
  ls_axis_zoom (axis, 0.8, 300);
  g_assert_cmpfloat (fabs (ls_axis_x_of_u (axis, u) - 300), <, 1e-6);
  ls_axis_zoom (axis, NAN, 300);
  ls_axis_zoom (axis, -1, 300);
  g_assert_cmpfloat (fabs (ls_axis_x_of_u (axis, u) - 300), <, 1e-6);
  ls_axis_pan (axis, 50);
  g_assert_cmpfloat (fabs (ls_axis_x_of_u (axis, u) - 250), <, 1e-6);
}

static void
test_folded (void)
{
  g_autoptr (LsTrace) trace = test_open_sample ("mockup");
  g_autoptr (LsAxis) axis = ls_axis_new (trace, LS_AXIS_TIME, NULL, NULL, true);
  guint n;
  const LsAxisGap *gaps = ls_axis_get_gaps (axis, &n);
  g_assert_cmpuint (n, ==, 1);
  /* Between both sleeps' begin and the first wake, 98.7 ms, less the room left on both sides. */
  g_assert_cmpint (gaps[0].ns, >, 80000000);
  g_assert_cmpint (gaps[0].ns, <, 98700000);
  double before = ls_axis_x_of_event (axis, 14), after = ls_axis_x_of_event (axis, 15);
  g_assert_cmpfloat (before, <, gaps[0].x_px - 12);
  g_assert_cmpfloat (after, >, gaps[0].x_px + 12);
  g_assert_cmpfloat (after - before, <, 400);
  /* Within a view that has no such gap nothing is folded. */
  ls_axis_set_view (axis, 0, 9e6, 1000);
  ls_axis_get_gaps (axis, &n);
  g_assert_cmpuint (n, ==, 0);
  /* Nor in one that is nothing but gap. */
  ls_axis_set_view (axis, 20e6, 90e6, 1000);
  ls_axis_get_gaps (axis, &n);
  g_assert_cmpuint (n, ==, 0);
}

static void
test_order (void)
{
  g_autoptr (LsTrace) trace = test_open_sample ("mockup");
  g_autoptr (LsAxis) axis = ls_axis_new (trace, LS_AXIS_ORDER, NULL, NULL, false);
  g_assert_cmpfloat (ls_axis_get_length (axis), ==, 30);
  for (uint32_t k = 0; k < 30; k++) {
    g_assert_cmpfloat (ls_axis_u_of_event (axis, k), ==, k + 0.5);
    g_assert_cmpuint (ls_axis_event_of_x (axis, ls_axis_x_of_event (axis, k)), ==, k);
    g_assert_cmpfloat (fabs (ls_axis_x_of_time (axis, ls_trace_get_ts (trace, k)) -
                             ls_axis_x_of_event (axis, k)),
                       <, 1e-6);
  }
  g_assert_cmpuint (ls_axis_event_of_x (axis, -500), ==, 0);
  g_assert_cmpuint (ls_axis_event_of_x (axis, 5000), ==, 29);
}

/* More than 8 in a row of one thread are 8 wide, unless a finding is among them. */
static void
test_order_folds_runs (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (int i = 0; i < 100; i++)
    g_string_append_printf (text, "{\"ts\":%d,\"tid\":%d,\"ev\":\"yield\"}\n", i, i == 50 ? 2 : 1);
  g_string_append (text, "{\"ts\":199,\"tid\":1,\"ev\":\"yield\"}\n");
  g_autoptr (LsTrace) trace = test_open (text->str);
  g_autoptr (LsAxis) axis = ls_axis_new (trace, LS_AXIS_ORDER, NULL, NULL, false);
  g_assert_cmpfloat (ls_axis_get_length (axis), ==, 8 + 1 + 8);
  g_assert_cmpfloat (ls_axis_u_of_event (axis, 50), ==, 8.5);
  guint n;
  const LsAxisRun *run = ls_axis_find_run (axis, 0, &n);
  g_assert_cmpuint (n, ==, 3);
  g_assert_true (run[0].is_folded && !run[1].is_folded && run[2].is_folded);
  g_assert_cmpuint (run[0].n_events, ==, 50);
  g_assert_cmpint (run[0].longest_ns, ==, 1);
  g_assert_cmpint (run[2].longest_ns, ==, 100);

  static const uint32_t steps[] = { 20, 50, LS_NONE };
  g_autoptr (GPtrArray) findings =
    g_ptr_array_new_with_free_func ((GDestroyNotify) ls_finding_free);
  g_ptr_array_add (findings, test_finding_of (trace, LS_FINDING_DATA_RACE, steps));
  g_autoptr (LsAxis) found = ls_axis_new (trace, LS_AXIS_ORDER, NULL, findings, false);
  g_assert_cmpfloat (ls_axis_get_length (found), ==, 50 + 1 + 8);

  static const guint8 only_second[] = { 0, 1 };
  g_autoptr (LsAxis) second = ls_axis_new (trace, LS_AXIS_ORDER, only_second, NULL, false);
  g_assert_cmpfloat (ls_axis_get_length (second), ==, 1);
  g_assert_cmpuint (ls_axis_event_of_x (second, 10), ==, 50);
}

static void
test_steps (void)
{
  g_assert_cmpint (ls_tick_get_step (0), ==, 1);
  g_assert_cmpint (ls_tick_get_step (NAN), ==, 1);
  g_assert_cmpint (ls_tick_get_step (1.5), ==, 2);
  g_assert_cmpint (ls_tick_get_step (3), ==, 5);
  g_assert_cmpint (ls_tick_get_step (5), ==, 5);
  g_assert_cmpint (ls_tick_get_step (5.1), ==, 10);
  g_assert_cmpint (ls_tick_get_step (1e9), ==, 1000000000);
  g_assert_cmpint (ls_tick_get_step (2.1e9), ==, 5000000000);
  g_assert_cmpint (ls_tick_get_step (1e300), >, 0);
}

static void
test_tick_words (void)
{
  g_autoptr (LsTrace) trace =
    test_open (LINE (0, 1, "\"ev\":\"start\"") LINE (20000000000, 1, "\"ev\":\"finish\""));
  g_autoptr (LsAxis) axis = ls_axis_new (trace, LS_AXIS_TIME, NULL, NULL, false);
  LsTick ticks[64];
  guint base;
  ls_axis_set_view (axis, 0, 2e10, 1000);
  guint n = ls_ticks_compute (axis, 80, ticks, G_N_ELEMENTS (ticks), &base);
  g_assert_cmpuint (n, ==, 11);
  g_assert_cmpstr (ticks[1].text, ==, "2 s");
  g_assert_cmpuint (base, ==, G_MAXUINT);
  ls_axis_set_view (axis, 1500e6, 1510e6, 1000);
  ls_ticks_compute (axis, 80, ticks, G_N_ELEMENTS (ticks), &base);
  g_assert_cmpstr (ticks[0].text, ==, "1500 ms");
  /* Deep in: the first tells the time, the others what comes on top of it. */
  ls_axis_set_view (axis, 12345678000, 12345679000, 1000);
  n = ls_ticks_compute (axis, 80, ticks, G_N_ELEMENTS (ticks), &base);
  g_assert_cmpuint (base, ==, 0);
  g_assert_cmpuint (n, >, 5);
  g_assert_cmpstr (ticks[0].text, ==, "12.3456780 s");
  g_assert_cmpstr (ticks[1].text, ==, "+100 ns");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/axis/random", test_random);
  g_test_add_func ("/axis/clamped", test_clamped);
  g_test_add_func ("/axis/empty", test_empty);
  g_test_add_func ("/axis/zoom", test_zoom);
  g_test_add_func ("/axis/folded", test_folded);
  g_test_add_func ("/axis/order", test_order);
  g_test_add_func ("/axis/order-folds-runs", test_order_folds_runs);
  g_test_add_func ("/axis/steps", test_steps);
  g_test_add_func ("/axis/tick-words", test_tick_words);
  return g_test_run ();
}
