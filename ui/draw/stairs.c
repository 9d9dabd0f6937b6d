/* SPDX-License-Identifier: MIT */
/* How many of some intervals are going on at each x: waiters, readers, threads alive. */
#include "paint-private.h"

#include <math.h>

void
ls_stairs_init (LsStairs *stairs)
{
  stairs->changes = g_array_new (FALSE, FALSE, sizeof (LsChange));
  stairs->most = 0;
}

void
ls_stairs_clear (LsStairs *stairs)
{
  g_clear_pointer (&stairs->changes, g_array_unref);
}

void
ls_stairs_add (LsStairs *stairs, double x0, double x1, int n)
{
  LsChange up = { x0, n }, down = { x1, -n };
  g_array_append_val (stairs->changes, up);
  g_array_append_val (stairs->changes, down);
}

static int
compare_changes (gconstpointer a, gconstpointer b)
{
  const LsChange *one = a, *other = b;
  if (one->x != other->x)
    return one->x < other->x ? -1 : 1;
  return one->change - other->change; /* down first: touching ones do not overlap */
}

void
ls_stairs_finish (LsStairs *stairs)
{
  g_array_sort (stairs->changes, compare_changes);
  int n = 0;
  for (guint i = 0; i < stairs->changes->len; i++) {
    n += g_array_index (stairs->changes, LsChange, i).change;
    stairs->most = MAX (stairs->most, n);
  }
}

void
ls_stairs_path (const LsStairs *stairs, cairo_t *cr, double y_bottom, double height, int most)
{
  int n = 0;
  double unit = height / MAX (most, 1);
  for (guint i = 0; i < stairs->changes->len; i++) {
    const LsChange *change = &g_array_index (stairs->changes, LsChange, i);
    if (n == 0 && change->change > 0)
      cairo_move_to (cr, change->x, y_bottom);
    else
      cairo_line_to (cr, change->x, y_bottom - n * unit);
    n += change->change;
    cairo_line_to (cr, change->x, y_bottom - n * unit);
    if (n == 0)
      cairo_close_path (cr);
  }
}
