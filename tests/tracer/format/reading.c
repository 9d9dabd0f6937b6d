/* SPDX-License-Identifier: MIT */
/* A fixture of tests that read whole traces. */
#include "reading.h"

void
reading_set_up (Reading *reading, gconstpointer data)
{
  reading->seen = g_string_new (NULL);
  reading->report = ls_read_report_new ();
}

void
reading_tear_down (Reading *reading, gconstpointer data)
{
  g_string_free (reading->seen, TRUE);
  ls_read_report_free (reading->report);
  g_clear_error (&reading->error);
}

void
reading_start_over (Reading *reading)
{
  reading_tear_down (reading, NULL);
  reading_set_up (reading, NULL);
}

void
reading_note_line (const LsLine *line, gpointer user_data)
{
  static const char letters[] = {
    [LS_LINE_HEADER] = 'H', [LS_LINE_FOOTER] = 'F', [LS_LINE_THREAD] = 'T',
    [LS_LINE_OBJECT] = 'O', [LS_LINE_SOURCE] = 'S', [LS_LINE_EVENT] = 'e',
  };
  Reading *reading = user_data;
  g_string_append_c (reading->seen, letters[line->kind]);
}

bool
reading_read_bytes (Reading *reading, const char *bytes, gsize n)
{
  return ls_read_bytes ("a.trace.jsonl", bytes, n, reading_note_line, reading, reading->report,
                        &reading->error);
}

bool
reading_read_file (Reading *reading, const char *path)
{
  return ls_read_file (path, reading_note_line, reading, reading->report, NULL, NULL, NULL,
                       &reading->error);
}

char *
reading_dup_problems (const Reading *reading)
{
  const LsReadReport *report = reading->report;
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < report->problems->len; i++) {
    const LsProblem *problem = &g_array_index (report->problems, LsProblem, i);
    g_autofree char *line = ls_problem_dup_text (problem, "a");
    g_string_append_printf (text, "%s%s %s", i > 0 ? "\n" : "", problem->is_error ? "E" : "W",
                            line);
  }
  return g_string_free (text, FALSE);
}
