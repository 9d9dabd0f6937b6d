/* SPDX-License-Identifier: MIT */
/* Small traces written in the test itself. */
#include "inline.h"

#include <string.h>

LsTrace *
inline_open (const char *lines)
{
  g_autofree char *text = g_strconcat ("{'lockstitch':1}\n", lines, NULL);
  g_autoptr (GError) error = NULL;
  g_strdelimit (text, "'", '"');
  LsTrace *trace = ls_trace_open_bytes ("inline", text, strlen (text), &error);
  g_assert_no_error (error);
  return trace;
}

char *
inline_dup_problems (const LsTrace *trace)
{
  const GArray *problems = ls_trace_get_info (trace)->report->problems;
  GString *out = g_string_new (NULL);
  for (guint i = 0; i < problems->len; i++) {
    const LsProblem *problem = &g_array_index (problems, LsProblem, i);
    g_string_append_printf (out, "%" G_GUINT64_FORMAT ": %s\n", problem->line, problem->reason);
  }
  return g_string_free (out, FALSE);
}

LsInterval
inline_get_state (const LsTrace *trace, uint32_t thread, uint32_t k)
{
  uint32_t n;
  g_autofree LsInterval *states = ls_intervals_dup (ls_trace_get_thread_states (trace, thread), &n);
  for (uint32_t i = n; i > 0; i--)
    if (states[i - 1].begin_event == k)
      return states[i - 1];
  g_assert_not_reached ();
}
