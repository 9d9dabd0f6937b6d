/* SPDX-License-Identifier: MIT */
/* The options of `lockstitch record`. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "record-status.h"

G_BEGIN_DECLS

typedef struct {
  char *output; /* NULL: after the program's name */
  gboolean check;
  gboolean drop, no_sleep, ignore_children;
  guint64 keep_last_bytes, buffer_bytes; /* 0: not said */
  LsStatusWhen status;
  guint stack_depth;
  gboolean no_stacks;     /* not even where they are recorded unasked */
  gint64 duration_ns;     /* 0: to the program's end */
  char **only, **ignored; /* patterns, or NULL */
  char **program;         /* its argv; borrowed */
} LsRecordOptions;

/* Reads and checks the arguments. False with *exit_code set when the command is over already: after
 * --help, or after a message. Clear `options` in either case. */
bool ls_record_options_parse (LsRecordOptions *options, int argc, char **argv, int *exit_code);
void ls_record_options_clear (LsRecordOptions *options);

/* The collector's arguments for them, beside its --output: a NULL-terminated vector, owned. */
GStrv ls_record_options_dup_collector (const LsRecordOptions *options);

G_END_DECLS
