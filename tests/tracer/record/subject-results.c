/* SPDX-License-Identifier: MIT */
/* The results that calls rarely give, and those that they give only when they blocked. */
#include "subject.h"

#include <signal.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t typed;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static sem_t sem;

static void
init_typed (int type, int protocol, int robust)
{
  pthread_mutexattr_t attr;
  pthread_mutexattr_init (&attr);
  MUST (pthread_mutexattr_settype (&attr, type) == 0);
  MUST (pthread_mutexattr_setprotocol (&attr, protocol) == 0);
  MUST (pthread_mutexattr_setrobust (&attr, robust) == 0);
  MUST (pthread_mutex_init (&typed, &attr) == 0);
}

/* -- Mutexes -- */

static void
mutex_kinds (void)
{
  struct timespec later = future (CLOCK_REALTIME), monotonic = future (CLOCK_MONOTONIC);

  init_typed (PTHREAD_MUTEX_NORMAL, PTHREAD_PRIO_INHERIT, PTHREAD_MUTEX_STALLED);
  MUST (pthread_mutex_lock (&typed) == 0);
  MUST (pthread_mutex_trylock (&typed) == EBUSY);
  MUST (pthread_mutex_unlock (&typed) == 0);
  MUST (pthread_mutex_unlock (&typed) == EPERM);
  MUST (pthread_mutex_destroy (&typed) == 0);

  init_typed (PTHREAD_MUTEX_ADAPTIVE_NP, PTHREAD_PRIO_NONE, PTHREAD_MUTEX_STALLED);
  MUST (pthread_mutex_lock (&typed) == 0);
  MUST (pthread_mutex_unlock (&typed) == 0);
  MUST (pthread_mutex_destroy (&typed) == 0);

  init_typed (PTHREAD_MUTEX_ERRORCHECK, PTHREAD_PRIO_NONE, PTHREAD_MUTEX_STALLED);
  MUST (pthread_mutex_lock (&typed) == 0);
  MUST (pthread_mutex_trylock (&typed) == EBUSY);
  MUST (pthread_mutex_timedlock (&typed, &later) == EDEADLK);
  MUST (pthread_mutex_clocklock (&typed, CLOCK_MONOTONIC, &monotonic) == EDEADLK);
  MUST (pthread_mutex_unlock (&typed) == 0);
}

static void *
lock_timed (void *data)
{
  struct timespec later = future (CLOCK_REALTIME);
  about_to_sleep ();
  MUST (pthread_mutex_timedlock (&mutex, &later) == 0);
  MUST (pthread_mutex_unlock (&mutex) == 0);
  return NULL;
}

static void *
lock_clock (void *data)
{
  struct timespec later = future (CLOCK_MONOTONIC);
  about_to_sleep ();
  MUST (pthread_mutex_clocklock (&mutex, CLOCK_MONOTONIC, &later) == 0);
  MUST (pthread_mutex_unlock (&mutex) == 0);
  return NULL;
}

static void
mutex_blocked (void)
{
  void *(*const runs[]) (void *) = { lock_timed, lock_clock };
  for (int i = 0; i < 2; i++) {
    MUST (pthread_mutex_lock (&mutex) == 0);
    pthread_t thread = start_thread (runs[i]);
    wait_until_asleep ();
    MUST (pthread_mutex_unlock (&mutex) == 0);
    join_thread (thread);
  }
}

static void *
die_with_lock (void *data)
{
  int error = pthread_mutex_lock (&typed);
  MUST (error == 0);
  return NULL;
}

static void
mutex_dead (void)
{
  struct timespec later = future (CLOCK_REALTIME);

  init_typed (PTHREAD_MUTEX_RECURSIVE, PTHREAD_PRIO_NONE, PTHREAD_MUTEX_ROBUST);
  join_thread (start_thread (die_with_lock));
  MUST (pthread_mutex_timedlock (&typed, &later) == EOWNERDEAD);
  MUST (pthread_mutex_unlock (&typed) == 0);
  MUST (pthread_mutex_trylock (&typed) == ENOTRECOVERABLE);
  MUST (pthread_mutex_destroy (&typed) == 0);
}

/* -- Read-write locks -- */

static void *
write_blocked (void *data)
{
  about_to_sleep ();
  MUST (pthread_rwlock_wrlock (&rwlock) == 0);
  MUST (pthread_rwlock_unlock (&rwlock) == 0);
  return NULL;
}

static void *
write_timed (void *data)
{
  struct timespec later = future (CLOCK_REALTIME);
  about_to_sleep ();
  MUST (pthread_rwlock_timedwrlock (&rwlock, &later) == 0);
  MUST (pthread_rwlock_unlock (&rwlock) == 0);
  return NULL;
}

static void *
read_clock (void *data)
{
  struct timespec later = future (CLOCK_MONOTONIC);
  about_to_sleep ();
  MUST (pthread_rwlock_clockrdlock (&rwlock, CLOCK_MONOTONIC, &later) == 0);
  MUST (pthread_rwlock_unlock (&rwlock) == 0);
  return NULL;
}

static void
rwlock_blocked (void)
{
  void *(*const runs[]) (void *) = { write_blocked, write_timed, read_clock };
  struct timespec wrong = { 0, 1000000000 };

  for (int i = 0; i < 3; i++) {
    MUST ((i < 2 ? pthread_rwlock_rdlock (&rwlock) : pthread_rwlock_wrlock (&rwlock)) == 0);
    pthread_t thread = start_thread (runs[i]);
    wait_until_asleep ();
    MUST (pthread_rwlock_unlock (&rwlock) == 0);
    join_thread (thread);
  }
  MUST (pthread_rwlock_wrlock (&rwlock) == 0);
  MUST (pthread_rwlock_rdlock (&rwlock) == EDEADLK);
  MUST (pthread_rwlock_clockwrlock (&rwlock, CLOCK_MONOTONIC, &wrong) == EINVAL);
  MUST (pthread_rwlock_unlock (&rwlock) == 0);
}

/* -- Condition variables -- */

static void
cond_refused (void)
{
  struct timespec then = past (), wrong = { 0, -1 };

  MUST (pthread_mutex_lock (&mutex) == 0);
  MUST (pthread_cond_timedwait (&cond, &mutex, &wrong) == EINVAL);
  MUST (pthread_cond_clockwait (&cond, &mutex, CLOCK_MONOTONIC, &wrong) == EINVAL);
  MUST (pthread_cond_clockwait (&cond, &mutex, CLOCK_PROCESS_CPUTIME_ID, &then) == EINVAL);
  MUST (pthread_mutex_unlock (&mutex) == 0);
}

static bool flag;

static void *
wait_clock (void *data)
{
  struct timespec later = future (CLOCK_MONOTONIC);
  MUST (pthread_mutex_lock (&mutex) == 0);
  about_to_sleep ();
  while (!flag)
    MUST (pthread_cond_clockwait (&cond, &mutex, CLOCK_MONOTONIC, &later) == 0);
  MUST (pthread_mutex_unlock (&mutex) == 0);
  return NULL;
}

static void
cond_clock (void)
{
  pthread_t thread = start_thread (wait_clock);
  wait_until_asleep ();
  MUST (pthread_mutex_lock (&mutex) == 0);
  flag = true;
  MUST (pthread_cond_broadcast (&cond) == 0);
  MUST (pthread_mutex_unlock (&mutex) == 0);
  join_thread (thread);
}

static void *
signal_and_die (void *data)
{
  MUST (pthread_mutex_lock (&typed) == 0);
  MUST (pthread_cond_signal (&cond) == 0);
  return NULL;
}

static void
cond_owner_dead (void)
{
  init_typed (PTHREAD_MUTEX_NORMAL, PTHREAD_PRIO_NONE, PTHREAD_MUTEX_ROBUST);
  MUST (pthread_mutex_lock (&typed) == 0);
  pthread_t thread = start_thread (signal_and_die);
  MUST (pthread_cond_wait (&cond, &typed) == EOWNERDEAD);
  MUST (pthread_mutex_consistent (&typed) == 0);
  MUST (pthread_mutex_unlock (&typed) == 0);
  join_thread (thread);
}

static void *
signal_and_give_up (void *data)
{
  join_thread (start_thread (die_with_lock));
  MUST (pthread_mutex_lock (&typed) == EOWNERDEAD);
  MUST (pthread_cond_signal (&cond) == 0);
  MUST (pthread_mutex_unlock (&typed) == 0);
  return NULL;
}

static void
cond_not_recoverable (void)
{
  init_typed (PTHREAD_MUTEX_NORMAL, PTHREAD_PRIO_NONE, PTHREAD_MUTEX_ROBUST);
  MUST (pthread_mutex_lock (&typed) == 0);
  pthread_t thread = start_thread (signal_and_give_up);
  MUST (pthread_cond_wait (&cond, &typed) == ENOTRECOVERABLE);
  join_thread (thread);
}

/* -- Semaphores -- */

static void
do_nothing (int number)
{
}

static void *
wait_interrupted (void *data)
{
  about_to_sleep ();
  MUST (sem_wait (&sem) == -1 && errno == EINTR);
  return NULL;
}

static void *
wait_timed (void *data)
{
  struct timespec later = future (CLOCK_REALTIME), monotonic = future (CLOCK_MONOTONIC);
  about_to_sleep ();
  MUST (sem_timedwait (&sem, &later) == 0);
  about_to_sleep ();
  MUST (sem_clockwait (&sem, CLOCK_MONOTONIC, &monotonic) == 0);
  return NULL;
}

static void
sem_blocked (void)
{
  struct sigaction action = { .sa_handler = do_nothing };
  struct timespec wrong = { 0, -1 };

  MUST (sem_init (&sem, 0, 0) == 0);
  MUST (sem_timedwait (&sem, &wrong) == -1 && errno == EINVAL);
  MUST (sem_clockwait (&sem, CLOCK_PROCESS_CPUTIME_ID, &wrong) == -1 && errno == EINVAL);
  MUST (sigaction (SIGUSR1, &action, NULL) == 0);
  pthread_t thread = start_thread (wait_interrupted);
  wait_until_asleep ();
  MUST (pthread_kill (thread, SIGUSR1) == 0);
  join_thread (thread);
  thread = start_thread (wait_timed);
  for (int i = 0; i < 2; i++) {
    wait_until_asleep ();
    MUST (sem_post (&sem) == 0);
  }
  join_thread (thread);
  MUST (sem_post (&sem) == 0);
  MUST (sem_trywait (&sem) == 0);
}

int
main (int argc, char **argv)
{
  static const Case cases[] = {
    { "mutex-kinds", mutex_kinds },         { "mutex-blocked", mutex_blocked },
    { "mutex-dead", mutex_dead },           { "rwlock-blocked", rwlock_blocked },
    { "cond-refused", cond_refused },       { "cond-clock", cond_clock },
    { "cond-owner-dead", cond_owner_dead }, { "cond-not-recoverable", cond_not_recoverable },
    { "sem-blocked", sem_blocked },
  };
  return run_case (cases, sizeof cases / sizeof *cases, argc, argv);
}
