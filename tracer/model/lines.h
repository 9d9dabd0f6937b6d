/* SPDX-License-Identifier: MIT */
/* Which line of the file an event stood on; only while the trace is opened. */
#pragma once

#include <glib.h>
#include <stdint.h>

/* From this event on, in the order of the file, one line each. */
typedef struct {
  uint32_t k;
  uint64_t line;
} LsLineRun;

/* Events begin .. end of the sorted trace were `original` in the order of the file. */
typedef struct {
  uint32_t begin, end;
  uint32_t *original;
} LsMove;

typedef struct {
  GArray *runs;  /* LsLineRun */
  GArray *moves; /* LsMove; NULL: none */
} LsLines;

void ls_lines_clear (LsLines *lines);
uint64_t ls_lines_get (const LsLines *lines, uint32_t k);
