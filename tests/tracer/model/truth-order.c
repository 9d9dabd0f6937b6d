/* SPDX-License-Identifier: MIT */
/* What holds of any trace: order, lists, and how intervals lie to each other. */
#include <stdlib.h>
#include <string.h>

#include "truth.h"

void
truth_check_order (const LsTrace *trace)
{
  for (uint32_t k = 1; k < ls_trace_get_n_events (trace); k++)
    g_assert_cmpint (ls_trace_get_ts (trace, k - 1), <=, ls_trace_get_ts (trace, k));
}

void
truth_check_lists (const LsTrace *trace)
{
  uint32_t n_all = 0;
  for (uint32_t i = 0; i < ls_trace_get_n_threads (trace); i++) {
    uint32_t n;
    const uint32_t *events = ls_trace_get_thread_events (trace, i, &n);
    n_all += n;
    for (uint32_t j = 0; j < n; j++) {
      g_assert_cmpuint (ls_trace_get_event_thread (trace, events[j]), ==, i);
      g_assert_true (j == 0 || events[j - 1] < events[j]);
      g_assert_cmpuint (ls_trace_find_next_of_thread (trace, i, events[j]), ==,
                        j + 1 < n ? events[j + 1] : LS_NONE);
      g_assert_cmpuint (ls_trace_find_previous_of_thread (trace, i, events[j]), ==,
                        j > 0 ? events[j - 1] : LS_NONE);
    }
  }
  g_assert_cmpuint (n_all, ==, ls_trace_get_n_events (trace));
  n_all = 0;
  for (uint32_t i = 0; i < ls_trace_get_n_objects (trace); i++) {
    uint32_t n;
    const uint32_t *events = ls_trace_get_object_events (trace, i, &n);
    n_all += n;
    for (uint32_t j = 0; j < n; j++) {
      LsEvent event;
      ls_trace_get_event (trace, events[j], &event);
      g_assert_true (event.object == i || event.with == i);
      g_assert_true (j == 0 || events[j - 1] < events[j]);
    }
  }
  for (uint32_t k = 0; k < ls_trace_get_n_events (trace); k++)
    n_all -= ls_trace_get_event_object (trace, k) != LS_NONE;
  g_assert_cmpuint (n_all, ==, 0);
}

/* -- Intervals -- */

static void
check_each (const LsTrace *trace, const LsInterval *intervals, uint32_t n)
{
  for (uint32_t i = 0; i < n; i++) {
    g_assert_true (i == 0 || intervals[i - 1].begin_event <= intervals[i].begin_event);
    g_assert_cmpuint (intervals[i].begin_event, <=, intervals[i].end_event);
    LsSpan span = ls_interval_get_span (trace, &intervals[i]);
    g_assert_cmpint (span.begin_ns, <=, span.end_ns);
  }
}

/* Those of one row never overlap, and each takes the lowest that is free. */
static void
check_rows (const LsInterval *intervals, uint32_t n, bool is_lowest)
{
  uint32_t busy_until[256] = { 0 };
  for (uint32_t i = 0; i < n; i++) {
    uint8_t row = intervals[i].row;
    g_assert_cmpuint (busy_until[row], <=, intervals[i].begin_event);
    for (uint32_t lower = 0; is_lowest && lower < row; lower++)
      g_assert_cmpuint (busy_until[lower], >, intervals[i].begin_event);
    busy_until[row] = intervals[i].end_event;
  }
}

void
truth_check_thread_intervals (const LsTrace *trace, uint32_t thread)
{
  const LsThread *info = ls_trace_get_thread (trace, thread);
  uint32_t n;
  g_autofree LsInterval *states = ls_intervals_dup (ls_trace_get_thread_states (trace, thread), &n);
  g_assert_cmpint (n > 0, ==, info->first_event != LS_NONE);
  if (n > 0) {
    check_each (trace, states, n);
    g_assert_cmpuint (states[0].begin_event, ==, info->first_event);
    g_assert_cmpuint (states[n - 1].end_event, ==, info->finish_event);
    for (uint32_t i = 1; i < n; i++)
      g_assert_cmpuint (states[i - 1].end_event, ==, states[i].begin_event);
  }
  g_autofree LsInterval *holds = ls_intervals_dup (ls_trace_get_thread_holds (trace, thread), &n);
  check_each (trace, holds, n);
  check_rows (holds, n, true);
  g_autofree LsInterval *regions =
    ls_intervals_dup (ls_trace_get_thread_regions (trace, thread), &n);
  check_each (trace, regions, n);
  check_rows (regions, n, true);
}

void
truth_check_object_intervals (const LsTrace *trace, uint32_t object)
{
  LsObjectKind kind = ls_trace_get_object (trace, object)->kind;
  uint32_t n;
  g_autofree LsInterval *holds = ls_intervals_dup (ls_trace_get_object_holds (trace, object), &n);
  check_each (trace, holds, n);
  bool may_overlap = kind == LS_OBJECT_SEMAPHORE || kind == LS_OBJECT_UNKNOWN;
  for (uint32_t i = 0; i < n && !may_overlap; i++)
    for (uint32_t j = i + 1; j < n && holds[j].begin_event < holds[i].end_event; j++)
      g_assert_true (holds[i].mode == LS_MODE_SHARED && holds[j].mode == LS_MODE_SHARED);
  g_autofree LsInterval *waits = ls_intervals_dup (ls_trace_get_object_waits (trace, object), &n);
  check_each (trace, waits, n);
}

void
truth_check_find_interval (const LsTrace *trace, int64_t ts_ns)
{
  for (uint32_t i = 0; i < ls_trace_get_n_objects (trace); i++) {
    uint32_t n;
    g_autofree LsInterval *holds = ls_intervals_dup (ls_trace_get_object_holds (trace, i), &n);
    uint32_t first = ls_intervals_find (ls_trace_get_object_holds (trace, i), ts_ns);
    g_assert_cmpuint (first, <=, n);
    for (uint32_t j = 0; j < first; j++)
      g_assert_cmpint (ls_interval_get_span (trace, &holds[j]).end_ns, <=, ts_ns);
    if (first < n)
      g_assert_cmpint (ls_interval_get_span (trace, &holds[first]).end_ns, >, ts_ns);
  }
}

/* -- Lines -- */

typedef struct {
  char *line;
  gint64 ts_ns;
  guint number;
} Line;

static int
compare_lines (const void *a, const void *b)
{
  const Line *first = a, *second = b;
  if (first->ts_ns != second->ts_ns)
    return first->ts_ns < second->ts_ns ? -1 : 1;
  return (first->number > second->number) - (first->number < second->number);
}

char *
truth_sort_lines (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint n = g_strv_length (lines);
  g_autofree Line *sorted = g_new (Line, n + 1);
  for (guint i = 0; i < n; i++) {
    gint64 ts_ns = i < n / 2 ? -1 : G_MAXINT64; /* declarations first, the footer last */
    if (g_str_has_prefix (lines[i], "{\"ts\":"))
      ts_ns = g_ascii_strtoll (lines[i] + strlen ("{\"ts\":"), NULL, 10);
    sorted[i] = (Line){ lines[i], ts_ns, i };
  }
  qsort (sorted, n, sizeof *sorted, compare_lines);
  GString *out = g_string_new (NULL);
  for (guint i = 0; i < n; i++)
    if (*sorted[i].line)
      g_string_append_printf (out, "%s\n", sorted[i].line);
  return g_string_free (out, FALSE);
}

/* -- Equality -- */

static void
check_equal_intervals (const LsInterval *a, uint32_t n_a, const LsInterval *b, uint32_t n_b)
{
  g_assert_cmpmem (a, n_a * sizeof *a, b, n_b * sizeof *b);
}

static void
check_equal_event (const LsTrace *a, const LsTrace *b, uint32_t k)
{
  LsEvent first, second;
  ls_trace_get_event (a, k, &first);
  ls_trace_get_event (b, k, &second);
  g_assert_cmpint (first.ts_ns, ==, second.ts_ns);
  g_assert_cmpint (first.ev, ==, second.ev);
  g_assert_cmpint (first.order, ==, second.order);
  g_assert_cmpuint (first.thread, ==, second.thread);
  g_assert_cmpuint (first.object, ==, second.object);
  g_assert_cmpuint (first.source, ==, second.source);
  g_assert_cmpint (first.n, ==, second.n);
  g_assert_cmpstr (first.name, ==, second.name);
  g_assert_true (ls_value_equal (&first.val, &second.val));
  g_assert_true (ls_value_equal (&first.old, &second.old));
}

void
truth_check_equal (const LsTrace *a, const LsTrace *b)
{
  g_assert_cmpuint (ls_trace_get_n_events (a), ==, ls_trace_get_n_events (b));
  g_assert_cmpuint (ls_trace_get_n_threads (a), ==, ls_trace_get_n_threads (b));
  g_assert_cmpuint (ls_trace_get_n_objects (a), ==, ls_trace_get_n_objects (b));
  g_assert_cmpuint (ls_trace_get_n_sources (a), ==, ls_trace_get_n_sources (b));
  for (uint32_t k = 0; k < ls_trace_get_n_events (a); k++)
    check_equal_event (a, b, k);
  uint32_t n_a, n_b;
  for (uint32_t i = 0; i < ls_trace_get_n_threads (a); i++) {
    g_autofree LsInterval *first = ls_intervals_dup (ls_trace_get_thread_states (a, i), &n_a);
    g_autofree LsInterval *second = ls_intervals_dup (ls_trace_get_thread_states (b, i), &n_b);
    check_equal_intervals (first, n_a, second, n_b);
    g_autofree LsInterval *first_holds = ls_intervals_dup (ls_trace_get_thread_holds (a, i), &n_a);
    g_autofree LsInterval *second_holds = ls_intervals_dup (ls_trace_get_thread_holds (b, i), &n_b);
    check_equal_intervals (first_holds, n_a, second_holds, n_b);
  }
}
