/* SPDX-License-Identifier: MIT */
/* The record dialog, with a command of the test's own in the recorder's place. */
#include "record-dialog.h"

#include <glib/gstdio.h>

#include "await.h"

static char *folder;

/* Makes `lockstitch` in PATH a shell script with that body; $3 is the trace's path. */
static void
set_recorder (const char *body)
{
  g_autofree char *path = g_build_filename (folder, "lockstitch", NULL);
  g_autofree char *script = g_strconcat ("#!/bin/sh\n", body, "\n", NULL);
  g_assert_true (
    g_file_set_contents_full (path, script, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0700, NULL));
}

static void
on_recorded (LsRecordDialog *dialog, const char *path, char **recorded)
{
  *recorded = g_strdup (path);
}

static gboolean
is_recorded (gpointer recorded)
{
  return *(char **) recorded != NULL;
}

static gboolean
has_message (gpointer dialog)
{
  return *ls_record_dialog_get_message (dialog) != '\0';
}

static void
test_records (void)
{
  set_recorder ("[ \"$1 $2 $4\" = 'record -o --' ] && [ \"$5 $6\" = 'prog a b' ] && "
                "echo output && cp " SAMPLES "/mockup.trace.jsonl \"$3\"");
  g_autofree char *recorded = NULL;
  LsWindow *window = new_window (NULL);
  GtkWindow *dialog = ls_record_dialog_new (GTK_WINDOW (window));
  g_signal_connect (dialog, "recorded", G_CALLBACK (on_recorded), &recorded);
  gtk_window_present (dialog);
  ls_record_dialog_start (LS_RECORD_DIALOG (dialog), "prog 'a b'", folder);
  g_assert_true (await (is_recorded, &recorded));
  g_assert_true (g_str_has_suffix (recorded, ".trace.jsonl"));
  g_assert_true (g_file_test (recorded, G_FILE_TEST_IS_REGULAR));
  g_unlink (recorded);
  end_window (window);
}

static void
test_fails (void)
{
  LsWindow *window = new_window (NULL);
  GtkWindow *dialog = ls_record_dialog_new (GTK_WINDOW (window));
  gtk_window_present (dialog);
  set_recorder ("echo first; echo 'lockstitch: prog: not found' >&2; exit 127");
  ls_record_dialog_start (LS_RECORD_DIALOG (dialog), "prog", folder);
  g_assert_true (await (has_message, dialog));
  g_assert_cmpstr (ls_record_dialog_get_message (LS_RECORD_DIALOG (dialog)), ==,
                   "lockstitch: prog: not found");
  ls_record_dialog_start (LS_RECORD_DIALOG (dialog), "prog 'unbalanced", folder);
  g_assert_true (has_message (dialog));
  gtk_window_destroy (dialog);
  end_window (window);
}

static gboolean
has_file (gpointer path)
{
  g_autofree char *text = NULL;
  return g_file_get_contents (path, &text, NULL, NULL) && *text;
}

/* Closing the dialog ends the recording. */
static void
test_closed_meanwhile (void)
{
  g_autofree char *started = g_build_filename (folder, "started", NULL);
  g_autofree char *ended = g_build_filename (folder, "ended", NULL);
  set_recorder ("trap 'echo yes > ended; exit' TERM; echo yes > started; "
                "while :; do sleep 0.05; done");
  LsWindow *window = new_window (NULL);
  GtkWindow *dialog = ls_record_dialog_new (GTK_WINDOW (window));
  gtk_window_present (dialog);
  ls_record_dialog_start (LS_RECORD_DIALOG (dialog), "prog", folder);
  g_assert_true (await (has_file, started));
  gtk_window_destroy (dialog);
  g_assert_true (await (has_file, ended));
  end_window (window);
  g_unlink (started);
  g_unlink (ended);
}

int
main (int argc, char **argv)
{
  init_tests (&argc, &argv);
  folder = g_dir_make_tmp ("lockstitch-XXXXXX", NULL);
  g_autofree char *path = g_strconcat (folder, ":", g_getenv ("PATH"), NULL);
  g_setenv ("PATH", path, TRUE);
  g_test_add_func ("/record/records", test_records);
  g_test_add_func ("/record/fails", test_fails);
  g_test_add_func ("/record/closed-meanwhile", test_closed_meanwhile);
  int result = g_test_run ();
  g_autofree char *script = g_build_filename (folder, "lockstitch", NULL);
  g_unlink (script);
  g_rmdir (folder);
  return result;
}
