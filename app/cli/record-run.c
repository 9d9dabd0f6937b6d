/* SPDX-License-Identifier: MIT */
/* The collector, which is told and asked through a pipe and the region's header. */
#include "record-run.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
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
  collector->kept_fds[0] = fd;
  if (memory == MAP_FAILED)
    return false;
  collector->region = memory;
  return collector->region->magic == LS_REGION_MAGIC &&
         collector->region->version == LS_REGION_VERSION;
}

/* Another file that the collector has open. */
static int
open_kept (const LsCollectorProcess *collector, uint32_t number)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/fd/%u", collector->pid, number);
  return number > 0 ? open (path, O_RDWR | O_CLOEXEC) : -1;
}

/* Starts it and gives its first line; NULL when it said none. */
static char *
spawn (LsCollectorProcess *collector, const char *executable, const char *output, char **arguments)
{
  int fds[2];
  if (pipe2 (fds, O_CLOEXEC) != 0)
    return NULL;
  collector->pid = fork ();
  if (collector->pid == 0)
    exec_collector (executable, output, arguments, fds[1]);
  close (fds[1]);
  collector->answer_fd = fds[0];
  return collector->pid > 0 ? read_line (fds[0]) : NULL;
}

bool
ls_collector_start (LsCollectorProcess *collector,
                    const char *executable,
                    const char *output,
                    char **arguments,
                    char **message)
{
  *collector = (LsCollectorProcess){ .answer_fd = -1, .kept_fds = { -1, -1, -1 } };
  g_autofree char *answer = spawn (collector, executable, output, arguments);
  if (answer && g_str_has_prefix (answer, "/")) {
    collector->region_path = g_steal_pointer (&answer);
    if (map_region (collector)) {
      collector->kept_fds[1] = open_kept (collector, collector->region->spill_fd);
      collector->kept_fds[2] = open_kept (collector, collector->region->journal_fd);
      return true;
    }
    *message = g_strdup ("the collector's memory cannot be opened");
  } else if (answer && g_str_has_prefix (answer, "error: ")) {
    *message = g_strdup (answer + strlen ("error: "));
  } else {
    *message = g_strdup ("the collector did not start");
  }
  ls_collector_dismiss (collector);
  return false;
}

bool
ls_collector_take_over (LsCollectorProcess *collector,
                        const char *executable,
                        const char *output,
                        char **arguments)
{
  if (collector->pid > 0)
    waitpid (collector->pid, NULL, 0);
  close (collector->answer_fd);
  collector->answer_fd = -1;
  const int *fds = collector->kept_fds;
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (all, g_strdup_printf ("--take-over=%d,%d,%d", fds[0], fds[1], fds[2]));
  for (; *arguments; arguments++)
    g_ptr_array_add (all, g_strdup (*arguments));
  g_ptr_array_add (all, NULL);
  g_autofree char *answer = spawn (collector, executable, output, (char **) all->pdata);
  return answer && g_str_has_prefix (answer, "/");
}

void
ls_collector_dismiss (LsCollectorProcess *collector)
{
  if (collector->pid > 0) {
    kill (collector->pid, SIGTERM);
    waitpid (collector->pid, NULL, 0);
  }
  ls_collector_clear (collector);
}

static bool
parse_done (const char *line, LsCollectorReport *report)
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

static void
free_file (gpointer data)
{
  LsCollectorFile *file = data;
  g_free (file->program);
  g_free (file->path);
  g_free (file);
}

/* "file<TAB>PID<TAB>EVENTS<TAB>THREADS<TAB>ended|runs<TAB>PROGRAM<TAB>FILE" */
static void
parse_file (const char *line, LsCollectorReport *report)
{
  g_auto (GStrv) fields = g_strsplit (line, "\t", 7);
  if (g_strv_length (fields) != 7)
    return;
  LsCollectorFile file = { .pid = (guint) g_ascii_strtoull (fields[1], NULL, 10),
                           .n_events = g_ascii_strtoull (fields[2], NULL, 10),
                           .n_threads = (guint) g_ascii_strtoull (fields[3], NULL, 10),
                           .runs = strcmp (fields[4], "runs") == 0,
                           .program = g_strdup (fields[5]),
                           .path = g_strdup (fields[6]) };
  g_ptr_array_add (report->files, g_memdup2 (&file, sizeof file));
}

static void
free_unseen (gpointer data)
{
  LsCollectorUnseen *unseen = data;
  g_free (unseen->program);
  g_free (unseen->why);
  g_free (unseen);
}

/* "unseen<TAB>TIMES<TAB>PID<TAB>PROGRAM<TAB>WHY" */
static void
parse_unseen (const char *line, LsCollectorReport *report)
{
  g_auto (GStrv) fields = g_strsplit (line, "\t", 5);
  if (g_strv_length (fields) != 5)
    return;
  LsCollectorUnseen unseen = { .n_times = (guint) g_ascii_strtoull (fields[1], NULL, 10),
                               .pid = (guint) g_ascii_strtoull (fields[2], NULL, 10),
                               .program = g_strdup (fields[3]),
                               .why = g_strdup (fields[4]) };
  g_ptr_array_add (report->unseen, g_memdup2 (&unseen, sizeof unseen));
}

void
ls_collector_report_init (LsCollectorReport *report)
{
  *report = (LsCollectorReport){ .files = g_ptr_array_new_with_free_func (free_file),
                                 .unseen = g_ptr_array_new_with_free_func (free_unseen) };
}

void
ls_collector_report_clear (LsCollectorReport *report)
{
  g_clear_pointer (&report->files, g_ptr_array_unref);
  g_clear_pointer (&report->unseen, g_ptr_array_unref);
  g_clear_pointer (&report->path, g_free);
  g_clear_pointer (&report->failure, g_free);
  g_clear_pointer (&report->blind, g_free);
  g_clear_pointer (&report->deep, g_free);
  g_clear_pointer (&report->apart, g_free);
}

static void
wake (LsRegion *region)
{
  atomic_fetch_add (&region->free_wanted, 1);
  syscall (SYS_futex, &region->free_wanted, FUTEX_WAKE, G_MAXINT, NULL, NULL, 0);
}

void
ls_collector_tell_end (LsCollectorProcess *collector, int status)
{
  LsRegion *region = collector->region;
  region->main_status = (uint32_t) status;
  atomic_store (&region->main_done, 1);
  wake (region);
}

void
ls_collector_cut_short (LsCollectorProcess *collector)
{
  atomic_store (&collector->region->cut_short, 1);
  wake (collector->region);
}

/* Keeps what follows the word. */
static bool
take_text (const char *line, const char *word, char **text)
{
  if (!g_str_has_prefix (line, word))
    return false;
  g_free (*text);
  *text = g_strdup (line + strlen (word));
  return true;
}

bool
ls_collector_read (LsCollectorProcess *collector, LsCollectorReport *report)
{
  g_autofree char *line = read_line (collector->answer_fd);
  if (!line)
    return false;
  if (take_text (line, "error: ", &report->failure) || take_text (line, "blind ", &report->blind) ||
      take_text (line, "deep ", &report->deep) || take_text (line, "apart ", &report->apart))
    return true;
  if (g_str_has_prefix (line, "file\t")) {
    parse_file (line, report);
  } else if (g_str_has_prefix (line, "unseen\t")) {
    parse_unseen (line, report);
  } else {
    report->is_there = parse_done (line, report);
  }
  return !report->is_there;
}

void
ls_collector_clear (LsCollectorProcess *collector)
{
  if (collector->answer_fd >= 0)
    close (collector->answer_fd);
  if (collector->region)
    munmap (collector->region, sizeof (LsRegion));
  for (guint i = 0; i < G_N_ELEMENTS (collector->kept_fds); i++)
    if (collector->kept_fds[i] >= 0)
      close (collector->kept_fds[i]);
  g_free (collector->region_path);
  *collector = (LsCollectorProcess){ .answer_fd = -1, .kept_fds = { -1, -1, -1 } };
}
