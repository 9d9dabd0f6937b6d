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
ls_read_report_add (LsReadReport *report, uint64_t line, bool is_error, const char *reason)
{
  if (is_error)
    report->n_errors++;
  else
    report->n_warnings++;
  if (report->problems->len < LS_MAX_PROBLEMS) {
    LsProblem problem = { .line = line, .is_error = is_error, .reason = g_strdup (reason) };
    g_array_append_val (report->problems, problem);
  }
}
