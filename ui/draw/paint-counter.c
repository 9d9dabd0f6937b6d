/* SPDX-License-Identifier: MIT */
/* Counters: how many threads are alive, and the tracks of `count` events. */
#include "paint-private.h"

#include <math.h>

#define MARGIN_PX 9
#define MAX_LOOKED_AT 64 /* events of a counter in one pixel column */

static double
y_of (const LsPaint *paint, double value, double min, double max)
{
  double bottom = paint->height - MARGIN_PX;
  if (!(max > min) || !isfinite (value))
    return bottom;
  return round (bottom - (value - min) / (max - min) * (bottom - MARGIN_PX)) + 0.5;
}

static bool
get_count (const LsPaint *paint, uint32_t k, double *number)
{
  LsEvent event;
  ls_trace_get_event (paint->trace, k, &event);
  return ls_value_to_double (&event.val, number) && isfinite (*number);
}

bool
ls_get_counter_scale (const LsPaint *paint, double *min, double *max)
{
  *min = 0;
  *max = 0;
  if (paint->lane->kind == LS_LANE_ACTIVE) {
    *max = paint->scene->most_alive;
    return *max > 0;
  }
  uint32_t n;
  const uint32_t *events = ls_trace_get_counter_events (paint->trace, paint->lane->index, &n);
  bool has_any = false;
  /* A bounded number of looks: the scale may miss a spike of a long track, never the picture. */
  uint32_t stride = n / 4096 + 1;
  for (uint32_t i = 0; i < n; i += stride) {
    double number;
    if (!get_count (paint, events[i], &number))
      continue;
    *min = MIN (*min, number);
    *max = MAX (*max, number);
    has_any = true;
  }
  return has_any;
}

static void
finish_line (const LsPaint *paint, double x)
{
  double last_x, last_y;
  if (cairo_has_current_point (paint->cr)) {
    cairo_get_current_point (paint->cr, &last_x, &last_y);
    cairo_line_to (paint->cr, x, last_y);
  }
  ls_set_color (paint->cr, paint->palette->text_dim);
  cairo_set_line_width (paint->cr, 1.6);
  cairo_stroke (paint->cr);
}

static void
step_to (const LsPaint *paint, double x, double y, bool is_first)
{
  if (is_first) {
    cairo_move_to (paint->cr, x, y);
    return;
  }
  double last_x, last_y;
  cairo_get_current_point (paint->cr, &last_x, &last_y);
  if (last_y == y)
    return;
  cairo_line_to (paint->cr, x, last_y);
  cairo_line_to (paint->cr, x, y);
}

void
ls_paint_active (LsPaint *paint)
{
  double min, max;
  if (!ls_get_counter_scale (paint, &min, &max))
    return;
  double end = MIN (ls_axis_x_of_u (paint->axis, ls_axis_get_length (paint->axis)), paint->width);
  bool is_first = true;
  for (double x = 0; x <= end; x++) {
    uint32_t k = ls_axis_event_of_x (paint->axis, x);
    uint32_t n = k == LS_NONE ? 0 : ls_trace_get_n_alive (paint->trace, k);
    step_to (paint, x, y_of (paint, n, min, max), is_first);
    is_first = false;
  }
  finish_line (paint, end);
}

void
ls_paint_counter (LsPaint *paint)
{
  double min, max;
  uint32_t n, first, end;
  const uint32_t *events = ls_trace_get_counter_events (paint->trace, paint->lane->index, &n);
  if (n == 0 || !ls_get_counter_scale (paint, &min, &max))
    return;
  ls_paint_find_events (paint, events, n, &first, &end);
  uint32_t stride = (uint32_t) MAX ((end - first) / (paint->width * MAX_LOOKED_AT), 1);
  bool is_first = true;
  for (uint32_t i = first; i < end; i += stride) {
    double number;
    if (!get_count (paint, events[i], &number))
      continue;
    double x = CLAMP (ls_axis_x_of_event (paint->axis, events[i]), -8, paint->width + 8);
    step_to (paint, x, y_of (paint, number, min, max), is_first);
    is_first = false;
  }
  finish_line (paint, MIN (ls_axis_x_of_u (paint->axis, ls_axis_get_length (paint->axis)),
                           paint->width + 4));
}
