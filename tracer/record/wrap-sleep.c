/* SPDX-License-Identifier: MIT */
/* Sleeps and yields. Sleeps are cancellation points: a cancelled one wakes too. */
#include "process.h"
#include "wrap.h"

#include <sched.h>

/* Whether sleeps and yields are to be recorded. */
static bool
are_wanted (void)
{
  return ls_on () && !(ls_region->options & LS_OPTION_NO_SLEEP);
}

typedef struct {
  uint64_t site;
  bool asleep;
} Sleep;

static Sleep
begin (uint64_t site)
{
  ls_put ((LsTail){ .kind = LS_EV_SLEEP }, NULL, site);
  return (Sleep){ site, true };
}

static void
end (Sleep *sleep, int error)
{
  sleep->asleep = false;
  ls_put ((LsTail){ .kind = LS_EV_WAKE }, NULL, ls_site_error (sleep->site, error));
}

static void
on_left (Sleep *sleep)
{
  if (sleep->asleep)
    end (sleep, 0);
}

#define SLEEP(TYPE, CALL, ERROR)                                        \
  do {                                                                  \
    __attribute__ ((cleanup (on_left))) Sleep nap = begin (LS_SITE ()); \
    TYPE result = (CALL);                                               \
    end (&nap, (ERROR));                                                \
    return result;                                                      \
  } while (0)

LS_EXPORT unsigned
sleep (unsigned seconds)
{
  bool on = are_wanted ();
  if (!ls_real.sleep)
    return seconds;
  if (!on)
    return ls_real.sleep (seconds);
  SLEEP (unsigned, ls_real.sleep (seconds), result > 0 ? EINTR : 0);
}

LS_EXPORT int
usleep (useconds_t us)
{
  if (!are_wanted ())
    return LS_CALL_ERRNO (usleep, us);
  SLEEP (int, LS_CALL_ERRNO (usleep, us), result ? errno : 0);
}

LS_EXPORT int
nanosleep (const struct timespec *time, struct timespec *left)
{
  if (!are_wanted ())
    return LS_CALL_ERRNO (nanosleep, time, left);
  SLEEP (int, LS_CALL_ERRNO (nanosleep, time, left), result ? errno : 0);
}

LS_EXPORT int
clock_nanosleep (clockid_t clock, int flags, const struct timespec *time, struct timespec *left)
{
  if (!are_wanted ())
    return LS_CALL (clock_nanosleep, clock, flags, time, left);
  SLEEP (int, LS_CALL (clock_nanosleep, clock, flags, time, left), result);
}

LS_EXPORT int
thrd_sleep (const struct timespec *time, struct timespec *left)
{
  bool on = are_wanted ();
  if (!ls_real.thrd_sleep)
    return -2;
  if (!on)
    return ls_real.thrd_sleep (time, left);
  SLEEP (int, ls_real.thrd_sleep (time, left), result ? EINTR : 0);
}

LS_EXPORT int
sched_yield (void)
{
  if (are_wanted ())
    ls_put ((LsTail){ .kind = LS_EV_YIELD }, NULL, LS_SITE ());
  return LS_CALL_ERRNO (sched_yield);
}

LS_EXPORT void
thrd_yield (void)
{
  if (are_wanted ())
    ls_put ((LsTail){ .kind = LS_EV_YIELD }, NULL, LS_SITE ());
  if (ls_real.thrd_yield)
    ls_real.thrd_yield ();
}
