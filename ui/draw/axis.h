/* SPDX-License-Identifier: MIT */
/**
 * The horizontal axis: which event and which time stands at which x.
 *
 * Time is linear, with idle gaps folded to 24 px when asked for; Order gives each event of the
 * shown lanes one step. Positions ("u") are nanoseconds in Time and columns in Order, as double;
 * x is in pixels from the left edge of the plot. All functions are total: any u, x or event gives a
 * finite answer, clamped to +-1e6 px, since cairo's coordinates wrap at 8388608.
 */
#pragma once

#include "intervals.h"

G_BEGIN_DECLS

typedef enum {
  LS_AXIS_TIME,
  LS_AXIS_ORDER,
} LsAxisKind;

typedef struct _LsAxis LsAxis;

/**
 * @lanes_threads: bit set (one byte each, n_threads of them) of the threads whose events are
 *   columns in Order; NULL: all.
 * @findings: LsFinding *, may be NULL: runs with a finding's step among them are not collapsed.
 * @fold_gaps: Time only.
 * Returns: (owned) the axis over the whole trace, showing all of it at width 1000.
 */
LsAxis *ls_axis_new (LsTrace *trace,
                     LsAxisKind kind,
                     const guint8 *lanes_threads,
                     GPtrArray *findings,
                     bool fold_gaps);
void ls_axis_free (LsAxis *axis);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LsAxis, ls_axis_free)

LsAxisKind ls_axis_get_kind (const LsAxis *axis);

/* What is shown: u from begin to end over width_px. Cheap: called once a frame while zooming. */
void ls_axis_set_view (LsAxis *axis, double begin_u, double end_u, double width_px);
void ls_axis_get_view (const LsAxis *axis, double *begin_u, double *end_u, double *width_px);
/* The whole axis: from 0 to this. */
double ls_axis_get_length (const LsAxis *axis);

/* Moves of the view that know of folded gaps, so that what is under the anchor stays there: all of
 * the axis with a margin of 12 px; by `dx_px` (positive: to later); by `factor` (< 1: closer). */
void ls_axis_show_all (LsAxis *axis);
void ls_axis_set_width (LsAxis *axis, double width_px);
void ls_axis_pan (LsAxis *axis, double dx_px);
void ls_axis_zoom (LsAxis *axis, double factor, double anchor_x_px);

double ls_axis_x_of_u (const LsAxis *axis, double u);
double ls_axis_u_of_x (const LsAxis *axis, double x_px);
double ls_axis_x_of_time (const LsAxis *axis, int64_t ts_ns);
double ls_axis_x_of_event (const LsAxis *axis, uint32_t k); /* in Order its column's centre */
double ls_axis_u_of_event (const LsAxis *axis, uint32_t k);
int64_t ls_axis_time_of_x (const LsAxis *axis, double x_px);

/* Where an interval begins and ends; one without end event reaches to the axis's end. */
double ls_axis_x_of_begin (const LsAxis *axis, const LsInterval *interval);
double ls_axis_x_of_end (const LsAxis *axis, const LsInterval *interval);

/* The event nearest to x on the axis (Order), or the last at or before its time, half a pixel
 * forgiven (Time); LS_NONE before the first. */
uint32_t ls_axis_event_of_x (const LsAxis *axis, double x_px);

/* Time span and events (begin <= k < end) in view. */
LsSpan ls_axis_get_span (const LsAxis *axis);
void ls_axis_get_events (const LsAxis *axis, uint32_t *begin, uint32_t *end);

/* The folded gaps in view, for zigzags: x of the gap's middle and the length it stands for. */
typedef struct {
  double x_px;
  int64_t ns;
} LsAxisGap;
const LsAxisGap *ls_axis_get_gaps (const LsAxis *axis, guint *n);

#define LS_AXIS_GAP_PX 24.0

/* Order: events that follow one another in columns that follow one another, or a run of one thread
 * folded to fewer columns than events. */
typedef struct {
  uint64_t first_column;
  uint32_t n_columns;
  uint32_t first_event, n_range; /* event indexes, hidden threads' events among them */
  uint32_t n_events;             /* of shown threads */
  bool is_folded;
  int64_t longest_ns; /* folded: the longest time between two neighbours in it */
} LsAxisRun;

/* The run at column u, and by `n` how many there are from it on; NULL when there is none. */
const LsAxisRun *ls_axis_find_run (const LsAxis *axis, double u, guint *n);
/* Whether the events of this thread are columns. */
bool ls_axis_shows_thread (const LsAxis *axis, uint32_t thread);

G_END_DECLS
