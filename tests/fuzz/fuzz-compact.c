/* SPDX-License-Identifier: MIT */
/**
 * Any bytes as a packed chunk, of which nothing may be written beyond its end, and as a chunk's slots,
 * which come back as they were. The first two bytes say how many slots the packed chunk has.
 */
#include <string.h>

#include "compact.h"
#include "fuzz.h"

static void
expand (const uint8_t *data, size_t size)
{
  uint32_t end = 2 + (data[0] | data[1] << 8) % (LS_CHUNK_SLOTS - 1);
  g_autofree guint8 *bytes = g_memdup2 (data + 2, size - 2);
  g_autofree LsSlot *slots = g_new0 (LsSlot, end);
  ls_expand (bytes, size - 2, slots, end);
}

static void
round_trip (const uint8_t *data, size_t size)
{
  static LsChunk chunk;
  static guint8 bytes[LS_COMPACT_ROOM];
  LsCompacted packed;
  memset (&chunk, 0, sizeof chunk);
  memcpy (&chunk.slot[2], data, MIN (size, (LS_CHUNK_SLOTS - 2) * sizeof (LsSlot)));
  if (!ls_compact (&chunk, LS_CHUNK_SLOTS, bytes, &packed))
    g_error ("a chunk whose slots are passed over cannot be packed");
  g_autofree guint8 *copy = g_memdup2 (bytes, packed.n_bytes);
  g_autofree LsSlot *slots = g_new0 (LsSlot, packed.end);
  if (!ls_expand (copy, packed.n_bytes, slots, packed.end) ||
      memcmp (&slots[2], &chunk.slot[2], (packed.end - 2) * sizeof (LsSlot)) != 0)
    g_error ("a chunk is not as it was");
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  if (size < 2)
    return 0;
  expand (data, size);
  round_trip (data, size);
  return 0;
}
