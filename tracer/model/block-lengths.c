/* SPDX-License-Identifier: MIT */
/* How long the intervals of a lane last. */
#include "block-lengths.h"

#include <string.h>

void
ls_block_lengths_init (LsBlockLengths *lengths,
                       const LsTrace *trace,
                       const LsTrack *track,
                       const uint8_t *groups)
{
  uint32_t n = track->n;
  uint64_t sums[16] = { 0 };
  ls_directory_init (&lengths->begins, n, n > 0 ? track->begins[n - 1] : 0);
  lengths->ns = g_new (uint32_t, n + (gsize) 1);
  for (uint32_t i = 0; i < n; i++) {
    if (i % LS_BLOCK == 0)
      memset (sums, 0, sizeof sums);
    uint64_t *sum = &sums[groups ? groups[i] & 0xf : 0];
    *sum += ls_block_lengths_look_up (trace, track, i);
    lengths->ns[i] = (uint32_t) MIN (*sum, LS_LENGTH_LONG);
    ls_directory_add (&lengths->begins, i, track->begins[i]);
  }
  ls_directory_seal (&lengths->begins, n);
}

void
ls_block_lengths_clear (LsBlockLengths *lengths)
{
  ls_directory_clear (&lengths->begins);
  g_clear_pointer (&lengths->ns, g_free);
}
