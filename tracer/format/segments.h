/* SPDX-License-Identifier: MIT */
/* Reading on several threads, with what ls_read_file_in_segments() leaves open. */
#pragma once

#include "input.h"
#include "reader.h"

typedef struct {
  const LsSegmentSink *sink;
  gpointer user_data;
  guint n_workers; /* 0: as many as there are cores */
  gsize n_block;   /* bytes to a segment; 0: what is fast */
  LsReadReport *report;
  LsProgressFunc progress; /* may be NULL */
  gpointer progress_data;
} LsSegmentReading;

bool ls_segments_read (const LsSegmentReading *reading, LsInput *input, GError **error);
