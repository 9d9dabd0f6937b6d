/* SPDX-License-Identifier: MIT */
/* `lockstitch render` from outside: files, and what it says when it cannot. */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

static char *folder;

/* Runs `lockstitch render ARGS` and returns its exit status; *said: what came on stderr. */
static int
render (const char *args, char **said)
{
  const char *exe = g_getenv ("LOCKSTITCH");
  g_assert_nonnull (exe);
  g_autofree char *line = g_strdup_printf ("%s render %s", exe, args);
  g_auto (GStrv) argv = NULL;
  g_autoptr (GError) error = NULL;
  g_assert_true (g_shell_parse_argv (line, NULL, &argv, &error));
  int status = 0;
  g_assert_true (
    g_spawn_sync (folder, argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, said, &status, &error));
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, NULL) || WIFEXITED (status));
  return WEXITSTATUS (status);
}

static char *
dup_sample (void)
{
  return g_test_build_filename (G_TEST_DIST, "data", "samples", "mockup.trace.jsonl", NULL);
}

static void
test_files (void)
{
  static const char *const args[] = {
    "-o a.png",
    "-o a.svg --axis order",
    "-o a.pdf --dark --width 700",
    "-o a.png --span 5ms..9500us --no-fold --high-contrast",
    "-o a.png --span ..20ms --axis order --scale 2",
    "-o a.png --finding 1 --width 1600",
    "-o a.png --finding 0",
    "-o a.svg --width 320",
  };
  g_autofree char *sample = dup_sample ();
  for (guint i = 0; i < G_N_ELEMENTS (args); i++) {
    g_autofree char *line = g_strdup_printf ("'%s' %s", sample, args[i]);
    g_autofree char *said = NULL;
    int status = render (line, &said);
    g_assert_cmpstr (said, ==, "");
    g_assert_cmpint (status, ==, 0);
    const char *const names[] = { "a.png", "a.svg", "a.pdf" };
    guint n = 0;
    for (guint j = 0; j < G_N_ELEMENTS (names); j++) {
      g_autofree char *path = g_build_filename (folder, names[j], NULL);
      n += g_remove (path) == 0;
    }
    g_assert_cmpuint (n, ==, 1);
  }
}

static void
check_error (const char *args, int expected, const char *words)
{
  g_autofree char *said = NULL;
  int status = render (args, &said);
  g_test_message ("%s: %s", args, said);
  g_assert_cmpint (status, ==, expected);
  g_assert_true (g_str_has_prefix (said, "lockstitch: "));
  g_assert_nonnull (strstr (said, words));
}

static void
test_usage (void)
{
  check_error ("", 2, "give one trace");
  check_error ("a b -o c.png", 2, "give one trace");
  check_error ("a", 2, "--output");
  check_error ("a -o picture.gif", 2, "picture.gif");
  check_error ("a -o b.png --width 5", 2, "--width");
  check_error ("a -o b.png --width wide", 2, "wide");
  check_error ("a -o b.png --scale 100", 2, "--scale");
  check_error ("a -o b.png --scale nan", 2, "--scale");
  check_error ("a -o b.png --axis diagonal", 2, "diagonal");
  check_error ("a -o b.png --span 9ms..3ms", 2, "9ms..3ms");
  check_error ("a -o b.png --span yesterday", 2, "yesterday");
  check_error ("a -o b.png --fold-gaps --no-fold", 2, "exclude");
  check_error ("a -o b.png --no-such-option", 2, "no-such-option");
}

static void
test_failures (void)
{
  check_error ("missing.trace.jsonl -o a.png", 1, "missing.trace.jsonl");
  g_autofree char *text = g_build_filename (folder, "text", NULL);
  g_assert_true (g_file_set_contents (text, "hello\n", -1, NULL));
  check_error ("text -o a.png", 1, "text");
  g_assert_true (g_file_set_contents (text, "", 0, NULL));
  check_error ("text -o a.png", 1, "text");
  g_remove (text);
  g_autofree char *sample = dup_sample ();
  g_autofree char *nowhere = g_strdup_printf ("'%s' -o no/such/folder/a.png", sample);
  check_error (nowhere, 1, "no/such/folder");
  g_autofree char *far = g_strdup_printf ("'%s' -o a.png --finding 99", sample);
  check_error (far, 1, "99");
  g_autofree char *large = g_strdup_printf ("'%s' -o a.png --width 20000 --scale 8", sample);
  check_error (large, 1, "too large");
}

/* A trace without events, and one that says nothing of what it uses, have a picture too. */
static void
test_odd_traces (void)
{
  static const char *const traces[] = {
    "{\"lockstitch\":1}\n",
    "{\"lockstitch\":1}\n{\"ts\":5,\"tid\":9,\"ev\":\"release\",\"obj\":4}\n",
    "{\"lockstitch\":1}\n{\"ts\":0,\"tid\":1,\"ev\":\"wait\",\"obj\":1}\n{\"ts\":0,",
  };
  g_autofree char *path = g_build_filename (folder, "odd.trace.jsonl", NULL);
  g_autofree char *picture = g_build_filename (folder, "a.png", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (traces); i++) {
    g_assert_true (g_file_set_contents (path, traces[i], -1, NULL));
    g_autofree char *said = NULL, *again = NULL;
    g_assert_cmpint (render ("odd.trace.jsonl -o a.png", &said), ==, 0);
    g_assert_cmpint (render ("odd.trace.jsonl -o a.png --axis order", &again), ==, 0);
    g_assert_cmpint (g_remove (picture), ==, 0);
  }
  g_remove (path);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("lockstitch-XXXXXX", NULL);
  g_assert_nonnull (folder);
  g_test_add_func ("/render/files", test_files);
  g_test_add_func ("/render/usage", test_usage);
  g_test_add_func ("/render/failures", test_failures);
  g_test_add_func ("/render/odd-traces", test_odd_traces);
  int result = g_test_run ();
  g_rmdir (folder);
  g_free (folder);
  return result;
}
