/* SPDX-License-Identifier: MIT */
/* The ruler: ticks in Time, numbered cells in Order; under it the row of pins. */
#include "paint-private.h"

#include <math.h>

#include "ticks.h"

#define MAX_TICKS 256
#define MIN_COLUMN_PX 14.0 /* from which single columns have numbers and ↔ */
#define GAP_NS 1000000     /* written between columns from here on */

/* -- Time -- */

static void
paint_folds (const LsPaint *paint, double height)
{
  guint n;
  const LsAxisGap *gaps = ls_axis_get_gaps (paint->axis, &n);
  double free_x = -1e6;
  for (guint i = 0; i < n; i++) {
    ls_draw_zigzag (paint->cr, paint->palette->text_dim, gaps[i].x_px, height - 8, height);
    g_autofree char *text = ls_duration_dup_text (gaps[i].ns);
    double width = ls_text_get_width (paint->text, LS_FONT_SMALL_BOLD, text);
    double x = CLAMP (gaps[i].x_px - width / 2, 2, MAX (paint->width - width - 2, 2));
    if (x < free_x)
      continue;
    ls_set_color (paint->cr, paint->palette->text);
    ls_text_draw (paint->text, paint->cr, LS_FONT_SMALL_BOLD, x, height / 2, text);
    free_x = x + width + 6;
  }
}

/* Whether the words of a tick would run into a gap's. */
static bool
meets_gap (const LsPaint *paint, double x0, double x1)
{
  guint n;
  const LsAxisGap *gaps = ls_axis_get_gaps (paint->axis, &n);
  for (guint i = 0; i < n; i++) {
    g_autofree char *text = ls_duration_dup_text (gaps[i].ns);
    double reach = ls_text_get_width (paint->text, LS_FONT_SMALL_BOLD, text) / 2 + 10;
    if (x0 < gaps[i].x_px + reach && x1 > gaps[i].x_px - reach)
      return true;
  }
  return false;
}

static bool
find_label (const LsPaint *paint, const LsTick *tick, LsFont font, double *left, double *right)
{
  *left = round (tick->x_px) + 4;
  *right = *left + ls_text_get_width (paint->text, font, tick->text);
  return *right <= paint->width && !meets_gap (paint, *left, *right);
}

static void
paint_ticks (const LsPaint *paint, double height)
{
  LsTick ticks[MAX_TICKS];
  guint base;
  guint n = ls_ticks_compute (paint->axis, 84 * paint->scene->text_scale, ticks, MAX_TICKS, &base);
  double left, right, free_x = -1e6;
  /* The tick that tells the time for the others must be one whose words find room. */
  while (base < n && !find_label (paint, &ticks[base], LS_FONT_SMALL_BOLD, &left, &right)) {
    ls_fill_rect (paint->cr, paint->palette->text_dim, round (ticks[base].x_px), height - 7, 1, 6);
    if (++base == n)
      return;
    ls_ticks_rebase (ticks, n, base);
  }
  for (guint i = base < n ? base : 0; i < n; i++) {
    ls_fill_rect (paint->cr, paint->palette->text_dim, round (ticks[i].x_px), height - 7, 1, 6);
    LsFont font = i == base ? LS_FONT_SMALL_BOLD : LS_FONT_SMALL;
    if (!find_label (paint, &ticks[i], font, &left, &right) || left < free_x)
      continue;
    ls_set_color (paint->cr, i == base ? paint->palette->text : paint->palette->text_dim);
    ls_text_draw (paint->text, paint->cr, font, left, height / 2, ticks[i].text);
    free_x = right + 8;
  }
}

static void
paint_flag (const LsPaint *paint, double y, double height)
{
  uint32_t k = paint->scene->options.cursor;
  if (k >= ls_trace_get_n_events (paint->trace))
    return;
  double x = ls_axis_x_of_event (paint->axis, k);
  if (x < 0 || x > paint->width)
    return;
  g_autofree char *time = ls_moment_dup_text (ls_trace_get_ts (paint->trace, k));
  g_autofree char *text = g_strdup_printf ("event %u · %s", k + 1, time);
  double width = ls_text_get_width (paint->text, LS_FONT_SMALL_BOLD, text) + 14;
  double left = CLAMP (x - width / 2, 0, MAX (paint->width - width, 0));
  ls_path_pill (paint->cr, left, y + 1, width, height - 2, 6);
  ls_set_color (paint->cr, paint->palette->text);
  cairo_fill (paint->cr);
  ls_set_color (paint->cr, ls_color_get_text_on (paint->palette->text));
  ls_text_draw (paint->text, paint->cr, LS_FONT_SMALL_BOLD, left + 7, y + height / 2, text);
}

/* -- Pins -- */

static void
paint_pin (const LsPaint *paint, const LsPin *pin, double y, double height)
{
  cairo_t *cr = paint->cr;
  const LsFinding *finding = g_ptr_array_index (paint->scene->findings, pin->finding);
  const LsPalette *palette = paint->palette;
  double size = pin->has_label ? height : MIN (height, 13);
  ls_path_pill (cr, pin->x0 + 0.75, y + (height - size) / 2 + 0.75, pin->x1 - pin->x0 - 1.5,
                size - 1.5, 9);
  LsColor text = palette->finding_text;
  cairo_set_line_width (cr, 1.5);
  static const double dots[] = { 1.5, 2.5 };
  if (finding->severity == LS_SEVERITY_ERROR) {
    text = ls_color_get_text_on (palette->finding);
    ls_set_color (cr, palette->finding);
    cairo_fill (cr);
  } else {
    ls_set_color (cr, palette->ground_bar);
    cairo_fill_preserve (cr);
    ls_set_color (cr, palette->finding_text);
    if (finding->severity == LS_SEVERITY_HINT)
      cairo_set_dash (cr, dots, 2, 0);
    cairo_stroke (cr);
    cairo_set_dash (cr, NULL, 0, 0);
  }
  ls_set_color (cr, text);
  if (pin->has_label) {
    ls_text_draw_within (paint->text, cr, LS_FONT_SMALL_BOLD, pin->x0 + 4, pin->x1 - 4, 0.5,
                         y + height / 2, finding->label);
  } else if (pin->n > 1) {
    char count[16];
    g_snprintf (count, sizeof count, "%u", pin->n);
    ls_set_color (cr, palette->finding_text);
    ls_text_draw (paint->text, cr, LS_FONT_SMALL_BOLD, pin->x1 + 2, y + height / 2, count);
  }
}

static void
paint_pins (const LsPaint *paint, double y, double height)
{
  for (guint i = paint->frame->pins->len; i > 0; i--)
    paint_pin (paint, &g_array_index (paint->frame->pins, LsPin, i - 1), y + 3, height - 6);
}

/* -- Order -- */

static double
get_column_px (const LsPaint *paint)
{
  double begin_u, end_u;
  ls_axis_get_view (paint->axis, &begin_u, &end_u, NULL);
  return paint->width / (end_u - begin_u);
}

/* A cell of the row of numbers: one column, or a folded run. */
typedef struct {
  double x0, x1;
  LsColor color;
  uint32_t number; /* of the event; of a folded run how many */
  bool is_folded;
} Cell;

/* Columns in view, run by run; those of a folded run as one cell. */
static GArray *
collect_cells (const LsPaint *paint)
{
  GArray *cells = g_array_new (FALSE, FALSE, sizeof (Cell));
  double begin_u, end_u;
  ls_axis_get_view (paint->axis, &begin_u, &end_u, NULL);
  guint n_runs;
  const LsAxisRun *run = ls_axis_find_run (paint->axis, begin_u, &n_runs);
  for (; n_runs > 0 && (double) run->first_column < end_u; run++, n_runs--) {
    double at = (double) run->first_column;
    double first = MAX (floor (begin_u - at), 0);
    uint32_t step = run->is_folded ? run->n_columns : 1;
    for (uint32_t i = run->is_folded ? 0 : (uint32_t) first; i < run->n_columns; i += step) {
      if (at + i > end_u)
        break;
      uint32_t k = run->first_event + i;
      uint32_t thread = ls_trace_get_event_thread (paint->trace, k);
      Cell cell = { ls_axis_x_of_u (paint->axis, at + i),
                    ls_axis_x_of_u (paint->axis, at + i + step),
                    ls_scene_thread_color (paint->scene, thread),
                    run->is_folded ? run->n_events : k + 1, run->is_folded };
      g_array_append_val (cells, cell);
    }
  }
  return cells;
}

/* The number, or its last two digits, where there is room: what neighbours share need not be told. */
static void
paint_cell_number (const LsPaint *paint, const Cell *cell, double height)
{
  char text[24];
  double room = cell->x1 - cell->x0 - 4;
  int n = g_snprintf (text, sizeof text, cell->is_folded ? "×%u" : "%u", cell->number);
  /* All digits are about as wide: measuring each number would cost its shaping. */
  double digit = ls_text_get_width (paint->text, LS_FONT_SMALL_BOLD, "0");
  for (int shorter = 0; n * digit > room && shorter < 2 && !cell->is_folded; shorter++) {
    g_snprintf (text, sizeof text, shorter ? "%02u" : "…%02u", cell->number % 100);
    n = shorter ? 2 : 3;
  }
  if (n * digit > room)
    return;
  ls_set_color (paint->cr, ls_color_get_text_on (cell->color));
  ls_text_draw_within (paint->text, paint->cr, LS_FONT_SMALL_BOLD, cell->x0 + 2, cell->x1 - 2, 0.5,
                       height / 2, text);
}

static void
paint_columns (const LsPaint *paint, double height)
{
  g_autoptr (GArray) cells = collect_cells (paint);
  LsBatch batch;
  ls_batch_init (&batch, paint->cr, paint->palette);
  for (guint i = 0; i < cells->len; i++) {
    const Cell *cell = &g_array_index (cells, Cell, i);
    LsFilling filling = { .color = cell->color, .radius_px = 3 };
    ls_batch_add (&batch, &filling, cell->x0 + 1, 3, cell->x1 - cell->x0 - 2, height - 6);
  }
  ls_batch_finish (&batch);
  for (guint i = 0; i < cells->len; i++)
    paint_cell_number (paint, &g_array_index (cells, Cell, i), height);
}

/* Writes a gap's length about x; returns where the next one may begin. */
static double
paint_length (const LsPaint *paint, double x, double y, double free_x, int64_t ns)
{
  if (ns < GAP_NS)
    return free_x;
  g_autofree char *length = ls_duration_dup_text (ns);
  g_autofree char *text = g_strconcat ("+", length, NULL);
  LsFont font = ns >= 10 * GAP_NS ? LS_FONT_SMALL_BOLD : LS_FONT_SMALL;
  double width = ls_text_get_width (paint->text, font, text);
  if (x - width / 2 < free_x)
    return free_x;
  ls_set_color (paint->cr, paint->palette->text);
  ls_text_draw (paint->text, paint->cr, font, x - width / 2, y, text);
  return x + width / 2 + 6;
}

/* What stands between the columns of events k - 1 and k. */
static double
paint_between (const LsPaint *paint, uint32_t k, double y_ways, double y_gaps, double free_x)
{
  uint32_t one = ls_trace_get_event_thread (paint->trace, k - 1);
  uint32_t other = ls_trace_get_event_thread (paint->trace, k);
  double x = (ls_axis_x_of_event (paint->axis, k - 1) + ls_axis_x_of_event (paint->axis, k)) / 2;
  bool shown = ls_axis_shows_thread (paint->axis, one) && ls_axis_shows_thread (paint->axis, other);
  if (one != other && shown && !ls_trace_is_ordered_directly (paint->trace, k - 1, k))
    ls_draw_either_way (paint->cr, paint->palette->text_dim, x, y_ways);
  int64_t ns = ls_trace_get_ts (paint->trace, k) - ls_trace_get_ts (paint->trace, k - 1);
  return paint_length (paint, x, y_gaps, free_x, ns);
}

/* Of a folded run only the longest gap is told: there may be millions of events in it. */
static void
paint_gaps (const LsPaint *paint, double y_ways, double y_gaps)
{
  double begin_u, end_u, free_x = -1e6;
  ls_axis_get_view (paint->axis, &begin_u, &end_u, NULL);
  guint n_runs;
  const LsAxisRun *run = ls_axis_find_run (paint->axis, begin_u, &n_runs);
  for (; n_runs > 0 && (double) run->first_column < end_u; run++, n_runs--) {
    uint32_t k = MAX (run->first_event, paint->frame->begin_event + 1);
    uint32_t end = MIN (run->first_event + run->n_range, paint->frame->end_event);
    if (run->is_folded)
      end = MIN (end, run->first_event + 1);
    for (; k < end; k++)
      free_x = paint_between (paint, k, y_ways, y_gaps, free_x);
    if (run->is_folded)
      free_x = paint_length (paint,
                             ls_axis_x_of_u (paint->axis,
                                             (double) run->first_column + run->n_columns / 2.),
                             y_gaps, free_x, run->longest_ns);
  }
}

static void
paint_times (const LsPaint *paint, double y)
{
  double free_x = 0;
  double step = MAX (get_column_px (paint), 1);
  double begin_u, end_u;
  ls_axis_get_view (paint->axis, &begin_u, &end_u, NULL);
  double first = ls_axis_x_of_u (paint->axis, ceil (MAX (begin_u, 0)) + 0.5);
  double last = ls_axis_x_of_u (paint->axis, ls_axis_get_length (paint->axis));
  g_autofree char *told = NULL;
  for (double x = first; x < MIN (paint->width, last); x += step * MAX (ceil (40 / step), 1)) {
    uint32_t k = ls_axis_event_of_x (paint->axis, x);
    if (k == LS_NONE)
      continue;
    g_autofree char *text = ls_moment_dup_text (ls_trace_get_ts (paint->trace, k));
    if (g_strcmp0 (text, told) == 0) /* as far as its digits tell */
      continue;
    double width = ls_text_get_width (paint->text, LS_FONT_SMALL, text);
    double left = x - width / 2;
    if (left < free_x || left + width > paint->width)
      continue;
    ls_set_color (paint->cr, paint->palette->text_dim);
    ls_text_draw (paint->text, paint->cr, LS_FONT_SMALL, left, y, text);
    free_x = left + width + 14;
    g_free (told);
    told = g_steal_pointer (&text);
  }
}

static void
paint_order (const LsPaint *paint)
{
  double scale = paint->scene->text_scale;
  double cells = LS_ORDER_CELLS_PX * scale, times = LS_ORDER_TIMES_PX * scale;
  double pins = LS_PINS_PX * scale, gaps = LS_ORDER_GAPS_PX * scale;
  bool is_wide = get_column_px (paint) >= MIN_COLUMN_PX;
  if (is_wide) {
    paint_columns (paint, cells);
    paint_gaps (paint, cells + times + pins / 2, cells + times + pins + gaps / 2);
  } else {
    double x0 = MAX (ls_axis_x_of_u (paint->axis, 0), 0);
    double x1 = MIN (ls_axis_x_of_u (paint->axis, ls_axis_get_length (paint->axis)), paint->width);
    LsInterleaving row = {
      paint->frame->begin_event, paint->frame->end_event, x0, 4, x1 - x0, cells - 8
    };
    if (x1 > x0)
      ls_paint_interleaving (paint, &row);
  }
  paint_times (paint, cells + times / 2);
  paint_pins (paint, cells + times, pins);
  paint_flag (paint, cells - 1, times + 2);
}

void
ls_paint_ruler (const LsPaint *paint)
{
  double scale = paint->scene->text_scale;
  if (ls_axis_get_kind (paint->axis) == LS_AXIS_ORDER) {
    paint_order (paint);
    return;
  }
  double height = LS_RULER_PX * scale;
  paint_ticks (paint, height);
  paint_folds (paint, height);
  ls_fill_rect (paint->cr, paint->palette->line, 0, height - 1, paint->width, 1);
  paint_flag (paint, 2, height - 6);
  paint_pins (paint, height, LS_PINS_PX * scale);
}
