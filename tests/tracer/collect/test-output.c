/* SPDX-License-Identifier: MIT */
/* Files of a recording: their names, and what is left when one cannot be written. */
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "output.h"
#include "shared.h"

typedef struct {
  char *folder, *path;
  LsOutput output;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  fixture->folder = g_dir_make_tmp ("lockstitch-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->folder, "prog.trace.jsonl", NULL);
  g_assert_true (ls_output_init (&fixture->output, fixture->path, &error));
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
  ls_output_clear (&fixture->output);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static void
assert_holds (Fixture *fixture, const char *name, const char *expected)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  g_autofree char *text = NULL;
  g_file_get_contents (path, &text, NULL, NULL);
  g_assert_cmpstr (text, ==, expected);
}

static void
put (Fixture *fixture, LsOutputFile *file, guint n_execs, const char *text)
{
  ls_output_write (&fixture->output, file, 42, n_execs, text, strlen (text));
}

static void
test_names (Fixture *fixture, gconstpointer data)
{
  assert_holds (fixture, "prog.trace.jsonl", NULL); /* nothing before there is something */
  LsOutputFile first, second, third;
  ls_output_file_init (&first);
  ls_output_file_init (&second);
  ls_output_file_init (&third);
  put (fixture, &first, 0, "a\n");
  put (fixture, &second, 1, "b\n");
  assert_holds (fixture, "prog.42.trace.jsonl", "a\n");
  assert_holds (fixture, "prog.42-1.trace.jsonl", "b\n");
  /* One gets the main name while it is being written; nobody after it does. */
  ls_output_claim (&fixture->output, &second);
  ls_output_claim (&fixture->output, &first);
  put (fixture, &second, 1, "c\n");
  put (fixture, &first, 0, "d\n");
  assert_holds (fixture, "prog.trace.jsonl", "b\nc\n");
  assert_holds (fixture, "prog.42-1.trace.jsonl", NULL);
  assert_holds (fixture, "prog.42.trace.jsonl", "a\nd\n");
  g_assert_true (second.has_main_name);
  g_assert_false (first.has_main_name);
  g_assert_cmpuint (fixture->output.n_files, ==, 2);
  ls_output_file_clear (&first);
  ls_output_file_clear (&second);
  ls_output_file_clear (&third);
}

static void
test_replaces (Fixture *fixture, gconstpointer data)
{
  /* Who reads the old trace keeps reading it. */
  g_assert_true (g_file_set_contents (fixture->path, "old\n", -1, NULL));
  g_autoptr (GMappedFile) old = g_mapped_file_new (fixture->path, FALSE, NULL);
  LsOutputFile file;
  ls_output_file_init (&file);
  ls_output_claim (&fixture->output, &file);
  put (fixture, &file, 0, "new\n");
  assert_holds (fixture, "prog.trace.jsonl", "new\n");
  g_assert_cmpmem (g_mapped_file_get_contents (old), 4, "old\n", 4);
  ls_output_file_clear (&file);
}

static void
test_link (Fixture *fixture, gconstpointer data)
{
  g_autofree char *target = g_build_filename (fixture->folder, "target", NULL);
  g_assert_true (g_file_set_contents (target, "old\n", -1, NULL));
  g_assert_cmpint (symlink ("target", fixture->path), ==, 0);
  LsOutput output;
  g_assert_true (ls_output_init (&output, fixture->path, NULL));
  LsOutputFile file;
  ls_output_file_init (&file);
  ls_output_claim (&output, &file);
  ls_output_write (&output, &file, 42, 0, "new\n", 4);
  g_assert_true (g_file_test (fixture->path, G_FILE_TEST_IS_SYMLINK));
  assert_holds (fixture, "target", "new\n");
  ls_output_file_clear (&file);
  ls_output_clear (&output);
}

static void
assert_refused (const char *path, const char *words)
{
  g_autoptr (GError) error = NULL;
  LsOutput output;
  g_assert_false (ls_output_init (&output, path, &error));
  g_assert_error (error, LS_COLLECT_ERROR, LS_COLLECT_ERROR_OUTPUT);
  g_assert_nonnull (strstr (error->message, words));
  ls_output_clear (&output);
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  assert_refused (fixture->folder, "is a folder");
  assert_refused ("/nowhere/x.trace.jsonl", "/nowhere: No such file");
}

static void
test_full (Fixture *fixture, gconstpointer data)
{
  /* A file that may not grow is like a disk that is full: the last line stays whole. */
  signal (SIGXFSZ, SIG_IGN);
  struct rlimit before, limit;
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  limit = before;
  limit.rlim_cur = 20;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  LsOutputFile file;
  ls_output_file_init (&file);
  ls_output_claim (&fixture->output, &file);
  put (fixture, &file, 0, "one\n");
  put (fixture, &file, 0, "two\nthree\nfour five six seven\n");
  put (fixture, &file, 0, "eight\n");
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  g_assert_true (fixture->output.has_failed);
  g_assert_nonnull (strstr (fixture->output.failure, "prog.trace.jsonl: "));
  assert_holds (fixture, "prog.trace.jsonl", "one\ntwo\nthree\n");
  ls_output_file_clear (&file);
}

static void
test_device (Fixture *fixture, gconstpointer data)
{
  LsOutput output;
  g_assert_true (ls_output_init (&output, "/dev/null", NULL));
  g_assert_true (output.in_place);
  LsOutputFile other;
  ls_output_file_init (&other);
  ls_output_write (&output, &other, 42, 0, "x\n", 2); /* nothing beside a device */
  g_assert_null (other.path);
  g_assert_false (output.has_failed);
  ls_output_file_clear (&other);
  ls_output_clear (&output);
}

static void
test_packed (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "a.trace.jsonl.zst", NULL);
  g_autofree char *own = g_build_filename (fixture->folder, "a.42.trace.jsonl.zst", NULL);
  LsOutput output;
  g_assert_true (ls_output_init (&output, path, NULL));
  g_assert_true (output.packing == LS_PACKING_ZSTD);
  g_autoptr (LsPacker) packer = ls_packer_new (output.packing);
  g_autoptr (GString) packed = g_string_new (NULL);
  LsOutputFile file;
  ls_output_file_init (&file);
  ls_packer_add (packer, "a\n", 2, packed);
  ls_output_write (&output, &file, 42, 0, packed->str, packed->len);
  g_assert_true (g_file_test (own, G_FILE_TEST_EXISTS));
  ls_output_claim (&output, &file);
  goffset end = file.bytes;
  ls_output_write (&output, &file, 42, 0, packed->str, packed->len - 1);
  ls_output_file_clear (&file);
  ls_output_clear (&output);

  /* Who takes over goes on behind the last whole frame. */
  g_assert_true (ls_output_init (&output, path, NULL));
  ls_output_file_init (&file);
  g_assert_true (ls_output_reopen (&output, &file, 42, 0, true));
  g_assert_cmpint (file.bytes, ==, end);
  ls_output_file_clear (&file);
  ls_output_clear (&output);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/output/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("packed", test_packed);
  ADD ("names", test_names);
  ADD ("replaces", test_replaces);
  ADD ("link", test_link);
  ADD ("refused", test_refused);
  ADD ("full", test_full);
  ADD ("device", test_device);
  return g_test_run ();
}
