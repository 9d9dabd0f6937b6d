/* SPDX-License-Identifier: MIT */
/* Naming, opening, writing, renaming. */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shared.h"

#define SUFFIX ".trace.jsonl"

static char *
dup_stem (const char *path)
{
  const char *const suffixes[] = { SUFFIX, ".jsonl" };
  const char *packed = ls_packing_get_suffix (ls_packing_from_name (path));
  char *stem = g_strndup (path, strlen (path) - strlen (packed));
  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    if (g_str_has_suffix (stem, suffixes[i])) {
      stem[strlen (stem) - strlen (suffixes[i])] = '\0';
      break;
    }
  return stem;
}

static gboolean
refuse (GError **error, const char *path, const char *why)
{
  g_set_error (error, LS_COLLECT_ERROR, LS_COLLECT_ERROR_OUTPUT, "%s: %s", path, why);
  return FALSE;
}

gboolean
ls_output_init (LsOutput *output, const char *path, GError **error)
{
  *output = (LsOutput){ 0 };
  struct stat info;
  bool exists = stat (path, &info) == 0;
  if (exists && S_ISDIR (info.st_mode))
    return refuse (error, path, "is a folder, not a file to write a trace to");
  if (exists && access (path, W_OK) != 0)
    return refuse (error, path, g_strerror (errno));
  /* Through a link, what it leads to is replaced, and the link stays. */
  char *target = exists ? realpath (path, NULL) : NULL;
  output->path = g_strdup (target ? target : path);
  free (target);
  g_autofree char *folder = g_path_get_dirname (output->path);
  bool can_replace = access (folder, W_OK | X_OK) == 0;
  if (!exists && !can_replace)
    return refuse (error, folder, g_strerror (errno));

  output->stem = dup_stem (output->path);
  output->packing = ls_packing_from_name (path);
  output->in_place = exists && (!S_ISREG (info.st_mode) || !can_replace);
  return TRUE;
}

void
ls_output_clear (LsOutput *output)
{
  g_clear_pointer (&output->path, g_free);
  g_clear_pointer (&output->stem, g_free);
  g_clear_pointer (&output->failure, g_free);
}

void
ls_output_file_init (LsOutputFile *file)
{
  *file = (LsOutputFile){ .fd = -1 };
}

void
ls_output_file_close (LsOutputFile *file)
{
  if (file->fd >= 0)
    close (file->fd);
  file->fd = -1;
}

void
ls_output_file_clear (LsOutputFile *file)
{
  ls_output_file_close (file);
  g_clear_pointer (&file->path, g_free);
}

static void
fail (LsOutput *output, const char *path)
{
  if (output->has_failed)
    return;
  output->failure = g_strdup_printf ("%s: %s", path, g_strerror (errno));
  output->has_failed = true;
}

/* What is not a file of ours gets the lines of the one image that has NAME, which may turn out only
 * later; until then they are in a file without a name. */
static int
open_nameless (void)
{
  int fd = open (g_get_tmp_dir (), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  return fd >= 0 ? fd : memfd_create ("lockstitch-lines", MFD_CLOEXEC);
}

static void
copy_nameless (LsOutput *output, LsOutputFile *file, int from)
{
  char bytes[65536];
  ssize_t n;
  if (lseek (from, 0, SEEK_SET) != 0)
    return;
  while ((n = read (from, bytes, sizeof bytes)) > 0 || (n < 0 && errno == EINTR))
    if (n > 0)
      ls_output_write (output, file, 0, 0, bytes, (gsize) n);
}

void
ls_output_claim (LsOutput *output, LsOutputFile *file)
{
  if (output->is_taken)
    return;
  if (output->in_place && file->fd >= 0) {
    int nameless = file->fd;
    output->is_taken = file->has_main_name = true;
    file->fd = -1;
    file->bytes = 0;
    copy_nameless (output, file, nameless);
    close (nameless);
    return;
  }
  if (file->path) {
    if (rename (file->path, output->path) != 0)
      return; /* it keeps the name that it has */
    g_free (file->path);
    file->path = g_strdup (output->path);
  }
  output->is_taken = file->has_main_name = true;
}

static char *
dup_path (const LsOutput *output, const LsOutputFile *file, guint pid, guint n_execs)
{
  if (file->has_main_name)
    return g_strdup (output->path);
  const char *packed = ls_packing_get_suffix (output->packing);
  if (n_execs == 0)
    return g_strdup_printf ("%s.%u" SUFFIX "%s", output->stem, pid, packed);
  return g_strdup_printf ("%s.%u-%u" SUFFIX "%s", output->stem, pid, n_execs, packed);
}

static bool
open_file (LsOutput *output, LsOutputFile *file, guint pid, guint n_execs)
{
  int flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC;
  if (output->in_place && !file->has_main_name) {
    file->fd = open_nameless ();
    return file->fd >= 0;
  }
  file->path = dup_path (output, file, pid, n_execs);
  /* A reader of the old trace keeps it: the new one is another file of the same name. */
  if (!output->in_place) {
    unlink (file->path);
    flags |= O_EXCL;
  }
  file->fd = open (file->path, flags, 0666);
  if (file->fd < 0) {
    fail (output, file->path);
    return false;
  }
  output->n_files++;
  return true;
}

/* After a failed write: cuts the file after the last whole line of what it got, or before it. */
static void
cut_after_line (LsOutputFile *file, const char *bytes, gsize n_written, LsPacking packing)
{
  const char *end = packing == LS_PACKING_NONE ? memrchr (bytes, '\n', n_written) : NULL;
  goffset keep = file->bytes + (end ? end + 1 - bytes : 0);
  if (ftruncate (file->fd, keep) == 0)
    file->bytes = keep;
}

void
ls_output_write (LsOutput *output,
                 LsOutputFile *file,
                 guint pid,
                 guint n_execs,
                 const char *bytes,
                 gsize n_bytes)
{
  if (output->has_failed)
    return;
  if (file->fd < 0 && !open_file (output, file, pid, n_execs))
    return;
  gsize n_written = 0;
  while (n_written < n_bytes) {
    ssize_t n = write (file->fd, bytes + n_written, n_bytes - n_written);
    if (n > 0) {
      n_written += (gsize) n;
    } else if (n < 0 && errno != EINTR) {
      fail (output, file->path ? file->path : output->path);
      cut_after_line (file, bytes, n_written, output->packing);
      return;
    }
  }
  file->bytes += (goffset) n_bytes;
}

/* Where the last whole line, member or frame ends. */
static off_t
find_last_end (int fd, off_t end, LsPacking packing)
{
  if (packing != LS_PACKING_NONE)
    return (off_t) ls_packing_find_end (packing, fd);
  char bytes[4096];
  while (end > 0) {
    gsize n_bytes = (gsize) MIN (end, (off_t) sizeof bytes);
    if (pread (fd, bytes, n_bytes, end - (off_t) n_bytes) != (ssize_t) n_bytes)
      return 0;
    const char *line_end = memrchr (bytes, '\n', n_bytes);
    if (line_end)
      return end - (off_t) n_bytes + (line_end + 1 - bytes);
    end -= (off_t) n_bytes;
  }
  return 0;
}

bool
ls_output_reopen (LsOutput *output,
                  LsOutputFile *file,
                  guint pid,
                  guint n_execs,
                  bool has_main_name)
{
  struct stat info;
  file->has_main_name = has_main_name;
  output->is_taken = output->is_taken || has_main_name;
  char *path = dup_path (output, file, pid, n_execs);
  int fd = output->in_place ? -1 : open (path, O_RDWR | O_CLOEXEC);
  off_t end =
    fd >= 0 && fstat (fd, &info) == 0 ? find_last_end (fd, info.st_size, output->packing) : 0;
  if (fd < 0 || ftruncate (fd, end) != 0 || lseek (fd, end, SEEK_SET) != end) {
    if (fd >= 0)
      close (fd);
    g_free (path);
    return false;
  }
  file->fd = fd;
  file->path = path;
  file->bytes = end;
  output->n_files++;
  return true;
}
