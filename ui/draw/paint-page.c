/* SPDX-License-Identifier: MIT */
/* The whole picture as one page: title, verdict, parts, lanes, and the selected finding explained. */
#include "paint-private.h"

#include <math.h>
#include <string.h>

#include "names.h"

#define TITLE_PX 52
#define VERDICT_PX 34
#define LEGEND_PX 34
#define PAD_PX 16

/* -- The finding's panel -- */

static double
paint_wrapped (const LsPaint *paint,
               LsFont font,
               double x,
               double y,
               double width,
               const char *text,
               bool measure)
{
  if (!measure)
    ls_text_draw_wrapped (paint->text, paint->cr, font, x, y, width, text);
  return ls_text_get_wrapped_height (paint->text, font, width, text);
}

static double
paint_badge (const LsPaint *paint, double x, double y, const char *text, bool is_filled)
{
  double height = 20 * paint->scene->text_scale;
  double width = ls_text_get_width (paint->text, LS_FONT_SMALL_BOLD, text) + 18;
  LsColor ground = is_filled ? paint->palette->finding : paint->palette->hold;
  ls_path_pill (paint->cr, x, y, width, height, 10);
  ls_set_color (paint->cr, ground);
  cairo_fill (paint->cr);
  ls_set_color (paint->cr, ls_color_get_text_on (ground));
  ls_text_draw (paint->text, paint->cr, LS_FONT_SMALL_BOLD, x + 9, y + height / 2, text);
  return width;
}

/* A short word in bold and what it says beside it. Returns the height. */
static double
paint_entry (const LsPaint *paint,
             double y,
             double width,
             const char *word,
             const char *text,
             bool measure)
{
  if (!text || !text[0])
    return 0;
  double left = 70 * paint->scene->text_scale;
  if (!measure) {
    ls_set_color (paint->cr, paint->palette->text);
    ls_text_draw_wrapped (paint->text, paint->cr, LS_FONT_SMALL_BOLD, 0, y, left - 6, word);
  }
  return paint_wrapped (paint, LS_FONT_SMALL, left, y, width - left, text, measure) + 8;
}

/* Paints, or only measures, the panel; returns its height. */
static double
paint_panel (const LsPaint *paint, double width, bool measure)
{
  const LsFinding *finding = ls_scene_get_selected_finding (paint->scene);
  if (!finding)
    return 0;
  uint32_t index = paint->scene->options.selected_finding;
  double y = 0;
  ls_set_color (paint->cr, paint->palette->text);
  y += paint_wrapped (paint, LS_FONT_TITLE, 0, y, width, finding->title, measure) + 8;
  if (!measure) {
    double x = paint_badge (paint, 0, y, ls_severity_name (finding->severity),
                            finding->severity == LS_SEVERITY_ERROR);
    paint_badge (paint, x + 6, y, ls_certainty_words (finding->certainty), false);
  }
  y += 20 * paint->scene->text_scale + 10;
  ls_set_color (paint->cr, paint->palette->text);
  y += paint_wrapped (paint, LS_FONT_NORMAL, 0, y, width, finding->sentence, measure) + 12;
  if (!measure) {
    cairo_save (paint->cr);
    cairo_translate (paint->cr, 0, round (y));
    ls_paint_ladder (paint->cr, paint->scene, index, width);
    cairo_restore (paint->cr);
  }
  y += ls_scene_get_ladder_height (paint->scene, index) + 14;
  y += paint_entry (paint, y, width, "Why", finding->why, measure);
  y += paint_entry (paint, y, width, "Remedy", finding->remedy, measure);
  y += paint_entry (paint, y, width, "But", finding->caveat, measure);
  return y;
}

/* -- Title and verdict -- */

static void
paint_title (const LsPaint *paint, double width)
{
  const LsTraceInfo *info = ls_trace_get_info (paint->trace);
  double scale = paint->scene->text_scale;
  g_autoptr (GString) line = g_string_new (NULL);
  for (guint i = 0; info->program && info->program[i] && line->len < 200; i++)
    g_string_append_printf (line, "%s%s", i > 0 ? " " : "", info->program[i]);
  g_autofree char *length = ls_duration_dup_text (info->end_ns);
  g_string_append_printf (line, "%s%s", line->len > 0 ? " · " : "", length);
  ls_set_color (paint->cr, paint->palette->text);
  ls_text_draw_ellipsized (paint->text, paint->cr, LS_FONT_TITLE, PAD_PX, width - PAD_PX,
                           18 * scale, info->title);
  ls_set_color (paint->cr, paint->palette->text_dim);
  ls_text_draw_ellipsized (paint->text, paint->cr, LS_FONT_SMALL, PAD_PX, width - PAD_PX,
                           38 * scale, line->str);
}

static void
paint_verdict (const LsPaint *paint, double width)
{
  cairo_t *cr = paint->cr;
  double middle = round (VERDICT_PX * paint->scene->text_scale / 2);
  LsSeverity gravest = LS_SEVERITY_NONE;
  g_autofree char *head =
    ls_trace_dup_verdict_head (paint->trace, paint->scene->findings, &gravest);
  g_autofree char *whole = ls_trace_dup_verdict (paint->trace, paint->scene->findings);
  bool has_any = gravest != LS_SEVERITY_NONE;
  cairo_arc (cr, PAD_PX + 6, middle, 6, 0, 2 * G_PI);
  ls_set_color (cr, has_any ? paint->palette->finding : paint->palette->mixed);
  if (gravest == LS_SEVERITY_ERROR || !has_any) {
    cairo_fill (cr);
  } else {
    cairo_set_line_width (cr, 2);
    cairo_stroke (cr);
  }
  double x = PAD_PX + 20;
  const char *rest = g_str_has_prefix (whole, head) ? whole + strlen (head) : whole;
  ls_set_color (cr, has_any ? paint->palette->finding_text : paint->palette->text);
  if (rest != whole) {
    ls_text_draw_ellipsized (paint->text, cr, LS_FONT_BOLD, x, width - PAD_PX, middle, head);
    x += ls_text_get_width (paint->text, LS_FONT_BOLD, head);
  }
  ls_set_color (cr, paint->palette->text);
  if (x < width - PAD_PX - 20)
    ls_text_draw_ellipsized (paint->text, cr, LS_FONT_NORMAL, x, width - PAD_PX, middle, rest);
}

/* -- Legend in one line -- */

static void
paint_legend (const LsPaint *paint, double width)
{
  double scale = paint->scene->text_scale;
  double x = PAD_PX, middle = round (LEGEND_PX * scale / 2);
  for (guint row = 0; row < ls_legend_get_n (); row++) {
    if (!ls_legend_is_basic (row))
      continue;
    const char *text = ls_legend_get_text (row);
    double text_width = ls_text_get_width (paint->text, LS_FONT_SMALL, text);
    if (x + 30 + text_width > width - PAD_PX)
      break;
    cairo_save (paint->cr);
    cairo_translate (paint->cr, x, middle - 8);
    ls_paint_legend_sample (paint->cr, row, paint->palette->dark, 24, 16);
    cairo_restore (paint->cr);
    ls_set_color (paint->cr, paint->palette->text_dim);
    ls_text_draw (paint->text, paint->cr, LS_FONT_SMALL, x + 30, middle, text);
    x += 30 + text_width + 20;
  }
}

/* -- The page -- */

static double
get_parts_height (const LsScene *scene)
{
  double height = 0;
  for (int part = 0; part < LS_PART_N; part++)
    height += ls_scene_get_part_height (scene, (LsPart) part);
  return height;
}

static bool
is_beside (const LsScene *scene)
{
  return scene->options.side_px > 0;
}

static double
get_panel_width (const LsScene *scene)
{
  return MAX ((is_beside (scene) ? scene->options.side_px : MIN (scene->width_px, 720)) -
                2 * PAD_PX,
              40);
}

/* Measuring needs a context to set colours on; nothing is drawn. */
static double
measure_panel (const LsScene *scene)
{
  if (!ls_scene_get_selected_finding (scene))
    return 0;
  cairo_surface_t *surface = cairo_recording_surface_create (CAIRO_CONTENT_COLOR, NULL);
  cairo_t *cr = cairo_create (surface);
  LsPaint paint;
  ls_paint_setup (&paint, cr, scene);
  double height = paint_panel (&paint, get_panel_width (scene), true) + 2 * PAD_PX;
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  return height;
}

double
ls_paint_page_height (const LsScene *scene)
{
  double scale = scene->text_scale;
  double head = (TITLE_PX + VERDICT_PX) * scale;
  double picture = get_parts_height (scene) + ls_scene_get_lanes_height (scene) + LEGEND_PX * scale;
  double panel = measure_panel (scene);
  return ceil (head + (is_beside (scene) ? MAX (picture, panel) : picture + panel));
}

static void
paint_picture (const LsPaint *paint, double top)
{
  cairo_t *cr = paint->cr;
  const LsScene *scene = paint->scene;
  double label = ls_scene_get_label_width (scene);
  double y = top;
  for (int part = 0; part < LS_PART_N; part++) {
    cairo_save (cr);
    cairo_translate (cr, 0, y);
    ls_paint_part_label (cr, scene, (LsPart) part);
    cairo_translate (cr, label, 0);
    ls_paint_part (cr, scene, (LsPart) part);
    cairo_restore (cr);
    y += ls_scene_get_part_height (scene, (LsPart) part);
  }
  double height = ls_scene_get_lanes_height (scene);
  cairo_save (cr);
  cairo_translate (cr, label, y);
  ls_paint_ground (cr, scene, height);
  ls_paint_band (cr, scene, height);
  cairo_restore (cr);
  for (guint i = 0; i < scene->lanes->len; i++) {
    cairo_save (cr);
    cairo_translate (cr, 0, y + ls_scene_lane (scene, i)->y_px);
    ls_paint_lane_label (cr, scene, i);
    cairo_translate (cr, label, 0);
    ls_paint_lane (cr, scene, i);
    cairo_restore (cr);
  }
  cairo_save (cr);
  cairo_translate (cr, label, y);
  ls_paint_arrows (cr, scene, 0, height);
  ls_paint_cursor (cr, scene, height, -1);
  cairo_restore (cr);
  ls_fill_rect (cr, paint->palette->line, label - 1, top, 1, y - top + height);
  cairo_save (cr);
  cairo_translate (cr, 0, y + height);
  paint_legend (paint, label + paint->width);
  cairo_restore (cr);
}

void
ls_paint_page (cairo_t *cr, const LsScene *scene)
{
  LsPaint paint;
  ls_paint_setup (&paint, cr, scene);
  double scale = scene->text_scale, width = scene->width_px;
  double height = ls_paint_page_height (scene);
  ls_fill_rect (cr, paint.palette->ground_bar, 0, 0, width, height);
  ls_fill_rect (cr, paint.palette->ground_section, 0, 0, width, TITLE_PX * scale);
  paint_title (&paint, width);
  cairo_save (cr);
  cairo_translate (cr, 0, TITLE_PX * scale);
  paint_verdict (&paint, width);
  cairo_restore (cr);
  double top = round ((TITLE_PX + VERDICT_PX) * scale);
  ls_fill_rect (cr, paint.palette->line, 0, top - 1, width, 1);
  paint_picture (&paint, top);
  if (!ls_scene_get_selected_finding (scene))
    return;
  cairo_save (cr);
  if (is_beside (scene)) {
    double x = width - scene->options.side_px;
    ls_fill_rect (cr, paint.palette->line, x, top, 1, height - top);
    cairo_translate (cr, x + PAD_PX, top + PAD_PX);
  } else {
    double y =
      top + get_parts_height (scene) + ls_scene_get_lanes_height (scene) + LEGEND_PX * scale;
    ls_fill_rect (cr, paint.palette->line, 0, round (y), width, 1);
    cairo_translate (cr, PAD_PX, round (y) + PAD_PX);
  }
  paint_panel (&paint, get_panel_width (scene), false);
  cairo_restore (cr);
}
