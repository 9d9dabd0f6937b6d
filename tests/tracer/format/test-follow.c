/* SPDX-License-Identifier: MIT */
/* Traces that grow while they are read, in pieces of any size; that end, are cut, written over and
 * replaced. */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "follow.h"
#include "packed.h"
#include "parse.h"
#include "reading.h"

typedef struct {
  Reading reading;
  char *path;
  LsFollow *follow;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  int fd = g_file_open_tmp ("ls-follow-XXXXXX", &fixture->path, &error);

  g_assert_no_error (error);
  close (fd);
  reading_set_up (&fixture->reading, NULL);
  fixture->follow =
    ls_follow_new (fixture->path, reading_note_line, &fixture->reading, fixture->reading.report);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  ls_follow_free (fixture->follow);
  reading_tear_down (&fixture->reading, NULL);
  g_unlink (fixture->path);
  g_free (fixture->path);
}

static void
append (const Fixture *fixture, const char *bytes, gsize n)
{
  FILE *file = g_fopen (fixture->path, "ab");

  g_assert_nonnull (file);
  g_assert_cmpuint (fwrite (bytes, 1, n, file), ==, n);
  g_assert_cmpint (fclose (file), ==, 0);
}

/* Reads on, and says what is seen by now. */
static LsFollowState
read_on (Fixture *fixture, const char *seen)
{
  LsFollowState state;
  bool is_read = ls_follow_read (fixture->follow, &state, NULL, &fixture->reading.error);

  g_assert_no_error (fixture->reading.error);
  g_assert_true (is_read);
  g_assert_cmpstr (fixture->reading.seen->str, ==, seen);
  return state;
}

static void
test_grows (Fixture *fixture, gconstpointer data)
{
  static const char trace[] = HEADER START FINISH FOOTER;
  static const gsize ends[] = {
    sizeof HEADER - 1,
    sizeof HEADER START - 1,
    sizeof HEADER START FINISH - 1,
  };
  g_autoptr (GString) seen = g_string_new (NULL);

  g_assert_cmpint (read_on (fixture, ""), ==, LS_FOLLOW_WAITING);
  for (gsize i = 0; i < strlen (trace) - 1; i++) {
    append (fixture, trace + i, 1);
    for (gsize j = 0; j < G_N_ELEMENTS (ends); j++)
      if (i + 1 == ends[j])
        g_string_append_c (seen, "Hee"[j]);
    g_assert_cmpint (read_on (fixture, seen->str), ==, LS_FOLLOW_WAITING);
    g_assert_true (fixture->reading.report->cut);
  }
  append (fixture, "\n", 1);
  g_assert_cmpint (read_on (fixture, "HeeF"), ==, LS_FOLLOW_ENDED);
  g_assert_false (fixture->reading.report->cut);
  g_assert_cmpint (read_on (fixture, "HeeF"), ==, LS_FOLLOW_ENDED);
  ls_follow_end (fixture->follow);
  g_assert_cmpuint (fixture->reading.report->problems->len, ==, 0);
}

/* What comes after a footer goes on. */
static void
test_goes_on (Fixture *fixture, gconstpointer data)
{
  append (fixture, HEADER FOOTER, strlen (HEADER FOOTER));
  g_assert_cmpint (read_on (fixture, "HF"), ==, LS_FOLLOW_ENDED);
  append (fixture, START "{\"ts\":", strlen (START "{\"ts\":"));
  g_assert_cmpint (read_on (fixture, "HFe"), ==, LS_FOLLOW_WAITING);
  ls_follow_end (fixture->follow);
  g_autofree char *problems = reading_dup_problems (&fixture->reading);
  g_assert_cmpstr (problems, ==,
                   "W a:2: a footer in the middle of the trace: what follows it is used too\n"
                   "W a:4: the last line is cut off");
  g_assert_true (fixture->reading.report->cut);
}

/* Pieces of any size tell the same as the whole. */
static void
test_pieces (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  g_autoptr (GString) text = g_string_new (HEADER);
  g_autofree char *junk = g_strnfill (LS_MAX_LINE_BYTES + 5000, 'x');
  LsFollowState state;

  for (int i = 0; i < 9000; i++)
    g_string_append (text, i % 11 == 0 ? "rubbish\n" : START);
  g_string_append_printf (text, "%s\n" FINISH FOOTER, junk);
  reading_read_bytes (&fixture->reading, text->str, text->len);
  g_autofree char *seen = g_strdup (fixture->reading.seen->str);
  g_autofree char *problems = reading_dup_problems (&fixture->reading);
  g_string_truncate (fixture->reading.seen, 0);
  ls_read_report_clear (fixture->reading.report);

  for (gsize at = 0; at < text->len;) {
    gsize n = (gsize) g_rand_int_range (rand, 1, 60000);
    n = MIN (n, text->len - at);
    append (fixture, text->str + at, n);
    at += n;
    g_assert_true (ls_follow_read (fixture->follow, &state, NULL, &fixture->reading.error));
  }
  ls_follow_end (fixture->follow);
  g_autofree char *followed = reading_dup_problems (&fixture->reading);
  g_assert_cmpint (state, ==, LS_FOLLOW_ENDED);
  g_assert_cmpstr (fixture->reading.seen->str, ==, seen);
  g_assert_cmpstr (followed, ==, problems);
}

static void
test_cut_and_written_over (Fixture *fixture, gconstpointer data)
{
  append (fixture, HEADER START FINISH, strlen (HEADER START FINISH));
  g_assert_cmpint (read_on (fixture, "Hee"), ==, LS_FOLLOW_WAITING);
  g_assert_no_errno (truncate (fixture->path, 20));
  g_assert_cmpint (read_on (fixture, "Hee"), ==, LS_FOLLOW_REPLACED);
  g_assert_cmpint (read_on (fixture, "Hee"), ==, LS_FOLLOW_REPLACED);

  /* Longer than before, but another one. */
  Fixture other = { .path = g_strdup (fixture->path) };
  reading_set_up (&other.reading, NULL);
  other.follow =
    ls_follow_new (other.path, reading_note_line, &other.reading, other.reading.report);
  g_assert_no_errno (truncate (other.path, 0));
  append (&other, HEADER START, strlen (HEADER START));
  g_assert_cmpint (read_on (&other, "He"), ==, LS_FOLLOW_WAITING);
  g_assert_no_errno (truncate (other.path, 0));
  append (&other, HEADER FINISH FINISH FINISH, strlen (HEADER FINISH FINISH FINISH));
  g_assert_cmpint (read_on (&other, "He"), ==, LS_FOLLOW_REPLACED);
  ls_follow_free (other.follow);
  reading_tear_down (&other.reading, NULL);
  g_free (other.path);
}

static void
test_replaced_and_removed (Fixture *fixture, gconstpointer data)
{
  g_autofree char *aside = g_strconcat (fixture->path, "-aside", NULL);

  append (fixture, HEADER START, strlen (HEADER START));
  g_assert_cmpint (read_on (fixture, "He"), ==, LS_FOLLOW_WAITING);
  g_assert_no_errno (g_rename (fixture->path, aside));
  g_assert_cmpint (read_on (fixture, "He"), ==, LS_FOLLOW_WAITING);
  append (fixture, HEADER START FINISH, strlen (HEADER START FINISH));
  g_assert_cmpint (read_on (fixture, "He"), ==, LS_FOLLOW_REPLACED);
  g_unlink (aside);
}

static void
test_packed (Fixture *fixture, gconstpointer data)
{
  static const char trace[] = HEADER START FINISH FOOTER;
  g_autoptr (GString) packed = g_string_new (NULL);

  packed_append_gzip (packed, trace, strlen (trace));
  append (fixture, packed->str, packed->len);
  g_assert_cmpint (read_on (fixture, "HeeF"), ==, LS_FOLLOW_ENDED);
  ls_follow_end (fixture->follow);
  g_assert_cmpuint (fixture->reading.report->problems->len, ==, 0);
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  LsFollowState state;

  append (fixture, "Dear all,\n", 10);
  g_assert_false (ls_follow_read (fixture->follow, &state, NULL, &fixture->reading.error));
  g_assert_error (fixture->reading.error, LS_FORMAT_ERROR, LS_FORMAT_ERROR_NOT_A_TRACE);
  g_clear_error (&fixture->reading.error);

  g_autoptr (LsFollow) device =
    ls_follow_new ("/dev/null", reading_note_line, &fixture->reading, fixture->reading.report);
  g_assert_false (ls_follow_read (device, &state, NULL, &fixture->reading.error));
  g_assert_error (fixture->reading.error, G_FILE_ERROR, G_FILE_ERROR_INVAL);
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/format/follow/grows", test_grows);
  ADD ("/format/follow/goes-on", test_goes_on);
  ADD ("/format/follow/pieces", test_pieces);
  ADD ("/format/follow/cut-and-written-over", test_cut_and_written_over);
  ADD ("/format/follow/replaced-and-removed", test_replaced_and_removed);
  ADD ("/format/follow/packed", test_packed);
  ADD ("/format/follow/refused", test_refused);
  return g_test_run ();
}
