/* SPDX-License-Identifier: MIT */
/* Rectangles put by, and painted a filling at a time. */
#include "batch.h"

#include "shapes.h"

typedef struct {
  double x, y, width, height;
} Rect;

void
ls_batch_init (LsBatch *batch, cairo_t *cr, const LsPalette *palette)
{
  *batch = (LsBatch){ .cr = cr, .palette = palette };
}

static void
paint_part (const LsBatch *batch, const LsBatchPart *part)
{
  for (guint i = 0; i < part->rects->len; i++) {
    const Rect *rect = &g_array_index (part->rects, Rect, i);
    if (part->filling.radius_px > 0)
      ls_path_pill (batch->cr, rect->x, rect->y, rect->width, rect->height,
                    part->filling.radius_px);
    else
      cairo_rectangle (batch->cr, rect->x, rect->y, rect->width, rect->height);
  }
  switch (part->filling.kind) {
  case LS_FILLING_HATCH:
    ls_fill_hatch (batch->cr, batch->palette);
    break;
  case LS_FILLING_DOTS:
    ls_fill_dots (batch->cr, batch->palette);
    break;
  default:
    ls_set_color (batch->cr, part->filling.color);
    cairo_fill (batch->cr);
    break;
  }
}

void
ls_batch_flush (LsBatch *batch)
{
  for (guint i = 0; i < batch->n_parts; i++) {
    if (batch->parts[i].rects->len > 0)
      paint_part (batch, &batch->parts[i]);
    g_array_set_size (batch->parts[i].rects, 0);
  }
  batch->n_parts = 0;
}

void
ls_batch_finish (LsBatch *batch)
{
  ls_batch_flush (batch);
  for (guint i = 0; i < G_N_ELEMENTS (batch->parts); i++)
    g_clear_pointer (&batch->parts[i].rects, g_array_unref);
}

static bool
is_same (const LsFilling *one, const LsFilling *other)
{
  return one->kind == other->kind && one->radius_px == other->radius_px &&
         (one->kind != LS_FILLING_COLOR ||
          (one->color.r == other->color.r && one->color.g == other->color.g &&
           one->color.b == other->color.b && one->color.a == other->color.a));
}

static LsBatchPart *
get_part (LsBatch *batch, const LsFilling *filling)
{
  for (guint i = 0; i < batch->n_parts; i++)
    if (is_same (&batch->parts[i].filling, filling))
      return &batch->parts[i];
  if (batch->n_parts == G_N_ELEMENTS (batch->parts))
    ls_batch_flush (batch);
  LsBatchPart *part = &batch->parts[batch->n_parts++];
  part->filling = *filling;
  if (!part->rects)
    part->rects = g_array_new (FALSE, FALSE, sizeof (Rect));
  return part;
}

void
ls_batch_add (LsBatch *batch,
              const LsFilling *filling,
              double x,
              double y,
              double width,
              double height)
{
  if (!(width > 0) || !(height > 0))
    return;
  Rect rect = { x, y, width, height };
  g_array_append_val (get_part (batch, filling)->rects, rect);
}

void
ls_batch_add_color (LsBatch *batch, LsColor color, double x, double y, double width, double height)
{
  const LsFilling filling = { .color = color };
  ls_batch_add (batch, &filling, x, y, width, height);
}

void
ls_batch_add_framed (LsBatch *batch,
                     const LsFilling *filling,
                     LsColor edge,
                     double x,
                     double y,
                     double width,
                     double height,
                     bool is_covered)
{
  /* The filling over the edge's colour, not the edge as a stroke: that would be four rectangles. */
  ls_batch_add_color (batch, edge, x, y, width, height);
  ls_batch_add (batch, filling, x + 1, y + 1, width - (is_covered ? 1 : 2), height - 2);
}
