/* SPDX-License-Identifier: MIT */
/* pthread_rwlock_*. */
#include "wrap.h"

#define CALL(rwlock, how, shared, site) \
  ((LsCall){ (rwlock), (site), LS_OBJECT_RWLOCK, LS_HOW_OF (how, shared) })

LS_UNRECORDED (pthread_rwlock_rdlock, pthread_rwlock_t)
LS_UNRECORDED (pthread_rwlock_wrlock, pthread_rwlock_t)
LS_UNRECORDED (pthread_rwlock_unlock, pthread_rwlock_t)

static LS_COLD int
rdlock_blocked (pthread_rwlock_t *rwlock, int error, uint64_t site)
{
  LS_BLOCK (CALL (rwlock, 0, 1, site), true, error, LS_CALL (pthread_rwlock_rdlock, rwlock));
}

LS_EXPORT int
pthread_rwlock_rdlock (pthread_rwlock_t *rwlock)
{
  LS_IF_RECORDING (pthread_rwlock_rdlock_unrecorded (rwlock));
  LS_ACQUIRE_QUICKLY (rwlock, LS_OBJECT_RWLOCK, LS_HOW_OF (0, 1), pthread_rwlock_tryrdlock,
                      rdlock_blocked);
}

LS_EXPORT int
pthread_rwlock_timedrdlock (pthread_rwlock_t *rwlock, const struct timespec *time)
{
  if (!ls_on ())
    return LS_CALL (pthread_rwlock_timedrdlock, rwlock, time);
  LS_ACQUIRE (CALL (rwlock, LS_HOW_TIMED, 1, LS_SITE ()), ls_time_is_valid (CLOCK_REALTIME, time),
              LS_CALL (pthread_rwlock_tryrdlock, rwlock),
              LS_CALL (pthread_rwlock_timedrdlock, rwlock, time));
}

LS_EXPORT int
pthread_rwlock_clockrdlock (pthread_rwlock_t *rwlock, clockid_t clock, const struct timespec *time)
{
  if (!ls_on ())
    return LS_CALL (pthread_rwlock_clockrdlock, rwlock, clock, time);
  LS_ACQUIRE (CALL (rwlock, LS_HOW_TIMED, 1, LS_SITE ()), ls_time_is_valid (clock, time),
              LS_CALL (pthread_rwlock_tryrdlock, rwlock),
              LS_CALL (pthread_rwlock_clockrdlock, rwlock, clock, time));
}

static LS_COLD int
wrlock_blocked (pthread_rwlock_t *rwlock, int error, uint64_t site)
{
  LS_BLOCK (CALL (rwlock, 0, 0, site), true, error, LS_CALL (pthread_rwlock_wrlock, rwlock));
}

LS_EXPORT int
pthread_rwlock_wrlock (pthread_rwlock_t *rwlock)
{
  LS_IF_RECORDING (pthread_rwlock_wrlock_unrecorded (rwlock));
  LS_ACQUIRE_QUICKLY (rwlock, LS_OBJECT_RWLOCK, LS_HOW_OF (0, 0), pthread_rwlock_trywrlock,
                      wrlock_blocked);
}

LS_EXPORT int
pthread_rwlock_timedwrlock (pthread_rwlock_t *rwlock, const struct timespec *time)
{
  if (!ls_on ())
    return LS_CALL (pthread_rwlock_timedwrlock, rwlock, time);
  LS_ACQUIRE (CALL (rwlock, LS_HOW_TIMED, 0, LS_SITE ()), ls_time_is_valid (CLOCK_REALTIME, time),
              LS_CALL (pthread_rwlock_trywrlock, rwlock),
              LS_CALL (pthread_rwlock_timedwrlock, rwlock, time));
}

LS_EXPORT int
pthread_rwlock_clockwrlock (pthread_rwlock_t *rwlock, clockid_t clock, const struct timespec *time)
{
  if (!ls_on ())
    return LS_CALL (pthread_rwlock_clockwrlock, rwlock, clock, time);
  LS_ACQUIRE (CALL (rwlock, LS_HOW_TIMED, 0, LS_SITE ()), ls_time_is_valid (clock, time),
              LS_CALL (pthread_rwlock_trywrlock, rwlock),
              LS_CALL (pthread_rwlock_clockwrlock, rwlock, clock, time));
}

LS_EXPORT int
pthread_rwlock_tryrdlock (pthread_rwlock_t *rwlock)
{
  if (!ls_on ())
    return LS_CALL (pthread_rwlock_tryrdlock, rwlock);
  LsCall call = CALL (rwlock, LS_HOW_TRY, 1, LS_SITE ());
  int error = LS_CALL (pthread_rwlock_tryrdlock, rwlock);
  ls_call_result (&call, error);
  return error;
}

LS_EXPORT int
pthread_rwlock_trywrlock (pthread_rwlock_t *rwlock)
{
  if (!ls_on ())
    return LS_CALL (pthread_rwlock_trywrlock, rwlock);
  LsCall call = CALL (rwlock, LS_HOW_TRY, 0, LS_SITE ());
  int error = LS_CALL (pthread_rwlock_trywrlock, rwlock);
  ls_call_result (&call, error);
  return error;
}

/* glibc's never fails; the lock may be gone when it returns. */
LS_EXPORT int
pthread_rwlock_unlock (pthread_rwlock_t *rwlock)
{
  LS_IF_RECORDING (pthread_rwlock_unlock_unrecorded (rwlock));
  LS_RELEASE_QUICKLY (rwlock, LS_OBJECT_RWLOCK, pthread_rwlock_unlock);
}

LS_EXPORT int
pthread_rwlock_init (pthread_rwlock_t *rwlock, const pthread_rwlockattr_t *attr)
{
  bool on = ls_on ();
  int error = LS_CALL (pthread_rwlock_init, rwlock, attr);
  if (on && error == 0)
    ls_put ((LsTail){ .kind = LS_EV_INIT, .object = LS_OBJECT_RWLOCK }, rwlock, LS_SITE ());
  return error;
}

LS_EXPORT int
pthread_rwlock_destroy (pthread_rwlock_t *rwlock)
{
  if (ls_on ())
    ls_put ((LsTail){ .kind = LS_EV_DESTROY, .object = LS_OBJECT_RWLOCK }, rwlock, LS_SITE ());
  return LS_CALL (pthread_rwlock_destroy, rwlock);
}
