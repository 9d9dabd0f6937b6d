/* SPDX-License-Identifier: MIT */
/* Opens a trace for a command: with progress on a terminal, and with what is wrong in it said. */
#include "command.h"
#include "progress.h"

#define MAX_PROBLEMS_SHOWN 10

static void
print_problems (const LsTrace *trace)
{
  const LsTraceInfo *info = ls_trace_get_info (trace);
  const LsReadReport *report = info->report;
  guint n_shown = MIN (report->problems->len, MAX_PROBLEMS_SHOWN);
  for (guint i = 0; i < n_shown; i++) {
    g_autofree char *text =
      ls_problem_dup_text (&g_array_index (report->problems, LsProblem, i), info->path);
    ls_command_error ("%s", text);
  }
  uint64_t n_more = report->n_errors + report->n_warnings - n_shown;
  if (n_more > 0)
    ls_command_error ("%s: and %" G_GUINT64_FORMAT " more like these", info->path, n_more);
}

LsTrace *
ls_command_open_trace (const char *path)
{
  g_autofree char *what = g_strdup_printf ("reading %s", path);
  g_autoptr (GError) error = NULL;
  LsProgressLine line;
  ls_progress_begin (&line, what);
  LsTrace *trace = ls_trace_open (path, ls_progress_tell, &line, NULL, &error);
  ls_progress_end (&line);
  if (trace)
    print_problems (trace);
  else
    ls_command_error ("%s", error->message);
  return trace;
}
