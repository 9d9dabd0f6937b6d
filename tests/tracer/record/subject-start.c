/* SPDX-License-Identifier: MIT */
/* A program that records itself: into the file that its second argument names. */
#include "subject.h"

#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>

#include "lockstitch.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static const char *self_path;
static char *file;
static char collector[64]; /* the last that was killed, in /proc */
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

/* -- The collector's death -- */

/* Kills the one that writes to the file. */
static void
kill_collector (void)
{
  DIR *folder = opendir ("/proc");
  int n_killed = 0;
  for (struct dirent *entry; folder && (entry = readdir (folder));) {
    char path[300], text[4096];
    snprintf (path, sizeof path, "/proc/%s/cmdline", entry->d_name);
    int fd =
      atoi (entry->d_name) > 1 && atoi (entry->d_name) != getpid () ? open (path, O_RDONLY) : -1;
    ssize_t n = fd >= 0 ? read (fd, text, sizeof text) : 0;
    if (fd >= 0)
      close (fd);
    if (n > 0 && memmem (text, (size_t) n, "collector", 9) &&
        memmem (text, (size_t) n, file, strlen (file))) {
      snprintf (collector, sizeof collector, "/proc/%d", atoi (entry->d_name));
      n_killed += kill (atoi (entry->d_name), SIGKILL) == 0;
    }
  }
  closedir (folder);
  MUST (n_killed > 0); /* one of before may be about to end */
}

/* Nobody waits for one that is gone, and another one may be started. */
static void
killed (void)
{
  MUST (lockstitch_start (file) == 0);
  lock_pairs (1000);
  kill_collector ();
  lock_pairs (200000); /* more than there is room for without it */
  lockstitch_stop ();
  record (file, 100);
  MUST (lockstitch_start (file) == 0);
  kill_collector ();
  lockstitch_stop (); /* at once */
  MUST (lockstitch_start (file) == 0);
  kill_collector ();
  while (access (collector, F_OK) == 0)
    sched_yield ();
  record (file, 100); /* though nobody has noticed */
}

/* -- Told by the environment -- */

/* With what the environment says beside: only the last are kept. */
static void
options (void)
{
  lock_pairs (100000);
  lockstitch_stop ();
  int n = count_acquires (file);
  MUST (n > 1000 && n < 90000);
}

static void
killed_pairs (void)
{
  lock_pairs (1000);
  kill_collector ();
  lock_pairs (200000);
  lockstitch_stop ();
}

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
    { "start-stop", start_stop },
    { "twice", twice },
    { "relative", relative },
    { "no-stdio", no_stdio },
    { "threads", threads },
    { "fork-between", fork_between },
    { "killed", killed },
    { "environment-killed", killed_pairs },
    { "environment-options", options },
    { "environment", pairs },
    { "pair", pair },
    { "environment-exec", exec_child },
  };
  self_path = argv[0];
  file = argc > 2 ? argv[2] : NULL;
  return run_case (cases, sizeof cases / sizeof *cases, argc, argv);
}
