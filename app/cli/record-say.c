/* SPDX-License-Identifier: MIT */
/* The words at a recording's end. */
#include "record-say.h"

#include <stdio.h>
#include <string.h>

#include "command.h"
#include "finding.h"

#define MAX_UNSEEN 4
#define MAX_LISTED 8 /* traces beside the main one */

static gint
compare_files (gconstpointer a, gconstpointer b)
{
  const LsCollectorFile *left = *(LsCollectorFile *const *) a,
                        *right = *(LsCollectorFile *const *) b;
  if (left->n_events != right->n_events)
    return left->n_events < right->n_events ? 1 : -1;
  return left->pid < right->pid ? -1 : left->pid > right->pid;
}

/* The path as it is shortest from here. */
static const char *
shorten (const char *path, const char *folder)
{
  gsize length = strlen (folder);
  if (g_str_has_prefix (path, folder) && path[length] == '/')
    return path + length + 1;
  return path;
}

/* A line each for the traces beside the main one, those with the most events first. */
static void
say_others (const LsCollectorReport *report, const char *folder)
{
  g_autoptr (GPtrArray) others = g_ptr_array_new ();
  for (guint i = 0; i < report->files->len; i++) {
    LsCollectorFile *file = report->files->pdata[i];
    if (strcmp (file->path, report->path) != 0)
      g_ptr_array_add (others, file);
  }
  g_ptr_array_sort (others, compare_files);
  if (report->to_stdout && others->len > 0) {
    ls_command_error ("traces of %u other process%s are not written to standard output",
                      others->len, others->len == 1 ? "" : "es");
    return;
  }
  /* One more than the list is long is said like the rest. */
  guint n_said = others->len <= MAX_LISTED + 1 ? others->len : MAX_LISTED;
  for (guint i = 0; i < n_said; i++) {
    const LsCollectorFile *file = others->pdata[i];
    fprintf (stderr,
             "lockstitch:   process %u (%s), %" G_GUINT64_FORMAT " event%s of %u thread%s%s: %s\n",
             file->pid, file->program, file->n_events, file->n_events == 1 ? "" : "s",
             file->n_threads, file->n_threads == 1 ? "" : "s", file->runs ? " so far" : "",
             shorten (file->path, folder));
  }
  if (n_said < others->len)
    fprintf (stderr, "lockstitch:   and %u more\n", others->len - n_said);
}

static void
say_unseen (const LsCollectorReport *report, const char *folder)
{
  for (guint i = 0; i < report->unseen->len && i < MAX_UNSEEN; i++) {
    const LsCollectorUnseen *unseen = report->unseen->pdata[i];
    g_autofree char *times =
      unseen->n_times > 1 ? g_strdup_printf (", %u times", unseen->n_times) : g_strdup ("");
    ls_command_error ("%s (process %u%s) was not recorded: %s", shorten (unseen->program, folder),
                      unseen->pid, times, unseen->why);
  }
  if (report->unseen->len > MAX_UNSEEN)
    ls_command_error ("and %u more programs were not", report->unseen->len - MAX_UNSEEN);
}

/* Nothing came of the program itself. */
static bool
say_unrecorded (const char *program, const LsCollectorReport *report, LsProgramKind kind)
{
  if (report->files->len > 0) {
    ls_command_error ("%s was not recorded, but what it started was:", program);
    return true;
  }
  const char *why = "its trace could not be written";
  if (ls_program_file_explain (kind))
    why = "liblockstitch cannot live in it, and it started nothing else that could be recorded";
  else if (!report->failure)
    why = "liblockstitch never came to life in it. Most likely something took LD_PRELOAD or "
          "LOCKSTITCH_REGION from its environment, changed the user, or gave it another /proc or "
          "root folder";
  ls_command_error ("nothing was recorded of %s: %s", program, why);
  return false;
}

static void
say_summary (const LsCollectorReport *report, const char *folder)
{
  g_autofree char *span = ls_duration_dup_text (report->span_ns);
  g_autofree char *lost = report->n_lost == 0
                            ? g_strdup ("nothing lost")
                            : g_strdup_printf ("%" G_GUINT64_FORMAT " lost", report->n_lost);
  fprintf (stderr, "lockstitch: %" G_GUINT64_FORMAT " event%s of %u thread%s in %s, %s: %s\n",
           report->n_events, report->n_events == 1 ? "" : "s", report->n_threads,
           report->n_threads == 1 ? "" : "s", span, lost,
           report->to_stdout ? "standard output" : shorten (report->path, folder));
}

bool
ls_record_say (const char *program, const LsCollectorReport *report, LsProgramKind kind)
{
  if (report->failure)
    ls_command_error ("the recording ends early: %s", report->failure);
  if (report->is_taken_over && report->is_there)
    ls_command_error ("the collector was killed; the recording stopped there, and what was "
                      "recorded is written by another one");
  if (!report->is_there) {
    ls_command_error ("the collector died; what it had written is kept, the rest is lost");
    return true;
  }
  if (!*report->path && !say_unrecorded (program, report, kind))
    return false;
  if (report->failure) {
    if (!report->to_stdout && g_file_test (report->path, G_FILE_TEST_IS_REGULAR))
      ls_command_error ("what was recorded until then is in %s", report->path);
    return true;
  }
  g_autofree char *folder = g_get_current_dir ();
  if (*report->path)
    say_summary (report, folder);
  say_others (report, folder);
  say_unseen (report, folder);
  if (report->blind)
    ls_command_error ("locks of %s do not go through the C library and cannot be seen; the trace "
                      "says so, lockstitch.h can report them",
                      report->blind);
  if (report->deep)
    ls_command_error (
      "locks of %s were not recorded: it calls the C library past what is preloaded; load it "
      "without RTLD_DEEPBIND",
      report->deep);
  if (report->apart)
    ls_command_error (
      "locks of %s were not recorded: it has a C library of its own; load it with dlopen",
      report->apart);
  return true;
}
