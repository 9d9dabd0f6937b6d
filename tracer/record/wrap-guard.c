/* SPDX-License-Identifier: MIT */
/**
 * The guards of C++'s static local variables: a once each, and its release stores the guard too,
 * which is what the compiler's own check before the call reads.
 *
 * The real functions are the C++ library's, which a C program has not, and must not get by our
 * being there; but what it loads later may have one, and then calls us all the same. So there are
 * functions of our own for that, with libstdc++'s use of the guard's bytes: the first is the C++
 * ABI's (done), the second says that somebody runs, the third that somebody sleeps.
 */
#include "process.h"
#include "wrap.h"

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#  define IN_BYTE(n) (1u << (8 * (n)))
#else
#  define IN_BYTE(n) (1u << (24 - 8 * (n)))
#endif
#define DONE IN_BYTE (0)
#define RUNNING IN_BYTE (1)
#define SLEEPING IN_BYTE (2)

/* NOLINTBEGIN(bugprone-reserved-identifier): the C++ ABI's names */
int __cxa_guard_acquire (uint64_t *guard);
void __cxa_guard_release (uint64_t *guard);
void __cxa_guard_abort (uint64_t *guard);
/* NOLINTEND(bugprone-reserved-identifier) */

static int
acquire (uint64_t *guard)
{
  _Atomic uint32_t *word = (_Atomic uint32_t *) (void *) guard;
  uint32_t seen = 0;

  while (!atomic_compare_exchange_strong (word, &seen, RUNNING)) {
    if (seen & DONE)
      return 0;
    uint32_t asleep = seen | SLEEPING;
    if (seen != 0 && (seen == asleep || atomic_compare_exchange_strong (word, &seen, asleep)))
      ls_futex_wait (word, asleep, UINT64_C (1000000000));
    seen = 0;
  }
  return 1;
}

static void
leave (uint64_t *guard, uint32_t state)
{
  _Atomic uint32_t *word = (_Atomic uint32_t *) (void *) guard;
  if (atomic_exchange (word, state) & SLEEPING)
    ls_futex_wake (word);
}

static int
call_acquire (uint64_t *guard)
{
  return ls_real.__cxa_guard_acquire ? ls_real.__cxa_guard_acquire (guard) : acquire (guard);
}

static bool
is_done (const uint64_t *guard)
{
  return __atomic_load_n ((const uint8_t *) guard, __ATOMIC_ACQUIRE) != 0;
}

/* In libstdc++ and libc++abi alike. */
static bool
is_running (const uint64_t *guard)
{
  return __atomic_load_n ((const uint8_t *) guard + 1, __ATOMIC_RELAXED) != 0;
}

static inline __attribute__ ((always_inline)) void
put (LsEventKind event, const uint64_t *guard, uint64_t site)
{
  ls_put ((LsTail){ .kind = event, .object = LS_OBJECT_ONCE }, guard, site);
}

LS_EXPORT int
__cxa_guard_acquire (uint64_t *guard)
{
  if (!ls_on () || is_done (guard))
    return call_acquire (guard);
  if (is_running (guard))
    put (LS_EV_WAIT, guard, LS_SITE ());
  int runs = call_acquire (guard);
  put (runs ? LS_EV_ACQUIRE : LS_EV_WAKE, guard, LS_SITE ());
  return runs;
}

LS_EXPORT void
__cxa_guard_release (uint64_t *guard)
{
  if (ls_on ()) {
    LsAccess access = { .val = 1, .says = LS_ACCESS (LS_VALUE_UINT, 0) };
    ls_put_access (LS_EV_STORE, guard, 1, access, LS_ORDER_RELEASE, LS_SITE ());
    put (LS_EV_RELEASE, guard, LS_SITE ());
  }
  if (ls_real.__cxa_guard_release)
    ls_real.__cxa_guard_release (guard);
  else
    leave (guard, DONE);
}

/* The variable's constructor threw: the next who comes runs it. */
LS_EXPORT void
__cxa_guard_abort (uint64_t *guard)
{
  if (ls_on ())
    put (LS_EV_RELEASE, guard, LS_SITE ());
  if (ls_real.__cxa_guard_abort)
    ls_real.__cxa_guard_abort (guard);
  else
    leave (guard, 0);
}
