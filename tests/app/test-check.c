/* SPDX-License-Identifier: MIT */
/* `lockstitch check` as its users meet it: what it prints, where, and its exit status. */
#include <string.h>

#include <gio/gio.h>
#include <glib/gstdio.h>

typedef struct {
  char *out, *err;
  int code;
} Run;

static void
clear_run (Run *run)
{
  g_free (run->out);
  g_free (run->err);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, clear_run)

static Run
check (const char *const *args)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  Run run = { 0 };
  int status;
  g_ptr_array_add (argv, (gpointer) g_getenv ("LS_TEST_LOCKSTITCH"));
  g_ptr_array_add (argv, (gpointer) "check");
  for (gsize i = 0; args[i]; i++)
    g_ptr_array_add (argv, (gpointer) args[i]);
  g_ptr_array_add (argv, NULL);
  g_spawn_sync (NULL, (char **) argv->pdata, NULL, G_SPAWN_DEFAULT, NULL, NULL, &run.out, &run.err,
                &status, &error);
  g_assert_no_error (error);
  g_assert_true (WIFEXITED (status));
  run.code = WEXITSTATUS (status);
  return run;
}

#define CHECK(...) check ((const char *const[]){ __VA_ARGS__, NULL })

static char *
dup_sample (void)
{
  return g_build_filename (g_getenv ("LS_SAMPLES"), "mockup.trace.jsonl", NULL);
}

/* A file with these lines; free with remove_file(). */
static char *
make_file (const char *text)
{
  g_autoptr (GError) error = NULL;
  char *path;
  int fd = g_file_open_tmp ("check-XXXXXX.trace.jsonl", &path, &error);
  g_assert_no_error (error);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  return path;
}

static void
remove_file (char *path)
{
  g_unlink (path);
  g_free (path);
}

static void
assert_has (const char *text, const char *part)
{
  if (!strstr (text, part))
    g_error ("'%s' is not in:\n%s", part, text);
}

#define CLEAN                                                                                      \
  "{\"lockstitch\":1}\n{\"object\":1,\"kind\":\"value\",\"name\":\"x\"}\n"                         \
  "{\"ts\":1,\"tid\":1,\"ev\":\"write\",\"obj\":1,\"val\":1}\n{\"end\":2,\"events\":1,\"lost\":0," \
  "\"exit\":0}\n"

#define RACE                                                    \
  "{\"ts\":1,\"tid\":1,\"ev\":\"write\",\"obj\":1,\"val\":1}\n" \
  "{\"ts\":2,\"tid\":2,\"ev\":\"write\",\"obj\":1,\"val\":2}\n"

static void
test_findings (void)
{
  g_autofree char *sample = dup_sample ();
  g_auto (Run) run = CHECK (sample);
  g_assert_cmpint (run.code, ==, 3);
  g_assert_cmpstr (run.err, ==, "");
  assert_has (run.out,
              "mockup.trace.jsonl: 1 error · ended normally · 3 threads, 30 events, nothing "
              "lost\n");
  assert_has (run.out, "Lost update on database.value (error, happened)\n");
  assert_has (run.out,
              "executor-1 read 0, executor-0 then wrote 1, and executor-1 wrote 1 from its "
              "stale 0: one of two increments is gone.");
  assert_has (run.out, "race_condition.c:24");
  assert_has (run.out, "No lock was held from the read to the write.");
  assert_has (run.out, "Hold one lock over lines 21 to 24 in both threads.");
  g_assert_null (strchr (run.out, '\033')); /* no terminal, no colour */
}

static void
test_clean (void)
{
  char *path = make_file (CLEAN);
  g_auto (Run) run = CHECK (path);
  g_assert_cmpint (run.code, ==, 0);
  assert_has (run.out, "No finding among what was recorded · ended normally · 1 thread, 1 event, "
                       "nothing lost\n");
  remove_file (path);
}

static void
test_several (void)
{
  g_autofree char *sample = dup_sample ();
  char *clean = make_file (CLEAN);
  g_auto (Run) both = CHECK (clean, sample, clean);
  g_assert_cmpint (both.code, ==, 3);
  assert_has (both.out, "No finding");
  assert_has (both.out, "Lost update");
  g_auto (Run) missing = CHECK (sample, "/nowhere/at.all", clean);
  g_assert_cmpint (missing.code, ==, 1);
  assert_has (missing.out, "Lost update"); /* what can be read is checked all the same */
  assert_has (missing.out, "No finding");
  assert_has (missing.err, "lockstitch: ");
  assert_has (missing.err, "/nowhere/at.all");
  remove_file (clean);
}

static void
test_unreadable (void)
{
  char *path = make_file ("\x7f"
                          "ELF and other things\n");
  g_auto (Run) run = CHECK (path);
  g_assert_cmpint (run.code, ==, 1);
  g_assert_cmpstr (run.out, ==, "");
  assert_has (run.err, ":1:");
  remove_file (path);
}

static void
test_usage (void)
{
  g_autofree char *sample = dup_sample ();
  g_auto (Run) none = check ((const char *const[]){ NULL });
  g_assert_cmpint (none.code, ==, 2);
  g_auto (Run) format = CHECK ("--format=xml", sample);
  g_assert_cmpint (format.code, ==, 2);
  g_auto (Run) option = CHECK ("--no-such", sample);
  g_assert_cmpint (option.code, ==, 2);
  g_auto (Run) help = CHECK ("--help");
  g_assert_cmpint (help.code, ==, 0);
  assert_has (help.out, "--suspected");
}

/* The problems of the lines go to stderr, each with its line, and not all of a thousand. */
static void
test_problems (void)
{
  g_autoptr (GString) text = g_string_new ("{\"lockstitch\":1}\n" RACE);
  for (int i = 0; i < 50; i++)
    g_string_append (text, "{\"ts\":-1,\"tid\":1,\"ev\":\"yield\"}\n");
  char *path = make_file (text->str);
  g_auto (Run) run = CHECK ("--suspected", path); /* what orders the two may be in those lines */
  g_autofree char *line = g_strdup_printf ("lockstitch: %s:4: ", path);
  g_assert_cmpint (run.code, ==, 3);
  assert_has (run.out, "some of its lines could not be read");
  assert_has (run.err, line);
  assert_has (run.err, " more");
  assert_has (run.out, "50 lines unread");
  g_auto (GStrv) lines = g_strsplit (run.err, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), <, 30);
  remove_file (path);
}

static void
test_suspected (void)
{
  char *path = make_file ("{\"lockstitch\":1,\"partial\":true}\n" RACE);
  g_auto (Run) sure = CHECK (path);
  g_assert_cmpint (sure.code, ==, 0);
  assert_has (sure.out, "No finding");
  assert_has (sure.out, "--suspected");
  g_auto (Run) all = CHECK ("--suspected", path);
  g_assert_cmpint (all.code, ==, 3);
  assert_has (all.out, "suspected");
  assert_has (all.out, "the recording is partial");
  remove_file (path);
}

static void
test_json (void)
{
  g_autofree char *sample = dup_sample ();
  char *clean = make_file (CLEAN);
  g_auto (Run) run = CHECK ("--format=json", sample, clean);
  g_assert_cmpint (run.code, ==, 3);
  const char *parts[] = { "\"kind\": \"lost-update\"",
                          "\"kind\": \"data-race\"",
                          "\"certainty\": \"happened\"",
                          "\"file\": \"race_condition.c\"",
                          "\"line\": 24",
                          "\"findings\": []",
                          "\"sentence\": \"executor-1 read",
                          "\"parent\": 0" };
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    assert_has (run.out, parts[i]);
  g_assert_cmpint (run.out[0], ==, '[');
  remove_file (clean);
}

/* A name in a trace is data: it never reaches the terminal as a command. */
static void
test_escapes (void)
{
  char *path = make_file ("{\"lockstitch\":1}\n"
                          "{\"object\":1,\"kind\":\"value\",\"name\":\"x\\u001b[2Jy\\nz\"}\n"
                          "{\"thread\":1,\"name\":\"\\u001b]0;t\\u0007\\u009b1m\"}\n" RACE);
  g_auto (Run) run = CHECK (path);
  g_assert_cmpint (run.code, ==, 3);
  g_assert_null (strchr (run.out, '\033'));
  g_assert_null (strchr (run.out, '\a'));
  g_assert_null (strstr (run.out, "\xc2\x9b"));
  remove_file (path);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/check/findings", test_findings);
  g_test_add_func ("/check/clean", test_clean);
  g_test_add_func ("/check/several", test_several);
  g_test_add_func ("/check/unreadable", test_unreadable);
  g_test_add_func ("/check/usage", test_usage);
  g_test_add_func ("/check/problems", test_problems);
  g_test_add_func ("/check/suspected", test_suspected);
  g_test_add_func ("/check/json", test_json);
  g_test_add_func ("/check/escapes", test_escapes);
  return g_test_run ();
}
