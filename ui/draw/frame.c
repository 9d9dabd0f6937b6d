/* SPDX-License-Identifier: MIT */
/**
 * What follows from the view alone: which lanes are too dense for single bars, where pins and arrows
 * go. Made once a view, so that painting a lane again (a cursor step, a hover) costs only its paint.
 */
#include "scene-private.h"

#include <math.h>

#define MAX_BARS 2000  /* a frame */
#define MAX_MARKS 1200 /* a frame */
#define MAX_LABELS 300 /* a frame */
#define PX_PER_BAR 3.0

void
ls_frame_free (LsFrame *frame)
{
  g_clear_pointer (&frame->pins, g_array_unref);
  g_clear_pointer (&frame->arrows, g_array_unref);
  g_clear_pointer (&frame->marks, g_array_unref);
  ls_frame_clear_grids (frame);
  g_free (frame->dense);
  g_free (frame->times);
  g_free (frame);
}

static uint32_t
count_intervals (const LsFrame *frame, LsIntervals intervals)
{
  uint32_t first = ls_intervals_find (intervals, frame->span.begin_ns);
  uint32_t end = ls_intervals_count_begun (intervals, frame->end_event);
  return end > first ? end - first : 0;
}

static uint32_t
count_events (const LsFrame *frame, const uint32_t *events, uint32_t n)
{
  if (n == 0)
    return 0;
  return ls_events_lower_bound (events, n, frame->end_event) -
         ls_events_lower_bound (events, n, frame->begin_event);
}

/* What is in view of a lane. */
typedef struct {
  uint32_t bars, events;
} Load;

/* Counts it, and says which of the lane's parts are dense on their own. */
static Load
measure_lane (const LsScene *scene, const LsFrame *frame, const LsLane *lane, guint8 *dense)
{
  LsTrace *trace = scene->trace;
  uint32_t n;
  double room = frame->width_px / PX_PER_BAR;
  Load load = { 0 };
  *dense = 0;
  if (lane->kind == LS_LANE_THREAD) {
    load.bars = count_intervals (frame, ls_trace_get_thread_states (trace, lane->index));
    uint32_t holds = count_intervals (frame, ls_trace_get_thread_holds (trace, lane->index));
    uint32_t regions = count_intervals (frame, ls_trace_get_thread_regions (trace, lane->index));
    holds = MAX (holds, regions);
    if (holds > room)
      *dense |= LS_DENSE_HOLDS;
    const uint32_t *events = ls_trace_get_thread_events (trace, lane->index, &n);
    load.events = count_events (frame, events, n);
  } else if (lane->kind == LS_LANE_OBJECT) {
    uint32_t holds = count_intervals (frame, ls_trace_get_object_holds (trace, lane->index));
    uint32_t waits = count_intervals (frame, ls_trace_get_object_waits (trace, lane->index));
    load.bars = MAX (holds, waits);
    const uint32_t *events = ls_trace_get_object_events (trace, lane->index, &n);
    load.events = count_events (frame, events, n);
  } else if (lane->kind == LS_LANE_VALUE) {
    const uint32_t *events = ls_trace_get_object_events (trace, lane->index, &n);
    load.bars = count_events (frame, events, n);
  } else if (lane->kind == LS_LANE_COUNTER) {
    const uint32_t *events = ls_trace_get_counter_events (trace, lane->index, &n);
    load.bars = count_events (frame, events, n);
  }
  if (load.bars > room)
    *dense |= LS_DENSE_BARS;
  if (load.events > room)
    *dense |= LS_DENSE_EVENTS;
  return load;
}

static bool
is_seen (const LsFrame *frame, const LsLane *lane)
{
  return frame->seen_px < 0 || (lane->y_px < frame->scroll_px + frame->seen_px &&
                                lane->y_px + lane->height_px > frame->scroll_px);
}

static int
compare_counts (gconstpointer a, gconstpointer b)
{
  uint32_t one = *(const uint32_t *) a, other = *(const uint32_t *) b;
  return one < other ? -1 : one > other;
}

/* The greatest count for which all lanes up to it are within the budget together. Sorts. */
static uint32_t
find_most (uint32_t *counts, guint n, uint64_t budget)
{
  qsort (counts, n, sizeof *counts, compare_counts);
  uint64_t sum = 0;
  for (guint i = 0; i < n; i++) {
    sum += counts[i];
    if (sum > budget)
      return i > 0 ? counts[i - 1] : 0;
  }
  return G_MAXUINT32;
}

/* Lanes with the most bars turn to strips until the rest are within the budget; marks likewise. */
static void
measure_lanes (const LsScene *scene, LsFrame *frame)
{
  guint n = scene->lanes->len;
  frame->n_lanes = n;
  frame->dense = g_realloc (frame->dense, n + 1);
  g_autofree Load *loads = g_new0 (Load, n + 1);
  g_autofree uint32_t *bars = g_new0 (uint32_t, n + 1);
  g_autofree uint32_t *events = g_new0 (uint32_t, n + 1);
  guint n_bars = 0, n_events = 0;
  for (guint i = 0; i < n; i++) {
    const LsLane *lane = ls_scene_lane (scene, i);
    if (!is_seen (frame, lane)) {
      frame->dense[i] = LS_DENSE_BARS | LS_DENSE_HOLDS | LS_DENSE_EVENTS;
      continue;
    }
    loads[i] = measure_lane (scene, frame, lane, &frame->dense[i]);
    if (!(frame->dense[i] & LS_DENSE_BARS))
      bars[n_bars++] = loads[i].bars;
    if (!(frame->dense[i] & LS_DENSE_EVENTS))
      events[n_events++] = loads[i].events;
  }
  uint32_t most_bars = find_most (bars, n_bars, MAX_BARS);
  uint32_t most_events = find_most (events, n_events, MAX_MARKS);
  guint n_seen = 0;
  for (guint i = 0; i < n; i++) {
    if (loads[i].bars > most_bars)
      frame->dense[i] |= LS_DENSE_BARS;
    if (loads[i].events > most_events)
      frame->dense[i] |= LS_DENSE_EVENTS;
    n_seen += loads[i].bars > 0 && !(frame->dense[i] & LS_DENSE_BARS);
  }
  frame->label_min_px = MAX (14, frame->width_px * MAX (n_seen, 1) / MAX_LABELS);
}

const LsFrame *
ls_scene_get_frame (const LsScene *scene)
{
  LsFrame *frame = scene->frame;
  double begin_u, end_u, width_px;
  ls_axis_get_view (scene->axis, &begin_u, &end_u, &width_px);
  bool is_same_view =
    frame->begin_u == begin_u && frame->end_u == end_u && frame->width_px == width_px;
  bool is_same_scroll = frame->scroll_px == scene->scroll_px && frame->seen_px == scene->seen_px;
  if (frame->is_valid && is_same_view && is_same_scroll)
    return frame;
  ls_frame_clear_grids (frame);
  frame->begin_u = begin_u;
  frame->end_u = end_u;
  frame->width_px = width_px;
  frame->scroll_px = scene->scroll_px;
  frame->seen_px = scene->seen_px;
  frame->span = ls_axis_get_span (scene->axis);
  ls_axis_get_events (scene->axis, &frame->begin_event, &frame->end_event);
  frame->n_times = (guint) ceil (width_px) + 1;
  frame->times = g_renew (int64_t, frame->times, frame->n_times);
  for (guint x = 0; x < frame->n_times; x++)
    frame->times[x] = ls_axis_time_of_x (scene->axis, x);
  measure_lanes (scene, frame);
  frame->is_valid = true;
  ls_frame_place_pins (scene, frame);
  ls_frame_find_arrows (scene, frame);
  return frame;
}
