/* SPDX-License-Identifier: MIT */
/**
 * Rectangles put by, and painted a filling at a time: a path of a hundred rectangles costs cairo a
 * tenth of a hundred paths. Fillings are painted in the order in which they were first asked for.
 */
#pragma once

#include "palette.h"

G_BEGIN_DECLS

typedef enum {
  LS_FILLING_COLOR,
  LS_FILLING_HATCH, /* the palette's wait */
  LS_FILLING_DOTS,  /* the palette's idle */
} LsFillingKind;

typedef struct {
  LsFillingKind kind;
  LsColor color;    /* of LS_FILLING_COLOR */
  double radius_px; /* of the corners */
} LsFilling;

typedef struct {
  LsFilling filling;
  GArray *rects;
} LsBatchPart;

typedef struct {
  cairo_t *cr;
  const LsPalette *palette;
  LsBatchPart parts[12];
  guint n_parts;
} LsBatch;

void ls_batch_init (LsBatch *batch, cairo_t *cr, const LsPalette *palette);
/* Paints what was put by. */
void ls_batch_flush (LsBatch *batch);
/* Paints it, and frees what the batch has. */
void ls_batch_finish (LsBatch *batch);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LsBatch, ls_batch_finish)

void ls_batch_add (LsBatch *batch,
                   const LsFilling *filling,
                   double x,
                   double y,
                   double width,
                   double height);
void
ls_batch_add_color (LsBatch *batch, LsColor color, double x, double y, double width, double height);
/* With an edge of one pixel inside the rectangle; none at the right when something covers its end. */
void ls_batch_add_framed (LsBatch *batch,
                          const LsFilling *filling,
                          LsColor edge,
                          double x,
                          double y,
                          double width,
                          double height,
                          bool is_covered);

G_END_DECLS
