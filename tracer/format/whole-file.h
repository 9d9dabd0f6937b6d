/* SPDX-License-Identifier: MIT */
/**
 * A file that is there whole or not at all.
 *
 * It is written under a name of its own beside the one that was asked for, which it gets at the end: until
 * then whatever has that name stays as it is. It follows links, and keeps the permissions and, as far
 * as that is allowed, the owner of the file that it replaces. Pipes, devices and what is named by way of
 * a descriptor (/dev/stdout, /dev/fd/3) are written as they are, as nothing can be put in their place.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

G_BEGIN_DECLS

typedef struct {
  char *name;  /* as it was asked for, for messages */
  char *path;  /* what it is to be called */
  char *piece; /* what it is called until then; NULL: it is written as it is */
  int fd;      /* to be written to */
} LsWholeFile;

/* Returns: false with @error, which names the file; then there is nothing to be closed. One at a time
 * in a process. */
bool ls_whole_file_open (LsWholeFile *file, const char *name, GError **error);

/* Closes it and, when it is whole, gives it its name. Returns: `is_whole`, and false with @error when
 * it cannot be closed or named. */
bool ls_whole_file_close (LsWholeFile *file, bool is_whole, GError **error);

/* All of it. Returns: false with @error. */
bool ls_whole_file_write (const char *name, const char *bytes, gsize n_bytes, GError **error);

/* Removes what is not whole yet, if there is any. Async-signal-safe: for handlers of signals that end
 * the process. */
void ls_whole_file_remove (void);

G_END_DECLS
