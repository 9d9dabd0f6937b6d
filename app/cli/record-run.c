/* SPDX-License-Identifier: MIT */
/* The two processes beside `lockstitch record`: the collector, which is told and asked through a
 * pipe and the region's header, and the program, which must not notice us. */
#include "record-run.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* One line of the collector's, without its end; NULL at the end of the pipe. */
static char *
read_line (int fd)
{
  g_autoptr (GString) line = g_string_new (NULL);
  for (;;) {
    char c;
    ssize_t n = read (fd, &c, 1);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return NULL;
    if (c == '\n')
      return g_strdup (line->str);
    g_string_append_c (line, c);
  }
}

static void
exec_collector (const char *executable, const char *output, char **arguments, int answer_fd)
{
  char number[16];
  snprintf (number, sizeof number, "%d", answer_fd);
  fcntl (answer_fd, F_SETFD, 0);
  unsetenv ("LD_PRELOAD"); /* of whatever kind: it is no part of the program */
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  const char *const fixed[] = { executable, "--output", output, "--ready-fd", number };
  for (guint i = 0; i < G_N_ELEMENTS (fixed); i++)
    g_ptr_array_add (argv, (char *) fixed[i]);
  for (; *arguments; arguments++)
    g_ptr_array_add (argv, *arguments);
  g_ptr_array_add (argv, NULL);
  execv (executable, (char **) argv->pdata);
  dprintf (answer_fd, "error: %s: %s\n", executable, strerror (errno));
  _exit (127);
}

static bool
map_region (LsCollectorProcess *collector)
{
  int fd = open (collector->region_path, O_RDWR | O_CLOEXEC);
  if (fd < 0)
    return false;
  void *memory = mmap (NULL, sizeof (LsRegion), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close (fd);
  if (memory == MAP_FAILED)
    return false;
  collector->region = memory;
  return collector->region->magic == LS_REGION_MAGIC &&
         collector->region->version == LS_REGION_VERSION;
}

bool
ls_collector_start (LsCollectorProcess *collector,
                    const char *executable,
                    const char *output,
                    char **arguments,
                    char **message)
{
  *collector = (LsCollectorProcess){ .answer_fd = -1 };
  int fds[2];
  if (pipe2 (fds, O_CLOEXEC) != 0) {
    *message = g_strdup (g_strerror (errno));
    return false;
  }
  collector->pid = fork ();
  if (collector->pid == 0)
    exec_collector (executable, output, arguments, fds[1]);
  close (fds[1]);
  collector->answer_fd = fds[0];
  g_autofree char *answer = collector->pid > 0 ? read_line (fds[0]) : NULL;
  if (answer && g_str_has_prefix (answer, "/")) {
    collector->region_path = g_steal_pointer (&answer);
    if (map_region (collector))
      return true;
    *message = g_strdup ("the collector's memory cannot be opened");
  } else if (answer && g_str_has_prefix (answer, "error: ")) {
    *message = g_strdup (answer + strlen ("error: "));
  } else {
    *message = g_strdup ("the collector did not start");
  }
  ls_collector_dismiss (collector);
  return false;
}

static void
clear_collector (LsCollectorProcess *collector)
{
  if (collector->answer_fd >= 0)
    close (collector->answer_fd);
  if (collector->region)
    munmap (collector->region, sizeof (LsRegion));
  g_free (collector->region_path);
  *collector = (LsCollectorProcess){ .answer_fd = -1 };
}

void
ls_collector_dismiss (LsCollectorProcess *collector)
{
  if (collector->pid > 0) {
    kill (collector->pid, SIGTERM);
    waitpid (collector->pid, NULL, 0);
  }
  clear_collector (collector);
}

static bool
parse_report (const char *line, LsCollectorReport *report)
{
  int path = 0;
  if (sscanf (line,
              "done %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %u %" G_GINT64_FORMAT " %u %n",
              &report->n_events, &report->n_lost, &report->n_threads, &report->span_ns,
              &report->n_files, &path) < 5 ||
      path == 0)
    return false;
  report->path = g_strdup (line + path);
  return true;
}

void
ls_collector_finish (LsCollectorProcess *collector, int status, LsCollectorReport *report)
{
  *report = (LsCollectorReport){ 0 };
  LsRegion *region = collector->region;
  region->main_status = (uint32_t) status;
  atomic_store (&region->main_done, 1);
  atomic_fetch_add (&region->free_wanted, 1);
  syscall (SYS_futex, &region->free_wanted, FUTEX_WAKE, G_MAXINT, NULL, NULL, 0);

  g_autofree char *line = NULL;
  while (!report->is_there && (line = read_line (collector->answer_fd))) {
    if (g_str_has_prefix (line, "error: ")) {
      g_free (report->failure);
      report->failure = g_strdup (line + strlen ("error: "));
    } else if (g_str_has_prefix (line, "blind ")) {
      g_free (report->blind);
      report->blind = g_strdup (line + strlen ("blind "));
    } else {
      report->is_there = parse_report (line, report);
    }
    g_clear_pointer (&line, g_free);
  }
  clear_collector (collector);
}

void
ls_collector_report_clear (LsCollectorReport *report)
{
  g_clear_pointer (&report->path, g_free);
  g_clear_pointer (&report->failure, g_free);
  g_clear_pointer (&report->blind, g_free);
}

/* -- The program -- */

static volatile pid_t program_pid;

/* A signal of the terminal goes to its whole foreground group, the program included; one that a
 * process sent to us alone is meant for the program. */
static void
forward (int number, siginfo_t *info, void *context)
{
  int saved = errno;
  if (info->si_code <= 0 && program_pid > 0)
    kill (program_pid, number);
  errno = saved;
}

static const int forwarded[] = { SIGINT, SIGQUIT, SIGHUP, SIGTERM, SIGUSR1, SIGUSR2, SIGALRM };

static void
set_handlers (struct sigaction saved[G_N_ELEMENTS (forwarded)])
{
  struct sigaction action = { .sa_sigaction = forward, .sa_flags = SA_SIGINFO | SA_RESTART };
  for (guint i = 0; i < G_N_ELEMENTS (forwarded); i++) {
    sigaction (forwarded[i], NULL, &saved[i]);
    /* What we were told to ignore (by nohup, say), the program ignores too. */
    if (saved[i].sa_handler != SIG_IGN)
      sigaction (forwarded[i], &action, NULL);
  }
}

static void
restore_handlers (const struct sigaction saved[G_N_ELEMENTS (forwarded)])
{
  for (guint i = 0; i < G_N_ELEMENTS (forwarded); i++)
    sigaction (forwarded[i], &saved[i], NULL);
}

static void
exec_program (LsCollectorProcess *collector,
              const char *path,
              char **argv,
              const char *preload,
              int failure_fd)
{
  setenv ("LD_PRELOAD", preload, 1);
  setenv (LS_REGION_ENV, collector->region_path, 1);
  atomic_store (&collector->region->main_pid, (uint32_t) getpid ());
  execv (path, argv);
  if (errno == ENOEXEC) { /* a script without "#!": as the shells do */
    g_autoptr (GPtrArray) shell = g_ptr_array_new ();
    g_ptr_array_add (shell, (char *) "/bin/sh");
    g_ptr_array_add (shell, (char *) path);
    for (char **arg = argv + 1; argv[0] && *arg; arg++)
      g_ptr_array_add (shell, *arg);
    g_ptr_array_add (shell, NULL);
    execv ("/bin/sh", (char **) shell->pdata);
  }
  int error = errno;
  ssize_t n = write (failure_fd, &error, sizeof error);
  _exit (n < 0 ? 126 : 127);
}

/* Ours, then what the user preloads; first what must come before anything. */
static char *
dup_preload (const char *library, const char *preload_first)
{
  const char *users = g_getenv ("LD_PRELOAD");
  return g_strconcat (preload_first ? preload_first : "", preload_first ? ":" : "", library,
                      users && *users ? ":" : "", users && *users ? users : "", NULL);
}

int
ls_program_run (LsCollectorProcess *collector,
                const char *path,
                char **argv,
                const char *library,
                const char *preload_first,
                int *status)
{
  int fds[2];
  if (pipe2 (fds, O_CLOEXEC) != 0)
    return errno;
  g_autofree char *preload = dup_preload (library, preload_first);
  struct sigaction saved[G_N_ELEMENTS (forwarded)];
  sigset_t all, mask;
  sigfillset (&all);
  sigprocmask (SIG_BLOCK, &all, &mask); /* a signal may wait until the program can have it */
  set_handlers (saved);
  pid_t pid = fork ();
  if (pid == 0) {
    restore_handlers (saved);
    sigprocmask (SIG_SETMASK, &mask, NULL);
    exec_program (collector, path, argv, preload, fds[1]);
  }
  int error = pid < 0 ? errno : 0;
  program_pid = pid;
  close (fds[1]);
  /* A signal that came before the exec goes to the program, not to our copy of it. */
  if (pid > 0 && read (fds[0], &error, sizeof error) != sizeof error)
    error = 0;
  close (fds[0]);
  sigprocmask (SIG_SETMASK, &mask, NULL);
  while (pid > 0 && waitpid (pid, status, 0) < 0 && errno == EINTR)
    ;
  program_pid = 0;
  restore_handlers (saved);
  return error;
}
