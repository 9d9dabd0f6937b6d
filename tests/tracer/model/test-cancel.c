/* SPDX-License-Identifier: MIT */
/**
 * Opening can be given up at any moment, tells how far it is, and lets go of everything.
 *
 * How long it goes on after it was cancelled is printed, not asserted: it is the machine's. For a
 * figure set LS_CANCEL_EVENTS to a million.
 */
#include <glib/gstdio.h>
#include <stdlib.h>

#include "random-trace.h"
#include "trace.h"

#define SEED 20261122
#define N_MOMENTS 40

typedef struct {
  char *path;
  GCancellable *cancellable; /* of the opening under way */
  guint n_calls, cancel_at;  /* calls of the progress function; the one that cancels, 0: none */
  double last;
  gint64 delay_us;             /* until the thread cancels */
  _Atomic gint64 cancelled_us; /* when it was */
} Opening;

static void
cancel (Opening *opening)
{
  opening->cancelled_us = g_get_monotonic_time ();
  g_cancellable_cancel (opening->cancellable);
}

static void
note_progress (double fraction, gpointer data)
{
  Opening *opening = data;
  g_assert_cmpfloat (fraction, >=, opening->last);
  g_assert_cmpfloat (fraction, <=, 1);
  opening->last = fraction;
  if (++opening->n_calls == opening->cancel_at)
    cancel (opening);
}

/* Returns: ms from the cancelling to the return. */
static double
open_trace (Opening *opening, guint n_workers)
{
  g_autoptr (GError) error = NULL;
  LsTrace *trace = ls_trace_open_on (opening->path, n_workers, note_progress, opening,
                                     opening->cancellable, &error);
  gint64 returned_us = g_get_monotonic_time ();
  if (trace) {
    g_assert_no_error (error);
    ls_trace_unref (trace);
    return 0;
  }
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  return (double) (returned_us - opening->cancelled_us) / 1e3;
}

static void
begin (Opening *opening, const char *path)
{
  *opening = (Opening){ .path = (char *) path, .cancellable = g_cancellable_new () };
}

static void
end (Opening *opening)
{
  g_clear_object (&opening->cancellable);
}

/* All of opening is told of, to the end. */
static void
test_progress (gconstpointer path)
{
  Opening opening;
  begin (&opening, path);
  open_trace (&opening, 0);
  g_assert_cmpfloat (opening.last, ==, 1);
  g_assert_cmpuint (opening.n_calls, >=, 8);
  end (&opening);
}

static void
test_at_steps (gconstpointer path)
{
  Opening opening;
  double worst = 0, at = 0;
  begin (&opening, path);
  open_trace (&opening, 2);
  guint n_calls = opening.n_calls;
  end (&opening);
  for (guint i = 1; i < n_calls; i += MAX (n_calls / N_MOMENTS, 1)) {
    begin (&opening, path);
    opening.cancel_at = i;
    double ms = open_trace (&opening, 2);
    g_assert_cmpuint (opening.n_calls, >=, i);
    if (ms > worst) {
      worst = ms;
      at = opening.last;
    }
    end (&opening);
  }
  g_test_message ("at steps: %.1f ms at most, at %.2f", worst, at);
}

static gpointer
cancel_later (gpointer data)
{
  Opening *opening = data;
  g_usleep ((gulong) opening->delay_us);
  cancel (opening);
  return NULL;
}

/* At moments that opening does not choose. */
static void
test_at_moments (gconstpointer path)
{
  Opening opening;
  double worst = 0, at = 0;
  begin (&opening, path);
  gint64 start_us = g_get_monotonic_time ();
  open_trace (&opening, 2);
  gint64 all_us = g_get_monotonic_time () - start_us;
  end (&opening);
  for (guint i = 0; i < N_MOMENTS; i++) {
    begin (&opening, path);
    opening.delay_us = all_us * i / N_MOMENTS;
    GThread *thread = g_thread_new ("cancel", cancel_later, &opening);
    double ms = open_trace (&opening, 2);
    g_thread_join (thread);
    if (ms > worst) {
      worst = ms;
      at = opening.last;
    }
    end (&opening);
  }
  g_test_message ("at moments: %.1f ms at most, after %.2f", worst, at);
}

int
main (int argc, char **argv)
{
  const char *wanted = g_getenv ("LS_CANCEL_EVENTS");
  g_autoptr (GRand) rand = g_rand_new_with_seed (SEED);
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = g_dir_make_tmp ("lockstitch-cancel-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "trace.jsonl", NULL);
  GString *text = random_trace_new (rand, wanted ? (guint) atoi (wanted) : 30000, FALSE);

  g_test_init (&argc, &argv, NULL);
  g_file_set_contents (path, text->str, (gssize) text->len, &error);
  g_assert_no_error (error);
  g_string_free (text, TRUE);
  g_test_add_data_func ("/model/cancel/progress", path, test_progress);
  g_test_add_data_func ("/model/cancel/at-steps", path, test_at_steps);
  g_test_add_data_func ("/model/cancel/at-moments", path, test_at_moments);
  int result = g_test_run ();
  g_remove (path);
  g_rmdir (dir);
  return result;
}
