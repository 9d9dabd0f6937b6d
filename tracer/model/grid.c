/* SPDX-License-Identifier: MIT */
/* The columns of a view, looked up once for all of its lanes. */
#include "summary.h"

#define PICTURE_COLUMNS 64

void
ls_grid_init (LsGrid *grid, const LsTrace *trace, const int64_t *edges_ns, uint32_t n_columns)
{
  grid->n_columns = n_columns;
  grid->edges_ns = g_memdup2 (edges_ns, (n_columns + (gsize) 1) * sizeof *edges_ns);
  grid->events = g_new (uint32_t, n_columns + (gsize) 1);
  grid->columns_ns = g_new0 (uint64_t, n_columns + (gsize) 1);
  for (uint32_t i = 1; n_columns >= PICTURE_COLUMNS && i < n_columns; i++)
    grid->columns_ns[i] =
      (uint64_t) MIN (edges_ns[i] - edges_ns[i - 1], edges_ns[i + 1] - edges_ns[i]);
  for (uint32_t i = 0; i <= n_columns; i++)
    grid->events[i] =
      ls_columns_find_ts_from (&trace->columns, i > 0 ? grid->events[i - 1] : 0, edges_ns[i]);
}

void
ls_grid_clear (LsGrid *grid)
{
  g_clear_pointer (&grid->edges_ns, g_free);
  g_clear_pointer (&grid->events, g_free);
  g_clear_pointer (&grid->columns_ns, g_free);
}
