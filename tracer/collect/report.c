/* SPDX-License-Identifier: MIT */
/* The collector's last lines: what came of the recording, file by file. */
#include "report.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "blind.h"
#include "execs.h"

void
ls_report_say (int fd, const char *line)
{
  gsize left = strlen (line);
  while (fd >= 0 && left > 0) {
    ssize_t n = write (fd, line, left);
    if (n < 0 && errno != EINTR)
      return;
    line += MAX (n, 0);
    left -= (gsize) MAX (n, 0);
  }
}

/* What a program calls itself may hold anything. */
static char *
dup_plain (const char *text)
{
  char *plain = g_utf8_make_valid (text, -1);
  for (char *c = plain; *c; c++)
    if (g_ascii_iscntrl (*c))
      *c = '?';
  return plain;
}

static void
say_file (int fd, const LsEntry *entry, const LsTracedSummary *summary)
{
  g_autofree char *base = g_path_get_basename (summary->program);
  g_autofree char *program = dup_plain (base);
  g_autofree char *line =
    g_strdup_printf ("file\t%u\t%" G_GUINT64_FORMAT "\t%u\t%s\t%s\t%s\n", entry->image->pid,
                     summary->n_events, summary->n_threads, entry->is_written ? "ended" : "runs",
                     program, summary->path);
  ls_report_say (fd, line);
}

static void
say_unseen (int fd, LsRegion *region)
{
  g_autoptr (GPtrArray) list = ls_execs_list_unseen (region);
  for (guint i = 0; i < list->len; i++) {
    const LsUnseen *unseen = list->pdata[i];
    g_autofree char *program = dup_plain (unseen->program);
    g_autofree char *line = g_strdup_printf ("unseen\t%u\t%u\t%s\t%s\n", unseen->n_times,
                                             unseen->pid, program, unseen->why);
    ls_report_say (fd, line);
  }
}

/* "WORD NAME, NAME": those that end in the suffix; NULL: those in none. */
static void
say_blind (int fd, const char *word, const char *const *names, const char *suffix)
{
  g_autoptr (GPtrArray) some = g_ptr_array_new ();
  for (; *names; names++)
    if (suffix
          ? g_str_has_suffix (*names, suffix)
          : !g_str_has_suffix (*names, LS_BLIND_DEEP) && !g_str_has_suffix (*names, LS_BLIND_APART))
      g_ptr_array_add (some, (char *) *names);
  if (some->len == 0)
    return;
  g_ptr_array_add (some, NULL);
  g_autofree char *list = g_strjoinv (", ", (char **) some->pdata);
  g_autofree char *line = g_strconcat (word, " ", list, "\n", NULL);
  ls_report_say (fd, line);
}

gboolean
ls_report_end (int fd,
               const GPtrArray *entries,
               LsRegion *region,
               guint32 main_pid,
               const LsOutput *output)
{
  LsTracedSummary best = { 0 };
  for (guint i = 0; i < entries->len; i++) {
    const LsEntry *entry = entries->pdata[i];
    LsTracedSummary summary = ls_traced_image_get_summary (entry->traced);
    /* What is over by now is told in full. */
    if (!entry->is_written && (entry->image->pid == main_pid || entry->is_over))
      return FALSE;
    if (summary.has_main_name)
      best = summary;
  }
  for (guint i = 0; i < entries->len; i++) {
    const LsEntry *entry = entries->pdata[i];
    LsTracedSummary summary = ls_traced_image_get_summary (entry->traced);
    if (summary.path)
      say_file (fd, entry, &summary);
  }
  say_unseen (fd, region);
  if (best.blind) {
    say_blind (fd, "blind", best.blind, NULL);
    say_blind (fd, "deep", best.blind, LS_BLIND_DEEP);
    say_blind (fd, "apart", best.blind, LS_BLIND_APART);
  }
  if (output->has_failed) {
    g_autofree char *failure = g_strdup_printf ("error: %s\n", output->failure);
    ls_report_say (fd, failure);
  }
  g_autofree char *line = g_strdup_printf ("done %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT
                                           " %u %" G_GINT64_FORMAT " %u %s\n",
                                           best.n_events, best.n_lost, best.n_threads, best.span_ns,
                                           output->n_files, best.path ? best.path : "");
  ls_report_say (fd, line);
  return TRUE;
}
