/* SPDX-License-Identifier: MIT */
/* The program's side of the region, as plain as can be: one test writes several threads' slots. */
#pragma once

#include <glib.h>

#include "shared.h"

typedef struct {
  LsShared *shared;
  uint32_t image, thread, next_ordinal;
  uint32_t chunk;    /* index + 1, 0: none */
  uint32_t position; /* next slot to reserve */
} FakeThread;

static inline uint32_t
fake_pop_free (LsRegion *region)
{
  uint64_t head = atomic_load (&region->free_head);
  for (;;) {
    uint32_t index = (uint32_t) head;
    if (index == 0)
      return 0;
    uint32_t next = atomic_load (&ls_region_chunk (region, index - 1)->header.next_free);
    if (atomic_compare_exchange_weak (&region->free_head, &head, ((head >> 32) + 1) << 32 | next))
      return index;
  }
}

static inline void
fake_take_chunk (FakeThread *thread)
{
  LsRegion *region = thread->shared->region;
  thread->chunk = fake_pop_free (region);
  g_assert_cmpuint (thread->chunk, !=, 0);
  LsChunkHeader *header = &ls_region_chunk (region, thread->chunk - 1)->header;
  g_assert_cmpuint (atomic_load (&header->state), ==, LS_CHUNK_FREE);
  header->image = thread->image;
  header->thread = thread->thread;
  header->ordinal = thread->next_ordinal++;
  header->os_tid = 1000 + thread->thread;
  atomic_store (&header->state, LS_CHUNK_OWNED);
  thread->position = 2;
}

static inline void
fake_retire (FakeThread *thread)
{
  LsChunk *chunk = ls_region_chunk (thread->shared->region, thread->chunk - 1);
  if (thread->position < LS_CHUNK_SLOTS)
    atomic_store (&chunk->slot[thread->position].mark, LS_SLOT_MARK (LS_SLOT_PAD, 1));
  atomic_store (&chunk->header.state, LS_CHUNK_RETIRED);
  thread->chunk = 0;
}

/* `n` slots, not settled. */
static inline LsSlot *
fake_reserve (FakeThread *thread, guint n)
{
  if (thread->chunk && thread->position + n > LS_CHUNK_SLOTS)
    fake_retire (thread);
  if (!thread->chunk)
    fake_take_chunk (thread);
  LsChunk *chunk = ls_region_chunk (thread->shared->region, thread->chunk - 1);
  LsSlot *slot = &chunk->slot[thread->position];
  for (guint i = 0; i < n * sizeof (LsSlot); i++)
    g_assert_cmpuint (((const guint8 *) slot)[i], ==, 0); /* recycled chunks are zeroed */
  thread->position += n;
  atomic_store (&slot->mark, LS_SLOT_MARK (0, n));
  return slot;
}

static inline void
fake_commit (LsSlot *slot, guint kind, guint n)
{
  atomic_store_explicit (&slot->mark, LS_SLOT_MARK (kind, n), memory_order_release);
}

/* One record of one slot about a mutex. */
static inline void
fake_put (FakeThread *thread, LsEventKind kind, uint64_t ticks, uint64_t target)
{
  LsSlot *slot = fake_reserve (thread, 1);
  slot->ticks = ticks;
  slot->target = target;
  slot->object = LS_OBJECT_MUTEX;
  fake_commit (slot, kind, 1);
}

/* One record with a text in its further slots. */
static inline void
fake_put_text (FakeThread *thread, guint kind, uint64_t ticks, uint64_t target, const char *text)
{
  guint n = 1 + (guint) ((strlen (text) + sizeof (LsSlot) - 1) / sizeof (LsSlot));
  LsSlot *slot = fake_reserve (thread, n);
  slot->ticks = ticks;
  slot->target = target;
  memcpy (slot + 1, text, strlen (text));
  fake_commit (slot, kind, n);
}
