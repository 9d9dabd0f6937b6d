/* SPDX-License-Identifier: MIT */
/**
 * Paints a scene with cairo: the screen, PNG, SVG, PDF and the tests all use this code.
 *
 * Each function paints its part with the origin at the part's top left corner, and clips itself.
 * Cost per call depends on pixels and lanes in view, never on the trace's length.
 */
#pragma once

#include "scene.h"

G_BEGIN_DECLS

typedef enum {
  LS_PART_OVERVIEW,
  LS_PART_STRIP,
  LS_PART_RULER, /* and the row of pins */
  LS_PART_N
} LsPart;

/* 0 when the part is not shown with these options. */
double ls_scene_get_part_height (const LsScene *scene, LsPart part);

/* Parts above the lanes: the plot's width, without label column. */
void ls_paint_part (cairo_t *cr, const LsScene *scene, LsPart part);
/* Their names in the label column. */
void ls_paint_part_label (cairo_t *cr, const LsScene *scene, LsPart part);

/* Where a time is in the overview, and which event is under x in the strip (LS_NONE without any). */
double ls_overview_x_of_time (const LsScene *scene, int64_t ts_ns);
int64_t ls_overview_time_of_x (const LsScene *scene, double x_px);
uint32_t ls_strip_event_of_x (const LsScene *scene, double x_px);

/* What lies under the lanes: ground, grid, zigzags of folded gaps. Origin at the top of the lanes. */
void ls_paint_ground (cairo_t *cr, const LsScene *scene, double height_px);
/* The same in parts: the zigzags with their strips, and the lines of the grid, each a pixel wide. */
void ls_paint_gaps (cairo_t *cr, const LsScene *scene, double height_px);
#define LS_MAX_GRID 512
guint ls_scene_get_grid (const LsScene *scene, double *x_px, guint max);
LsColor ls_scene_get_grid_color (const LsScene *scene);

/* One lane's plot, and its label. The plot has no ground of its own. */
void ls_paint_lane (cairo_t *cr, const LsScene *scene, guint lane);
void ls_paint_lane_label (cairo_t *cr, const LsScene *scene, guint lane);

/* What lies across lanes, over them; origin at the top of the lanes: the selected finding's band
 * (under the lanes: call before them), then arrows and brackets (after them). */
void ls_paint_band (cairo_t *cr, const LsScene *scene, double height_px);
/* Where the band is; false when none is in view. */
bool ls_scene_get_band (const LsScene *scene, double *x0_px, double *x1_px);
void ls_paint_arrows (cairo_t *cr, const LsScene *scene, double scroll_px, double height_px);
/* Cursor line, selection and the pointer's hairline (hover_x < 0: none): cheap, a node of its own. */
void ls_paint_cursor (cairo_t *cr, const LsScene *scene, double height_px, double hover_x_px);

/* A small ladder for inspector and reports: one column per thread and value, one row per step. */
void ls_paint_ladder (cairo_t *cr, const LsScene *scene, uint32_t finding, double width_px);
double ls_scene_get_ladder_height (const LsScene *scene, uint32_t finding);
/* The step at y of the ladder; -1: none. */
int ls_scene_find_ladder_step (const LsScene *scene, uint32_t finding, double y_px);

/* The whole picture as one page, for files: title, verdict, parts, labels, lanes as far as they go
 * (the page is as high as the scene needs: ls_paint_page_height()). */
double ls_paint_page_height (const LsScene *scene);
void ls_paint_page (cairo_t *cr, const LsScene *scene);

/* Samples for the legend, drawn by the same code as the lanes. */
typedef enum {
  LS_LEGEND_COLORS, /* headings of the rows, in this order */
  LS_LEGEND_STATES,
  LS_LEGEND_LOCKS,
  LS_LEGEND_ACCESSES,
  LS_LEGEND_EVENTS,
  LS_LEGEND_FINDINGS,
} LsLegendGroup;

guint ls_legend_get_n (void);
LsLegendGroup ls_legend_get_group (guint row);
const char *ls_legend_get_text (guint row);
void ls_paint_legend_sample (cairo_t *cr, guint row, bool dark, double width_px, double height_px);

G_END_DECLS
