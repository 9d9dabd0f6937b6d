/* SPDX-License-Identifier: MIT */
/* The view cut into columns for the model's questions: the same for all lanes with columns as wide. */
#include "paint-private.h"

void
ls_frame_clear_grids (LsFrame *frame)
{
  for (guint i = 0; i < G_N_ELEMENTS (frame->grids); i++) {
    ls_grid_clear (&frame->grids[i].grid);
    frame->grids[i].grid.n_columns = 0;
  }
  frame->next_grid = 0;
}

const LsGrid *
ls_paint_get_grid (const LsPaint *paint, guint n_columns, double column_px)
{
  LsFrame *frame = (LsFrame *) paint->frame; /* what is kept: the view stays the same */
  for (guint i = 0; i < G_N_ELEMENTS (frame->grids); i++)
    if (frame->grids[i].grid.n_columns == n_columns && frame->grids[i].column_px == column_px)
      return &frame->grids[i].grid;
  g_autofree int64_t *edges = g_new (int64_t, n_columns + (gsize) 1);
  edges[0] = ls_paint_time_of_x (paint, 0);
  for (guint i = 0; i < n_columns; i++) /* in Order, columns may be at one moment */
    edges[i + 1] = MAX (ls_paint_time_of_x (paint, (i + 1) * column_px), edges[i] + 1);
  LsGrid *grid = &frame->grids[frame->next_grid].grid;
  frame->grids[frame->next_grid].column_px = column_px;
  frame->next_grid = (frame->next_grid + 1) % G_N_ELEMENTS (frame->grids);
  ls_grid_clear (grid);
  ls_grid_init (grid, paint->trace, edges, n_columns);
  return grid;
}
