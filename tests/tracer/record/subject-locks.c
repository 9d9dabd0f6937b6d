/* SPDX-License-Identifier: MIT */
/* Mutexes, read-write locks and condition variables, with every result. */
#include "subject.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t typed;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;

static void
init_typed (int type, int robust)
{
  pthread_mutexattr_t attr;
  pthread_mutexattr_init (&attr);
  pthread_mutexattr_settype (&attr, type);
  pthread_mutexattr_setrobust (&attr, robust);
  MUST (pthread_mutex_init (&typed, &attr) == 0);
}

static void
run_thread (void *(*run) (void *) )
{
  pthread_t thread;
  MUST (pthread_create (&thread, NULL, run, NULL) == 0);
  MUST (pthread_join (thread, NULL) == 0);
}

/* -- Mutex -- */

static void *
try_taken (void *data)
{
  struct timespec then = past (), wrong = { 0, -1 };

  MUST (pthread_mutex_trylock (&mutex) == EBUSY);
  MUST (pthread_mutex_timedlock (&mutex, &then) == ETIMEDOUT);
  MUST (pthread_mutex_clocklock (&mutex, CLOCK_MONOTONIC, &then) == ETIMEDOUT);
  MUST (pthread_mutex_clocklock (&mutex, CLOCK_PROCESS_CPUTIME_ID, &then) == EINVAL);
  MUST (pthread_mutex_timedlock (&mutex, &wrong) == EINVAL);
  return NULL;
}

static void
mutex_results (void)
{
  struct timespec then = past ();

  MUST (pthread_mutex_lock (&mutex) == 0);
  run_thread (try_taken);
  MUST (pthread_mutex_unlock (&mutex) == 0);
  MUST (pthread_mutex_trylock (&mutex) == 0);
  MUST (pthread_mutex_unlock (&mutex) == 0);
  MUST (pthread_mutex_timedlock (&mutex, &then) == 0);
  MUST (pthread_mutex_unlock (&mutex) == 0);
  MUST (pthread_mutex_clocklock (&mutex, CLOCK_MONOTONIC, &then) == 0);
  MUST (pthread_mutex_unlock (&mutex) == 0);
  MUST (pthread_mutex_clocklock (&mutex, CLOCK_PROCESS_CPUTIME_ID, &then) == EINVAL);
}

static void *
lock_contended (void *data)
{
  about_to_sleep ();
  MUST (pthread_mutex_lock (&mutex) == 0);
  MUST (pthread_mutex_unlock (&mutex) == 0);
  struct timespec then = future (CLOCK_REALTIME);
  MUST (pthread_mutex_timedlock (&mutex, &then) == 0);
  MUST (pthread_mutex_unlock (&mutex) == 0);
  return NULL;
}

static void
mutex_contended (void)
{
  pthread_t thread;

  MUST (pthread_mutex_lock (&mutex) == 0);
  MUST (pthread_create (&thread, NULL, lock_contended, NULL) == 0);
  wait_until_asleep ();
  MUST (pthread_mutex_unlock (&mutex) == 0);
  MUST (pthread_join (thread, NULL) == 0);
}

static void
mutex_types (void)
{
  init_typed (PTHREAD_MUTEX_RECURSIVE, PTHREAD_MUTEX_STALLED);
  MUST (pthread_mutex_lock (&typed) == 0);
  MUST (pthread_mutex_lock (&typed) == 0);
  MUST (pthread_mutex_trylock (&typed) == 0);
  for (int i = 0; i < 3; i++)
    MUST (pthread_mutex_unlock (&typed) == 0);
  MUST (pthread_mutex_unlock (&typed) == EPERM);
  MUST (pthread_mutex_destroy (&typed) == 0);

  init_typed (PTHREAD_MUTEX_ERRORCHECK, PTHREAD_MUTEX_STALLED);
  MUST (pthread_mutex_lock (&typed) == 0);
  MUST (pthread_mutex_lock (&typed) == EDEADLK);
  MUST (pthread_mutex_destroy (&typed) == EBUSY);
  MUST (pthread_mutex_unlock (&typed) == 0);
  MUST (pthread_mutex_unlock (&typed) == EPERM);
  MUST (pthread_mutex_destroy (&typed) == 0);
}

static void *
die_with_lock (void *data)
{
  MUST (pthread_mutex_lock (&typed) == 0);
  return NULL;
}

static void
mutex_robust (void)
{
  init_typed (PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_ROBUST);
  run_thread (die_with_lock);
  MUST (pthread_mutex_lock (&typed) == EOWNERDEAD);
  MUST (pthread_mutex_consistent (&typed) == 0);
  MUST (pthread_mutex_unlock (&typed) == 0);
  run_thread (die_with_lock);
  MUST (pthread_mutex_trylock (&typed) == EOWNERDEAD);
  MUST (pthread_mutex_unlock (&typed) == 0);
  MUST (pthread_mutex_lock (&typed) == ENOTRECOVERABLE);
}

/* -- Read-write lock -- */

static void *
try_write_locked (void *data)
{
  struct timespec then = past ();

  MUST (pthread_rwlock_tryrdlock (&rwlock) == EBUSY);
  MUST (pthread_rwlock_trywrlock (&rwlock) == EBUSY);
  MUST (pthread_rwlock_timedrdlock (&rwlock, &then) == ETIMEDOUT);
  MUST (pthread_rwlock_timedwrlock (&rwlock, &then) == ETIMEDOUT);
  MUST (pthread_rwlock_clockrdlock (&rwlock, CLOCK_MONOTONIC, &then) == ETIMEDOUT);
  MUST (pthread_rwlock_clockwrlock (&rwlock, CLOCK_MONOTONIC, &then) == ETIMEDOUT);
  about_to_sleep ();
  MUST (pthread_rwlock_rdlock (&rwlock) == 0);
  MUST (pthread_rwlock_unlock (&rwlock) == 0);
  return NULL;
}

static void
rwlock_results (void)
{
  struct timespec then = past (), wrong = { 0, -1 };
  pthread_rwlock_t own;
  pthread_t thread;

  MUST (pthread_rwlock_init (&own, NULL) == 0);
  MUST (pthread_rwlock_rdlock (&own) == 0);
  MUST (pthread_rwlock_tryrdlock (&own) == 0);
  MUST (pthread_rwlock_timedrdlock (&own, &then) == 0);
  MUST (pthread_rwlock_clockrdlock (&own, CLOCK_MONOTONIC, &then) == 0);
  for (int i = 0; i < 4; i++)
    MUST (pthread_rwlock_unlock (&own) == 0);
  MUST (pthread_rwlock_timedrdlock (&own, &wrong) == EINVAL);
  MUST (pthread_rwlock_destroy (&own) == 0);

  MUST (pthread_rwlock_wrlock (&rwlock) == 0);
  MUST (pthread_rwlock_wrlock (&rwlock) == EDEADLK);
  MUST (pthread_create (&thread, NULL, try_write_locked, NULL) == 0);
  wait_until_asleep ();
  MUST (pthread_rwlock_unlock (&rwlock) == 0);
  MUST (pthread_join (thread, NULL) == 0);
  MUST (pthread_rwlock_trywrlock (&rwlock) == 0);
  MUST (pthread_rwlock_unlock (&rwlock) == 0);
  MUST (pthread_rwlock_timedwrlock (&rwlock, &then) == 0);
  MUST (pthread_rwlock_unlock (&rwlock) == 0);
  MUST (pthread_rwlock_clockwrlock (&rwlock, CLOCK_MONOTONIC, &then) == 0);
  MUST (pthread_rwlock_unlock (&rwlock) == 0);
}

/* -- Condition variable -- */

static bool flag;

static void *
wait_flag (void *data)
{
  MUST (pthread_mutex_lock (&mutex) == 0);
  about_to_sleep ();
  while (!flag)
    MUST (pthread_cond_wait (&cond, &mutex) == 0);
  MUST (pthread_mutex_unlock (&mutex) == 0);
  return NULL;
}

static void
cond_results (void)
{
  struct timespec then = past ();
  pthread_cond_t own;
  pthread_t thread;

  MUST (pthread_cond_init (&own, NULL) == 0);
  MUST (pthread_mutex_lock (&mutex) == 0);
  MUST (pthread_cond_timedwait (&own, &mutex, &then) == ETIMEDOUT);
  MUST (pthread_cond_clockwait (&own, &mutex, CLOCK_MONOTONIC, &then) == ETIMEDOUT);
  MUST (pthread_mutex_unlock (&mutex) == 0);
  MUST (pthread_cond_destroy (&own) == 0);

  MUST (pthread_create (&thread, NULL, wait_flag, NULL) == 0);
  wait_until_asleep ();
  MUST (pthread_mutex_lock (&mutex) == 0);
  flag = true;
  MUST (pthread_cond_signal (&cond) == 0);
  MUST (pthread_cond_broadcast (&cond) == 0);
  MUST (pthread_mutex_unlock (&mutex) == 0);
  MUST (pthread_join (thread, NULL) == 0);
}

static void
cond_types (void)
{
  struct timespec then = past ();

  init_typed (PTHREAD_MUTEX_RECURSIVE, PTHREAD_MUTEX_STALLED);
  MUST (pthread_mutex_lock (&typed) == 0);
  MUST (pthread_cond_timedwait (&cond, &typed, &then) == ETIMEDOUT);
  MUST (pthread_mutex_unlock (&typed) == 0);
  MUST (pthread_mutex_destroy (&typed) == 0);

  init_typed (PTHREAD_MUTEX_ERRORCHECK, PTHREAD_MUTEX_STALLED);
  MUST (pthread_cond_wait (&cond, &typed) == EPERM);
}

static void
unlock (void *data)
{
  MUST (pthread_mutex_unlock (data) == 0);
}

static void *
wait_forever (void *data)
{
  pthread_cleanup_push (unlock, &mutex);
  MUST (pthread_mutex_lock (&mutex) == 0);
  about_to_sleep ();
  for (;;)
    pthread_cond_wait (&cond, &mutex);
  pthread_cleanup_pop (0);
}

static void
cond_cancel (void)
{
  pthread_t thread;
  void *result;

  MUST (pthread_create (&thread, NULL, wait_forever, NULL) == 0);
  wait_until_asleep ();
  MUST (pthread_cancel (thread) == 0);
  MUST (pthread_join (thread, &result) == 0 && result == PTHREAD_CANCELED);
  MUST (pthread_mutex_lock (&mutex) == 0);
}

int
main (int argc, char **argv)
{
  static const Case cases[] = {
    { "mutex-results", mutex_results },   { "mutex-contended", mutex_contended },
    { "mutex-types", mutex_types },       { "mutex-robust", mutex_robust },
    { "rwlock-results", rwlock_results }, { "cond-results", cond_results },
    { "cond-types", cond_types },         { "cond-cancel", cond_cancel },
  };
  return run_case (cases, sizeof cases / sizeof *cases, argc, argv);
}
