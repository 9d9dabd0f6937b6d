/* SPDX-License-Identifier: MIT */
/* Drawing and clearing the status line. */
#include "record-status.h"

#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define FIRST_MS 400 /* what is over by then needs no line */
#define STEP_MS 250
#define DEFAULT_COLUMNS 80

void
ls_status_init (LsStatus *status, LsStatusWhen when, const LsRegion *region)
{
  const char *term = g_getenv ("TERM");
  *status = (LsStatus){ .region = region, .start_us = g_get_monotonic_time () };
  status->due_us = status->start_us + FIRST_MS * 1000;
  status->is_allowed = when != LS_STATUS_NEVER && isatty (STDERR_FILENO) && term && *term &&
                       strcmp (term, "dumb") != 0;
  status->is_wanted_early = when == LS_STATUS_ALWAYS || !isatty (STDOUT_FILENO);
}

/* 1234567 as "1.2 M". */
static char *
dup_count (guint64 n)
{
  static const char *const units[] = { "", " K", " M", " G", " T" };
  guint unit = 0;
  double value = (double) n;
  for (; value >= 999.5 && unit + 1 < G_N_ELEMENTS (units); unit++)
    value /= 1000;
  return g_strdup_printf (unit > 0 && value < 99.95 ? "%.1f%s" : "%.0f%s", value, units[unit]);
}

static char *
dup_text (const LsStatus *status)
{
  const LsProgress *progress = &status->region->progress;
  guint64 total = atomic_load (&progress->to_convert_bytes);
  g_autofree char *events = dup_count (atomic_load (&progress->n_events));
  if (status->has_ended) {
    guint64 done = MIN (atomic_load (&progress->converted_bytes), total);
    if (total == 0)
      return g_strdup_printf ("lockstitch: writing the trace of %s events", events);
    return g_strdup_printf ("lockstitch: writing the trace of %s events, %.0f %% done", events,
                            100.0 * (double) done / (double) total);
  }
  guint n_threads = atomic_load (&progress->n_threads);
  g_autofree char *lost = dup_count (atomic_load (&progress->n_lost));
  gint64 seconds = (g_get_monotonic_time () - status->start_us) / G_USEC_PER_SEC;
  return g_strdup_printf ("lockstitch: %s events, %u thread%s, %s lost, %" G_GINT64_FORMAT ":%02d",
                          events, n_threads, n_threads == 1 ? "" : "s", lost, seconds / 60,
                          (int) (seconds % 60));
}

/* Is the terminal free for a line of ours? A program that edits lines or fills the screen has
 * switched off that the terminal does so itself. */
static bool
is_free (const LsStatus *status)
{
  struct termios mode;
  if (tcgetpgrp (STDERR_FILENO) != getpgrp ())
    return false;
  return status->has_ended || (tcgetattr (STDERR_FILENO, &mode) == 0 && (mode.c_lflag & ICANON) &&
                               (mode.c_lflag & ECHO));
}

static void
put (const char *text)
{
  gsize left = strlen (text);
  while (left > 0) {
    ssize_t n = write (STDERR_FILENO, text, left);
    if (n <= 0)
      return;
    text += n;
    left -= (gsize) n;
  }
}

int
ls_status_update (LsStatus *status, bool program_has_ended)
{
  if (!status->is_allowed || !(status->is_wanted_early || program_has_ended))
    return -1;
  gint64 now_us = g_get_monotonic_time ();
  if (program_has_ended && !status->has_ended) {
    ls_status_hide (status);
    status->has_ended = true;
    status->due_us = now_us + FIRST_MS * 1000;
  }
  if (now_us < status->due_us)
    return (int) ((status->due_us - now_us) / 1000) + 1;
  status->due_us = now_us + STEP_MS * 1000;
  if (!is_free (status)) {
    ls_status_hide (status);
    return STEP_MS;
  }
  struct winsize size;
  bool is_known = ioctl (STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  gsize n_columns = is_known ? size.ws_col : DEFAULT_COLUMNS;
  g_autofree char *text = dup_text (status);
  if (strlen (text) >= n_columns)
    text[n_columns - 1] = '\0';
  /* The cursor goes back: what the program itself says to the terminal begins at the line's. */
  g_autofree char *line = g_strconcat ("\r", text, "\033[K\r", NULL);
  put (line);
  status->is_shown = true;
  return STEP_MS;
}

void
ls_status_hide (LsStatus *status)
{
  if (status->is_shown)
    put ("\r\033[K");
  status->is_shown = false;
}
