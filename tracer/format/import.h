/* SPDX-License-Identifier: MIT */
/**
 * Traces of other tools as the lines of a Lockstitch trace.
 *
 * An importer is fed bytes in pieces of any size and hands out lines, valid until the callback
 * returns. Any byte string is either converted or refused with a message; what cannot be used is
 * skipped, counted and reported, as the reader of traces does. An importer belongs to one thread.
 */
#pragma once

#include "input.h"
#include "reader.h"
#include "sniff.h"

G_BEGIN_DECLS

typedef struct _LsImporter LsImporter;

/* @name: of the file, for messages. @report: filled in; borrowed. */
LsImporter *ls_importer_new (LsForeign form,
                             const char *name,
                             LsLineFunc func,
                             gpointer user_data,
                             LsReadReport *report);
void ls_importer_free (LsImporter *importer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LsImporter, ls_importer_free)

void ls_importer_feed (LsImporter *importer, const char *bytes, gsize n);

/* What ls_importer_finish() tells how far it is, and what cancels it; each may be NULL. */
void ls_importer_watch (LsImporter *importer,
                        LsProgressFunc progress,
                        gpointer progress_data,
                        GCancellable *cancellable);

/* To be called once, at the end. Returns: false with @error: LS_FORMAT_ERROR when there was nothing
 * of this form in the bytes, G_IO_ERROR_CANCELLED. */
bool ls_importer_finish (LsImporter *importer, GError **error);

/* The form of an input of which nothing was read yet, told from its beginning; LS_FOREIGN_NONE also for
 * what nobody knows or cannot be read. */
LsForeign ls_foreign_find (LsInput *input);

/* ls_read_file() for any form; a trace of our own, too. */
bool ls_import_file (LsForeign form,
                     const char *path,
                     LsLineFunc func,
                     gpointer user_data,
                     LsReadReport *report,
                     LsProgressFunc progress,
                     gpointer progress_data,
                     GCancellable *cancellable,
                     GError **error);

/* The same of an input that is open, of a form that is known and not ours. */
bool ls_import_input (LsForeign form,
                      LsInput *input,
                      LsLineFunc func,
                      gpointer user_data,
                      LsReadReport *report,
                      LsProgressFunc progress,
                      gpointer progress_data,
                      GError **error);

/* ls_read_bytes() for another form. */
bool ls_import_bytes (LsForeign form,
                      const char *name,
                      const char *bytes,
                      gsize n_bytes,
                      LsLineFunc func,
                      gpointer user_data,
                      LsReadReport *report,
                      GError **error);

G_END_DECLS
