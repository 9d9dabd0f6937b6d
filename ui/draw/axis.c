/* SPDX-License-Identifier: MIT */
/**
 * Both axes. The view of Time is a few straight pieces, one for each stretch between folded gaps and
 * one for each gap; Order is one straight piece over the columns of axis-order.c.
 */
#include "axis.h"

#include <math.h>

#include "axis-fold.h"
#include "axis-order.h"

#define LIMIT_PX 1e6
#define MARGIN_PX 12.0

typedef struct {
  double begin_u, end_u, begin_x, end_x;
} Piece;

struct _LsAxis {
  LsTrace *trace;
  LsAxisKind kind;
  guint8 *shown;
  LsGapIndex *gaps;   /* Time with folding */
  LsColumns *columns; /* Order */
  double length;
  double begin_u, end_u, width_px;
  double px_per_u; /* outside folded gaps */
  Piece pieces[2 * LS_MAX_FOLDS + 1];
  guint n_pieces;
  LsAxisGap folds[LS_MAX_FOLDS];
  guint n_folds;
};

LsAxis *
ls_axis_new (LsTrace *trace,
             LsAxisKind kind,
             const guint8 *lanes_threads,
             GPtrArray *findings,
             bool fold_gaps)
{
  LsAxis *axis = g_new0 (LsAxis, 1);
  axis->trace = ls_trace_ref (trace);
  axis->kind = kind;
  if (lanes_threads)
    axis->shown = g_memdup2 (lanes_threads, ls_trace_get_n_threads (trace));
  if (kind == LS_AXIS_ORDER) {
    axis->columns = ls_columns_new (trace, lanes_threads, findings);
    axis->length = ls_columns_get_n (axis->columns);
  } else {
    if (fold_gaps)
      axis->gaps = ls_gap_index_new (trace, lanes_threads);
    axis->length = (double) ls_trace_get_info (trace)->end_ns;
  }
  axis->length = MAX (axis->length, 1);
  axis->width_px = 1000;
  ls_axis_show_all (axis);
  return axis;
}

void
ls_axis_free (LsAxis *axis)
{
  if (!axis)
    return;
  ls_gap_index_free (axis->gaps);
  ls_columns_free (axis->columns);
  g_free (axis->shown);
  ls_trace_unref (axis->trace);
  g_free (axis);
}

LsAxisKind
ls_axis_get_kind (const LsAxis *axis)
{
  return axis->kind;
}

double
ls_axis_get_length (const LsAxis *axis)
{
  return axis->length;
}

bool
ls_axis_shows_thread (const LsAxis *axis, uint32_t thread)
{
  return !axis->shown || axis->shown[thread];
}

/* -- The view -- */

static int64_t
to_ns (double u)
{
  return (int64_t) CLAMP (u, -9e18, 9e18);
}

static void
add_piece (LsAxis *axis, double end_u, double width_px)
{
  const Piece *last = axis->n_pieces > 0 ? &axis->pieces[axis->n_pieces - 1] : NULL;
  double begin_u = last ? last->end_u : axis->begin_u;
  double begin_x = last ? last->end_x : 0;
  axis->pieces[axis->n_pieces++] = (Piece){ begin_u, end_u, begin_x, begin_x + width_px };
}

static void
lay_out (LsAxis *axis)
{
  LsSpan cuts[LS_MAX_FOLDS];
  double fold_px = LS_AXIS_GAP_PX;
  LsFolding folding = { axis->trace,   axis->shown, axis->gaps,
                        axis->begin_u, axis->end_u, axis->width_px };
  guint n_cuts = axis->gaps ? ls_folding_find_cuts (&folding, cuts, &fold_px) : 0;
  double linear = axis->end_u - axis->begin_u;
  for (guint i = 0; i < n_cuts; i++)
    linear -= (double) (cuts[i].end_ns - cuts[i].begin_ns);
  if (linear <= 0) {
    n_cuts = 0;
    linear = axis->end_u - axis->begin_u;
  }
  axis->px_per_u = (axis->width_px - n_cuts * fold_px) / linear;
  axis->n_pieces = 0;
  axis->n_folds = n_cuts;
  double at = axis->begin_u;
  for (guint i = 0; i < n_cuts; i++) {
    double begin = MAX ((double) cuts[i].begin_ns, axis->begin_u);
    double end = MIN ((double) cuts[i].end_ns, axis->end_u);
    add_piece (axis, begin, (begin - at) * axis->px_per_u);
    add_piece (axis, end, fold_px);
    const Piece *fold = &axis->pieces[axis->n_pieces - 1];
    axis->folds[i].x_px = (fold->begin_x + fold->end_x) / 2;
    axis->folds[i].ns = cuts[i].end_ns - cuts[i].begin_ns;
    at = end;
  }
  add_piece (axis, axis->end_u, (axis->end_u - at) * axis->px_per_u);
  axis->pieces[axis->n_pieces - 1].end_x = axis->width_px;
}

void
ls_axis_set_view (LsAxis *axis, double begin_u, double end_u, double width_px)
{
  if (isfinite (width_px))
    axis->width_px = CLAMP (width_px, 1, LIMIT_PX / 4);
  if (!isfinite (begin_u) || !isfinite (end_u)) {
    begin_u = 0;
    end_u = axis->length;
  }
  if (end_u < begin_u) {
    double swap = begin_u;
    begin_u = end_u;
    end_u = swap;
  }
  /* No closer than a double tells two positions apart a hundredth of the view away. */
  double closest = MAX (1, axis->length * 1e-13);
  double widest = axis->length * 4;
  double span = CLAMP (end_u - begin_u, closest, MAX (widest, closest));
  if (span != end_u - begin_u)
    begin_u = (begin_u + end_u) / 2 - span / 2;
  axis->begin_u = CLAMP (begin_u, -span, axis->length);
  axis->end_u = axis->begin_u + span;
  lay_out (axis);
}

void
ls_axis_get_view (const LsAxis *axis, double *begin_u, double *end_u, double *width_px)
{
  if (begin_u)
    *begin_u = axis->begin_u;
  if (end_u)
    *end_u = axis->end_u;
  if (width_px)
    *width_px = axis->width_px;
}

static double
clamp_px (double x)
{
  return isnan (x) ? 0 : CLAMP (x, -LIMIT_PX, LIMIT_PX);
}

double
ls_axis_x_of_u (const LsAxis *axis, double u)
{
  if (isnan (u))
    return 0;
  if (u <= axis->begin_u)
    return clamp_px ((u - axis->begin_u) * axis->px_per_u);
  if (u >= axis->end_u)
    return clamp_px (axis->width_px + (u - axis->end_u) * axis->px_per_u);
  const Piece *piece = axis->pieces;
  while (piece < axis->pieces + axis->n_pieces - 1 && u > piece->end_u)
    piece++;
  double length = piece->end_u - piece->begin_u;
  if (length <= 0)
    return piece->begin_x;
  return piece->begin_x + (piece->end_x - piece->begin_x) * ((u - piece->begin_u) / length);
}

double
ls_axis_u_of_x (const LsAxis *axis, double x)
{
  x = clamp_px (x);
  if (x <= 0)
    return axis->begin_u + x / axis->px_per_u;
  if (x >= axis->width_px)
    return axis->end_u + (x - axis->width_px) / axis->px_per_u;
  const Piece *piece = axis->pieces;
  while (piece < axis->pieces + axis->n_pieces - 1 && x > piece->end_x)
    piece++;
  double width = piece->end_x - piece->begin_x;
  if (width <= 0)
    return piece->begin_u;
  return piece->begin_u + (piece->end_u - piece->begin_u) * ((x - piece->begin_x) / width);
}

void
ls_axis_set_width (LsAxis *axis, double width_px)
{
  ls_axis_set_view (axis, axis->begin_u, axis->end_u, width_px);
}

void
ls_axis_show_all (LsAxis *axis)
{
  ls_axis_set_view (axis, 0, axis->length, axis->width_px);
  if (axis->width_px > 4 * MARGIN_PX)
    ls_axis_set_view (axis, ls_axis_u_of_x (axis, -MARGIN_PX),
                      ls_axis_u_of_x (axis, axis->width_px + MARGIN_PX), axis->width_px);
}

void
ls_axis_pan (LsAxis *axis, double dx_px)
{
  ls_axis_set_view (axis, ls_axis_u_of_x (axis, dx_px),
                    ls_axis_u_of_x (axis, axis->width_px + dx_px), axis->width_px);
}

void
ls_axis_zoom (LsAxis *axis, double factor, double anchor_x_px)
{
  if (!isfinite (factor) || factor <= 0)
    return;
  ls_axis_set_view (axis, ls_axis_u_of_x (axis, anchor_x_px - anchor_x_px * factor),
                    ls_axis_u_of_x (axis, anchor_x_px + (axis->width_px - anchor_x_px) * factor),
                    axis->width_px);
}

/* -- Times and events -- */

double
ls_axis_u_of_event (const LsAxis *axis, uint32_t k)
{
  uint32_t n = ls_trace_get_n_events (axis->trace);
  if (k >= n)
    return k == LS_NONE ? 0 : axis->length;
  if (axis->columns)
    return ls_columns_u_of_event (axis->columns, k);
  return (double) ls_trace_get_ts (axis->trace, k);
}

double
ls_axis_x_of_event (const LsAxis *axis, uint32_t k)
{
  return ls_axis_x_of_u (axis, ls_axis_u_of_event (axis, k));
}

double
ls_axis_x_of_begin (const LsAxis *axis, const LsInterval *interval)
{
  return ls_axis_x_of_event (axis, interval->begin_event);
}

double
ls_axis_x_of_end (const LsAxis *axis, const LsInterval *interval)
{
  return interval->end_event == LS_NONE ? ls_axis_x_of_u (axis, axis->length)
                                        : ls_axis_x_of_event (axis, interval->end_event);
}

double
ls_axis_x_of_time (const LsAxis *axis, int64_t ts_ns)
{
  return ls_axis_x_of_u (axis, axis->columns ? ls_columns_u_of_time (axis->columns, ts_ns)
                                             : (double) ts_ns);
}

int64_t
ls_axis_time_of_x (const LsAxis *axis, double x)
{
  double u = ls_axis_u_of_x (axis, x);
  int64_t ns = axis->columns ? ls_columns_time_of_u (axis->columns, u) : to_ns (round (u));
  return CLAMP (ns, 0, MAX (ls_trace_get_info (axis->trace)->end_ns, 0));
}

uint32_t
ls_axis_event_of_x (const LsAxis *axis, double x)
{
  if (axis->columns)
    return ls_columns_event_of_u (axis->columns, ls_axis_u_of_x (axis, x));
  double u = ls_axis_u_of_x (axis, x + 0.5);
  if (u < 0)
    return LS_NONE;
  uint32_t k = ls_trace_find_event (axis->trace, to_ns (floor (u)) + 1);
  return k > 0 ? k - 1 : LS_NONE;
}

LsSpan
ls_axis_get_span (const LsAxis *axis)
{
  LsSpan span = { ls_axis_time_of_x (axis, 0), ls_axis_time_of_x (axis, axis->width_px) };
  return span;
}

void
ls_axis_get_events (const LsAxis *axis, uint32_t *begin, uint32_t *end)
{
  uint32_t n = ls_trace_get_n_events (axis->trace);
  *begin = 0;
  *end = 0;
  if (n == 0)
    return;
  if (axis->columns) {
    if (axis->end_u < 0 || axis->begin_u > axis->length)
      return;
    uint32_t first = ls_columns_event_of_u (axis->columns, MAX (axis->begin_u, 0));
    uint32_t last = ls_columns_event_of_u (axis->columns, MIN (axis->end_u, axis->length));
    *begin = first == LS_NONE ? 0 : first;
    *end = last == LS_NONE ? 0 : last + 1;
    return;
  }
  if (axis->end_u < 0)
    return;
  *begin = ls_trace_find_event (axis->trace, to_ns (ceil (MAX (axis->begin_u, 0))));
  *end = ls_trace_find_event (axis->trace, to_ns (floor (axis->end_u)) + 1);
}

const LsAxisGap *
ls_axis_get_gaps (const LsAxis *axis, guint *n)
{
  *n = axis->n_folds;
  return axis->folds;
}

const LsAxisRun *
ls_axis_find_run (const LsAxis *axis, double u, guint *n)
{
  *n = 0;
  return axis->columns ? ls_columns_find_run (axis->columns, u, n) : NULL;
}
