/* SPDX-License-Identifier: MIT */
/**
 * Records each lesson for real and holds the trace to what the lesson is to show.
 *
 * Against the model, never against times. A lesson whose threads happened to come in another order
 * than the one it is about is recorded again.
 *
 * Takes the command and the folder of the programs from LS_TEST_LOCKSTITCH and LS_TEST_LESSONS.
 * With LS_TEST_SAMPLES, the traces in that folder are held to the same.
 */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "golden.h"

#define DEADLINE_S 30
#define MAX_TRIES 5
#define SIGNALLED 128 /* and the signal's number: the status of a program that one ended */

static gboolean
kill_it (gpointer data)
{
  g_subprocess_force_exit (data);
  return G_SOURCE_REMOVE;
}

static void
finished (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

/* Runs `lockstitch record` on the program. Returns: (owned) what it printed. */
static char *
record (const Lesson *lesson, const char *path, int *exit_status)
{
  const char *command = g_getenv ("LS_TEST_LOCKSTITCH"), *folder = g_getenv ("LS_TEST_LESSONS");
  g_assert_nonnull (command);
  g_assert_nonnull (folder);
  g_autofree char *program = g_build_filename (folder, lesson->name, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process =
    g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, command, "record", "-o", path, "--",
                      program, NULL);
  g_assert_no_error (error);

  g_autoptr (GAsyncResult) result = NULL;
  guint deadline = g_timeout_add_seconds (DEADLINE_S, kill_it, process);
  g_subprocess_communicate_utf8_async (process, NULL, NULL, finished, &result);
  while (!result)
    g_main_context_iteration (NULL, TRUE);
  char *output = NULL;
  g_subprocess_communicate_utf8_finish (process, result, &output, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (process)); /* else it took longer than the deadline */
  g_source_remove (deadline);
  *exit_status = g_subprocess_get_exit_status (process);
  return output;
}

/* What holds of every recording: nothing in it is wrong or missing. */
static void
check_whole (const Golden *golden)
{
  const LsTraceInfo *info = ls_trace_get_info (golden->trace);
  for (guint i = 0; i < info->report->problems->len; i++)
    g_test_message ("line %" G_GUINT64_FORMAT ": %s",
                    g_array_index (info->report->problems, LsProblem, i).line,
                    g_array_index (info->report->problems, LsProblem, i).reason);
  g_assert_cmpuint (info->report->n_errors, ==, 0);
  g_assert_cmpuint (info->report->n_warnings, ==, 0);
  g_assert_cmpuint (info->n_lost, ==, 0);
  g_assert_false (info->cut);
  g_assert_false (info->absence_is_no_proof);
}

/* The trace tells how the program ended, which is how the lesson does. */
static void
check_end (const Golden *golden, const Lesson *lesson)
{
  const LsTraceInfo *info = ls_trace_get_info (golden->trace);
  g_assert_cmpint (golden->exit_status, ==, lesson->exit_status);
  if (lesson->exit_status == 0) {
    g_assert_cmpint (info->end_how, ==, LS_END_EXIT);
    g_assert_cmpint (info->end_code, ==, 0);
  } else {
    g_assert_cmpint (info->end_how, ==, LS_END_SIGNAL);
    g_assert_cmpint (info->end_code, ==, lesson->exit_status - SIGNALLED);
  }
  g_assert_cmpstr (golden->output, !=, "");
}

/* Opens the trace; false when its threads came in another order than the lesson's. */
static bool
check (const Lesson *lesson, const char *path, const char *output, int exit_status)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LsTrace) trace = ls_trace_open (path, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (GPtrArray) findings =
    ls_trace_compute_findings (trace, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  Golden golden = { lesson->name, trace, findings, output, exit_status };
  check_whole (&golden);
  if (lesson->is_taught && !lesson->is_taught (&golden))
    return false;
  check_end (&golden, lesson);
  lesson->check (&golden);
  return true;
}

static void
test_sample (gconstpointer data)
{
  const Lesson *lesson = data;
  g_autofree char *path =
    g_strdup_printf ("%s/%s.trace.jsonl", g_getenv ("LS_TEST_SAMPLES"), lesson->name);
  /* False would say that it shows another order than the lesson's. */
  g_assert_true (check (lesson, path, NULL, lesson->exit_status));
}

static void
test_lesson (gconstpointer data)
{
  const Lesson *lesson = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("lockstitch-golden-XXXXXX", &error);
  g_assert_no_error (error);
  g_autofree char *path = g_strdup_printf ("%s/%s.trace.jsonl", folder, lesson->name);
  bool done = false;
  for (int try = 0; try < MAX_TRIES && !done; try++) {
    int exit_status;
    g_autofree char *output = record (lesson, path, &exit_status);
    done = check (lesson, path, output, exit_status);
    g_unlink (path);
  }
  g_rmdir (folder);
  g_assert_true (done); /* else its threads never came in the lesson's order */
}

int
main (int argc, char **argv)
{
  const Lesson *const all[] = { lessons_of_threads, lessons_of_pools, lessons_of_races,
                                lessons_of_waiting, lessons_of_locks };
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    for (const Lesson *lesson = all[i]; lesson->name; lesson++) {
      bool is_sample = g_getenv ("LS_TEST_SAMPLES");
      g_autofree char *path = g_strconcat ("/golden/", lesson->name, NULL);
      g_test_add_data_func (path, lesson, is_sample ? test_sample : test_lesson);
    }
  return g_test_run ();
}
