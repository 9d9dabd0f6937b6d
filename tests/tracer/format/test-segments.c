/* SPDX-License-Identifier: MIT */
/* Reading on several threads tells the same as reading in order, wherever the bytes are cut. */
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "lines.h"
#include "parse.h"
#include "reading.h"
#include "seen.h"
#include "writer.h"

#define N_TRACES 80
#define N_CUTS 6

static void
add_random_line (GString *text, GRand *rand)
{
  static const char *const lines[] = {
    START,
    FINISH,
    FOOTER,
    "{\"end\":0}\n",
    "{\"lockstitch\":1,\"blind\":[\"libgomp\"]}\n",
    "{\"lockstitch\":1,\"pid\":2}\n",
    "{\"lockstitch\":2}\n",
    "rubbish\n",
    "\n",
    " { \"ts\" : 4, \"tid\" : 1, \"ev\" : \"mark\", \"name\" : \"\\u0041\" }\r\n",
    "{\"ts\":1,\"tid\":1,\"ev\":\"teleport\"}\n",
    "{\"ts\":1,\"tid\":16777217,\"ev\":\"start\"}\n",
  };

  if (g_rand_boolean (rand)) {
    g_autoptr (GPtrArray) strings = g_ptr_array_new_with_free_func (g_free);
    LsLine line;
    lines_make (rand, strings, &line);
    ls_write_line (text, &line);
  } else {
    g_string_append (text, lines[g_rand_int_range (rand, 0, G_N_ELEMENTS (lines))]);
  }
}

static GString *
make_trace (GRand *rand)
{
  GString *text = g_string_new (g_rand_int_range (rand, 0, 20) > 0 ? HEADER : "");
  int n_lines = g_rand_int_range (rand, 0, 400);

  for (int i = 0; i < n_lines; i++)
    add_random_line (text, rand);
  if (g_rand_boolean (rand) && text->len > 0)
    g_string_truncate (text, text->len - (gsize) g_rand_int_range (rand, 0, MIN (text->len, 20)));
  return text;
}

static void
check_cut (const GString *text, gsize n_block, guint n_workers)
{
  g_autoptr (GString) in_order = seen_in_order (text->str, text->len);
  LsInput input;

  ls_input_init_bytes (&input, "trace", text->str, text->len);
  g_autoptr (GString) in_segments = seen_in_segments (&input, n_block, n_workers);
  ls_input_close (&input);
  g_autofree char *what =
    g_strdup_printf ("blocks of %" G_GSIZE_FORMAT ", %u workers", n_block, n_workers);
  seen_compare (in_order, in_segments, what);
}

static void
test_random_cuts (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);

  for (int i = 0; i < N_TRACES; i++) {
    g_autoptr (GString) text = make_trace (rand);
    for (int j = 0; j < N_CUTS; j++)
      check_cut (text, (gsize) g_rand_int_range (rand, 1, 2 + (gint32) text->len / (1 + j)),
                 (guint) g_rand_int_range (rand, 1, 5));
  }
}

/* Every line in a segment of its own, and lines that are longer than blocks. */
static void
test_long_lines (void)
{
  g_autofree char *junk = g_strnfill (LS_MAX_LINE_BYTES + 70000, 'x');
  g_autofree char *fits = g_strnfill (LS_MAX_LINE_BYTES - 26, 'y');
  g_autoptr (GString) text = g_string_new (HEADER START);
  static const gsize sizes[] = { 1, 1000, 65536, LS_MAX_LINE_BYTES, 3 * LS_MAX_LINE_BYTES };

  g_string_append_printf (text, "%s\n" START, junk);
  g_string_append_printf (text, "{\"thread\":1,\"anything\":\"%s\"}\n" FINISH, fits);
  g_string_append_printf (text, "%s%s%s", junk, junk, junk);
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
    check_cut (text, sizes[i], 1);
    check_cut (text, sizes[i], 3);
  }
  g_string_erase (text, 0, strlen (HEADER START));
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    check_cut (text, sizes[i], 2);
}

/* Of many problems the first are kept, those that a later line settles among them. */
static void
test_many_problems (void)
{
  g_autoptr (GString) text = g_string_new (HEADER FOOTER);

  for (int i = 0; i < LS_MAX_PROBLEMS + 20; i++)
    g_string_append (text, i % 3 == 0 ? "rubbish\n" : "\n");
  g_string_append (text, START FOOTER FINISH);
  for (gsize n_block = 1; n_block < 4000; n_block = n_block * 2 + 1)
    check_cut (text, n_block, 2);
}

/* pipes */

typedef struct {
  int fd;
  const GString *text;
} Feed;

static gpointer
feed_pipe (gpointer data)
{
  const Feed *feed = data;
  gsize n_done = 0;

  while (n_done < feed->text->len) {
    gssize n = write (feed->fd, feed->text->str + n_done, MIN (feed->text->len - n_done, 777));
    g_assert_cmpint (n, >, 0);
    n_done += (gsize) n;
  }
  close (feed->fd);
  return NULL;
}

static void
test_pipe (void)
{
  g_autoptr (GString) text = g_string_new (HEADER);
  g_autoptr (GError) error = NULL;
  LsInput input;
  int fds[2];

  for (int i = 0; i < 20000; i++)
    g_string_append (text, i % 100 == 0 ? "rubbish\n" : START);
  g_assert_no_errno (pipe (fds));
  g_autofree char *path = g_strdup_printf ("/dev/fd/%d", fds[0]);
  Feed feed = { fds[1], text };
  GThread *thread = g_thread_new ("feed", feed_pipe, &feed);
  g_assert_true (ls_input_open (&input, path, NULL, &error));
  g_autoptr (GString) in_segments = seen_in_segments (&input, 0, 3);
  ls_input_close (&input);
  g_thread_join (thread);
  close (fds[0]);
  g_autoptr (GString) in_order = seen_in_order (text->str, text->len);
  seen_compare (in_order, in_segments, "a pipe");
}

/* cancelling and progress */

static gpointer
begin_nothing (gpointer user_data)
{
  g_atomic_int_inc ((int *) user_data);
  return user_data;
}

static void
ignore_line (const LsLine *line, uint64_t n, gpointer segment)
{
}

static void
end_nothing (gpointer segment, uint64_t first_line, gpointer user_data)
{
}

static void
drop_nothing (gpointer segment, gpointer user_data)
{
  g_atomic_int_add ((int *) user_data, -1);
}

static const LsSegmentSink nothing = { begin_nothing, ignore_line, end_nothing, drop_nothing,
                                       drop_nothing };

typedef struct {
  GCancellable *cancellable;
  double last;
  int n_calls, n_wanted;
} Progress;

static void
note_progress (double fraction, gpointer user_data)
{
  Progress *progress = user_data;
  g_assert_cmpfloat (fraction, >=, progress->last);
  g_assert_cmpfloat (fraction, <=, 1.0);
  progress->last = fraction;
  if (++progress->n_calls == progress->n_wanted)
    g_cancellable_cancel (progress->cancellable);
}

static void
test_progress (void)
{
  g_autoptr (GString) text = g_string_new (HEADER);
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  int fd = g_file_open_tmp ("ls-segments-XXXXXX", &path, &error);
  while (text->len < 20 * 1024 * 1024)
    g_string_append (text, START);
  g_assert_no_error (error);
  close (fd);
  g_assert_true (g_file_set_contents (path, text->str, (gssize) text->len, &error));

  for (int n_wanted = 0; n_wanted < 4; n_wanted++) {
    g_autoptr (GCancellable) cancellable = g_cancellable_new ();
    g_autoptr (LsReadReport) report = ls_read_report_new ();
    Progress progress = { .cancellable = cancellable, .n_wanted = n_wanted };
    int n_open = 0;
    bool is_read = ls_read_file_in_segments (path, &nothing, &n_open, 3, report, note_progress,
                                             &progress, cancellable, &error);
    g_assert_cmpint (n_open, ==, 0);
    if (n_wanted == 0) {
      g_assert_no_error (error);
      g_assert_true (is_read);
      g_assert_cmpfloat (progress.last, ==, 1.0);
      g_assert_cmpint (progress.n_calls, >, 5);
    } else {
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_assert_false (is_read);
      g_assert_cmpint (progress.n_calls, ==, n_wanted);
      g_clear_error (&error);
    }
  }
  unlink (path);
}

static gpointer
cancel (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return NULL;
}

/* Workers that wait for a pipe to which nobody writes any more. */
static void
test_cancel_pipe (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (LsReadReport) report = ls_read_report_new ();
  g_autoptr (GError) error = NULL;
  int fds[2], n_open = 0;

  g_assert_no_errno (pipe (fds));
  g_autofree char *path = g_strdup_printf ("/dev/fd/%d", fds[0]);
  g_assert_cmpint (write (fds[1], HEADER, strlen (HEADER)), ==, (gssize) strlen (HEADER));
  GThread *thread = g_thread_new ("cancel", cancel, cancellable);
  g_assert_false (
    ls_read_file_in_segments (path, &nothing, &n_open, 2, report, NULL, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (n_open, ==, 0);
  g_thread_join (thread);
  close (fds[0]);
  close (fds[1]);
}

static void
test_unreadable (void)
{
  g_autoptr (LsReadReport) report = ls_read_report_new ();
  g_autoptr (GError) error = NULL;
  int n_open = 0;

  g_assert_false (ls_read_file_in_segments ("/nonexistent/a", &nothing, &n_open, 2, report, NULL,
                                            NULL, NULL, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_clear_error (&error);
  g_assert_false (
    ls_read_bytes_in_segments ("a", "PK\x03\x04", 4, &nothing, &n_open, 2, report, &error));
  g_assert_error (error, LS_FORMAT_ERROR, LS_FORMAT_ERROR_NOT_A_TRACE);
  g_assert_cmpint (n_open, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  signal (SIGPIPE, SIG_IGN);
  g_test_add_func ("/format/segments/random-cuts", test_random_cuts);
  g_test_add_func ("/format/segments/long-lines", test_long_lines);
  g_test_add_func ("/format/segments/many-problems", test_many_problems);
  g_test_add_func ("/format/segments/pipe", test_pipe);
  g_test_add_func ("/format/segments/progress", test_progress);
  g_test_add_func ("/format/segments/cancel-pipe", test_cancel_pipe);
  g_test_add_func ("/format/segments/unreadable", test_unreadable);
  return g_test_run ();
}
