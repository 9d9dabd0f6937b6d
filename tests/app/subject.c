/* SPDX-License-Identifier: MIT */
/* A program to be recorded: its first argument says what it does. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
  int count;
  pthread_mutex_t lock;
} shards[3] = {
  { 0, PTHREAD_MUTEX_INITIALIZER },
  { 0, PTHREAD_MUTEX_INITIALIZER },
  { 0, PTHREAD_MUTEX_INITIALIZER },
};
static int n_rounds = 10;

static void *
worker (void *data)
{
  for (int i = 0; i < n_rounds; i++) {
    pthread_mutex_lock (&log_lock);
    pthread_mutex_unlock (&log_lock);
    pthread_mutex_lock (&shards[2].lock);
    pthread_mutex_unlock (&shards[2].lock);
  }
  return NULL;
}

static void
run_workers (void)
{
  pthread_t threads[2];
  for (int i = 0; i < 2; i++)
    pthread_create (&threads[i], NULL, worker, NULL);
  for (int i = 0; i < 2; i++)
    pthread_join (threads[i], NULL);
}

/* Says that it is there and waits to be killed. */
static void
wait_for_signal (void)
{
  puts ("ready");
  fflush (stdout);
  for (;;)
    pause ();
}

static int
fork_child (void)
{
  run_workers ();
  pid_t pid = fork ();
  if (pid == 0) {
    run_workers ();
    _exit (0);
  }
  int status;
  waitpid (pid, &status, 0);
  return status == 0 ? 0 : 1;
}

/* Only the child exits. */
static void
exit_in_vfork (void)
{
  pid_t child = vfork ();
  if (child == 0)
    _exit (6);
  waitpid (child, NULL, 0);
  run_workers ();
  kill (getpid (), SIGKILL);
}

/* Leaves a process of its own session behind, which goes on with threads. */
static int
leave_daemon (const char *done)
{
  run_workers ();
  if (fork () == 0) {
    setsid ();
    while (getppid () != 1 && access (done, F_OK) != 0) {
      run_workers ();
      usleep (1000);
    }
    run_workers ();
    _exit (0);
  }
  return 0;
}

int
main (int argc, char **argv)
{
  const char *what = argc > 1 ? argv[1] : "";
  if (argc > 2 && atoi (argv[2]) > 0)
    n_rounds = atoi (argv[2]);
  if (strcmp (what, "exit") == 0)
    return atoi (argv[2]);
  if (strcmp (what, "fork") == 0)
    return fork_child ();
  if (strcmp (what, "daemon") == 0)
    return leave_daemon (argv[2]);
  if (strcmp (what, "close") == 0)
    for (int fd = 0; fd < 1024; fd++)
      close (fd);
  run_workers ();
  if (strcmp (what, "vfork") == 0)
    exit_in_vfork ();
  if (strcmp (what, "_exit") == 0)
    _exit (5);
  if (strcmp (what, "abort") == 0)
    abort ();
  if (strcmp (what, "crash") == 0)
    raise (SIGSEGV);
  if (strcmp (what, "kill") == 0)
    kill (getpid (), SIGKILL);
  if (strcmp (what, "wait") == 0)
    wait_for_signal ();
  if (strcmp (what, "exec") == 0)
    execl (argv[0], argv[0], "threads", (char *) NULL);
  return 0;
}
