/* SPDX-License-Identifier: MIT */
/* The numbers that a value, a semaphore's count or a counter takes: least, greatest, last. */
#include <math.h>
#include <string.h>

#include "summary.h"

#define BLOCK 8 /* numbers in a leaf: they are read out of the columns, so few */

struct _LsNumbers {
  uint32_t n;
  const uint32_t *events;
  uint32_t *own_events; /* NULL: `events` is the trace's */
  double *counts;       /* of a semaphore; NULL: the events tell */
  guint n_levels;       /* level l: extremes of each BLOCK << l numbers */
  double *min[32], *max[32];
};

/* The number that an access or a `count` tells. */
static bool
find_number (const LsTrace *trace, uint32_t k, double *number)
{
  LsValue value;
  if (ls_columns_get_kind (&trace->columns, k) == LS_EV_COUNT) {
    LsEvent event;
    ls_trace_get_event (trace, k, &event);
    value = event.val;
  } else if (!ls_trace_get_told_value (trace, k, &value)) {
    return false;
  }
  return ls_value_to_double (&value, number) && isfinite (*number);
}

static double
number_at (const LsTrace *trace, const LsNumbers *numbers, uint32_t i)
{
  double number = 0;
  if (numbers->counts)
    return numbers->counts[i];
  find_number (trace, numbers->events[i], &number);
  return number;
}

static void
build_extremes (const LsTrace *trace, LsNumbers *numbers)
{
  uint32_t n_blocks = numbers->n / BLOCK;
  if (n_blocks == 0)
    return;
  numbers->min[0] = g_new (double, n_blocks);
  numbers->max[0] = g_new (double, n_blocks);
  for (uint32_t block = 0; block < n_blocks; block++) {
    double min = INFINITY, max = -INFINITY;
    for (uint32_t i = block * BLOCK; i < (block + 1) * BLOCK; i++) {
      double number = number_at (trace, numbers, i);
      min = fmin (min, number);
      max = fmax (max, number);
    }
    numbers->min[0][block] = min;
    numbers->max[0][block] = max;
  }
  numbers->n_levels = 1;
  for (uint32_t half = n_blocks / 2; half > 0; half /= 2) {
    guint level = numbers->n_levels++;
    const double *min = numbers->min[level - 1], *max = numbers->max[level - 1];
    numbers->min[level] = g_new (double, half);
    numbers->max[level] = g_new (double, half);
    for (uint32_t i = 0; i < half; i++) {
      numbers->min[level][i] = fmin (min[2 * i], min[2 * i + 1]);
      numbers->max[level][i] = fmax (max[2 * i], max[2 * i + 1]);
    }
  }
}

LsNumbers *
ls_numbers_new_of_events (const LsTrace *trace, const uint32_t *events, uint32_t n)
{
  uint32_t n_kept = 0;
  double number;
  for (uint32_t i = 0; i < n; i++)
    n_kept += find_number (trace, events[i], &number);
  if (n_kept == 0)
    return NULL;
  LsNumbers *numbers = g_new0 (LsNumbers, 1);
  numbers->n = n_kept;
  numbers->events = events;
  if (n_kept < n) {
    numbers->events = numbers->own_events = g_new (uint32_t, n_kept);
    for (uint32_t i = 0, kept = 0; i < n; i++)
      if (find_number (trace, events[i], &number))
        numbers->own_events[kept++] = events[i];
  }
  build_extremes (trace, numbers);
  return numbers;
}

/* A semaphore's units after the event. */
static bool
count_units (const LsTrace *trace, uint32_t k, double initial, double *count)
{
  LsEvent event;
  ls_trace_get_event (trace, k, &event);
  if (ls_trace_event_failed (trace, k))
    return false;
  if (event.ev == LS_EV_INIT)
    *count = initial;
  else if (event.ev == LS_EV_ACQUIRE)
    *count -= (double) event.n;
  else if (event.ev == LS_EV_RELEASE)
    *count += (double) event.n;
  else
    return false;
  return true;
}

/* An initial count that is not said is taken to be the least that lets the count never be negative. */
static LsNumbers *
new_of_semaphore (const LsTrace *trace, uint32_t object)
{
  uint32_t n, n_kept = 0;
  const uint32_t *events = ls_trace_get_object_events (trace, object, &n);
  int64_t initial = trace->objects[object].initial;
  double count = (double) MAX (initial, 0), least = 0;
  g_autofree uint32_t *kept = g_new (uint32_t, n + (gsize) 1);
  g_autofree double *counts = g_new (double, n + (gsize) 1);
  for (uint32_t i = 0; i < n; i++) {
    if (ls_columns_get_object (&trace->columns, events[i]) != object ||
        !count_units (trace, events[i], (double) MAX (initial, 0), &count))
      continue;
    kept[n_kept] = events[i];
    counts[n_kept++] = count;
    least = fmin (least, count);
  }
  if (n_kept == 0)
    return NULL;
  for (uint32_t i = 0; initial < 0 && i < n_kept; i++)
    counts[i] -= least;
  LsNumbers *numbers = g_new0 (LsNumbers, 1);
  numbers->n = n_kept;
  numbers->events = numbers->own_events = g_renew (uint32_t, g_steal_pointer (&kept), n_kept);
  numbers->counts = g_renew (double, g_steal_pointer (&counts), n_kept);
  build_extremes (trace, numbers);
  return numbers;
}

LsNumbers *
ls_numbers_new_of_object (const LsTrace *trace, uint32_t object)
{
  LsObjectKind kind = trace->objects[object].kind;
  if (kind == LS_OBJECT_SEMAPHORE)
    return new_of_semaphore (trace, object);
  if (kind != LS_OBJECT_VALUE)
    return NULL;
  uint32_t n;
  const uint32_t *events = ls_trace_get_object_events (trace, object, &n);
  return ls_numbers_new_of_events (trace, events, n);
}

void
ls_numbers_free (LsNumbers *numbers)
{
  if (!numbers)
    return;
  for (guint i = 0; i < numbers->n_levels; i++) {
    g_free (numbers->min[i]);
    g_free (numbers->max[i]);
  }
  g_free (numbers->own_events);
  g_free (numbers->counts);
  g_free (numbers);
}

static void
add_number (LsValueMix *mix, double min, double max)
{
  mix->min = fmin (mix->min, min);
  mix->max = fmax (mix->max, max);
}

static void
add_each (const LsTrace *trace,
          const LsNumbers *numbers,
          uint32_t begin,
          uint32_t end,
          LsValueMix *mix)
{
  for (uint32_t i = begin; i < end; i++) {
    double number = number_at (trace, numbers, i);
    add_number (mix, number, number);
  }
}

static void
add_range (const LsTrace *trace,
           const LsNumbers *numbers,
           uint32_t begin,
           uint32_t end,
           LsValueMix *mix)
{
  uint32_t first = (begin + BLOCK - 1) / BLOCK, last = end / BLOCK;
  if (first >= last) {
    add_each (trace, numbers, begin, end, mix);
    return;
  }
  add_each (trace, numbers, begin, first * BLOCK, mix);
  add_each (trace, numbers, last * BLOCK, end, mix);
  for (guint level = 0; first < last; level++, first /= 2, last /= 2) {
    if (first & 1) {
      add_number (mix, numbers->min[level][first], numbers->max[level][first]);
      first++;
    }
    if (last & 1) {
      last--;
      add_number (mix, numbers->min[level][last], numbers->max[level][last]);
    }
  }
}

bool
ls_numbers_sum (const LsTrace *trace, const LsNumbers *numbers, LsSpan span, LsValueMix *mix)
{
  *mix = (LsValueMix){ 0 };
  if (!numbers || span.begin_ns >= span.end_ns)
    return false;
  uint32_t from = ls_trace_find_event (trace, span.begin_ns);
  uint32_t to = ls_trace_find_event (trace, span.end_ns);
  uint32_t begin = ls_events_lower_bound (numbers->events, numbers->n, from);
  uint32_t end = ls_events_lower_bound (numbers->events, numbers->n, to);
  if (begin >= end)
    return false;
  *mix = (LsValueMix){ .min = INFINITY, .max = -INFINITY, .n = end - begin };
  add_range (trace, numbers, begin, end, mix);
  mix->last = number_at (trace, numbers, end - 1);
  return true;
}

bool
ls_numbers_get (const LsTrace *trace, const LsNumbers *numbers, uint32_t k, double *number)
{
  if (!numbers || k == LS_NONE)
    return false;
  uint32_t i = ls_events_lower_bound (numbers->events, numbers->n, k + 1);
  if (i == 0)
    return false;
  *number = number_at (trace, numbers, i - 1);
  return true;
}
