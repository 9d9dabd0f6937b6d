/* SPDX-License-Identifier: MIT */
/* The picture's small shapes and fillings, of which lanes and legend are made. */
#pragma once

#include "palette.h"

G_BEGIN_DECLS

typedef enum {
  LS_SHAPE_NONE,
  LS_SHAPE_RING,          /* read */
  LS_SHAPE_DIAMOND,       /* write */
  LS_SHAPE_SQUARE,        /* load: hollow */
  LS_SHAPE_SQUARE_FULL,   /* store */
  LS_SHAPE_SQUARE_HALF,   /* update */
  LS_SHAPE_TICK,          /* an event without a shape of its own */
  LS_SHAPE_FLAG,          /* mark */
  LS_SHAPE_CROSS,         /* fail, timeout, error */
  LS_SHAPE_TRIANGLE_UP,   /* send, signal */
  LS_SHAPE_TRIANGLE_DOWN, /* recv */
  LS_SHAPE_TRIANGLES_UP,  /* broadcast */
  LS_SHAPE_FORK,
  LS_SHAPE_FENCE,
  LS_SHAPE_CANCEL,
  LS_SHAPE_DESTROY,
  LS_SHAPE_LOST,
  LS_SHAPE_STALL,
  LS_SHAPE_N
} LsShape;

typedef enum {
  LS_ICON_NONE,
  LS_ICON_SLEEP,
  LS_ICON_JOIN,
  LS_ICON_BELL, /* cond, event */
  LS_ICON_BARRIER,
} LsIcon;

/* Says how many pixels a unit of this context will have, where its target cannot: a recording. */
void ls_set_target_scale (cairo_t *cr, int scale);
/* Pixels of the target a unit, 1 to max; files of lines get the finest. */
int ls_get_target_scale (cairo_t *cr, int max);

/* A rectangle whose sides lie on pixels; false when nothing of it is between 0 and width_px. x are
 * clipped just outside the plot, in double, since cairo's coordinates wrap. */
bool ls_clip_bar (double *x0, double *x1, double width_px, double least_px);

void ls_fill_rect (cairo_t *cr, LsColor color, double x, double y, double width, double height);
void ls_stroke_rect (cairo_t *cr, LsColor color, double x, double y, double width, double height);
void ls_path_pill (cairo_t *cr, double x, double y, double width, double height, double radius);
void
ls_draw_line (cairo_t *cr, LsColor color, double x0, double y0, double x1, double y1, double width);

/* Fills the current path. */
void ls_fill_hatch (cairo_t *cr, const LsPalette *palette);
void ls_fill_dots (cairo_t *cr, const LsPalette *palette);
void ls_bar_hatch (cairo_t *cr, const LsPalette *palette, double x, double y, double w, double h);
void ls_bar_dots (cairo_t *cr, const LsPalette *palette, double x, double y, double w, double h);

/* A jagged right edge at x: what never ended. */
void ls_draw_ragged (cairo_t *cr, LsColor ground, LsColor line, double x, double y, double height);

/* A shape with its middle at x, y, on whole pixels where there are pixels. `color` is the thread's;
 * `on_bar` when it lies on a bar of this colour, and is then drawn in white or black. */
void ls_draw_shape (cairo_t *cr,
                    const LsPalette *palette,
                    LsShape shape,
                    LsColor color,
                    bool on_bar,
                    double x,
                    double y,
                    double radius);
/* These with their outlines exactly where they are told to be. */
void ls_draw_shape_lines (cairo_t *cr,
                          const LsPalette *palette,
                          LsShape shape,
                          LsColor color,
                          bool on_bar,
                          double x,
                          double y,
                          double radius);
/* Nine pixels wide, its left side at x. */
void ls_draw_icon (cairo_t *cr, LsIcon icon, LsColor color, double x, double y);
void ls_draw_icon_lines (cairo_t *cr, LsIcon icon, LsColor color, double x, double y);

void ls_draw_arrow_head (cairo_t *cr, double x, double y, double angle, double size);
/* ↔: nothing orders what is left and right of it. */
void ls_draw_either_way (cairo_t *cr, LsColor color, double x, double y);
void ls_draw_either_way_lines (cairo_t *cr, LsColor color, double x, double y);
/* The zigzag of a folded gap, at x from y0 to y1. */
void ls_draw_zigzag (cairo_t *cr, LsColor color, double x, double y0, double y1);

G_END_DECLS
