/* SPDX-License-Identifier: MIT */
/* `lockstitch record` with real programs, in a folder of its own. */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "seen.h"

#define DEADLINE_S 60

typedef struct {
  char *folder;
  char *out, *err; /* of the last run */
  int status;      /* exit status of lockstitch, as the shell tells it */
} Fixture;

static const char *lockstitch, *subject;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  fixture->folder = g_dir_make_tmp ("lockstitch-XXXXXX", &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  for (const char *name; (name = g_dir_read_name (dir));) {
    g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
    g_assert_cmpint (g_remove (path), ==, 0);
  }
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
  g_free (fixture->out);
  g_free (fixture->err);
}

static void
run_argv (Fixture *fixture, char **argv)
{
  g_clear_pointer (&fixture->out, g_free);
  g_clear_pointer (&fixture->err, g_free);
  g_autoptr (GError) error = NULL;
  int status;
  g_assert_true (g_spawn_sync (fixture->folder, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL,
                               &fixture->out, &fixture->err, &status, &error));
  g_assert_no_error (error);
  fixture->status = WIFSIGNALED (status) ? -WTERMSIG (status) : WEXITSTATUS (status);
}

/* Runs `lockstitch record ARGUMENTS`, NULL-terminated. */
static void G_GNUC_NULL_TERMINATED
run_record (Fixture *fixture, ...)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_ptr_array_add (argv, (char *) lockstitch);
  g_ptr_array_add (argv, (char *) "record");
  va_list args;
  va_start (args, fixture);
  for (char *arg; (arg = va_arg (args, char *));)
    g_ptr_array_add (argv, arg);
  va_end (args);
  g_ptr_array_add (argv, NULL);
  run_argv (fixture, (char **) argv->pdata);
}

/* -- What a trace holds -- */

static Seen
see_trace (Fixture *fixture, const char *name)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  return see_file (path);
}

/* Checks the work of `n_pairs` rounds of run_workers() of `n_rounds` each. */
static void
assert_work (const Seen *seen, guint n_runs, guint n_rounds)
{
  g_assert_cmpuint (seen->n_kind[LS_EV_ACQUIRE], ==, n_runs * 2 * 2 * n_rounds);
  g_assert_cmpuint (seen->n_kind[LS_EV_RELEASE], ==, n_runs * 2 * 2 * n_rounds);
  g_assert_cmpuint (seen->n_kind[LS_EV_CREATE], ==, n_runs * 2);
  g_assert_cmpuint (seen->n_kind[LS_EV_JOIN], ==, n_runs * 2);
  g_assert_cmpuint (seen->n_kind[LS_EV_LOST], ==, 0);
  g_assert_true (g_hash_table_contains (seen->names, "main"));
  g_assert_true (g_hash_table_contains (seen->names, "worker-1"));
  g_assert_true (g_hash_table_contains (seen->names, "worker-2"));
  g_assert_true (g_hash_table_contains (seen->names, "log_lock"));
  g_assert_true (g_hash_table_contains (seen->names, "shards[2].lock"));
}

/* -- Tests -- */

static void
test_plain (Fixture *fixture, gconstpointer data)
{
  run_record (fixture, "--", subject, "threads", NULL);
  g_assert_cmpint (fixture->status, ==, 0);
  g_assert_cmpstr (fixture->out, ==, "");
  g_assert_true (g_str_has_prefix (fixture->err, "lockstitch: "));
  g_assert_nonnull (strstr (fixture->err, " events of 3 threads in "));
  g_assert_nonnull (strstr (fixture->err, ", nothing lost: record-subject.trace.jsonl\n"));
  Seen seen = see_trace (fixture, "record-subject.trace.jsonl");
  assert_work (&seen, 1, 10);
  g_assert_cmpint (seen.footer.how, ==, LS_END_EXIT);
  g_assert_cmpint (seen.footer.code, ==, 0);
  g_assert_cmpuint (seen.footer.lost, ==, 0);
  g_assert_false (seen.partial);
  clear_seen (&seen);
}

static void
test_full_rate (Fixture *fixture, gconstpointer data)
{
  /* Far more than the collector keeps up with: the program waits, nothing is lost. */
  run_record (fixture, "-o", "fast.trace.jsonl", subject, "threads", "200000", NULL);
  g_assert_cmpint (fixture->status, ==, 0);
  Seen seen = see_trace (fixture, "fast.trace.jsonl");
  assert_work (&seen, 1, 200000);
  clear_seen (&seen);
}

static void
test_exit_status (Fixture *fixture, gconstpointer data)
{
  run_record (fixture, "--check", "-o", "x.trace.jsonl", subject, "exit", "77", NULL);
  g_assert_cmpint (fixture->status, ==, 77);
  g_assert_nonnull (strstr (fixture->out, "x.trace.jsonl: ")); /* the check's own words follow */
  Seen seen = see_trace (fixture, "x.trace.jsonl");
  g_assert_cmpint (seen.footer.how, ==, LS_END_EXIT);
  g_assert_cmpint (seen.footer.code, ==, 77);
  clear_seen (&seen);
}

static void
assert_ends (Fixture *fixture, const char *how, int status, LsEndHow end, int code)
{
  run_record (fixture, "-o", "x.trace.jsonl", subject, how, NULL);
  g_assert_cmpint (fixture->status, ==, status);
  Seen seen = see_trace (fixture, "x.trace.jsonl");
  assert_work (&seen, 1, 10);
  g_assert_true (seen.has_footer);
  g_assert_cmpint (seen.footer.how, ==, end);
  g_assert_cmpint (seen.footer.code, ==, code);
  clear_seen (&seen);
}

static void
test_ends (Fixture *fixture, gconstpointer data)
{
  assert_ends (fixture, "_exit", 5, LS_END_EXIT, 5);
  assert_ends (fixture, "abort", 128 + SIGABRT, LS_END_SIGNAL, SIGABRT);
  assert_ends (fixture, "crash", 128 + SIGSEGV, LS_END_SIGNAL, SIGSEGV);
  assert_ends (fixture, "kill", 128 + SIGKILL, LS_END_SIGNAL, SIGKILL);
  assert_ends (fixture, "close", 0, LS_END_EXIT, 0);
}

static void
test_forwarded_signal (Fixture *fixture, gconstpointer data)
{
  const char *argv[] = { lockstitch, "record", "-o", "x.trace.jsonl", subject, "wait", NULL };
  g_autoptr (GError) error = NULL;
  GPid pid;
  int out;
  g_assert_true (g_spawn_async_with_pipes (fixture->folder, (char **) argv, NULL,
                                           G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDERR_TO_DEV_NULL,
                                           NULL, NULL, &pid, NULL, &out, NULL, &error));
  char ready[8] = "";
  for (gsize n = 0; n < 6;) {
    ssize_t got = read (out, ready + n, 6 - n);
    g_assert_cmpint (got, >, 0);
    n += (gsize) got;
  }
  g_assert_cmpstr (ready, ==, "ready\n");
  g_assert_cmpint (kill (pid, SIGTERM), ==, 0);
  int status;
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 128 + SIGTERM);
  close (out);
  Seen seen = see_trace (fixture, "x.trace.jsonl");
  g_assert_cmpint (seen.footer.how, ==, LS_END_SIGNAL);
  g_assert_cmpint (seen.footer.code, ==, SIGTERM);
  clear_seen (&seen);
}

/* The one file besides x.trace.jsonl, once it has its footer. */
static Seen
wait_for_other (Fixture *fixture)
{
  gint64 deadline = g_get_monotonic_time () + DEADLINE_S * G_USEC_PER_SEC;
  for (;;) {
    g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
    for (const char *name; (name = g_dir_read_name (dir));) {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
      g_autofree char *text = NULL;
      if (g_str_has_prefix (name, "x.") && strcmp (name, "x.trace.jsonl") != 0 &&
          g_file_get_contents (path, &text, NULL, NULL) && strstr (text, "\n{\"end\":"))
        return see_trace (fixture, name);
    }
    g_assert_cmpint (g_get_monotonic_time (), <, deadline);
    g_usleep (2000);
  }
}

static void
test_fork (Fixture *fixture, gconstpointer data)
{
  run_record (fixture, "-o", "x.trace.jsonl", subject, "fork", NULL);
  g_assert_cmpint (fixture->status, ==, 0);
  Seen parent = see_trace (fixture, "x.trace.jsonl");
  assert_work (&parent, 1, 10);
  g_assert_false (parent.partial);
  Seen child = wait_for_other (fixture);
  assert_work (&child, 1, 10);
  g_assert_true (child.partial);
  clear_seen (&parent);
  clear_seen (&child);
}

static void
test_exec (Fixture *fixture, gconstpointer data)
{
  run_record (fixture, "-o", "x.trace.jsonl", subject, "exec", NULL);
  g_assert_cmpint (fixture->status, ==, 0);
  Seen first = see_trace (fixture, "x.trace.jsonl");
  assert_work (&first, 1, 10);
  g_assert_cmpint (first.footer.how, ==, LS_END_EXEC);
  Seen second = wait_for_other (fixture);
  assert_work (&second, 1, 10);
  g_assert_cmpint (second.footer.how, ==, LS_END_EXIT);
  clear_seen (&first);
  clear_seen (&second);
}

static void
test_daemon (Fixture *fixture, gconstpointer data)
{
  /* record returns when the main process ends; the daemon's trace follows. */
  run_record (fixture, "-o", "x.trace.jsonl", subject, "daemon", "done", NULL);
  g_assert_cmpint (fixture->status, ==, 0);
  g_autofree char *done = g_build_filename (fixture->folder, "done", NULL);
  g_assert_true (g_file_set_contents (done, "", 0, NULL));
  Seen daemon = wait_for_other (fixture);
  g_assert_true (daemon.footer.how == LS_END_EXIT && daemon.footer.code == 0);
  g_assert_cmpuint (daemon.n_kind[LS_EV_CREATE], >=, 2);
  clear_seen (&daemon);
}

static void
test_no_program (Fixture *fixture, gconstpointer data)
{
  run_record (fixture, "./nowhere", NULL);
  g_assert_cmpint (fixture->status, ==, 127);
  g_assert_cmpstr (fixture->err, ==, "lockstitch: ./nowhere: there is no such program\n");
  run_record (fixture, "surely-no-such-program", NULL);
  g_assert_cmpint (fixture->status, ==, 127);
  g_autofree char *path = g_build_filename (fixture->folder, "text", NULL);
  g_assert_true (g_file_set_contents (path, "hello", -1, NULL));
  run_record (fixture, "./text", NULL);
  g_assert_cmpint (fixture->status, ==, 126);
  g_assert_cmpstr (fixture->err, ==, "lockstitch: ./text: is no executable program\n");
  run_record (fixture, "/", NULL);
  g_assert_cmpint (fixture->status, ==, 126);
  /* Executable by its mode, but the kernel refuses it; found only by trying. */
  g_assert_true (g_file_set_contents (path, "\177ELF junk", -1, NULL));
  g_assert_cmpint (g_chmod (path, 0755), ==, 0);
  run_record (fixture, "./text", NULL);
  g_assert_cmpint (fixture->status, !=, 0);
  g_assert_true (g_file_set_contents (path, "#!/nowhere/interpreter\n", -1, NULL));
  g_assert_cmpint (g_chmod (path, 0755), ==, 0);
  run_record (fixture, "-o", "y.trace.jsonl", "./text", NULL);
  g_assert_cmpint (fixture->status, ==, 127);
  g_autofree char *trace = g_build_filename (fixture->folder, "y.trace.jsonl", NULL);
  g_assert_false (g_file_test (trace, G_FILE_TEST_EXISTS));
}

static void
test_usage (Fixture *fixture, gconstpointer data)
{
  run_record (fixture, NULL);
  g_assert_cmpint (fixture->status, ==, 2);
  run_record (fixture, "--nonsense", "true", NULL);
  g_assert_cmpint (fixture->status, ==, 2);
  run_record (fixture, "--help", NULL);
  g_assert_cmpint (fixture->status, ==, 0);
  g_assert_nonnull (strstr (fixture->out, "--output"));
  /* The program's own options are not ours. */
  run_record (fixture, "sh", "-c", "echo \"$0\" \"$1\"", "-o", "--help", NULL);
  g_assert_cmpint (fixture->status, ==, 0);
  g_assert_cmpstr (fixture->out, ==, "-o --help\n");
}

static void
test_output (Fixture *fixture, gconstpointer data)
{
  run_record (fixture, "-o", ".", "sh", "-c", "echo ran", NULL);
  g_assert_cmpint (fixture->status, ==, 1);
  g_assert_cmpstr (fixture->out, ==, "");
  g_assert_nonnull (strstr (fixture->err, "is a folder"));
  run_record (fixture, "-o", "nowhere/x", "sh", "-c", "echo ran", NULL);
  g_assert_cmpint (fixture->status, ==, 1);
  g_assert_cmpstr (fixture->out, ==, "");
  run_record (fixture, "-o", "/dev/null", subject, "exit", "3", NULL);
  g_assert_cmpint (fixture->status, ==, 3);
  struct stat info;
  g_assert_cmpint (stat ("/dev/null", &info), ==, 0);
  g_assert_true (S_ISCHR (info.st_mode));
  /* A full disk ends the recording, not the program. */
  run_record (fixture, "-o", "/dev/full", subject, "threads", "20000", NULL);
  g_assert_cmpint (fixture->status, ==, 0);
  g_assert_nonnull (strstr (fixture->err, "the recording ends early: /dev/full"));
}

static void
test_streams (Fixture *fixture, gconstpointer data)
{
  g_autofree char *quoted = g_shell_quote (lockstitch);
  g_autofree char *command =
    g_strdup_printf ("echo text | %s record -o x.trace.jsonl -- sh -c 'cat; echo oops >&2; "
                     "echo ${LOCKSTITCH_NOTHING-unset}'",
                     quoted);
  char *argv[] = { (char *) "/bin/sh", (char *) "-c", command, NULL };
  run_argv (fixture, argv);
  g_assert_cmpint (fixture->status, ==, 0);
  g_assert_cmpstr (fixture->out, ==, "text\nunset\n");
  g_assert_true (g_str_has_prefix (fixture->err, "oops\n"));
}

/* A compressor's output is the same, recorded or not. */
static void
assert_same_output (Fixture *fixture, const char *program, const char *options)
{
  g_autofree char *found = g_find_program_in_path (program);
  if (!found) {
    g_test_skip (program);
    return;
  }
  g_autofree char *path = g_build_filename (fixture->folder, "input", NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; text->len < 4 << 20; i++)
    g_string_append_printf (text, "%u %u\n", i, i * 2654435761u);
  g_assert_true (g_file_set_contents (path, text->str, (gssize) text->len, NULL));
  g_autofree char *quoted = g_shell_quote (lockstitch);
  g_autofree char *command = g_strdup_printf (
    "%s %s -c input | cksum && %s record -o x.trace.jsonl -- %s %s -c input | cksum", program,
    options, quoted, program, options);
  char *argv[] = { (char *) "/bin/sh", (char *) "-c", command, NULL };
  run_argv (fixture, argv);
  g_assert_cmpint (fixture->status, ==, 0);
  g_auto (GStrv) lines = g_strsplit (fixture->out, "\n", -1);
  g_assert_cmpstr (lines[0], ==, lines[1]);
  Seen seen = see_trace (fixture, "x.trace.jsonl");
  g_assert_cmpuint (seen.n_threads, >=, 3);
  g_assert_cmpuint (seen.footer.lost, ==, 0);
  clear_seen (&seen);
}

static void
test_pigz (Fixture *fixture, gconstpointer data)
{
  assert_same_output (fixture, "pigz", "-p 4");
}

static void
test_xz (Fixture *fixture, gconstpointer data)
{
  assert_same_output (fixture, "xz", "-0 -T2 --block-size=1MiB");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  lockstitch = g_getenv ("LS_TEST_LOCKSTITCH");
  subject = g_getenv ("LS_TEST_SUBJECT");
#define ADD(name, func) g_test_add ("/record/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("plain", test_plain);
  ADD ("full-rate", test_full_rate);
  ADD ("exit-status", test_exit_status);
  ADD ("ends", test_ends);
  ADD ("forwarded-signal", test_forwarded_signal);
  ADD ("fork", test_fork);
  ADD ("exec", test_exec);
  ADD ("daemon", test_daemon);
  ADD ("no-program", test_no_program);
  ADD ("usage", test_usage);
  ADD ("output", test_output);
  ADD ("streams", test_streams);
  ADD ("pigz", test_pigz);
  ADD ("xz", test_xz);
  return g_test_run ();
}
