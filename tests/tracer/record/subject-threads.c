/* SPDX-License-Identifier: MIT */
/* Threads: how they begin, end and are waited for; sleeps; C11's threads and locks. */
#include "subject.h"

#include <sched.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <threads.h>

static sem_t gate, told;

static void *
nothing (void *data)
{
  return data;
}

/* The variable that pthread_create fills must be right in the new thread too. */
static pthread_t early;

static void *
check_early (void *data)
{
  MUST (pthread_equal (early, pthread_self ()));
  return NULL;
}

static void *
leave (void *data)
{
  pthread_exit ((void *) 7);
}

static void
create_join (void)
{
  void *result;
  int here;

  for (int i = 0; i < 3; i++) {
    MUST (pthread_create (&early, NULL, check_early, NULL) == 0);
    MUST (pthread_join (early, NULL) == 0);
  }
  MUST (pthread_create (&early, NULL, nothing, &here) == 0);
  MUST (pthread_join (early, &result) == 0 && result == &here);
  MUST (pthread_create (&early, NULL, leave, NULL) == 0);
  MUST (pthread_join (early, &result) == 0 && result == (void *) 7);
  MUST (pthread_join (pthread_self (), NULL) == EDEADLK);
}

static void *
wait_gate (void *data)
{
  while (syscall (SYS_futex, &sleeper, 0, 0, NULL, NULL, 0) == 0 && !data)
    ;
  return NULL;
}

static void
timed_joins (void)
{
  struct timespec then = past (), later = future (CLOCK_REALTIME);
  struct timespec monotonic = future (CLOCK_MONOTONIC);
  pthread_t thread;
  int error;

  MUST (pthread_create (&thread, NULL, wait_gate, NULL) == 0);
  MUST (pthread_tryjoin_np (thread, NULL) == EBUSY);
  MUST (pthread_timedjoin_np (thread, NULL, &then) == ETIMEDOUT);
  MUST (pthread_clockjoin_np (thread, NULL, CLOCK_MONOTONIC, &then) == ETIMEDOUT);
  atomic_store (&sleeper, 1);
  syscall (SYS_futex, &sleeper, 1, 1, NULL, NULL, 0);
  MUST (pthread_timedjoin_np (thread, NULL, &later) == 0);
  MUST (pthread_create (&thread, NULL, nothing, NULL) == 0);
  MUST (pthread_clockjoin_np (thread, NULL, CLOCK_MONOTONIC, &monotonic) == 0);
  MUST (pthread_create (&thread, NULL, nothing, NULL) == 0);
  while ((error = pthread_join (thread, NULL)) != 0)
    MUST (error == EBUSY);
}

static void *
tell (void *data)
{
  MUST (sem_wait (&gate) == 0);
  MUST (sem_post (&told) == 0);
  return NULL;
}

static void
detached (void)
{
  pthread_attr_t attr;
  pthread_t thread;

  MUST (sem_init (&gate, 0, 2) == 0 && sem_init (&told, 0, 0) == 0);
  MUST (pthread_create (&thread, NULL, tell, NULL) == 0);
  MUST (pthread_detach (thread) == 0);
  pthread_attr_init (&attr);
  pthread_attr_setdetachstate (&attr, PTHREAD_CREATE_DETACHED);
  MUST (pthread_create (&thread, &attr, tell, NULL) == 0);
  for (int i = 0; i < 2; i++)
    while (sem_trywait (&told) != 0)
      pause_ms (1);
}

static void
create_fails (void)
{
  pthread_attr_t attr;
  pthread_t thread = 0;

  pthread_attr_init (&attr);
  MUST (pthread_attr_setstacksize (&attr, (size_t) 1 << 46) == 0);
  MUST (pthread_create (&thread, &attr, nothing, NULL) != 0);
  MUST (pthread_create (&thread, NULL, nothing, NULL) == 0);
  MUST (pthread_join (thread, NULL) == 0);
}

/* Many threads at once and after another, so that ids, memory and pthread_ts are used again. */
static void *
make_others (void *data)
{
  for (int i = 0; i < 100; i++) {
    pthread_t thread;
    void *result;
    MUST (pthread_create (&thread, NULL, nothing, &i) == 0);
    if (i % 3 == 0) {
      MUST (pthread_detach (thread) == 0);
    } else {
      MUST (pthread_join (thread, &result) == 0 && result == &i);
    }
  }
  return NULL;
}

static void
wait_until_alone (void)
{
  struct stat tasks = { 0 };
  for (int ms = 0; ms < 20000 && tasks.st_nlink != 3; ms++) {
    MUST (stat ("/proc/self/task", &tasks) == 0);
    pause_ms (1);
  }
  MUST (tasks.st_nlink == 3);
}

static void
many (void)
{
  pthread_t threads[8];

  for (int i = 0; i < 8; i++)
    MUST (pthread_create (&threads[i], NULL, make_others, NULL) == 0);
  for (int i = 0; i < 8; i++)
    MUST (pthread_join (threads[i], NULL) == 0);
  wait_until_alone ();
}

/* The main thread leaves; the other ends the process. */
static void *
outlive (void *data)
{
  MUST (pthread_join (early, NULL) == 0);
  exit (0);
}

static void
main_leaves (void)
{
  pthread_t thread;

  early = pthread_self ();
  MUST (pthread_create (&thread, NULL, outlive, NULL) == 0);
  pthread_exit (NULL);
}

/* -- A thread's own destructors may lock, in any round. -- */

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_key_t key;

static void
destroy_value (void *data)
{
  MUST (pthread_mutex_lock (&mutex) == 0);
  MUST (pthread_mutex_unlock (&mutex) == 0);
  if (data != (void *) 3)
    MUST (pthread_setspecific (key, (char *) data + 1) == 0);
}

static void *
with_value (void *data)
{
  MUST (pthread_setspecific (key, (void *) 1) == 0);
  return NULL;
}

static void
destructors (void)
{
  pthread_t thread;

  MUST (pthread_key_create (&key, destroy_value) == 0);
  MUST (pthread_create (&thread, NULL, with_value, NULL) == 0);
  MUST (pthread_join (thread, NULL) == 0);
}

/* -- Names and sleeps -- */

static void *
named (void *data)
{
  MUST (pthread_setname_np (pthread_self (), "worker") == 0);
  MUST (prctl (PR_SET_NAME, "a name that is too long", 0, 0, 0) == 0);
  return NULL;
}

static void
names (void)
{
  pthread_t thread;
  char name[16];

  MUST (pthread_create (&thread, NULL, named, NULL) == 0);
  MUST (pthread_join (thread, NULL) == 0);
  MUST (pthread_setname_np (pthread_self (), "chief") == 0);
  MUST (prctl (PR_GET_NAME, name, 0, 0, 0) == 0 && strcmp (name, "chief") == 0);
  MUST (pthread_setname_np (pthread_self (), "much too long a name") == ERANGE);
}

static void *
sleep_long (void *data)
{
  about_to_sleep ();
  sleep (3600);
  return NULL;
}

static void
sleeps (void)
{
  struct timespec short_time = { 0, 1000 }, wrong = { 0, -1 };
  pthread_t thread;

  MUST (sleep (0) == 0);
  MUST (usleep (10) == 0);
  MUST (nanosleep (&short_time, NULL) == 0);
  MUST (nanosleep (&wrong, NULL) == -1 && errno == EINVAL);
  MUST (clock_nanosleep (CLOCK_MONOTONIC, 0, &short_time, NULL) == 0);
  MUST (clock_nanosleep (CLOCK_MONOTONIC, 0, &wrong, NULL) == EINVAL);
  MUST (sched_yield () == 0);
  MUST (thrd_sleep (&short_time, NULL) == 0);
  thrd_yield ();
  MUST (pthread_create (&thread, NULL, sleep_long, NULL) == 0);
  wait_until_asleep ();
  MUST (pthread_cancel (thread) == 0);
  MUST (pthread_join (thread, NULL) == 0);
}

/* -- C11 -- */

static mtx_t mtx;
static cnd_t cnd;
static once_flag once = ONCE_FLAG_INIT;

static void
once_run (void)
{
}

static int
c11_thread (void *data)
{
  struct timespec then = past ();

  MUST (mtx_trylock (&mtx) == thrd_busy);
  MUST (mtx_timedlock (&mtx, &then) == thrd_timedout);
  call_once (&once, once_run);
  call_once (&once, once_run);
  thrd_exit (5);
}

static int
c11_return (void *data)
{
  return 6;
}

static void
c11 (void)
{
  struct timespec then = past ();
  thrd_t thread;
  int result;

  MUST (mtx_init (&mtx, mtx_timed | mtx_recursive) == thrd_success);
  MUST (mtx_lock (&mtx) == thrd_success);
  MUST (thrd_create (&thread, c11_thread, NULL) == thrd_success);
  MUST (thrd_join (thread, &result) == thrd_success && result == 5);
  MUST (mtx_unlock (&mtx) == thrd_success);
  mtx_destroy (&mtx);
  MUST (thrd_create (&thread, c11_return, NULL) == thrd_success);
  MUST (thrd_join (thread, &result) == thrd_success && result == 6);

  MUST (cnd_init (&cnd) == thrd_success);
  MUST (mtx_init (&mtx, mtx_plain) == thrd_success);
  MUST (mtx_lock (&mtx) == thrd_success);
  MUST (cnd_timedwait (&cnd, &mtx, &then) == thrd_timedout);
  MUST (mtx_unlock (&mtx) == thrd_success);
  MUST (cnd_signal (&cnd) == thrd_success);
  MUST (cnd_broadcast (&cnd) == thrd_success);
  cnd_destroy (&cnd);
}

int
main (int argc, char **argv)
{
  static const Case cases[] = {
    { "create-join", create_join },
    { "timed-joins", timed_joins },
    { "detached", detached },
    { "create-fails", create_fails },
    { "many", many },
    { "main-leaves", main_leaves },
    { "destructors", destructors },
    { "names", names },
    { "sleeps", sleeps },
    { "c11", c11 },
  };
  return run_case (cases, sizeof cases / sizeof *cases, argc, argv);
}
