/* SPDX-License-Identifier: MIT */
/* What lies under and over all lanes: ground and grid, the finding's band and bracket, arrows, the
 * cursor. */
#include "paint-private.h"

#include <math.h>

#include "names.h"
#include "ticks.h"

#define MAX_TICKS 256
#define FAR_LANES 8

guint
ls_scene_get_grid (const LsScene *scene, double *x, guint max)
{
  const LsAxis *axis = scene->axis;
  LsTick ticks[MAX_TICKS];
  guint base;
  guint n = ls_ticks_compute (axis, 84 * scene->text_scale, ticks, MIN (max, MAX_TICKS), &base);
  for (guint i = 0; i < n; i++)
    x[i] = round (ticks[i].x_px);
  double begin_u, end_u;
  ls_axis_get_view (axis, &begin_u, &end_u, NULL);
  bool has_columns = ls_axis_get_kind (axis) == LS_AXIS_ORDER &&
                     ls_scene_get_plot_width (scene) / (end_u - begin_u) >= 14;
  for (double u = floor (MAX (begin_u, 0)); has_columns && u <= end_u && n < max; u++)
    x[n++] = round (ls_axis_x_of_u (axis, u));
  return n;
}

LsColor
ls_scene_get_grid_color (const LsScene *scene)
{
  /* Opaque: thin lines that are blended cost many times as much. */
  return ls_color_mix (scene->palette->ground, scene->palette->line, 0.7);
}

void
ls_paint_gaps (cairo_t *cr, const LsScene *scene, double height)
{
  guint n;
  const LsAxisGap *gaps = ls_axis_get_gaps (scene->axis, &n);
  const LsPalette *palette = scene->palette;
  for (guint i = 0; i < n; i++) {
    ls_fill_rect (cr, ls_color_mix (palette->ground, palette->ground_section, 0.6),
                  round (gaps[i].x_px) - 5, 0, 10, height);
    ls_draw_zigzag (cr, ls_color_mix (palette->line, palette->text_dim, 0.4), gaps[i].x_px, 0,
                    height);
  }
}

void
ls_paint_ground (cairo_t *cr, const LsScene *scene, double height)
{
  cairo_save (cr);
  cairo_rectangle (cr, 0, 0, ls_scene_get_plot_width (scene), height);
  cairo_clip (cr);
  ls_set_color (cr, scene->palette->ground);
  cairo_paint (cr);
  double x[LS_MAX_GRID];
  guint n = ls_scene_get_grid (scene, x, LS_MAX_GRID);
  for (guint i = 0; i < n; i++)
    cairo_rectangle (cr, x[i], 0, 1, height);
  ls_set_color (cr, ls_scene_get_grid_color (scene));
  cairo_fill (cr);
  ls_paint_gaps (cr, scene, height);
  cairo_restore (cr);
}

bool
ls_scene_get_band (const LsScene *scene, double *x0, double *x1)
{
  const LsFinding *finding = ls_scene_get_selected_finding (scene);
  if (!finding || finding->steps->len == 0)
    return false;
  double width = ls_scene_get_plot_width (scene);
  const LsStep *last = &g_array_index (finding->steps, LsStep, finding->steps->len - 1);
  *x0 = ls_axis_x_of_event (scene->axis, g_array_index (finding->steps, LsStep, 0).event);
  *x1 = ls_axis_x_of_event (scene->axis, last->event);
  if (!ls_clip_bar (x0, x1, width, 3))
    return false;
  *x0 = MAX (*x0, 0);
  *x1 = MIN (*x1, width);
  return true;
}

void
ls_paint_band (cairo_t *cr, const LsScene *scene, double height)
{
  double x0, x1;
  if (ls_scene_get_band (scene, &x0, &x1))
    ls_fill_rect (cr, scene->palette->finding_band, x0, 0, x1 - x0, height);
}

/* -- Where an event is -- */

typedef struct {
  guint lane;
  double x, middle, top, bottom; /* of its bar, from the top of the lanes */
} Place;

static bool
find_place (const LsScene *scene, uint32_t k, Place *place)
{
  place->lane = ls_scene_find_lane_of_event (scene, k);
  if (place->lane == G_MAXUINT)
    return false;
  const LsLane *lane = ls_scene_lane (scene, place->lane);
  place->x = ls_axis_x_of_event (scene->axis, k);
  if (lane->kind == LS_LANE_THREAD) {
    LsThreadBox box;
    ls_scene_get_thread_box (scene, lane, &box);
    place->top = lane->y_px + box.bar_y;
    place->bottom = place->top + box.bar_height;
  } else {
    place->top = lane->y_px + 4;
    place->bottom = lane->y_px + lane->height_px - 4;
  }
  place->middle = (place->top + place->bottom) / 2;
  return true;
}

/* -- Arrows -- */

static void
paint_stub (const LsPaint *paint,
            const Place *place,
            const Place *other,
            const char *name,
            bool leaves)
{
  double sign = other->middle > place->middle ? 1 : -1;
  double y0 = sign > 0 ? place->bottom : place->top;
  double y1 = y0 + sign * 11;
  double x = round (place->x) + 0.5;
  cairo_move_to (paint->cr, x, y0);
  cairo_line_to (paint->cr, x, y1);
  cairo_stroke (paint->cr);
  ls_draw_arrow_head (paint->cr, x, leaves ? y1 : y0, (leaves ? sign : -sign) * G_PI / 2, 6);
  if (ls_scene_lane (paint->scene, place->lane)->size == LS_LANE_LARGE) /* else over the next bar */
    ls_text_draw (paint->text, paint->cr, LS_FONT_SMALL, x + 5, y0 + sign * 7, name);
}

static const char *
get_thread_name (const LsPaint *paint, uint32_t k)
{
  return ls_trace_get_thread (paint->trace, ls_trace_get_event_thread (paint->trace, k))->name;
}

static void
paint_arrow (const LsPaint *paint, const LsArrow *arrow)
{
  Place from, to;
  if (!find_place (paint->scene, arrow->from, &from) ||
      !find_place (paint->scene, arrow->to, &to) || from.lane == to.lane)
    return;
  if (MAX (from.x, to.x) < 0 || MIN (from.x, to.x) > paint->width)
    return;
  cairo_t *cr = paint->cr;
  LsColor color = arrow->kind == LS_ARROW_RACE   ? paint->palette->finding_text
                  : arrow->kind == LS_ARROW_WAIT ? paint->palette->wait
                                                 : paint->palette->text_dim;
  ls_set_color (cr, color);
  cairo_set_line_width (cr, arrow->is_chosen ? 2.2 : arrow->kind == LS_ARROW_WAIT ? 1.8 : 1.2);
  guint distance = MAX (from.lane, to.lane) - MIN (from.lane, to.lane);
  if (distance > FAR_LANES && !arrow->is_chosen) {
    paint_stub (paint, &from, &to, get_thread_name (paint, arrow->to), true);
    paint_stub (paint, &to, &from, get_thread_name (paint, arrow->from), false);
    return;
  }
  double x0 = CLAMP (from.x, -50, paint->width + 50), x1 = CLAMP (to.x, -50, paint->width + 50);
  double sign = to.middle > from.middle ? 1 : -1;
  double y0 = sign > 0 ? from.bottom : from.top;
  /* A start is reached from the side, where its bar begins; all else from above or below. */
  bool sideways = ls_trace_get_kind (paint->trace, arrow->to) == LS_EV_START && x1 - x0 > 10;
  double y1 = sideways ? to.middle : sign > 0 ? to.top : to.bottom;
  double tip_x = sideways ? x1 - 1 : x1, tip_y = sideways ? y1 : y1 - sign * 1;
  double bend = (y1 - y0) * 0.55;
  cairo_move_to (cr, x0, y0);
  if (sideways)
    cairo_curve_to (cr, x0, y0 + bend, x0 + (x1 - x0) * 0.2, y1, tip_x - 5, y1);
  else
    cairo_curve_to (cr, x0, y0 + bend, x1, y1 - bend, tip_x, tip_y - sign * 5);
  cairo_stroke (cr);
  ls_draw_arrow_head (cr, tip_x, tip_y, sideways ? 0 : sign * G_PI / 2, arrow->is_chosen ? 10 : 8);
}

/* -- The bracket of a lost update -- */

typedef struct {
  uint32_t read, write, between; /* events: A's read, A's write, B's write */
} LostUpdate;

static guint
get_flags (const LsTrace *trace, uint32_t k)
{
  return ls_event_rows[ls_trace_get_kind (trace, k)].flags;
}

static bool
find_lost_update (const LsTrace *trace, const LsFinding *finding, LostUpdate *lost)
{
  if (!finding || finding->kind != LS_FINDING_LOST_UPDATE || finding->steps->len < 3)
    return false;
  const LsStep *last = &g_array_index (finding->steps, LsStep, finding->steps->len - 1);
  for (guint i = 0; i < finding->steps->len; i++)
    if (g_array_index (finding->steps, LsStep, i).is_culprit)
      last = &g_array_index (finding->steps, LsStep, i);
  *lost = (LostUpdate){ LS_NONE, last->event, LS_NONE };
  for (guint i = 0; i < finding->steps->len; i++) {
    const LsStep *step = &g_array_index (finding->steps, LsStep, i);
    if (step->event >= last->event)
      break;
    guint flags = get_flags (trace, step->event);
    if (step->thread == last->thread && (flags & LS_EV_READS))
      lost->read = step->event;
    else if (step->thread != last->thread && (flags & LS_EV_WRITES))
      lost->between = step->event;
  }
  return lost->read != LS_NONE;
}

bool
ls_finding_get_bracket_thread (const LsTrace *trace, const LsFinding *finding, uint32_t *thread)
{
  LostUpdate lost;
  if (!find_lost_update (trace, finding, &lost))
    return false;
  *thread = ls_trace_get_event_thread (trace, lost.write);
  return true;
}

static char *
dup_bracket_words (const LsPaint *paint, const LostUpdate *lost, bool is_long)
{
  g_autofree char *read = ls_dup_event_label (paint->trace, lost->read);
  g_autofree char *write = ls_dup_event_label (paint->trace, lost->write);
  if (!is_long || lost->between == LS_NONE)
    return g_strdup_printf ("%s … %s from it", read, write);
  LsEvent event;
  ls_trace_get_event (paint->trace, lost->between, &event);
  g_autofree char *value =
    event.val.type != LS_VALUE_NONE ? ls_value_dup_text (&event.val) : g_strdup ("");
  return g_strdup_printf ("%s … %s from it; %s wrote %s in between", read, write,
                          get_thread_name (paint, lost->between), value);
}

static void
paint_bracket (const LsPaint *paint, const LsFinding *finding)
{
  LostUpdate lost;
  Place place;
  if (!find_lost_update (paint->trace, finding, &lost) ||
      !find_place (paint->scene, lost.write, &place))
    return;
  double x0 = ls_axis_x_of_event (paint->axis, lost.read), x1 = place.x;
  if (!ls_clip_bar (&x0, &x1, paint->width, 3))
    return;
  const LsLane *lane = ls_scene_lane (paint->scene, place.lane);
  cairo_t *cr = paint->cr;
  double y = lane->y_px + lane->height_px - 7;
  ls_set_color (cr, paint->palette->finding_text);
  cairo_set_line_width (cr, 2);
  cairo_move_to (cr, x0, y + 5);
  cairo_line_to (cr, x0, y);
  cairo_line_to (cr, x1, y);
  cairo_line_to (cr, x1, y + 5);
  cairo_stroke (cr);
  if (lane->kind != LS_LANE_THREAD || lane->size != LS_LANE_LARGE)
    return;
  for (int is_long = 1; is_long >= 0; is_long--) {
    g_autofree char *words = dup_bracket_words (paint, &lost, is_long);
    double width = ls_text_get_width (paint->text, LS_FONT_SMALL_BOLD, words);
    double left = MAX (x0, 0), right = MIN (x1, paint->width);
    if (is_long && width > right - left - 4)
      continue;
    double x = CLAMP ((left + right - width) / 2, 4, MAX (paint->width - width - 4, 4));
    double text_y = y - 11 * paint->scene->text_scale;
    ls_path_pill (cr, x - 4, text_y - 8, width + 8, 16, 3);
    ls_set_color_alpha (cr, paint->palette->ground, 0.85);
    cairo_fill (cr);
    ls_set_color (cr, paint->palette->finding_text);
    ls_text_draw (paint->text, cr, LS_FONT_SMALL_BOLD, x, text_y, words);
    return;
  }
}

void
ls_paint_arrows (cairo_t *cr, const LsScene *scene, double scroll_px, double height_px)
{
  LsPaint paint;
  ls_paint_setup (&paint, cr, scene);
  cairo_save (cr);
  cairo_rectangle (cr, 0, 0, paint.width, height_px);
  cairo_clip (cr);
  cairo_translate (cr, 0, -scroll_px);
  for (guint i = 0; i < paint.frame->arrows->len; i++)
    paint_arrow (&paint, &g_array_index (paint.frame->arrows, LsArrow, i));
  paint_bracket (&paint, ls_scene_get_selected_finding (scene));
  cairo_restore (cr);
}

/* -- Cursor -- */

/* The cursor's own event once more over its line, so that the line does not hide what it points at. */
static void
paint_cursor_event (cairo_t *cr, const LsScene *scene)
{
  uint32_t k = scene->options.cursor;
  Place place;
  LsShape shape = ls_shape_of_event (ls_trace_get_kind (scene->trace, k));
  if (shape == LS_SHAPE_NONE || shape == LS_SHAPE_TICK || !find_place (scene, k, &place) ||
      ls_scene_lane (scene, place.lane)->kind != LS_LANE_THREAD)
    return;
  double radius = place.bottom - place.top >= 20 ? 5 : 3.5;
  LsColor color = ls_scene_thread_color (scene, ls_trace_get_event_thread (scene->trace, k));
  double y = place.middle - scene->scroll_px;
  ls_draw_shape (cr, scene->palette, shape, color, false, place.x, y, radius + 1);
}

void
ls_paint_cursor (cairo_t *cr, const LsScene *scene, double height_px, double hover_x_px)
{
  const LsPalette *palette = scene->palette;
  double width = ls_scene_get_plot_width (scene);
  const LsSceneOptions *options = &scene->options;
  uint32_t n = ls_trace_get_n_events (scene->trace);
  if (hover_x_px >= 0 && hover_x_px <= width)
    ls_fill_rect (cr, ls_color_mix (palette->line, palette->text_dim, 0.5), floor (hover_x_px), 0,
                  1, height_px);
  if (options->selected_event < n && options->selected_event != options->cursor) {
    double x = ls_axis_x_of_event (scene->axis, options->selected_event);
    static const double dash[] = { 3, 3 };
    cairo_set_dash (cr, dash, 2, 0);
    if (x >= 0 && x <= width)
      ls_draw_line (cr, palette->text_dim, round (x) + 0.5, 0, round (x) + 0.5, height_px, 1);
    cairo_set_dash (cr, NULL, 0, 0);
  }
  if (options->cursor < n) {
    double x = round (ls_axis_x_of_event (scene->axis, options->cursor));
    if (x >= 0 && x <= width) {
      ls_set_color_alpha (cr, palette->halo, 0.6);
      cairo_rectangle (cr, x - 2, 0, 4, height_px);
      cairo_fill (cr);
      ls_fill_rect (cr, palette->text, x - 1, 0, 2, height_px);
      paint_cursor_event (cr, scene);
    }
  }
}
