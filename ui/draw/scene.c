/* SPDX-License-Identifier: MIT */
/* A scene's life, options and look-ups. */
#include "scene-private.h"

#include <math.h>
#include <string.h>

#define LABEL_WIDTH_PX 204

void
ls_scene_options_init (LsSceneOptions *options)
{
  *options = (LsSceneOptions){
    .selected_finding = LS_NONE,
    .selected_event = LS_NONE,
    .selected_lane = LS_NONE,
    .cursor = LS_NONE,
  };
}

static void
apply_text_scale (LsScene *scene)
{
  double scale = scene->options.text_scale;
  scale = scale > 0 ? CLAMP (scale, 0.75, 4) : 1;
  if (scene->text && scale == scene->text_scale)
    return;
  ls_text_free (scene->text);
  scene->text = ls_text_new (scale);
  scene->text_scale = scale;
}

LsScene *
ls_scene_new (LsTrace *trace, GPtrArray *findings)
{
  LsScene *scene = g_new0 (LsScene, 1);
  scene->trace = ls_trace_ref (trace);
  scene->findings = findings ? g_ptr_array_ref (findings) : NULL;
  ls_scene_options_init (&scene->options);
  scene->width_px = 1200;
  scene->height_px = 800;
  scene->seen_px = -1;
  scene->lanes = g_array_new (FALSE, TRUE, sizeof (LsLane));
  g_array_set_clear_func (scene->lanes, ls_lane_clear);
  scene->palette = ls_palette_get (false, false);
  scene->frame = g_new0 (LsFrame, 1);
  ls_scene_choose_colors (scene);
  ls_scene_group_families (scene);
  for (uint32_t i = 0; i < ls_trace_get_n_threads (trace); i++) {
    uint32_t first = ls_trace_get_thread (trace, i)->first_event;
    if (first != LS_NONE)
      scene->most_alive = MAX (scene->most_alive, ls_trace_get_n_alive (trace, first));
  }
  scene->has_bracket = g_new0 (bool, ls_trace_get_n_threads (trace) + 1);
  for (guint i = 0; findings && i < findings->len; i++) {
    uint32_t thread;
    if (ls_finding_get_bracket_thread (trace, g_ptr_array_index (findings, i), &thread))
      scene->has_bracket[thread] = true;
  }
  apply_text_scale (scene);
  scene->axis = ls_axis_new (trace, LS_AXIS_TIME, NULL, findings, false);
  ls_axis_set_width (scene->axis, ls_scene_get_plot_width (scene));
  ls_axis_show_all (scene->axis);
  ls_scene_lay_out_lanes (scene);
  return scene;
}

void
ls_scene_free (LsScene *scene)
{
  if (!scene)
    return;
  ls_frame_free (scene->frame);
  ls_axis_free (scene->axis);
  ls_text_free (scene->text);
  g_array_unref (scene->lanes);
  g_array_unref (scene->families);
  g_free (scene->family_of);
  g_free (scene->lane_of_thread);
  g_free (scene->lane_of_object);
  g_free (scene->lane_of_counter);
  g_free (scene->colors);
  g_free (scene->letters);
  g_free (scene->has_bracket);
  g_free (scene->pixels);
  g_clear_pointer (&scene->overview, cairo_surface_destroy);
  g_clear_pointer (&scene->tags, g_hash_table_unref);
  g_clear_pointer (&scene->findings, g_ptr_array_unref);
  ls_trace_unref (scene->trace);
  g_free (scene);
}

/* The axis of the new kind shows the events that the old one showed. */
static void
change_axis (LsScene *scene)
{
  uint32_t begin, end;
  ls_axis_get_events (scene->axis, &begin, &end);
  LsSpan span = ls_axis_get_span (scene->axis);
  bool is_all = begin == 0 && end == ls_trace_get_n_events (scene->trace);
  double begin_u, end_u;
  ls_axis_get_view (scene->axis, &begin_u, &end_u, NULL);
  bool same_kind = ls_axis_get_kind (scene->axis) == scene->options.axis;
  g_autoptr (LsAxis) axis = ls_axis_new (scene->trace, scene->options.axis, NULL, scene->findings,
                                         scene->options.fold_gaps);
  double width = ls_scene_get_plot_width (scene);
  ls_axis_set_width (axis, width);
  if (same_kind && !is_all)
    ls_axis_set_view (axis, begin_u, end_u, width);
  else if (is_all)
    ls_axis_show_all (axis);
  else if (scene->options.axis == LS_AXIS_ORDER && end > begin)
    ls_axis_set_view (axis, ls_axis_u_of_event (axis, begin) - 0.5,
                      ls_axis_u_of_event (axis, end - 1) + 0.5, width);
  else if (scene->options.axis == LS_AXIS_TIME)
    ls_axis_set_view (axis, (double) span.begin_ns, (double) span.end_ns, width);
  ls_axis_free (scene->axis);
  scene->axis = g_steal_pointer (&axis);
}

void
ls_scene_set_options (LsScene *scene, const LsSceneOptions *options)
{
  LsSceneOptions old = scene->options;
  scene->options = *options;
  scene->palette = ls_palette_get (options->dark, options->high_contrast);
  apply_text_scale (scene);
  if (old.axis != options->axis ||
      (options->axis == LS_AXIS_TIME && old.fold_gaps != options->fold_gaps))
    change_axis (scene);
  ls_axis_set_width (scene->axis, ls_scene_get_plot_width (scene));
  bool is_other_layout =
    old.axis != options->axis || old.text_scale != options->text_scale ||
    old.lane_height_px != options->lane_height_px ||
    old.show_uncontended != options->show_uncontended ||
    old.unfold_families != options->unfold_families ||
    memcmp (old.section_closed, options->section_closed, sizeof old.section_closed) != 0;
  if (is_other_layout)
    ls_scene_lay_out_lanes (scene);
  if (old.dark != options->dark || old.high_contrast != options->high_contrast)
    g_clear_pointer (&scene->overview, cairo_surface_destroy);
  scene->frame->is_valid = false;
}

const LsSceneOptions *
ls_scene_get_options (const LsScene *scene)
{
  return &scene->options;
}

void
ls_scene_set_size (LsScene *scene, double width_px, double height_px)
{
  scene->width_px = isfinite (width_px) ? CLAMP (width_px, 1, 32000) : 1;
  scene->height_px = isfinite (height_px) ? MAX (height_px, 1) : 1;
  ls_axis_set_width (scene->axis, ls_scene_get_plot_width (scene));
}

void
ls_scene_set_scroll (LsScene *scene, double scroll_px, double height_px)
{
  scene->scroll_px = isfinite (scroll_px) ? scroll_px : 0;
  scene->seen_px = isfinite (height_px) ? height_px : -1;
}

double
ls_scene_get_width (const LsScene *scene)
{
  return scene->width_px;
}

double
ls_scene_get_label_width (const LsScene *scene)
{
  double wanted = scene->options.label_width_px;
  return wanted > 0 ? wanted : round (LABEL_WIDTH_PX * scene->text_scale);
}

double
ls_scene_get_plot_width (const LsScene *scene)
{
  return MAX (scene->width_px - ls_scene_get_label_width (scene) - scene->options.side_px, 1);
}

LsTrace *
ls_scene_get_trace (const LsScene *scene)
{
  return scene->trace;
}

LsAxis *
ls_scene_get_axis (const LsScene *scene)
{
  return scene->axis;
}

const LsPalette *
ls_scene_get_palette (const LsScene *scene)
{
  return scene->palette;
}

const LsFinding *
ls_scene_get_selected_finding (const LsScene *scene)
{
  uint32_t index = scene->options.selected_finding;
  if (!scene->findings || index >= scene->findings->len)
    return NULL;
  return g_ptr_array_index (scene->findings, index);
}

/* -- Lanes -- */

const LsLane *
ls_scene_get_lanes (const LsScene *scene, guint *n)
{
  *n = scene->lanes->len;
  return (const LsLane *) (const void *) scene->lanes->data;
}

double
ls_scene_get_lanes_height (const LsScene *scene)
{
  if (scene->lanes->len == 0)
    return 0;
  const LsLane *last = ls_scene_lane (scene, scene->lanes->len - 1);
  return last->y_px + last->height_px;
}

guint
ls_scene_find_lane_at (const LsScene *scene, double y_px)
{
  if (!(y_px >= 0) || y_px >= ls_scene_get_lanes_height (scene))
    return G_MAXUINT;
  guint low = 0, high = scene->lanes->len;
  while (high - low > 1) {
    guint middle = low + (high - low) / 2;
    if (ls_scene_lane (scene, middle)->y_px <= y_px)
      low = middle;
    else
      high = middle;
  }
  return low;
}

guint
ls_scene_find_lane (const LsScene *scene, LsLaneKind kind, uint32_t index)
{
  for (guint i = 0; i < scene->lanes->len; i++) {
    const LsLane *lane = ls_scene_lane (scene, i);
    if (lane->kind == kind && lane->index == index)
      return i;
  }
  return G_MAXUINT;
}

guint
ls_scene_find_lane_of_event (const LsScene *scene, uint32_t k)
{
  if (k >= ls_trace_get_n_events (scene->trace))
    return G_MAXUINT;
  uint32_t lane = scene->lane_of_thread[ls_trace_get_event_thread (scene->trace, k)];
  return lane == LS_NONE ? G_MAXUINT : lane;
}

/* -- Framing -- */

static double
find_closest_steps_px (const LsScene *scene, const LsFinding *finding)
{
  double closest = G_MAXDOUBLE;
  double last = 0;
  for (guint i = 0; i < finding->steps->len; i++) {
    double x = ls_axis_x_of_event (scene->axis, g_array_index (finding->steps, LsStep, i).event);
    if (i > 0)
      closest = MIN (closest, fabs (x - last));
    last = x;
  }
  return closest;
}

static void
fill_view (LsScene *scene, const LsFinding *finding)
{
  LsAxis *axis = scene->axis;
  const LsStep *first = &g_array_index (finding->steps, LsStep, 0);
  const LsStep *last = &g_array_index (finding->steps, LsStep, finding->steps->len - 1);
  double begin = ls_axis_u_of_event (axis, first->event);
  double end = ls_axis_u_of_event (axis, last->event);
  double least = ls_axis_get_kind (axis) == LS_AXIS_ORDER ? 8 : 100;
  double middle = (begin + end) / 2, half = MAX (end - begin, least * 0.4) / 2;
  double width = ls_scene_get_plot_width (scene);
  /* The axis zooms out by itself: it knows what folded gaps take. */
  ls_axis_set_view (axis, middle - half, middle + half, width);
  ls_axis_zoom (axis, 1 / 0.4, width / 2);
}

void
ls_scene_frame_finding (LsScene *scene, uint32_t index)
{
  if (!scene->findings || index >= scene->findings->len)
    return;
  const LsFinding *finding = g_ptr_array_index (scene->findings, index);
  if (finding->steps->len == 0)
    return;
  LsSceneOptions options = scene->options;
  fill_view (scene, finding);
  const double least_px = 24;
  if (options.axis == LS_AXIS_TIME && find_closest_steps_px (scene, finding) < least_px) {
    options.fold_gaps = true;
    ls_scene_set_options (scene, &options);
    fill_view (scene, finding);
    if (find_closest_steps_px (scene, finding) < least_px) {
      options.axis = LS_AXIS_ORDER;
      ls_scene_set_options (scene, &options);
      fill_view (scene, finding);
    }
  }
}
