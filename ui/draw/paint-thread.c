/* SPDX-License-Identifier: MIT */
/* A thread's lane: its states as bars, its end; what it held is in paint-holds.c. */
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
collect_states (const LsPaint *paint, LsBars *runs, LsBars *waits)
{
  uint32_t first, end, last_event = LS_NONE;
  LsIntervals states = ls_trace_get_thread_states (paint->trace, paint->lane->index);
  ls_paint_find_intervals (paint, states, &first, &end);
  double x0, x1 = 0;
  for (uint32_t i = first; i < end; i++) {
    LsInterval state = ls_intervals_get (states, i);
    /* A thread's states follow one another: one's end is the next one's begin. */
    x0 =
      i > first && state.begin_event == last_event ? x1 : ls_axis_x_of_begin (paint->axis, &state);
    x1 = ls_axis_x_of_end (paint->axis, &state);
    last_event = state.end_event;
    if (state.state == LS_STATE_NOT_WAITING)
      ls_bars_add (runs, paint, &state, 0, x0, x1, 1);
    else if (state.state != LS_STATE_NONE)
      ls_bars_add (waits, paint, &state, 0, x0, x1, LEAST_PX);
  }
}

static void
fill_states (const LsPaint *paint, const LsBars *runs, const LsBars *waits, double y, double height)
{
  static const LsFilling hatch = { .kind = LS_FILLING_HATCH }, dots = { .kind = LS_FILLING_DOTS };
  const LsPalette *palette = paint->palette;
  g_auto (LsBatch) batch;
  ls_batch_init (&batch, paint->cr, palette);
  LsColor color = ls_scene_thread_color (paint->scene, paint->lane->index);
  for (guint i = 0; i < runs->array->len; i++) {
    const LsBar *bar = &g_array_index (runs->array, LsBar, i);
    ls_batch_add_color (&batch, color, bar->x0, y, bar->x1 - bar->x0, height);
  }
  /* Waits last: what is never under 3 px must not vanish under its neighbour. */
  for (guint i = 0; i < waits->array->len; i++) {
    const LsBar *bar = &g_array_index (waits->array, LsBar, i);
    bool is_lock = bar->interval.state == LS_STATE_WAIT_LOCK;
    const LsFilling *filling = is_lock ? &hatch : &dots;
    double width = bar->shown_x1 - bar->x0;
    if (height < 6)
      ls_batch_add (&batch, filling, bar->x0, y, width, height);
    else
      ls_batch_add_framed (&batch, filling, is_lock ? palette->wait : palette->idle, bar->x0, y,
                           width, height, bar->shown_x1 < bar->x1);
  }
}

/* How the wait ended, and its words. */
static void
finish_wait (const LsPaint *paint, const LsBar *bar, double y, double height)
{
  const LsInterval *wait = &bar->interval;
  const LsPalette *palette = paint->palette;
  if (wait->outcome == LS_OUTCOME_NEVER && height >= 10)
    ls_draw_ragged (paint->cr, palette->ground,
                    wait->state == LS_STATE_WAIT_LOCK ? palette->wait : palette->idle, bar->x1, y,
                    height);
  else if (wait->outcome == LS_OUTCOME_TIMEOUT || wait->outcome == LS_OUTCOME_FAIL)
    ls_draw_shape (paint->cr, palette, LS_SHAPE_CROSS, palette->text, false, bar->x1 - 1,
                   y + height / 2, MIN (height / 4, 4));
  if (bar->x1 - bar->x0 >= MAX (paint->frame->label_min_px, 30) && height >= 14)
    paint_words (paint, wait, bar->x0, bar->x1, y, height);
}

static void
paint_states (LsPaint *paint, const LsThreadBox *box)
{
  if (paint->dense & LS_DENSE_BARS) {
    ls_paint_state_strip (paint, paint->lane->index, box->bar_y, box->bar_height);
    ls_paint_finding_marks (paint, box->bar_y - 2, box->bar_height + 4);
    return;
  }
  g_auto (LsBars) runs, waits;
  ls_bars_init (&runs);
  ls_bars_init (&waits);
  collect_states (paint, &runs, &waits);
  fill_states (paint, &runs, &waits, box->bar_y, box->bar_height);
  for (guint i = 0; i < waits.array->len; i++)
    finish_wait (paint, &g_array_index (waits.array, LsBar, i), box->bar_y, box->bar_height);
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
  ls_paint_holds (paint, &box);
  paint_end (paint, &box);
  if (paint->lane->size != LS_LANE_SMALL)
    ls_paint_marks (paint, &box);
}
