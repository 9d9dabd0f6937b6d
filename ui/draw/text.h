/* SPDX-License-Identifier: MIT */
/* Text of the picture: Pango layouts, made once for each text, font and width, and kept. */
#pragma once

#include <pango/pangocairo.h>

#include "palette.h"

G_BEGIN_DECLS

/* None under 9 points (12 px). */
typedef enum {
  LS_FONT_SMALL,
  LS_FONT_SMALL_BOLD,
  LS_FONT_NORMAL,
  LS_FONT_BOLD,
  LS_FONT_TITLE,
  LS_FONT_MONO,
  LS_FONT_MONO_BOLD,
  LS_FONT_N
} LsFont;

typedef struct _LsText LsText;

LsText *ls_text_new (double scale);
void ls_text_free (LsText *text);

double ls_text_get_width (LsText *text, LsFont font, const char *string);

/* One line at x, its capitals centred on y_middle. The colour is the context's source. */
void ls_text_draw (LsText *text,
                   cairo_t *cr,
                   LsFont font,
                   double x,
                   double y_middle,
                   const char *string);

/* The same between x0 and x1, at `align` (0 left, 0.5 centre, 1 right); drawn only when 75 % of its
 * width fits, then with an ellipsis. Returns whether it was drawn. */
bool ls_text_draw_within (LsText *text,
                          cairo_t *cr,
                          LsFont font,
                          double x0,
                          double x1,
                          double align,
                          double y_middle,
                          const char *string);
/* As above, but the ellipsis comes however little fits. */
void ls_text_draw_ellipsized (LsText *text,
                              cairo_t *cr,
                              LsFont font,
                              double x0,
                              double x1,
                              double y_middle,
                              const char *string);

/* The same with the ellipsis in the middle: names differ at their ends ("pool::Worker-1",
 * "libfoo.so.1+0x15eb18"). */
void ls_text_draw_name (LsText *text,
                        cairo_t *cr,
                        LsFont font,
                        double x0,
                        double x1,
                        double y_middle,
                        const char *string);

/* Several lines, wrapped at width_px; height of them, and drawing with the top left at x, y. */
double ls_text_get_wrapped_height (LsText *text, LsFont font, double width_px, const char *string);
void ls_text_draw_wrapped (LsText *text,
                           cairo_t *cr,
                           LsFont font,
                           double x,
                           double y,
                           double width_px,
                           const char *string);

G_END_DECLS
