/* SPDX-License-Identifier: MIT */
/* pthread_cond_*. A wait is written as release of the mutex, wait, wake, acquire of the mutex; the
 * re-lock happens inside the C library, so the last two share a stamp. */
#include "wrap-cond.h"

#include "process.h"
#include "stack.h"

/* A wait until an impossible time fails at once without touching the mutex, and so does one on a
 * mutex that is not the caller's, if its type keeps the owner. */
static bool
is_refused (const LsCondWait *wait)
{
  if (wait->time && (wait->time->tv_nsec < 0 || wait->time->tv_nsec >= 1000000000))
    return true;
  return !LS_MUTEX_IS_PLAIN (wait->mutex) && LS_MUTEX_OWNER (wait->mutex) != ls_tid ();
}

static void
put_mutex (const LsCondWait *wait, LsEventKind event, uint64_t ticks, int error)
{
  uint8_t recursive = wait->mutex_kind == LS_OBJECT_RECURSIVE;
  LsTail tail = { .kind = event,
                  .object = wait->mutex_kind,
                  .how = LS_SLOT_HOW (0, 0, 0, recursive),
                  .arg = recursive ? wait->depth : 0 };
  ls_put_at (ticks, tail, (uintptr_t) wait->mutex, ls_site_error (wait->site, error));
}

static void
put_wait (const LsCondWait *wait)
{
  LsSlot *slot = ls_slot (2);
  if (!slot)
    return;
  LsSlotWith *with = (LsSlotWith *) (slot + 1);
  slot->ticks = ls_ticks ();
  slot->target = (uintptr_t) wait->cond;
  slot->site = wait->site;
  *with = (LsSlotWith){ .with = (uintptr_t) wait->mutex, .with_object = wait->mutex_kind };
  ls_commit (
    slot, (LsTail){ .kind = LS_EV_WAIT, .slots = 2, .object = LS_OBJECT_COND, .how = wait->how });
}

void
ls_cond_begin (LsCondWait *wait)
{
  wait->mutex_kind = ls_mutex_kind (wait->mutex);
  wait->depth = LS_MUTEX_DEPTH (wait->mutex);
  wait->refused = is_refused (wait);
  ls_stack_put_through (wait->site);
  if (!wait->refused) {
    put_mutex (wait, LS_EV_RELEASE, 0, 0);
    put_wait (wait);
  }
  wait->waiting = true;
}

static void
end (LsCondWait *wait, LsEventKind event, unsigned how, int error)
{
  uint64_t ticks = ls_ticks ();
  int mutex_error = error == EOWNERDEAD ? error : 0;

  wait->waiting = false;
  ls_put_at (ticks, (LsTail){ .kind = event, .object = LS_OBJECT_COND, .how = LS_HOW_OF (how, 0) },
             (uintptr_t) wait->cond, ls_site_error (wait->site, event == LS_EV_FAIL ? error : 0));
  if (!wait->refused && error != ENOTRECOVERABLE)
    put_mutex (wait, LS_EV_ACQUIRE, ticks, mutex_error);
}

void
ls_cond_end (LsCondWait *wait, int error)
{
  LsEventKind event = error == 0 || error == EOWNERDEAD ? LS_EV_WAKE
                      : error == ETIMEDOUT              ? LS_EV_TIMEOUT
                                                        : LS_EV_FAIL;
  end (wait, event, wait->how & 7, error);
}

void
ls_cond_left (LsCondWait *wait)
{
  if (LS_UNLIKELY (wait->waiting))
    end (wait, LS_EV_FAIL, LS_HOW_CANCELLED, 0);
}

#define WAIT(cond, mutex, HOW, TIME, CALL)                                                    \
  do {                                                                                        \
    __attribute__ ((cleanup (ls_cond_left)))                                                  \
    LsCondWait wait = { cond, mutex, LS_SITE (), .how = LS_HOW_OF (HOW, 0), .time = (TIME) }; \
    ls_cond_begin (&wait);                                                                    \
    int error = (CALL);                                                                       \
    ls_cond_end (&wait, error);                                                               \
    return error;                                                                             \
  } while (0)

LS_EXPORT int
pthread_cond_wait (pthread_cond_t *cond, pthread_mutex_t *mutex)
{
  if (!ls_on ())
    return LS_CALL (pthread_cond_wait, cond, mutex);
  WAIT (cond, mutex, 0, NULL, LS_CALL (pthread_cond_wait, cond, mutex));
}

LS_EXPORT int
pthread_cond_timedwait (pthread_cond_t *cond, pthread_mutex_t *mutex, const struct timespec *time)
{
  if (!ls_on ())
    return LS_CALL (pthread_cond_timedwait, cond, mutex, time);
  WAIT (cond, mutex, LS_HOW_TIMED, time, LS_CALL (pthread_cond_timedwait, cond, mutex, time));
}

LS_EXPORT int
pthread_cond_clockwait (pthread_cond_t *cond,
                        pthread_mutex_t *mutex,
                        clockid_t clock,
                        const struct timespec *time)
{
  if (!ls_on ())
    return LS_CALL (pthread_cond_clockwait, cond, mutex, clock, time);
  WAIT (cond, mutex, LS_HOW_TIMED, time,
        LS_CALL (pthread_cond_clockwait, cond, mutex, clock, time));
}

static inline __attribute__ ((always_inline)) void
put (LsEventKind event, const pthread_cond_t *cond, uint64_t site)
{
  ls_put ((LsTail){ .kind = event, .object = LS_OBJECT_COND }, cond, site);
}

LS_EXPORT int
pthread_cond_signal (pthread_cond_t *cond)
{
  if (ls_on ()) {
    ls_stack_put_through (LS_SITE ());
    put (LS_EV_SIGNAL, cond, LS_SITE ());
  }
  return LS_CALL (pthread_cond_signal, cond);
}

LS_EXPORT int
pthread_cond_broadcast (pthread_cond_t *cond)
{
  if (ls_on ()) {
    ls_stack_put_through (LS_SITE ());
    put (LS_EV_BROADCAST, cond, LS_SITE ());
  }
  return LS_CALL (pthread_cond_broadcast, cond);
}

LS_EXPORT int
pthread_cond_init (pthread_cond_t *cond, const pthread_condattr_t *attr)
{
  bool on = ls_on ();
  int error = LS_CALL (pthread_cond_init, cond, attr);
  if (on && error == 0)
    put (LS_EV_INIT, cond, LS_SITE ());
  return error;
}

LS_EXPORT int
pthread_cond_destroy (pthread_cond_t *cond)
{
  if (ls_on ())
    put (LS_EV_DESTROY, cond, LS_SITE ());
  return LS_CALL (pthread_cond_destroy, cond);
}
