/* SPDX-License-Identifier: MIT */
/* Creating, joining, detaching, cancelling and naming threads, of pthread and C11. */
#include "process.h"
#include "stack.h"
#include "thread.h"
#include "wrap.h"

#include "text.h"

/* Unwound by pthread_exit, which has said so, or by cancellation. */
static void
on_unwind (volatile bool *returned)
{
  if (!*returned)
    ls_thread_set_how (LS_HOW_CANCELLED);
}

static void *
run_pthread (void *data)
{
  LsThread *thread = data;
  void *(*start) (void *) = (void *(*) (void *) ) thread->start;
  void *arg = thread->arg;
  __attribute__ ((cleanup (on_unwind))) volatile bool returned = false;

  ls_thread_begin (thread);
  void *result = start (arg);
  returned = true;
  return result;
}

static int
run_c11 (void *data)
{
  LsThread *thread = data;
  int (*start) (void *) = (int (*) (void *)) thread->start;
  void *arg = thread->arg;
  __attribute__ ((cleanup (on_unwind))) volatile bool returned = false;

  ls_thread_begin (thread);
  int result = start (arg);
  returned = true;
  return result;
}

bool
ls_thread_is_start_function (uintptr_t function)
{
  return function == (uintptr_t) run_pthread || function == (uintptr_t) run_c11;
}

static bool
is_detached (const pthread_attr_t *attr)
{
  int state = PTHREAD_CREATE_JOINABLE;
  return attr && pthread_attr_getdetachstate (attr, &state) == 0 &&
         state == PTHREAD_CREATE_DETACHED;
}

/* A thread of C++'s begins in the library's code; what it is to run is in its argument, of which so
 * much is told as lies in one page, being there for certain. */
static void
put_callable (LsThread *thread)
{
  const uintptr_t page = 4096, arg = (uintptr_t) thread->arg;

  if (!ls_stack_is_through ((uintptr_t) thread->start) || arg < page ||
      arg % sizeof (uint64_t) != 0)
    return;
  size_t n = (page - arg % page) / sizeof (uint64_t);
  LsSlot *slot = ls_slot (3);
  if (!slot)
    return;
  slot->ticks = ls_ticks ();
  slot->target = ls_thread_id (thread);
  slot->site = 0;
  memset (slot + 1, 0, 2 * sizeof *slot);
  memcpy (slot + 1, thread->arg,
          (n < LS_CALLABLE_WORDS ? n : LS_CALLABLE_WORDS) * sizeof (uint64_t));
  ls_commit (slot, (LsTail){ .kind = LS_SLOT_CALLABLE, .slots = 3 });
}

/* The create record is stamped before the thread can run and told once it does. */
static LsSlot *
open_create (LsThread *thread, uint64_t site)
{
  put_callable (thread);
  ls_stack_put_through (site);
  ls_modules_note ();
  return ls_open (ls_thread_id (thread));
}

static void
close_create (LsSlot *slot, LsThread *thread, int error, uint64_t site)
{
  ls_close (slot, (LsTail){ .kind = LS_EV_CREATE }, ls_site_error (site, error));
  ls_thread_created (thread, error == 0);
}

LS_EXPORT int
pthread_create (pthread_t *out, const pthread_attr_t *attr, void *(*start) (void *), void *arg)
{
  LsThread *thread = ls_on () ? ls_thread_new (out, (void *) start, arg, is_detached (attr)) : NULL;
  if (!thread)
    return LS_CALL (pthread_create, out, attr, start, arg);
  thread->stack_bytes = ls_stack_own_bytes (attr);
  LsSlot *slot = open_create (thread, LS_SITE ());
  int error = LS_CALL (pthread_create, &thread->self, attr, run_pthread, thread);
  close_create (slot, thread, error, LS_SITE ());
  return error;
}

LS_EXPORT int
thrd_create (thrd_t *out, thrd_start_t start, void *arg)
{
  LsThread *thread = ls_on () ? ls_thread_new (out, (void *) start, arg, false) : NULL;
  if (!thread)
    return ls_real.thrd_create ? ls_real.thrd_create (out, start, arg) : thrd_error;
  thread->stack_bytes = ls_stack_own_bytes (NULL);
  LsSlot *slot = open_create (thread, LS_SITE ());
  int result =
    ls_real.thrd_create ? ls_real.thrd_create (&thread->self, run_c11, thread) : thrd_error;
  int error = result == thrd_success ? 0 : result == thrd_nomem ? ENOMEM : EAGAIN;
  close_create (slot, thread, error, LS_SITE ());
  return result;
}

/* -- Joining: always a wait, since there is no trying that would not join. -- */

typedef struct {
  LsThread *thread; /* what cancellation leaves unjoined */
  uint32_t id;
  uint64_t site;
  uint8_t how;
  bool waiting;
} Join;

static Join
begin_join (pthread_t other, uint64_t site, LsHow how)
{
  Join join = { .thread = ls_thread_of (other), .site = site, .how = LS_HOW_OF (how, 0) };
  join.id = join.thread ? ls_thread_id (join.thread) : 0;
  ls_stack_put_through (site);
  if (how != LS_HOW_TRY)
    ls_put_at (0, (LsTail){ .kind = LS_EV_WAIT, .how = join.how }, join.id, site);
  if (join.thread)
    ls_thread_join (join.thread);
  join.waiting = true;
  return join;
}

static void
end_join (Join *join, int error)
{
  LsEventKind event = error == 0 ? LS_EV_JOIN : error == ETIMEDOUT ? LS_EV_TIMEOUT : LS_EV_FAIL;
  join->waiting = false;
  if (join->thread)
    ls_thread_joined (join->thread, error == 0);
  ls_put_at (0, (LsTail){ .kind = event, .how = join->how }, join->id,
             ls_site_error (join->site, event == LS_EV_FAIL ? error : 0));
}

static void
on_join_left (Join *join)
{
  if (!join->waiting)
    return;
  if (join->thread)
    ls_thread_joined (join->thread, false);
  ls_put_at (0, (LsTail){ .kind = LS_EV_FAIL, .how = LS_HOW_CANCELLED }, join->id, join->site);
}

#define JOIN(other, how, CALL)                                                                \
  do {                                                                                        \
    __attribute__ ((cleanup (on_join_left))) Join join = begin_join (other, LS_SITE (), how); \
    int error = (CALL);                                                                       \
    end_join (&join, error);                                                                  \
    return error;                                                                             \
  } while (0)

LS_EXPORT int
pthread_join (pthread_t other, void **result)
{
  if (!ls_on ())
    return LS_CALL (pthread_join, other, result);
  JOIN (other, 0, LS_CALL (pthread_join, other, result));
}

LS_EXPORT int
pthread_tryjoin_np (pthread_t other, void **result)
{
  if (!ls_on ())
    return LS_CALL (pthread_tryjoin_np, other, result);
  JOIN (other, LS_HOW_TRY, LS_CALL (pthread_tryjoin_np, other, result));
}

LS_EXPORT int
pthread_timedjoin_np (pthread_t other, void **result, const struct timespec *time)
{
  if (!ls_on ())
    return LS_CALL (pthread_timedjoin_np, other, result, time);
  JOIN (other, LS_HOW_TIMED, LS_CALL (pthread_timedjoin_np, other, result, time));
}

LS_EXPORT int
pthread_clockjoin_np (pthread_t other, void **result, clockid_t clock, const struct timespec *time)
{
  if (!ls_on ())
    return LS_CALL (pthread_clockjoin_np, other, result, clock, time);
  JOIN (other, LS_HOW_TIMED, LS_CALL (pthread_clockjoin_np, other, result, clock, time));
}

LS_EXPORT int
thrd_join (thrd_t other, int *result)
{
  if (!ls_real.thrd_join && (!ls_on () || !ls_real.thrd_join))
    return thrd_error;
  if (!ls_on ())
    return ls_real.thrd_join (other, result);
  __attribute__ ((cleanup (on_join_left))) Join join = begin_join (other, LS_SITE (), 0);
  int outcome = ls_real.thrd_join (other, result);
  end_join (&join, outcome == thrd_success ? 0 : EINVAL);
  return outcome;
}

/* -- The rest of a thread's life -- */

/* Opens the record; one that fails was detached or is gone already. */
static LsSlot *
open_detach (pthread_t other)
{
  LsThread *thread = ls_thread_of (other);
  LsSlot *slot = ls_open (thread ? ls_thread_id (thread) : 0);
  if (thread)
    ls_thread_detach (thread);
  return slot;
}

static void
close_detach (LsSlot *slot, int error, uint64_t site)
{
  ls_close (slot, (LsTail){ .kind = LS_EV_DETACH }, ls_site_error (site, error));
}

LS_EXPORT int
pthread_detach (pthread_t other)
{
  if (!ls_on ())
    return LS_CALL (pthread_detach, other);
  LsSlot *slot = open_detach (other);
  int error = LS_CALL (pthread_detach, other);
  close_detach (slot, error, LS_SITE ());
  return error;
}

LS_EXPORT int
thrd_detach (thrd_t other)
{
  bool on = ls_on ();
  if (!ls_real.thrd_detach)
    return thrd_error;
  if (!on)
    return ls_real.thrd_detach (other);
  LsSlot *slot = open_detach (other);
  int result = ls_real.thrd_detach (other);
  close_detach (slot, result == thrd_success ? 0 : EINVAL, LS_SITE ());
  return result;
}

LS_EXPORT int
pthread_cancel (pthread_t other)
{
  if (!ls_on ())
    return LS_CALL (pthread_cancel, other);
  LsSlot *slot = ls_open (ls_thread_id_of (other));
  /* Cancelling itself asynchronously does not return. */
  if (pthread_equal (other, pthread_self ())) {
    ls_close (slot, (LsTail){ .kind = LS_EV_CANCEL }, LS_SITE ());
    return LS_CALL (pthread_cancel, other);
  }
  int error = LS_CALL (pthread_cancel, other);
  ls_close (slot, (LsTail){ .kind = LS_EV_CANCEL }, ls_site_error (LS_SITE (), error));
  return error;
}

LS_EXPORT void
pthread_exit (void *result)
{
  if (ls_on ())
    ls_thread_set_how (LS_HOW_EXIT);
  if (ls_real.pthread_exit)
    ls_real.pthread_exit (result);
  __builtin_unreachable (); /* every C library has it */
}

LS_EXPORT void
thrd_exit (int result)
{
  if (ls_on ())
    ls_thread_set_how (LS_HOW_EXIT);
  if (ls_real.thrd_exit)
    ls_real.thrd_exit (result);
  __builtin_unreachable ();
}

LS_EXPORT int
pthread_setname_np (pthread_t other, const char *name)
{
  bool on = ls_on ();
  int error = LS_CALL (pthread_setname_np, other, name);
  if (on && error == 0)
    ls_put_text ((LsTail){ .kind = LS_SLOT_NAME_THREAD }, ls_thread_id_of (other), 0, name);
  return error;
}
