/* SPDX-License-Identifier: MIT */
/* Ticks of the ruler: the 1-2-5 ladder over nanoseconds. */
#include "ticks.h"

#include <math.h>

#define MAX_NUMBER 2000 /* before the next unit */
#define MAX_DIGITS 7    /* of a number at a tick, beyond which it is told from the first tick on */

int64_t
ls_tick_get_step (double ns)
{
  if (!(ns > 1))
    return 1;
  int64_t power = 1;
  while (power <= G_MAXINT64 / 100 && (double) power * 10 <= ns)
    power *= 10;
  static const int factors[] = { 1, 2, 5, 10 };
  for (guint i = 0; i < G_N_ELEMENTS (factors); i++)
    if ((double) power * factors[i] >= ns)
      return power * factors[i];
  return power * 10;
}

/* The unit in which times up to `largest` in steps of `step` are told: the step's own as long as the
 * numbers stay short. */
static int64_t
get_unit (int64_t largest, int64_t step, const char **name)
{
  static const struct {
    int64_t ns;
    const char *name;
  } units[] = { { 1, "ns" }, { 1000, "µs" }, { 1000000, "ms" }, { 1000000000, "s" } };
  guint i = 0;
  while (i + 1 < G_N_ELEMENTS (units) &&
         (units[i + 1].ns <= step || largest / units[i].ns > MAX_NUMBER))
    i++;
  *name = units[i].name;
  return units[i].ns;
}

static int
count_decimals (int64_t unit, int64_t step)
{
  int decimals = 0;
  while (unit > 1 && step % unit != 0) {
    unit /= 10;
    decimals++;
  }
  return decimals;
}

static int
count_digits (int64_t number)
{
  int digits = 1;
  while (number >= 10) {
    number /= 10;
    digits++;
  }
  return digits;
}

static void
format_time (char *text, gsize size, const char *sign, int64_t ns, int64_t largest, int64_t step)
{
  const char *name;
  int64_t unit = get_unit (largest, step, &name);
  /* Not by double: ns since the trace's start may have more digits than it holds. */
  int decimals = count_decimals (unit, step);
  int64_t grain = unit;
  for (int i = 0; i < decimals; i++)
    grain /= 10;
  int64_t fraction = ns % unit / grain;
  if (decimals > 0)
    g_snprintf (text, size, "%s%" G_GINT64_FORMAT ".%0*" G_GINT64_FORMAT " %s", sign, ns / unit,
                decimals, fraction, name);
  else
    g_snprintf (text, size, "%s%" G_GINT64_FORMAT " %s", sign, ns / unit, name);
}

static bool
is_in_gap (const LsAxis *axis, double x)
{
  guint n;
  const LsAxisGap *gaps = ls_axis_get_gaps (axis, &n);
  for (guint i = 0; i < n; i++)
    if (fabs (x - gaps[i].x_px) <= LS_AXIS_GAP_PX / 2 + 1)
      return true;
  return false;
}

/* Nanoseconds a pixel outside folded gaps. */
static double
get_ns_per_px (const LsAxis *axis)
{
  double begin_u, end_u, width_px;
  ls_axis_get_view (axis, &begin_u, &end_u, &width_px);
  return ls_axis_u_of_x (axis, width_px + 1) - end_u;
}

guint
ls_ticks_compute (const LsAxis *axis, double min_px, LsTick *ticks, guint max, guint *base)
{
  *base = G_MAXUINT;
  if (ls_axis_get_kind (axis) != LS_AXIS_TIME || max == 0)
    return 0;
  double begin_u, end_u, width_px;
  ls_axis_get_view (axis, &begin_u, &end_u, &width_px);
  int64_t step = ls_tick_get_step (get_ns_per_px (axis) * MAX (min_px, 1));
  double first = MAX (ceil (begin_u / (double) step), 0);
  double last = MIN (end_u, 9e18);
  guint n = 0;
  for (double i = first; n < max && i * (double) step <= last; i++) {
    double u = i * (double) step;
    double x = ls_axis_x_of_u (axis, u);
    if (is_in_gap (axis, x)) { /* goes on at the gap's other side */
      double after = ls_axis_u_of_x (axis, x + LS_AXIS_GAP_PX);
      i = MAX (i, floor (MIN (after, last) / (double) step) - 1);
      while (i * (double) step <= last &&
             is_in_gap (axis, ls_axis_x_of_u (axis, i * (double) step)))
        i++;
      i--;
      continue;
    }
    ticks[n].x_px = x;
    ticks[n].ts_ns = (int64_t) i * step;
    n++;
  }
  if (n == 0)
    return 0;
  int64_t largest = ticks[n - 1].ts_ns;
  const char *name;
  int64_t unit = get_unit (largest, step, &name);
  if (count_digits (largest / unit) + count_decimals (unit, step) > MAX_DIGITS)
    *base = 0;
  for (guint i = 0; i < n; i++)
    format_time (ticks[i].text, sizeof ticks[i].text, "", ticks[i].ts_ns, largest, step);
  if (*base == 0)
    ls_ticks_rebase (ticks, n, 0);
  return n;
}

void
ls_ticks_rebase (LsTick *ticks, guint n, guint base)
{
  if (base + 1 >= n)
    return;
  int64_t largest = ticks[n - 1].ts_ns;
  int64_t step = ticks[base + 1].ts_ns - ticks[base].ts_ns;
  for (guint i = base + 1; i < n; i++) /* a folded gap may lie between two of them */
    step = MIN (step, ticks[i].ts_ns - ticks[i - 1].ts_ns);
  format_time (ticks[base].text, sizeof ticks[base].text, "", ticks[base].ts_ns, largest, step);
  for (guint i = base + 1; i < n; i++)
    format_time (ticks[i].text, sizeof ticks[i].text, "+", ticks[i].ts_ns - ticks[base].ts_ns,
                 largest - ticks[base].ts_ns, step);
}

char *
ls_moment_dup_text (int64_t ns)
{
  if (ns < 1000)
    return g_strdup_printf ("%" G_GINT64_FORMAT " ns", ns);
  if (ns < 1000000)
    return g_strdup_printf ("%.1f µs", (double) ns / 1e3);
  if (ns < 1000000000)
    return g_strdup_printf ("%.1f ms", (double) ns / 1e6);
  return g_strdup_printf ("%.4f s", (double) ns / 1e9);
}
