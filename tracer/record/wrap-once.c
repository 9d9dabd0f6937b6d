/* SPDX-License-Identifier: MIT */
/* One-time initialisation and spin locks. */
#include "wrap.h"

/* -- Once. The thread that runs the function acquires and releases; others wait, if they must, and
 *    wake. Only while it is not done: later calls are told of nowhere. -- */

typedef struct Once {
  const void *control;
  void (*run) (void);
  struct Once *outer; /* one that is being run in this thread and called for this one */
  uint64_t site;
  bool ran;
} Once;

static LS_TLS Once *current;

static void
put_once (LsEventKind event, const Once *once)
{
  ls_put ((LsTail){ .kind = event, .object = LS_OBJECT_ONCE }, once->control, once->site);
}

static void
on_run_left (Once **once)
{
  put_once (LS_EV_RELEASE, *once);
}

static void
run_current (void)
{
  __attribute__ ((cleanup (on_run_left))) Once *once = current;

  current = once->outer;
  once->ran = true;
  put_once (LS_EV_ACQUIRE, once);
  once->run ();
}

static void
on_once_left (Once *once)
{
  if (current == once)
    current = once->outer;
}

/* glibc's two: 2 is done, 1 is being run. */
static bool
is_done (const int *control)
{
  return (__atomic_load_n (control, __ATOMIC_ACQUIRE) & 2) != 0;
}

/* `current` points to it until it is run, or end_once or on_once_left takes it off. */
static void
begin_once (Once *once, const int *control)
{
  if (__atomic_load_n (control, __ATOMIC_ACQUIRE) & 1)
    put_once (LS_EV_WAIT, once);
  once->outer = current;
  current = once;
}

static void
end_once (Once *once)
{
  on_once_left (once);
  if (!once->ran)
    put_once (LS_EV_WAKE, once);
}

LS_EXPORT int
pthread_once (pthread_once_t *control, void (*run) (void))
{
  if (!ls_on () || is_done (control))
    return LS_CALL (pthread_once, control, run);
  __attribute__ ((cleanup (on_once_left))) Once once = { control, run, .site = LS_SITE () };
  begin_once (&once, control);
  int error = LS_CALL (pthread_once, control, run_current);
  end_once (&once);
  return error;
}

LS_EXPORT void
call_once (once_flag *flag, void (*run) (void))
{
  bool on = ls_on ();
  if (!ls_real.call_once)
    return;
  if (!on || is_done (&flag->__data)) {
    ls_real.call_once (flag, run);
    return;
  }
  __attribute__ ((cleanup (on_once_left))) Once once = { flag, run, .site = LS_SITE () };
  begin_once (&once, &flag->__data);
  ls_real.call_once (flag, run_current);
  end_once (&once);
}

/* -- Spin locks -- */

#define CALL(spin, how, site) ((LsCall){ (spin), (site), LS_OBJECT_SPIN, LS_HOW_OF (how, 0) })

LS_UNRECORDED (pthread_spin_lock, pthread_spinlock_t)
LS_UNRECORDED (pthread_spin_unlock, pthread_spinlock_t)

static LS_COLD int
spin_blocked (pthread_spinlock_t *spin, int error, uint64_t site)
{
  LS_BLOCK (CALL (spin, 0, site), true, error, LS_CALL (pthread_spin_lock, spin));
}

LS_EXPORT int
pthread_spin_lock (pthread_spinlock_t *spin)
{
  LS_IF_RECORDING (pthread_spin_lock_unrecorded (spin));
  LS_ACQUIRE_QUICKLY (spin, LS_OBJECT_SPIN, 0, pthread_spin_trylock, spin_blocked);
}

LS_EXPORT int
pthread_spin_trylock (pthread_spinlock_t *spin)
{
  if (!ls_on ())
    return LS_CALL (pthread_spin_trylock, spin);
  LsCall call = CALL (spin, LS_HOW_TRY, LS_SITE ());
  int error = LS_CALL (pthread_spin_trylock, spin);
  ls_call_result (&call, error);
  return error;
}

LS_EXPORT int
pthread_spin_unlock (pthread_spinlock_t *spin)
{
  LS_IF_RECORDING (pthread_spin_unlock_unrecorded (spin));
  LS_RELEASE_QUICKLY (spin, LS_OBJECT_SPIN, pthread_spin_unlock);
}

LS_EXPORT int
pthread_spin_init (pthread_spinlock_t *spin, int shared)
{
  bool on = ls_on ();
  int error = LS_CALL (pthread_spin_init, spin, shared);
  if (on && error == 0)
    ls_put ((LsTail){ .kind = LS_EV_INIT, .object = LS_OBJECT_SPIN }, spin, LS_SITE ());
  return error;
}

LS_EXPORT int
pthread_spin_destroy (pthread_spinlock_t *spin)
{
  if (ls_on ())
    ls_put ((LsTail){ .kind = LS_EV_DESTROY, .object = LS_OBJECT_SPIN }, spin, LS_SITE ());
  return LS_CALL (pthread_spin_destroy, spin);
}
