/* SPDX-License-Identifier: MIT */
/* Opens a trace for a command: with progress on a terminal, and with what is wrong in it said. */
#include <fnmatch.h>
#include <string.h>

#include "command.h"
#include "progress.h"

#define MAX_PROBLEMS_SHOWN 10

const char *
ls_command_get_name (const char *path)
{
  return strcmp (path, "-") == 0 ? "standard input" : path;
}

void
ls_command_print_problems (const LsReadReport *report, const char *path)
{
  const char *name = ls_command_get_name (path);
  guint n_shown = MIN (report->problems->len, MAX_PROBLEMS_SHOWN);
  for (guint i = 0; i < n_shown; i++) {
    g_autofree char *text =
      ls_problem_dup_text (&g_array_index (report->problems, LsProblem, i), name);
    ls_command_error ("%s", text);
  }
  uint64_t n_more = report->n_errors + report->n_warnings - n_shown;
  if (n_more > 0)
    ls_command_error ("%s: and %" G_GUINT64_FORMAT " more like these", name, n_more);
}

LsTrace *
ls_command_import_trace (const char *path, LsForeign form)
{
  g_autofree char *what = g_strdup_printf ("reading %s", ls_command_get_name (path));
  g_autoptr (GError) error = NULL;
  LsProgressLine line;
  ls_progress_begin (&line, what);
  LsTrace *trace = ls_trace_import (form, path, ls_progress_tell, &line, NULL, &error);
  ls_progress_end (&line);
  if (trace)
    ls_command_print_problems (ls_trace_get_info (trace)->report, path);
  else
    ls_command_error ("%s", error->message);
  return trace;
}

LsTrace *
ls_command_open_trace (const char *path)
{
  return ls_command_import_trace (path, LS_FOREIGN_UNKNOWN);
}

GPtrArray *
ls_command_compute_findings (LsTrace *trace, const LsAnalysisOptions *options)
{
  LsProgressLine line;
  ls_progress_begin (&line, "looking for what went wrong");
  GPtrArray *findings =
    ls_trace_compute_findings (trace, options, ls_progress_tell, &line, NULL, NULL);
  ls_progress_end (&line);
  return findings;
}

static bool
is_named (const char *name, char **patterns)
{
  for (char **pattern = patterns; *pattern; pattern++)
    if (fnmatch (*pattern, name, 0) == 0)
      return true;
  return false;
}

bool *
ls_command_choose (const LsTrace *trace, char **patterns, bool are_threads)
{
  uint32_t n = are_threads ? ls_trace_get_n_threads (trace) : ls_trace_get_n_objects (trace);
  g_autofree bool *wanted = g_new0 (bool, n + (gsize) 1);
  uint32_t n_wanted = 0;
  for (uint32_t i = 0; i < n; i++) {
    const char *name =
      are_threads ? ls_trace_get_thread (trace, i)->name : ls_trace_get_object (trace, i)->name;
    n_wanted += wanted[i] = is_named (name, patterns);
  }
  if (n_wanted > 0)
    return g_steal_pointer (&wanted);
  ls_command_error ("%s: there is no %s named %s",
                    ls_command_get_name (ls_trace_get_info (trace)->path),
                    are_threads ? "thread" : "lock or value", patterns[0]);
  return NULL;
}
