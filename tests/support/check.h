/* SPDX-License-Identifier: MIT */
/* A small TAP writer for tests that are to link nothing: check() as often as needed, then return
 * check_done() from main. */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int check_count;
static int check_failures;

static inline __attribute__ ((format (printf, 2, 3))) bool
check (bool holds, const char *format, ...)
{
  va_list args;

  printf ("%s %d - ", holds ? "ok" : "not ok", ++check_count);
  va_start (args, format);
  vprintf (format, args);
  va_end (args);
  putchar ('\n');
  fflush (stdout);
  check_failures += !holds;
  return holds;
}

/* Both texts, line by line, when they differ. */
static inline bool
check_text (const char *what, const char *seen, const char *wanted)
{
  bool same = strcmp (seen, wanted) == 0;

  if (!same) {
    const char *texts[] = { wanted, seen }, *labels[] = { "wanted", "seen  " };
    for (int i = 0; i < 2; i++)
      for (const char *line = texts[i]; *line;) {
        size_t n = strcspn (line, "\n");
        printf ("# %s: %.*s\n", labels[i], (int) n, line);
        line += n + (line[n] == '\n');
      }
  }
  return check (same, "%s", what);
}

static inline int
check_done (void)
{
  printf ("1..%d\n", check_count);
  return check_failures ? 1 : 0;
}
