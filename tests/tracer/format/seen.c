/* SPDX-License-Identifier: MIT */
/* All that is told of a trace, as text. */
#include "seen.h"

#include <string.h>

#include "segments.h"
#include "writer.h"

static void
tell_line (GString *text, const LsLine *line, uint64_t number)
{
  g_string_append_printf (text, "%" G_GUINT64_FORMAT " ", number);
  ls_write_line (text, line);
}

static void
tell_report (GString *text, const LsReadReport *report, const GError *error)
{
  if (error) {
    /* What else it looks like is told from the first block, however small that is here. */
    const char *guess = strstr (error->message, "this looks like");
    g_string_printf (text, "%.*s\n", guess ? (int) (guess - error->message) : -1, error->message);
    return;
  }
  g_string_append_printf (text,
                          "%" G_GUINT64_FORMAT " lines, %" G_GUINT64_FORMAT
                          " events, %" G_GUINT64_FORMAT " errors, %" G_GUINT64_FORMAT
                          " warnings%s\n",
                          report->n_lines, report->n_events, report->n_errors, report->n_warnings,
                          report->cut ? ", cut" : "");
  for (guint i = 0; i < report->problems->len; i++) {
    const LsProblem *problem = &g_array_index (report->problems, LsProblem, i);
    g_autofree char *words = ls_problem_dup_text (problem, "a");
    g_string_append_printf (text, "%s %s\n", problem->is_error ? "E" : "W", words);
  }
}

/* in order */

typedef struct {
  GString *text;
  LsReadReport *report;
} InOrder;

static void
see_line (const LsLine *line, gpointer user_data)
{
  const InOrder *in_order = user_data;
  tell_line (in_order->text, line, in_order->report->n_lines);
}

GString *
seen_in_order (const char *bytes, gsize n)
{
  g_autoptr (LsReadReport) report = ls_read_report_new ();
  g_autoptr (GError) error = NULL;
  InOrder in_order = { g_string_new (NULL), report };

  ls_read_bytes ("trace", bytes, n, see_line, &in_order, report, &error);
  tell_report (in_order.text, report, error);
  return in_order.text;
}

/* in segments */

typedef struct {
  GString *lines;  /* as written */
  GArray *numbers; /* uint64_t, from 0 in the segment */
  GArray *at;      /* gsize: where the lines end */
} Segment;

typedef struct {
  GString *text;
  GThread *thread;
  int n_segments; /* atomic: begun, and neither ended nor dropped */
} InSegments;

static gpointer
begin (gpointer user_data)
{
  InSegments *in_segments = user_data;
  Segment *segment = g_new0 (Segment, 1);

  g_atomic_int_inc (&in_segments->n_segments);
  segment->lines = g_string_new (NULL);
  segment->numbers = g_array_new (FALSE, FALSE, sizeof (uint64_t));
  segment->at = g_array_new (FALSE, FALSE, sizeof (gsize));
  return segment;
}

static void
take_line (const LsLine *line, uint64_t n, gpointer data)
{
  Segment *segment = data;

  ls_write_line (segment->lines, line);
  g_array_append_val (segment->numbers, n);
  g_array_append_val (segment->at, segment->lines->len);
}

static void
settle (gpointer data, gpointer user_data)
{
  InSegments *in_segments = user_data;
  Segment *segment = data;

  g_string_free (segment->lines, TRUE);
  g_array_unref (segment->numbers);
  g_array_unref (segment->at);
  g_free (segment);
  g_atomic_int_add (&in_segments->n_segments, -1);
}

static void
drop (gpointer data, gpointer user_data)
{
  InSegments *in_segments = user_data;

  g_assert_true (g_thread_self () == in_segments->thread);
  settle (data, user_data);
}

static void
end (gpointer data, uint64_t first_line, gpointer user_data)
{
  InSegments *in_segments = user_data;
  const Segment *segment = data;
  gsize from = 0;

  for (guint i = 0; i < segment->numbers->len; i++) {
    gsize to = g_array_index (segment->at, gsize, i);
    uint64_t number = g_array_index (segment->numbers, uint64_t, i) + first_line;
    g_string_append_printf (in_segments->text, "%" G_GUINT64_FORMAT " ", number);
    g_string_append_len (in_segments->text, segment->lines->str + from, (gssize) (to - from));
    from = to;
  }
  g_assert_true (g_thread_self () == in_segments->thread);
}

const LsSegmentSink seen_sink = { begin, take_line, end, settle, drop };

GString *
seen_in_segments (LsInput *input, gsize n_block, guint n_workers)
{
  g_autoptr (LsReadReport) report = ls_read_report_new ();
  g_autoptr (GError) error = NULL;
  InSegments in_segments = { .text = g_string_new (NULL), .thread = g_thread_self () };
  LsSegmentReading reading = {
    .sink = &seen_sink,
    .user_data = &in_segments,
    .n_workers = n_workers,
    .n_block = n_block,
    .report = report,
  };

  g_assert_cmpint (ls_segments_read (&reading, input, &error), ==, !error);
  g_assert_cmpint (in_segments.n_segments, ==, 0);
  tell_report (in_segments.text, report, error);
  return in_segments.text;
}

void
seen_compare (const GString *one, const GString *other, const char *what)
{
  gsize at = 0;

  if (g_string_equal (one, other))
    return;
  while (one->str[at] && one->str[at] == other->str[at])
    at++;
  while (at > 0 && one->str[at - 1] != '\n')
    at--;
  g_error ("%s:\n%.400s\nbut\n%.400s", what, one->str + at, other->str + at);
}
