/* SPDX-License-Identifier: MIT */
/* Which gaps of a view are folded, and how much of each. */
#include "axis-fold.h"

#include <math.h>
#include <stdlib.h>

#define FOLD_SHARE 0.05     /* of the view, from which a gap is folded */
#define MAX_IDLE 5          /* gaps in view */
#define IDLE_FACTOR 8       /* times as long as events usually are apart */
#define MAX_SORTED 64       /* events in view up to which their middle distance is what is usual */
#define FOLD_ROOM_SHARE 0.5 /* of the width, which folded gaps may take together */

static int64_t
to_ns (double u)
{
  return (int64_t) CLAMP (u, -9e18, 9e18);
}

static bool
shows (const LsFolding *folding, uint32_t k)
{
  return !folding->shown || folding->shown[ls_trace_get_event_thread (folding->trace, k)];
}

static int
compare_ns (gconstpointer a, gconstpointer b)
{
  int64_t one = *(const int64_t *) a, other = *(const int64_t *) b;
  return one < other ? -1 : one > other;
}

/* How far apart events in view usually are, leaving aside the `n_gaps` longest gaps, which take
 * gaps_ns of it. A gap is idle only beside these: where all events are far apart, none is. */
static double
get_usual_ns (const LsFolding *folding, LsSpan view, double gaps_ns, guint n_gaps)
{
  uint32_t begin = ls_trace_find_event (folding->trace, view.begin_ns);
  uint32_t end = ls_trace_find_event (folding->trace, view.end_ns + 1);
  if (end - begin > MAX_SORTED)
    return (folding->end_u - folding->begin_u - gaps_ns) /
           (end - begin - MIN (n_gaps, end - begin - 1));
  int64_t lengths[MAX_SORTED];
  guint n = 0;
  int64_t last_ns = -1;
  for (uint32_t k = begin; k < end; k++) {
    if (!shows (folding, k))
      continue;
    int64_t ns = ls_trace_get_ts (folding->trace, k);
    if (last_ns >= 0)
      lengths[n++] = ns - last_ns;
    last_ns = ns;
  }
  if (n == 0)
    return G_MAXDOUBLE;
  qsort (lengths, n, sizeof *lengths, compare_ns);
  return (double) lengths[(n - 1) / 2];
}

static double
get_length_within (LsSpan gap, LsSpan view)
{
  return (double) (MIN (gap.end_ns, view.end_ns) - MAX (gap.begin_ns, view.begin_ns));
}

/* The idle gaps in view: over 5 % of it, and long beside the others. */
static guint
find_idle_gaps (const LsFolding *folding, LsSpan view, LsSpan *gaps)
{
  double span = folding->end_u - folding->begin_u;
  guint n_found =
    ls_gap_index_find (folding->gaps, view, to_ns (span * FOLD_SHARE), gaps, LS_MAX_FOLDS);
  double sum = 0;
  for (guint i = 0; i < n_found; i++)
    sum += get_length_within (gaps[i], view);
  double usual = n_found > 0 ? get_usual_ns (folding, view, sum, n_found) : 0;
  guint n = 0;
  for (guint i = 0; i < n_found; i++)
    if ((double) (gaps[i].end_ns - gaps[i].begin_ns) >= usual * IDLE_FACTOR)
      gaps[n++] = gaps[i];
  /* So many are the program's rhythm, not its rests. */
  return n <= MAX_IDLE ? n : 0;
}

/* The middle of each gap, that is cut out of the view. Some room stays on both sides, so that the
 * bars that meet the gap keep an end to be seen. */
guint
ls_folding_find_cuts (const LsFolding *folding, LsSpan *cuts, double *fold_px)
{
  LsSpan view = { to_ns (floor (folding->begin_u)), to_ns (ceil (folding->end_u)) };
  double span = folding->end_u - folding->begin_u;
  LsSpan gaps[LS_MAX_FOLDS];
  guint n_gaps = find_idle_gaps (folding, view, gaps);
  if (n_gaps == 0)
    return 0;
  double linear = span;
  for (guint i = 0; i < n_gaps; i++)
    linear -= get_length_within (gaps[i], view);
  *fold_px = MIN (LS_AXIS_GAP_PX, folding->width_px * FOLD_ROOM_SHARE / n_gaps);
  guint n = 0;
  for (guint i = 0; i < n_gaps; i++) {
    double length = (double) (gaps[i].end_ns - gaps[i].begin_ns);
    int64_t margin = to_ns (MIN (length * 0.2, MAX (linear, span * 0.02) * 0.09));
    LsSpan cut = { MAX (gaps[i].begin_ns + margin, view.begin_ns),
                   MIN (gaps[i].end_ns - margin, view.end_ns) };
    double cut_px = (double) (cut.end_ns - cut.begin_ns) / span * folding->width_px;
    bool fills_view = cut.begin_ns <= view.begin_ns && cut.end_ns >= view.end_ns;
    if (cut_px > *fold_px && !fills_view)
      cuts[n++] = cut;
  }
  return n;
}
