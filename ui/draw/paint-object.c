/* SPDX-License-Identifier: MIT */
/* The lane of a lock or signal: who had it, above; who waited for it, below. */
#include "paint-private.h"

#include <math.h>

#include "names.h"

static LsObjectBox
get_box (const LsPaint *paint)
{
  double scale = paint->scene->text_scale;
  bool is_large = paint->lane->size == LS_LANE_LARGE;
  double bar = round ((is_large ? 20 : 15) * scale);
  double wait = round ((is_large ? 10 : 9) * scale);
  double y = floor ((paint->height - bar - wait - 4) / 2);
  return (LsObjectBox){ y, bar, y + bar + 3, wait };
}

static const LsObject *
get_object (const LsPaint *paint)
{
  return ls_trace_get_object (paint->trace, paint->lane->index);
}

static bool
is_signal (const LsPaint *paint)
{
  return (ls_object_rows[get_object (paint)->kind].flags & LS_OBJ_SIGNAL) != 0;
}

/* -- Who has it -- */

static void
finish_owner (const LsPaint *paint, const LsBar *bar, const LsObjectBox *box)
{
  cairo_t *cr = paint->cr;
  uint32_t thread = bar->interval.thread;
  LsColor color = ls_scene_thread_color (paint->scene, thread);
  if (bar->interval.end_event == LS_NONE)
    ls_draw_ragged (cr, paint->palette->ground, color, bar->x1, box->bar_y, box->bar_height);
  if (bar->x1 - bar->x0 < MAX (paint->frame->label_min_px, 16))
    return;
  const char *name = ls_trace_get_thread (paint->trace, thread)->name;
  char letter = paint->scene->letters[thread];
  g_autofree char *words = letter ? g_strdup_printf ("%s %c", name, letter) : g_strdup (name);
  double left = MAX (bar->x0, 0) + 5, right = MIN (bar->x1, paint->width) - 4;
  double y = box->bar_y + box->bar_height / 2;
  ls_set_color (cr, ls_color_get_text_on (color));
  if (!ls_text_draw_within (paint->text, cr, LS_FONT_SMALL, left, right, 0, y, words) && letter) {
    const char only[] = { letter, '\0' };
    ls_text_draw_within (paint->text, cr, LS_FONT_SMALL, left - 3, right + 2, 0.5, y, only);
  }
}

static void
paint_owners (const LsPaint *paint, const LsBars *owners, const LsObjectBox *box)
{
  LsBatch batch;
  ls_batch_init (&batch, paint->cr, paint->palette);
  for (guint i = 0; i < owners->array->len; i++) {
    const LsBar *bar = &g_array_index (owners->array, LsBar, i);
    ls_batch_add_color (&batch, ls_scene_thread_color (paint->scene, bar->interval.thread), bar->x0,
                        box->bar_y, bar->shown_x1 - bar->x0, box->bar_height);
  }
  ls_batch_finish (&batch);
  for (guint i = 0; i < owners->array->len; i++)
    finish_owner (paint, &g_array_index (owners->array, LsBar, i), box);
}

/* Readers, or a semaphore's units: a grey count. */
static void
paint_shared (const LsPaint *paint, LsStairs *stairs, const LsObjectBox *box)
{
  ls_stairs_finish (stairs);
  if (stairs->changes->len == 0)
    return;
  cairo_t *cr = paint->cr;
  ls_stairs_path (stairs, cr, box->bar_y + box->bar_height, box->bar_height, stairs->most);
  ls_set_color (cr, paint->palette->mixed);
  cairo_fill (cr);
  /* The count where a level lasts long enough to be read. */
  int n = 0;
  double unit = box->bar_height / MAX (stairs->most, 1);
  for (guint i = 0; i + 1 < stairs->changes->len; i++) {
    const LsChange *change = &g_array_index (stairs->changes, LsChange, i);
    double next_x = g_array_index (stairs->changes, LsChange, i + 1).x;
    n += change->change;
    if (n < 1 || next_x - change->x < MAX (paint->frame->label_min_px, 18))
      continue;
    char text[16];
    g_snprintf (text, sizeof text, "%d", n);
    double top = box->bar_y + box->bar_height - n * unit;
    double y = n * unit >= 13 ? top + 7 : top - 6;
    ls_set_color (cr, n * unit >= 13 ? ls_color_get_text_on (paint->palette->mixed)
                                     : paint->palette->text_dim);
    ls_text_draw_within (paint->text, cr, LS_FONT_SMALL, MAX (change->x, 0) + 4,
                         MIN (next_x, paint->width) - 2, 0, MAX (y, box->bar_y + 6), text);
  }
}

static void
paint_holds (const LsPaint *paint, const LsObjectBox *box)
{
  uint32_t first, end;
  LsIntervals holds = ls_trace_get_object_holds (paint->trace, paint->lane->index);
  ls_paint_find_intervals (paint, holds, &first, &end);
  bool counts = get_object (paint)->kind == LS_OBJECT_SEMAPHORE;
  g_auto (LsBars) owners;
  LsStairs stairs;
  ls_bars_init (&owners);
  ls_stairs_init (&stairs);
  for (uint32_t i = first; i < end; i++) {
    LsInterval hold = ls_intervals_get (holds, i);
    double x0 = ls_axis_x_of_begin (paint->axis, &hold);
    double x1 = ls_axis_x_of_end (paint->axis, &hold);
    if (hold.mode != LS_MODE_SHARED && !counts)
      ls_bars_add (&owners, paint, &hold, 0, x0, x1, 1);
    else if (ls_clip_bar (&x0, &x1, paint->width, 1))
      ls_stairs_add (&stairs, x0, x1, 1);
  }
  paint_owners (paint, &owners, box);
  paint_shared (paint, &stairs, box);
  ls_stairs_clear (&stairs);
}

/* -- Who waits -- */

static void
fill_waiters (const LsPaint *paint, LsStairs *stairs, const LsObjectBox *box, bool writers)
{
  ls_stairs_finish (stairs);
  if (stairs->changes->len == 0)
    return;
  cairo_t *cr = paint->cr;
  ls_stairs_path (stairs, cr, box->wait_y + box->wait_height, box->wait_height, stairs->most);
  if (is_signal (paint))
    ls_fill_dots (cr, paint->palette);
  else if (writers)
    ls_fill_hatch (cr, paint->palette);
  else { /* readers that wait: the same amber, paler */
    ls_set_color_alpha (cr, paint->palette->wait, 0.45);
    cairo_fill (cr);
  }
  ls_stairs_path (stairs, cr, box->wait_y + box->wait_height, box->wait_height, stairs->most);
  ls_set_color (cr, is_signal (paint) ? paint->palette->idle : paint->palette->wait);
  cairo_set_line_width (cr, 1);
  cairo_stroke (cr);
}

static void
paint_waits (const LsPaint *paint, const LsObjectBox *box)
{
  uint32_t first, end;
  LsIntervals waits = ls_trace_get_object_waits (paint->trace, paint->lane->index);
  ls_paint_find_intervals (paint, waits, &first, &end);
  LsStairs stairs[2];
  ls_stairs_init (&stairs[0]);
  ls_stairs_init (&stairs[1]);
  for (uint32_t i = first; i < end; i++) {
    LsInterval wait = ls_intervals_get (waits, i);
    double x0 = ls_axis_x_of_begin (paint->axis, &wait);
    double x1 = ls_axis_x_of_end (paint->axis, &wait);
    if (ls_clip_bar (&x0, &x1, paint->width, 3))
      ls_stairs_add (&stairs[wait.mode == LS_MODE_SHARED], x0, x1, 1);
  }
  fill_waiters (paint, &stairs[1], box, false);
  fill_waiters (paint, &stairs[0], box, true);
  ls_stairs_clear (&stairs[0]);
  ls_stairs_clear (&stairs[1]);
}

/* -- Signals and other single events -- */

static bool
woke_nobody (const LsPaint *paint, uint32_t k)
{
  LsLockState state;
  ls_lock_state_init (&state);
  ls_trace_get_lock_state (paint->trace, paint->lane->index, k, &state);
  bool is_empty = state.waiters->len == 0;
  ls_lock_state_clear (&state);
  return is_empty;
}

static void
paint_event (const LsPaint *paint, uint32_t k, double x, const LsObjectBox *box)
{
  LsEventKind kind = ls_trace_get_kind (paint->trace, k);
  LsColor color = ls_scene_thread_color (paint->scene, ls_trace_get_event_thread (paint->trace, k));
  double y = box->bar_y + box->bar_height / 2;
  switch (kind) {
  case LS_EV_SIGNAL:
  case LS_EV_BROADCAST:
    ls_draw_shape (paint->cr, paint->palette, ls_shape_of_event (kind), color, false, x, y, 5);
    if (woke_nobody (paint, k)) /* crossed out */
      ls_draw_line (paint->cr, paint->palette->text, x - 7, y + 5, x + 7, y - 5, 1.5);
    return;
  case LS_EV_SET:
  case LS_EV_CLEAR:
  case LS_EV_FAIL:
  case LS_EV_DESTROY:
    ls_draw_shape (paint->cr, paint->palette, ls_shape_of_event (kind), color, false, x, y, 5);
    return;
  case LS_EV_TIMEOUT:
    ls_draw_shape (paint->cr, paint->palette, LS_SHAPE_CROSS, color, false, x,
                   box->wait_y + box->wait_height / 2, 4);
    return;
  case LS_EV_WAKE: /* of a barrier: a round is over */
    if (get_object (paint)->kind == LS_OBJECT_BARRIER)
      ls_draw_line (paint->cr, paint->palette->text_dim, round (x) + 0.5, box->bar_y,
                    round (x) + 0.5, box->wait_y + box->wait_height, 1);
    return;
  case LS_EV_ACQUIRE:
  case LS_EV_RELEASE: /* of a semaphore: a tick in the colour of who took or gave */
    if (get_object (paint)->kind == LS_OBJECT_SEMAPHORE)
      ls_fill_rect (paint->cr, color, round (x) - 1, box->bar_y - 2, 2, box->bar_height + 4);
    return;
  default:
    return;
  }
}

static void
paint_events (const LsPaint *paint, const LsObjectBox *box)
{
  if (paint->dense & LS_DENSE_EVENTS)
    return;
  uint32_t n, first, end;
  const uint32_t *events = ls_trace_get_object_events (paint->trace, paint->lane->index, &n);
  if (n == 0)
    return;
  ls_paint_find_events (paint, events, n, &first, &end);
  for (uint32_t i = first; i < end; i++) {
    double x = ls_axis_x_of_event (paint->axis, events[i]);
    if (x > -10 && x < paint->width + 10)
      paint_event (paint, events[i], x, box);
  }
}

/* While an event is set, nobody waits for it. */
static void
paint_set (const LsPaint *paint, const LsObjectBox *box)
{
  uint32_t n, first, end;
  const uint32_t *events = ls_trace_get_object_events (paint->trace, paint->lane->index, &n);
  if (n == 0 || (paint->dense & LS_DENSE_EVENTS))
    return;
  ls_paint_find_events (paint, events, n, &first, &end);
  double since = NAN;
  for (uint32_t i = first; i > 0 && isnan (since); i--) {
    LsEventKind kind = ls_trace_get_kind (paint->trace, events[i - 1]);
    if (kind == LS_EV_CLEAR || first - i > 64)
      break;
    if (kind == LS_EV_SET)
      since = -8;
  }
  for (uint32_t i = first; i <= end; i++) {
    LsEventKind kind = i < end ? ls_trace_get_kind (paint->trace, events[i]) : LS_EV_CLEAR;
    double x = i < end ? ls_axis_x_of_event (paint->axis, events[i]) : paint->width + 8;
    if (kind == LS_EV_SET && isnan (since))
      since = x;
    if (kind != LS_EV_CLEAR || isnan (since))
      continue;
    double x0 = since, x1 = x;
    if (ls_clip_bar (&x0, &x1, paint->width, 1))
      ls_fill_rect (paint->cr, paint->palette->hold, x0, box->bar_y + box->bar_height / 2 - 3,
                    x1 - x0, 6);
    since = NAN;
  }
}

void
ls_paint_object (LsPaint *paint)
{
  LsObjectBox box = get_box (paint);
  if (paint->dense & LS_DENSE_BARS) {
    ls_paint_object_strip (paint, &box);
    ls_paint_finding_marks (paint, box.bar_y - 2, box.bar_height + 4);
    return;
  }
  if (get_object (paint)->kind == LS_OBJECT_EVENT)
    paint_set (paint, &box);
  paint_holds (paint, &box);
  paint_waits (paint, &box);
  paint_events (paint, &box);
}
