/* SPDX-License-Identifier: MIT */
/* Traces from files and pipes that end early, late, never or change, and being told of progress and
 * cancelled on the way. */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "parse.h"
#include "reading.h"

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
test_unreadable (Reading *reading, gconstpointer data)
{
  g_assert_false (reading_read_file (reading, "/nonexistent/a.trace.jsonl"));
  g_assert_error (reading->error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_assert_true (g_str_has_prefix (reading->error->message, "/nonexistent/a.trace.jsonl: "));
  reading_start_over (reading);

  g_assert_false (reading_read_file (reading, "/"));
  g_assert_error (reading->error, G_FILE_ERROR, G_FILE_ERROR_ISDIR);
  g_assert_cmpstr (reading->error->message, ==, "/: a directory, not a trace");
}

/* The same lines, whatever the pieces that they come in: a file, and a pipe fed byte by byte. */
static void
test_file_and_bytes_agree (Reading *reading, gconstpointer data)
{
  g_autofree char *junk = g_strnfill (LS_MAX_LINE_BYTES + 300000, 'x');
  g_autoptr (GString) text = g_string_new (HEADER);
  g_string_append_printf (text, "%s\n", junk);
  for (int i = 0; i < 20000; i++)
    g_string_append (text, i % 7 == 0 ? "rubbish\n" : START);
  g_string_append (text, "{\"ts\":");

  g_assert_true (reading_read_bytes (reading, text->str, text->len));
  g_autofree char *seen = g_strdup (reading->seen->str);
  g_autofree char *problems = reading_dup_problems (reading);
  uint64_t n_lines = reading->report->n_lines;
  uint64_t n_errors = reading->report->n_errors;
  reading_start_over (reading);

  g_autofree char *path = make_file (text->str, text->len);
  g_assert_true (reading_read_file (reading, path));
  g_unlink (path);
  g_autofree char *file_problems = reading_dup_problems (reading);
  g_assert_cmpstr (reading->seen->str, ==, seen);
  g_assert_cmpstr (file_problems, ==, problems);
  g_assert_cmpuint (reading->report->n_lines, ==, n_lines);
  g_assert_cmpuint (reading->report->n_errors, ==, n_errors);
  g_assert_true (reading->report->cut);
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
test_pipe (Reading *reading, gconstpointer data)
{
  const char *bytes = "\xef\xbb\xbf" HEADER START FINISH FOOTER;
  int fds[2];

  g_assert_no_errno (pipe (fds));
  g_autofree char *path = g_strdup_printf ("/dev/fd/%d", fds[0]);
  Feed feed = { .fd = fds[1], .bytes = bytes };
  GThread *thread = g_thread_new ("feed", feed_bytes, &feed);
  g_assert_true (reading_read_file (reading, path));
  g_thread_join (thread);
  close (fds[0]);
  g_assert_cmpstr (reading->seen->str, ==, "HeeF");
}

static gpointer
feed_without_end (gpointer data)
{
  Feed *feed = data;
  while (write (feed->fd, feed->bytes, strlen (feed->bytes)) > 0)
    ;
  close (feed->fd);
  return NULL;
}

/* What begins with an endless line is refused without waiting for its end. */
static void
test_endless_line (Reading *reading, gconstpointer data)
{
  int fds[2];

  g_assert_no_errno (pipe (fds));
  g_autofree char *path = g_strdup_printf ("/dev/fd/%d", fds[0]);
  Feed feed = { .fd = fds[1], .bytes = "[{\"ph\":\"X\",\"ts\":1}," };
  GThread *thread = g_thread_new ("feed", feed_without_end, &feed);
  g_assert_false (reading_read_file (reading, path));
  g_assert_error (reading->error, LS_FORMAT_ERROR, LS_FORMAT_ERROR_NOT_A_TRACE);
  g_assert_nonnull (strstr (reading->error->message, "a Chrome trace"));
  close (fds[0]);
  g_thread_join (thread);
}

/* A file that another process cuts while it is read: no SIGBUS, what was read stays. */
static void
shrink_file (double fraction, gpointer user_data)
{
  g_assert_no_errno (truncate (user_data, 100));
}

static void
test_shrinking_file (Reading *reading, gconstpointer data)
{
  g_autoptr (GString) text = g_string_new (HEADER);
  while (text->len < 4 * LS_MAX_LINE_BYTES)
    g_string_append (text, START);
  g_autofree char *path = make_file (text->str, text->len);

  g_assert_true (ls_read_file (path, reading_note_line, reading, reading->report, shrink_file, path,
                               NULL, &reading->error));
  g_unlink (path);
  g_assert_cmpuint (reading->report->n_events, >, 0);
  g_assert_true (reading->report->cut);
}

/* Whether the file system tells who has a file open. */
static bool
has_leases (const char *path)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  bool has = fcntl (fd, F_SETLEASE, F_RDLCK) == 0;
  close (fd);
  return has;
}

/* Half a line is no fault of a trace that somebody is still writing. */
static void
test_growing_file (Reading *reading, gconstpointer data)
{
  g_autofree char *path = make_file (HEADER START "{\"ts\":", strlen (HEADER START "{\"ts\":"));
  if (has_leases (path)) {
    int fd = open (path, O_WRONLY | O_APPEND | O_CLOEXEC);
    g_assert_true (reading_read_file (reading, path));
    g_assert_true (reading->report->cut && reading->report->is_growing);
    g_assert_cmpuint (reading->report->n_warnings, ==, 0);
    close (fd);
    reading_start_over (reading);
  } else {
    g_test_skip ("the file system gives no leases");
  }
  g_assert_true (reading_read_file (reading, path));
  g_assert_true (reading->report->cut && !reading->report->is_growing);
  g_autofree char *problems = reading_dup_problems (reading);
  g_assert_nonnull (strstr (problems, "the last line is cut off"));
  g_unlink (path);
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
test_progress (Reading *reading, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GString) text = g_string_new (HEADER);
  Progress progress = { 0 };
  while (text->len < 1000000)
    g_string_append (text, START);
  g_autofree char *path = make_file (text->str, text->len);

  g_assert_true (ls_read_file (path, reading_note_line, reading, reading->report, note_progress,
                               &progress, cancellable, &reading->error));
  g_assert_cmpfloat (progress.last, ==, 1.0);
  g_assert_cmpint (progress.n_calls, >, 5);
  reading_start_over (reading);

  progress = (Progress){ .cancellable = cancellable };
  g_assert_false (ls_read_file (path, reading_note_line, reading, reading->report, note_progress,
                                &progress, cancellable, &reading->error));
  g_assert_error (reading->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (progress.n_calls, ==, 3);
  g_unlink (path);
}

static void
cancel_on_line (const LsLine *line, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

/* A pipe to which nobody writes any more does not hold the reader that is cancelled. */
static void
test_cancel_pipe (Reading *reading, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  int fds[2];

  g_assert_no_errno (pipe (fds));
  g_autofree char *path = g_strdup_printf ("/dev/fd/%d", fds[0]);
  g_assert_cmpint (write (fds[1], HEADER, strlen (HEADER)), ==, (gssize) strlen (HEADER));
  g_assert_false (ls_read_file (path, cancel_on_line, cancellable, reading->report, NULL, NULL,
                                cancellable, &reading->error));
  g_assert_error (reading->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  close (fds[0]);
  close (fds[1]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  signal (SIGPIPE, SIG_IGN);
  READING_ADD ("/format/read-file/unreadable", test_unreadable);
  READING_ADD ("/format/read-file/file-and-bytes-agree", test_file_and_bytes_agree);
  READING_ADD ("/format/read-file/pipe", test_pipe);
  READING_ADD ("/format/read-file/endless-line", test_endless_line);
  READING_ADD ("/format/read-file/shrinking-file", test_shrinking_file);
  READING_ADD ("/format/read-file/growing-file", test_growing_file);
  READING_ADD ("/format/read-file/progress", test_progress);
  READING_ADD ("/format/read-file/cancel-pipe", test_cancel_pipe);
  return g_test_run ();
}
