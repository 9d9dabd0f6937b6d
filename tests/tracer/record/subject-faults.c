/* SPDX-License-Identifier: MIT */
/* Programs that fork, exec, close everything, are killed, or are interrupted all the time. */
#include "subject.h"

#include <dlfcn.h>
#include <limits.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static const char *self_path;

static void
lock_pair (void)
{
  MUST (pthread_mutex_lock (&mutex) == 0);
  MUST (pthread_mutex_unlock (&mutex) == 0);
}

static void *
lock_once (void *data)
{
  lock_pair ();
  return NULL;
}

static void
run_thread (void *(*run) (void *) )
{
  pthread_t thread;
  MUST (pthread_create (&thread, NULL, run, NULL) == 0);
  MUST (pthread_join (thread, NULL) == 0);
}

/* -- Much -- */

#define N_PAIRS 100000

static void *
lock_much (void *data)
{
  pthread_mutex_t own = PTHREAD_MUTEX_INITIALIZER;

  errno = 77;
  for (int i = 0; i < N_PAIRS; i++) {
    MUST (pthread_mutex_lock (&own) == 0);
    MUST (pthread_mutex_unlock (&own) == 0);
    MUST (errno == 77);
  }
  return NULL;
}

static void
much (void)
{
  pthread_t threads[3];
  for (int i = 0; i < 3; i++)
    MUST (pthread_create (&threads[i], NULL, lock_much, NULL) == 0);
  for (int i = 0; i < 3; i++)
    MUST (pthread_join (threads[i], NULL) == 0);
}

static void
forever (void)
{
  for (;;)
    lock_pair ();
}

/* Until told by a signal that there are chunks again. */
static volatile sig_atomic_t told;

static void
on_told (int number)
{
  told = 1;
}

static void
until_told (void)
{
  unsigned n = 0;
  sem_t sem;

  MUST (signal (SIGUSR1, on_told) != SIG_ERR);
  for (; !told; n++)
    lock_pair ();
  /* How many there were, for the test to count. */
  MUST (sem_init (&sem, 0, n) == 0);
}

/* -- Signals -- */

static sem_t sem;
static volatile unsigned n_handled;

static void
on_alarm (int number)
{
  n_handled++;
  MUST (sem_post (&sem) == 0);
}

static void
start_alarms (void (*handler) (int))
{
  struct itimerval often = { { 0, 100 }, { 0, 100 } };
  MUST (signal (SIGALRM, handler) != SIG_ERR);
  MUST (setitimer (ITIMER_REAL, &often, NULL) == 0);
}

static void
stop_alarms (void)
{
  struct itimerval none = { 0 };
  MUST (setitimer (ITIMER_REAL, &none, NULL) == 0);
}

static void
storm (void)
{
  struct timespec start, now;

  MUST (sem_init (&sem, 0, 0) == 0);
  clock_gettime (CLOCK_MONOTONIC, &start);
  start_alarms (on_alarm);
  do {
    for (int i = 0; i < 1000; i++)
      lock_pair ();
    clock_gettime (CLOCK_MONOTONIC, &now);
  } while (now.tv_sec - start.tv_sec < 2 && n_handled < 2000);
  stop_alarms ();
  sem_t count;
  MUST (sem_init (&count, 0, n_handled) == 0);
}

static sigjmp_buf again;

static void
on_alarm_jump (int number)
{
  n_handled++;
  siglongjmp (again, 1);
}

static void
jumps (void)
{
  MUST (sem_init (&sem, 0, 0) == 0);
  if (sigsetjmp (again, 1) == 0)
    start_alarms (on_alarm_jump);
  while (n_handled < 500) {
    for (int i = 0; i < 100; i++)
      sem_post (&sem);
    while (sem_trywait (&sem) == 0)
      ;
  }
  stop_alarms ();
}

/* -- Processes -- */

static void
wait_for (pid_t child)
{
  int status;
  MUST (child > 0 && waitpid (child, &status, 0) == child && status == 0);
}

static void
in_child (void)
{
  lock_pair ();
  run_thread (lock_once);
  _exit (0);
}

static void
fork_plain (void)
{
  lock_pair ();
  pid_t child = fork ();
  if (child == 0)
    in_child ();
  wait_for (child);
  lock_pair ();
}

static void
fork_bare (void)
{
  lock_pair ();
  pid_t child = _Fork ();
  if (child == 0)
    in_child ();
  wait_for (child);
  lock_pair ();
}

static void
fork_raw (void)
{
  lock_pair ();
  pid_t child = (pid_t) syscall (SYS_clone, SIGCHLD, 0, 0, 0, 0);
  if (child == 0) {
    lock_pair ();
    _exit (0);
  }
  wait_for (child);
  lock_pair ();
}

static void *
fork_here (void *data)
{
  fork_plain ();
  return NULL;
}

static void
fork_thread (void)
{
  run_thread (fork_here);
}

static void
fork_twice (void)
{
  pid_t child = fork ();
  if (child == 0) {
    lock_pair ();
    pid_t grandchild = fork ();
    if (grandchild == 0) {
      lock_pair ();
      _exit (0);
    }
    wait_for (grandchild);
    _exit (0);
  }
  wait_for (child);
}

static void
vfork_lock (void)
{
  lock_pair ();
  pid_t child = vfork ();
  if (child == 0) {
    lock_pair ();
    _exit (0);
  }
  wait_for (child);
  lock_pair ();
}

static void
exec_self (void)
{
  lock_pair ();
  execl (self_path, self_path, "pair", NULL);
  MUST (!"executed itself");
}

/* -- The rest -- */

static void
close_all (void)
{
  for (int fd = 0; fd < 1024; fd++)
    close (fd);
  lock_pair ();
  run_thread (lock_once);
}

static void
small_stack (void)
{
  pthread_attr_t attr;
  pthread_t thread;

  pthread_attr_init (&attr);
  MUST (pthread_attr_setstacksize (&attr, (size_t) PTHREAD_STACK_MIN) == 0);
  MUST (pthread_create (&thread, &attr, lock_much, NULL) == 0);
  MUST (pthread_join (thread, NULL) == 0);
}

static void
load_module (void)
{
  MUST (dlopen ("libm.so.6", RTLD_NOW) != NULL);
  run_thread (lock_once);
}

static void
lock_memory (void)
{
  if (mlockall (MCL_CURRENT | MCL_FUTURE) != 0)
    _exit (errno == EPERM || errno == ENOMEM ? 77 : 1);
  lock_pair ();
  run_thread (lock_once);
}

static void
quick (void)
{
  lock_pair ();
  _exit (0);
}

static void
abort_itself (void)
{
  lock_pair ();
  abort ();
}

int
main (int argc, char **argv)
{
  static const Case cases[] = {
    { "pair", lock_pair },
    { "much", much },
    { "forever", forever },
    { "until-told", until_told },
    { "storm", storm },
    { "jumps", jumps },
    { "fork", fork_plain },
    { "fork-bare", fork_bare },
    { "fork-raw", fork_raw },
    { "fork-thread", fork_thread },
    { "fork-twice", fork_twice },
    { "vfork", vfork_lock },
    { "exec", exec_self },
    { "close-all", close_all },
    { "small-stack", small_stack },
    { "load-module", load_module },
    { "quick", quick },
    { "abort", abort_itself },
    { "lock-memory", lock_memory },
  };
  self_path = argv[0];
  return run_case (cases, sizeof cases / sizeof *cases, argc, argv);
}
