/* SPDX-License-Identifier: MIT */
/* What bytes that are no trace look like. */
#pragma once

#include <glib.h>

/* Traces of other tools that can be read: see import.h. */
typedef enum {
  LS_FOREIGN_NONE,    /* a trace of our own */
  LS_FOREIGN_CHROME,  /* the Trace Event Format, JSON */
  LS_FOREIGN_STD,     /* THREAD|OPERATION(OPERAND)|LOCATION, one event a line, without times */
  LS_FOREIGN_UNKNOWN, /* to be told from the beginning */
} LsForeign;

/* As many bytes of a file's beginning are enough for these. */
#define LS_SNIFF_BYTES 4096

/* How long the byte order mark is that these begin with: 0 or 3. It is no part of any form, but some
 * editors put one. */
gsize ls_sniff_mark (const char *bytes, gsize n);

/* "a gzip-compressed file", ... of the first `n` bytes of a file; a constant string. */
const char *ls_sniff (const char *bytes, gsize n);

/* Which other form these are. */
LsForeign ls_sniff_foreign (const char *bytes, gsize n);
