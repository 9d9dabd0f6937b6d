/* SPDX-License-Identifier: MIT */
/**
 * `lockstitch record --output -`: the trace goes to standard output once it is whole.
 *
 * The collector writes it into a folder of its own first, since the lines of a trace may be written by
 * one process after another; the program's own standard output goes to standard error meanwhile.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The file to write to, in a new folder; NULL after a message. Owned by the caller. */
char *ls_stdout_dup_file (const char *program);

/* Copies the file at `path` to standard output; says what goes wrong, but for a closed pipe. */
void ls_stdout_copy (const char *path);

/* Removes the folder that `file` was given in, with all that is in it. */
void ls_stdout_remove (const char *file);

G_END_DECLS
