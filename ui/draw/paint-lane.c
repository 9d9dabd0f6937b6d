/* SPDX-License-Identifier: MIT */
/* A lane's plot and label: which painter, and what all lanes have alike. */
#include "paint-private.h"

#include <math.h>
#include <string.h>

void
ls_paint_setup (LsPaint *paint, cairo_t *cr, const LsScene *scene)
{
  *paint = (LsPaint){
    .cr = cr,
    .scene = scene,
    .trace = scene->trace,
    .axis = scene->axis,
    .palette = scene->palette,
    .text = scene->text,
    .frame = ls_scene_get_frame (scene),
    .width = ls_scene_get_plot_width (scene),
  };
}

void
ls_paint_find_intervals (const LsPaint *paint,
                         LsIntervals intervals,
                         uint32_t *first,
                         uint32_t *end)
{
  *first = ls_intervals_find (intervals, paint->frame->span.begin_ns);
  *end = MAX (ls_intervals_count_begun (intervals, paint->frame->end_event), *first);
}

void
ls_paint_find_events (const LsPaint *paint,
                      const uint32_t *events,
                      uint32_t n,
                      uint32_t *first,
                      uint32_t *end)
{
  *first = n > 0 ? ls_events_lower_bound (events, n, paint->frame->begin_event) : 0;
  *end = n > 0 ? ls_events_lower_bound (events, n, paint->frame->end_event) : 0;
  /* A mark just outside still reaches in. */
  if (*first > 0)
    (*first)--;
  if (*end < n)
    (*end)++;
}

static bool
setup_lane (LsPaint *paint, cairo_t *cr, const LsScene *scene, guint lane)
{
  if (lane >= scene->lanes->len)
    return false;
  ls_paint_setup (paint, cr, scene);
  paint->lane = ls_scene_lane (scene, lane);
  paint->lane_index = lane;
  paint->dense = paint->frame->dense[lane];
  paint->height = paint->lane->height_px;
  return true;
}

static void
paint_heading (const LsPaint *paint, double x0, double x1)
{
  ls_fill_rect (paint->cr, paint->palette->ground_section, x0, 0, x1 - x0, paint->height);
}

void
ls_paint_lane (cairo_t *cr, const LsScene *scene, guint lane)
{
  LsPaint paint;
  if (!setup_lane (&paint, cr, scene, lane))
    return;
  cairo_save (cr);
  cairo_rectangle (cr, 0, 0, paint.width, paint.height);
  cairo_clip (cr);
  switch (paint.lane->kind) {
  case LS_LANE_SECTION:
    paint_heading (&paint, 0, paint.width);
    break;
  case LS_LANE_THREAD:
    ls_paint_thread (&paint);
    break;
  case LS_LANE_FAMILY:
    ls_paint_family (&paint);
    break;
  case LS_LANE_OBJECT:
    ls_paint_object (&paint);
    break;
  case LS_LANE_VALUE:
    ls_paint_value (&paint);
    break;
  case LS_LANE_ACTIVE:
    ls_paint_active (&paint);
    break;
  case LS_LANE_COUNTER:
    ls_paint_counter (&paint);
    break;
  case LS_LANE_FOLDED:
    break;
  }
  if (paint.lane->kind != LS_LANE_SECTION && paint.lane->size != LS_LANE_SMALL)
    ls_fill_rect (cr, paint.palette->line, 0, paint.height - 1, paint.width, 1);
  cairo_restore (cr);
}

/* -- Labels -- */

/* The small bar under a thread's name: how much of its life it did not wait, waited, was idle. */
static void
paint_share_bar (const LsPaint *paint, double x, double y, double width)
{
  LsMix mix;
  LsSpan all = { 0, ls_trace_get_info (paint->trace)->end_ns };
  ls_trace_sum_thread (paint->trace, paint->lane->index, all, &mix);
  double whole = 0;
  for (guint state = LS_STATE_NOT_WAITING; state < LS_STATE_N; state++)
    whole += (double) mix.ns[state];
  ls_fill_rect (paint->cr, paint->palette->line, x, y, width, 4);
  if (whole <= 0)
    return;
  double run = (double) mix.ns[LS_STATE_NOT_WAITING] / whole * width;
  double wait = (double) mix.ns[LS_STATE_WAIT_LOCK] / whole * width;
  if (wait > 0)
    wait = MAX (wait, 2);
  ls_fill_rect (paint->cr, ls_scene_thread_color (paint->scene, paint->lane->index), x, y,
                MAX (run, 1), 4);
  ls_fill_rect (paint->cr, paint->palette->wait, x + MAX (run, 1), y, wait, 4);
}

static void
label_thread (const LsPaint *paint, double width)
{
  const LsLane *lane = paint->lane;
  cairo_t *cr = paint->cr;
  double h = paint->height;
  LsColor color = ls_scene_thread_color (paint->scene, lane->index);
  if (lane->size == LS_LANE_SMALL) {
    ls_fill_rect (cr, color, 12, 1, width - 16, h - 2);
    return;
  }
  g_autofree char *name =
    lane->letter ? g_strdup_printf ("%s %c", lane->name, lane->letter) : g_strdup (lane->name);
  if (lane->size == LS_LANE_MEDIUM) {
    ls_path_pill (cr, 12, 3, 6, h - 6, 2);
    ls_set_color (cr, color);
    cairo_fill (cr);
    ls_set_color (cr, paint->palette->text);
    ls_text_draw_name (paint->text, cr, LS_FONT_SMALL, 26, width - 6, h / 2, name);
    return;
  }
  double scale = paint->scene->text_scale;
  double middle = round (h / 2);
  ls_path_pill (cr, 12, middle - 20 * scale, 6, 40 * scale, 2);
  ls_set_color (cr, color);
  cairo_fill (cr);
  ls_set_color (cr, paint->palette->text);
  ls_text_draw_name (paint->text, cr, LS_FONT_BOLD, 26, width - 6, middle - 12 * scale, name);
  ls_set_color (cr, paint->palette->text_dim);
  if (lane->subtitle)
    ls_text_draw_ellipsized (paint->text, cr, LS_FONT_SMALL, 26, width - 6, middle + 5 * scale,
                             lane->subtitle);
  paint_share_bar (paint, 26, round (middle + 16 * scale), MIN (width - 26 - 16, 110));
}

static void
label_two_lines (const LsPaint *paint, double width)
{
  const LsLane *lane = paint->lane;
  cairo_t *cr = paint->cr;
  double scale = paint->scene->text_scale;
  /* The lower part of a high lane belongs to its scale. */
  double middle = round (MIN (paint->height / 2, 30 * scale));
  double right = width - (lane->kind == LS_LANE_VALUE || lane->kind == LS_LANE_COUNTER ? 44 : 6);
  bool has_subtitle = lane->subtitle && lane->subtitle[0];
  ls_set_color (cr, paint->palette->text);
  ls_text_draw_name (paint->text, cr, LS_FONT_BOLD, 26, right,
                     has_subtitle ? middle - 8 * scale : middle, lane->name);
  ls_set_color (cr, paint->palette->text_dim);
  if (has_subtitle)
    ls_text_draw_ellipsized (paint->text, cr, LS_FONT_SMALL, 26, right, middle + 9 * scale,
                             lane->subtitle);
}

static void
label_section (const LsPaint *paint, double width)
{
  cairo_t *cr = paint->cr;
  paint_heading (paint, 0, width);
  double y = round (paint->height / 2);
  bool is_closed = paint->scene->options.section_closed[paint->lane->section];
  ls_set_color (cr, paint->palette->text);
  if (is_closed) {
    cairo_move_to (cr, 12, y - 4);
    cairo_line_to (cr, 18, y);
    cairo_line_to (cr, 12, y + 4);
  } else {
    cairo_move_to (cr, 11, y - 3);
    cairo_line_to (cr, 19, y - 3);
    cairo_line_to (cr, 15, y + 3);
  }
  cairo_close_path (cr);
  cairo_fill (cr);
  double count = ls_text_get_width (paint->text, LS_FONT_SMALL, paint->lane->subtitle);
  ls_text_draw_ellipsized (paint->text, cr, LS_FONT_SMALL_BOLD, 26, width - count - 20, y,
                           paint->lane->name);
  ls_set_color (cr, paint->palette->text_dim);
  ls_text_draw (paint->text, cr, LS_FONT_SMALL, width - count - 12, y, paint->lane->subtitle);
}

/* The numbers of the scale, at the right edge, at the heights the painter uses. */
void
ls_paint_lane_label (cairo_t *cr, const LsScene *scene, guint lane)
{
  LsPaint paint;
  if (!setup_lane (&paint, cr, scene, lane))
    return;
  double width = ls_scene_get_label_width (scene);
  cairo_save (cr);
  cairo_rectangle (cr, 0, 0, width, paint.height);
  cairo_clip (cr);
  ls_set_color (cr, paint.palette->ground_label);
  cairo_paint (cr);
  switch (paint.lane->kind) {
  case LS_LANE_SECTION:
    label_section (&paint, width);
    break;
  case LS_LANE_THREAD:
    label_thread (&paint, width);
    break;
  case LS_LANE_FOLDED:
    ls_set_color (cr, paint.palette->text_dim);
    ls_text_draw_ellipsized (paint.text, cr, LS_FONT_SMALL, 26, width - 6, round (paint.height / 2),
                             paint.lane->name);
    break;
  default:
    label_two_lines (&paint, width);
    ls_paint_scale (&paint, width);
    break;
  }
  if (scene->options.selected_lane == lane)
    ls_fill_rect (cr, paint.palette->text, 0, 0, 3, paint.height);
  if (paint.lane->size != LS_LANE_SMALL)
    ls_fill_rect (cr, paint.palette->line, 0, paint.height - 1, width, 1);
  cairo_restore (cr);
}
