/* SPDX-License-Identifier: MIT */
/* Whole traces, good, bad and hostile: what is counted and told with which line, and that the rest
 * opens. */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "parse.h"
#include "reader.h"

#define HEADER "{\"lockstitch\":1}\n"
#define START "{\"ts\":1,\"tid\":1,\"ev\":\"start\"}\n"
#define FINISH "{\"ts\":2,\"tid\":1,\"ev\":\"finish\"}\n"
#define FOOTER "{\"end\":2,\"events\":2,\"lost\":0,\"exit\":0}\n"

typedef struct {
  GString *seen; /* a letter a line */
  LsReadReport *report;
  GError *error;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->seen = g_string_new (NULL);
  fixture->report = ls_read_report_new ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_string_free (fixture->seen, TRUE);
  ls_read_report_free (fixture->report);
  g_clear_error (&fixture->error);
}

static void
start_over (Fixture *fixture)
{
  tear_down (fixture, NULL);
  set_up (fixture, NULL);
}

static void
note_line (const LsLine *line, gpointer user_data)
{
  static const char letters[] = {
    [LS_LINE_HEADER] = 'H', [LS_LINE_FOOTER] = 'F', [LS_LINE_THREAD] = 'T',
    [LS_LINE_OBJECT] = 'O', [LS_LINE_SOURCE] = 'S', [LS_LINE_EVENT] = 'e',
  };
  Fixture *fixture = user_data;
  g_string_append_c (fixture->seen, letters[line->kind]);
}

static bool
read_bytes (Fixture *fixture, const char *bytes, gsize n)
{
  return ls_read_bytes ("a.trace.jsonl", bytes, n, note_line, fixture, fixture->report,
                        &fixture->error);
}

static bool
read_file (Fixture *fixture, const char *path)
{
  return ls_read_file (path, note_line, fixture, fixture->report, NULL, NULL, NULL,
                       &fixture->error);
}

/* The problems as people read them, a line each. */
static char *
dup_problems (const LsReadReport *report)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < report->problems->len; i++) {
    const LsProblem *problem = &g_array_index (report->problems, LsProblem, i);
    g_autofree char *line = ls_problem_dup_text (problem, "a");
    g_string_append_printf (text, "%s%s %s", i > 0 ? "\n" : "", problem->is_error ? "E" : "W",
                            line);
  }
  return g_string_free (text, FALSE);
}

/* whole traces */

static const struct {
  const char *bytes;
  const char *seen;
  const char *problems;
  bool cut;
} traces[] = {
  { HEADER START FINISH FOOTER, "HeeF", "", false },
  { HEADER START FINISH, "Hee", "", true },
  { HEADER, "H", "", true },
  { "{\"lockstitch\":1}", "H", "", true },
  /* the last line: whole without its line end, or half */
  { HEADER START "{\"end\":2}", "HeF", "", false },
  { HEADER START FOOTER "{\"ts\":2,\"ti", "HeF", "W a:4: the last line is cut off", true },
  { HEADER "{\"ts\":2,\"tid\":1}", "H",
    "W a:2: no known key (\"ev\", \"lockstitch\", \"end\", \"thread\", \"object\" or \"source\")",
    true },
  { HEADER "{\"ts\":2,\"ti\n" START, "He", "E a:2: the line ends inside a string (column 12)",
    true },
  /* footers and headers in the middle */
  { HEADER START FOOTER FINISH FOOTER, "HeFeF",
    "W a:3: a footer in the middle of the trace: what follows it is used too", false },
  { HEADER START FOOTER "{\"thread\":1}\n", "HeFT",
    "W a:3: a footer in the middle of the trace: what follows it is used too", false },
  { HEADER START FOOTER FINISH, "HeFe",
    "W a:3: a footer in the middle of the trace: what follows it is used too", true },
  { HEADER "{\"lockstitch\":1,\"blind\":[\"libgomp\"]}\n" START FOOTER, "HHeF", "", false },
  { HEADER START "{\"lockstitch\":1,\"pid\":2}\n" FOOTER, "HeHF",
    "W a:3: a second header: these may be two traces in one file", false },
  { HEADER START "{\"lockstitch\":2}\n" FOOTER, "HeF",
    "E a:3: a header of version 2 in a trace of version 1", false },
  /* lines that are skipped */
  { HEADER "\n \n" START FOOTER, "HeF", "W a:2: an empty line\nW a:3: an empty line", false },
  { HEADER "{\"ts\":1,\"tid\":1,\"ev\":\"teleport\"}\n" START FOOTER, "HeF",
    "W a:2: unknown \"ev\": \"teleport\"", false },
  { HEADER "rubbish\n[1]\n{\"ts\":-1,\"tid\":1,\"ev\":\"start\"}\n" START FOOTER, "HeF",
    "E a:2: no JSON value (column 1)\nE a:3: not a JSON object\n"
    "E a:4: \"ts\" is -1, which is not 0 to 9223372036854775807",
    false },
  { HEADER "\xff\xfe\n" START FOOTER, "HeF", "E a:2: not UTF-8 (column 1)", false },
  /* a header of ours with a wrong key is a header all the same */
  { "{\"lockstitch\":1,\"pid\":\"x\"}\n" START FOOTER, "HeF",
    "E a:1: \"pid\" should be an integer, not a string", false },
  /* line ends of other systems, and a byte order mark */
  { "\xef\xbb\xbf{\"lockstitch\":1}\r\n{\"ts\":1,\"tid\":1,\"ev\":\"start\"}\r\n{\"end\":2}\r\n",
    "HeF", "", false },
};

static void
test_traces (Fixture *fixture, gconstpointer data)
{
  for (size_t i = 0; i < G_N_ELEMENTS (traces); i++) {
    g_test_message ("row %zu", i);
    read_bytes (fixture, traces[i].bytes, strlen (traces[i].bytes));
    g_autofree char *problems = dup_problems (fixture->report);
    g_assert_no_error (fixture->error);
    g_assert_cmpstr (fixture->seen->str, ==, traces[i].seen);
    g_assert_cmpstr (problems, ==, traces[i].problems);
    g_assert_cmpint (fixture->report->cut, ==, traces[i].cut);
    start_over (fixture);
  }
}

/* long lines */

static GString *
make_long (gsize n_line)
{
  GString *text = g_string_new (HEADER "{\"thread\":1,\"x\":\"");
  while (text->len < strlen (HEADER) + n_line - 2)
    g_string_append_c (text, 'x');
  return g_string_append (text, "\"}\n" START FOOTER);
}

static void
test_long_lines (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) longest = make_long (LS_MAX_LINE_BYTES);
  g_autoptr (GString) longer = make_long (LS_MAX_LINE_BYTES + 1);

  g_assert_true (read_bytes (fixture, longest->str, longest->len));
  g_assert_cmpstr (fixture->seen->str, ==, "HTeF");
  start_over (fixture);

  g_assert_true (read_bytes (fixture, longer->str, longer->len));
  g_assert_cmpstr (fixture->seen->str, ==, "HeF");
  g_autofree char *problems = dup_problems (fixture->report);
  g_assert_cmpstr (problems, ==, "E a:2: the line is longer than 1 MiB");
}

/* No more than the first problems are kept, but all are counted. */
static void
test_many_problems (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) text = g_string_new (HEADER);

  for (int i = 0; i < LS_MAX_PROBLEMS * 3; i++)
    g_string_append (text, "rubbish\n\n");
  g_assert_true (read_bytes (fixture, text->str, text->len));
  g_assert_cmpuint (fixture->report->n_errors, ==, LS_MAX_PROBLEMS * 3);
  g_assert_cmpuint (fixture->report->n_warnings, ==, LS_MAX_PROBLEMS * 3);
  g_assert_cmpuint (fixture->report->problems->len, ==, LS_MAX_PROBLEMS);
}

/* files */

static char *
make_file (const char *bytes, gsize n)
{
  g_autoptr (GError) error = NULL;
  char *path = NULL;
  int fd = g_file_open_tmp ("ls-reader-XXXXXX", &path, &error);

  g_assert_no_error (error);
  close (fd);
  g_file_set_contents (path, bytes, (gssize) n, &error);
  g_assert_no_error (error);
  return path;
}

static void
test_unreadable (Fixture *fixture, gconstpointer data)
{
  g_assert_false (read_file (fixture, "/nonexistent/a.trace.jsonl"));
  g_assert_error (fixture->error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_assert_true (g_str_has_prefix (fixture->error->message, "/nonexistent/a.trace.jsonl: "));
  start_over (fixture);

  g_assert_false (read_file (fixture, "/"));
  g_assert_error (fixture->error, G_FILE_ERROR, G_FILE_ERROR_ISDIR);
  g_assert_cmpstr (fixture->error->message, ==, "/: a directory, not a trace");
}

/* The same lines, whatever the pieces that they come in: a file, and a pipe fed byte by byte. */
static void
test_file_and_bytes_agree (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) text = make_long (LS_MAX_LINE_BYTES + 300000);
  for (int i = 0; i < 20000; i++)
    g_string_append (text, i % 7 == 0 ? "rubbish\n" : START);
  g_string_append (text, "{\"ts\":");

  g_assert_true (read_bytes (fixture, text->str, text->len));
  g_autofree char *seen = g_strdup (fixture->seen->str);
  g_autofree char *problems = dup_problems (fixture->report);
  uint64_t n_lines = fixture->report->n_lines;
  uint64_t n_errors = fixture->report->n_errors;
  start_over (fixture);

  g_autofree char *path = make_file (text->str, text->len);
  g_assert_true (read_file (fixture, path));
  g_unlink (path);
  g_autofree char *file_problems = dup_problems (fixture->report);
  g_assert_cmpstr (fixture->seen->str, ==, seen);
  g_assert_cmpstr (file_problems, ==, problems);
  g_assert_cmpuint (fixture->report->n_lines, ==, n_lines);
  g_assert_cmpuint (fixture->report->n_errors, ==, n_errors);
  g_assert_true (fixture->report->cut);
}

typedef struct {
  int fd;
  const char *bytes;
} Feed;

static gpointer
feed_bytes (gpointer data)
{
  Feed *feed = data;
  for (const char *c = feed->bytes; *c; c++)
    g_assert_cmpint (write (feed->fd, c, 1), ==, 1);
  close (feed->fd);
  return NULL;
}

static void
test_pipe (Fixture *fixture, gconstpointer data)
{
  const char *bytes = "\xef\xbb\xbf" HEADER START FINISH FOOTER;
  int fds[2];

  g_assert_no_errno (pipe (fds));
  g_autofree char *path = g_strdup_printf ("/dev/fd/%d", fds[0]);
  Feed feed = { .fd = fds[1], .bytes = bytes };
  GThread *thread = g_thread_new ("feed", feed_bytes, &feed);
  g_assert_true (read_file (fixture, path));
  g_thread_join (thread);
  close (fds[0]);
  g_assert_cmpstr (fixture->seen->str, ==, "HeeF");
}

/* A file that another process cuts while it is read: no SIGBUS, what was read stays. */
static void
shrink_file (double fraction, gpointer user_data)
{
  g_assert_no_errno (truncate (user_data, 100));
}

static void
test_shrinking_file (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) text = g_string_new (HEADER);
  while (text->len < 4 * LS_MAX_LINE_BYTES)
    g_string_append (text, START);
  g_autofree char *path = make_file (text->str, text->len);

  g_assert_true (ls_read_file (path, note_line, fixture, fixture->report, shrink_file, path, NULL,
                               &fixture->error));
  g_unlink (path);
  g_assert_cmpuint (fixture->report->n_events, >, 0);
  g_assert_true (fixture->report->cut);
}

/* progress and cancelling */

typedef struct {
  GCancellable *cancellable;
  double last;
  int n_calls;
} Progress;

static void
note_progress (double fraction, gpointer user_data)
{
  Progress *progress = user_data;
  g_assert_cmpfloat (fraction, >=, progress->last);
  g_assert_cmpfloat (fraction, <=, 1.0);
  progress->last = fraction;
  if (++progress->n_calls == 3 && progress->cancellable)
    g_cancellable_cancel (progress->cancellable);
}

static void
test_progress (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GString) text = g_string_new (HEADER);
  Progress progress = { 0 };
  while (text->len < 1000000)
    g_string_append (text, START);
  g_autofree char *path = make_file (text->str, text->len);

  g_assert_true (ls_read_file (path, note_line, fixture, fixture->report, note_progress, &progress,
                               cancellable, &fixture->error));
  g_assert_cmpfloat (progress.last, ==, 1.0);
  g_assert_cmpint (progress.n_calls, >, 5);
  start_over (fixture);

  progress = (Progress){ .cancellable = cancellable };
  g_assert_false (ls_read_file (path, note_line, fixture, fixture->report, note_progress, &progress,
                                cancellable, &fixture->error));
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (progress.n_calls, ==, 3);
  g_unlink (path);
}

static gpointer
cancel_soon (gpointer cancellable)
{
  g_usleep (20000);
  g_cancellable_cancel (cancellable);
  return NULL;
}

/* A pipe that nobody writes to does not hold the reader when it is cancelled. */
static void
test_cancel_pipe (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  int fds[2];

  g_assert_no_errno (pipe (fds));
  g_autofree char *path = g_strdup_printf ("/dev/fd/%d", fds[0]);
  GThread *thread = g_thread_new ("cancel", cancel_soon, cancellable);
  g_assert_false (ls_read_file (path, note_line, fixture, fixture->report, NULL, NULL, cancellable,
                                &fixture->error));
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
  close (fds[0]);
  close (fds[1]);
}

#define ADD(name, func) g_test_add ("/format/reader/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("traces", test_traces);
  ADD ("long-lines", test_long_lines);
  ADD ("many-problems", test_many_problems);
  ADD ("unreadable", test_unreadable);
  ADD ("file-and-bytes-agree", test_file_and_bytes_agree);
  ADD ("pipe", test_pipe);
  ADD ("shrinking-file", test_shrinking_file);
  ADD ("progress", test_progress);
  ADD ("cancel-pipe", test_cancel_pipe);
  return g_test_run ();
}
