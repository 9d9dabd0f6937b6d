/* SPDX-License-Identifier: MIT */
/**
 * Whose turn it was: the visible events in a row, one cell each while they are 3 px wide; then one
 * cell for each run of one thread; then, column by column, the thread with 60 % of the events, else
 * grey, the darker the more often threads took turns.
 */
#include "paint-private.h"

#include <math.h>

#define CELL_PX 3.0
#define COLUMN_PX 3.0
#define MAX_WALKED 20000
#define MAX_FANS 400

static void
add_cell (const LsPaint *paint,
          LsBatch *batch,
          const LsInterleaving *row,
          uint32_t thread,
          double x0,
          double x1)
{
  double gap = x1 - x0 >= 8 ? 2 : x1 - x0 >= 4 ? 1 : 0;
  bool is_wide = x1 - x0 >= 12;
  LsFilling filling = { .color = ls_scene_thread_color (paint->scene, thread),
                        .radius_px = is_wide ? 2.5 : 0 };
  x0 = round (x0);
  x1 = round (x1) - gap;
  ls_batch_add (batch, &filling, is_wide ? x0 + gap / 2 : x0, row->y, x1 - x0, row->height);
}

static void
paint_events (const LsPaint *paint, LsBatch *batch, const LsInterleaving *row)
{
  double step = row->width / (row->end - row->begin);
  for (uint32_t k = row->begin; k < row->end; k++)
    add_cell (paint, batch, row, ls_trace_get_event_thread (paint->trace, k),
              row->x + (k - row->begin) * step, row->x + (k + 1 - row->begin) * step);
}

static void
paint_runs (const LsPaint *paint, LsBatch *batch, const LsInterleaving *row)
{
  double step = row->width / (row->end - row->begin);
  for (uint32_t k = row->begin; k < row->end;) {
    uint32_t thread = ls_trace_get_event_thread (paint->trace, k);
    uint32_t last = k;
    while (last + 1 < row->end && ls_trace_get_event_thread (paint->trace, last + 1) == thread)
      last++;
    double x0 = round (row->x + (k - row->begin) * step);
    double x1 = round (row->x + (last + 1 - row->begin) * step);
    ls_batch_add_color (batch, ls_scene_thread_color (paint->scene, thread), x0, row->y, x1 - x0,
                        row->height);
    k = last + 1;
  }
}

static LsColor
get_column_color (const LsPaint *paint, uint32_t begin, uint32_t end)
{
  uint32_t switches = 0;
  uint32_t thread = ls_trace_find_dominant_thread (paint->trace, begin, end, &switches);
  if (thread != LS_NONE)
    return ls_scene_thread_color (paint->scene, thread);
  double share = CLAMP ((double) switches / (end - begin), 0, 1);
  return ls_color_mix (paint->palette->mixed, paint->palette->text, 0.25 * floor (4 * share) * 0.6);
}

static void
paint_columns (const LsPaint *paint, LsBatch *batch, const LsInterleaving *row)
{
  guint n = (guint) MAX (row->width / COLUMN_PX, 1);
  double per_column = (double) (row->end - row->begin) / n;
  double width = row->width / n;
  for (guint i = 0; i < n; i++) {
    uint32_t begin = row->begin + (uint32_t) (i * per_column);
    uint32_t end = row->begin + (uint32_t) ((i + 1) * per_column);
    double x0 = round (row->x + i * width), x1 = round (row->x + (i + 1) * width);
    ls_batch_add_color (batch,
                        get_column_color (paint, begin, MAX (MIN (end, row->end), begin + 1)), x0,
                        row->y, x1 - x0, row->height);
  }
}

void
ls_paint_interleaving (const LsPaint *paint, const LsInterleaving *row)
{
  if (row->end <= row->begin)
    return;
  uint32_t n = row->end - row->begin;
  g_auto (LsBatch) batch;
  ls_batch_init (&batch, paint->cr, paint->palette);
  if (n * CELL_PX <= row->width) {
    paint_events (paint, &batch, row);
    return;
  }
  uint32_t switches = 0;
  ls_trace_find_dominant_thread (paint->trace, row->begin, row->end, &switches);
  if (n <= MAX_WALKED && (switches + 1) * CELL_PX <= row->width)
    paint_runs (paint, &batch, row);
  else
    paint_columns (paint, &batch, row);
}

/* -- The part -- */

static double
x_of_cell (const LsInterleaving *row, uint32_t k)
{
  return row->x + (k - row->begin + 0.5) * row->width / (row->end - row->begin);
}

static void
paint_fans (const LsPaint *paint, const LsInterleaving *row, double bottom)
{
  uint32_t n = row->end - row->begin;
  if (n > MAX_FANS || n * CELL_PX > row->width)
    return;
  double top = row->y + row->height + 2;
  /* Many lines to one place must not become a black fan. */
  LsColor color = ls_color_mix (paint->palette->line, paint->palette->text_dim, 0.35);
  ls_set_color_alpha (paint->cr, color, CLAMP (60.0 / n, 0.25, 1));
  cairo_set_line_width (paint->cr, 0.8);
  for (uint32_t k = row->begin; k < row->end; k++) {
    double x = ls_axis_x_of_event (paint->axis, k);
    if (x < -2 || x > paint->width + 2)
      continue;
    cairo_move_to (paint->cr, x_of_cell (row, k), top);
    cairo_line_to (paint->cr, x, bottom);
  }
  cairo_stroke (paint->cr);
}

static void
paint_finding (const LsPaint *paint, const LsInterleaving *row)
{
  const LsFinding *finding = ls_scene_get_selected_finding (paint->scene);
  for (guint i = 0; finding && i < finding->steps->len; i++) {
    uint32_t k = g_array_index (finding->steps, LsStep, i).event;
    if (k < row->begin || k >= row->end)
      continue;
    double half = MAX (row->width / (row->end - row->begin) / 2 - 1, 1.5);
    ls_fill_rect (paint->cr, paint->palette->finding_text, x_of_cell (row, k) - half,
                  row->y + row->height + 1, 2 * half, 2.5);
  }
}

void
ls_paint_strip (const LsPaint *paint)
{
  double scale = paint->scene->text_scale;
  LsInterleaving row = { paint->frame->begin_event, paint->frame->end_event, 6, 5,
                         paint->width - 12,         round (16 * scale) };
  if (row.end <= row.begin)
    return;
  ls_paint_interleaving (paint, &row);
  paint_fans (paint, &row, paint->height);
  paint_finding (paint, &row);
  uint32_t selected = paint->scene->options.selected_event;
  uint32_t cursor = paint->scene->options.cursor;
  if (selected >= row.begin && selected < row.end && selected != cursor) {
    double half = MAX (row.width / (row.end - row.begin) / 2, 2);
    ls_stroke_rect (paint->cr, paint->palette->text, x_of_cell (&row, selected) - half, row.y - 1,
                    2 * half, row.height + 2);
  }
  if (cursor >= row.begin && cursor < row.end) {
    double x = round (x_of_cell (&row, cursor));
    ls_fill_rect (paint->cr, paint->palette->halo, x - 2, row.y - 3, 4, row.height + 6);
    ls_fill_rect (paint->cr, paint->palette->text, x - 1, row.y - 3, 2, row.height + 6);
  }
}

uint32_t
ls_strip_event_of_x (const LsScene *scene, double x_px)
{
  const LsFrame *frame = ls_scene_get_frame (scene);
  double width = ls_scene_get_plot_width (scene) - 12;
  if (frame->end_event <= frame->begin_event || !(width > 0))
    return LS_NONE;
  double share = CLAMP ((x_px - 6) / width, 0, 1);
  uint32_t n = frame->end_event - frame->begin_event;
  return frame->begin_event + MIN ((uint32_t) (share * n), n - 1);
}
