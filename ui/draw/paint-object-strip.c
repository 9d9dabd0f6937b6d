/* SPDX-License-Identifier: MIT */
/* The lane of a lock or signal with more holds and waits than fit: shares by column. */
#include "paint-private.h"

#include <math.h>

#include "names.h"

#define WALK_SHARE 2 /* so many columns cost as much of the model as walking over one bar */
#define COLUMN_PX 3  /* narrower ones would be confetti */

/* Times as shares of the column's length. */
typedef struct {
  float held;      /* summed over holders */
  float waited;    /* summed over waiters */
  float top;       /* held by `holder`, at least */
  uint32_t holder; /* LS_NONE */
} HoldShare;

/* Calls add with each column that the interval meets, and the share it fills. */
static void
spread (const LsPaint *paint,
        const LsInterval *interval,
        HoldShare *shares,
        guint n,
        void (*add) (HoldShare *column, const LsInterval *interval, float share))
{
  double x0 = MAX (ls_axis_x_of_begin (paint->axis, interval) / COLUMN_PX, 0);
  double x1 = MIN (ls_axis_x_of_end (paint->axis, interval) / COLUMN_PX, n);
  for (guint i = (guint) x0; i < n && i < x1; i++)
    add (&shares[i], interval, (float) (MIN (i + 1.0, x1) - MAX ((double) i, x0)));
}

static void
add_wait (HoldShare *column, const LsInterval *interval, float share)
{
  column->waited += share;
}

/* As few bars as there are here, a column's strongest holder is the one with the longest hold. */
static void
add_hold (HoldShare *column, const LsInterval *interval, float share)
{
  column->held += share;
  if (column->holder == interval->thread) {
    column->top += share;
  } else if (share > column->top) {
    column->holder = interval->thread;
    column->top = share;
  }
}

/* Bar by bar; false when that are too many. */
static bool
walk (const LsPaint *paint, HoldShare *shares, guint n)
{
  uint32_t first[2], end[2];
  LsIntervals holds = ls_trace_get_object_holds (paint->trace, paint->lane->index);
  LsIntervals waits = ls_trace_get_object_waits (paint->trace, paint->lane->index);
  ls_paint_find_intervals (paint, holds, &first[0], &end[0]);
  ls_paint_find_intervals (paint, waits, &first[1], &end[1]);
  if (end[0] - first[0] + end[1] - first[1] > n / WALK_SHARE)
    return false;
  for (uint32_t i = first[0]; i < end[0]; i++) {
    LsInterval hold = ls_intervals_get (holds, i);
    spread (paint, &hold, shares, n, add_hold);
  }
  for (uint32_t i = first[1]; i < end[1]; i++) {
    LsInterval wait = ls_intervals_get (waits, i);
    spread (paint, &wait, shares, n, add_wait);
  }
  return true;
}

static void
ask_summary (const LsPaint *paint, HoldShare *shares, guint n)
{
  const LsGrid *grid = ls_paint_get_grid (paint, n, COLUMN_PX);
  g_autofree LsObjectMix *mixes = g_new (LsObjectMix, n);
  g_autofree uint32_t *holders = g_new (uint32_t, n);
  ls_trace_sum_object_columns (paint->trace, paint->lane->index, grid, mixes, holders);
  for (guint i = 0; i < n; i++) {
    float length = (float) (grid->edges_ns[i + 1] - grid->edges_ns[i]);
    float held = (float) mixes[i].held_ns / length;
    shares[i] = (HoldShare){ held, (float) mixes[i].waited_ns / length, held, holders[i] };
  }
}

static void
get_shares (const LsPaint *paint, HoldShare *shares, guint n)
{
  for (guint i = 0; i < n; i++)
    shares[i] = (HoldShare){ 0, 0, 0, LS_NONE };
  if (!walk (paint, shares, n))
    ask_summary (paint, shares, n);
}

/* The 60 % rule: a colour only where one thread prevails. */
static LsColor
get_share_color (const LsPaint *paint, const HoldShare *share, bool counts)
{
  if (counts || share->holder == LS_NONE || share->top < 0.6f * share->held)
    return paint->palette->mixed;
  return ls_scene_thread_color (paint->scene, share->holder);
}

/* So many pixels are filled, from the bottom. */
static LsStripColumn
get_column (double height_px, double of_px, guint32 color)
{
  int empty = (int) of_px - (int) height_px;
  return (LsStripColumn){ { 0, 0, color }, { (guint8) empty, (guint8) empty } };
}

void
ls_paint_object_strip (const LsPaint *paint, const LsObjectBox *box)
{
  guint n = (guint) MAX (ceil (paint->width / COLUMN_PX), 1);
  LsObjectKind kind = ls_trace_get_object (paint->trace, paint->lane->index)->kind;
  bool is_signal = (ls_object_rows[kind].flags & LS_OBJ_SIGNAL) != 0;
  g_autofree HoldShare *shares = g_new (HoldShare, n);
  g_autofree LsStripColumn *columns = g_new0 (LsStripColumn, n);
  get_shares (paint, shares, n);
  float most_held = 1, most_waiting = 1;
  for (guint i = 0; i < n; i++) {
    most_held = MAX (most_held, shares[i].held);
    most_waiting = MAX (most_waiting, shares[i].waited);
  }
  for (guint i = 0; i < n; i++)
    if (shares[i].held > 0) {
      double height = round (shares[i].held / most_held * box->bar_height);
      LsColor color = get_share_color (paint, &shares[i], kind == LS_OBJECT_SEMAPHORE);
      columns[i] =
        get_column (CLAMP (height, 2, box->bar_height), box->bar_height, ls_color_to_argb (color));
    }
  ls_paint_strip_columns (paint, columns, n, COLUMN_PX, box->bar_y, box->bar_height);
  guint32 color = ls_color_to_argb (is_signal ? paint->palette->idle : paint->palette->wait);
  for (guint i = 0; i < n; i++) {
    double height = round (shares[i].waited / most_waiting * box->wait_height);
    columns[i] = get_column (shares[i].waited > 0 ? MAX (height, 1) : 0, box->wait_height, color);
  }
  ls_paint_strip_columns (paint, columns, n, COLUMN_PX, box->wait_y, box->wait_height);
}
