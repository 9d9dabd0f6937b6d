/* SPDX-License-Identifier: MIT */
/* The picture's small shapes and fillings. */
#include "shapes.h"

#include <math.h>

#define PATTERN_PX 8
#define MAX_PATTERN_SCALE 4
#define WIDE_TILES 32 /* beside one another */

bool
ls_clip_bar (double *x0, double *x1, double width_px, double least_px)
{
  if (!(*x1 >= 0) || !(*x0 <= width_px))
    return false;
  *x0 = round (CLAMP (*x0, -8, width_px + 8));
  *x1 = round (CLAMP (*x1, -8, width_px + 8));
  if (*x1 - *x0 < least_px)
    *x1 = *x0 + least_px;
  return true;
}

void
ls_fill_rect (cairo_t *cr, LsColor color, double x, double y, double width, double height)
{
  ls_set_color (cr, color);
  cairo_rectangle (cr, x, y, width, height);
  cairo_fill (cr);
}

void
ls_stroke_rect (cairo_t *cr, LsColor color, double x, double y, double width, double height)
{
  ls_set_color (cr, color);
  cairo_set_line_width (cr, 1);
  cairo_rectangle (cr, x + 0.5, y + 0.5, MAX (width - 1, 0), MAX (height - 1, 0));
  cairo_stroke (cr);
}

void
ls_path_pill (cairo_t *cr, double x, double y, double width, double height, double radius)
{
  double r = MIN (radius, MIN (width, height) / 2);
  cairo_new_sub_path (cr);
  cairo_arc (cr, x + width - r, y + r, r, -(G_PI / 2), 0);
  cairo_arc (cr, x + width - r, y + height - r, r, 0, (G_PI / 2));
  cairo_arc (cr, x + r, y + height - r, r, (G_PI / 2), G_PI);
  cairo_arc (cr, x + r, y + r, r, G_PI, 1.5 * G_PI);
  cairo_close_path (cr);
}

void
ls_draw_line (cairo_t *cr, LsColor color, double x0, double y0, double x1, double y1, double width)
{
  ls_set_color (cr, color);
  cairo_set_line_width (cr, width);
  cairo_move_to (cr, x0, y0);
  cairo_line_to (cr, x1, y1);
  cairo_stroke (cr);
}

/* -- Fillings -- */

static cairo_pattern_t *
new_pattern (LsColor ground, LsColor color, bool dots, int scale, int n_tiles)
{
  int size = PATTERN_PX * scale;
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, size * n_tiles, size);
  cairo_t *cr = cairo_create (surface);
  cairo_scale (cr, scale, scale);
  ls_set_color (cr, ground);
  cairo_paint (cr);
  ls_set_color (cr, color);
  if (dots) {
    for (int i = 0; i < 2 * n_tiles; i++) {
      cairo_arc (cr, 2 + 4 * i, 2 + 4 * (i % 2), 0.75, 0, 2 * G_PI);
      cairo_fill (cr);
    }
  } else {
    cairo_set_line_width (cr, 2.2);
    for (int i = -1; i <= n_tiles + 1; i++) {
      cairo_move_to (cr, i * PATTERN_PX - 2, PATTERN_PX + 2);
      cairo_line_to (cr, (i + 1) * PATTERN_PX + 2, -2);
    }
    cairo_stroke (cr);
  }
  cairo_destroy (cr);
  cairo_pattern_t *pattern = cairo_pattern_create_for_surface (surface);
  cairo_surface_destroy (surface);
  cairo_matrix_t matrix;
  cairo_matrix_init_scale (&matrix, scale, scale);
  cairo_pattern_set_matrix (pattern, &matrix);
  cairo_pattern_set_extend (pattern, CAIRO_EXTEND_REPEAT);
  /* Made at the target's own resolution: any smoother filter costs a hundred times as much. */
  cairo_pattern_set_filter (pattern, CAIRO_FILTER_NEAREST);
  return pattern;
}

/* Two a palette and scale, made once and kept: cairo may read a pattern from several threads. */
static cairo_pattern_t *
get_pattern (cairo_t *cr, const LsPalette *palette, bool dots)
{
  static cairo_pattern_t *patterns[8][MAX_PATTERN_SCALE][2];
  static GMutex mutex;
  int scale = ls_get_target_scale (cr, MAX_PATTERN_SCALE);
  cairo_surface_type_t type = cairo_surface_get_type (cairo_get_target (cr));
  /* Pixels are copied from a wide tile much faster than from a narrow one; a file repeats it. */
  bool is_wide = type != CAIRO_SURFACE_TYPE_SVG && type != CAIRO_SURFACE_TYPE_PDF;
  int n_tiles = is_wide ? WIDE_TILES : 1;
  guint i = (dots ? 4 : 0) + (palette->dark ? 2 : 0) + (palette->high_contrast ? 1 : 0);
  g_mutex_lock (&mutex);
  cairo_pattern_t **place = &patterns[i][scale - 1][is_wide];
  if (!*place)
    *place = dots ? new_pattern (palette->idle_ground, palette->idle, true, scale, n_tiles)
                  : new_pattern (palette->wait_ground, palette->wait, false, scale, n_tiles);
  g_mutex_unlock (&mutex);
  return *place;
}

void
ls_fill_hatch (cairo_t *cr, const LsPalette *palette)
{
  cairo_set_source (cr, get_pattern (cr, palette, false));
  cairo_fill (cr);
}

void
ls_fill_dots (cairo_t *cr, const LsPalette *palette)
{
  cairo_set_source (cr, get_pattern (cr, palette, true));
  cairo_fill (cr);
}

void
ls_bar_hatch (cairo_t *cr, const LsPalette *palette, double x, double y, double w, double h)
{
  cairo_rectangle (cr, x, y, w, h);
  ls_fill_hatch (cr, palette);
  if (h >= 6)
    ls_stroke_rect (cr, palette->wait, x, y, w, h);
}

void
ls_bar_dots (cairo_t *cr, const LsPalette *palette, double x, double y, double w, double h)
{
  cairo_rectangle (cr, x, y, w, h);
  ls_fill_dots (cr, palette);
  if (h >= 6)
    ls_stroke_rect (cr, palette->idle, x, y, w, h);
}

void
ls_draw_ragged (cairo_t *cr, LsColor ground, LsColor line, double x, double y, double height)
{
  const int teeth = 4;
  double step = height / teeth;
  cairo_move_to (cr, x + 1, y);
  for (int i = 0; i < teeth; i++) {
    cairo_line_to (cr, x - 5, y + (i + 0.5) * step);
    cairo_line_to (cr, x, y + (i + 1) * step);
  }
  cairo_line_to (cr, x + 1, y + height);
  cairo_close_path (cr);
  ls_set_color (cr, ground);
  cairo_fill (cr);
  cairo_move_to (cr, x, y);
  for (int i = 0; i < teeth; i++) {
    cairo_line_to (cr, x - 5, y + (i + 0.5) * step);
    cairo_line_to (cr, x, y + (i + 1) * step);
  }
  ls_set_color (cr, line);
  cairo_set_line_width (cr, 1.5);
  cairo_stroke (cr);
}

/* -- Shapes -- */

static void
path_diamond (cairo_t *cr, double x, double y, double r)
{
  cairo_move_to (cr, x, y - r);
  cairo_line_to (cr, x + r, y);
  cairo_line_to (cr, x, y + r);
  cairo_line_to (cr, x - r, y);
  cairo_close_path (cr);
}

static void
path_triangle (cairo_t *cr, double x, double y, double r, double sign)
{
  cairo_move_to (cr, x, y - r * sign);
  cairo_line_to (cr, x + r, y + r * 0.8 * sign);
  cairo_line_to (cr, x - r, y + r * 0.8 * sign);
  cairo_close_path (cr);
}

static void path_shape (cairo_t *cr, LsShape shape, double x, double y, double r);

/* A shape with an edge 2 px wide. Two fillings: a stroke costs several times as much. */
static void
draw_hollow (cairo_t *cr, LsShape shape, LsColor inside, LsColor edge, double x, double y, double r)
{
  ls_set_color (cr, edge);
  path_shape (cr, shape, x, y, r + 1);
  cairo_fill (cr);
  ls_set_color (cr, inside);
  path_shape (cr, shape, x, y, MAX (r - 1, 0.5));
  cairo_fill (cr);
}

static void
draw_full (cairo_t *cr,
           LsShape shape,
           LsColor color,
           const LsColor *halo,
           double x,
           double y,
           double r)
{
  path_shape (cr, shape, x, y, r);
  if (halo) {
    ls_set_color (cr, *halo);
    cairo_set_line_width (cr, 2);
    cairo_stroke_preserve (cr);
  }
  ls_set_color (cr, color);
  cairo_fill (cr);
}

static void
draw_lines (cairo_t *cr, LsShape shape, double x, double y, double r)
{
  cairo_set_line_width (cr, 1.6);
  switch (shape) {
  case LS_SHAPE_CROSS:
  case LS_SHAPE_CANCEL:
    cairo_move_to (cr, x - r * 0.8, y - r * 0.8);
    cairo_line_to (cr, x + r * 0.8, y + r * 0.8);
    cairo_move_to (cr, x + r * 0.8, y - r * 0.8);
    cairo_line_to (cr, x - r * 0.8, y + r * 0.8);
    break;
  case LS_SHAPE_FORK:
    cairo_move_to (cr, x, y + r);
    cairo_line_to (cr, x, y);
    cairo_line_to (cr, x - r * 0.8, y - r);
    cairo_move_to (cr, x, y);
    cairo_line_to (cr, x + r * 0.8, y - r);
    break;
  case LS_SHAPE_FENCE:
    for (int i = -1; i <= 1; i += 2) {
      cairo_move_to (cr, x + i * 2, y - r * 1.3);
      cairo_line_to (cr, x + i * 2, y + r * 1.3);
    }
    break;
  case LS_SHAPE_DESTROY:
    cairo_move_to (cr, x - r, y + r);
    cairo_line_to (cr, x + r, y - r);
    break;
  case LS_SHAPE_STALL: /* an hourglass */
    cairo_move_to (cr, x - r * 0.8, y - r);
    cairo_line_to (cr, x + r * 0.8, y - r);
    cairo_line_to (cr, x - r * 0.8, y + r);
    cairo_line_to (cr, x + r * 0.8, y + r);
    cairo_close_path (cr);
    break;
  case LS_SHAPE_LOST:
    for (int i = -1; i <= 1; i++) {
      cairo_move_to (cr, x - r + i * r, y + r);
      cairo_line_to (cr, x + r + i * r, y - r);
      cairo_move_to (cr, x - r + i * r, y - r);
      cairo_line_to (cr, x + r + i * r, y + r);
    }
    break;
  default:
    cairo_move_to (cr, x, y - r);
    cairo_line_to (cr, x, y + r);
    break;
  }
  cairo_stroke (cr);
  if (shape == LS_SHAPE_CANCEL || shape == LS_SHAPE_DESTROY) {
    cairo_arc (cr, x, y, r * 1.25, 0, 2 * G_PI);
    cairo_stroke (cr);
  }
}

static void
path_shape (cairo_t *cr, LsShape shape, double x, double y, double r)
{
  switch (shape) {
  case LS_SHAPE_RING:
    cairo_arc (cr, x, y, r, 0, 2 * G_PI);
    break;
  case LS_SHAPE_DIAMOND:
    path_diamond (cr, x, y, r * 1.25);
    break;
  case LS_SHAPE_TRIANGLE_UP:
    path_triangle (cr, x, y, r, 1);
    break;
  case LS_SHAPE_TRIANGLE_DOWN:
    path_triangle (cr, x, y, r, -1);
    break;
  case LS_SHAPE_TRIANGLES_UP:
    path_triangle (cr, x - r * 0.6, y, r * 0.9, 1);
    path_triangle (cr, x + r * 0.6, y, r * 0.9, 1);
    break;
  case LS_SHAPE_FLAG:
    cairo_rectangle (cr, x - 0.75, y - r * 1.2, 1.5, r * 2.4);
    path_triangle (cr, x + r * 0.8, y - r * 0.4, r * 0.8, 1);
    break;
  default:
    cairo_rectangle (cr, x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8);
    break;
  }
}

void
ls_draw_shape_lines (cairo_t *cr,
                     const LsPalette *palette,
                     LsShape shape,
                     LsColor color,
                     bool on_bar,
                     double x,
                     double y,
                     double radius)
{
  LsColor line = on_bar ? ls_color_get_text_on (color) : color;
  LsColor inside = on_bar ? color : palette->halo;
  cairo_new_path (cr);
  switch (shape) {
  case LS_SHAPE_NONE:
    return;
  case LS_SHAPE_RING:
  case LS_SHAPE_SQUARE:
    draw_hollow (cr, shape, inside, line, x, y, radius);
    return;
  case LS_SHAPE_SQUARE_HALF:
    draw_hollow (cr, shape, inside, line, x, y, radius);
    ls_fill_rect (cr, line, x - radius, y, 2 * radius, radius);
    return;
  case LS_SHAPE_DIAMOND:
  case LS_SHAPE_SQUARE_FULL:
  case LS_SHAPE_TRIANGLE_UP:
  case LS_SHAPE_TRIANGLE_DOWN:
  case LS_SHAPE_TRIANGLES_UP:
  case LS_SHAPE_FLAG: /* a halo on its own bar would not be seen */
    draw_full (cr, shape, line, on_bar ? NULL : &palette->halo, x, y, radius);
    return;
  default:
    ls_set_color (cr, shape == LS_SHAPE_LOST || shape == LS_SHAPE_STALL ? palette->text : line);
    draw_lines (cr, shape, x, y, radius);
    return;
  }
}
