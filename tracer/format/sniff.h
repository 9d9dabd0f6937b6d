/* SPDX-License-Identifier: MIT */
/* What bytes that are no trace look like. */
#pragma once

#include <glib.h>

/* Traces of other tools that can be read: see import.h. */
typedef enum {
  LS_FOREIGN_NONE,
  LS_FOREIGN_CHROME, /* the Trace Event Format, JSON */
  LS_FOREIGN_STD,    /* THREAD|OPERATION(OPERAND)|LOCATION, one event a line, without times */
} LsForeign;

/* As many bytes of a file's beginning are enough for these. */
#define LS_SNIFF_BYTES 4096

/* "a gzip-compressed file", ... of the first `n` bytes of a file; a constant string. */
const char *ls_sniff (const char *bytes, gsize n);

/* Which other form these are. */
LsForeign ls_sniff_foreign (const char *bytes, gsize n);
