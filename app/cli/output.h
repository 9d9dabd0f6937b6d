/* SPDX-License-Identifier: MIT */
/**
 * What a command writes: a file that is there whole or not at all, or standard output.
 *
 * A command that is interrupted (Ctrl-C, SIGTERM) leaves nothing behind.
 */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>

#include "whole-file.h"

G_BEGIN_DECLS

typedef struct {
  const char *name; /* for messages */
  LsWholeFile file; /* fd < 0: standard output */
  GOutputStream *stream;
} LsOutput;

/* @path: "-" is standard output. @input: which may not be the same file. Returns: false
 * after a message. */
bool ls_output_open (LsOutput *output, const char *path, const char *input);

/* Closes it; without `is_good` no file is left, and none is replaced. Returns: an exit code, after a
 * message: of @error (may be NULL) or of what went wrong now. */
int ls_output_close (LsOutput *output, bool is_good, const GError *error);

/* Before a LsWholeFile is written: lets signals that end the process remove it first, and lets a limit
 * of size (ulimit -f) be an error like a full disk. */
void ls_output_guard (void);

G_END_DECLS
