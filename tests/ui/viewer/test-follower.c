/* SPDX-License-Identifier: MIT */
/* A trace that is followed comes to what it is when opened whole, however it was written meanwhile. */
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "await.h"
#include "follower.h"
#include "pack.h"

#define SAMPLE SAMPLES "/examples/thread_pool.trace.jsonl"

typedef struct {
  char *folder, *path;
  char *text; /* of the whole trace */
  gsize n;
  LsFollower *follower;
  LsTrace *trace; /* the last that was told of */
  guint n_findings, n_told;
  guint32 n_wanted;
} Follow;

static void
on_followed (LsFollower *follower, LsTrace *trace, GPtrArray *findings, Follow *follow)
{
  g_clear_pointer (&follow->trace, ls_trace_unref);
  follow->trace = ls_trace_ref (trace);
  follow->n_findings = findings->len;
  follow->n_told++;
}

static void
put (const char *path, const char *bytes, gsize n, const char *mode)
{
  FILE *file = g_fopen (path, mode);
  g_assert_nonnull (file);
  g_assert_cmpuint (fwrite (bytes, 1, n, file), ==, n);
  fclose (file);
}

/* Follows a file that has the first `n` bytes so far. */
static void
start (Follow *follow, const char *name, const char *bytes, gsize n)
{
  *follow = (Follow){ .folder = g_dir_make_tmp ("lockstitch-XXXXXX", NULL) };
  g_assert_true (g_file_get_contents (SAMPLE, &follow->text, &follow->n, NULL));
  follow->path = g_build_filename (follow->folder, name, NULL);
  put (follow->path, bytes ? bytes : follow->text, n, "w");
  g_autoptr (LsTrace) trace = ls_trace_open (follow->path, NULL, NULL, NULL, NULL);
  g_assert_nonnull (trace);
  g_assert_true (ls_trace_get_info (trace)->cut);
  follow->follower = ls_follower_new (follow->path, (goffset) n, trace);
  g_signal_connect (follow->follower, "followed", G_CALLBACK (on_followed), follow);
}

static gboolean
is_ended (gpointer data)
{
  Follow *follow = data;
  return follow->trace && !ls_trace_get_info (follow->trace)->cut;
}

static gboolean
has_wanted (gpointer data)
{
  Follow *follow = data;
  return follow->trace && ls_trace_get_n_events (follow->trace) == follow->n_wanted;
}

/* What is shown at last is what is there when all of it is opened. */
static void
end (Follow *follow)
{
  g_assert_true (await (is_ended, follow));
  g_autoptr (LsTrace) whole = ls_trace_open (SAMPLE, NULL, NULL, NULL, NULL);
  g_autoptr (GPtrArray) findings = ls_trace_compute_findings (whole, NULL, NULL, NULL, NULL, NULL);
  LsTrace *trace = follow->trace;
  g_assert_cmpuint (follow->n_findings, ==, findings->len);
  g_assert_cmpuint (ls_trace_get_n_events (trace), ==, ls_trace_get_n_events (whole));
  g_assert_cmpuint (ls_trace_get_n_threads (trace), ==, ls_trace_get_n_threads (whole));
  g_assert_cmpuint (ls_trace_get_n_objects (trace), ==, ls_trace_get_n_objects (whole));
  g_assert_cmpint (ls_trace_get_info (trace)->end_ns, ==, ls_trace_get_info (whole)->end_ns);
  for (uint32_t i = 0; i < ls_trace_get_n_objects (whole); i++)
    g_assert_cmpstr (ls_trace_get_object (trace, i)->name, ==,
                     ls_trace_get_object (whole, i)->name);
  for (uint32_t k = 0; k < ls_trace_get_n_events (whole); k++) {
    LsEvent a, b;
    ls_trace_get_event (trace, k, &a);
    ls_trace_get_event (whole, k, &b);
    g_assert_true (a.ts_ns == b.ts_ns && a.thread == b.thread && a.ev == b.ev &&
                   a.object == b.object && a.source == b.source);
  }
  g_assert_false (ls_follower_is_growing (follow->follower));
  g_object_unref (follow->follower);
  ls_trace_unref (follow->trace);
  g_unlink (follow->path);
  g_assert_cmpint (g_rmdir (follow->folder), ==, 0);
  g_free (follow->text);
  g_free (follow->path);
  g_free (follow->folder);
}

static gboolean
is_told_of (gpointer data)
{
  return ((Follow *) data)->n_told > 0;
}

/* Pieces that end anywhere, in the middle of a line mostly. */
static void
test_pieces (void)
{
  for (int i = 0; i < 4; i++) {
    Follow follow;
    gsize at = 400;
    start (&follow, "a.trace.jsonl", NULL, at);
    while (at < follow.n) {
      gsize n = (gsize) g_test_rand_int_range (1, (gint32) follow.n / 2);
      n = MIN (n, follow.n - at);
      put (follow.path, follow.text + at, n, "a");
      at += n;
      follow.n_told = 0;
      g_assert_true (is_ended (&follow) || await (is_told_of, &follow));
    }
    end (&follow);
  }
}

/* Emptied and written anew; for a moment it is no trace at all. */
static void
test_truncated (void)
{
  Follow follow;
  start (&follow, "a.trace.jsonl", NULL, 3000);
  put (follow.path, "", 0, "w");
  put (follow.path, "{\"lo", 4, "a");
  for (gint64 until = g_get_monotonic_time () + 600000; g_get_monotonic_time () < until;)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (follow.n_told, ==, 0);
  put (follow.path, follow.text + 4, follow.n - 4, "a");
  end (&follow);
}

/* Another file of the same size takes its place; one that has an end, or not. */
static void
test_replaced (void)
{
  Follow follow;
  static const char other[] = "{\"lockstitch\":1}\n{\"ts\":1,\"tid\":1,\"ev\":\"yield\"}\n"
                              "{\"ts\":2,\"tid\":1,\"ev\":\"yield\"}\n";
  gsize n = strlen (other);
  start (&follow, "a.trace.jsonl", other, n);
  g_autofree char *beside = g_build_filename (follow.folder, "b", NULL);
  g_autofree char *same = g_strdup (other);
  memcpy (strstr (same, "\n{\"ts\":2") + 1, "xxxxx", 5); /* one event less */
  put (beside, same, n, "w");
  g_assert_cmpint (g_rename (beside, follow.path), ==, 0);
  follow.n_wanted = 1;
  g_assert_true (await (has_wanted, &follow));
  put (beside, follow.text, follow.n, "w");
  g_assert_cmpint (g_rename (beside, follow.path), ==, 0);
  end (&follow);
}

/* Packed, member by member, and with half of one at the end for a while. */
static void
check_packed (LsPacking packing, const char *name)
{
  Follow follow;
  g_autofree char *text = NULL;
  gsize n;
  g_assert_true (g_file_get_contents (SAMPLE, &text, &n, NULL));
  g_autoptr (LsPacker) packer = ls_packer_new (packing);
  g_autoptr (GString) first = g_string_new (NULL);
  g_autoptr (GString) rest = g_string_new (NULL);
  ls_packer_add (packer, text, 2000, first);
  ls_packer_add (packer, text + 2000, 1000, rest);
  ls_packer_add (packer, text + 3000, n - 3000, rest);
  start (&follow, name, first->str, first->len);
  put (follow.path, rest->str, rest->len / 2, "a");
  g_assert_true (await (is_told_of, &follow));
  put (follow.path, rest->str + rest->len / 2, rest->len - rest->len / 2, "a");
  end (&follow);
}

static void
test_packed (void)
{
  check_packed (LS_PACKING_GZIP, "a.trace.jsonl.gz");
  check_packed (LS_PACKING_ZSTD, "a.trace.jsonl.zst");
}

int
main (int argc, char **argv)
{
  init_tests (&argc, &argv);
  g_test_add_func ("/follower/pieces", test_pieces);
  g_test_add_func ("/follower/truncated", test_truncated);
  g_test_add_func ("/follower/replaced", test_replaced);
  g_test_add_func ("/follower/packed", test_packed);
  return g_test_run ();
}
