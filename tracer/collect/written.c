/* SPDX-License-Identifier: MIT */
/* Counting a trace's lines. */
#include "written.h"

#include "reader.h"

static void
count_event (LsWritten *written, const LsLineEvent *event)
{
  LsWrittenThread *thread = g_hash_table_lookup (written->threads, GUINT_TO_POINTER (event->tid));
  if (!thread) {
    thread = g_new0 (LsWrittenThread, 1);
    g_hash_table_insert (written->threads, GUINT_TO_POINTER (event->tid), thread);
  }
  thread->n_events++;
  thread->last_ns = event->ts_ns;
  written->n_events++;
  written->n_shown +=
    event->ev != LS_EV_START && event->ev != LS_EV_FINISH && event->ev != LS_EV_FORK;
  written->n_lost += event->ev == LS_EV_LOST ? (uint64_t) event->n : 0;
  written->last_ns = MAX (written->last_ns, event->ts_ns);
}

static void
count_line (const LsLine *line, gpointer data)
{
  LsWritten *written = data;
  if (line->kind == LS_LINE_EVENT)
    count_event (written, &line->event);
  else if (line->kind == LS_LINE_SOURCE)
    written->max_source = MAX (written->max_source, line->source.id);
  else if (line->kind == LS_LINE_FOOTER)
    written->has_footer = true;
}

bool
ls_written_read (LsWritten *written, const char *path)
{
  *written = (LsWritten){ .threads = g_hash_table_new_full (NULL, NULL, NULL, g_free) };
  g_autoptr (LsReadReport) report = ls_read_report_new ();
  return ls_read_file (path, count_line, written, report, NULL, NULL, NULL, NULL);
}

void
ls_written_clear (LsWritten *written)
{
  g_clear_pointer (&written->threads, g_hash_table_unref);
}
