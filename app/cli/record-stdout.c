/* SPDX-License-Identifier: MIT */
/* A trace on standard output. */
#include "record-stdout.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "command.h"

char *
ls_stdout_dup_file (const char *program)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("lockstitch-XXXXXX", &error);
  if (!folder) {
    ls_command_error ("%s", error->message);
    return NULL;
  }
  g_autofree char *name = g_path_get_basename (program);
  g_autofree char *file = g_strconcat (name, ".trace.jsonl", NULL);
  return g_build_filename (folder, file, NULL);
}

static bool
write_all (const char *bytes, gsize n)
{
  while (n > 0) {
    ssize_t written = write (STDOUT_FILENO, bytes, n);
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      return false;
    bytes += written;
    n -= (gsize) written;
  }
  return true;
}

void
ls_stdout_copy (const char *path)
{
  char bytes[1 << 16];
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  ssize_t n = fd < 0 ? -1 : 0;
  while (fd >= 0 && (n = read (fd, bytes, sizeof bytes)) != 0) {
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0 || !write_all (bytes, (gsize) n)) {
      n = -1;
      break;
    }
  }
  int error = errno;
  if (fd >= 0)
    close (fd);
  if (n < 0 && error != EPIPE) /* who has seen enough of it closes the pipe */
    ls_command_error ("the trace cannot be written to standard output: %s", g_strerror (error));
}

void
ls_stdout_remove (const char *file)
{
  g_autofree char *folder = g_path_get_dirname (file);
  GDir *files = g_dir_open (folder, 0, NULL);
  const char *name;
  while (files && (name = g_dir_read_name (files))) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    g_unlink (path);
  }
  g_clear_pointer (&files, g_dir_close);
  g_rmdir (folder);
}
