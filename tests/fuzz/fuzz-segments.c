/* SPDX-License-Identifier: MIT */
/**
 * Any bytes as a trace, packed or not, cut into segments of any size: what is told of them is what is
 * told when they are read in order. The first byte says how they are cut.
 */
#include <string.h>

#include "fuzz.h"
#include "seen.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  LsInput input;

  if (size == 0)
    return 0;
  /* Of exactly this size on the heap, so that reading past the end is seen. */
  g_autofree char *bytes = g_memdup2 (data + 1, size - 1);
  g_autoptr (GString) in_order = seen_in_order (bytes, size - 1);
  ls_input_init_bytes (&input, "trace", bytes, size - 1);
  g_autoptr (GString) in_segments =
    seen_in_segments (&input, 1 + (data[0] >> 2) * (gsize) 7, 1 + data[0] % 4);
  ls_input_close (&input);
  seen_compare (in_order, in_segments, "in order and in segments");
  return 0;
}
