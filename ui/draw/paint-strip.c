/* SPDX-License-Identifier: MIT */
/* Strip mode: what no longer fits as single bars, as columns of pixels, each in true shares. */
#include "paint-private.h"

#include <math.h>
#include <string.h>

#define MAX_ROWS 64
#define WALK_SHARE 2 /* so many columns cost as much of the model as walking over one bar */

guint32 *
ls_scene_get_pixels (const LsScene *scene, gsize n)
{
  LsScene *owner = (LsScene *) scene; /* a scratch buffer: what the scene shows stays the same */
  if (owner->n_pixels < n) {
    owner->pixels = g_renew (guint32, owner->pixels, n);
    owner->n_pixels = n;
  }
  return owner->pixels;
}

void
ls_paint_pixels (cairo_t *cr,
                 guint32 *pixels,
                 int n_columns,
                 int n_rows,
                 double x,
                 double y,
                 double width,
                 double height)
{
  if (n_columns < 1 || n_rows < 1)
    return;
  cairo_surface_t *target = cairo_get_target (cr);
  bool is_kept = cairo_surface_get_type (target) != CAIRO_SURFACE_TYPE_IMAGE;
  cairo_surface_t *surface;
  if (is_kept) { /* a recording or a file reads it after we have gone on */
    surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, n_columns, n_rows);
    if (cairo_surface_status (surface) == CAIRO_STATUS_SUCCESS) {
      guchar *data = cairo_image_surface_get_data (surface);
      gsize stride = (gsize) cairo_image_surface_get_stride (surface);
      for (int row = 0; row < n_rows; row++)
        memcpy (data + row * stride, pixels + (gsize) row * n_columns, (gsize) n_columns * 4);
      cairo_surface_mark_dirty (surface);
    }
  } else {
    surface = cairo_image_surface_create_for_data ((guchar *) pixels, CAIRO_FORMAT_ARGB32,
                                                   n_columns, n_rows, n_columns * 4);
  }
  cairo_save (cr);
  cairo_rectangle (cr, x, y, width, height);
  cairo_translate (cr, x, y);
  cairo_scale (cr, width / n_columns, height / n_rows);
  cairo_set_source_surface (cr, surface, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
  cairo_fill (cr);
  cairo_restore (cr);
  if (!is_kept)
    cairo_surface_finish (surface); /* the pixels are ours and about to change */
  cairo_surface_destroy (surface);
}

/* -- Shares of states -- */

static void
add_share (float *by_column, guint n_columns, guint state, double x0, double x1)
{
  x0 = MAX (x0, 0);
  x1 = MIN (x1, n_columns);
  if (!(x1 > x0))
    return;
  guint first = (guint) x0;
  guint last = MIN ((guint) x1, n_columns - 1);
  if (first == last) {
    by_column[first * LS_STATE_N + state] += (float) (x1 - x0);
    return;
  }
  by_column[first * LS_STATE_N + state] += (float) (first + 1 - x0);
  for (guint column = first + 1; column < last; column++)
    by_column[column * LS_STATE_N + state] += 1;
  by_column[last * LS_STATE_N + state] += (float) (x1 - last);
}

static void
ask_summary (const LsPaint *paint, uint32_t thread, float *by_column, guint n_columns)
{
  const LsGrid *grid = ls_paint_get_grid (paint, n_columns, paint->width / n_columns);
  g_autofree LsMix *mixes = g_new (LsMix, n_columns);
  ls_trace_sum_thread_columns (paint->trace, thread, grid, mixes);
  for (guint column = 0; column < n_columns; column++) {
    float unit = 1.0f / (float) (grid->edges_ns[column + 1] - grid->edges_ns[column]);
    for (guint state = 0; state < LS_STATE_N; state++)
      by_column[column * LS_STATE_N + state] += (float) mixes[column].ns[state] * unit;
  }
}

void
ls_sum_states (const LsPaint *paint, uint32_t thread, float *by_column, guint n_columns)
{
  uint32_t first, end;
  LsIntervals states = ls_trace_get_thread_states (paint->trace, thread);
  ls_paint_find_intervals (paint, states, &first, &end);
  if (end - first > n_columns / WALK_SHARE) {
    ask_summary (paint, thread, by_column, n_columns);
    return;
  }
  double per_px = n_columns / paint->width;
  double x1 = -1;
  for (uint32_t i = first; i < end; i++) {
    /* A thread's states follow one another: one's end is the next one's begin. */
    LsInterval state = ls_intervals_get (states, i);
    double x0 = i > first ? x1 : ls_axis_x_of_begin (paint->axis, &state) * per_px;
    x1 = ls_axis_x_of_end (paint->axis, &state) * per_px;
    add_share (by_column, n_columns, state.state, x0, x1);
  }
}

/* -- Pixels -- */

/* Where a column's colour changes: from this row down. */
typedef struct {
  guint32 color;
  guint32 next; /* change of the same row, + 1 */
  guint column;
} Change;

void
ls_paint_strip_columns (const LsPaint *paint,
                        const LsStripColumn *columns,
                        guint n_columns,
                        guint column_px,
                        double y,
                        double height)
{
  guint width = (guint) MAX (ceil (paint->width), 1);
  int n_rows = (int) CLAMP (round (height), 1, MAX_ROWS);
  guint32 *pixels = ls_scene_get_pixels (paint->scene, (gsize) width * (gsize) n_rows);
  guint32 first_of[MAX_ROWS] = { 0 }, n = 0;
  g_autofree Change *changes = g_new (Change, 2 * (gsize) n_columns + 1);
  for (guint i = 0; i < n_columns; i++) {
    const LsStripColumn *column = &columns[i];
    guint32 top = column->colors[0];
    for (int part = 0; part < 2; part++) {
      int row = column->ends[part];
      guint32 color = column->colors[part + 1];
      if (part == 0 && column->ends[1] <= row) /* nothing between */
        continue;
      if (row <= 0) {
        top = color;
      } else if (row < n_rows) {
        changes[n] = (Change){ color, first_of[row], i };
        first_of[row] = ++n;
      }
    }
    for (guint x = i * column_px; x < MIN ((i + 1) * column_px, width); x++)
      pixels[x] = top;
  }
  /* Each row is as the one above, but for a few columns. */
  for (int row = 1; row < n_rows; row++) {
    guint32 *at = pixels + (gsize) row * width;
    memcpy (at, at - width, width * sizeof *at);
    for (guint32 i = first_of[row]; i > 0; i = changes[i - 1].next) {
      const Change *change = &changes[i - 1];
      guint x = change->column * column_px, end = MIN (x + column_px, width);
      for (; x < end; x++)
        at[x] = change->color;
    }
  }
  ls_paint_pixels (paint->cr, pixels, (int) width, n_rows, 0, y, paint->width, height);
}

/* How a column's rows are shared out: what waits for another on top, not waiting at the bottom, idle
 * between. */
static LsStripColumn
get_column (const float *shares, int n_rows, const guint32 *colors)
{
  float alive = 0;
  for (guint state = LS_STATE_NOT_WAITING; state < LS_STATE_N; state++)
    alive += shares[state];
  if (alive < 0.02f)
    return (LsStripColumn){ 0 };
  float unit = (float) n_rows / alive;
  float wait = shares[LS_STATE_WAIT_LOCK] * unit;
  int n_wait = wait > 0 ? CLAMP ((int) (wait + 0.5f), 1, n_rows) : 0;
  int n_run = CLAMP ((int) (shares[LS_STATE_NOT_WAITING] * unit + 0.5f), 0, n_rows - n_wait);
  return (LsStripColumn){ { colors[0], colors[1], colors[2] },
                          { (guint8) n_wait, (guint8) (n_rows - n_run) } };
}

/* As many rows as the strip has pixels, so that they are copied and not scaled. */
void
ls_paint_state_strip (LsPaint *paint, uint32_t thread, double y, double height)
{
  guint n_columns = (guint) MAX (ceil (paint->width), 1);
  int n_rows = (int) CLAMP (round (height), 1, MAX_ROWS);
  g_autofree float *shares = g_new0 (float, (gsize) n_columns *LS_STATE_N);
  g_autofree LsStripColumn *columns = g_new (LsStripColumn, n_columns);
  ls_sum_states (paint, thread, shares, n_columns);
  const LsPalette *palette = paint->palette;
  const guint32 colors[] = {
    ls_color_to_argb (palette->wait),
    ls_color_to_argb (
      ls_color_mix (palette->idle_ground, palette->idle, palette->dark ? 0.2 : 0.3)),
    ls_color_to_argb (ls_scene_thread_color (paint->scene, thread)),
  };
  for (guint column = 0; column < n_columns; column++)
    columns[column] = get_column (shares + (gsize) column * LS_STATE_N, n_rows, colors);
  ls_paint_strip_columns (paint, columns, n_columns, 1, y, height);
}

void
ls_paint_finding_marks (const LsPaint *paint, double y, double height)
{
  double last_x = -10;
  for (guint i = 0; i < paint->frame->marks->len; i++) {
    const LsFindingMark *mark = &g_array_index (paint->frame->marks, LsFindingMark, i);
    if (mark->lane != paint->lane_index || fabs (mark->x - last_x) < 1)
      continue;
    last_x = mark->x;
    ls_fill_rect (paint->cr, paint->palette->finding_text, round (mark->x) - 1, y, 3, height);
  }
}
