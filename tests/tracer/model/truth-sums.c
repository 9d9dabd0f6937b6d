/* SPDX-License-Identifier: MIT */
/* Sums and majorities, by adding up every interval and event. */
#include <math.h>

#include "truth.h"

static int64_t
get_overlap (const LsTrace *trace, const LsInterval *interval, LsSpan span)
{
  LsSpan own = ls_interval_get_span (trace, interval);
  int64_t begin = MAX (own.begin_ns, span.begin_ns), end = MIN (own.end_ns, span.end_ns);
  return MAX (end - begin, 0);
}

static int64_t
sum_all (const LsTrace *trace, const LsInterval *intervals, uint32_t n, LsSpan span)
{
  int64_t sum = 0;
  for (uint32_t i = 0; i < n; i++)
    sum += get_overlap (trace, &intervals[i], span);
  return sum;
}

void
truth_check_thread_sum (const LsTrace *trace, uint32_t thread, LsSpan span)
{
  uint32_t n;
  g_autofree LsInterval *states = ls_intervals_dup (ls_trace_get_thread_states (trace, thread), &n);
  LsMix mix, expected = { 0 };
  for (uint32_t i = 0; i < n; i++)
    expected.ns[states[i].state] += get_overlap (trace, &states[i], span);
  ls_trace_sum_thread (trace, thread, span, &mix);
  g_assert_cmpmem (mix.ns, sizeof mix.ns, expected.ns, sizeof expected.ns);
}

/* Whether it begins before the span's end and does not end before its begin. */
static bool
meets (const LsTrace *trace, const LsInterval *interval, LsSpan span)
{
  LsSpan own = ls_interval_get_span (trace, interval);
  return own.begin_ns < span.end_ns && own.end_ns >= span.begin_ns;
}

void
truth_check_object_sum (const LsTrace *trace, uint32_t object, LsSpan span)
{
  uint32_t n_holds, n_waits;
  g_autofree LsInterval *holds =
    ls_intervals_dup (ls_trace_get_object_holds (trace, object), &n_holds);
  g_autofree LsInterval *waits =
    ls_intervals_dup (ls_trace_get_object_waits (trace, object), &n_waits);
  LsObjectMix mix;
  ls_trace_sum_object (trace, object, span, &mix);
  g_assert_cmpint (mix.held_ns, ==, sum_all (trace, holds, n_holds, span));
  g_assert_cmpint (mix.waited_ns, ==, sum_all (trace, waits, n_waits, span));
  for (uint32_t i = 0; i < n_holds; i++)
    mix.n_holds -= meets (trace, &holds[i], span);
  for (uint32_t i = 0; i < n_waits; i++)
    mix.n_waits -= meets (trace, &waits[i], span);
  g_assert_cmpuint (mix.n_holds, ==, 0);
  g_assert_cmpuint (mix.n_waits, ==, 0);
}

/* Of a column alone. */
static uint32_t
find_dominant_holder (const LsTrace *trace, uint32_t object, LsSpan span)
{
  LsGrid grid;
  LsObjectMix mix;
  uint32_t holder;
  ls_grid_init (&grid, trace, (int64_t[]){ span.begin_ns, span.end_ns }, 1);
  ls_trace_sum_object_columns (trace, object, &grid, &mix, &holder);
  ls_grid_clear (&grid);
  return holder;
}

/* Columns of all sizes at once say what each alone says. */
void
truth_check_columns (const LsTrace *trace, const int64_t *edges_ns, uint32_t n_columns)
{
  LsGrid grid;
  ls_grid_init (&grid, trace, edges_ns, n_columns);
  g_autofree LsMix *states = g_new (LsMix, n_columns);
  g_autofree LsObjectMix *mixes = g_new (LsObjectMix, n_columns);
  g_autofree LsValueMix *values = g_new (LsValueMix, n_columns);
  g_autofree uint32_t *holders = g_new (uint32_t, n_columns);
  for (uint32_t thread = 0; thread < ls_trace_get_n_threads (trace); thread++) {
    ls_trace_sum_thread_columns (trace, thread, &grid, states);
    for (uint32_t i = 0; i < n_columns; i++) {
      LsMix mix;
      ls_trace_sum_thread (trace, thread, (LsSpan){ edges_ns[i], edges_ns[i + 1] }, &mix);
      g_assert_cmpmem (&mix, sizeof mix, &states[i], sizeof mix);
    }
  }
  for (uint32_t object = 0; object < ls_trace_get_n_objects (trace); object++) {
    ls_trace_sum_object_columns (trace, object, &grid, mixes, holders);
    ls_trace_sum_value_columns (trace, object, &grid, values);
    for (uint32_t i = 0; i < n_columns; i++) {
      LsSpan span = { edges_ns[i], edges_ns[i + 1] };
      LsObjectMix mix;
      LsValueMix value;
      ls_trace_sum_object (trace, object, span, &mix);
      g_assert_cmpmem (&mix, sizeof mix, &mixes[i], sizeof mix);
      g_assert_cmpuint (find_dominant_holder (trace, object, span), ==, holders[i]);
      ls_trace_sum_value (trace, object, span, &value);
      g_assert_cmpint (value.n == values[i].n && value.min == values[i].min &&
                         value.max == values[i].max && value.last == values[i].last,
                       ==, true);
    }
  }
  ls_grid_clear (&grid);
}

/* -- Numbers -- */

static void
add_number (LsValueMix *mix, double number)
{
  mix->min = mix->n ? fmin (mix->min, number) : number;
  mix->max = mix->n ? fmax (mix->max, number) : number;
  mix->last = number;
  mix->n++;
}

static void
check_mix (bool found, const LsValueMix *mix, const LsValueMix *expected)
{
  g_assert_cmpint (found, ==, expected->n > 0);
  g_assert_cmpuint (mix->n, ==, expected->n);
  g_assert_cmpfloat (mix->min, ==, expected->min);
  g_assert_cmpfloat (mix->max, ==, expected->max);
  g_assert_cmpfloat (mix->last, ==, expected->last);
}

void
truth_check_value_sum (const LsTrace *trace, uint32_t object, LsSpan span)
{
  const LsObject *info = ls_trace_get_object (trace, object);
  double count = (double) info->initial;
  LsValueMix mix, expected = { 0 };
  for (uint32_t k = 0; k < ls_trace_get_n_events (trace); k++) {
    LsEvent event;
    ls_trace_get_event (trace, k, &event);
    double number;
    bool told = false;
    if (event.object != object || g_strcmp0 (event.err, "EPERM") == 0)
      continue;
    if (info->kind == LS_OBJECT_SEMAPHORE) {
      told = event.ev == LS_EV_ACQUIRE || event.ev == LS_EV_RELEASE || event.ev == LS_EV_INIT;
      if (event.ev == LS_EV_INIT)
        count = (double) info->initial;
      else if (told)
        count += event.ev == LS_EV_RELEASE ? (double) event.n : -(double) event.n;
      number = count;
    } else if (info->kind == LS_OBJECT_VALUE &&
               ls_event_rows[event.ev].flags & (LS_EV_READS | LS_EV_WRITES)) {
      told = ls_value_to_double (&event.val, &number);
    }
    if (told && event.ts_ns >= span.begin_ns && event.ts_ns < span.end_ns)
      add_number (&expected, number);
  }
  check_mix (ls_trace_sum_value (trace, object, span, &mix), &mix, &expected);
}

void
truth_check_counter_sum (const LsTrace *trace, uint32_t counter, LsSpan span)
{
  uint32_t n;
  const uint32_t *events = ls_trace_get_counter_events (trace, counter, &n);
  LsValueMix mix, expected = { 0 };
  for (uint32_t i = 0; i < n; i++) {
    LsEvent event;
    double number;
    ls_trace_get_event (trace, events[i], &event);
    g_assert_cmpstr (event.name, ==, ls_trace_get_counter_name (trace, counter));
    if (event.ts_ns >= span.begin_ns && event.ts_ns < span.end_ns &&
        ls_value_to_double (&event.val, &number))
      add_number (&expected, number);
  }
  LsGrid grid;
  ls_grid_init (&grid, trace, (int64_t[]){ span.begin_ns, span.end_ns }, 1);
  ls_trace_sum_counter_columns (trace, counter, &grid, &mix);
  ls_grid_clear (&grid);
  check_mix (mix.n > 0, &mix, &expected);
}

/* -- Majorities -- */

void
truth_check_dominant_thread (const LsTrace *trace, uint32_t begin, uint32_t end)
{
  uint32_t switches = 0, expected = LS_NONE, n_switches;
  g_autofree uint32_t *counts = g_new0 (uint32_t, ls_trace_get_n_threads (trace) + 1);
  for (uint32_t k = begin; k < end; k++) {
    counts[ls_trace_get_event_thread (trace, k)]++;
    switches +=
      k > begin && ls_trace_get_event_thread (trace, k) != ls_trace_get_event_thread (trace, k - 1);
  }
  for (uint32_t i = 0; i < ls_trace_get_n_threads (trace); i++)
    if (begin < end && counts[i] * 10 >= (end - begin) * 6)
      expected = i;
  g_assert_cmpuint (ls_trace_find_dominant_thread (trace, begin, end, &n_switches), ==, expected);
  g_assert_cmpuint (n_switches, ==, switches);
}

void
truth_check_dominant_holder (const LsTrace *trace, uint32_t object, LsSpan span)
{
  uint32_t n, expected = LS_NONE;
  g_autofree LsInterval *holds = ls_intervals_dup (ls_trace_get_object_holds (trace, object), &n);
  int64_t all = sum_all (trace, holds, n, span);
  g_autofree int64_t *times = g_new0 (int64_t, ls_trace_get_n_threads (trace) + 1);
  for (uint32_t i = 0; i < n; i++)
    times[holds[i].thread] += get_overlap (trace, &holds[i], span);
  for (uint32_t i = 0; i < ls_trace_get_n_threads (trace); i++)
    if (all > 0 && times[i] * 10 >= all * 6)
      expected = i;
  g_assert_cmpuint (find_dominant_holder (trace, object, span), ==, expected);
}
