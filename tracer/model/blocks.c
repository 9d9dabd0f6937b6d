/* SPDX-License-Identifier: MIT */
/* A lane's intervals in blocks. */
#include "blocks.h"

#include <string.h>

void
ls_blocks_init (LsBlocks *blocks, const LsTrace *trace, const LsTrack *track, const uint8_t *groups)
{
  uint32_t n = track->n, n_blocks = ls_blocks_count (track);
  int64_t *begins = g_new (int64_t, n_blocks + (gsize) 1);
  uint64_t sums[16] = { 0 };
  blocks->ns = g_new (uint32_t, n);
  for (uint32_t i = 0; i < n; i++) {
    int64_t begin_ns = ls_columns_get_ts (&trace->columns, track->begins[i]);
    if (i % LS_BLOCK == 0) {
      memset (sums, 0, sizeof sums);
      begins[i / LS_BLOCK] = begin_ns;
    }
    uint64_t *sum = &sums[groups ? groups[i] & 0xf : 0];
    *sum += (uint64_t) (ls_blocks_get_end (trace, track, i) - begin_ns);
    blocks->ns[i] = (uint32_t) MIN (*sum, LS_LENGTH_LONG);
  }
  ls_ladder_init (&blocks->ladder, begins, n_blocks);
}

void
ls_blocks_clear (LsBlocks *blocks)
{
  ls_ladder_clear (&blocks->ladder);
  g_clear_pointer (&blocks->ns, g_free);
}
