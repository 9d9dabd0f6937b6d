/* SPDX-License-Identifier: MIT */
/* C11's mtx_* and cnd_*, which reach pthread's inside the C library only. A mtx_t is laid out as a
 * pthread_mutex_t. Threads and sleeps are with pthread's. */
#include "wrap-cond.h"

/* What the real function gives back where it does not exist. */
#define C11(NAME, ...) (LS_LIKELY (ls_real.NAME != NULL) ? ls_real.NAME (__VA_ARGS__) : thrd_error)

static pthread_mutex_t *
as_mutex (mtx_t *mutex)
{
  _Static_assert(sizeof (mtx_t) == sizeof (pthread_mutex_t), "a mtx_t is a pthread_mutex_t");
  return (pthread_mutex_t *) (void *) mutex;
}

static int
error_of (int result)
{
  switch (result) {
  case thrd_success:
    return 0;
  case thrd_busy:
    return EBUSY;
  case thrd_timedout:
    return ETIMEDOUT;
  case thrd_nomem:
    return ENOMEM;
  default:
    return EINVAL;
  }
}

#define CALL(mutex, how)                                                                \
  {                                                                                     \
    (mutex), LS_SITE (), (uint8_t) ls_mutex_kind (as_mutex (mutex)), LS_HOW_OF (how, 0) \
  }

#define ACQUIRE(mutex, HOW, MAY_TRY, BLOCK)           \
  do {                                                \
    LsCall call = CALL (mutex, HOW);                  \
    if (MAY_TRY) {                                    \
      if (C11 (mtx_trylock, mutex) == thrd_success) { \
        ls_call_put (&call, LS_EV_ACQUIRE);           \
        return thrd_success;                          \
      }                                               \
      ls_call_wait (&call);                           \
    }                                                 \
    int result = (BLOCK);                             \
    ls_call_result (&call, error_of (result));        \
    return result;                                    \
  } while (0)

LS_EXPORT int
mtx_lock (mtx_t *mutex)
{
  if (!ls_on ())
    return C11 (mtx_lock, mutex);
  ACQUIRE (mutex, 0, true, C11 (mtx_lock, mutex));
}

LS_EXPORT int
mtx_timedlock (mtx_t *mutex, const struct timespec *time)
{
  if (!ls_on ())
    return C11 (mtx_timedlock, mutex, time);
  ACQUIRE (mutex, LS_HOW_TIMED, ls_time_is_valid (CLOCK_REALTIME, time),
           C11 (mtx_timedlock, mutex, time));
}

LS_EXPORT int
mtx_trylock (mtx_t *mutex)
{
  if (!ls_on ())
    return C11 (mtx_trylock, mutex);
  LsCall call = CALL (mutex, LS_HOW_TRY);
  int result = C11 (mtx_trylock, mutex);
  ls_call_result (&call, error_of (result));
  return result;
}

LS_EXPORT int
mtx_unlock (mtx_t *mutex)
{
  if (!ls_on ())
    return C11 (mtx_unlock, mutex);
  LsTail release = { .kind = LS_EV_RELEASE, .object = ls_mutex_kind (as_mutex (mutex)) };
  LsSlot *slot = ls_open ((uintptr_t) mutex);
  int result = C11 (mtx_unlock, mutex);
  ls_close (slot, release, ls_site_error (LS_SITE (), result == thrd_success ? 0 : EPERM));
  return result;
}

LS_EXPORT int
mtx_init (mtx_t *mutex, int type)
{
  bool on = ls_on ();
  int result = C11 (mtx_init, mutex, type);
  if (on && result == thrd_success)
    ls_put ((LsTail){ .kind = LS_EV_INIT, .object = ls_mutex_kind (as_mutex (mutex)) }, mutex,
            LS_SITE ());
  return result;
}

LS_EXPORT void
mtx_destroy (mtx_t *mutex)
{
  if (ls_on ())
    ls_put ((LsTail){ .kind = LS_EV_DESTROY, .object = ls_mutex_kind (as_mutex (mutex)) }, mutex,
            LS_SITE ());
  if (ls_real.mtx_destroy)
    ls_real.mtx_destroy (mutex);
}

/* -- Condition variables -- */

#define WAIT(cond, mutex, HOW, TIME, CALL)                                             \
  do {                                                                                 \
    __attribute__ ((cleanup (ls_cond_left)))                                           \
    LsCondWait wait = { cond, as_mutex (mutex), LS_SITE (), .how = LS_HOW_OF (HOW, 0), \
                        .time = (TIME) };                                              \
    ls_cond_begin (&wait);                                                             \
    int result = (CALL);                                                               \
    ls_cond_end (&wait, error_of (result));                                            \
    return result;                                                                     \
  } while (0)

LS_EXPORT int
cnd_wait (cnd_t *cond, mtx_t *mutex)
{
  if (!ls_on ())
    return C11 (cnd_wait, cond, mutex);
  WAIT (cond, mutex, 0, NULL, C11 (cnd_wait, cond, mutex));
}

LS_EXPORT int
cnd_timedwait (cnd_t *cond, mtx_t *mutex, const struct timespec *time)
{
  if (!ls_on ())
    return C11 (cnd_timedwait, cond, mutex, time);
  WAIT (cond, mutex, LS_HOW_TIMED, time, C11 (cnd_timedwait, cond, mutex, time));
}

static inline __attribute__ ((always_inline)) void
put (LsEventKind event, const cnd_t *cond, uint64_t site)
{
  ls_put ((LsTail){ .kind = event, .object = LS_OBJECT_COND }, cond, site);
}

LS_EXPORT int
cnd_signal (cnd_t *cond)
{
  if (ls_on ())
    put (LS_EV_SIGNAL, cond, LS_SITE ());
  return C11 (cnd_signal, cond);
}

LS_EXPORT int
cnd_broadcast (cnd_t *cond)
{
  if (ls_on ())
    put (LS_EV_BROADCAST, cond, LS_SITE ());
  return C11 (cnd_broadcast, cond);
}

LS_EXPORT int
cnd_init (cnd_t *cond)
{
  bool on = ls_on ();
  int result = C11 (cnd_init, cond);
  if (on && result == thrd_success)
    put (LS_EV_INIT, cond, LS_SITE ());
  return result;
}

LS_EXPORT void
cnd_destroy (cnd_t *cond)
{
  if (ls_on ())
    put (LS_EV_DESTROY, cond, LS_SITE ());
  if (ls_real.cnd_destroy)
    ls_real.cnd_destroy (cond);
}
