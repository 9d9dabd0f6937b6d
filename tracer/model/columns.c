/* SPDX-License-Identifier: MIT */
/* Events as columns: what is not inline. */
#include "columns.h"

const char *
ls_columns_get_name (const LsColumns *columns, uint32_t k)
{
  LsRare rare;
  return ls_columns_get_rare (columns, k, &rare) && rare.name != LS_NONE ? columns->texts[rare.name]
                                                                         : NULL;
}

uint32_t
ls_columns_find_ts (const LsColumns *columns, int64_t ts_ns)
{
  /* The last block that begins before, and then within it. */
  uint32_t low = 0, high = (columns->n + LS_TS_BLOCK - 1) / LS_TS_BLOCK;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (columns->blocks[middle].base_ns < ts_ns)
      low = middle + 1;
    else
      high = middle;
  }
  if (low == 0)
    return 0;
  high = (uint32_t) MIN (low * (uint64_t) LS_TS_BLOCK, columns->n);
  low = (low - 1) * LS_TS_BLOCK;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (ls_columns_get_ts (columns, middle) < ts_ns)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static void
clear_index (LsIndexColumn *column)
{
  g_free (column->narrow);
  g_free (column->wide);
}

void
ls_columns_clear (LsColumns *columns)
{
  g_free (columns->blocks);
  g_free (columns->ts);
  g_free (columns->wide_ts);
  g_free (columns->ops);
  clear_index (&columns->threads);
  clear_index (&columns->targets);
  clear_index (&columns->sources);
  ls_value_words_clear (&columns->vals);
  ls_value_words_clear (&columns->olds);
  ls_rare_words_clear (&columns->rares);
  *columns = (LsColumns){ 0 };
}
