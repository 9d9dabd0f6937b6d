/* SPDX-License-Identifier: MIT */
/* pthread_mutex_*: of every type. */
#include "wrap.h"

#define CALL(mutex, how, site) \
  ((LsCall){ (mutex), (site), (uint8_t) ls_mutex_kind (mutex), LS_HOW_OF (how, 0) })

LS_UNRECORDED (pthread_mutex_lock, pthread_mutex_t)
LS_UNRECORDED (pthread_mutex_unlock, pthread_mutex_t)

static LS_COLD int
lock_blocked (pthread_mutex_t *mutex, int error, uint64_t site)
{
  LS_BLOCK (CALL (mutex, 0, site), true, error, LS_CALL (pthread_mutex_lock, mutex));
}

LS_EXPORT int
pthread_mutex_lock (pthread_mutex_t *mutex)
{
  LS_IF_RECORDING (pthread_mutex_lock_unrecorded (mutex));
  LS_ACQUIRE_QUICKLY (mutex, ls_mutex_kind (mutex), 0, pthread_mutex_trylock, lock_blocked);
}

LS_EXPORT int
pthread_mutex_timedlock (pthread_mutex_t *mutex, const struct timespec *time)
{
  if (!ls_on ())
    return LS_CALL (pthread_mutex_timedlock, mutex, time);
  LS_ACQUIRE (CALL (mutex, LS_HOW_TIMED, LS_SITE ()), ls_time_is_valid (CLOCK_REALTIME, time),
              LS_CALL (pthread_mutex_trylock, mutex),
              LS_CALL (pthread_mutex_timedlock, mutex, time));
}

LS_EXPORT int
pthread_mutex_clocklock (pthread_mutex_t *mutex, clockid_t clock, const struct timespec *time)
{
  if (!ls_on ())
    return LS_CALL (pthread_mutex_clocklock, mutex, clock, time);
  LS_ACQUIRE (CALL (mutex, LS_HOW_TIMED, LS_SITE ()), ls_time_is_valid (clock, time),
              LS_CALL (pthread_mutex_trylock, mutex),
              LS_CALL (pthread_mutex_clocklock, mutex, clock, time));
}

LS_EXPORT int
pthread_mutex_trylock (pthread_mutex_t *mutex)
{
  if (!ls_on ())
    return LS_CALL (pthread_mutex_trylock, mutex);
  LsCall call = CALL (mutex, LS_HOW_TRY, LS_SITE ());
  int error = LS_CALL (pthread_mutex_trylock, mutex);
  ls_call_result (&call, error);
  return error;
}

static LS_COLD int
unlock_checked (pthread_mutex_t *mutex, uint64_t site)
{
  LsTail release = { .kind = LS_EV_RELEASE, .object = ls_mutex_kind (mutex) };
  LsSlot *slot = ls_open ((uintptr_t) mutex);
  int error = LS_CALL (pthread_mutex_unlock, mutex);
  ls_close (slot, release, ls_site_error (site, error));
  return error;
}

/* Unlocking a plain mutex cannot fail. */
LS_EXPORT int
pthread_mutex_unlock (pthread_mutex_t *mutex)
{
  LS_IF_RECORDING (pthread_mutex_unlock_unrecorded (mutex));
  if (LS_UNLIKELY (!LS_MUTEX_IS_PLAIN (mutex)))
    return unlock_checked (mutex, LS_SITE ());
  LS_RELEASE_QUICKLY (mutex, LS_OBJECT_MUTEX, pthread_mutex_unlock);
}

LS_EXPORT int
pthread_mutex_init (pthread_mutex_t *mutex, const pthread_mutexattr_t *attr)
{
  bool on = ls_on ();
  int error = LS_CALL (pthread_mutex_init, mutex, attr);
  if (on && error == 0)
    ls_put ((LsTail){ .kind = LS_EV_INIT, .object = ls_mutex_kind (mutex) }, mutex, LS_SITE ());
  return error;
}

LS_EXPORT int
pthread_mutex_destroy (pthread_mutex_t *mutex)
{
  if (!ls_on ())
    return LS_CALL (pthread_mutex_destroy, mutex);
  uint8_t kind = ls_mutex_kind (mutex);
  LsSlot *slot = ls_open ((uintptr_t) mutex);
  int error = LS_CALL (pthread_mutex_destroy, mutex);
  ls_close (slot, (LsTail){ .kind = LS_EV_DESTROY, .object = kind },
            ls_site_error (LS_SITE (), error));
  return error;
}
