/* SPDX-License-Identifier: MIT */
/* The line of progress. */
#include "progress.h"

#include <stdio.h>
#include <unistd.h>

#define SHOW_AFTER_US 400000 /* what is over sooner needs no line */
#define SHOW_EVERY_US 100000

void
ls_progress_begin (LsProgressLine *line, const char *what)
{
  const char *term = g_getenv ("TERM");
  *line = (LsProgressLine){ .what = what, .begin_us = g_get_monotonic_time () };
  line->is_terminal = isatty (STDERR_FILENO) && g_strcmp0 (term, "dumb") != 0;
}

void
ls_progress_tell (double fraction, gpointer data)
{
  LsProgressLine *line = data;
  if (!line->is_terminal)
    return;
  gint64 now_us = g_get_monotonic_time ();
  if (now_us - line->begin_us < SHOW_AFTER_US || now_us - line->last_us < SHOW_EVERY_US)
    return;
  line->last_us = now_us;
  line->is_shown = TRUE;
  fprintf (stderr, "\r\033[K%s: %.0f %%", line->what, 100 * CLAMP (fraction, 0.0, 1.0));
  fflush (stderr);
}

void
ls_progress_end (LsProgressLine *line)
{
  if (line->is_shown)
    fputs ("\r\033[K", stderr);
  line->is_shown = FALSE;
}
