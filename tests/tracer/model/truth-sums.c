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

  int64_t edges[6];
  LsMix columns[5];
  for (int i = 0; i < 6; i++)
    edges[i] = span.begin_ns + (span.end_ns - span.begin_ns) * i / 5;
  ls_trace_sum_thread_columns (trace, thread, edges, 5, columns);
  for (int i = 0; i < 5; i++) {
    ls_trace_sum_thread (trace, thread, (LsSpan){ edges[i], edges[i + 1] }, &mix);
    g_assert_cmpmem (mix.ns, sizeof mix.ns, columns[i].ns, sizeof columns[i].ns);
  }
}

void
truth_check_object_sum (const LsTrace *trace, uint32_t object, LsSpan span)
{
  uint32_t n_holds, n_waits;
  g_autofree LsInterval *holds =
    ls_intervals_dup (ls_trace_get_object_holds (trace, object), &n_holds);
  g_autofree LsInterval *waits =
    ls_intervals_dup (ls_trace_get_object_waits (trace, object), &n_waits);
  LsMix mix;
  ls_trace_sum_object (trace, object, span, &mix);
  g_assert_cmpint (mix.ns[LS_STATE_NOT_WAITING], ==, sum_all (trace, holds, n_holds, span));
  g_assert_cmpint (mix.ns[LS_STATE_WAIT_LOCK] + mix.ns[LS_STATE_WAIT_SIGNAL], ==,
                   sum_all (trace, waits, n_waits, span));
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
  check_mix (ls_trace_sum_counter (trace, counter, span, &mix), &mix, &expected);
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
  int64_t held_ns;
  g_autofree LsInterval *holds = ls_intervals_dup (ls_trace_get_object_holds (trace, object), &n);
  int64_t all = sum_all (trace, holds, n, span);
  g_autofree int64_t *times = g_new0 (int64_t, ls_trace_get_n_threads (trace) + 1);
  for (uint32_t i = 0; i < n; i++)
    times[holds[i].thread] += get_overlap (trace, &holds[i], span);
  for (uint32_t i = 0; i < ls_trace_get_n_threads (trace); i++)
    if (all > 0 && times[i] * 10 >= all * 6)
      expected = i;
  g_assert_cmpuint (ls_trace_find_dominant_holder (trace, object, span, &held_ns), ==, expected);
  g_assert_cmpint (held_ns, ==, all);
}
