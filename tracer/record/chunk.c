/* SPDX-License-Identifier: MIT */
/**
 * The recording path's slow part: a thread retires a full chunk and takes another: the one before,
 * which it kept, if the collector has emptied that by now, else one from the region's free list. When
 * there is neither it waits for the collector.
 *
 * It runs with signals blocked but for the wait itself. A handler that comes during the wait finds
 * `busy`, takes a chunk of those that are kept for it, and when these are gone drops what it would
 * record, counted. Whoever waits, waits for the collector only,
 * never for another thread of the program, and at most ten seconds without progress.
 */
#include "process.h"
#include "stack.h"

#include <errno.h>

#define NO_PROGRESS_NS 10000000000u
#define WAIT_SLICE_NS 100000000u

/* The word that slots are reserved by. */
#define WORD(self) (*(LS_UNLIKELY (ls_stack_depth > 0) ? &(self)->deep_word : &(self)->word))

static LS_TLS bool busy;

/* The collector made no progress: nobody waits for it again until a chunk is there. */
static _Atomic bool starved;

static void
count_dropped (LsThread *self)
{
  if (self)
    __atomic_fetch_add (&self->lost, 1, __ATOMIC_RELAXED);
  else if (ls_process && ls_process->image)
    atomic_fetch_add_explicit (&ls_region_image (ls_region, ls_process->image - 1)->dropped, 1,
                               memory_order_relaxed);
}

/* Waits, with the thread's own signal mask, until a chunk is there. 0: not to be had. */
static uint32_t
wait_for_chunk (LsThread *self, uint64_t mask)
{
  uint64_t quiet_since = ls_now_ns ();
  uint32_t seen = atomic_load (&ls_region->free_given);

  for (;;) {
    uint32_t index = ls_supply_take (self);
    if (index)
      return index;
    if (ls_region_is_dead () || !atomic_load (&ls_region->recording)) {
      ls_process_stop ();
      return 0;
    }
    ls_supply_ask ();

    busy = true;
    ls_restore_signals (mask);
    ls_futex_wait (&ls_region->free_given, seen, WAIT_SLICE_NS);
    ls_block_signals ();
    busy = false;

    /* A handler may have forked; its child goes on here. */
    if (self->recording != ls_recording)
      return 0;
    uint32_t now = atomic_load (&ls_region->free_given);
    if (now != seen) {
      seen = now;
      quiet_since = ls_now_ns ();
    } else if (ls_now_ns () - quiet_since > NO_PROGRESS_NS) {
      atomic_store (&starved, true);
      return 0;
    }
  }
}

/* Marks the slots at a chunk's end that a reservation found too few, or that nobody wants. */
static void
mark_tail (uint64_t word)
{
  uint32_t left = (uint32_t) word;

  if (left == 0 || left >= LS_CHUNK_SLOTS)
    return;
  ls_commit ((LsSlot *) (uintptr_t) (word >> 16) - left, (LsTail){ .kind = LS_SLOT_PAD });
}

/* The chunk in use is written to no more. The thread keeps it if it keeps no other and `keeps`. */
static void
retire (LsThread *self, bool keeps)
{
  if (self->chunk == 0)
    return;
  mark_tail (WORD (self));
  WORD (self) = 0;
  keeps = keeps && self->kept == 0;
  atomic_store_explicit (&ls_chunk_header (self, self->chunk)->state,
                         keeps ? LS_CHUNK_KEPT : LS_CHUNK_RETIRED, memory_order_release);
  if (keeps)
    self->kept = self->chunk;
  self->chunk = 0;
}

void
ls_chunk_retire (LsThread *self)
{
  busy = false; /* still set when the thread was cancelled while it waited */
  retire (self, false);
  ls_supply_leave_kept (self);
}

/* Makes chunk `index` (+ 1) the thread's own. */
static void
begin_chunk (LsThread *self, uint32_t index)
{
  LsChunk *chunk = ls_region_chunk (ls_region, index - 1);
  LsChunkHeader *header = &chunk->header;

  header->image = ls_process->image - 1;
  header->thread = ls_thread_id (self);
  header->ordinal = self->ordinal++;
  header->os_tid = self->os_tid;
  atomic_store_explicit (&header->state, LS_CHUNK_OWNED, memory_order_release);
  self->chunk = index;
  WORD (self) = (uint64_t) (uintptr_t) (chunk + 1) >> 16 << 32 | (LS_CHUNK_SLOTS - 2);
}

static void
put_own (LsThread *self, LsTail tail, uint64_t target, uint64_t site)
{
  LsSlot *slot = ls_slots_at (ls_take (&WORD (self), 1), 1); /* a new chunk has room */
  slot->ticks = ls_ticks ();
  slot->target = target;
  slot->site = site;
  ls_commit (slot, tail);
}

/* Says at a chunk's start what has to be said before what the thread was about to record. */
static void
put_first (LsThread *self)
{
  if (!self->begun) {
    put_own (self, (LsTail){ .kind = LS_SLOT_THREAD, .arg = self->os_tid }, self->creator,
             (uint64_t) (uintptr_t) self->start);
    put_own (self, (LsTail){ .kind = LS_EV_START }, 0, 0);
    self->begun = 1;
  }
  if (self->lost) {
    put_own (self, (LsTail){ .kind = LS_EV_LOST, .arg = self->lost }, self->lost, 0);
    self->lost = 0;
  }
  if (self->stalled_ns) {
    put_own (self, (LsTail){ .kind = LS_EV_STALL }, self->stalled_ns, 0);
    self->stalled_ns = 0;
  }
}

static bool
may_wait (void)
{
  /* A vfork child has its parent's memory and another process id. */
  return !(ls_region->options & LS_OPTION_DROP) && !ls_exiting && ls_ready &&
         !atomic_load (&starved) && ls_process->pid == ls_pid ();
}

/* False when the thread has no chunk. */
static bool
take_chunk (LsThread *self, uint64_t mask)
{
  if (ls_region_is_dead () || !atomic_load (&ls_region->recording)) {
    ls_process_stop ();
    return false;
  }
  uint32_t index = ls_supply_take_kept (self);
  retire (self, true);
  if (!index)
    index = ls_supply_take (self);

  if (!index && may_wait ()) {
    uint64_t before = ls_now_ns ();
    index = wait_for_chunk (self, mask);
    if (self->recording == ls_recording)
      self->stalled_ns += ls_now_ns () - before;
  }
  if (!index)
    return self->chunk != 0; /* a handler's */
  atomic_store_explicit (&starved, false, memory_order_relaxed);
  retire (self, false); /* the same */
  begin_chunk (self, index);
  put_first (self);
  return true;
}

/* For a handler that has come while its thread waits for a chunk; `word` as a reservation found it. */
static LsSlot *
slot_in_handler (LsThread *self, unsigned n, uint64_t word)
{
  if (self->recording != ls_recording)
    self = NULL;
  if (self && self->chunk) {
    if ((uint32_t) word < n)
      mark_tail (word);
    WORD (self) = 0;
    retire (self, false);
  }
  uint32_t index = self ? ls_supply_take_reserved () : 0;
  if (!index) {
    count_dropped (self);
    return NULL;
  }
  begin_chunk (self, index);
  put_first (self);
  return ls_slots_at (ls_take (&WORD (self), n), n);
}

/* The calling thread's LsThread of this recording, NULL when it may not record now. */
static LsThread *
thread_with_signals_blocked (void)
{
  LsThread *self = ls_self;

  if (!ls_recording || ls_thread_has_ended ())
    return NULL;
  if (busy) {
    count_dropped (self->recording == ls_recording ? self : NULL);
    return NULL;
  }
  if (self->recording == ls_recording)
    return self;
  self = ls_thread_attach ();
  if (!self)
    count_dropped (NULL);
  return self;
}

static LsSlot *
slot_with_signals_blocked (unsigned n, uint64_t word, uint64_t mask)
{
  LsThread *before = ls_self;
  if (busy && ls_recording && !ls_thread_has_ended ())
    return slot_in_handler (before, n, word);
  LsThread *self = thread_with_signals_blocked ();
  if (!self)
    return NULL;
  /* A handler that came after the failed reservation may have taken a new chunk: leave that be. */
  if (self == before && (uint32_t) word < n)
    mark_tail (word);
  for (;;) {
    word = ls_take (&WORD (self), n);
    if (ls_has_slots (word, n))
      return ls_slots_at (word, n);
    mark_tail (word);
    WORD (self) = 0;
    if (!take_chunk (self, mask)) {
      if (self->recording == ls_recording)
        count_dropped (self);
      return NULL;
    }
  }
}

static LsSlot *
slot_with_own_signals (unsigned n, uint64_t word)
{
  int saved = errno;
  uint64_t mask = ls_block_signals ();
  LsSlot *slot = slot_with_signals_blocked (n, word, mask);

  ls_restore_signals (mask);
  errno = saved;
  return slot;
}

/* Slots for a record of n and, before them, for its stack, which is written. They are reserved
 * together: nothing comes between. */
static LsSlot *
slot_after_stack (unsigned n)
{
  LsThread *self = ls_self;
  LsSlot *slot = NULL;
  LsStack stack;
  uint64_t word = 0;

  self->word = 0; /* the short way stays closed */
  ls_stack_walk (&stack, ls_stack_depth);
  unsigned n_stack = ls_stack_slots (&stack);
  if (self->recording == ls_recording) {
    word = ls_take (&self->deep_word, n_stack + n);
    if (ls_has_slots (word, n_stack + n))
      slot = ls_slots_at (word, n_stack ? n_stack : n);
  }
  if (!slot)
    slot = slot_with_own_signals (n_stack + n, word);
  if (!slot || n_stack == 0)
    return slot;
  atomic_store_explicit (&slot[n_stack].mark, LS_SLOT_MARK (0, n), memory_order_relaxed);
  ls_stack_write (slot, &stack);
  return slot + n_stack;
}

LsSlot *
ls_slot_slow (unsigned n, uint64_t word)
{
  return LS_UNLIKELY (ls_stack_depth > 0) ? slot_after_stack (n) : slot_with_own_signals (n, word);
}

int
ls_put_slow (LsTail tail, const volatile void *target, uint64_t site, uint64_t word)
{
  LsSlot *slot = word ? ls_slot_slow (1, word) : ls_slot (1);
  if (slot) {
    slot->ticks = ls_ticks ();
    slot->target = (uintptr_t) target;
    slot->site = site;
    ls_commit (slot, tail);
  }
  return 0;
}

void
ls_chunk_begin_thread (void)
{
  int saved = errno;
  uint64_t mask = ls_block_signals ();
  LsThread *self = thread_with_signals_blocked ();

  if (self && !self->begun)
    take_chunk (self, mask);
  ls_restore_signals (mask);
  errno = saved;
}
