/* SPDX-License-Identifier: MIT */
/* The columns of a view, looked up once for all of its lanes. */
#include "summary.h"

#define PICTURE_COLUMNS 64
#define SHORT 64 /* so many would fill a column */

void
ls_grid_init (LsGrid *grid, const LsTrace *trace, const int64_t *edges_ns, uint32_t n_columns)
{
  grid->n_columns = n_columns;
  grid->edges_ns = g_memdup2 (edges_ns, (n_columns + (gsize) 1) * sizeof *edges_ns);
  grid->events = g_new (uint32_t, n_columns + (gsize) 1);
  for (uint32_t i = 0; i <= n_columns; i++)
    grid->events[i] = ls_columns_find_ts (&trace->columns, edges_ns[i]);
}

void
ls_grid_clear (LsGrid *grid)
{
  g_clear_pointer (&grid->edges_ns, g_free);
  g_clear_pointer (&grid->events, g_free);
}

LsCut
ls_grid_get_cut (const LsGrid *grid, uint32_t i)
{
  const int64_t *ns = &grid->edges_ns[i];
  LsCut cut = { .ns = *ns, .event = grid->events[i] };
  if (grid->n_columns >= PICTURE_COLUMNS && i > 0 && i < grid->n_columns) {
    cut.column_ns = (uint64_t) MIN (ns[0] - ns[-1], ns[1] - ns[0]);
    cut.short_ns = cut.column_ns / SHORT;
  }
  return cut;
}
