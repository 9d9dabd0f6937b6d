/* SPDX-License-Identifier: MIT */
/* What recording adds to a lock pair: lock-pairs bare, and recorded into a region whose chunks are
 * emptied at once, without a collector's other work. Names lock-pairs' path as its argument. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mini.h"

#define MAX_CASES 8

typedef struct {
  char name[32];
  double median, lowest;
} Result;

static int
read_results (int fd, Result *results)
{
  FILE *file = fdopen (fd, "r");
  int n = 0;

  while (file && n < MAX_CASES &&
         fscanf (file, "%31s median %lf lowest %lf", results[n].name, &results[n].median,
                 &results[n].lowest) == 3)
    n++;
  if (file)
    fclose (file);
  return n;
}

static int
run (const char *path, Mini *mini, Result *results)
{
  const char *argv[] = { path, NULL };
  int out[2], kept = dup (1);

  if (pipe (out) != 0 || dup2 (out[1], 1) < 0)
    return 0;
  close (out[1]);
  if (!mini) {
    if (fork () == 0) {
      execv (path, (char *const *) argv);
      _exit (127);
    }
  } else {
    mini_start (mini, argv);
  }
  dup2 (kept, 1);
  close (kept);
  if (mini)
    mini_discard (mini);
  else
    wait (NULL);
  return read_results (out[0], results);
}

int
main (int argc, char **argv)
{
  Result bare[MAX_CASES], recorded[MAX_CASES];
  Mini mini;

  if (argc < 2)
    return 2;
  int n = run (argv[1], NULL, bare);
  mini_open (&mini, 256);
  if (n == 0 || run (argv[1], &mini, recorded) != n)
    return 1;
  printf ("%-10s %10s %10s %10s %8s   (ns a pair, median; lowest)\n", "", "bare", "recorded",
          "added", "times");
  for (int i = 0; i < n; i++)
    printf ("%-10s %10.1f %10.1f %10.1f %8.2f   (%.1f %.1f %.1f)\n", bare[i].name, bare[i].median,
            recorded[i].median, recorded[i].median - bare[i].median,
            recorded[i].median / bare[i].median, bare[i].lowest, recorded[i].lowest,
            recorded[i].lowest - bare[i].lowest);
  mini_close (&mini);
  return 0;
}
