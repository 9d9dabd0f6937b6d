/* SPDX-License-Identifier: MIT */
/* Icons of what is waited for, and the signs between bars: arrow heads, zigzags, the two-way arrow. */
#include "shapes.h"

#include <math.h>

void
ls_draw_icon_lines (cairo_t *cr, LsIcon icon, LsColor color, double x, double y)
{
  ls_set_color (cr, color);
  cairo_set_line_width (cr, 1.3);
  switch (icon) {
  case LS_ICON_SLEEP: /* a crescent */
    cairo_arc (cr, x + 4.5, y, 4, 0.25 * G_PI, 1.75 * G_PI);
    cairo_arc_negative (cr, x + 6.3, y, 3.2, 1.62 * G_PI, 0.38 * G_PI);
    cairo_close_path (cr);
    cairo_fill (cr);
    break;
  case LS_ICON_JOIN: /* an arrow to a wall */
    cairo_move_to (cr, x, y);
    cairo_line_to (cr, x + 5.5, y);
    cairo_move_to (cr, x + 3, y - 2.7);
    cairo_line_to (cr, x + 5.8, y);
    cairo_line_to (cr, x + 3, y + 2.7);
    cairo_move_to (cr, x + 8.3, y - 4);
    cairo_line_to (cr, x + 8.3, y + 4);
    cairo_stroke (cr);
    break;
  case LS_ICON_BELL:
    cairo_move_to (cr, x + 0.5, y + 2.5);
    cairo_curve_to (cr, x + 2, y + 1, x + 1.3, y - 4, x + 4.5, y - 4);
    cairo_curve_to (cr, x + 7.7, y - 4, x + 7, y + 1, x + 8.5, y + 2.5);
    cairo_close_path (cr);
    cairo_stroke (cr);
    cairo_arc (cr, x + 4.5, y + 3.8, 1, 0, 2 * G_PI);
    cairo_fill (cr);
    break;
  case LS_ICON_BARRIER:
    for (int i = 0; i < 3; i++) {
      cairo_move_to (cr, x + 1 + i * 3.3, y - 4);
      cairo_line_to (cr, x + 1 + i * 3.3, y + 4);
    }
    cairo_stroke (cr);
    break;
  default:
    break;
  }
}

void
ls_draw_arrow_head (cairo_t *cr, double x, double y, double angle, double size)
{
  cairo_move_to (cr, x, y);
  cairo_line_to (cr, x - size * cos (angle - 0.42), y - size * sin (angle - 0.42));
  cairo_line_to (cr, x - size * cos (angle + 0.42), y - size * sin (angle + 0.42));
  cairo_close_path (cr);
  cairo_fill (cr);
}

void
ls_draw_either_way_lines (cairo_t *cr, LsColor color, double x, double y)
{
  ls_draw_line (cr, color, x - 5, y, x + 5, y, 1.2);
  for (int side = -1; side <= 1; side += 2) {
    cairo_move_to (cr, x + side * 3, y - 3);
    cairo_line_to (cr, x + side * 6, y);
    cairo_line_to (cr, x + side * 3, y + 3);
  }
  cairo_stroke (cr);
}

void
ls_draw_zigzag (cairo_t *cr, LsColor color, double x, double y0, double y1)
{
  const double step = 7, reach = 4.5;
  double side = -1;
  cairo_move_to (cr, x + reach * side, y0);
  for (double y = y0 + step; y < y1 + step; y += step) {
    side = -side;
    cairo_line_to (cr, x + reach * side, MIN (y, y1));
  }
  ls_set_color (cr, color);
  cairo_set_line_width (cr, 1.2);
  cairo_stroke (cr);
}
