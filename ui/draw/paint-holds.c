/* SPDX-License-Identifier: MIT */
/* What a thread held, and the regions it was in: rows of bars under its states. */
#include "paint-private.h"

static char *
dup_hold_words (const LsPaint *paint, const LsInterval *hold)
{
  const char *name = ls_trace_get_object (paint->trace, hold->object)->name;
  const char *shared = hold->mode == LS_MODE_SHARED ? " shared" : "";
  if (hold->depth > 1)
    return g_strdup_printf ("%s ×%u%s", name, hold->depth, shared);
  return g_strconcat (name, shared, NULL);
}

static void
finish_hold (const LsPaint *paint, const LsBar *bar, double y, double height)
{
  cairo_t *cr = paint->cr;
  const LsInterval *hold = &bar->interval;
  if (hold->end_event == LS_NONE)
    ls_draw_ragged (cr, paint->palette->ground, paint->palette->hold_edge, bar->x1, y, height);
  if (bar->x1 - bar->x0 < MAX (paint->frame->label_min_px, 12) || height < 12)
    return;
  g_autofree char *words = dup_hold_words (paint, hold);
  ls_set_color (cr, paint->palette->text);
  double left = MAX (bar->x0, 0) + 4, right = MIN (bar->x1, paint->width) - 3;
  double y_middle = y + height / 2;
  if (ls_text_draw_within (paint->text, cr, LS_FONT_SMALL, left, right, 0, y_middle, words))
    return;
  const char *tag = ls_scene_get_tag (paint->scene, hold->object);
  if (tag && right - left >= ls_text_get_width (paint->text, LS_FONT_SMALL, tag))
    ls_text_draw_within (paint->text, cr, LS_FONT_SMALL, left, right, 0.5, y_middle, tag);
}

static void
finish_region (const LsPaint *paint, const LsBar *bar, double y, double height)
{
  if (bar->x1 - bar->x0 < MAX (paint->frame->label_min_px, 16) || height < 12)
    return;
  LsEvent event;
  ls_trace_get_event (paint->trace, bar->interval.begin_event, &event);
  LsColor color = ls_scene_thread_color (paint->scene, bar->interval.thread);
  ls_set_color (paint->cr,
                ls_color_get_text_on (ls_color_mix (paint->palette->ground, color, 0.25)));
  ls_text_draw_within (paint->text, paint->cr, LS_FONT_SMALL, MAX (bar->x0, 0) + 4,
                       MIN (bar->x1, paint->width) - 3, 0, y + height / 2,
                       event.name ? event.name : "");
}

/* Steps over what is too close to what was drawn to be seen beside it. What is seen itself may have
 * others in it, in the rows below. */
static uint32_t
find_next (const LsPaint *paint,
           LsIntervals intervals,
           uint32_t i,
           double x0,
           double x,
           double px,
           bool are_nested)
{
  if (!(paint->dense & LS_DENSE_HOLDS) || (are_nested && x - x0 > px))
    return i + 1;
  uint32_t next =
    ls_intervals_find (intervals, ls_axis_time_of_x (paint->axis, MIN (x + px, paint->width)));
  return MAX (next, i + 1);
}

/* Holds, or regions, in rows. */
typedef struct {
  LsIntervals intervals;
  bool are_regions;
  guint n_rows;
  double y, row_height;
} Rows;

/* Deeper rows than shown: how many, at the right end of the last one. */
static void
paint_more (const LsPaint *paint, const Rows *rows, uint32_t first, uint32_t end)
{
  guint deepest = rows->n_rows;
  for (uint32_t i = first; i < MIN (end, first + 2000); i++)
    deepest = MAX (deepest, ls_intervals_get (rows->intervals, i).row + 1u);
  g_autofree char *more = g_strdup_printf ("+%u", deepest - rows->n_rows);
  double width = ls_text_get_width (paint->text, LS_FONT_SMALL_BOLD, more);
  double x = paint->width - width - 8;
  double y_last = rows->y + (rows->n_rows - 1) * rows->row_height;
  ls_fill_rect (paint->cr, paint->palette->ground, x - 4, y_last, width + 8, rows->row_height - 3);
  ls_set_color (paint->cr, paint->palette->text_dim);
  ls_text_draw (paint->text, paint->cr, LS_FONT_SMALL_BOLD, x, y_last + (rows->row_height - 3) / 2,
                more);
}

static void
fill_rows (const LsPaint *paint, const Rows *rows, const LsBars *bars)
{
  const LsPalette *palette = paint->palette;
  g_auto (LsBatch) batch;
  ls_batch_init (&batch, paint->cr, palette);
  for (guint i = 0; i < bars->array->len; i++) {
    const LsBar *bar = &g_array_index (bars->array, LsBar, i);
    bool is_shared = bar->interval.mode == LS_MODE_SHARED;
    LsFilling filling = { .color = is_shared ? palette->ground : palette->hold };
    LsColor edge = palette->hold_edge;
    if (rows->are_regions) {
      edge = ls_scene_thread_color (paint->scene, bar->interval.thread);
      filling.color = ls_color_mix (palette->ground, edge, 0.25);
    }
    ls_batch_add_framed (&batch, &filling, edge, bar->x0,
                         rows->y + bar->interval.row * rows->row_height, bar->shown_x1 - bar->x0,
                         rows->row_height - 3, bar->shown_x1 < bar->x1);
  }
}

static void
paint_rows (const LsPaint *paint, const Rows *rows)
{
  uint32_t first, end;
  ls_paint_find_intervals (paint, rows->intervals, &first, &end);
  bool has_hidden = false;
  g_auto (LsBars) bars;
  ls_bars_init (&bars);
  for (uint32_t i = first; i < end;) {
    LsInterval interval = ls_intervals_get (rows->intervals, i);
    double x0 = ls_axis_x_of_begin (paint->axis, &interval);
    double x1 = ls_axis_x_of_end (paint->axis, &interval);
    if (interval.row < rows->n_rows)
      ls_bars_add (&bars, paint, &interval, interval.row, x0, x1, 1);
    else
      has_hidden = true;
    i = find_next (paint, rows->intervals, i, x0, MAX (x0, x1), 2, rows->are_regions);
  }
  fill_rows (paint, rows, &bars);
  for (guint i = 0; i < bars.array->len; i++) {
    const LsBar *bar = &g_array_index (bars.array, LsBar, i);
    double y = rows->y + bar->interval.row * rows->row_height;
    (rows->are_regions ? finish_region : finish_hold) (paint, bar, y, rows->row_height - 3);
  }
  if (has_hidden)
    paint_more (paint, rows, first, end);
}

void
ls_paint_holds (const LsPaint *paint, const LsThreadBox *box)
{
  LsIntervals holds = ls_trace_get_thread_holds (paint->trace, paint->lane->index);
  if (paint->lane->size == LS_LANE_MEDIUM) {
    /* A line under the bar: that something was held, and when. */
    if (holds.n > 0 && !(paint->dense & (LS_DENSE_HOLDS | LS_DENSE_BARS)))
      paint_rows (paint, &(Rows){ holds, false, 1, box->bar_y + box->bar_height, 5 });
    return;
  }
  double y = box->holds_y;
  if (box->n_hold_rows > 0)
    paint_rows (paint, &(Rows){ holds, false, box->n_hold_rows, y, box->row_height });
  y += box->n_hold_rows * box->row_height;
  LsIntervals regions = ls_trace_get_thread_regions (paint->trace, paint->lane->index);
  if (box->n_region_rows > 0)
    paint_rows (paint, &(Rows){ regions, true, box->n_region_rows, y, box->row_height });
}
