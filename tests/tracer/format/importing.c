/* SPDX-License-Identifier: MIT */
/* Runs importers for tests. */
#include "importing.h"

#include <string.h>

#include "writer.h"

static void
take_line (const LsLine *line, gpointer user_data)
{
  ls_write_line (user_data, line);
}

void
imported_clear (Imported *imported)
{
  if (imported->lines)
    g_string_free (imported->lines, TRUE);
  if (imported->problems)
    g_string_free (imported->problems, TRUE);
  g_clear_error (&imported->error);
  g_clear_pointer (&imported->report, ls_read_report_free);
  imported->lines = imported->problems = NULL;
}

bool
import_bytes (Imported *imported, LsForeign form, const char *bytes, gsize n, gsize piece)
{
  imported_clear (imported);
  imported->lines = g_string_new (NULL);
  imported->problems = g_string_new (NULL);
  imported->report = ls_read_report_new ();
  g_autoptr (LsImporter) importer =
    ls_importer_new (form, "in", take_line, imported->lines, imported->report);
  for (gsize at = 0; at < n; at += piece ? piece : n) {
    gsize n_piece = piece ? MIN (piece, n - at) : n;
    g_autofree char *copy = g_memdup2 (bytes + at, n_piece);
    ls_importer_feed (importer, copy, n_piece);
  }
  bool is_good = ls_importer_finish (importer, &imported->error);
  g_assert_true (is_good == (imported->error == NULL));
  for (guint i = 0; i < imported->report->problems->len; i++) {
    const LsProblem *problem = &g_array_index (imported->report->problems, LsProblem, i);
    g_assert_true (g_utf8_validate (problem->reason, -1, NULL));
    g_string_append_printf (imported->problems, "%" G_GUINT64_FORMAT ": %s%s\n", problem->line,
                            problem->is_error ? "" : "warning: ", problem->reason);
  }
  return is_good;
}

bool
import_text (Imported *imported, LsForeign form, const char *text)
{
  static const gsize pieces[] = { 1, 2, 3, 5, 7, 64 };
  bool is_good = import_bytes (imported, form, text, strlen (text), 0);
  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++) {
    g_auto (Imported) again = { 0 };
    g_assert_true (import_bytes (&again, form, text, strlen (text), pieces[i]) == is_good);
    g_assert_cmpstr (again.lines->str, ==, imported->lines->str);
    g_assert_cmpstr (again.problems->str, ==, imported->problems->str);
  }
  return is_good;
}
