/* SPDX-License-Identifier: MIT */
/* The account of a reading: what was counted, and what went wrong where. */
#include "reader.h"

static void
clear_problem (gpointer data)
{
  g_free (((LsProblem *) data)->reason);
}

LsReadReport *
ls_read_report_new (void)
{
  LsReadReport *report = g_new0 (LsReadReport, 1);
  report->problems = g_array_new (FALSE, FALSE, sizeof (LsProblem));
  g_array_set_clear_func (report->problems, clear_problem);
  return report;
}

void
ls_read_report_free (LsReadReport *report)
{
  if (!report)
    return;
  g_array_unref (report->problems);
  g_free (report);
}

char *
ls_problem_dup_text (const LsProblem *problem, const char *file)
{
  if (problem->line == 0)
    return g_strdup_printf ("%s: %s", file, problem->reason);
  return g_strdup_printf ("%s:%" G_GUINT64_FORMAT ": %s", file, problem->line, problem->reason);
}

void
ls_read_report_clear (LsReadReport *report)
{
  g_array_set_size (report->problems, 0);
  *report = (LsReadReport){ .problems = report->problems };
}

static void
count (LsReadReport *report, bool is_error)
{
  if (is_error)
    report->n_errors++;
  else
    report->n_warnings++;
}

void
ls_read_report_add (LsReadReport *report, uint64_t line, bool is_error, const char *reason)
{
  count (report, is_error);
  if (report->problems->len < LS_MAX_PROBLEMS) {
    LsProblem problem = { .line = line, .is_error = is_error, .reason = g_strdup (reason) };
    g_array_append_val (report->problems, problem);
  }
}

void
ls_read_report_insert (LsReadReport *report, uint64_t line, bool is_error, const char *reason)
{
  GArray *problems = report->problems;
  guint i = problems->len;

  count (report, is_error);
  while (i > 0 && g_array_index (problems, LsProblem, i - 1).line > line)
    i--;
  if (i == LS_MAX_PROBLEMS)
    return;
  if (problems->len == LS_MAX_PROBLEMS)
    g_array_set_size (problems, LS_MAX_PROBLEMS - 1);
  LsProblem problem = { .line = line, .is_error = is_error, .reason = g_strdup (reason) };
  g_array_insert_val (problems, i, problem);
}
