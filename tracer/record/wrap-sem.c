/* SPDX-License-Identifier: MIT */
/* Semaphores and barriers. */
#include "wrap.h"

#define CALL(sem, how)                                         \
  {                                                            \
    (sem), LS_SITE (), LS_OBJECT_SEMAPHORE, LS_HOW_OF (how, 0) \
  }

/* The waits for a semaphore are cancellation points, and say why they fail in errno. */
#define ACQUIRE(sem, HOW, MAY_TRY, BLOCK)                      \
  do {                                                         \
    LsCall call = CALL (sem, HOW);                             \
    int saved = errno;                                         \
    if (MAY_TRY) {                                             \
      pthread_testcancel ();                                   \
      if (LS_LIKELY (LS_CALL_ERRNO (sem_trywait, sem) == 0)) { \
        ls_call_put (&call, LS_EV_ACQUIRE);                    \
        return 0;                                              \
      }                                                        \
      errno = saved;                                           \
      ls_call_wait (&call);                                    \
    }                                                          \
    LS_CANCELLABLE blocked = { &call, MAY_TRY };               \
    int result = (BLOCK);                                      \
    blocked.waiting = false;                                   \
    ls_call_result (&call, result == 0 ? 0 : errno);           \
    return result;                                             \
  } while (0)

LS_EXPORT int
sem_wait (sem_t *sem)
{
  if (!ls_on ())
    return LS_CALL_ERRNO (sem_wait, sem);
  ACQUIRE (sem, 0, true, LS_CALL_ERRNO (sem_wait, sem));
}

LS_EXPORT int
sem_timedwait (sem_t *sem, const struct timespec *time)
{
  if (!ls_on ())
    return LS_CALL_ERRNO (sem_timedwait, sem, time);
  ACQUIRE (sem, LS_HOW_TIMED, ls_time_is_valid (CLOCK_REALTIME, time),
           LS_CALL_ERRNO (sem_timedwait, sem, time));
}

LS_EXPORT int
sem_clockwait (sem_t *sem, clockid_t clock, const struct timespec *time)
{
  if (!ls_on ())
    return LS_CALL_ERRNO (sem_clockwait, sem, clock, time);
  ACQUIRE (sem, LS_HOW_TIMED, ls_time_is_valid (clock, time),
           LS_CALL_ERRNO (sem_clockwait, sem, clock, time));
}

LS_EXPORT int
sem_trywait (sem_t *sem)
{
  if (!ls_on ())
    return LS_CALL_ERRNO (sem_trywait, sem);
  LsCall call = CALL (sem, LS_HOW_TRY);
  int result = LS_CALL_ERRNO (sem_trywait, sem);
  ls_call_result (&call, result == 0 ? 0 : errno);
  return result;
}

/* The semaphore may be gone when the real call returns, but not before. It fails on overflow only;
 * so it is told after. */
LS_EXPORT int
sem_post (sem_t *sem)
{
  if (!ls_on ())
    return LS_CALL_ERRNO (sem_post, sem);
  LsSlot *slot = ls_open ((uintptr_t) sem);
  int result = LS_CALL_ERRNO (sem_post, sem);
  ls_close (slot, (LsTail){ .kind = LS_EV_RELEASE, .object = LS_OBJECT_SEMAPHORE },
            ls_site_error (LS_SITE (), result == 0 ? 0 : errno));
  return result;
}

LS_EXPORT int
sem_init (sem_t *sem, int shared, unsigned value)
{
  bool on = ls_on ();
  int result = LS_CALL_ERRNO (sem_init, sem, shared, value);
  if (on && result == 0)
    ls_put (
      (LsTail){ .kind = LS_EV_INIT, .object = LS_OBJECT_SEMAPHORE, .how = LS_N (0), .arg = value },
      sem, LS_SITE ());
  return result;
}

LS_EXPORT int
sem_destroy (sem_t *sem)
{
  if (ls_on ())
    ls_put ((LsTail){ .kind = LS_EV_DESTROY, .object = LS_OBJECT_SEMAPHORE }, sem, LS_SITE ());
  return LS_CALL_ERRNO (sem_destroy, sem);
}

/* -- Barriers -- */

static inline __attribute__ ((always_inline)) void
put_barrier (LsEventKind event, const pthread_barrier_t *barrier, uint64_t site)
{
  ls_put ((LsTail){ .kind = event, .object = LS_OBJECT_BARRIER }, barrier, site);
}

LS_EXPORT int
pthread_barrier_wait (pthread_barrier_t *barrier)
{
  if (!ls_on ())
    return LS_CALL (pthread_barrier_wait, barrier);
  put_barrier (LS_EV_WAIT, barrier, LS_SITE ());
  int result = LS_CALL (pthread_barrier_wait, barrier);
  put_barrier (LS_EV_WAKE, barrier, LS_SITE ());
  return result;
}

LS_EXPORT int
pthread_barrier_init (pthread_barrier_t *barrier,
                      const pthread_barrierattr_t *attr,
                      unsigned parties)
{
  bool on = ls_on ();
  int error = LS_CALL (pthread_barrier_init, barrier, attr, parties);
  if (on && error == 0)
    ls_put (
      (LsTail){ .kind = LS_EV_INIT, .object = LS_OBJECT_BARRIER, .how = LS_N (0), .arg = parties },
      barrier, LS_SITE ());
  return error;
}

LS_EXPORT int
pthread_barrier_destroy (pthread_barrier_t *barrier)
{
  if (ls_on ())
    put_barrier (LS_EV_DESTROY, barrier, LS_SITE ());
  return LS_CALL (pthread_barrier_destroy, barrier);
}
