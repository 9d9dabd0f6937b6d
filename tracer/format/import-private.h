/* SPDX-License-Identifier: MIT */
/* What the importers share: the way in, the way out, names to ids. */
#pragma once

#include "import.h"
#include "name-ids.h"

/* What an importer of a form has to bring. Its struct begins with a LsImporter. */
typedef struct {
  gsize size;
  void (*init) (LsImporter *importer);
  void (*clear) (LsImporter *importer);
  void (*feed) (LsImporter *importer, const char *bytes, gsize n);
  bool (*finish) (LsImporter *importer, GError **error); /* after all is fed, or cancelled then */
  double feeding_share;                                  /* of the time; the rest is finishing */
} LsImporterClass;

struct _LsImporter {
  const LsImporterClass *class;
  const char *name;
  LsLineFunc func;
  gpointer user_data;
  LsReadReport *report;
  LsProgressFunc progress; /* of `finish`; may be NULL */
  gpointer progress_data;
  GCancellable *cancellable; /* may be NULL */
};

extern const LsImporterClass ls_chrome_importer_class;
extern const LsImporterClass ls_std_importer_class;

/* Tells how far `finish` is, from 0 to 1: some hundred times a second at least. Returns: false when it
 * is to stop. */
bool ls_importer_look (LsImporter *importer, double fraction);

/* -- The way out -- */

void ls_importer_put_header (LsImporter *importer, const LsLineHeader *header);
void ls_importer_put_footer (LsImporter *importer, int64_t end_ns);
void ls_importer_put_thread (LsImporter *importer, uint32_t id, const char *name, uint32_t os);
void
ls_importer_put_object (LsImporter *importer, uint32_t id, LsObjectKind kind, const char *name);
void ls_importer_put_event (LsImporter *importer, const LsLineEvent *event);

/* The line (1-based) is skipped as wrong, or used in spite of something. */
void ls_importer_add_error (LsImporter *importer, uint64_t line, const char *format, ...)
  G_GNUC_PRINTF (3, 4);
void ls_importer_add_warning (LsImporter *importer, uint64_t line, const char *format, ...)
  G_GNUC_PRINTF (3, 4);

/* -- The way in -- */

/* A line without its '\n'; longer than LS_MAX_LINE_BYTES: perhaps only its start. */
typedef void (*LsImportLineFunc) (LsImporter *importer, const char *bytes, gsize n);

/* Gives `func` every whole line; `rest` keeps the start of one that is not. */
void ls_importer_split_lines (LsImporter *importer,
                              GString *rest,
                              const char *bytes,
                              gsize n,
                              LsImportLineFunc func);
