/* SPDX-License-Identifier: MIT */
/* Counting a trace's events and gathering its names. */
#include "seen.h"

static void
see_line (const LsLine *line, gpointer data)
{
  Seen *seen = data;
  const char *name = NULL;
  switch (line->kind) {
  case LS_LINE_HEADER:
    seen->partial |= line->header.partial;
    break;
  case LS_LINE_FOOTER:
    seen->has_footer = TRUE;
    seen->footer = line->footer;
    break;
  case LS_LINE_THREAD:
    name = line->thread.name;
    break;
  case LS_LINE_OBJECT:
    name = line->object.name;
    break;
  case LS_LINE_EVENT: {
    seen->n_kind[line->event.ev]++;
    gpointer tid = GUINT_TO_POINTER (line->event.tid);
    gint64 last = GPOINTER_TO_SIZE (g_hash_table_lookup (seen->lasts, tid));
    seen->ts_decreases |= line->event.ts_ns < last;
    g_hash_table_insert (seen->lasts, tid, GSIZE_TO_POINTER (line->event.ts_ns));
    break;
  }
  default:
    break;
  }
  if (name)
    g_hash_table_add (seen->names, g_strdup (name));
}

void
clear_seen (Seen *seen)
{
  g_hash_table_unref (seen->names);
  g_hash_table_unref (seen->lasts);
}

Seen
see_file (const char *path)
{
  Seen seen = { .names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
                .lasts = g_hash_table_new (NULL, NULL) };
  g_autoptr (LsReadReport) report = ls_read_report_new ();
  g_autoptr (GError) error = NULL;
  ls_read_file (path, see_line, &seen, report, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (report->n_errors, ==, 0);
  g_assert_cmpuint (report->n_warnings, ==, 0);
  g_assert_false (seen.ts_decreases);
  seen.n_threads = g_hash_table_size (seen.lasts);
  if (seen.has_footer)
    g_assert_cmpuint (seen.footer.events, ==, report->n_events);
  return seen;
}
