/* SPDX-License-Identifier: MIT */
/* What the painters share. */
#pragma once

#include "batch.h"
#include "paint.h"
#include "scene-private.h"
#include "shapes.h"

G_BEGIN_DECLS

/* All that a lane's painter needs, taken apart once. Origin: the lane's top left corner. */
typedef struct {
  cairo_t *cr;
  const LsScene *scene;
  LsTrace *trace;
  const LsAxis *axis;
  const LsPalette *palette;
  LsText *text;
  const LsFrame *frame;
  const LsLane *lane;
  guint lane_index;
  guint8 dense; /* LS_DENSE_* */
  double width, height;
} LsPaint;

/* paint-thread.c, paint-family.c, paint-object.c, paint-value.c, paint-counter.c */
void ls_paint_thread (LsPaint *paint);
void ls_paint_family (LsPaint *paint);
void ls_paint_object (LsPaint *paint);
void ls_paint_value (LsPaint *paint);
void ls_paint_active (LsPaint *paint);
void ls_paint_counter (LsPaint *paint);

bool ls_get_counter_scale (const LsPaint *paint, double *min, double *max);
/* The numbers of a value's or counter's scale, right-aligned in its label. */
void ls_paint_scale (LsPaint *paint, double label_width);

/* paint-object.c: where the parts of a lock's lane are. */
typedef struct {
  double bar_y, bar_height;   /* who has it */
  double wait_y, wait_height; /* who waits */
} LsObjectBox;
/* paint-object-strip.c */
void ls_paint_object_strip (const LsPaint *paint, const LsObjectBox *box);

/* paint-holds.c: what a thread held, and its regions. */
void ls_paint_holds (const LsPaint *paint, const LsThreadBox *box);

/* paint-marks.c: accesses, marks and other single events of a thread, and their words. */
void ls_paint_marks (LsPaint *paint, const LsThreadBox *box);
LsShape ls_shape_of_event (LsEventKind kind);
/* "read 0", "write 1", a mark's name; NULL when an event has no words. */
char *ls_dup_event_label (const LsTrace *trace, uint32_t k);

/* columns.c: the plot in columns of this width. Kept with the frame: good until a few others are asked
 * for. */
const LsGrid *ls_paint_get_grid (const LsPaint *paint, guint n_columns, double column_px);

/* paint-strip.c */
/* Shares of states of a thread's time in each pixel column, stacked. */
void ls_paint_state_strip (LsPaint *paint, uint32_t thread, double y, double height);
/* Adds the px that each state of the thread covers to by_column[column * LS_STATE_N + state]. */
void ls_sum_states (const LsPaint *paint, uint32_t thread, float *by_column, guint n_columns);
/* A column of a strip: colors[0] as far as row ends[0], colors[1] as far as ends[1], colors[2] below. */
typedef struct {
  guint32 colors[3]; /* premultiplied ARGB */
  guint8 ends[2];
} LsStripColumn;
void ls_paint_strip_columns (const LsPaint *paint,
                             const LsStripColumn *columns,
                             guint n_columns,
                             guint column_px,
                             double y,
                             double height);
/* Red ticks of findings in a lane of strips. */
void ls_paint_finding_marks (const LsPaint *paint, double y, double height);
/* Scratch pixels, valid until the next call. */
guint32 *ls_scene_get_pixels (const LsScene *scene, gsize n);
/* Paints pixels of n_columns x n_rows over the rectangle, each as large as it comes out. */
void ls_paint_pixels (cairo_t *cr,
                      guint32 *pixels,
                      int n_columns,
                      int n_rows,
                      double x,
                      double y,
                      double width,
                      double height);

/* bars.c: intervals in view, as bars in rows. */
#define LS_BAR_ROWS 3
typedef struct {
  LsInterval interval;
  double x0, x1;   /* whole pixels */
  double shown_x1; /* as far as the row's next bar leaves of it */
} LsBar;
typedef struct {
  GArray *array; /* LsBar */
  guint last[LS_BAR_ROWS];
} LsBars;
void ls_bars_init (LsBars *bars);
void ls_bars_clear (LsBars *bars);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LsBars, ls_bars_clear)
/* Adds what is between x0 and x1, unless nothing of it is in view; in a row by ascending begin. */
void ls_bars_add (LsBars *bars,
                  const LsPaint *paint,
                  const LsInterval *interval,
                  guint row,
                  double x0,
                  double x1,
                  double least_px);

/* stairs.c: how many of these intervals are going on at each x, as a staircase. */
typedef struct {
  double x;
  int change;
} LsChange;
typedef struct {
  GArray *changes; /* LsChange */
  int most;
} LsStairs;
void ls_stairs_init (LsStairs *stairs);
void ls_stairs_add (LsStairs *stairs, double x0, double x1, int n);
void ls_stairs_finish (LsStairs *stairs); /* sorts and finds the most */
void ls_stairs_clear (LsStairs *stairs);
/* The area between y_bottom and the staircase as the current path; `most` is `height` high. */
void ls_stairs_path (const LsStairs *stairs, cairo_t *cr, double y_bottom, double height, int most);

/* Heights of the ruler's rows, at text scale 1. */
#define LS_RULER_PX 28
#define LS_PINS_PX 26
#define LS_ORDER_CELLS_PX 28
#define LS_ORDER_TIMES_PX 18
#define LS_ORDER_GAPS_PX 20

/* paint-interleaving.c: a row of events begin <= k < end. */
typedef struct {
  uint32_t begin, end;
  double x, y, width, height;
} LsInterleaving;
void ls_paint_interleaving (const LsPaint *paint, const LsInterleaving *row);
void ls_paint_strip (const LsPaint *paint);
/* paint-ruler.c */
void ls_paint_ruler (const LsPaint *paint);

/* legend.c: whether the row is in the short legend under a page. */
bool ls_legend_is_basic (guint row);

/* As ls_axis_time_of_x(), from the frame's table where x is a whole pixel. */
static inline int64_t
ls_paint_time_of_x (const LsPaint *paint, double x)
{
  guint at = x >= 0 && x < G_MAXINT ? (guint) x : G_MAXUINT;
  return at < paint->frame->n_times && at == x ? paint->frame->times[at]
                                               : ls_axis_time_of_x (paint->axis, x);
}

/* tags.c: at most 3 letters, no two locks the same. */
const char *ls_scene_get_tag (const LsScene *scene, uint32_t object);

/* paint-lane.c */
void ls_paint_setup (LsPaint *paint, cairo_t *cr, const LsScene *scene);
/* The first of a lane's intervals that ends in view or later, and past which none begins in view. */
void ls_paint_find_intervals (const LsPaint *paint,
                              LsIntervals intervals,
                              uint32_t *first,
                              uint32_t *end);
void ls_paint_find_events (const LsPaint *paint,
                           const uint32_t *events,
                           uint32_t n,
                           uint32_t *first,
                           uint32_t *end);

G_END_DECLS
