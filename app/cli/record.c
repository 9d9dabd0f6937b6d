/* SPDX-License-Identifier: MIT */
/* `lockstitch record`: runs a program with the recording library in it and says what came of it. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command.h"
#include "program-file.h"
#include "record-options.h"
#include "record-program.h"
#include "record-run.h"
#include "record-say.h"
#include "record-stdout.h"

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

static bool
is_to_stdout (const LsRecordOptions *options)
{
  return g_strcmp0 (options->output, "-") == 0;
}

/* NULL after a message. */
static char *
dup_output (const LsRecordOptions *options)
{
  if (is_to_stdout (options))
    return ls_stdout_dup_file (options->program[0]);
  if (options->output)
    return g_canonicalize_filename (options->output, NULL);
  g_autofree char *name = g_path_get_basename (options->program[0]);
  g_autofree char *file = g_strconcat (name, ".trace.jsonl", NULL);
  return g_canonicalize_filename (file, NULL);
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

typedef struct {
  const LsRecordOptions *options;
  const LsProgramFile *file;
  LsCollectorProcess collector;
  LsCollectorReport report;
  LsProgram program;
  LsStatus status;
  bool is_told;                    /* the collector knows how the program ended */
  bool is_said;                    /* the report */
  bool is_failed;                  /* nothing was recorded */
  guint n_interrupts;              /* since the program's end */
  const char *executable, *output; /* of the collector */
  char **arguments;
} Recording;

static void
hide_status (gpointer data)
{
  ls_status_hide (&((Recording *) data)->status);
}

static void
say (Recording *recording)
{
  hide_status (recording);
  const char *program = recording->options->program[0];
  if (!recording->program.has_ended && recording->report.is_there)
    ls_command_error ("the recording's time is over, %s runs on", program);
  recording->is_failed = !ls_record_say (program, &recording->report, recording->file->kind);
  recording->is_said = true;
}

/* Somebody loses patience with us, not with the program, which is over. */
static bool
is_left (Recording *recording, int signal_number)
{
  if (!recording->is_told || (signal_number != SIGINT && signal_number != SIGTERM &&
                              signal_number != SIGHUP && signal_number != SIGQUIT))
    return false;
  hide_status (recording);
  recording->n_interrupts += signal_number == SIGINT;
  if (signal_number == SIGINT && recording->n_interrupts == 1) {
    ls_command_error ("the program has ended, its trace is being written; Ctrl-C again ends the "
                      "trace with what is written by then");
    return false;
  }
  if (signal_number == SIGINT && recording->n_interrupts == 2) {
    ls_command_error ("what is not written yet is left out");
    ls_collector_cut_short (&recording->collector);
    return false;
  }
  ls_command_error ("the collector goes on writing the trace");
  return true;
}

/* The collector has said its last line. True when it died before that and another one goes on. */
static bool
take_over (Recording *recording)
{
  if (recording->report.is_there || recording->report.is_taken_over)
    return false;
  recording->report.is_taken_over = true;
  return ls_collector_take_over (&recording->collector, recording->executable, recording->output,
                                 recording->arguments);
}

/* Goes with the program and its collector until both are done. */
static void
attend (Recording *recording)
{
  LsProgram *program = &recording->program;
  while (!program->has_ended || !recording->is_said) {
    int timeout_ms =
      recording->is_said ? -1 : ls_status_update (&recording->status, program->has_ended);
    struct pollfd fds[] = {
      { .fd = program->signal_fd, .events = POLLIN },
      { .fd = recording->is_said ? -1 : recording->collector.answer_fd, .events = POLLIN },
    };
    poll (fds, G_N_ELEMENTS (fds), timeout_ms);
    for (int number; (number = ls_program_take_signal (program, hide_status, recording)) != 0;)
      if (is_left (recording, number))
        return;
    if (program->has_ended && !recording->is_told) {
      if (!recording->is_said)
        ls_collector_tell_end (&recording->collector, program->status);
      recording->is_told = true;
    }
    if (!recording->is_said && (fds[1].revents & (POLLIN | POLLHUP)) &&
        !ls_collector_read (&recording->collector, &recording->report) && !take_over (recording))
      say (recording);
  }
}

/* The dynamic linkers of the others would complain, or even give up. */
static bool
is_preloadable (LsProgramKind kind)
{
  return kind != LS_PROGRAM_OTHER_LIBC && kind != LS_PROGRAM_OTHER_CLASS;
}

static int
record (const LsRecordOptions *options,
        const char *path,
        const LsProgramFile *file,
        const char *output)
{
  g_autofree char *library = dup_helper ("LOCKSTITCH_LIBRARY", LS_LIBRARY_PATH);
  g_autofree char *executable = dup_helper ("LOCKSTITCH_COLLECTOR", LS_COLLECTOR_PATH);
  if (access (library, R_OK) != 0) {
    ls_command_error ("%s: the recording library is not there: %s", library, g_strerror (errno));
    return LS_EXIT_FAILURE;
  }
  g_autofree char *message = NULL;
  g_auto (GStrv) arguments = ls_record_options_dup_collector (options);
  Recording recording = { .options = options,
                          .file = file,
                          .executable = executable,
                          .output = output,
                          .arguments = arguments };
  if (!ls_collector_start (&recording.collector, executable, output, arguments, &message)) {
    ls_command_error ("%s", message);
    return LS_EXIT_FAILURE;
  }

  LsRegion *region = recording.collector.region;
  LsProgramPlan plan = {
    .path = path,
    .argv = options->program,
    .library = is_preloadable (file->kind) ? library : NULL,
    .preload_first = file->asan,
    .output_to_stderr = is_to_stdout (options),
  };
  int error = ls_program_start (&recording.program, &plan, region, recording.collector.region_path);
  if (error != 0) {
    ls_collector_dismiss (&recording.collector);
    ls_command_error ("%s: %s", options->program[0], g_strerror (error));
    return error == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE;
  }
  ls_collector_report_init (&recording.report);
  recording.report.to_stdout = is_to_stdout (options);
  ls_status_init (&recording.status, options->status, region);
  attend (&recording);
  ls_collector_clear (&recording.collector);
  ls_program_clear (&recording.program);
  bool has_trace = recording.report.is_there && *recording.report.path;
  if (has_trace && is_to_stdout (options))
    ls_stdout_copy (recording.report.path);
  if (has_trace && options->check)
    check (recording.report.path);
  ls_collector_report_clear (&recording.report);
  int status = recording.program.status;
  if (recording.is_failed && status == 0)
    return LS_EXIT_FAILURE; /* nobody is to take this for a recording that shows no trouble */
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
    const char *reason = ls_program_file_explain (file.kind);
    if (reason)
      ls_command_error ("%s itself cannot be recorded: %s", options->program[0], reason);
    g_autofree char *output = dup_output (options);
    exit_code = output ? record (options, path, &file, output) : LS_EXIT_FAILURE;
    if (output && is_to_stdout (options))
      ls_stdout_remove (output);
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
