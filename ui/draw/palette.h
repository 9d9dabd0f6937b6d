/* SPDX-License-Identifier: MIT */
/**
 * The colours: colour says who, amber says waiting for another, red says finding, all else is grey.
 *
 * The only place where a colour stands. A test computes the distances that the design asks for.
 */
#pragma once

#include <cairo.h>
#include <glib.h>
#include <stdbool.h>

G_BEGIN_DECLS

typedef struct {
  double r, g, b, a; /* 0 to 1, not premultiplied */
} LsColor;

#define LS_N_THREAD_COLORS 6

typedef struct {
  bool dark;
  bool high_contrast;
  LsColor ground;         /* behind the lanes */
  LsColor ground_label;   /* behind the lanes' names */
  LsColor ground_section; /* behind section headings */
  LsColor ground_bar;     /* behind ruler and overview */
  LsColor line;           /* grid and separators */
  LsColor text, text_dim;
  LsColor wait, wait_ground;     /* amber: the hatching's lines, and what is behind them */
  LsColor idle, idle_ground;     /* dotted: the dots, and what is behind them */
  LsColor hold, hold_edge;       /* a hold's bar under a thread */
  LsColor mixed;                 /* no one thread prevails */
  LsColor finding, finding_band; /* red; the band of the selected finding */
  LsColor halo;                  /* around text-coloured marks on bars */
  LsColor thread[LS_N_THREAD_COLORS];
} LsPalette;

/* Constant; one of the four by (dark, high_contrast). */
const LsPalette *ls_palette_get (bool dark, bool high_contrast);

/* Black or white, whichever contrasts more with `ground`. */
LsColor ls_color_get_text_on (LsColor ground);

void ls_set_color (cairo_t *cr, LsColor color);

G_END_DECLS
