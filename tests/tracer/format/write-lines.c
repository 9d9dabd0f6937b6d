/* SPDX-License-Identifier: MIT */
/* Prints random lines as the writer writes them: write-lines SEED N. For check-schema.py. */
#include <stdio.h>
#include <stdlib.h>

#include "lines.h"
#include "writer.h"

int
main (int argc, char **argv)
{
  if (argc != 3)
    return 2;

  g_autoptr (GRand) rand = g_rand_new_with_seed ((guint32) atoi (argv[1]));
  g_autoptr (GPtrArray) strings = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) text = g_string_new (NULL);

  for (int n = atoi (argv[2]); n > 0; n--) {
    LsLine line;
    lines_make (rand, strings, &line);
    ls_write_line (text, &line);
  }
  return fwrite (text->str, 1, text->len, stdout) == text->len ? 0 : 1;
}
