/* SPDX-License-Identifier: MIT */
/* The lane of a shared value: numbers as a staircase, other values as labelled bands, each access
 * with the shape of its kind in the colour of who did it. */
#include "paint-private.h"

#include <math.h>

#include "names.h"

#define COLUMN_PX 2
#define DENSITY_PX 16

typedef struct {
  double min, max; /* of the whole trace, so that panning does not move the scale */
  double y_top, y_bottom;
} Scale;

static bool
get_scale (const LsPaint *paint, Scale *scale)
{
  LsValueMix mix;
  int64_t end_ns = ls_trace_get_info (paint->trace)->end_ns;
  LsSpan all = { 0, end_ns + (end_ns < INT64_MAX) };
  const LsObject *object = ls_trace_get_object (paint->trace, paint->lane->index);
  if (object->type == LS_VALUE_POINTER ||
      !ls_trace_sum_value (paint->trace, paint->lane->index, all, &mix) || !isfinite (mix.min) ||
      !isfinite (mix.max))
    return false;
  double margin = paint->lane->size == LS_LANE_LARGE ? 16 : 11;
  *scale = (Scale){ mix.min, mix.max, margin, paint->height - margin - 1 };
  return true;
}

static double
y_of (const Scale *scale, double value)
{
  if (!isfinite (value))
    return scale->y_top - 8;
  if (!(scale->max > scale->min))
    return (scale->y_top + scale->y_bottom) / 2;
  double share = CLAMP ((value - scale->min) / (scale->max - scale->min), 0, 1);
  return round (scale->y_bottom - share * (scale->y_bottom - scale->y_top)) + 0.5;
}

static bool
get_number (const LsPaint *paint, uint32_t k, double *number)
{
  LsEvent event;
  ls_trace_get_event (paint->trace, k, &event);
  return ls_value_to_double (&event.val, number);
}

/* -- Numbers -- */

static void
paint_staircase (const LsPaint *paint,
                 const uint32_t *events,
                 uint32_t first,
                 uint32_t end,
                 const Scale *scale)
{
  cairo_t *cr = paint->cr;
  double number;
  bool is_known = false;
  LsValue value;
  uint32_t before = paint->frame->begin_event;
  if (before > 0 &&
      ls_trace_get_value (paint->trace, paint->lane->index, before - 1, &value, NULL) &&
      ls_value_to_double (&value, &number)) {
    cairo_move_to (cr, -4, y_of (scale, number));
    is_known = true;
  }
  for (uint32_t i = first; i < end; i++) {
    if (events[i] < before || !get_number (paint, events[i], &number))
      continue;
    double x = CLAMP (ls_axis_x_of_event (paint->axis, events[i]), -8, paint->width + 8);
    double y = y_of (scale, number);
    if (is_known) {
      double last_x, last_y;
      cairo_get_current_point (cr, &last_x, &last_y);
      cairo_line_to (cr, x, last_y);
    } else { /* what a first read saw was there before */
      LsEventKind kind = ls_trace_get_kind (paint->trace, events[i]);
      bool wrote = (ls_event_rows[kind].flags & LS_EV_WRITES) != 0;
      cairo_move_to (cr, wrote ? x : -4, y);
    }
    cairo_line_to (cr, x, y);
    is_known = true;
  }
  if (is_known) {
    double last_x, last_y;
    cairo_get_current_point (cr, &last_x, &last_y);
    cairo_line_to (cr,
                   MIN (paint->width + 4,
                        ls_axis_x_of_u (paint->axis, ls_axis_get_length (paint->axis))),
                   last_y);
  }
  ls_set_color (cr, paint->palette->text_dim);
  cairo_set_line_width (cr, 1.6);
  cairo_stroke (cr);
}

static void
paint_accesses (const LsPaint *paint,
                const uint32_t *events,
                uint32_t first,
                uint32_t end,
                const Scale *scale)
{
  bool names_values = !scale || scale->max - scale->min > 1;
  double free_x = -1e6;
  for (uint32_t i = first; i < end; i++) {
    LsEvent event;
    ls_trace_get_event (paint->trace, events[i], &event);
    guint flags = ls_event_rows[event.ev].flags;
    if (!(flags & (LS_EV_READS | LS_EV_WRITES)) && event.ev != LS_EV_DESTROY)
      continue;
    double x = ls_axis_x_of_event (paint->axis, events[i]);
    if (x < -10 || x > paint->width + 10)
      continue;
    double number;
    bool has_number = scale && ls_value_to_double (&event.val, &number);
    double y = has_number ? y_of (scale, number) : paint->height / 2;
    LsColor color = ls_scene_thread_color (paint->scene, event.thread);
    ls_draw_shape (paint->cr, paint->palette, ls_shape_of_event (event.ev), color, false, x, y, 5);
    if (events[i] == paint->scene->options.selected_event) {
      cairo_arc (paint->cr, x, y, 9, 0, 2 * G_PI);
      ls_set_color (paint->cr, paint->palette->text);
      cairo_set_line_width (paint->cr, 1.5);
      cairo_stroke (paint->cr);
    }
    if (!has_number || !names_values || !(flags & LS_EV_WRITES))
      continue;
    g_autofree char *text = ls_value_dup_text (&event.val);
    double width = ls_text_get_width (paint->text, LS_FONT_SMALL, text);
    double next_x = i + 1 < end ? ls_axis_x_of_event (paint->axis, events[i + 1]) : paint->width;
    if (x + 8 < free_x || next_x - 8 < x + 8 + width)
      continue;
    ls_set_color (paint->cr, paint->palette->text);
    ls_text_draw (paint->text, paint->cr, LS_FONT_SMALL, x + 8, y - 8 > 7 ? y - 8 : y + 9, text);
    free_x = x + 8 + width;
  }
}

/* More changes than fit: what lies between least and greatest in each column, and the last. */
static void
paint_band (const LsPaint *paint, const Scale *scale)
{
  guint n = (guint) MAX (ceil (paint->width / COLUMN_PX), 1);
  g_autofree LsValueMix *mixes = g_new (LsValueMix, n);
  g_autofree float *lasts = g_new (float, n);
  ls_trace_sum_value_columns (paint->trace, paint->lane->index,
                              ls_paint_get_grid (paint, n, COLUMN_PX), mixes);
  for (guint i = 0; i < n; i++) {
    const LsValueMix *mix = &mixes[i];
    lasts[i] = NAN;
    if (mix->n == 0)
      continue;
    double top = y_of (scale, mix->max), bottom = y_of (scale, mix->min);
    cairo_rectangle (paint->cr, i * COLUMN_PX, top - 1, COLUMN_PX, MAX (bottom - top, 0) + 2);
    lasts[i] = (float) y_of (scale, mix->last);
  }
  ls_set_color_alpha (paint->cr, paint->palette->mixed, 0.6);
  cairo_fill (paint->cr);
  bool has_point = false;
  for (guint i = 0; i < n; i++) {
    if (isnan (lasts[i]))
      continue;
    double x = (i + 0.5) * COLUMN_PX;
    if (has_point)
      cairo_line_to (paint->cr, x, lasts[i]);
    else
      cairo_move_to (paint->cr, x, lasts[i]);
    has_point = true;
  }
  ls_set_color (paint->cr, paint->palette->text_dim);
  cairo_set_line_width (paint->cr, 1.2);
  cairo_stroke (paint->cr);
}

/* -- Text, pointers, bytes -- */

static void
paint_text_band (const LsPaint *paint,
                 double x0,
                 double x1,
                 const char *text,
                 double y,
                 double height)
{
  if (!ls_clip_bar (&x0, &x1, paint->width, 1))
    return;
  ls_fill_rect (paint->cr, paint->palette->hold, x0, y, x1 - x0 - 1, height);
  ls_set_color (paint->cr, paint->palette->text);
  ls_text_draw_within (paint->text, paint->cr, LS_FONT_MONO, MAX (x0, 0) + 10,
                       MIN (x1, paint->width) - 6, 0, y + height / 2, text);
}

static void
paint_bands (const LsPaint *paint, const uint32_t *events, uint32_t first, uint32_t end)
{
  double height = 20, y = round (paint->height / 2 - height / 2);
  double since = NAN;
  g_autofree char *text = NULL;
  LsValue value;
  uint32_t before = paint->frame->begin_event;
  if (before > 0 &&
      ls_trace_get_value (paint->trace, paint->lane->index, before - 1, &value, NULL)) {
    text = ls_value_dup_text (&value);
    since = -8;
  }
  for (uint32_t i = first; i < end; i++) {
    LsEvent event;
    ls_trace_get_event (paint->trace, events[i], &event);
    if (event.val.type == LS_VALUE_NONE || events[i] < before)
      continue;
    g_autofree char *next = ls_value_dup_text (&event.val);
    if (text && g_str_equal (text, next))
      continue;
    double x = ls_axis_x_of_event (paint->axis, events[i]);
    if (text)
      paint_text_band (paint, since, x, text, y, height);
    g_free (text);
    text = g_steal_pointer (&next);
    since = x;
  }
  if (text)
    paint_text_band (paint, since, ls_axis_x_of_u (paint->axis, ls_axis_get_length (paint->axis)),
                     text, y, height);
}

/* Too many for bands: how often it changed, as a grey that deepens. */
static void
paint_density (const LsPaint *paint, const uint32_t *events, uint32_t n)
{
  double y = round (paint->height / 2 - 8);
  guint n_columns = (guint) MAX (ceil (paint->width / COLUMN_PX), 1);
  g_autofree LsStripColumn *columns = g_new0 (LsStripColumn, n_columns);
  uint32_t before = ls_axis_event_of_x (paint->axis, 0);
  uint32_t first = before == LS_NONE ? 0 : ls_events_lower_bound (events, n, before + 1);
  for (guint i = 0; i < n_columns; i++) {
    uint32_t last = ls_axis_event_of_x (paint->axis, (i + 1.0) * COLUMN_PX);
    uint32_t end = last == LS_NONE ? 0 : ls_events_lower_bound (events, n, last + 1);
    if (end <= first)
      continue;
    LsColor color = paint->palette->mixed;
    color.a *= MIN (0.3 + 0.1 * log2 (end - first), 1);
    columns[i].colors[0] = ls_color_to_argb (color);
    columns[i].ends[0] = columns[i].ends[1] = DENSITY_PX;
    first = end;
  }
  ls_paint_strip_columns (paint, columns, n_columns, COLUMN_PX, y, DENSITY_PX);
}

void
ls_paint_value (LsPaint *paint)
{
  uint32_t n, first, end;
  const uint32_t *events = ls_trace_get_object_events (paint->trace, paint->lane->index, &n);
  if (n == 0)
    return;
  Scale scale;
  bool has_numbers = get_scale (paint, &scale);
  if (paint->dense & LS_DENSE_BARS) {
    if (has_numbers)
      paint_band (paint, &scale);
    else
      paint_density (paint, events, n);
    ls_paint_finding_marks (paint, 4, paint->height - 8);
    return;
  }
  ls_paint_find_events (paint, events, n, &first, &end);
  if (has_numbers)
    paint_staircase (paint, events, first, end, &scale);
  else
    paint_bands (paint, events, first, end);
  paint_accesses (paint, events, first, end, has_numbers ? &scale : NULL);
}

/* -- The scale in the label column -- */

static void
paint_number (const LsPaint *paint, double number, double y, double right)
{
  char text[32];
  if (fabs (number) < 1e7 && number == floor (number))
    g_snprintf (text, sizeof text, "%.0f", number);
  else
    g_snprintf (text, sizeof text, "%.3g", number);
  double width = ls_text_get_width (paint->text, LS_FONT_SMALL, text);
  ls_text_draw (paint->text, paint->cr, LS_FONT_SMALL, right - width, y, text);
}

void
ls_paint_scale (LsPaint *paint, double label_width)
{
  Scale scale;
  double right = label_width - 10;
  ls_set_color (paint->cr, paint->palette->text_dim);
  if (paint->lane->kind == LS_LANE_VALUE && get_scale (paint, &scale)) {
    paint_number (paint, scale.max, y_of (&scale, scale.max), right);
    if (scale.max > scale.min)
      paint_number (paint, scale.min, y_of (&scale, scale.min), right);
  } else if (paint->lane->kind == LS_LANE_COUNTER || paint->lane->kind == LS_LANE_ACTIVE) {
    double min, max;
    if (ls_get_counter_scale (paint, &min, &max))
      paint_number (paint, max, 10, right);
  }
}
