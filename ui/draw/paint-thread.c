/* SPDX-License-Identifier: MIT */
/* A thread's lane: its states as bars, what it held and was busy with below, its end. */
#include "paint-private.h"

#include <math.h>

#define LEAST_PX 3

/* -- Words on bars -- */

static LsIcon
find_icon (const LsTrace *trace, const LsInterval *interval)
{
  if (interval->state == LS_STATE_SLEEP)
    return LS_ICON_SLEEP;
  if (interval->state != LS_STATE_WAIT_SIGNAL)
    return LS_ICON_NONE;
  if (interval->peer != LS_NONE || interval->object == LS_NONE)
    return LS_ICON_JOIN;
  return ls_trace_get_object (trace, interval->object)->kind == LS_OBJECT_BARRIER ? LS_ICON_BARRIER
                                                                                  : LS_ICON_BELL;
}

static const char *
get_outcome_words (const LsTrace *trace, const LsInterval *interval)
{
  switch (interval->outcome) {
  case LS_OUTCOME_TIMEOUT:
    return " · timed out";
  case LS_OUTCOME_FAIL:
    return " · failed";
  case LS_OUTCOME_SPURIOUS:
    return " · spurious";
  case LS_OUTCOME_NEVER:
    return ls_trace_get_info (trace)->cut ? " · still waiting" : " · never ends";
  default:
    return "";
  }
}

/* Who has the lock as the wait begins. */
static char *
dup_holder (const LsTrace *trace, const LsInterval *interval)
{
  LsLockState state;
  ls_lock_state_init (&state);
  ls_trace_get_lock_state (trace, interval->object, interval->begin_event, &state);
  char *words = NULL;
  for (guint i = 0; !words && i < state.holders->len; i++) {
    const LsInterval *hold = &g_array_index (state.holders, LsInterval, i);
    if (hold->thread == interval->thread)
      continue;
    const char *name = ls_trace_get_thread (trace, hold->thread)->name;
    words = state.holders->len > 1 ? g_strdup_printf (", %s and others have it", name)
                                   : g_strdup_printf (", %s has it", name);
  }
  ls_lock_state_clear (&state);
  return words ? words : g_strdup ("");
}

static char *
dup_words (const LsTrace *trace, const LsInterval *interval)
{
  const char *outcome = get_outcome_words (trace, interval);
  bool is_open = interval->outcome == LS_OUTCOME_NEVER;
  if (interval->state == LS_STATE_SLEEP && is_open && ls_trace_get_info (trace)->cut)
    return g_strdup ("still asleep");
  if (interval->state == LS_STATE_SLEEP)
    return g_strconcat ("asleep", is_open ? outcome : "", NULL);
  if (interval->peer != LS_NONE)
    return g_strconcat ("joining ", ls_trace_get_thread (trace, interval->peer)->name, outcome,
                        NULL);
  if (interval->object == LS_NONE)
    return g_strconcat ("waiting", outcome, NULL);
  const LsObject *object = ls_trace_get_object (trace, interval->object);
  if (interval->state == LS_STATE_WAIT_LOCK) {
    g_autofree char *holder = dup_holder (trace, interval);
    return g_strconcat (object->name, holder, outcome, NULL);
  }
  return g_strconcat (object->kind == LS_OBJECT_BARRIER ? "at " : "waits for ", object->name,
                      outcome, NULL);
}

static void
paint_words (const LsPaint *paint,
             const LsInterval *interval,
             double x0,
             double x1,
             double y,
             double height)
{
  g_autofree char *words = dup_words (paint->trace, interval);
  cairo_t *cr = paint->cr;
  LsIcon icon = find_icon (paint->trace, interval);
  double icon_px = icon != LS_ICON_NONE ? 14 : 0;
  double left = MAX (x0, 0) + 6, right = MIN (x1, paint->width) - 6;
  double room = right - left - icon_px;
  double wanted = ls_text_get_width (paint->text, LS_FONT_SMALL, words);
  if (room < wanted && interval->state == LS_STATE_WAIT_LOCK) {
    /* What for alone, where who has it finds no room. */
    g_free (words);
    words = g_strdup (ls_trace_get_object (paint->trace, interval->object)->name);
    wanted = ls_text_get_width (paint->text, LS_FONT_SMALL, words);
  }
  if (room < wanted * 0.75 || room < 10)
    return;
  double shown = MIN (wanted, room);
  double x = left + (right - left - shown - icon_px) / 2;
  LsColor ground = interval->state == LS_STATE_WAIT_LOCK ? paint->palette->wait_ground
                                                         : paint->palette->idle_ground;
  double text_height = MIN (height - 4, 16 * paint->scene->text_scale);
  ls_set_color (cr, ground);
  ls_path_pill (cr, x - 4, y + (height - text_height) / 2, shown + icon_px + 8, text_height, 3);
  cairo_fill (cr);
  ls_draw_icon (cr, icon, paint->palette->text_dim, x, y + height / 2);
  ls_set_color (cr, paint->palette->text);
  ls_text_draw_within (paint->text, cr, LS_FONT_SMALL, x + icon_px, x + icon_px + shown + 0.5, 0,
                       y + height / 2, words);
}

/* -- Bars -- */

static void
paint_state (const LsPaint *paint, const LsInterval *interval, double y, double height)
{
  cairo_t *cr = paint->cr;
  double x0 = ls_axis_x_of_begin (paint->axis, interval);
  double x1 = ls_axis_x_of_end (paint->axis, interval);
  double least = interval->state == LS_STATE_NOT_WAITING ? 1 : LEAST_PX;
  if (!ls_clip_bar (&x0, &x1, paint->width, least))
    return;
  double width = x1 - x0;
  switch (interval->state) {
  case LS_STATE_NOT_WAITING:
    ls_fill_rect (cr, ls_scene_thread_color (paint->scene, interval->thread), x0, y, width, height);
    return;
  case LS_STATE_WAIT_LOCK:
    ls_bar_hatch (cr, paint->palette, x0, y, width, height);
    break;
  case LS_STATE_WAIT_SIGNAL:
  case LS_STATE_SLEEP:
    ls_bar_dots (cr, paint->palette, x0, y, width, height);
    break;
  default:
    return;
  }
  if (interval->outcome == LS_OUTCOME_NEVER && height >= 10)
    ls_draw_ragged (cr, paint->palette->ground,
                    interval->state == LS_STATE_WAIT_LOCK ? paint->palette->wait
                                                          : paint->palette->idle,
                    x1, y, height);
  else if (interval->outcome == LS_OUTCOME_TIMEOUT || interval->outcome == LS_OUTCOME_FAIL)
    ls_draw_shape (cr, paint->palette, LS_SHAPE_CROSS, paint->palette->text, false, x1 - 1,
                   y + height / 2, MIN (height / 4, 4));
  if (width >= MAX (paint->frame->label_min_px, 30) && height >= 14)
    paint_words (paint, interval, x0, x1, y, height);
}

static void
paint_states (LsPaint *paint, const LsThreadBox *box)
{
  if (paint->dense & LS_DENSE_BARS) {
    ls_paint_state_strip (paint, paint->lane->index, box->bar_y, box->bar_height);
    ls_paint_finding_marks (paint, box->bar_y - 2, box->bar_height + 4);
    return;
  }
  uint32_t first, end;
  LsIntervals states = ls_trace_get_thread_states (paint->trace, paint->lane->index);
  ls_paint_find_intervals (paint, states, &first, &end);
  /* Waits last: what is never under 3 px must not vanish under its neighbour. */
  for (int pass = 0; pass < 2; pass++)
    for (uint32_t i = first; i < end; i++) {
      LsInterval state = ls_intervals_get (states, i);
      if ((state.state == LS_STATE_NOT_WAITING) == (pass == 0))
        paint_state (paint, &state, box->bar_y, box->bar_height);
    }
}

/* -- Holds and regions -- */

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
paint_hold (const LsPaint *paint, const LsInterval *hold, double y, double height)
{
  cairo_t *cr = paint->cr;
  double x0 = ls_axis_x_of_begin (paint->axis, hold);
  double x1 = ls_axis_x_of_end (paint->axis, hold);
  if (!ls_clip_bar (&x0, &x1, paint->width, 1))
    return;
  if (hold->mode != LS_MODE_SHARED)
    ls_fill_rect (cr, paint->palette->hold, x0, y, x1 - x0, height);
  else
    ls_fill_rect (cr, paint->palette->ground, x0, y, x1 - x0, height);
  ls_stroke_rect (cr, paint->palette->hold_edge, x0, y, x1 - x0, height);
  if (hold->end_event == LS_NONE)
    ls_draw_ragged (cr, paint->palette->ground, paint->palette->hold_edge, x1, y, height);
  if (x1 - x0 < MAX (paint->frame->label_min_px, 12) || height < 12)
    return;
  g_autofree char *words = dup_hold_words (paint, hold);
  ls_set_color (cr, paint->palette->text);
  double left = MAX (x0, 0) + 4, right = MIN (x1, paint->width) - 3;
  double y_middle = y + height / 2;
  if (ls_text_draw_within (paint->text, cr, LS_FONT_SMALL, left, right, 0, y_middle, words))
    return;
  const char *tag = ls_scene_get_tag (paint->scene, hold->object);
  if (tag && right - left >= ls_text_get_width (paint->text, LS_FONT_SMALL, tag))
    ls_text_draw_within (paint->text, cr, LS_FONT_SMALL, left, right, 0.5, y_middle, tag);
}

static void
paint_region (const LsPaint *paint, const LsInterval *region, double y, double height)
{
  cairo_t *cr = paint->cr;
  double x0 = ls_axis_x_of_begin (paint->axis, region);
  double x1 = ls_axis_x_of_end (paint->axis, region);
  if (!ls_clip_bar (&x0, &x1, paint->width, 1))
    return;
  LsColor color = ls_scene_thread_color (paint->scene, region->thread);
  LsColor tint = ls_color_mix (paint->palette->ground, color, 0.25);
  ls_fill_rect (cr, tint, x0, y, x1 - x0, height);
  ls_stroke_rect (cr, color, x0, y, x1 - x0, height);
  if (x1 - x0 < MAX (paint->frame->label_min_px, 16) || height < 12)
    return;
  LsEvent event;
  ls_trace_get_event (paint->trace, region->begin_event, &event);
  ls_set_color (cr, ls_color_get_text_on (tint));
  ls_text_draw_within (paint->text, cr, LS_FONT_SMALL, MAX (x0, 0) + 4, MIN (x1, paint->width) - 3,
                       0, y + height / 2, event.name ? event.name : "");
}

/* Steps over what is too close to what was drawn to be seen beside it. */
static uint32_t
find_next (const LsPaint *paint, LsIntervals intervals, uint32_t i, double px)
{
  if (!(paint->dense & LS_DENSE_HOLDS))
    return i + 1;
  LsInterval interval = ls_intervals_get (intervals, i);
  double x = ls_axis_x_of_end (paint->axis, &interval);
  x = MAX (x, ls_axis_x_of_begin (paint->axis, &interval)) + px;
  uint32_t next =
    ls_intervals_find (intervals, ls_axis_time_of_x (paint->axis, MIN (x, paint->width)));
  return MAX (next, i + 1);
}

typedef void (*RowPainter) (const LsPaint *paint,
                            const LsInterval *interval,
                            double y,
                            double height);

static void
paint_rows (const LsPaint *paint,
            LsIntervals intervals,
            guint n_rows,
            double y,
            double row_height,
            RowPainter paint_one)
{
  uint32_t first, end;
  ls_paint_find_intervals (paint, intervals, &first, &end);
  uint32_t last_hidden = LS_NONE;
  for (uint32_t i = first; i < end; i = find_next (paint, intervals, i, 2)) {
    LsInterval interval = ls_intervals_get (intervals, i);
    if (interval.row < n_rows) {
      paint_one (paint, &interval, y + interval.row * row_height, row_height - 3);
      continue;
    }
    last_hidden = i;
  }
  if (last_hidden == LS_NONE)
    return;
  /* Deeper rows than shown: how many, at the right end of the last one. */
  guint deepest = n_rows;
  for (uint32_t i = first; i < MIN (end, first + 2000); i++)
    deepest = MAX (deepest, ls_intervals_get (intervals, i).row + 1u);
  g_autofree char *more = g_strdup_printf ("+%u", deepest - n_rows);
  double width = ls_text_get_width (paint->text, LS_FONT_SMALL_BOLD, more);
  double x = paint->width - width - 8;
  double y_last = y + (n_rows - 1) * row_height;
  ls_fill_rect (paint->cr, paint->palette->ground, x - 4, y_last, width + 8, row_height - 3);
  ls_set_color (paint->cr, paint->palette->text_dim);
  ls_text_draw (paint->text, paint->cr, LS_FONT_SMALL_BOLD, x, y_last + (row_height - 3) / 2, more);
}

static void
paint_holds (const LsPaint *paint, const LsThreadBox *box)
{
  LsIntervals holds = ls_trace_get_thread_holds (paint->trace, paint->lane->index);
  if (paint->lane->size == LS_LANE_MEDIUM) {
    /* A line under the bar: that something was held, and when. */
    if (holds.n > 0 && !(paint->dense & (LS_DENSE_HOLDS | LS_DENSE_BARS)))
      paint_rows (paint, holds, 1, box->bar_y + box->bar_height, 5, paint_hold);
    return;
  }
  double y = box->holds_y;
  if (box->n_hold_rows > 0)
    paint_rows (paint, holds, box->n_hold_rows, y, box->row_height, paint_hold);
  y += box->n_hold_rows * box->row_height;
  LsIntervals regions = ls_trace_get_thread_regions (paint->trace, paint->lane->index);
  if (box->n_region_rows > 0)
    paint_rows (paint, regions, box->n_region_rows, y, box->row_height, paint_region);
}

/* -- The whole lane -- */

static void
paint_end (const LsPaint *paint, const LsThreadBox *box)
{
  const LsThread *thread = ls_trace_get_thread (paint->trace, paint->lane->index);
  if (thread->finish_event == LS_NONE)
    return;
  double x = ls_axis_x_of_event (paint->axis, thread->finish_event);
  if (x < -4 || x > paint->width + 4)
    return;
  double more = paint->lane->size == LS_LANE_LARGE ? 3 : 0;
  ls_fill_rect (paint->cr, paint->palette->text, round (x) - 1, box->bar_y - more, 2.5,
                box->bar_height + 2 * more);
}

/* A thread that lived less than a few pixels is a tick, so that it does not vanish. */
static bool
paint_short_life (const LsPaint *paint, const LsThreadBox *box)
{
  const LsThread *thread = ls_trace_get_thread (paint->trace, paint->lane->index);
  if (thread->first_event == LS_NONE)
    return true;
  double x0 = ls_axis_x_of_event (paint->axis, thread->first_event);
  double x1 = ls_axis_x_of_event (paint->axis, thread->last_event);
  if (thread->finish_event == LS_NONE)
    x1 = ls_axis_x_of_u (paint->axis, ls_axis_get_length (paint->axis));
  if (x1 < 0 || x0 > paint->width)
    return true;
  if (x1 - x0 >= 3)
    return false;
  ls_fill_rect (paint->cr, ls_scene_thread_color (paint->scene, paint->lane->index), round (x0) - 1,
                box->bar_y, 3, box->bar_height);
  return true;
}

void
ls_paint_thread (LsPaint *paint)
{
  LsThreadBox box;
  ls_scene_get_thread_box (paint->scene, paint->lane, &box);
  if (paint_short_life (paint, &box))
    return;
  paint_states (paint, &box);
  paint_holds (paint, &box);
  paint_end (paint, &box);
  if (paint->lane->size != LS_LANE_SMALL)
    ls_paint_marks (paint, &box);
}
