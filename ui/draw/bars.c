/* SPDX-License-Identifier: MIT */
/* Intervals in view as bars, before any is painted: where two meet the later one lies over the earlier,
 * and what shows of each can then be painted in any order. */
#include "paint-private.h"

void
ls_bars_init (LsBars *bars)
{
  bars->array = g_array_new (FALSE, FALSE, sizeof (LsBar));
  for (guint row = 0; row < LS_BAR_ROWS; row++)
    bars->last[row] = G_MAXUINT;
}

void
ls_bars_clear (LsBars *bars)
{
  g_clear_pointer (&bars->array, g_array_unref);
}

void
ls_bars_add (LsBars *bars,
             const LsPaint *paint,
             const LsInterval *interval,
             guint row,
             double x0,
             double x1,
             double least_px)
{
  if (row >= LS_BAR_ROWS || !ls_clip_bar (&x0, &x1, paint->width, least_px))
    return;
  if (bars->last[row] < bars->array->len) {
    LsBar *last = &g_array_index (bars->array, LsBar, bars->last[row]);
    last->shown_x1 = MIN (last->shown_x1, x0);
  }
  LsBar bar = { *interval, x0, x1, x1 };
  bars->last[row] = bars->array->len;
  g_array_append_val (bars->array, bar);
}
