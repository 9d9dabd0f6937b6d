/* SPDX-License-Identifier: MIT */
/**
 * The files of a recording: NAME.trace.jsonl for one image, NAME.PID[-K].trace.jsonl for others, each with
 * .gz or .zst behind it when they are packed.
 *
 * Which image gets NAME is known only once one makes a second thread, or the main process ends;
 * until then its file has the longer name.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "pack.h"

G_BEGIN_DECLS

typedef struct {
  char *path;        /* absolute */
  char *stem;        /* without .trace.jsonl and what follows */
  bool in_place;     /* not a file of ours to replace (a device, a pipe, a folder we cannot write):
                      written directly, by the image that has NAME only; others' lines wait in files
                      without names in case that they get it */
  LsPacking packing; /* by the path's ending, which all the files get */
  bool is_taken;     /* some image has NAME */
  guint n_files;     /* opened for writing */
  bool has_failed;   /* a write failed: nothing more is written */
  char *failure;     /* why, for people */
} LsOutput;

/* Checks that `path` (absolute) can be written and is no folder; writes nothing there yet. */
gboolean ls_output_init (LsOutput *output, const char *path, GError **error);
void ls_output_clear (LsOutput *output);

typedef struct {
  int fd;     /* -1: not opened yet */
  char *path; /* NULL: not opened yet */
  bool has_main_name;
  goffset bytes;
} LsOutputFile;

void ls_output_file_init (LsOutputFile *file);
void ls_output_file_close (LsOutputFile *file); /* its path stays */
void ls_output_file_clear (LsOutputFile *file);

/* Gives NAME to the file, opened or not, unless another has it. */
void ls_output_claim (LsOutput *output, LsOutputFile *file);

/* Opens what a collector that died has written, and cuts half a last line, member or frame off. False when it is not
 * there any more. */
bool ls_output_reopen (LsOutput *output,
                       LsOutputFile *file,
                       guint pid,
                       guint n_execs,
                       bool has_main_name);

/* Appends bytes, whole lines of them or whole members or frames, opening the file first if it is not yet;
 * `n_execs` is K. On failure the file ends with the last one that could be written whole, and the
 * output fails. */
void ls_output_write (LsOutput *output,
                      LsOutputFile *file,
                      guint pid,
                      guint n_execs,
                      const char *bytes,
                      gsize n_bytes);

G_END_DECLS
