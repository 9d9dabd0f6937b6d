/* SPDX-License-Identifier: MIT */
/* What is under the pointer, and what its tooltip says. */
#include "paint-private.h"

#include <math.h>

#include "names.h"
#include "ticks.h"

#define REACH_PX 6.0
#define MAX_SCANNED 512 /* intervals looked at around x */

/* The event nearest to x, among those within reach that have a shape of their own. */
static uint32_t
find_event_at (const LsScene *scene, const uint32_t *events, uint32_t n, double x)
{
  uint32_t from = ls_axis_event_of_x (scene->axis, x - REACH_PX - 1);
  uint32_t i = n > 0 ? ls_events_lower_bound (events, n, from == LS_NONE ? 0 : from) : 0;
  uint32_t best = LS_NONE;
  double best_px = REACH_PX;
  for (guint looked = 0; i < n && looked < MAX_SCANNED; i++, looked++) {
    double distance = ls_axis_x_of_event (scene->axis, events[i]) - x;
    if (distance > REACH_PX)
      break;
    LsShape shape = ls_shape_of_event (ls_trace_get_kind (scene->trace, events[i]));
    if (shape == LS_SHAPE_NONE || shape == LS_SHAPE_TICK || fabs (distance) >= best_px)
      continue;
    best_px = fabs (distance);
    best = events[i];
  }
  return best;
}

/* The interval of the row (-1: any) whose bar is at x; else the one whose bar is nearest within
 * 3 px, since bars may be drawn wider than they are. */
static bool
find_interval_at (const LsScene *scene, LsIntervals intervals, int row, double x, LsInterval *best)
{
  int64_t ts = ls_axis_time_of_x (scene->axis, x - 3);
  uint32_t i = ls_intervals_find (intervals, ts > 0 ? ts - 1 : 0);
  double best_px = 3;
  bool found = false;
  for (guint looked = 0; i < intervals.n && looked < MAX_SCANNED; i++, looked++) {
    LsInterval interval = ls_intervals_get (intervals, i);
    double x0 = ls_axis_x_of_begin (scene->axis, &interval);
    if (x0 > x + 3)
      break;
    if (row >= 0 && interval.row != row)
      continue;
    double x1 = ls_axis_x_of_end (scene->axis, &interval);
    double distance = x < x0 ? x0 - x : x >= x1 ? x - x1 : -1;
    if (distance < best_px) {
      best_px = distance;
      *best = interval;
      found = true;
    }
    if (distance < 0)
      break;
  }
  return found;
}

static void
set_interval (const LsScene *scene, LsHit *hit, LsIntervals intervals, int row, double x)
{
  if (!find_interval_at (scene, intervals, row, x, &hit->interval))
    return;
  hit->kind = LS_HIT_INTERVAL;
  hit->event = hit->interval.begin_event;
}

static void
set_event (LsHit *hit, uint32_t event)
{
  if (event == LS_NONE)
    return;
  hit->kind = LS_HIT_EVENT;
  hit->event = event;
}

static void
hit_thread (const LsScene *scene, const LsLane *lane, double x, double y, LsHit *hit)
{
  LsThreadBox box;
  ls_scene_get_thread_box (scene, lane, &box);
  uint32_t n;
  double rows_end = box.holds_y + (box.n_hold_rows + box.n_region_rows) * box.row_height;
  if (lane->size == LS_LANE_LARGE && y >= box.holds_y && y < rows_end) {
    int row = (int) ((y - box.holds_y) / box.row_height);
    LsIntervals intervals = ls_trace_get_thread_holds (scene->trace, lane->index);
    if (row >= (int) box.n_hold_rows) {
      intervals = ls_trace_get_thread_regions (scene->trace, lane->index);
      row -= (int) box.n_hold_rows;
    }
    set_interval (scene, hit, intervals, row, x);
    return;
  }
  const uint32_t *events = ls_trace_get_thread_events (scene->trace, lane->index, &n);
  set_event (hit, find_event_at (scene, events, n, x));
  if (hit->kind == LS_HIT_EVENT || y < box.bar_y - 1 || y > box.bar_y + box.bar_height + 1)
    return;
  set_interval (scene, hit, ls_trace_get_thread_states (scene->trace, lane->index), -1, x);
}

static void
hit_object (const LsScene *scene, const LsLane *lane, double x, double y, LsHit *hit)
{
  uint32_t n;
  if (lane->kind == LS_LANE_OBJECT) {
    LsIntervals intervals = y < lane->height_px * 0.6
                              ? ls_trace_get_object_holds (scene->trace, lane->index)
                              : ls_trace_get_object_waits (scene->trace, lane->index);
    set_interval (scene, hit, intervals, -1, x);
    if (hit->kind == LS_HIT_INTERVAL)
      return;
  }
  const uint32_t *events = ls_trace_get_object_events (scene->trace, lane->index, &n);
  set_event (hit, find_event_at (scene, events, n, x));
}

void
ls_scene_hit_lane (const LsScene *scene, double x, double y, LsHit *hit)
{
  *hit = (LsHit){ .kind = LS_HIT_NOTHING, .lane = G_MAXUINT, .event = LS_NONE, .finding = LS_NONE };
  guint index = ls_scene_find_lane_at (scene, y);
  if (index == G_MAXUINT)
    return;
  const LsLane *lane = ls_scene_lane (scene, index);
  hit->lane = index;
  if (!(x >= 0)) {
    hit->kind = LS_HIT_LABEL;
    return;
  }
  hit->kind = LS_HIT_LANE;
  y -= lane->y_px;
  if (lane->kind == LS_LANE_THREAD) {
    hit_thread (scene, lane, x, y, hit);
  } else if (lane->kind == LS_LANE_OBJECT || lane->kind == LS_LANE_VALUE) {
    hit_object (scene, lane, x, y, hit);
  } else if (lane->kind == LS_LANE_COUNTER) {
    uint32_t n;
    const uint32_t *events = ls_trace_get_counter_events (scene->trace, lane->index, &n);
    set_event (hit, find_event_at (scene, events, n, x));
  }
}

void
ls_scene_hit_ruler (const LsScene *scene, double x, double y, LsHit *hit)
{
  *hit = (LsHit){ .kind = LS_HIT_NOTHING, .lane = G_MAXUINT, .event = LS_NONE, .finding = LS_NONE };
  bool is_order = scene->options.axis == LS_AXIS_ORDER;
  double top = (is_order ? LS_ORDER_CELLS_PX + LS_ORDER_TIMES_PX : LS_RULER_PX) * scene->text_scale;
  if (!(y >= top) || y >= top + LS_PINS_PX * scene->text_scale)
    return;
  const LsFrame *frame = ls_scene_get_frame (scene);
  for (guint i = 0; i < frame->pins->len; i++) {
    const LsPin *pin = &g_array_index (frame->pins, LsPin, i);
    if (x >= pin->x0 - 1 && x <= pin->x1 + 1) {
      hit->kind = LS_HIT_PIN;
      hit->finding = pin->finding;
      return;
    }
  }
}

/* -- Tooltips -- */

static void
append (GString *text, const char *tag, const char *words)
{
  if (!words || !words[0])
    return;
  g_autofree char *escaped = g_markup_escape_text (words, -1);
  if (text->len > 0)
    g_string_append_c (text, '\n');
  if (tag)
    g_string_append_printf (text, "<%s>%s</%s>", tag, escaped, tag);
  else
    g_string_append (text, escaped);
}

static const char *
get_state_words (const LsInterval *interval)
{
  switch (interval->state) {
  case LS_STATE_NOT_WAITING:
    return "not waiting";
  case LS_STATE_WAIT_LOCK:
    return "waits for";
  case LS_STATE_WAIT_SIGNAL:
    return interval->peer != LS_NONE ? "joins" : "waits for";
  case LS_STATE_SLEEP:
    return "asleep";
  default:
    return "holds";
  }
}

/* Of what a trace that was cut off leaves open, nobody knows that it never ended. */
static const char *
get_outcome_words (const LsTrace *trace, const LsInterval *interval)
{
  const LsTraceInfo *info = ls_trace_get_info (trace);
  switch (interval->outcome) {
  case LS_OUTCOME_TIMEOUT:
    return ", timed out";
  case LS_OUTCOME_FAIL:
    return ", failed";
  case LS_OUTCOME_SPURIOUS:
    return ", spurious";
  case LS_OUTCOME_NEVER:
    return info->is_growing ? ", and goes on"
           : info->cut      ? ", up to where the trace is cut off"
                            : ", never ended";
  default:
    return "";
  }
}

static void
describe_interval (const LsScene *scene, const LsInterval *interval, GString *text)
{
  LsTrace *trace = scene->trace;
  LsSpan span = ls_interval_get_span (trace, interval);
  const char *who = ls_trace_get_thread (trace, interval->thread)->name;
  const char *what = interval->peer != LS_NONE ? ls_trace_get_thread (trace, interval->peer)->name
                     : interval->object != LS_NONE
                       ? ls_trace_get_object (trace, interval->object)->name
                       : "";
  LsEvent event;
  ls_trace_get_event (trace, interval->begin_event, &event);
  const char *words = event.ev == LS_EV_BEGIN ? "in" : get_state_words (interval);
  if (event.ev == LS_EV_BEGIN)
    what = event.name ? event.name : "";
  g_autofree char *line = g_strdup_printf ("%s: %s%s%s", who, words, what[0] ? " " : "", what);
  append (text, "b", line);
  g_autofree char *length = ls_duration_dup_text (span.end_ns - span.begin_ns);
  g_autofree char *begin = ls_moment_dup_text (span.begin_ns);
  g_autofree char *time =
    g_strdup_printf ("%s from %s on%s", length, begin, get_outcome_words (trace, interval));
  append (text, NULL, time);
  g_autofree char *place = ls_trace_dup_place (trace, event.source);
  append (text, NULL, place);
}

char *
ls_scene_dup_tooltip (const LsScene *scene, const LsHit *hit)
{
  g_autoptr (GString) text = g_string_new (NULL);
  uint32_t n_events = ls_trace_get_n_events (scene->trace);
  const LsLane *lane = hit->lane < scene->lanes->len ? ls_scene_lane (scene, hit->lane) : NULL;
  switch (hit->kind) {
  case LS_HIT_EVENT:
    if (hit->event < n_events) {
      g_autofree char *words = ls_trace_dup_event_text (scene->trace, hit->event);
      append (text, "b", words);
      LsEvent event;
      ls_trace_get_event (scene->trace, hit->event, &event);
      g_autofree char *time = ls_moment_dup_text (event.ts_ns);
      append (text, NULL, time);
      if (event.order != LS_ORDER_NONE)
        append (text, NULL, ls_order_name (event.order));
    }
    break;
  case LS_HIT_INTERVAL:
    describe_interval (scene, &hit->interval, text);
    break;
  case LS_HIT_LABEL:
    if (lane && lane->kind != LS_LANE_SECTION) {
      append (text, "b", lane->name);
      append (text, NULL, lane->subtitle);
    }
    break;
  case LS_HIT_PIN:
    if (scene->findings && hit->finding < scene->findings->len) {
      const LsFinding *finding = g_ptr_array_index (scene->findings, hit->finding);
      append (text, "b", finding->title);
      append (text, NULL, finding->sentence);
    }
    break;
  default:
    break;
  }
  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}
