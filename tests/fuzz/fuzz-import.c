/* SPDX-License-Identifier: MIT */
/**
 * Any bytes as a Chrome trace and as an STD log. The importers must survive them, come to the same
 * whatever pieces they get them in, and make lines that the reader takes without a complaint. The two
 * ways to a Chrome event must agree.
 */
#include <string.h>

#include "chrome-same.h"
#include "fuzz.h"
#include "import.h"
#include "parse.h"
#include "writer.h"

#define MAX_EVENTS 16

typedef struct {
  GString *text;
  GArray *last_ns; /* by thread */
} Lines;

static void
take_line (const LsLine *line, gpointer user_data)
{
  Lines *lines = user_data;
  ls_write_line (lines->text, line);
  if (line->kind != LS_LINE_EVENT)
    return;
  if (lines->last_ns->len <= line->event.tid)
    g_array_set_size (lines->last_ns, line->event.tid + 1);
  int64_t *last_ns = &g_array_index (lines->last_ns, int64_t, line->event.tid);
  if (line->event.ts_ns < *last_ns)
    g_error ("time goes back:\n%s", lines->text->str);
  *last_ns = line->event.ts_ns;
}

/* The lines, and the number of problems after them. */
static GString *
import (LsForeign form, const char *bytes, size_t n, size_t piece)
{
  Lines lines = { g_string_new (NULL), g_array_new (FALSE, TRUE, sizeof (int64_t)) };
  g_autoptr (LsReadReport) report = ls_read_report_new ();
  g_autoptr (LsImporter) importer = ls_importer_new (form, "fuzz", take_line, &lines, report);
  g_autoptr (GError) error = NULL;
  for (size_t at = 0; at < n; at += piece)
    ls_importer_feed (importer, bytes + at, MIN (piece, n - at));
  if (ls_importer_finish (importer, &error) != (error == NULL))
    g_error ("refused without a reason, or the other way round");
  g_array_unref (lines.last_ns);
  g_string_append_printf (lines.text, "%" G_GUINT64_FORMAT, report->n_errors + report->n_warnings);
  return lines.text;
}

static void
ignore (const LsLine *line, gpointer user_data)
{
}

static void
check_form (LsForeign form, const char *bytes, size_t n)
{
  g_autoptr (GString) whole = import (form, bytes, n, MAX (n, 1));
  g_autoptr (GString) pieces = import (form, bytes, n, 3);
  if (!g_string_equal (whole, pieces))
    g_error ("not the same in pieces:\n%s\n%s", whole->str, pieces->str);
  const char *end = strrchr (whole->str, '\n');
  if (!end)
    return;
  g_autoptr (LsReadReport) report = ls_read_report_new ();
  ls_read_bytes ("lines", whole->str, (gsize) (end + 1 - whole->str), ignore, NULL, report, NULL);
  if (report->n_errors + report->n_warnings > 0 || report->cut)
    g_error ("the reader complains: %s\n%s",
             report->problems->len ? g_array_index (report->problems, LsProblem, 0).reason : "cut",
             whole->str);
}

/* The two ways to an event, from each bracket that could begin one. */
static void
check_events (const char *bytes, size_t n)
{
  const char *end = bytes + n, *at = bytes;
  for (int i = 0; i < MAX_EVENTS && at < end && (at = memchr (at, '{', (size_t) (end - at))); i++)
    chrome_same (at++, end);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *bytes = g_memdup2 (data, size);
  check_events (bytes ? bytes : "", size);
  check_form (LS_FOREIGN_CHROME, bytes ? bytes : "", size);
  check_form (LS_FOREIGN_STD, bytes ? bytes : "", size);
  return 0;
}
