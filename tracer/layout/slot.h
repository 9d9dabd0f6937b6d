/* SPDX-License-Identifier: MIT */
/**
 * The record that a traced program writes: one to four 32-byte slots.
 *
 * The first slot says what, when and where; further slots carry what does not fit. A record is
 * there once the kind in the first slot's `mark` is non-zero (stored last, with release order);
 * until then the collector leaves it and all behind it in the chunk alone.
 *
 * As soon as it has reserved a record, and before it stamps it, its thread stores the mark with kind
 * 0 and the number of slots: so the collector knows that there is one under way, and how long it is
 * should it be abandoned (longjmp out of a signal handler, cancellation, the process killed). A mark
 * that is all 0 belongs to a slot that is not reserved, or whose thread was kept from storing the
 * mark; when something follows, it can be passed over as a single one.
 *
 * C11, no includes beyond the standard's: the record library and the collector share it.
 */
#pragma once

#include <stdatomic.h>
#include <stdint.h>

#include "kinds.h"

typedef struct {
  uint64_t ticks;  /* of the recording's clock, see LsRegion.clock */
  uint64_t target; /* address of the object, or logical id of the other thread */
  uint64_t site;   /* bits 0-47: return address into the caller, 0 unknown; 48-63: errno value */
  uint32_t arg;    /* n of the event (units, depth, lost, ...) or size of the access in bytes */
  uint8_t how;     /* bits 0-2 LsHow, 3 shared mode, 4-6 LsOrder, 7 `arg` is an n that matters */
  uint8_t object;  /* LsObjectKind of the target, 0 when the target is a thread or nothing */
  _Atomic uint16_t mark; /* low byte: LsEventKind or LsSlotKind; high byte: number of slots, 1-4 */
} LsSlot;

_Static_assert(sizeof (LsSlot) == 32, "a slot is 32 bytes");

#define LS_SLOT_MAX 4
#define LS_SLOT_MARK(kind, n_slots) ((uint16_t) ((kind) | (n_slots) << 8))
#define LS_SLOT_KIND(mark) ((mark) &0xff)
#define LS_SLOT_COUNT(mark) ((mark) >> 8)
#define LS_SLOT_SITE(pc, err) (((uint64_t) (pc) &0xffffffffffffull) | (uint64_t) (err) << 48)
#define LS_SLOT_HOW(how, shared, order, has_n) \
  ((uint8_t) ((how) | (shared) << 3 | (order) << 4 | (has_n) << 7))

/* Marks that are no events of the trace. */
typedef enum {
  LS_SLOT_PAD = 0xf0,  /* nothing: this slot and the whole rest of the chunk */
  LS_SLOT_NAME_OBJECT, /* target is named: `object` kind, text follows; a value's LsValueType in
                             `how`, its size in `arg` */
  LS_SLOT_NAME_THREAD, /* target (logical id; 0 = the writer) is named: text follows */
  LS_SLOT_THREAD,      /* the writer's os tid in `arg`; start function in `site`, creator's
                             logical id in `target`; the first record of a thread */
  LS_SLOT_CALLABLE, /* the thread `target` is about to be created, to run what a library was given
                             for it: the first words of its argument fill two further slots, 0
                             where they end */
  LS_SLOT_STACK,    /* the callers of the next record's `site`, innermost first: their return
                             addresses fill the further slots, 0 after the last */
} LsSlotKind;

/* What further slots hold, by kind of the first:
 *   read write load store update   LsSlotValue (one slot); `arg` is the access's size, `object`
 *                                  is LS_OBJECT_VALUE
 *   wait on a cond                 LsSlotWith (one slot)
 *   begin end mark count names     text, NUL-padded, up to LS_SLOT_TEXT_MAX bytes in 1-3 slots;
 *                                  a count's value is the signed 64-bit `target`
 *   send recv                      none: the number is `target`
 *   create join detach cancel      none: `target` is the other thread's logical id
 *   fork                           none: `target` is the child's process id
 *   lost stall                     none: `target` is the number
 *   semaphore init, barrier init   none: `arg` is the initial count or the number of parties */
typedef struct {
  uint64_t val; /* new or seen value: two's complement, IEEE double, or pointer */
  uint64_t old; /* write, store, update: the value before, when has_old */
  uint32_t off; /* of the access inside its value, in bytes */
  uint8_t type; /* LsValueType of val and old */
  uint8_t has_val;
  uint8_t has_old;
  uint8_t unused[9];
} LsSlotValue;

typedef struct {
  uint64_t with;       /* address of the mutex */
  uint8_t with_object; /* its LsObjectKind */
  uint8_t unused[23];
} LsSlotWith;

_Static_assert(sizeof (LsSlotValue) == 32 && sizeof (LsSlotWith) == 32, "each fills a slot");

#define LS_SLOT_TEXT_MAX (3 * 32)
#define LS_CALLABLE_WORDS 8 /* in the two slots after an LS_SLOT_CALLABLE */
#define LS_STACK_MAX 12     /* return addresses in the three slots after an LS_SLOT_STACK */
