/* SPDX-License-Identifier: MIT */
/* Packing: what comes out is what went in, and where a file that was cut ends. */
#include <string.h>
#include <unistd.h>

#include "pack.h"

#define N_PIECES 5

static const LsPacking packings[] = { LS_PACKING_GZIP, LS_PACKING_ZSTD };

static char *
dup_piece (guint number)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < number * number * 10000; i++)
    g_string_append_printf (text, "line %u of %u\n", i, number);
  return g_strdup (text->str);
}

static void
unpack (LsPacking packing, const GString *packed, GString *text)
{
  g_autoptr (LsUnpacker) unpacker = ls_unpacker_new (packing);
  char out[5000];
  for (gsize at = 0;;) {
    gsize n_in = packed->len - at, n_out = sizeof out;
    ls_unpacker_run (unpacker, packed->str + at, &n_in, out, &n_out);
    if (n_in == 0 && n_out == 0)
      break;
    at += n_in;
    g_string_append_len (text, out, (gssize) n_out);
  }
  ls_unpacker_end (unpacker);
  g_assert_cmpstr (ls_unpacker_get_damage (unpacker), ==, NULL);
}

static gint64
find_end (LsPacking packing, const GString *packed, gsize n_bytes)
{
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("lockstitch-XXXXXX", &path, NULL);
  g_assert_cmpint (fd, >=, 0);
  unlink (path);
  g_assert_cmpint (write (fd, packed->str, n_bytes), ==, (gssize) n_bytes);
  gint64 end = ls_packing_find_end (packing, fd);
  close (fd);
  return end;
}

static void
test_pieces (gconstpointer data)
{
  LsPacking packing = *(const LsPacking *) data;
  g_autoptr (LsPacker) packer = ls_packer_new (packing);
  g_autoptr (GString) text = g_string_new (NULL), packed = g_string_new (NULL),
                      back = g_string_new (NULL);
  gsize ends[N_PIECES];
  for (guint i = 0; i < N_PIECES; i++) {
    g_autofree char *piece = dup_piece (i);
    g_string_append (text, piece);
    ls_packer_add (packer, piece, strlen (piece), packed);
    ends[i] = packed->len;
  }
  g_assert_cmpuint (packed->len, <, text->len / 4);
  g_assert_true (ls_packing_find (packed->str, packed->len) == packing);
  unpack (packing, packed, back);
  g_assert_cmpmem (back->str, back->len, text->str, text->len);
  for (guint i = 0; i < N_PIECES; i++) {
    g_assert_cmpint (find_end (packing, packed, ends[i]), ==, (gint64) ends[i]);
    g_assert_cmpint (find_end (packing, packed, ends[i] - 1), ==, i > 0 ? (gint64) ends[i - 1] : 0);
  }
  /* Something else after the second one. */
  memset (packed->str + ends[1], 'x', 100);
  g_assert_cmpint (find_end (packing, packed, packed->len), ==, (gint64) ends[1]);
}

static void
test_names (void)
{
  g_assert_true (ls_packing_from_name ("/a/b.trace.jsonl") == LS_PACKING_NONE);
  g_assert_true (ls_packing_from_name ("/a.gz/b.trace.jsonl") == LS_PACKING_NONE);
  g_assert_true (ls_packing_from_name ("/a/b.trace.jsonl.gz") == LS_PACKING_GZIP);
  g_assert_true (ls_packing_from_name ("b.zst") == LS_PACKING_ZSTD);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/pack/gzip", &packings[0], test_pieces);
  g_test_add_data_func ("/pack/zstd", &packings[1], test_pieces);
  g_test_add_func ("/pack/names", test_names);
  return g_test_run ();
}
