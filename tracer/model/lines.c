/* SPDX-License-Identifier: MIT */
/* Which line of the file an event stood on. */
#include "lines.h"

void
ls_lines_clear (LsLines *lines)
{
  for (guint i = 0; lines->moves && i < lines->moves->len; i++)
    g_free (g_array_index (lines->moves, LsMove, i).original);
  g_clear_pointer (&lines->moves, g_array_unref);
  g_clear_pointer (&lines->runs, g_array_unref);
}

/* Where the event stood before the sort. */
static uint32_t
get_original (const GArray *moves, uint32_t k)
{
  guint low = 0, high = moves ? moves->len : 0;
  while (low < high) {
    guint middle = low + (high - low) / 2;
    const LsMove *move = &g_array_index (moves, LsMove, middle);
    if (k >= move->begin && k < move->end)
      return move->original[k - move->begin];
    if (move->end <= k)
      low = middle + 1;
    else
      high = middle;
  }
  return k;
}

uint64_t
ls_lines_get (const LsLines *lines, uint32_t k)
{
  guint low = 0, high = lines->runs->len;
  k = get_original (lines->moves, k);
  while (high - low > 1) {
    guint middle = low + (high - low) / 2;
    if (g_array_index (lines->runs, LsLineRun, middle).k <= k)
      low = middle;
    else
      high = middle;
  }
  const LsLineRun *run = &g_array_index (lines->runs, LsLineRun, low);
  return run->line + (k - run->k);
}
