/* SPDX-License-Identifier: MIT */
/* Where the findings' pins are in the row under the ruler: the gravest have their words, those that
 * would lie on another are a dot, and dots at one place are one with a count. */
#include "scene-private.h"

#include <math.h>

#define DOT_PX 12.0
#define MAX_PINS 400
#define MAX_MARKS 4000
#define MAX_FINDINGS 20000 /* looked at a frame */

/* The middle of a finding's steps in view; NaN when none of it is. */
static double
find_middle (const LsScene *scene, const LsFinding *finding, double width_px)
{
  if (finding->steps->len == 0)
    return NAN;
  const LsStep *first = &g_array_index (finding->steps, LsStep, 0);
  const LsStep *last = &g_array_index (finding->steps, LsStep, finding->steps->len - 1);
  double x0 = ls_axis_x_of_event (scene->axis, first->event);
  double x1 = ls_axis_x_of_event (scene->axis, last->event);
  if (x1 < 0 || x0 > width_px)
    return NAN;
  return (MAX (x0, 0) + MIN (x1, width_px)) / 2;
}

static bool
is_free (const GArray *pins, double x0, double x1)
{
  for (guint i = 0; i < pins->len; i++) {
    const LsPin *pin = &g_array_index (pins, LsPin, i);
    if (x0 < pin->x1 + 4 && pin->x0 < x1 + 4)
      return false;
  }
  return true;
}

static void
place (const LsScene *scene, LsFrame *frame, uint32_t index)
{
  const LsFinding *finding = g_ptr_array_index (scene->findings, index);
  double middle = find_middle (scene, finding, frame->width_px);
  if (isnan (middle))
    return;
  double width = ls_text_get_width (scene->text, LS_FONT_SMALL_BOLD, finding->label) + 28;
  if (frame->pins->len < 40 && width < frame->width_px) {
    double x0 = CLAMP (middle - width / 2, 0, frame->width_px - width);
    if (is_free (frame->pins, x0, x0 + width)) {
      LsPin pin = { index, 1, x0, x0 + width, true };
      g_array_append_val (frame->pins, pin);
      return;
    }
  }
  LsPin dot = { index, 1, middle - DOT_PX / 2, middle + DOT_PX / 2, false };
  for (guint i = 0; i < frame->pins->len; i++) {
    LsPin *pin = &g_array_index (frame->pins, LsPin, i);
    if (dot.x0 < pin->x1 && pin->x0 < dot.x1) {
      pin->n++;
      return;
    }
  }
  if (frame->pins->len < MAX_PINS)
    g_array_append_val (frame->pins, dot);
}

static void
mark_lane (LsFrame *frame, guint lane, double x)
{
  if (lane == LS_NONE || frame->marks->len >= MAX_MARKS)
    return;
  LsFindingMark mark = { lane, x };
  g_array_append_val (frame->marks, mark);
}

static void
mark_steps (const LsScene *scene, LsFrame *frame, const LsFinding *finding)
{
  for (guint i = 0; i < finding->steps->len; i++) {
    const LsStep *step = &g_array_index (finding->steps, LsStep, i);
    double x = ls_axis_x_of_event (scene->axis, step->event);
    if (x < 0 || x > frame->width_px)
      continue;
    if (step->thread < ls_trace_get_n_threads (scene->trace))
      mark_lane (frame, scene->lane_of_thread[step->thread], x);
    if (step->object < ls_trace_get_n_objects (scene->trace))
      mark_lane (frame, scene->lane_of_object[step->object], x);
  }
}

void
ls_frame_place_pins (const LsScene *scene, LsFrame *frame)
{
  if (!frame->pins)
    frame->pins = g_array_new (FALSE, TRUE, sizeof (LsPin));
  g_array_set_size (frame->pins, 0);
  if (!frame->marks)
    frame->marks = g_array_new (FALSE, TRUE, sizeof (LsFindingMark));
  g_array_set_size (frame->marks, 0);
  if (!scene->findings)
    return;
  uint32_t selected = scene->options.selected_finding;
  if (selected < scene->findings->len)
    place (scene, frame, selected);
  for (uint32_t i = 0; i < MIN (scene->findings->len, MAX_FINDINGS); i++) {
    const LsFinding *finding = g_ptr_array_index (scene->findings, i);
    if (i != selected && finding->parent == LS_NONE)
      place (scene, frame, i);
    if (finding->severity == LS_SEVERITY_ERROR || i == selected)
      mark_steps (scene, frame, finding);
  }
}
