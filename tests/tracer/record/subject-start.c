/* SPDX-License-Identifier: MIT */
/* A program that records itself: into the file that its second argument names. */
#include "subject.h"

#include <signal.h>
#include <sys/wait.h>

#include "lockstitch.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static const char *self_path;
static char *file;
static volatile int n_children;

static void
on_child (int number)
{
  n_children++;
}

static void
lock_pairs (int n)
{
  for (int i = 0; i < n; i++) {
    MUST (pthread_mutex_lock (&mutex) == 0);
    MUST (pthread_mutex_unlock (&mutex) == 0);
  }
}

/* How many acquires a trace tells of; -1 when it is not finished. */
static int
count_acquires (const char *path)
{
  FILE *trace = fopen (path, "r");
  char line[4096];
  int n = 0;
  bool has_end = false;

  if (!trace)
    return -1;
  while (fgets (line, sizeof line, trace)) {
    n += strstr (line, "\"ev\":\"acquire\"") != NULL;
    has_end = strncmp (line, "{\"end\":", 7) == 0;
  }
  fclose (trace);
  return has_end ? n : -1;
}

static void
record (const char *path, int n_pairs)
{
  errno = 77;
  MUST (lockstitch_start (path) == 0);
  MUST (LOCKSTITCH_ON () && errno == 77);
  lock_pairs (n_pairs);
  lockstitch_stop ();
  MUST (!LOCKSTITCH_ON () && errno == 77);
  lock_pairs (10);
  MUST (count_acquires (path) == n_pairs);
}

static void
start_stop (void)
{
  MUST (signal (SIGCHLD, on_child) != SIG_ERR);
  record (file, 5000);
  MUST (waitpid (-1, NULL, 0) == -1 && errno == ECHILD);
  MUST (n_children == 0);
}

static void
twice (void)
{
  record (file, 100);
  record (file, 200);
}

static void
relative (void)
{
  char *slash = strrchr (file, '/');
  *slash = '\0';
  MUST (chdir (file) == 0);
  record (slash + 1, 100);
}

static void
no_stdio (void)
{
  for (int fd = 0; fd <= 2; fd++)
    close (fd);
  record (file, 100);
}

/* Threads that were there before: the starter is not the main thread, and the main thread and
 * another one show later. */
static _Atomic int stage;

static void
await (int wanted)
{
  for (int ms = 0; atomic_load (&stage) < wanted && ms < 20000; ms++)
    pause_ms (1);
  MUST (atomic_load (&stage) >= wanted);
}

static void *
start_here (void *data)
{
  MUST (lockstitch_start (file) == 0);
  MUST (lockstitch_start ("/nowhere/to/be/found") == 0);
  lock_pairs (10);
  atomic_store (&stage, 1);
  return NULL;
}

static void *
lock_later (void *data)
{
  await (1);
  lock_pairs (20);
  return NULL;
}

static void
threads (void)
{
  pthread_t starter, other;

  MUST (pthread_create (&other, NULL, lock_later, NULL) == 0);
  MUST (pthread_create (&starter, NULL, start_here, NULL) == 0);
  await (1);
  lock_pairs (30);
  MUST (pthread_join (starter, NULL) == 0);
  MUST (pthread_join (other, NULL) == 0);
  lockstitch_stop ();
  MUST (count_acquires (file) == 60);
}

static void
fork_between (void)
{
  MUST (lockstitch_start (file) == 0);
  lock_pairs (10);
  pid_t child = fork ();
  if (child == 0) {
    lock_pairs (20);
    _exit (0);
  }
  int status;
  MUST (waitpid (child, &status, 0) == child && status == 0);
  lockstitch_stop ();
  MUST (count_acquires (file) == 10);
}

/* -- Told by the environment -- */

static void
pairs (void)
{
  lock_pairs (40);
  lockstitch_stop (); /* ours, too */
  MUST (count_acquires (file) == 40);
}

static void
exec_child (void)
{
  lock_pairs (10);
  pid_t child = fork ();
  if (child == 0) {
    execl (self_path, self_path, "pair", file, NULL);
    _exit (127);
  }
  int status;
  MUST (waitpid (child, &status, 0) == child && status == 0);
  lockstitch_stop ();
  MUST (count_acquires (file) == 10);
}

static void
pair (void)
{
  MUST (LOCKSTITCH_ON ());
  lock_pairs (1);
}

int
main (int argc, char **argv)
{
  static const Case cases[] = {
    { "start-stop", start_stop }, { "twice", twice },     { "relative", relative },
    { "no-stdio", no_stdio },     { "threads", threads }, { "fork-between", fork_between },
    { "environment", pairs },     { "pair", pair },       { "environment-exec", exec_child },
  };
  self_path = argv[0];
  file = argc > 2 ? argv[2] : NULL;
  return run_case (cases, sizeof cases / sizeof *cases, argc, argv);
}
