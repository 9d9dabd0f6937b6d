/* SPDX-License-Identifier: MIT */
/**
 * A trace out as something else, in one pass that never holds the output in memory.
 */
#pragma once

#include "trace.h"

G_BEGIN_DECLS

/* One export: what goes out and where to, and afterwards what came of it. */
typedef struct {
  const LsTrace *trace;
  LsSpan span;             /* only what happens in it; end_ns 0: everything */
  const bool *threads;     /* by index, those wanted; NULL: all */
  GPtrArray *findings;     /* LsFinding *, of the trace; NULL: without */
  GOutputStream *stream;   /* written to, not closed */
  LsProgressFunc progress; /* may be NULL */
  gpointer progress_data;
  GCancellable *cancellable; /* may be NULL */

  uint64_t n_written; /* events, rows or lines that went out */
  uint64_t n_bytes;
  uint64_t no_words[LS_EV_N];       /* events that the form cannot say, by kind, */
  uint64_t no_objects[LS_OBJECT_N]; /* or by the kind of object that they are about */
  uint64_t n_shared;                /* read-write locks held for reading that it cannot say */

  GString *text; /* not written yet; the exporter's own */
} LsExport;

/* Returns: false with @error (G_IO_ERROR) when the stream cannot be written, or cancelled. */
bool ls_export_chrome (LsExport *export, GError **error);
bool ls_export_csv (LsExport *export, GError **error);
bool ls_export_std (LsExport *export, GError **error);

/* "3 semaphore, 2 sleep", of what the form could not say; NULL when it said everything. Owned by
 * the caller. */
char *ls_export_dup_left_out (const LsExport *export);

G_END_DECLS
