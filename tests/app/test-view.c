/* SPDX-License-Identifier: MIT */
/* `lockstitch view`: becomes the viewer it is told of, or says why not. */
#include <glib.h>
#include <string.h>
#include <sys/wait.h>

typedef struct {
  int status;
  char *out, *err;
} Run;

static void
run_clear (Run *run)
{
  g_free (run->out);
  g_free (run->err);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

static void
run_view (Run *run, const char *viewer, const char *file)
{
  const char *argv[] = { g_getenv ("LS_TEST_LOCKSTITCH"), "view", file, NULL };
  g_auto (GStrv) env = g_environ_setenv (g_get_environ (), "LOCKSTITCH_VIEWER", viewer, TRUE);
  g_autoptr (GError) error = NULL;
  int status;
  g_spawn_sync (NULL, (char **) argv, env, G_SPAWN_DEFAULT, NULL, NULL, &run->out, &run->err,
                &status, &error);
  g_assert_no_error (error);
  run->status = WIFEXITED (status) ? WEXITSTATUS (status) : -1;
}

static void
test_becomes_viewer (void)
{
  g_auto (Run) run = { 0 };
  run_view (&run, "/bin/echo", SAMPLE);
  g_assert_cmpint (run.status, ==, 0);
  g_assert_cmpstr (run.out, ==, SAMPLE "\n");
  g_assert_cmpstr (run.err, ==, "");
}

static void
test_no_file (void)
{
  g_auto (Run) run = { 0 };
  run_view (&run, "/bin/echo", "/nowhere/at.all");
  g_assert_cmpint (run.status, ==, 1);
  g_assert_cmpstr (run.err, ==, "lockstitch: /nowhere/at.all: No such file or directory\n");
}

static void
test_no_viewer (void)
{
  g_auto (Run) run = { 0 };
  run_view (&run, "/nowhere/viewer", SAMPLE);
  g_assert_cmpint (run.status, ==, 1);
  g_assert_nonnull (strstr (run.err, "/nowhere/viewer"));
}

static void
test_help (void)
{
  g_auto (Run) run = { 0 };
  run_view (&run, "/bin/false", "--help");
  g_assert_cmpint (run.status, ==, 0);
  g_assert_nonnull (strstr (run.out, "lockstitch view"));
}

int
main (int argc, char **argv)
{
  g_setenv ("LC_ALL", "C", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/view/becomes-viewer", test_becomes_viewer);
  g_test_add_func ("/view/no-file", test_no_file);
  g_test_add_func ("/view/no-viewer", test_no_viewer);
  g_test_add_func ("/view/help", test_help);
  return g_test_run ();
}
