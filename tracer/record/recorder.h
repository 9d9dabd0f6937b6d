/* SPDX-License-Identifier: MIT */
/**
 * The recording path: how a thread of the traced program writes a record.
 *
 * Each thread has an LsThread, in memory that fork empties (MADV_WIPEONFORK), found through one
 * initial-exec thread-local pointer. Its `word` says in which chunk the next slot lies and how many
 * are left; one add that no signal handler of the thread can split reserves slots. Everything else
 * (a full chunk, a thread's first event, a forked child's first event, a recording that has ended)
 * makes the reservation fail and goes to ls_slot_slow().
 *
 * Reserving in the thread's own memory rather than in the chunk's header keeps a thread that was
 * interrupted between reading which chunk is its own and adding to it from adding to a chunk that
 * its handler has filled, retired and lost to another thread.
 *
 * Nothing here allocates, locks, uses stdio or changes errno.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>
#include <pthread.h>

#include "region.h"
#include "slot.h"

#define LS_EXPORT __attribute__ ((visibility ("default")))
#define LS_HIDDEN __attribute__ ((visibility ("hidden"))) /* reached without the linker's table */
#define LS_COLD __attribute__ ((noinline, cold))
#define LS_LIKELY(x) __builtin_expect (!!(x), 1)
#define LS_UNLIKELY(x) __builtin_expect (!!(x), 0)
#define LS_SITE() ((uint64_t) (uintptr_t) __builtin_return_address (0))

/* Who still needs an LsThread; it is free again when nobody does. */
enum {
  LS_REF_CREATOR = 1 << 0,  /* pthread_create has not returned */
  LS_REF_LIVE = 1 << 1,     /* the thread has begun, or will, and has not ended */
  LS_REF_JOINABLE = 1 << 2, /* neither joined nor detached */
  LS_REF_JOINING = 1 << 3,  /* instead: being joined */
  /* While one of these is set its pthread_t means it. They must be gone before the C library may
   * give that pthread_t to another thread, hence JOINING. */
  LS_REF_KNOWN = LS_REF_LIVE | LS_REF_JOINABLE,
};

typedef struct {
  /* What every record touches. */
  uint64_t word;     /* where its chunk ends / LS_CHUNK_BYTES << 32 | slots left in it */
  int32_t recording; /* the ls_recording that this belongs to; 0 after a fork */
  int32_t quick;     /* the same where the clock is rdtsc, else another */

  uint32_t chunk; /* index + 1 of the chunk in use, 0 = none */
  uint32_t kept;  /* the same of the one that it keeps beside, see region.h */
  char *chunks;   /* where the region's chunks begin */

  _Atomic uint64_t identity; /* recording << 32 | logical id */
  uint32_t ordinal;          /* of the next chunk */
  uint32_t os_tid;
  uint32_t lost; /* events dropped since the last `lost` record */
  uint32_t creator;
  uint64_t stalled_ns; /* it waited for the collector since the last `stall` record */
  _Atomic uint32_t refs;
  _Atomic uint32_t handoff; /* see thread.c */
  _Atomic uint32_t next_free;
  uint8_t how;    /* LsHow of its finish */
  uint8_t rounds; /* of thread-specific destructors that ran */
  uint8_t n_made; /* fresh chunks, 2 at most */
  uint8_t begun;  /* its thread and start records are written, or were counted as lost */
  pthread_t self;
  void *start; /* the start function, void *(*) (void *) or int (*) (void *) */
  void *arg;
  pthread_t *out; /* where the creator wants the pthread_t */

  /* While stacks are recorded it stands for `word`, which then stays empty: each record takes the
   * way through ls_slot_slow(), where its stack is found. */
  uint64_t deep_word;
  uintptr_t stack_from; /* the part of the stack that is this thread's own for certain */
  size_t stack_bytes;
} __attribute__ ((aligned (128))) LsThread;

/* The recording's number while one runs, else 0. The public lockstitch_recording follows it; this
 * one cannot be moved into the program by a copy relocation, so that reading it is one load. */
extern LS_HIDDEN int ls_recording;
extern LS_HIDDEN bool ls_ready;     /* ls_init() has run */
extern LS_HIDDEN bool ls_clock_tsc; /* rdtsc, else CLOCK_MONOTONIC */

#define LS_TLS __thread __attribute__ ((tls_model ("initial-exec")))
extern LS_HIDDEN LS_TLS LsThread *ls_self; /* never NULL */

/* Resolves the real functions and joins a recording that the environment names. Returns
 * ls_recording. Runs once, at the library's start or the first wrapped call before that. */
int ls_init (void);

/* Reserves n slots when the short way could not: `word` as the reservation found it, 0 when none
 * was tried. NULL when the event is dropped (and counted) or none is wanted any more. */
LsSlot *ls_slot_slow (unsigned n, uint64_t word) LS_COLD;

/* True while events are wanted; the first thing a wrapper asks. */
static inline bool
ls_on (void)
{
  return LS_UNLIKELY (ls_recording != 0) || (LS_UNLIKELY (!ls_ready) && ls_init () != 0);
}

static inline uint64_t
ls_ticks (void)
{
#if defined(__x86_64__)
  if (LS_LIKELY (ls_clock_tsc))
    return __builtin_ia32_rdtsc ();
#endif
  struct timespec now;
  clock_gettime (CLOCK_MONOTONIC, &now);
  return (uint64_t) now.tv_sec * 1000000000u + (uint64_t) now.tv_nsec;
}

/* Takes n off *word and gives what it was: one instruction where there is one, since the only rival
 * is a signal handler of this very thread. */
static inline uint64_t
ls_take (uint64_t *word, unsigned n)
{
#if defined(__x86_64__)
  uint64_t old = -(uint64_t) n;
  __asm__ volatile("xaddq %0, %1" : "+r"(old), "+m"(*word) : : "memory", "cc");
  return old;
#else
  return __atomic_fetch_sub (word, n, __ATOMIC_RELAXED);
#endif
}

/* Asks for the cache line that will be written some records from now: the collector, on another
 * core, has emptied it. A locked instruction of the program's would wait for it. */
static inline void
ls_prefetch (const LsSlot *slot)
{
#if defined(__x86_64__)
  __asm__ volatile("prefetchw %0" : : "m"(*slot)); /* does nothing where it is not known */
#else
  __builtin_prefetch (slot, 1);
#endif
}

/* True when a reservation found n slots, by what it gave. */
static inline bool
ls_has_slots (uint64_t word, unsigned n)
{
  return LS_LIKELY ((uint32_t) word - n < LS_CHUNK_SLOTS); /* fewer than n: wraps around */
}

/* The first of n slots that were reserved so, marked as being filled. */
static inline LsSlot *
ls_slots_at (uint64_t word, unsigned n)
{
  /* What is left is less than LS_CHUNK_BYTES: the shift loses it. */
  LsSlot *slot = (LsSlot *) (uintptr_t) (word >> 16) - (uint32_t) word;
  atomic_store_explicit (&slot->mark, LS_SLOT_MARK (0, n), memory_order_relaxed);
  atomic_signal_fence (memory_order_seq_cst); /* its stamp is taken after */
  ls_prefetch (slot + 16);
  return slot;
}

_Static_assert(LS_CHUNK_BYTES == 1 << 16 && LS_CHUNK_SLOTS < LS_CHUNK_BYTES, "see LsThread.word");

/* Slots for a record of this thread, or NULL: then it is not to be written. */
static inline LsSlot *
ls_slot (unsigned n)
{
  LsThread *self = ls_self;
  uint64_t word = 0;

  if (LS_LIKELY (self->recording == ls_recording)) {
    word = ls_take (&self->word, n);
    if (ls_has_slots (word, n))
      return ls_slots_at (word, n);
  }
  return ls_slot_slow (n, word);
}

/* What a record says beside its stamp; `slots` more than one when further slots follow. */
typedef struct {
  uint8_t kind; /* LsEventKind or LsSlotKind */
  uint8_t slots;
  uint8_t object; /* LsObjectKind */
  uint8_t how;    /* LS_SLOT_HOW */
  uint32_t arg;
} LsTail;

/* Makes the record be there. Its last eight bytes are one store. */
static inline void
ls_commit (LsSlot *slot, LsTail tail)
{
  uint16_t mark = LS_SLOT_MARK (tail.kind, tail.slots ? tail.slots : 1);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  uint64_t bits = (uint64_t) tail.arg | (uint64_t) tail.how << 32 | (uint64_t) tail.object << 40 |
                  (uint64_t) mark << 48;
  _Static_assert(offsetof (LsSlot, arg) == 24 && offsetof (LsSlot, how) == 28 &&
                   offsetof (LsSlot, object) == 29 && offsetof (LsSlot, mark) == 30,
                 "a slot's last eight bytes");
  __atomic_store_n ((uint64_t *) (void *) &slot->arg, bits, __ATOMIC_RELEASE);
#else
  slot->arg = tail.arg;
  slot->how = tail.how;
  slot->object = tail.object;
  atomic_store_explicit (&slot->mark, mark, memory_order_release);
#endif
}

/* Writes a record of one slot, stamped `ticks`, or now when that is 0. */
static inline __attribute__ ((always_inline)) void
ls_put_at (uint64_t ticks, LsTail tail, uint64_t target, uint64_t site)
{
  LsSlot *slot = ls_slot (1);
  if (LS_UNLIKELY (slot == NULL))
    return;
  slot->ticks = ticks ? ticks : ls_ticks ();
  slot->target = target;
  slot->site = site;
  ls_commit (slot, tail);
}

/* The short way of a record; NULL when it takes the long one, with the reservation in *word. It
 * calls nothing, so that a function that ends in one or the other keeps nothing in registers. */
static inline __attribute__ ((always_inline)) LsSlot *
ls_slot_quickly (unsigned n, uint64_t *word)
{
  *word = 0;
#if defined(__x86_64__)
  LsThread *self = ls_self;

  if (LS_LIKELY (self->quick == ls_recording)) {
    *word = ls_take (&self->word, n);
    if (ls_has_slots (*word, n)) {
      LsSlot *slot = ls_slots_at (*word, n);
      slot->ticks = __builtin_ia32_rdtsc ();
      return slot;
    }
  }
#endif
  return NULL;
}

static inline __attribute__ ((always_inline)) bool
ls_put_quickly (LsTail tail, const volatile void *target, uint64_t site, uint64_t *word)
{
  LsSlot *slot = ls_slot_quickly (1, word);
  if (!slot)
    return false;
  slot->target = (uintptr_t) target;
  slot->site = site;
  ls_commit (slot, tail);
  return true;
}

/* Gives 0, for the sake of who ends with it. */
LS_COLD int ls_put_slow (LsTail tail, const volatile void *target, uint64_t site, uint64_t word);

/* Writes a record of one slot, stamped now. */
static inline __attribute__ ((always_inline)) void
ls_put (LsTail tail, const volatile void *target, uint64_t site)
{
  uint64_t word;
  if (LS_UNLIKELY (!ls_put_quickly (tail, target, site, &word)))
    ls_put_slow (tail, target, site, word);
}

/* What is said of an access to a value beside that. Word by word, since the bytes of an
 * LsSlotValue, written one by one and then copied, cost more than all the rest. */
typedef struct {
  uint64_t val, old;
  uint64_t says; /* LS_ACCESS */
} LsAccess;

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#  define LS_ACCESS(type, has_old) \
    ((uint64_t) (type) << 32 | UINT64_C (1) << 40 | (uint64_t) (has_old) << 48)
#else
#  define LS_ACCESS(type, has_old) \
    ((uint64_t) (type) << 24 | UINT64_C (1) << 16 | (uint64_t) (has_old) << 8)
#endif
_Static_assert(offsetof (LsSlotValue, old) == 8 && offsetof (LsSlotValue, off) == 16 &&
                 offsetof (LsSlotValue, type) == 20 && offsetof (LsSlotValue, has_val) == 21 &&
                 offsetof (LsSlotValue, has_old) == 22,
               "an LsAccess lies as an LsSlotValue begins");

static inline __attribute__ ((always_inline)) void
ls_fill_access (LsSlot *slot, LsTail tail, uint64_t target, uint64_t site, LsAccess access)
{
  uint64_t *words = (uint64_t *) (void *) (slot + 1);

  slot->target = target;
  slot->site = site;
  words[0] = access.val;
  words[1] = access.old;
  words[2] = access.says;
  words[3] = 0;
  ls_commit (slot, tail);
}

LS_COLD void ls_put_access_slow (LsTail tail,
                                 const volatile void *value,
                                 uint64_t site,
                                 uint64_t val,
                                 uint64_t old,
                                 uint64_t says,
                                 uint64_t word);

/* Writes an access of `size` bytes to a value, stamped now. */
static inline __attribute__ ((always_inline)) void
ls_put_access (LsEventKind event,
               const volatile void *value,
               size_t size,
               LsAccess access,
               unsigned order,
               uint64_t site)
{
  LsTail tail = { .kind = event,
                  .slots = 2,
                  .object = LS_OBJECT_VALUE,
                  .how = LS_SLOT_HOW (0, 0, order, 0),
                  .arg = (uint32_t) size };
  uint64_t word;
  LsSlot *slot = ls_slot_quickly (2, &word);
  if (LS_LIKELY (slot != NULL))
    ls_fill_access (slot, tail, (uintptr_t) value, site, access);
  else
    ls_put_access_slow (tail, value, site, access.val, access.old, access.says, word);
}

/* The record of something that is stamped before it is done and told when its outcome is known.
 * NULL stays NULL. */
static inline LsSlot *
ls_open (uint64_t target)
{
  LsSlot *slot = ls_slot (1);
  if (LS_LIKELY (slot != NULL)) {
    slot->ticks = ls_ticks ();
    slot->target = target;
  }
  return slot;
}

static inline void
ls_close (LsSlot *slot, LsTail tail, uint64_t site)
{
  if (LS_LIKELY (slot != NULL)) {
    slot->site = site;
    ls_commit (slot, tail);
  }
}
