/* SPDX-License-Identifier: MIT */
/* `lockstitch record`: runs a program with the recording library in it and says what came of it. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command.h"
#include "finding.h"
#include "program-file.h"
#include "record-options.h"
#include "record-run.h"

#define EXIT_NOT_EXECUTABLE 126 /* as the shells have it */
#define EXIT_NOT_FOUND 127
#define EXIT_SIGNAL 128

static gboolean
is_program (const char *path)
{
  struct stat info;
  return stat (path, &info) == 0 && S_ISREG (info.st_mode) && access (path, X_OK) == 0;
}

/* The program's file, through PATH as the shells look for it; NULL after a message. */
static char *
find_program (const char *name, int *exit_code)
{
  *exit_code = EXIT_NOT_FOUND;
  if (strcmp (name, ".") == 0 || strcmp (name, "..") == 0) {
    *exit_code = EXIT_NOT_EXECUTABLE; /* a folder, wherever one looks */
  } else if (strchr (name, '/')) {
    if (is_program (name))
      return g_strdup (name);
    if (access (name, F_OK) == 0)
      *exit_code = EXIT_NOT_EXECUTABLE;
  } else {
    const char *path = g_getenv ("PATH");
    g_auto (GStrv) folders = g_strsplit (path ? path : "/usr/bin:/bin", ":", -1);
    for (char **folder = folders; *name && *folder; folder++) {
      g_autofree char *file = g_build_filename (**folder ? *folder : ".", name, NULL);
      if (is_program (file))
        return g_steal_pointer (&file);
      if (g_file_test (file, G_FILE_TEST_IS_REGULAR))
        *exit_code = EXIT_NOT_EXECUTABLE;
    }
  }
  if (*exit_code == EXIT_NOT_EXECUTABLE)
    ls_command_error ("%s: is no executable program", name);
  else
    ls_command_error ("%s: there is no such program", name);
  return NULL;
}

static char *
dup_helper (const char *variable, const char *installed)
{
  const char *path = g_getenv (variable);
  return g_canonicalize_filename (path && *path ? path : installed, NULL);
}

static char *
dup_output (const LsRecordOptions *options)
{
  if (options->output)
    return g_canonicalize_filename (options->output, NULL);
  g_autofree char *name = g_path_get_basename (options->program[0]);
  g_autofree char *file = g_strconcat (name, ".trace.jsonl", NULL);
  return g_canonicalize_filename (file, NULL);
}

/* The path as it is shortest from here. */
static const char *
shorten (const char *path, const char *folder)
{
  gsize length = strlen (folder);
  if (g_str_has_prefix (path, folder) && path[length] == '/')
    return path + length + 1;
  return path;
}

static void
say_report (const char *program, const LsCollectorReport *report, LsProgramKind kind)
{
  if (report->failure)
    ls_command_error ("the recording ends early: %s", report->failure);
  if (!report->is_there) {
    ls_command_error ("the collector died; what it had written is kept, the rest is lost");
    return;
  }
  if (!*report->path) {
    const char *reason = ls_program_file_explain (kind);
    ls_command_error ("%s was not recorded: %s", program,
                      reason            ? reason
                      : report->failure ? "its trace could not be written"
                                        : "liblockstitch never came to life in it; was "
                                          "LD_PRELOAD removed, or the program linked statically?");
    return;
  }
  if (report->failure) {
    if (g_file_test (report->path, G_FILE_TEST_IS_REGULAR))
      ls_command_error ("what was recorded until then is in %s", report->path);
    return;
  }
  g_autofree char *folder = g_get_current_dir ();
  g_autofree char *span = ls_duration_dup_text (report->span_ns);
  g_autofree char *lost = report->n_lost == 0
                            ? g_strdup ("nothing lost")
                            : g_strdup_printf ("%" G_GUINT64_FORMAT " lost", report->n_lost);
  g_autofree char *others = report->n_files < 2
                              ? g_strdup ("")
                              : g_strdup_printf (" (and %u more beside it)", report->n_files - 1);
  fprintf (stderr, "lockstitch: %" G_GUINT64_FORMAT " event%s of %u thread%s in %s, %s: %s%s\n",
           report->n_events, report->n_events == 1 ? "" : "s", report->n_threads,
           report->n_threads == 1 ? "" : "s", span, lost, shorten (report->path, folder), others);
  if (report->blind)
    ls_command_error ("locks of %s cannot be seen; the trace says so", report->blind);
}

/* As `lockstitch check FILE`, in a process of its own: the trace may be large, and whatever becomes
 * of the check, the exit status stays the program's. */
static void
check (char *path)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  char *argv[] = { self, (char *) "lockstitch", (char *) "check", path, NULL };
  g_autoptr (GError) error = NULL;
  fflush (stderr);
  if (!g_spawn_sync (NULL, argv, NULL, G_SPAWN_CHILD_INHERITS_STDIN | G_SPAWN_FILE_AND_ARGV_ZERO,
                     NULL, NULL, NULL, NULL, NULL, &error))
    ls_command_error ("%s", error->message);
}

static int
record (const LsRecordOptions *options, const char *path, const LsProgramFile *file)
{
  g_autofree char *library = dup_helper ("LOCKSTITCH_LIBRARY", LS_LIBRARY_PATH);
  g_autofree char *executable = dup_helper ("LOCKSTITCH_COLLECTOR", LS_COLLECTOR_PATH);
  g_autofree char *output = dup_output (options);
  if (access (library, R_OK) != 0) {
    ls_command_error ("%s: the recording library is not there: %s", library, g_strerror (errno));
    return LS_EXIT_FAILURE;
  }
  LsCollectorProcess collector;
  g_autofree char *message = NULL;
  g_auto (GStrv) arguments = ls_record_options_dup_collector (options);
  if (!ls_collector_start (&collector, executable, output, arguments, &message)) {
    ls_command_error ("%s", message);
    return LS_EXIT_FAILURE;
  }

  int status = 0;
  int error = ls_program_run (&collector, path, options->program, library, file->asan, &status);
  if (error != 0) {
    ls_collector_dismiss (&collector);
    ls_command_error ("%s: %s", options->program[0], g_strerror (error));
    return error == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE;
  }

  LsCollectorReport report;
  ls_collector_finish (&collector, status, &report);
  say_report (options->program[0], &report, file->kind);
  if (options->check && report.is_there && *report.path)
    check (report.path);
  ls_collector_report_clear (&report);
  return WIFSIGNALED (status) ? EXIT_SIGNAL + WTERMSIG (status) : WEXITSTATUS (status);
}

static int
run (const LsRecordOptions *options)
{
  int exit_code;
  g_autofree char *path = find_program (options->program[0], &exit_code);
  if (!path)
    return exit_code;
  LsProgramFile file;
  ls_program_file_examine (path, &file);
  if (file.kind == LS_PROGRAM_TSAN) {
    ls_command_error ("%s cannot be recorded: %s", options->program[0],
                      ls_program_file_explain (file.kind));
    exit_code = LS_EXIT_FAILURE;
  } else {
    exit_code = record (options, path, &file);
  }
  ls_program_file_clear (&file);
  return exit_code;
}

int
ls_command_record (int argc, char **argv)
{
  LsRecordOptions options;
  int exit_code;
  if (ls_record_options_parse (&options, argc, argv, &exit_code))
    exit_code = run (&options);
  ls_record_options_clear (&options);
  return exit_code;
}
