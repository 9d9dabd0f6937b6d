/* SPDX-License-Identifier: MIT */
/* Files that are there whole or not at all. */
#include "whole-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_LINKS 40
#define MAX_BASE_BYTES 200 /* of a name that may have 255 */
#define MAX_TRIES 100

/* What ls_whole_file_remove() removes. */
static char *volatile piece_path;

static bool
set_error (GError **error, const char *name, const char *what, int saved_errno)
{
  g_set_error (error, G_FILE_ERROR, (int) g_file_error_from_errno (saved_errno), "%s: %s%s", name,
               what, saved_errno == EISDIR ? "a folder" : g_strerror (saved_errno));
  return false;
}

/* -- Names -- */

/* Names under which a process has what it opened: no file can be put there. */
static bool
is_descriptor (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  char *real = realpath (folder, NULL);
  bool is_it = g_str_has_prefix (path, "/dev/fd/") || (real && g_str_has_prefix (real, "/proc/"));
  free (real);
  return is_it;
}

/* The file at the end of the links, which need not be there. Returns: (nullable) NULL when it goes by
 * way of a descriptor, or there are too many. */
static char *
follow_links (const char *name)
{
  g_autofree char *path = g_strdup (name);
  for (int n = 0; n < MAX_LINKS; n++) {
    if (is_descriptor (path))
      return NULL;
    g_autofree char *target = g_file_read_link (path, NULL);
    if (!target)
      return g_steal_pointer (&path);
    g_autofree char *folder = g_path_get_dirname (path);
    g_free (path);
    path =
      g_path_is_absolute (target) ? g_strdup (target) : g_build_filename (folder, target, NULL);
  }
  return NULL;
}

static char *
dup_piece_name (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *base = g_path_get_basename (path);
  g_autofree char *piece =
    g_strdup_printf ("%.*s.%08x.part", MAX_BASE_BYTES, base, g_random_int ());
  return strchr (path, '/') ? g_build_filename (folder, piece, NULL) : g_steal_pointer (&piece);
}

/* -- Opening -- */

static bool
open_as_it_is (LsWholeFile *file, GError **error)
{
  file->fd = open (file->name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0666);
  return file->fd >= 0 || set_error (error, file->name, "", errno);
}

static bool
open_piece (LsWholeFile *file, mode_t mode, GError **error)
{
  for (int n = 0; n < MAX_TRIES; n++) {
    g_free (file->piece);
    file->piece = dup_piece_name (file->path);
    piece_path = file->piece; /* before it is there, so that a signal does not leave it */
    file->fd = open (file->piece, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY, mode);
    if (file->fd >= 0)
      return true;
    int saved_errno = errno;
    piece_path = NULL;
    if (saved_errno == EEXIST)
      continue;
    g_autofree char *folder = g_path_get_dirname (file->path);
    g_autofree char *what = saved_errno == EACCES || saved_errno == EROFS || saved_errno == EPERM
                              ? g_strdup_printf ("no file can be made in %s: ", folder)
                              : g_strdup ("");
    return set_error (error, file->name, what, saved_errno);
  }
  return set_error (error, file->name, "", EEXIST);
}

/* As the file that is replaced. Who may not give it away keeps it, for the same group if that can be,
 * and else for no group that could not read the other. */
static void
take_after (int fd, const struct stat *old)
{
  mode_t mode = old->st_mode & 0777;
  struct stat new;
  if (fstat (fd, &new) == 0 && (new.st_uid != old->st_uid || new.st_gid != old->st_gid) &&
      fchown (fd, old->st_uid, old->st_gid) < 0 && new.st_gid != old->st_gid &&
      fchown (fd, (uid_t) -1, old->st_gid) < 0)
    mode = (mode & ~(mode_t) 070) | (mode & 07) << 3;
  /* A file system without permissions refuses; then there is nothing to keep. */
  if (fchmod (fd, mode) < 0)
    errno = 0;
}

bool
ls_whole_file_open (LsWholeFile *file, const char *name, GError **error)
{
  struct stat old;
  bool is_opened;
  *file = (LsWholeFile){ .name = g_strdup (name), .path = follow_links (name), .fd = -1 };
  bool is_there = stat (name, &old) == 0;
  if (is_there && S_ISDIR (old.st_mode))
    is_opened = set_error (error, name, "", EISDIR);
  else if (!file->path || (is_there && !S_ISREG (old.st_mode)))
    is_opened = open_as_it_is (file, error);
  else if (is_there && faccessat (AT_FDCWD, name, W_OK, AT_EACCESS) < 0)
    is_opened = set_error (error, name, "", errno);
  else
    is_opened = open_piece (file, is_there ? 0600 : 0666, error);
  if (is_opened && file->piece && is_there)
    take_after (file->fd, &old);
  if (!is_opened) {
    g_clear_pointer (&file->piece, g_free);
    g_clear_pointer (&file->path, g_free);
    g_clear_pointer (&file->name, g_free);
  }
  return is_opened;
}

/* -- Closing -- */

bool
ls_whole_file_close (LsWholeFile *file, bool is_whole, GError **error)
{
  if (close (file->fd) < 0 && is_whole)
    is_whole = set_error (error, file->name, "", errno);
  if (file->piece && is_whole && rename (file->piece, file->path) < 0)
    is_whole = set_error (error, file->name, "", errno);
  if (file->piece && !is_whole)
    unlink (file->piece);
  piece_path = NULL;
  g_clear_pointer (&file->piece, g_free);
  g_clear_pointer (&file->path, g_free);
  g_clear_pointer (&file->name, g_free);
  file->fd = -1;
  return is_whole;
}

void
ls_whole_file_remove (void)
{
  if (piece_path)
    unlink (piece_path);
}

static bool
write_all (const LsWholeFile *file, const char *bytes, gsize n_bytes, GError **error)
{
  for (gsize at = 0; at < n_bytes;) {
    ssize_t n = write (file->fd, bytes + at, n_bytes - at);
    if (n < 0 && errno != EINTR)
      return set_error (error, file->name, "", errno);
    at += n > 0 ? (gsize) n : 0;
  }
  return true;
}

bool
ls_whole_file_write (const char *name, const char *bytes, gsize n_bytes, GError **error)
{
  LsWholeFile file;
  if (!ls_whole_file_open (&file, name, error))
    return false;
  bool is_written = write_all (&file, bytes, n_bytes, error);
  return ls_whole_file_close (&file, is_written, error);
}
