/* SPDX-License-Identifier: MIT */
/* The results that calls about threads rarely give, and C11's when they block. */
#include "subject.h"

#include <threads.h>

static bool flag;

/* -- Threads -- */

static AtomicInt has_begun;

static void *
never_end (void *data)
{
  atomic_store (&has_begun, 1);
  for (;;)
    pause_ms (1000);
  return data;
}

static pthread_t joined;

static void *
join_never (void *data)
{
  about_to_sleep ();
  pthread_join (joined, NULL);
  return NULL;
}

static void
joins (void)
{
  joined = start_thread (never_end);
  while (!atomic_load (&has_begun)) /* or it may not have by the end */
    pause_ms (1);
  MUST (pthread_setname_np (joined, "endless") == 0);
  pthread_t thread = start_thread (join_never);
  wait_until_asleep ();
  MUST (pthread_cancel (thread) == 0);
  join_thread (thread);
  MUST (pthread_detach (joined) == 0);
  MUST (pthread_detach (joined) == EINVAL);
  MUST (pthread_join (joined, NULL) == EINVAL);
}

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void
run_forever (void)
{
  about_to_sleep ();
  for (;;)
    sleep (1000);
}

static void *
run_once (void *data)
{
  pthread_once (&once, run_forever);
  return NULL;
}

static void
run_quickly (void)
{
  flag = true;
}

static void
once_cancelled (void)
{
  pthread_t thread = start_thread (run_once);
  wait_until_asleep ();
  MUST (pthread_cancel (thread) == 0);
  join_thread (thread);
  MUST (pthread_once (&once, run_quickly) == 0 && flag);
}

/* -- C11 -- */

static mtx_t mtx;
static cnd_t cnd;

static int
wait_cnd (void *data)
{
  MUST (mtx_lock (&mtx) == thrd_success);
  about_to_sleep ();
  while (!flag)
    MUST (cnd_wait (&cnd, &mtx) == thrd_success);
  MUST (mtx_unlock (&mtx) == thrd_success);
  return 0;
}

static int
lock_mtx (void *data)
{
  about_to_sleep ();
  MUST (mtx_lock (&mtx) == thrd_success);
  MUST (mtx_unlock (&mtx) == thrd_success);
  return 0;
}

static int
never_end_c11 (void *data)
{
  never_end (data);
  return 0;
}

static void
c11_blocked (void)
{
  thrd_t thread;

  MUST (mtx_init (&mtx, mtx_plain) == thrd_success && cnd_init (&cnd) == thrd_success);
  MUST (thrd_create (&thread, wait_cnd, NULL) == thrd_success);
  wait_until_asleep ();
  MUST (mtx_trylock (&mtx) == thrd_success);
  flag = true;
  MUST (cnd_signal (&cnd) == thrd_success);
  MUST (mtx_unlock (&mtx) == thrd_success);
  MUST (thrd_join (thread, NULL) == thrd_success);
  MUST (mtx_lock (&mtx) == thrd_success);
  MUST (thrd_create (&thread, lock_mtx, NULL) == thrd_success);
  wait_until_asleep ();
  MUST (mtx_unlock (&mtx) == thrd_success);
  MUST (thrd_join (thread, NULL) == thrd_success);
  MUST (thrd_create (&thread, never_end_c11, NULL) == thrd_success);
  MUST (thrd_detach (thread) == thrd_success);
}

int
main (int argc, char **argv)
{
  static const Case cases[] = {
    { "joins", joins },
    { "once-cancelled", once_cancelled },
    { "c11-blocked", c11_blocked },
  };
  return run_case (cases, sizeof cases / sizeof *cases, argc, argv);
}
