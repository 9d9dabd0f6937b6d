/* SPDX-License-Identifier: MIT */
/* lockstitch.h's functions. */
#include "lockstitch.h"

#include "launch.h"
#include "process.h"
#include "text.h"

#include <errno.h>
#include <sys/mman.h>

#define WRITTEN_WITHIN_NS 10000000000u

_Static_assert((int) LOCKSTITCH_INT == (int) LS_VALUE_INT &&
                 (int) LOCKSTITCH_UINT == (int) LS_VALUE_UINT &&
                 (int) LOCKSTITCH_FLOAT == (int) LS_VALUE_FLOAT &&
                 (int) LOCKSTITCH_POINTER == (int) LS_VALUE_POINTER,
               "the public types are the trace's");
_Static_assert((int) LOCKSTITCH_RELAXED == (int) LS_ORDER_RELAXED &&
                 (int) LOCKSTITCH_SEQ_CST == (int) LS_ORDER_SEQ_CST,
               "the public orders are the trace's");

/* -- Starting and stopping -- */

LS_EXPORT int
lockstitch_start (const char *path)
{
  if (ls_on () && !ls_region_is_dead ())
    return 0;
  return path ? ls_launch (path) : EINVAL;
}

LS_EXPORT void
lockstitch_stop (void)
{
  if (!ls_recording || !ls_launch_is_ours ())
    return;
  int saved = errno;
  LsImage *image = ls_process_image ();
  uint64_t until = ls_now_ns () + WRITTEN_WITHIN_NS, now;

  ls_modules_note_end ();
  ls_process_stop ();
  if (image) {
    atomic_store (&image->api_stopped, 1);
    atomic_fetch_add (&ls_region->free_wanted, 1);
    ls_futex_wake (&ls_region->free_wanted);
    while (!atomic_load (&image->written) && !ls_region_is_dead () && (now = ls_now_ns ()) < until)
      ls_futex_wait (&image->written, 0, until - now < 100000000u ? until - now : 100000000u);
  }
  errno = saved;
}

/* -- Names -- */

LS_EXPORT void
lockstitch_name_thread (const char *name)
{
  if (ls_on ())
    ls_put_text ((LsTail){ .kind = LS_SLOT_NAME_THREAD }, 0, LS_SITE (), name);
}

LS_EXPORT void
lockstitch_name_lock (const volatile void *lock, const char *name)
{
  if (ls_on ())
    ls_put_text ((LsTail){ .kind = LS_SLOT_NAME_OBJECT }, (uintptr_t) lock, LS_SITE (), name);
}

LS_EXPORT void
lockstitch_name_value (const volatile void *value,
                       size_t size,
                       LockstitchType type,
                       const char *name)
{
  if (ls_on ())
    ls_put_text ((LsTail){ .kind = LS_SLOT_NAME_OBJECT,
                           .object = LS_OBJECT_VALUE,
                           .how = (uint8_t) type,
                           .arg = (uint32_t) size },
                 (uintptr_t) value, LS_SITE (), name);
}

/* -- Values -- */

void
ls_put_access_slow (LsTail tail,
                    const volatile void *value,
                    uint64_t site,
                    uint64_t val,
                    uint64_t old,
                    uint64_t says,
                    uint64_t word)
{
  LsSlot *slot = word ? ls_slot_slow (2, word) : ls_slot (2);
  if (!slot)
    return;
  slot->ticks = ls_ticks ();
  ls_fill_access (slot, tail, (uintptr_t) value, site, (LsAccess){ val, old, says });
}

/* Nobody waits for ls_init() here: before it the macros do not come this far. */
#define PUT_ACCESS(EVENT, value, size, type, bits, old, has_old, order)     \
  do {                                                                      \
    LsAccess access = { bits, old, LS_ACCESS ((uint8_t) (type), has_old) }; \
    if (LS_LIKELY (ls_recording != 0))                                      \
      ls_put_access (EVENT, value, size, access, (order) &7, LS_SITE ());   \
  } while (0)

LS_EXPORT void
lockstitch_read (const volatile void *value, size_t size, LockstitchType type, uint64_t bits)
{
  PUT_ACCESS (LS_EV_READ, value, size, type, bits, 0, 0, 0);
}

LS_EXPORT void
lockstitch_write (const volatile void *value,
                  size_t size,
                  LockstitchType type,
                  uint64_t bits,
                  uint64_t old_bits)
{
  PUT_ACCESS (LS_EV_WRITE, value, size, type, bits, old_bits, 1, 0);
}

LS_EXPORT void
lockstitch_load (const volatile void *value,
                 size_t size,
                 LockstitchType type,
                 uint64_t bits,
                 LockstitchOrder order)
{
  PUT_ACCESS (LS_EV_LOAD, value, size, type, bits, 0, 0, order);
}

LS_EXPORT void
lockstitch_store (const volatile void *value,
                  size_t size,
                  LockstitchType type,
                  uint64_t bits,
                  LockstitchOrder order)
{
  PUT_ACCESS (LS_EV_STORE, value, size, type, bits, 0, 0, order);
}

LS_EXPORT void
lockstitch_update (const volatile void *value,
                   size_t size,
                   LockstitchType type,
                   uint64_t bits,
                   uint64_t old_bits,
                   LockstitchOrder order)
{
  PUT_ACCESS (LS_EV_UPDATE, value, size, type, bits, old_bits, 1, order);
}

/* -- Synchronisation of the program's own -- */

#define PUT_LOCK(EVENT, lock)                                                           \
  do {                                                                                  \
    if (ls_on ())                                                                       \
      ls_put ((LsTail){ .kind = (EVENT), .object = LS_OBJECT_LOCK }, lock, LS_SITE ()); \
  } while (0)

#define PUT_NUMBER(EVENT, number)                                     \
  do {                                                                \
    if (ls_on ())                                                     \
      ls_put_at (0, (LsTail){ .kind = (EVENT) }, number, LS_SITE ()); \
  } while (0)

LS_EXPORT void
lockstitch_wait (const volatile void *lock)
{
  PUT_LOCK (LS_EV_WAIT, lock);
}

LS_EXPORT void
lockstitch_acquire (const volatile void *lock)
{
  PUT_LOCK (LS_EV_ACQUIRE, lock);
}

LS_EXPORT void
lockstitch_release (const volatile void *lock)
{
  PUT_LOCK (LS_EV_RELEASE, lock);
}

LS_EXPORT void
lockstitch_send (uint64_t number)
{
  PUT_NUMBER (LS_EV_SEND, number);
}

LS_EXPORT void
lockstitch_recv (uint64_t number)
{
  PUT_NUMBER (LS_EV_RECV, number);
}

/* -- What the picture shows besides -- */

#define PUT_NAMED(EVENT, value, name)                                     \
  do {                                                                    \
    if (ls_on ())                                                         \
      ls_put_text ((LsTail){ .kind = (EVENT) }, value, LS_SITE (), name); \
  } while (0)

LS_EXPORT void
lockstitch_begin (const char *name)
{
  PUT_NAMED (LS_EV_BEGIN, 0, name);
}

LS_EXPORT void
lockstitch_end (const char *name)
{
  PUT_NAMED (LS_EV_END, 0, name);
}

LS_EXPORT void
lockstitch_mark (const char *name)
{
  PUT_NAMED (LS_EV_MARK, 0, name);
}

LS_EXPORT void
lockstitch_count (const char *name, int64_t value)
{
  PUT_NAMED (LS_EV_COUNT, (uint64_t) value, name);
}
