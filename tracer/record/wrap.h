/* SPDX-License-Identifier: MIT */
/**
 * What the wrappers share.
 *
 * A wrapper does exactly what the real function does and says so. Those that may block try first:
 * an uncontended acquire is one record, a contended one is `wait` and `acquire`. All of them are
 * built with unwind tables: cancellation and C++ exceptions pass through them.
 */
#pragma once

#include <errno.h>

#include "real.h"
#include "recorder.h"

#define LS_HOW_OF(how, mode) LS_SLOT_HOW (how, mode, 0, 0)
#define LS_N(how) ((uint8_t) ((how) | 1u << 7)) /* `arg` is an n that matters */

/* Calls the real function; one that this libc does not have fails with ENOSYS. */
#define LS_CALL(NAME, ...) (LS_LIKELY (ls_real.NAME != NULL) ? ls_real.NAME (__VA_ARGS__) : ENOSYS)
/* The same for those that set errno and give -1. */
#define LS_CALL_ERRNO(NAME, ...) \
  (LS_LIKELY (ls_real.NAME != NULL) ? ls_real.NAME (__VA_ARGS__) : (errno = ENOSYS, -1))

/* What is acquired or waited for, and from where. */
typedef struct {
  const volatile void *object;
  uint64_t site;
  uint8_t kind; /* LsObjectKind */
  uint8_t how;  /* LS_HOW_OF */
} LsCall;

static inline void
ls_call_put (const LsCall *call, LsEventKind event)
{
  ls_put ((LsTail){ .kind = event, .object = call->kind, .how = call->how }, call->object,
          call->site);
}

/* An event that failed with the errno value `error`, or did not when that is 0. */
static inline uint64_t
ls_site_error (uint64_t site, int error)
{
  return LS_SLOT_SITE (site, error);
}

/* Says that an attempt to acquire blocks, and how it ended. Out of line, for the sake of what an
 * uncontended acquire costs. */
void ls_call_wait (const LsCall *call);
void ls_call_result (const LsCall *call, int error);

/* A wait that cancellation may end: declare it with LS_CANCELLABLE, clear `waiting` after. */
typedef struct {
  const LsCall *call;
  bool waiting;
} LsBlocked;

void ls_blocked_end (LsBlocked *blocked);

#define LS_CANCELLABLE __attribute__ ((cleanup (ls_blocked_end))) LsBlocked

/* Whether a timed call may be tried first: what the real one refuses even when the lock is free, it
 * has to see. */
static inline bool
ls_time_is_valid (clockid_t clock, const struct timespec *time)
{
  return (clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC) && time && time->tv_nsec >= 0 &&
         time->tv_nsec < 1000000000;
}

/* What a record of OBJECT says. */
#define LS_TAIL(EVENT, KIND, HOW) \
  ((LsTail){ .kind = (EVENT), .object = (uint8_t) (KIND), .how = (uint8_t) (HOW) })

/* How an acquire goes on that its TRY, when it MAY_TRY, did not settle: waits, or tells at once. */
#define LS_BLOCK(CALL, MAY_TRY, ERROR, BLOCK)                             \
  do {                                                                    \
    const LsCall ls_call = CALL;                                          \
    int ls_error = (ERROR);                                               \
    if (ls_error == EBUSY || ls_error == EAGAIN || ls_error == EDEADLK) { \
      if (MAY_TRY)                                                        \
        ls_call_wait (&ls_call);                                          \
      ls_error = (BLOCK);                                                 \
    }                                                                     \
    ls_call_result (&ls_call, ls_error);                                  \
    return ls_error;                                                      \
  } while (0)

/* The body of a blocking acquire once recording is on: TRY gives 0, EOWNERDEAD or why not. */
#define LS_ACQUIRE(CALL, MAY_TRY, TRY, BLOCK)  \
  do {                                         \
    int ls_tried = (MAY_TRY) ? (TRY) : EBUSY;  \
    if (LS_LIKELY (ls_tried == 0)) {           \
      const LsCall ls_quick = CALL;            \
      ls_call_put (&ls_quick, LS_EV_ACQUIRE);  \
      return 0;                                \
    }                                          \
    LS_BLOCK (CALL, MAY_TRY, ls_tried, BLOCK); \
  } while (0)

/* The beginning of those that everything depends on: NOT_RECORDING is a function of its own with
 * the wrapper's arguments that calls ls_init() if that has not been. */
#define LS_IF_RECORDING(NOT_RECORDING)   \
  do {                                   \
    if (LS_UNLIKELY (ls_recording == 0)) \
      return NOT_RECORDING;              \
  } while (0)

/* Defines NAME_unrecorded (), for that. */
#define LS_UNRECORDED(NAME, TYPE)                                        \
  static __attribute__ ((noinline)) int NAME##_unrecorded (TYPE *object) \
  {                                                                      \
    return ls_on () ? NAME (object) : LS_CALL (NAME, object);            \
  }

/* Their acquires. The short way keeps nothing in registers over a
 * call but OBJECT, so what blocks is a function of its own, BLOCKED (OBJECT, error, site). */
#define LS_ACQUIRE_QUICKLY(OBJECT, KIND, HOW, TRY, BLOCKED)                 \
  do {                                                                      \
    int ls_tried = ls_real.TRY (OBJECT);                                    \
    uint64_t ls_word;                                                       \
    if (LS_UNLIKELY (ls_tried != 0))                                        \
      return BLOCKED (OBJECT, ls_tried, LS_SITE ());                        \
    LsTail ls_tail = LS_TAIL (LS_EV_ACQUIRE, KIND, HOW);                    \
    if (LS_LIKELY (ls_put_quickly (ls_tail, OBJECT, LS_SITE (), &ls_word))) \
      return 0;                                                             \
    return ls_put_slow (ls_tail, OBJECT, LS_SITE (), ls_word);              \
  } while (0)

/* A record of a release that cannot fail, told before it is done: the object may be gone after. */
#define LS_RELEASE_QUICKLY(OBJECT, KIND, UNLOCK)                            \
  do {                                                                      \
    LsTail ls_tail = LS_TAIL (LS_EV_RELEASE, KIND, 0);                      \
    uint64_t ls_word;                                                       \
    if (LS_LIKELY (ls_put_quickly (ls_tail, OBJECT, LS_SITE (), &ls_word))) \
      return ls_real.UNLOCK (OBJECT);                                       \
    ls_put_slow (ls_tail, OBJECT, LS_SITE (), ls_word);                     \
    return ls_real.UNLOCK (OBJECT);                                         \
  } while (0)

/* The object kind of a mutex, from the type in its low bits where the C library is known. */
#if defined(__GLIBC__)
#  define LS_MUTEX_TYPE(mutex) ((mutex)->__data.__kind & 3)
/* Nobody keeps who holds it, so that anybody may unlock it. */
#  define LS_MUTEX_IS_PLAIN(mutex)                                \
    (((mutex)->__data.__kind & 0x7f) == PTHREAD_MUTEX_TIMED_NP || \
     ((mutex)->__data.__kind & 0x7f) == PTHREAD_MUTEX_ADAPTIVE_NP)
#  define LS_MUTEX_DEPTH(mutex) ((mutex)->__data.__count)
#  define LS_MUTEX_OWNER(mutex) ((uint32_t) (mutex)->__data.__owner)
#else
#  error "the layout of this C library's mutex is not known"
#endif

static inline LsObjectKind
ls_mutex_kind (const pthread_mutex_t *mutex)
{
  return LS_MUTEX_TYPE (mutex) == PTHREAD_MUTEX_RECURSIVE_NP ? LS_OBJECT_RECURSIVE
                                                             : LS_OBJECT_MUTEX;
}
