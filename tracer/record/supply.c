/* SPDX-License-Identifier: MIT */
/* Where a thread's chunks come from; see region.h. With signals blocked. */
#include "process.h"

#define SPARE 64 /* chunks for threads that come and go while the collector sleeps */

void
ls_supply_ask (void)
{
  atomic_fetch_add (&ls_region->free_wanted, 1);
  ls_futex_wake (&ls_region->free_wanted);
}

/* Pops the free list; index + 1, or 0 when it is empty (or has been written over). */
static uint32_t
pop_free (void)
{
  uint64_t head = atomic_load_explicit (&ls_region->free_head, memory_order_acquire);
  uint32_t index;
  for (;;) {
    index = (uint32_t) head;
    if (index == 0 || index > ls_region->n_chunks)
      return 0;
    LsChunk *chunk = ls_region_chunk (ls_region, index - 1);
    uint32_t next = atomic_load_explicit (&chunk->header.next_free, memory_order_relaxed);
    uint64_t tag = (head >> 32) + 1;
    if (atomic_compare_exchange_weak_explicit (&ls_region->free_head, &head, tag << 32 | next,
                                               memory_order_acquire, memory_order_acquire))
      break;
  }
  int32_t left = atomic_fetch_sub_explicit (&ls_region->n_free, 1, memory_order_relaxed) - 1;
  if (left < atomic_load_explicit (&ls_region->free_low, memory_order_relaxed) &&
      !atomic_exchange (&ls_region->free_asked, 1))
    ls_supply_ask ();
  return index;
}

/* Puts an emptied chunk on the free list. */
static void
push_free (uint32_t index)
{
  LsChunkHeader *header = &ls_region_chunk (ls_region, index - 1)->header;
  uint64_t head = atomic_load (&ls_region->free_head);

  atomic_store (&header->state, LS_CHUNK_FREE);
  do
    atomic_store_explicit (&header->next_free, (uint32_t) head, memory_order_relaxed);
  while (
    !atomic_compare_exchange_weak (&ls_region->free_head, &head, ((head >> 32) + 1) << 32 | index));
  atomic_fetch_add (&ls_region->n_free, 1);
}

uint32_t
ls_supply_take_kept (LsThread *self)
{
  uint32_t index = self->kept;
  if (!index || atomic_load_explicit (&ls_chunk_header (self, index)->state,
                                      memory_order_acquire) != LS_CHUNK_EMPTIED)
    return 0;
  self->kept = 0;
  return index;
}

/* Makes a fresh chunk, as the collector does ahead of need, and may be late with when many threads
 * begin at once: of the two that are a thread's own. index + 1, or 0. */
static uint32_t
make_chunk (LsThread *self)
{
  _Atomic uint32_t *n_ready = &ls_region->n_chunks_ready;
  uint32_t index = atomic_load (n_ready);

  /* Threads that come and go one after the other make few. */
  if (self->n_made == 2 ||
      atomic_load (&ls_process->n_made) >= 2 * atomic_load (&ls_process->n_threads) + SPARE)
    return 0;
  do {
    if (index >= ls_region->n_chunks)
      return 0;
  } while (!atomic_compare_exchange_weak (n_ready, &index, index + 1));
  if (ls_populate (ls_region_chunk (ls_region, index), LS_CHUNK_BYTES) != 0) {
    uint32_t next = index + 1; /* nobody else's by then, or lost */
    atomic_compare_exchange_strong (n_ready, &next, index);
    self->n_made = 2;
    return 0;
  }
  self->n_made++;
  atomic_fetch_add (&ls_process->n_made, 1);
  return index + 1;
}

uint32_t
ls_supply_take_reserved (void)
{
  return pop_free ();
}

uint32_t
ls_supply_take (LsThread *self)
{
  uint32_t index = ls_supply_take_kept (self);
  int32_t kept = ls_region->free_kept;
  if (!index &&
      (kept == 0 || atomic_load_explicit (&ls_region->n_free, memory_order_relaxed) > kept))
    index = pop_free ();
  return index ? index : make_chunk (self);
}

void
ls_supply_leave_kept (LsThread *self)
{
  uint32_t kept = LS_CHUNK_KEPT;

  /* Those of a recording that is over are not ours any more. */
  if (self->kept && self->recording == ls_recording &&
      !atomic_compare_exchange_strong (&ls_chunk_header (self, self->kept)->state, &kept,
                                       LS_CHUNK_RETIRED) &&
      kept == LS_CHUNK_EMPTIED)
    push_free (self->kept);
  self->kept = 0;
}
