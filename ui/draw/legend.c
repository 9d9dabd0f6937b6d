/* SPDX-License-Identifier: MIT */
/* The legend: its rows come from the table of kinds, its samples from the lanes' own shapes. */
#include "paint-private.h"

#include <math.h>

#include "names.h"

typedef enum {
  SAMPLE_THREAD,
  SAMPLE_WAIT_LOCK,
  SAMPLE_WAIT_SIGNAL,
  SAMPLE_SLEEP,
  SAMPLE_NEVER,
  SAMPLE_FINISH,
  SAMPLE_HOLD,
  SAMPLE_HOLD_SHARED,
  SAMPLE_REGION,
  SAMPLE_OWNER,
  SAMPLE_WAITERS,
  SAMPLE_MIXED,
  SAMPLE_EVENT,
  SAMPLE_ERROR,
  SAMPLE_WARNING,
  SAMPLE_HINT,
  SAMPLE_BAND,
  SAMPLE_EITHER_WAY,
} Sample;

typedef struct {
  LsLegendGroup group;
  Sample sample;
  LsEventKind event; /* of SAMPLE_EVENT */
  bool is_basic;
  const char *text;
} Row;

static const Row fixed[] = {
  { LS_LEGEND_COLORS, SAMPLE_THREAD, 0, false,
    "each thread its colour; repeated ones have a letter" },
  { LS_LEGEND_COLORS, SAMPLE_MIXED, 0, false, "several threads, none with 60 %" },
  { LS_LEGEND_STATES, SAMPLE_THREAD, 0, true, "not waiting" },
  { LS_LEGEND_STATES, SAMPLE_WAIT_LOCK, 0, true, "waits for what another thread has" },
  { LS_LEGEND_STATES, SAMPLE_WAIT_SIGNAL, 0, true, "waits for something to happen" },
  { LS_LEGEND_STATES, SAMPLE_SLEEP, 0, false, "asleep" },
  { LS_LEGEND_STATES, SAMPLE_NEVER, 0, false, "never ended" },
  { LS_LEGEND_STATES, SAMPLE_FINISH, 0, false, "the thread finished" },
  { LS_LEGEND_STATES, SAMPLE_REGION, 0, false, "a named region" },
  { LS_LEGEND_LOCKS, SAMPLE_HOLD, 0, true, "holds a lock" },
  { LS_LEGEND_LOCKS, SAMPLE_HOLD_SHARED, 0, false, "holds it shared" },
  { LS_LEGEND_LOCKS, SAMPLE_OWNER, 0, false, "who has the lock" },
  { LS_LEGEND_LOCKS, SAMPLE_WAITERS, 0, false, "how many wait for it" },
  { LS_LEGEND_FINDINGS, SAMPLE_ERROR, 0, false, "error" },
  { LS_LEGEND_FINDINGS, SAMPLE_WARNING, 0, false, "warning" },
  { LS_LEGEND_FINDINGS, SAMPLE_HINT, 0, false, "hint" },
  { LS_LEGEND_FINDINGS, SAMPLE_BAND, 0, false, "the time of the selected finding" },
  { LS_LEGEND_FINDINGS, SAMPLE_EITHER_WAY, 0, false, "nothing orders these two" },
};

/* The fixed rows, and one for each kind of event that has a shape, by group. */
static const GArray *
get_rows (void)
{
  static GArray *rows;
  static gsize once;
  if (!g_once_init_enter (&once))
    return rows;
  GArray *all = g_array_new (FALSE, FALSE, sizeof (Row));
  for (int group = LS_LEGEND_COLORS; group <= LS_LEGEND_FINDINGS; group++) {
    for (guint i = 0; i < G_N_ELEMENTS (fixed); i++)
      if ((int) fixed[i].group == group)
        g_array_append_val (all, fixed[i]);
    for (int kind = 1; kind < LS_EV_N; kind++) {
      LsShape shape = ls_shape_of_event ((LsEventKind) kind);
      bool is_access = (ls_event_rows[kind].flags & (LS_EV_READS | LS_EV_WRITES)) != 0;
      if (shape == LS_SHAPE_NONE || shape == LS_SHAPE_TICK ||
          group != (is_access ? LS_LEGEND_ACCESSES : LS_LEGEND_EVENTS))
        continue;
      bool is_basic = kind == LS_EV_READ || kind == LS_EV_WRITE;
      Row row = { (LsLegendGroup) group, SAMPLE_EVENT, (LsEventKind) kind, is_basic,
                  ls_event_rows[kind].verb };
      g_array_append_val (all, row);
    }
  }
  rows = all;
  g_once_init_leave (&once, 1);
  return rows;
}

static const Row *
get_row (guint row)
{
  const GArray *rows = get_rows ();
  return &g_array_index (rows, Row, MIN (row, rows->len - 1));
}

guint
ls_legend_get_n (void)
{
  return get_rows ()->len;
}

LsLegendGroup
ls_legend_get_group (guint row)
{
  return get_row (row)->group;
}

const char *
ls_legend_get_text (guint row)
{
  return get_row (row)->text;
}

bool
ls_legend_is_basic (guint row)
{
  return get_row (row)->is_basic;
}

static void
paint_pill (cairo_t *cr, const LsPalette *palette, Sample sample, double width, double height)
{
  static const double dots[] = { 1.5, 2.5 };
  ls_path_pill (cr, 1, 2, width - 2, height - 4, 8);
  cairo_set_line_width (cr, 1.5);
  if (sample == SAMPLE_ERROR) {
    ls_set_color (cr, palette->finding);
    cairo_fill (cr);
    return;
  }
  ls_set_color (cr, palette->finding_text);
  if (sample == SAMPLE_HINT)
    cairo_set_dash (cr, dots, 2, 0);
  cairo_stroke (cr);
  cairo_set_dash (cr, NULL, 0, 0);
}

static void
paint_sample (cairo_t *cr, const LsPalette *palette, const Row *row, double w, double h)
{
  LsColor color = palette->thread[0];
  double y = round (h / 2);
  switch (row->sample) {
  case SAMPLE_THREAD:
    ls_fill_rect (cr, color, 0, 2, w, h - 4);
    break;
  case SAMPLE_OWNER:
    ls_fill_rect (cr, palette->thread[1], 0, 2, w / 2, h - 4);
    ls_fill_rect (cr, color, w / 2, 2, w / 2, h - 4);
    break;
  case SAMPLE_MIXED:
    ls_fill_rect (cr, palette->mixed, 0, 2, w, h - 4);
    break;
  case SAMPLE_WAIT_LOCK:
  case SAMPLE_WAITERS:
    ls_bar_hatch (cr, palette, 0, 2, w, h - 4);
    break;
  case SAMPLE_NEVER:
    ls_bar_hatch (cr, palette, 0, 2, w - 2, h - 4);
    ls_draw_ragged (cr, palette->ground, palette->wait, w - 2, 2, h - 4);
    break;
  case SAMPLE_WAIT_SIGNAL:
    ls_bar_dots (cr, palette, 0, 2, w, h - 4);
    break;
  case SAMPLE_SLEEP:
    ls_bar_dots (cr, palette, 0, 2, w, h - 4);
    ls_draw_icon (cr, LS_ICON_SLEEP, palette->text, round (w / 2 - 5), y);
    break;
  case SAMPLE_FINISH:
    ls_fill_rect (cr, color, 0, 3, w - 2, h - 6);
    ls_fill_rect (cr, palette->text, w - 3, 1, 2.5, h - 2);
    break;
  case SAMPLE_HOLD:
    ls_fill_rect (cr, palette->hold, 0, 2, w, h - 4);
    ls_stroke_rect (cr, palette->hold_edge, 0, 2, w, h - 4);
    break;
  case SAMPLE_HOLD_SHARED:
    ls_stroke_rect (cr, palette->hold_edge, 0, 2, w, h - 4);
    break;
  case SAMPLE_REGION:
    ls_fill_rect (cr, ls_color_mix (palette->ground, color, 0.25), 0, 2, w, h - 4);
    ls_stroke_rect (cr, color, 0, 2, w, h - 4);
    break;
  case SAMPLE_EVENT:
    ls_draw_shape (cr, palette, ls_shape_of_event (row->event), color, false, round (w / 2), y,
                   MIN (5, h / 3));
    break;
  case SAMPLE_BAND:
    ls_set_color_alpha (cr, palette->finding_band, 2);
    cairo_rectangle (cr, 0, 0, w, h);
    cairo_fill (cr);
    break;
  case SAMPLE_EITHER_WAY:
    ls_draw_either_way (cr, palette->text, w / 2, y);
    break;
  default:
    paint_pill (cr, palette, row->sample, w, h);
    break;
  }
}

void
ls_paint_legend_sample (cairo_t *cr, guint row, bool dark, double width_px, double height_px)
{
  cairo_save (cr);
  cairo_rectangle (cr, 0, 0, width_px, height_px);
  cairo_clip (cr);
  paint_sample (cr, ls_palette_get (dark, false), get_row (row), width_px, height_px);
  cairo_restore (cr);
}
