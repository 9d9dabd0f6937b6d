/* SPDX-License-Identifier: MIT */
/* Many threads in one lane: how many are alive, of them how many wait, as a silhouette. */
#include "paint-private.h"

#include <math.h>
#include <string.h>

#define N_PROFILE 2048    /* columns over the whole trace, kept for views of too many intervals */
#define MAX_WALKED 100000 /* intervals walked a frame */

static uint32_t
count_in_view (const LsPaint *paint, const LsFamily *family)
{
  uint64_t sum = 0;
  for (guint i = 0; i < family->threads->len; i++) {
    uint32_t first, end;
    uint32_t thread = g_array_index (family->threads, uint32_t, i);
    LsIntervals states = ls_trace_get_thread_states (paint->trace, thread);
    ls_paint_find_intervals (paint, states, &first, &end);
    sum += end - first;
  }
  return (uint32_t) MIN (sum, G_MAXUINT32);
}

/* The whole trace in N_PROFILE columns of equal time, made once. */
static const float *
get_profile (const LsPaint *paint, LsFamily *family)
{
  if (family->profile)
    return family->profile;
  family->profile = g_new0 (float, N_PROFILE *LS_STATE_N);
  g_autoptr (LsAxis) axis = ls_axis_new (paint->trace, LS_AXIS_TIME, NULL, NULL, false);
  ls_axis_set_view (axis, 0, ls_axis_get_length (axis), N_PROFILE);
  LsFrame frame = { .span = { 0, ls_trace_get_info (paint->trace)->end_ns },
                    .end_event = ls_trace_get_n_events (paint->trace) };
  LsPaint whole = *paint;
  whole.axis = axis;
  whole.frame = &frame;
  whole.width = N_PROFILE;
  for (guint i = 0; i < family->threads->len; i++)
    ls_sum_states (&whole, g_array_index (family->threads, uint32_t, i), family->profile,
                   N_PROFILE);
  ls_frame_clear_grids (&frame);
  return family->profile;
}

static void
copy_profile (const LsPaint *paint, const float *profile, float *shares, guint n_columns)
{
  double end_ns = (double) MAX (ls_trace_get_info (paint->trace)->end_ns, 1);
  for (guint column = 0; column < n_columns; column++) {
    int64_t ns = ls_paint_time_of_x (paint, column + 0.5);
    guint at = (guint) CLAMP ((double) ns / end_ns * N_PROFILE, 0, N_PROFILE - 1);
    memcpy (shares + (gsize) column * LS_STATE_N, profile + (gsize) at * LS_STATE_N,
            LS_STATE_N * sizeof *shares);
  }
}

static double
sum_alive (const float *shares)
{
  double alive = 0;
  for (guint state = LS_STATE_NOT_WAITING; state < LS_STATE_N; state++)
    alive += shares[state];
  return alive;
}

void
ls_paint_family (LsPaint *paint)
{
  LsFamily *family = &g_array_index (paint->scene->families, LsFamily, paint->lane->index);
  guint n_columns = (guint) MAX (ceil (paint->width), 1);
  int n_rows = (int) paint->height - 8;
  gsize n_shares = (gsize) n_columns * LS_STATE_N, n_pixels = (gsize) n_columns * (gsize) n_rows;
  guint32 *pixels = ls_scene_get_pixels (paint->scene, n_pixels + n_shares);
  float *shares = (float *) (pixels + n_pixels);
  memset (pixels, 0, (n_pixels + n_shares) * sizeof *pixels);
  if (count_in_view (paint, family) > MAX_WALKED)
    copy_profile (paint, get_profile (paint, family), shares, n_columns);
  else
    for (guint i = 0; i < family->threads->len; i++)
      ls_sum_states (paint, g_array_index (family->threads, uint32_t, i), shares, n_columns);

  double most = 1;
  for (guint column = 0; column < n_columns; column++)
    most = MAX (most, sum_alive (shares + (gsize) column * LS_STATE_N));
  const LsPalette *palette = paint->palette;
  guint32 wait = ls_color_to_argb (palette->wait);
  guint32 run = ls_color_to_argb (palette->mixed);
  guint32 idle = ls_color_to_argb (ls_color_mix (palette->idle_ground, palette->idle, 0.3));
  for (guint column = 0; column < n_columns; column++) {
    const float *share = shares + (gsize) column * LS_STATE_N;
    double unit = n_rows / most;
    int n_alive = (int) ceil (sum_alive (share) * unit);
    int n_wait =
      share[LS_STATE_WAIT_LOCK] > 0 ? MAX ((int) lround (share[LS_STATE_WAIT_LOCK] * unit), 1) : 0;
    int n_run = (int) lround (share[LS_STATE_NOT_WAITING] * unit);
    for (int row = 0; row < MIN (n_alive, n_rows); row++)
      pixels[(gsize) (n_rows - 1 - row) * n_columns + column] = row < n_wait           ? wait
                                                                : row < n_wait + n_run ? run
                                                                                       : idle;
  }
  ls_paint_pixels (paint->cr, pixels, (int) n_columns, n_rows, 0, 4, paint->width, n_rows);
  ls_paint_finding_marks (paint, 2, paint->height - 4);
}
