/* SPDX-License-Identifier: MIT */
/* The numbers that a value, or a semaphore's count, takes; and all summaries' life. */
#include <math.h>

#include "summary.h"

struct _LsNumbers {
  uint32_t n;
  uint32_t *events;
  double *numbers;
  guint n_levels; /* level l: extremes of each LS_BLOCK << l numbers */
  double *min[32], *max[32];
};

/* The number that an access tells of the value as a whole. */
static bool
number_of_access (const LsEvent *event, double *number)
{
  if (!(ls_event_rows[event->ev].flags & (LS_EV_READS | LS_EV_WRITES)))
    return false;
  if (event->has_part && event->off != 0)
    return false;
  return ls_value_to_double (&event->val, number) && isfinite (*number);
}

/* A semaphore's units after the event; its initial count, where not said, is taken as 0. */
static bool
count_units (const LsTrace *trace, uint32_t k, const LsEvent *event, double *number)
{
  if ((event->ev != LS_EV_ACQUIRE && event->ev != LS_EV_RELEASE) ||
      ls_trace_event_failed (trace, k))
    return false;
  *number += event->ev == LS_EV_RELEASE ? (double) event->n : -(double) event->n;
  return true;
}

static void
build_extremes (LsNumbers *numbers)
{
  uint32_t n_blocks = numbers->n / LS_BLOCK;
  if (n_blocks == 0)
    return;
  numbers->min[0] = g_new (double, n_blocks);
  numbers->max[0] = g_new (double, n_blocks);
  for (uint32_t block = 0; block < n_blocks; block++) {
    double min = INFINITY, max = -INFINITY;
    for (uint32_t i = block * LS_BLOCK; i < (block + 1) * LS_BLOCK; i++) {
      min = fmin (min, numbers->numbers[i]);
      max = fmax (max, numbers->numbers[i]);
    }
    numbers->min[0][block] = min;
    numbers->max[0][block] = max;
  }
  numbers->n_levels = 1;
  for (uint32_t half = n_blocks / 2; half > 0; half /= 2) {
    guint level = numbers->n_levels++;
    numbers->min[level] = g_new (double, half);
    numbers->max[level] = g_new (double, half);
    for (uint32_t i = 0; i < half; i++) {
      numbers->min[level][i] =
        fmin (numbers->min[level - 1][2 * i], numbers->min[level - 1][2 * i + 1]);
      numbers->max[level][i] =
        fmax (numbers->max[level - 1][2 * i], numbers->max[level - 1][2 * i + 1]);
    }
  }
}

LsNumbers *
ls_numbers_new (const LsTrace *trace, uint32_t object)
{
  const LsObject *info = &trace->objects[object];
  bool is_semaphore = info->kind == LS_OBJECT_SEMAPHORE;
  if (info->kind != LS_OBJECT_VALUE && !is_semaphore)
    return NULL;
  uint32_t n;
  const uint32_t *events = ls_trace_get_object_events (trace, object, &n);
  g_autoptr (GArray) kept = g_array_new (FALSE, FALSE, sizeof (uint32_t));
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (double));
  double number = MAX ((double) info->initial, 0);
  for (uint32_t i = 0; i < n; i++) {
    LsEvent event;
    ls_trace_get_event (trace, events[i], &event);
    if (event.object != object)
      continue;
    if (!(is_semaphore ? count_units (trace, events[i], &event, &number)
                       : number_of_access (&event, &number)))
      continue;
    g_array_append_val (kept, events[i]);
    g_array_append_val (values, number);
  }
  if (kept->len == 0)
    return NULL;
  LsNumbers *numbers = g_new0 (LsNumbers, 1);
  numbers->n = kept->len;
  numbers->events = (uint32_t *) g_array_free (g_steal_pointer (&kept), FALSE);
  numbers->numbers = (double *) g_array_free (g_steal_pointer (&values), FALSE);
  build_extremes (numbers);
  return numbers;
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
  g_free (numbers->events);
  g_free (numbers->numbers);
  g_free (numbers);
}

static void
add_number (LsValueMix *mix, double min, double max)
{
  mix->min = fmin (mix->min, min);
  mix->max = fmax (mix->max, max);
}

static void
add_range (const LsNumbers *numbers, uint32_t begin, uint32_t end, LsValueMix *mix)
{
  uint32_t first = (begin + LS_BLOCK - 1) / LS_BLOCK, last = end / LS_BLOCK;
  if (first >= last) {
    for (uint32_t i = begin; i < end; i++)
      add_number (mix, numbers->numbers[i], numbers->numbers[i]);
    return;
  }
  for (uint32_t i = begin; i < first * LS_BLOCK; i++)
    add_number (mix, numbers->numbers[i], numbers->numbers[i]);
  for (uint32_t i = last * LS_BLOCK; i < end; i++)
    add_number (mix, numbers->numbers[i], numbers->numbers[i]);
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
  if (!numbers)
    return false;
  uint32_t from = ls_trace_find_event (trace, span.begin_ns);
  uint32_t to = ls_trace_find_event (trace, span.end_ns);
  uint32_t begin = ls_events_lower_bound (numbers->events, numbers->n, from);
  uint32_t end = ls_events_lower_bound (numbers->events, numbers->n, to);
  if (begin >= end)
    return false;
  *mix = (LsValueMix){ .min = INFINITY, .max = -INFINITY, .n = end - begin };
  add_range (numbers, begin, end, mix);
  mix->last = numbers->numbers[end - 1];
  return true;
}

bool
ls_numbers_get (const LsNumbers *numbers, uint32_t k, double *number)
{
  if (!numbers || k == LS_NONE)
    return false;
  uint32_t i = ls_events_lower_bound (numbers->events, numbers->n, k + 1);
  if (i == 0)
    return false;
  *number = numbers->numbers[i - 1];
  return true;
}

/* -- All summaries of a trace -- */

static void
build_track (const LsTrace *trace, LsTrack *track)
{
  track->times = ls_times_new (trace, track);
  track->reach = ls_reach_new (track);
}

static void
free_track (LsTrack *track)
{
  g_clear_pointer (&track->times, ls_times_free);
  g_clear_pointer (&track->reach, ls_reach_free);
}

void
ls_trace_build_summaries (LsTrace *trace)
{
  for (uint32_t i = 0; i < trace->n_threads; i++) {
    LsThreadLane *lane = &trace->thread_lanes[i];
    lane->states.times = ls_states_new (trace, &lane->states);
    lane->holds.reach = ls_reach_new (&lane->holds);
  }
  for (uint32_t i = 0; i < trace->n_objects; i++) {
    LsObjectLane *lane = &trace->object_lanes[i];
    build_track (trace, &lane->holds);
    build_track (trace, &lane->waits);
    lane->holders = ls_holders_new (trace, &lane->holds);
    lane->numbers = ls_numbers_new (trace, i);
  }
  trace->majority = ls_majority_new (trace);
}

void
ls_trace_free_summaries (LsTrace *trace)
{
  for (uint32_t i = 0; i < trace->n_threads; i++) {
    free_track (&trace->thread_lanes[i].states);
    free_track (&trace->thread_lanes[i].holds);
  }
  for (uint32_t i = 0; i < trace->n_objects; i++) {
    LsObjectLane *lane = &trace->object_lanes[i];
    free_track (&lane->holds);
    free_track (&lane->waits);
    g_clear_pointer (&lane->holders, ls_holders_free);
    g_clear_pointer (&lane->numbers, ls_numbers_free);
  }
  g_clear_pointer (&trace->majority, ls_majority_free);
}

/* -- Asking -- */

void
ls_trace_sum_thread (const LsTrace *trace, uint32_t thread, LsSpan span, LsMix *mix)
{
  *mix = (LsMix){ 0 };
  ls_states_sum (trace, &trace->thread_lanes[thread].states, span, mix);
}

void
ls_trace_sum_object (const LsTrace *trace, uint32_t object, LsSpan span, LsMix *mix)
{
  *mix = (LsMix){ 0 };
  const LsObjectLane *lane = &trace->object_lanes[object];
  uint32_t n_holds, n_waits;
  mix->ns[LS_STATE_NOT_WAITING] = ls_times_sum (trace, &lane->holds, span, &n_holds);
  int64_t waited = ls_times_sum (trace, &lane->waits, span, &n_waits);
  bool is_signal = ls_object_rows[trace->objects[object].kind].flags & LS_OBJ_SIGNAL;
  mix->ns[is_signal ? LS_STATE_WAIT_SIGNAL : LS_STATE_WAIT_LOCK] = waited;
  mix->n_intervals = n_holds + n_waits;
}

uint32_t
ls_trace_find_dominant_holder (const LsTrace *trace, uint32_t object, LsSpan span, int64_t *held_ns)
{
  const LsObjectLane *lane = &trace->object_lanes[object];
  uint32_t n_holds;
  int64_t held = ls_times_sum (trace, &lane->holds, span, &n_holds);
  if (held_ns)
    *held_ns = held;
  return ls_holders_find_dominant (trace, &lane->holds, lane->holders, span, held);
}

bool
ls_trace_sum_value (const LsTrace *trace, uint32_t object, LsSpan span, LsValueMix *mix)
{
  return ls_numbers_sum (trace, trace->object_lanes[object].numbers, span, mix);
}
