/* SPDX-License-Identifier: MIT */
/* The parts above the lanes: their heights, names, the overview; strip and ruler have own files. */
#include "paint-private.h"

#include <math.h>
#include <string.h>

#define OVERVIEW_MARGIN_PX 12.0
#define MAX_OVERVIEW_ROWS 12

double
ls_scene_get_part_height (const LsScene *scene, LsPart part)
{
  double scale = scene->text_scale;
  bool is_order = scene->options.axis == LS_AXIS_ORDER;
  switch (part) {
  case LS_PART_OVERVIEW: {
    if (scene->options.no_overview)
      return 0;
    guint rows = MIN (ls_trace_get_n_threads (scene->trace), MAX_OVERVIEW_ROWS);
    return CLAMP (rows * 9 + 10, 28, 46);
  }
  case LS_PART_STRIP:
    return scene->options.no_strip || is_order ? 0 : round (44 * scale);
  case LS_PART_RULER:
    return is_order
             ? round ((LS_ORDER_CELLS_PX + LS_ORDER_TIMES_PX + LS_PINS_PX + LS_ORDER_GAPS_PX) *
                      scale)
             : round ((LS_RULER_PX + LS_PINS_PX) * scale);
  default:
    return 0;
  }
}

/* -- Overview -- */

static double
overview_width (const LsScene *scene)
{
  return MAX (ls_scene_get_plot_width (scene) - 2 * OVERVIEW_MARGIN_PX, 1);
}

double
ls_overview_x_of_time (const LsScene *scene, int64_t ts_ns)
{
  double end = (double) MAX (ls_trace_get_info (scene->trace)->end_ns, 1);
  return OVERVIEW_MARGIN_PX + CLAMP ((double) ts_ns / end, 0, 1) * overview_width (scene);
}

int64_t
ls_overview_time_of_x (const LsScene *scene, double x_px)
{
  double end = (double) MAX (ls_trace_get_info (scene->trace)->end_ns, 1);
  double share = (x_px - OVERVIEW_MARGIN_PX) / overview_width (scene);
  return isnan (share) ? 0 : (int64_t) (CLAMP (share, 0, 1) * end);
}

static void
fill_row (const LsScene *scene,
          guint32 *pixels,
          const float *shares,
          guint n_columns,
          LsColor color)
{
  LsColor tint = ls_color_mix (scene->palette->ground_bar, color, 0.3);
  for (guint i = 0; i < n_columns; i++) {
    const float *share = shares + (gsize) i * LS_STATE_N;
    double run = share[LS_STATE_NOT_WAITING], wait = share[LS_STATE_WAIT_LOCK];
    double alive = run + wait + share[LS_STATE_WAIT_SIGNAL] + share[LS_STATE_SLEEP];
    if (alive < 0.02)
      continue;
    LsColor shown = ls_color_mix (tint, color, CLAMP (run / alive, 0, 1));
    if (wait > 0)
      shown = ls_color_mix (shown, scene->palette->wait, CLAMP (wait / alive, 0.12, 1));
    pixels[i] = ls_color_to_argb (shown);
  }
}

/* Pixels a column: of a trace of far more bars than pixels every other pixel tells as much, and the
 * first frame waits for it. */
static guint
get_overview_step (const LsScene *scene, guint width)
{
  uint64_t n = ls_trace_get_n_events (scene->trace);
  return n > (uint64_t) width * MAX (ls_trace_get_n_threads (scene->trace), 1) ? 2 : 1;
}

static void
fill_overview (LsScene *scene, const LsPaint *paint, guint n_columns, guint n_rows)
{
  uint32_t n_threads = ls_trace_get_n_threads (scene->trace);
  guchar *data = cairo_image_surface_get_data (scene->overview);
  gsize stride = (gsize) cairo_image_surface_get_stride (scene->overview);
  g_autofree float *shares = g_new (float, (gsize) n_columns *LS_STATE_N);
  for (guint row = 0; row < n_rows; row++) {
    uint32_t first = (uint32_t) ((uint64_t) row * n_threads / n_rows);
    uint32_t end = (uint32_t) ((uint64_t) (row + 1) * n_threads / n_rows);
    memset (shares, 0, (gsize) n_columns * LS_STATE_N * sizeof *shares);
    /* Of very many threads a sample: the overview shows where something goes on, not who. */
    uint32_t stride_threads = (end - first) / 64 + 1;
    for (uint32_t thread = first; thread < end; thread += stride_threads)
      ls_sum_states (paint, thread, shares, n_columns);
    LsColor color = end - first == 1 ? ls_scene_thread_color (scene, first) : scene->palette->mixed;
    fill_row (scene, (guint32 *) (void *) (data + row * stride), shares, n_columns, color);
  }
  cairo_surface_mark_dirty (scene->overview);
}

/* The rows do not follow the view: made once, and again only for another width or palette. */
static void
make_overview (LsScene *scene)
{
  int width = (int) ceil (overview_width (scene));
  if (scene->overview && scene->overview_width == width)
    return;
  g_clear_pointer (&scene->overview, cairo_surface_destroy);
  guint n_rows = MAX (MIN (ls_trace_get_n_threads (scene->trace), MAX_OVERVIEW_ROWS), 1);
  guint step = get_overview_step (scene, (guint) width);
  guint n_columns = ((guint) width + step - 1) / step;
  scene->overview = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, (int) n_columns, (int) n_rows);
  scene->overview_width = width;
  if (cairo_surface_status (scene->overview) != CAIRO_STATUS_SUCCESS)
    return;
  g_autoptr (LsAxis) axis = ls_axis_new (scene->trace, LS_AXIS_TIME, NULL, NULL, false);
  ls_axis_set_view (axis, 0, ls_axis_get_length (axis), width);
  LsFrame frame = { .span = { 0, ls_trace_get_info (scene->trace)->end_ns },
                    .end_event = ls_trace_get_n_events (scene->trace) };
  LsPaint paint = { .scene = scene,
                    .trace = scene->trace,
                    .axis = axis,
                    .frame = &frame,
                    .width = width };
  fill_overview (scene, &paint, n_columns, n_rows);
  ls_frame_clear_grids (&frame);
}

static void
paint_window (const LsPaint *paint, double height)
{
  cairo_t *cr = paint->cr;
  LsSpan span = ls_axis_get_span (paint->axis);
  double x0 = ls_overview_x_of_time (paint->scene, span.begin_ns) - 3;
  double x1 = ls_overview_x_of_time (paint->scene, span.end_ns) + 3;
  if (x1 - x0 < 8) {
    double middle = (x0 + x1) / 2;
    x0 = middle - 4;
    x1 = middle + 4;
  }
  ls_set_color_alpha (cr, paint->palette->ground_bar, 0.6);
  cairo_rectangle (cr, 0, 0, MAX (x0, 0), height);
  cairo_rectangle (cr, x1, 0, MAX (paint->width - x1, 0), height);
  cairo_fill (cr);
  ls_path_pill (cr, x0 + 0.5, 2.5, x1 - x0 - 1, height - 5, 4);
  ls_set_color (cr, paint->palette->text);
  cairo_set_line_width (cr, 1.5);
  cairo_stroke (cr);
}

static void
paint_overview (const LsPaint *paint, double height)
{
  cairo_t *cr = paint->cr;
  make_overview ((LsScene *) paint->scene); /* a cache: what the scene shows stays the same */
  guint n_rows = (guint) cairo_image_surface_get_height (paint->scene->overview);
  double width = paint->scene->overview_width;
  double column_px = width / MAX (cairo_image_surface_get_width (paint->scene->overview), 1);
  double pitch = (height - 10) / n_rows;
  double gap = pitch >= 5 ? 2 : pitch >= 3 ? 1 : 0;
  for (guint row = 0; row < n_rows; row++) {
    double y = 5 + row * pitch;
    cairo_save (cr);
    cairo_rectangle (cr, OVERVIEW_MARGIN_PX, y, width, pitch - gap);
    cairo_clip (cr);
    cairo_translate (cr, OVERVIEW_MARGIN_PX, y);
    cairo_scale (cr, column_px, n_rows > 0 ? pitch : 1);
    cairo_set_source_surface (cr, paint->scene->overview, 0, -(double) row);
    cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
    cairo_paint (cr);
    cairo_restore (cr);
  }
  for (guint i = 0; paint->scene->findings && i < MIN (paint->scene->findings->len, 500); i++) {
    const LsFinding *finding = g_ptr_array_index (paint->scene->findings, i);
    if (finding->severity != LS_SEVERITY_ERROR)
      continue;
    double x0 = ls_overview_x_of_time (paint->scene, finding->span.begin_ns);
    double x1 = ls_overview_x_of_time (paint->scene, finding->span.end_ns);
    ls_fill_rect (cr, paint->palette->finding_text, round (x0), height - 6, MAX (x1 - x0, 3), 2);
  }
  paint_window (paint, height);
}

/* -- Both columns -- */

void
ls_paint_part (cairo_t *cr, const LsScene *scene, LsPart part)
{
  double height = ls_scene_get_part_height (scene, part);
  if (height <= 0)
    return;
  LsPaint paint;
  ls_paint_setup (&paint, cr, scene);
  paint.height = height;
  cairo_save (cr);
  cairo_rectangle (cr, 0, 0, paint.width, height);
  cairo_clip (cr);
  ls_set_color (cr, paint.palette->ground_bar);
  cairo_paint (cr);
  if (part == LS_PART_OVERVIEW)
    paint_overview (&paint, height);
  else if (part == LS_PART_STRIP)
    ls_paint_strip (&paint);
  else
    ls_paint_ruler (&paint);
  if (part != LS_PART_STRIP)
    ls_fill_rect (cr, paint.palette->line, 0, height - 1, paint.width, 1);
  cairo_restore (cr);
}

static void
label_row (const LsPaint *paint, double width, double y, const char *name)
{
  ls_set_color (paint->cr, paint->palette->text_dim);
  ls_text_draw_ellipsized (paint->text, paint->cr, LS_FONT_SMALL, 12, width - 6, round (y), name);
}

void
ls_paint_part_label (cairo_t *cr, const LsScene *scene, LsPart part)
{
  double height = ls_scene_get_part_height (scene, part);
  if (height <= 0)
    return;
  LsPaint paint;
  ls_paint_setup (&paint, cr, scene);
  double width = ls_scene_get_label_width (scene);
  double scale = scene->text_scale;
  cairo_save (cr);
  cairo_rectangle (cr, 0, 0, width, height);
  cairo_clip (cr);
  ls_set_color (cr, paint.palette->ground_label);
  cairo_paint (cr);
  if (part == LS_PART_OVERVIEW) {
    label_row (&paint, width, height / 2, "Overview");
  } else if (part == LS_PART_STRIP) {
    label_row (&paint, width, 13 * scale, "Interleaving");
  } else if (scene->options.axis == LS_AXIS_ORDER) {
    double y = LS_ORDER_CELLS_PX * scale;
    label_row (&paint, width, y / 2, "Event, one step each");
    label_row (&paint, width, y + LS_ORDER_TIMES_PX * scale / 2, "Time");
    y += LS_ORDER_TIMES_PX * scale;
    label_row (&paint, width, y + LS_PINS_PX * scale / 2, "↔ could be the other way");
    y += LS_PINS_PX * scale;
    label_row (&paint, width, y + LS_ORDER_GAPS_PX * scale / 2, "Time since last");
  }
  if (part != LS_PART_STRIP)
    ls_fill_rect (cr, paint.palette->line, 0, height - 1, width, 1);
  cairo_restore (cr);
}
