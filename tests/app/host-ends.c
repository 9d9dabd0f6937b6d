/* SPDX-License-Identifier: MIT */
/* Hosts that end, and whose threads and children end, in every way there is. */
#include "host.h"

#include <dlfcn.h>
#include <errno.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>

extern char **environ;

/* -- How a process ends -- */

static _Atomic int n_ready;

/* Locks for as long as the process lives. */
static void *
lock_forever (void *data)
{
  host_pairs (NULL);
  atomic_fetch_add (&n_ready, 1);
  for (;;)
    pause ();
  return NULL;
}

static void
start_endless (void)
{
  pthread_t thread;
  for (int i = 0; i < 3; i++)
    MUST (pthread_create (&thread, NULL, lock_forever, NULL) == 0);
  while (atomic_load (&n_ready) < 3)
    usleep (100);
}

static void
at_exit (void)
{
  host_pair ();
  host_threads (2);
}

static int
exit_with_live_threads (void)
{
  MUST (atexit (at_exit) == 0);
  start_endless ();
  exit (3);
}

static int
exit_from_thread_body (void)
{
  start_endless ();
  host_pairs (NULL);
  exit (6);
}

static void *
exit_here (void *data)
{
  exit_from_thread_body ();
  return NULL;
}

static int
exit_from_thread (void)
{
  pthread_t thread;
  MUST (pthread_create (&thread, NULL, exit_here, NULL) == 0);
  for (;;)
    pause ();
}

static int
exit_quickly (void)
{
  MUST (at_quick_exit (at_exit) == 0);
  start_endless ();
  quick_exit (4);
}

static int
exit_at_once (void)
{
  start_endless ();
  _exit (5);
}

static int
abort_with_live_threads (void)
{
  start_endless ();
  abort ();
}

static int
crash (void)
{
  start_endless ();
  raise (SIGSEGV);
  return 0;
}

static int
kill_itself (void)
{
  start_endless ();
  kill (getpid (), SIGKILL);
  return 0;
}

static void *
outlive (void *data)
{
  MUST (pthread_join (*(pthread_t *) data, NULL) == 0);
  host_pairs (NULL);
  exit (7);
}

static int
threads_outlive_main (void)
{
  static pthread_t main_thread;
  pthread_t thread;
  main_thread = pthread_self ();
  MUST (pthread_create (&thread, NULL, outlive, &main_thread) == 0);
  host_pairs (NULL);
  pthread_exit (NULL);
}

/* -- Cancellation and jumps -- */

static void *
spin_cancellably (void *data)
{
  int old;
  host_pairs (NULL);
  MUST (pthread_setcanceltype (PTHREAD_CANCEL_ASYNCHRONOUS, &old) == 0);
  atomic_fetch_add (&n_ready, 1);
  for (volatile unsigned n = 0;; n++)
    ;
  return NULL;
}

static int
cancel_asynchronously (void)
{
  for (int i = 0; i < 50; i++) {
    pthread_t thread;
    void *result;
    MUST (pthread_create (&thread, NULL, spin_cancellably, NULL) == 0);
    while (atomic_load (&n_ready) <= i)
      sched_yield ();
    MUST (pthread_cancel (thread) == 0);
    MUST (pthread_join (thread, &result) == 0 && result == PTHREAD_CANCELED);
    host_pair ();
  }
  return 0;
}

static sigjmp_buf back;
static _Atomic int n_alarms; /* handlers may run on several threads at once */
static sem_t posted;

static void
jump_back (int number)
{
  n_alarms++;
  siglongjmp (back, 1);
}

static void
post (int number)
{
  int saved = errno;
  n_alarms++;
  MUST (sem_post (&posted) == 0);
  errno = saved;
}

static void
set_alarms (void (*handler) (int), long us)
{
  struct itimerval often = { { 0, us }, { 0, us } };
  struct sigaction action = { .sa_handler = us ? handler : SIG_IGN, .sa_flags = SA_RESTART };
  MUST (sigaction (SIGALRM, &action, NULL) == 0);
  MUST (setitimer (ITIMER_REAL, &often, NULL) == 0);
}

static int
jump_out_of_handlers (void)
{
  if (sigsetjmp (back, 1) == 0)
    set_alarms (jump_back, 200);
  while (n_alarms < 300)
    for (int i = 0; i < 100; i++)
      usleep (1);
  set_alarms (NULL, 0);
  host_threads (2);
  return 0;
}

static int
storm_of_signals (void)
{
  int n_taken = 0;
  MUST (sem_init (&posted, 0, 0) == 0);
  set_alarms (post, 50);
  while (n_alarms < 3000)
    host_threads (3);
  set_alarms (NULL, 0);
  while (sem_trywait (&posted) == 0)
    n_taken++;
  MUST (n_taken == n_alarms);
  return 0;
}

/* -- Children -- */

static int
lock_some (void)
{
  host_pairs (NULL);
  host_threads (2);
  return 0;
}

static int
fork_many (void)
{
  for (int i = 0; i < 100; i++) {
    pid_t child = fork ();
    MUST (child >= 0);
    if (child == 0)
      _exit (i % 10 ? (host_pair (), 0) : lock_some ());
  }
  int n = 0;
  for (int status; wait (&status) > 0; n++)
    MUST (status == 0);
  MUST (n == 100 && errno == ECHILD);
  return lock_some ();
}

/* A server that takes whichever child ends for one of its own. */
static int
reap_everything (void)
{
  lock_some ();
  pid_t child = fork ();
  if (child == 0)
    _exit (lock_some ());
  int status;
  MUST (waitpid (-1, &status, 0) == child && status == 0);
  MUST (waitpid (-1, &status, __WALL) == -1 && errno == ECHILD);
  return lock_some ();
}

static int
spawn_much (void)
{
  char *again[] = { host_argv[0], (char *) "pairs", NULL };
  int status;
  pid_t child;
  for (volatile int i = 0; i < 10; i++) {
    child = vfork ();
    if (child == 0) {
      execv (again[0], again);
      _exit (1);
    }
    MUST (waitpid (child, &status, 0) == child && status == 0);
    MUST (posix_spawn (&child, again[0], NULL, NULL, again, environ) == 0);
    MUST (waitpid (child, &status, 0) == child && status == 0);
    host_pair ();
  }
  char command[4200];
  snprintf (command, sizeof command, "exec '%s' pairs", host_argv[0]);
  MUST (system (command) == 0);
  FILE *pipe = popen (command, "r");
  MUST (pipe && pclose (pipe) == 0);
  return lock_some ();
}

static int
exec_ten_times (void)
{
  const char *left = getenv ("HOST_LEFT");
  char next[16];
  int n = left ? atoi (left) : 10;
  lock_some ();
  if (n == 0)
    return 0;
  snprintf (next, sizeof next, "%d", n - 1);
  setenv ("HOST_LEFT", next, 1);
  execv (host_argv[0], host_argv);
  return 1;
}

static int
load_and_unload (void)
{
  for (int i = 0; i < 100; i++) {
    void *module = dlopen (getenv ("HOST_MODULE"), RTLD_NOW | RTLD_LOCAL);
    MUST (module);
    void (*lock) (void) = (void (*) (void)) dlsym (module, "module_lock");
    MUST (lock);
    lock ();
    MUST (dlclose (module) == 0);
    host_pair ();
  }
  return lock_some ();
}

const HostCase host_end_cases[] = {
  { "pairs", lock_some },
  { "exit-live", exit_with_live_threads },
  { "exit-thread", exit_from_thread },
  { "quick-exit", exit_quickly },
  { "_exit", exit_at_once },
  { "abort", abort_with_live_threads },
  { "crash", crash },
  { "kill", kill_itself },
  { "outlive-main", threads_outlive_main },
  { "cancel", cancel_asynchronously },
  { "jumps", jump_out_of_handlers },
  { "storm", storm_of_signals },
  { "forks", fork_many },
  { "reaper", reap_everything },
  { "spawn", spawn_much },
  { "execs", exec_ten_times },
  { "modules", load_and_unload },
  { NULL, NULL },
};
