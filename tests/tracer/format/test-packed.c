/* SPDX-License-Identifier: MIT */
/* Traces that are packed, by gzip or Zstandard: in one piece and in many, cut off, damaged, and far
 * larger than they look. */
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "packed.h"
#include "parse.h"
#include "reading.h"
#include "seen.h"

typedef void (*Pack) (GString *out, const char *bytes, gsize n);
static const Pack packs[] = { packed_append_gzip, packed_append_zstd };

static GString *
make_trace (int n_events)
{
  GString *text = g_string_new (HEADER);

  for (int i = 0; i < n_events; i++)
    g_string_append_printf (text, "{\"ts\":%d,\"tid\":%d,\"ev\":\"acquire\",\"obj\":%d}\n", i,
                            i % 7 + 1, i % 13 + 1);
  g_string_append_printf (text, "{\"end\":%d}\n", n_events);
  return text;
}

static GString *
see (const GString *bytes, gsize n_block, guint n_workers)
{
  LsInput input;

  ls_input_init_bytes (&input, "trace", bytes->str, bytes->len);
  GString *seen = seen_in_segments (&input, n_block, n_workers);
  ls_input_close (&input);
  return seen;
}

static void
test_whole (void)
{
  g_autoptr (GString) text = make_trace (30000);
  g_autoptr (GString) plain = seen_in_order (text->str, text->len);

  for (gsize i = 0; i < G_N_ELEMENTS (packs); i++) {
    g_autoptr (GString) one = g_string_new (NULL);
    g_autoptr (GString) many = g_string_new (NULL);
    packs[i](one, text->str, text->len);
    if (packs[i] == packed_append_zstd)
      packed_append_skip (many, 300000);
    for (gsize at = 0; at < text->len; at += 7777)
      packs[i](many, text->str + at, MIN (7777, text->len - at));
    g_autoptr (GString) seen_one = see (one, 0, 2);
    g_autoptr (GString) seen_many = see (many, 10000, 3);
    g_autoptr (GString) seen_bytes = seen_in_order (many->str, many->len);
    seen_compare (plain, seen_one, "one piece");
    seen_compare (plain, seen_many, "many pieces");
    seen_compare (plain, seen_bytes, "in order");
  }
}

/* Cut at every byte: what can be had is the start of the whole, and the cut is said. */
static void
test_cut (Reading *reading, gconstpointer data)
{
  g_autoptr (GString) text = make_trace (40);

  for (gsize i = 0; i < G_N_ELEMENTS (packs); i++) {
    g_autoptr (GString) packed = g_string_new (NULL);
    packs[i](packed, text->str, 700);
    packs[i](packed, text->str + 700, text->len - 700);
    reading_read_bytes (reading, packed->str, packed->len);
    g_autofree char *whole = g_strdup (reading->seen->str);
    for (gsize n = 1; n < packed->len; n++) {
      reading_start_over (reading);
      bool is_read = reading_read_bytes (reading, packed->str, n);
      g_autofree char *problems = reading_dup_problems (reading);
      g_assert_true (g_str_has_prefix (whole, reading->seen->str));
      g_assert_true (is_read ? reading->report->cut || strlen (whole) == reading->seen->len
                             : reading->seen->len == 0);
      g_assert_true (!is_read || reading->report->cut || *problems);
      g_autoptr (GString) cut = g_string_new_len (packed->str, (gssize) n);
      g_autoptr (GString) in_order = seen_in_order (cut->str, cut->len);
      g_autoptr (GString) in_segments = see (cut, 100, 2);
      seen_compare (in_order, in_segments, "cut off");
    }
    reading_start_over (reading);
  }
}

/* Any byte changed: what comes before the damage is read. */
static void
test_damaged (void)
{
  g_autoptr (GString) text = make_trace (60);

  for (gsize i = 0; i < G_N_ELEMENTS (packs); i++) {
    g_autoptr (GString) packed = g_string_new (NULL);
    packs[i](packed, text->str, 900);
    packs[i](packed, text->str + 900, text->len - 900);
    for (gsize at = 0; at < packed->len; at++) {
      packed->str[at] ^= 0x55;
      g_autoptr (GString) in_order = seen_in_order (packed->str, packed->len);
      g_autoptr (GString) in_segments = see (packed, 1 + at % 200, 2);
      seen_compare (in_order, in_segments, "damaged");
      packed->str[at] ^= 0x55;
    }
  }
}

static void
test_behind (Reading *reading, gconstpointer data)
{
  static const char trace[] = HEADER START FINISH FOOTER;
  g_autoptr (GString) packed = g_string_new (NULL);

  packed_append_gzip (packed, trace, strlen (trace));
  g_string_append_len (packed, "\0\0\0\0\0\0", 6);
  g_assert_true (reading_read_bytes (reading, packed->str, packed->len));
  g_assert_cmpstr (reading->seen->str, ==, "HeeF");
  g_assert_cmpuint (reading->report->problems->len, ==, 0);
  g_assert_false (reading->report->cut);
  reading_start_over (reading);

  for (gsize i = 0; i < G_N_ELEMENTS (packs); i++) {
    g_string_truncate (packed, 0);
    packs[i](packed, trace, strlen (trace));
    g_string_append (packed, "something else");
    g_assert_true (reading_read_bytes (reading, packed->str, packed->len));
    g_autofree char *problems = reading_dup_problems (reading);
    g_assert_cmpstr (reading->seen->str, ==, "HeeF");
    g_assert_cmpstr (problems, ==,
                     "W a:4: the compressed file is followed by something else, which is left out");
    reading_start_over (reading);
  }
}

/* A line of 200 MB is 200 kB in a file: it is read through, never kept. */
static void
test_bomb (Reading *reading, gconstpointer data)
{
  g_autofree char *junk = g_strnfill (1000000, 'x');

  for (gsize i = 0; i < G_N_ELEMENTS (packs); i++) {
    g_autoptr (GString) packed = g_string_new (NULL);
    packs[i](packed, HEADER, strlen (HEADER));
    for (int j = 0; j < 200; j++)
      packs[i](packed, junk, strlen (junk));
    packs[i](packed, "\n" START FOOTER, strlen ("\n" START FOOTER));
    g_assert_cmpuint (packed->len, <, 1000000);
    g_assert_true (reading_read_bytes (reading, packed->str, packed->len));
    g_autofree char *problems = reading_dup_problems (reading);
    g_assert_cmpstr (reading->seen->str, ==, "HeF");
    g_assert_cmpstr (problems, ==, "E a:2: the line is longer than 1 MiB");
    reading_start_over (reading);
  }
}

/* From a pipe, a byte at a time. */
static gpointer
feed_pipe (gpointer data)
{
  int fd = GPOINTER_TO_INT (data);
  static const char trace[] = HEADER START FINISH FOOTER;
  g_autoptr (GString) packed = g_string_new (NULL);

  packed_append_skip (packed, 10);
  packed_append_zstd (packed, trace, strlen (trace));
  for (gsize i = 0; i < packed->len; i++)
    g_assert_cmpint (write (fd, packed->str + i, 1), ==, 1);
  close (fd);
  return NULL;
}

static void
test_pipe (Reading *reading, gconstpointer data)
{
  int fds[2];

  g_assert_no_errno (pipe (fds));
  g_autofree char *path = g_strdup_printf ("/dev/fd/%d", fds[0]);
  GThread *thread = g_thread_new ("feed", feed_pipe, GINT_TO_POINTER (fds[1]));
  g_assert_true (reading_read_file (reading, path));
  g_thread_join (thread);
  close (fds[0]);
  g_assert_cmpstr (reading->seen->str, ==, "HeeF");
  g_assert_cmpuint (reading->report->problems->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  signal (SIGPIPE, SIG_IGN);
  g_test_add_func ("/format/packed/whole", test_whole);
  READING_ADD ("/format/packed/cut", test_cut);
  g_test_add_func ("/format/packed/damaged", test_damaged);
  READING_ADD ("/format/packed/behind", test_behind);
  READING_ADD ("/format/packed/bomb", test_bomb);
  READING_ADD ("/format/packed/pipe", test_pipe);
  return g_test_run ();
}
