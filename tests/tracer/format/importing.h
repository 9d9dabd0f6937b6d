/* SPDX-License-Identifier: MIT */
/* What an importer makes of some text, as text. */
#pragma once

#include "import.h"

typedef struct {
  GString *lines;    /* as the writer writes them */
  GString *problems; /* "3: reason\n", warnings with "warning: " before the reason */
  GError *error;
  LsReadReport *report;
} Imported;

void imported_clear (Imported *imported);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Imported, imported_clear)

/* Imports `n` bytes, in pieces of `piece` bytes (0: all at once) that lie on the heap, so that
 * reading past their end is seen. Returns: whether it was not refused. */
bool import_bytes (Imported *imported, LsForeign form, const char *bytes, gsize n, gsize piece);

/* The same of text, whole and in pieces of every small size, all of which must come to the same. */
bool import_text (Imported *imported, LsForeign form, const char *text);
