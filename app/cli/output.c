/* SPDX-License-Identifier: MIT */
/* Where a command's result goes. */
#include "output.h"

#include <gio/gunixoutputstream.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"

static void
end (int signal_number)
{
  ls_whole_file_remove ();
  raise (signal_number); /* comes when this returns, and finds the default */
}

void
ls_output_guard (void)
{
  static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGXCPU };
  struct sigaction action = { .sa_handler = end, .sa_flags = (int) SA_RESETHAND };
  struct sigaction old;
  sigfillset (&action.sa_mask);
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    if (sigaction (signals[i], NULL, &old) == 0 && old.sa_handler == SIG_DFL)
      sigaction (signals[i], &action, NULL); /* one that is ignored stays so, as under nohup */
  signal (SIGXFSZ, SIG_IGN);
}

/* The input is read while the output is written. */
static bool
is_same_file (const char *input, const char *path)
{
  struct stat a, b;
  return (strcmp (input, "-") == 0 ? fstat (STDIN_FILENO, &a) : stat (input, &a)) == 0 &&
         (strcmp (path, "-") == 0 ? fstat (STDOUT_FILENO, &b) : stat (path, &b)) == 0 &&
         S_ISREG (a.st_mode) && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

bool
ls_output_open (LsOutput *output, const char *path, const char *input)
{
  g_autoptr (GError) error = NULL;
  bool is_stdout = strcmp (path, "-") == 0;
  *output = (LsOutput){ .name = is_stdout ? "standard output" : path, .file.fd = -1 };
  if (is_same_file (input, path)) {
    ls_command_error ("%s: input and output are the same file", output->name);
    return false;
  }
  ls_output_guard ();
  if (!is_stdout && !ls_whole_file_open (&output->file, path, &error)) {
    ls_command_error ("%s", error->message);
    return false;
  }
  output->stream = g_unix_output_stream_new (is_stdout ? STDOUT_FILENO : output->file.fd, FALSE);
  return true;
}

int
ls_output_close (LsOutput *output, bool is_good, const GError *error)
{
  g_autoptr (GError) close_error = NULL;
  g_clear_object (&output->stream);
  if (output->file.fd >= 0)
    is_good = ls_whole_file_close (&output->file, is_good, &close_error);
  if (!is_good && (error || close_error))
    ls_command_error ("%s", error ? error->message : close_error->message);
  return is_good ? LS_EXIT_FINE : LS_EXIT_FAILURE;
}
