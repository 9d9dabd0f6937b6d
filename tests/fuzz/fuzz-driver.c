/* SPDX-License-Identifier: MIT */
/**
 * Runs a fuzz target without a fuzzer: on each file of the folder given, which holds every input
 * that ever broke it, and on each of them cut at many places and with single bytes changed. One
 * TAP line a file.
 */
#include <glib.h>
#include <stdio.h>

#include "fuzz.h"

#define N_CUTS 64
#define N_CHANGES 256

static void
run_changed (const char *bytes, gsize n, GRand *rand)
{
  static const char interesting[] = "{}[]\",:0123456789-+.eE\\u\n\r\t '/tfn\x80\xff\xc3";

  for (int i = 0; i < N_CHANGES && n > 0; i++) {
    g_autofree char *copy = g_memdup2 (bytes, n);
    for (int j = g_rand_int_range (rand, 1, 4); j > 0; j--)
      copy[g_rand_int_range (rand, 0, (gint32) n)] =
        interesting[g_rand_int_range (rand, 0, sizeof interesting)];
    LLVMFuzzerTestOneInput ((const uint8_t *) copy, n);
  }
}

static void
run_file (const char *path, GRand *rand)
{
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize n;

  if (!g_file_get_contents (path, &bytes, &n, &error))
    g_error ("%s", error->message);
  LLVMFuzzerTestOneInput ((const uint8_t *) bytes, n);
  for (gsize i = 0; i < N_CUTS; i++)
    LLVMFuzzerTestOneInput ((const uint8_t *) bytes, n * i / N_CUTS);
  run_changed (bytes, n, rand);
}

int
main (int argc, char **argv)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  g_autoptr (GError) error = NULL;
  const char *name;
  int n_files = 0;

  if (argc != 2) {
    fprintf (stderr, "usage: %s CORPUS-FOLDER\n", argv[0]);
    return 2;
  }
  g_autoptr (GDir) dir = g_dir_open (argv[1], 0, &error);
  if (!dir)
    g_error ("%s", error->message);
  while ((name = g_dir_read_name (dir))) {
    g_autofree char *path = g_build_filename (argv[1], name, NULL);
    run_file (path, rand);
    printf ("ok %d - %s\n", ++n_files, name);
    fflush (stdout);
  }
  printf ("1..%d\n", n_files);
  return 0;
}
