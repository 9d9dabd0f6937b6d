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
  LsColor finding_text;          /* red that reads as text on the ground */
  LsColor halo;                  /* around text-coloured marks on bars */
  LsColor thread[LS_N_THREAD_COLORS];
} LsPalette;

/* Constant; one of the four by (dark, high_contrast). */
const LsPalette *ls_palette_get (bool dark, bool high_contrast);

/* Black or white, whichever contrasts more with `ground`. */
LsColor ls_color_get_text_on (LsColor ground);

void ls_set_color (cairo_t *cr, LsColor color);
/* The same with its opacity times `alpha`. */
void ls_set_color_alpha (cairo_t *cr, LsColor color, double alpha);
/* `a` with `share` (0 to 1) of `b` in it, opaque where both are. */
LsColor ls_color_mix (LsColor a, LsColor b, double share);
/* As cairo's premultiplied ARGB32 pixel. */
guint32 ls_color_to_argb (LsColor color);
/* Contrast ratio of two opaque colours, 1 to 21 (WCAG 2). */
double ls_color_get_contrast (LsColor a, LsColor b);

G_END_DECLS
