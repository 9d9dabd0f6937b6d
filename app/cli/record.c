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
#include "record-run.h"

#define EXIT_NOT_EXECUTABLE 126 /* as the shells have it */
#define EXIT_NOT_FOUND 127
#define EXIT_SIGNAL 128

typedef struct {
  char *output; /* --output, or NULL */
  gboolean check;
  char **program; /* argv of the program; borrowed */
} Options;

/* How many of our arguments come before the program's: those with a dash, what belongs to them,
 * and "--". */
static int
count_own_arguments (int argc, char **argv)
{
  for (int i = 1; i < argc; i++) {
    if (strcmp (argv[i], "--") == 0)
      return i + 1;
    if (argv[i][0] != '-' || argv[i][1] == '\0')
      return i;
    if (strcmp (argv[i], "-o") == 0 || strcmp (argv[i], "--output") == 0)
      i++;
  }
  return argc;
}

static gboolean
parse (int argc, char **argv, Options *options, int *exit_code)
{
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options->output,
      "Write the trace to FILE (default: the program's name and .trace.jsonl)", "FILE" },
    { "check", 0, 0, G_OPTION_ARG_NONE, &options->check, "Print the findings at the end", NULL },
    { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
  };
  int n_own = count_own_arguments (argc, argv);
  options->program = argv + n_own;
  g_autofree char **own = g_new0 (char *, n_own + 1);
  memcpy (own, argv, (gsize) n_own * sizeof *own);
  char **rest = own;
  if (!ls_command_parse (&n_own, &rest, entries, "[--] PROGRAM [ARGUMENT...]",
                         "Runs PROGRAM and records what its threads do to its locks and shared "
                         "values.\nIts input, output, signals and exit status are its own.",
                         exit_code))
    return FALSE;
  if (!options->program[0]) {
    ls_command_error ("record needs a program to run; see lockstitch record --help");
    *exit_code = LS_EXIT_USAGE;
    return FALSE;
  }
  return TRUE;
}

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
  if (strchr (name, '/')) {
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
dup_output (const Options *options)
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
record (const Options *options, const char *path, const LsProgramFile *file)
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
  if (!ls_collector_start (&collector, executable, output, &message)) {
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

int
ls_command_record (int argc, char **argv)
{
  Options options = { 0 };
  int exit_code;
  if (!parse (argc, argv, &options, &exit_code)) {
    g_free (options.output);
    return exit_code;
  }
  g_autofree char *path = find_program (options.program[0], &exit_code);
  if (!path) {
    g_free (options.output);
    return exit_code;
  }

  LsProgramFile file;
  ls_program_file_examine (path, &file);
  if (file.kind == LS_PROGRAM_TSAN) {
    ls_command_error ("%s cannot be recorded: %s", options.program[0],
                      ls_program_file_explain (file.kind));
    exit_code = LS_EXIT_FAILURE;
  } else {
    exit_code = record (&options, path, &file);
  }
  ls_program_file_clear (&file);
  g_free (options.output);
  return exit_code;
}
