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

/* How many blocks begin before a moment, if the first `n_before` do. */
static uint32_t
count_blocks (const LsColumns *columns, uint32_t n_before, int64_t ts_ns)
{
  uint32_t low = n_before, high = (columns->n + LS_TS_BLOCK - 1) / LS_TS_BLOCK;
  for (uint32_t step = 1; n_before > 0 && step < high - low; step *= 2) { /* mostly not far */
    if (columns->blocks[low + step].base_ns >= ts_ns) {
      high = low + step;
      break;
    }
    low += step;
  }
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (columns->blocks[middle].base_ns < ts_ns)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* The last block that begins before, and then within it. */
uint32_t
ls_columns_find_ts_from (const LsColumns *columns, uint32_t k, int64_t ts_ns)
{
  uint32_t n_blocks = count_blocks (columns, k / LS_TS_BLOCK, ts_ns);
  if (n_blocks == 0)
    return 0;
  uint32_t high = (uint32_t) MIN (n_blocks * (uint64_t) LS_TS_BLOCK, columns->n);
  uint32_t low = (n_blocks - 1) * LS_TS_BLOCK;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (ls_columns_get_ts (columns, middle) < ts_ns)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

uint32_t
ls_columns_find_ts (const LsColumns *columns, int64_t ts_ns)
{
  return ls_columns_find_ts_from (columns, 0, ts_ns);
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
