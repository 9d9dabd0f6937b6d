/* SPDX-License-Identifier: MIT */
/* Where the blocks of a lane begin, on several levels. */
#include "ladder.h"

#include <string.h>

void
ls_ladder_init (LsLadder *ladder, int64_t *begins, uint32_t n)
{
  begins[n] = G_MAXINT64;
  *ladder = (LsLadder){ .n = n, .n_levels = 1, .begins = { begins } };
  while (ls_ladder_count (ladder, ladder->n_levels - 1) > LS_LADDER_TOP) {
    guint level = ladder->n_levels++;
    uint32_t n_nodes = ls_ladder_count (ladder, level);
    int64_t *nodes = ladder->begins[level] = g_new (int64_t, n_nodes + (gsize) 1);
    for (uint32_t i = 0; i < n_nodes; i++)
      nodes[i] = ladder->begins[level - 1][(gsize) i << LS_LADDER_BITS];
    nodes[n_nodes] = G_MAXINT64;
  }
}

void
ls_ladder_clear (LsLadder *ladder)
{
  for (guint level = 0; level < ladder->n_levels; level++)
    g_free (ladder->begins[level]);
  *ladder = (LsLadder){ 0 };
}

void
ls_ladder_lift (const LsLadder *ladder, gpointer *rows, gsize size)
{
  for (guint level = 1; level < ladder->n_levels; level++) {
    uint32_t n_nodes = ls_ladder_count (ladder, level);
    rows[level] = g_malloc_n (n_nodes + (gsize) 1, size);
    for (uint32_t i = 0; i <= n_nodes; i++)
      memcpy ((char *) rows[level] + i * size,
              (const char *) rows[0] + ls_ladder_get_block (ladder, level, i) * size, size);
  }
}

void
ls_ladder_free_rows (const LsLadder *ladder, gpointer *rows)
{
  for (guint level = 0; level < ladder->n_levels; level++)
    g_free (rows[level]);
}
