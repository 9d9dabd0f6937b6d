/* SPDX-License-Identifier: MIT */
/* Semaphores, barriers, spin locks and one-time initialisation, with every result. */
#include "subject.h"

static sem_t sem;

static void *
wait_sem (void *data)
{
  about_to_sleep ();
  MUST (sem_wait (&sem) == 0);
  return NULL;
}

static void
sem_results (void)
{
  struct timespec then = past ();
  pthread_t thread;

  errno = 77;
  MUST (sem_init (&sem, 0, 1) == 0);
  MUST (sem_wait (&sem) == 0 && errno == 77);
  MUST (sem_trywait (&sem) == -1 && errno == EAGAIN);
  MUST (sem_timedwait (&sem, &then) == -1 && errno == ETIMEDOUT);
  MUST (sem_clockwait (&sem, CLOCK_MONOTONIC, &then) == -1 && errno == ETIMEDOUT);
  MUST (pthread_create (&thread, NULL, wait_sem, NULL) == 0);
  wait_until_asleep ();
  errno = 77;
  MUST (sem_post (&sem) == 0 && errno == 77);
  MUST (pthread_join (thread, NULL) == 0);
  MUST (sem_post (&sem) == 0);
  MUST (sem_timedwait (&sem, &then) == 0);
  MUST (sem_destroy (&sem) == 0);
  MUST (sem_init (&sem, 0, 0x7fffffff) == 0);
  MUST (sem_post (&sem) == -1 && errno == EOVERFLOW);
}

static void *
wait_forever_sem (void *data)
{
  about_to_sleep ();
  sem_wait (&sem);
  return NULL;
}

static void
sem_cancel (void)
{
  pthread_t thread;

  MUST (sem_init (&sem, 0, 0) == 0);
  MUST (pthread_create (&thread, NULL, wait_forever_sem, NULL) == 0);
  wait_until_asleep ();
  MUST (pthread_cancel (thread) == 0);
  MUST (pthread_join (thread, NULL) == 0);
}

static pthread_barrier_t barrier;

static void *
wait_barrier (void *data)
{
  about_to_sleep ();
  int result = pthread_barrier_wait (&barrier);
  MUST (result == 0 || result == PTHREAD_BARRIER_SERIAL_THREAD);
  return NULL;
}

static void
barrier_round (void)
{
  pthread_t thread;

  MUST (pthread_barrier_init (&barrier, NULL, 2) == 0);
  MUST (pthread_create (&thread, NULL, wait_barrier, NULL) == 0);
  wait_until_asleep ();
  wait_barrier (NULL);
  MUST (pthread_join (thread, NULL) == 0);
  MUST (pthread_barrier_destroy (&barrier) == 0);
}

/* -- Spin lock and once -- */

static void
spin_results (void)
{
  pthread_spinlock_t spin;

  MUST (pthread_spin_init (&spin, 0) == 0);
  MUST (pthread_spin_lock (&spin) == 0);
  MUST (pthread_spin_trylock (&spin) == EBUSY);
  MUST (pthread_spin_unlock (&spin) == 0);
  MUST (pthread_spin_destroy (&spin) == 0);
}

static pthread_once_t outer_once = PTHREAD_ONCE_INIT, inner_once = PTHREAD_ONCE_INIT;
static int n_inner;

static void
run_inner (void)
{
  n_inner++;
}

static void
run_outer (void)
{
  MUST (pthread_once (&inner_once, run_inner) == 0);
}

static void
once_nested (void)
{
  for (int i = 0; i < 2; i++)
    MUST (pthread_once (&outer_once, run_outer) == 0);
  MUST (n_inner == 1);
}

static void
run_slow (void)
{
  wait_until_asleep ();
}

static void *
wait_once (void *data)
{
  pause_ms (1);
  about_to_sleep ();
  MUST (pthread_once (&outer_once, run_inner) == 0);
  return NULL;
}

static pthread_t once_thread;

static void
run_slow_with_thread (void)
{
  MUST (pthread_create (&once_thread, NULL, wait_once, NULL) == 0);
  run_slow ();
}

static void
once_contended (void)
{
  MUST (pthread_once (&outer_once, run_slow_with_thread) == 0);
  MUST (pthread_join (once_thread, NULL) == 0);
  MUST (n_inner == 0);
}

/* -- C++'s guards: this is no C++ program, but something that it loads may be. -- */

/* NOLINTBEGIN(bugprone-reserved-identifier): the C++ ABI's names */
int __cxa_guard_acquire (uint64_t *guard) __attribute__ ((weak));
void __cxa_guard_release (uint64_t *guard) __attribute__ ((weak));
void __cxa_guard_abort (uint64_t *guard) __attribute__ ((weak));
/* NOLINTEND(bugprone-reserved-identifier) */

static uint64_t guard;

static void *
wait_guard (void *data)
{
  about_to_sleep ();
  MUST (__cxa_guard_acquire (&guard) == (data != NULL));
  if (data)
    __cxa_guard_release (&guard);
  return NULL;
}

static void
guard_contended (bool is_thrown)
{
  pthread_t thread;

  MUST (__cxa_guard_acquire (&guard) == 1);
  MUST (pthread_create (&thread, NULL, wait_guard, is_thrown ? &guard : NULL) == 0);
  wait_until_asleep ();
  if (is_thrown)
    __cxa_guard_abort (&guard);
  else
    __cxa_guard_release (&guard);
  MUST (pthread_join (thread, NULL) == 0);
  MUST (*(const char *) &guard == 1);
  MUST (__cxa_guard_acquire (&guard) == 0);
}

static void
guards (void)
{
  guard_contended (false);
}

static void
guards_thrown (void)
{
  guard_contended (true);
}

int
main (int argc, char **argv)
{
  static const Case cases[] = {
    { "sem-results", sem_results }, { "sem-cancel", sem_cancel },
    { "barrier", barrier_round },   { "spin", spin_results },
    { "once-nested", once_nested }, { "once-contended", once_contended },
    { "guards", guards },           { "guards-thrown", guards_thrown },
  };
  return run_case (cases, sizeof cases / sizeof *cases, argc, argv);
}
