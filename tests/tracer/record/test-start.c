/* SPDX-License-Identifier: MIT */
/* Programs that start their own recording, by call or by the environment, with the real collector
 * beside them. */
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static char directory[256];

static bool
run (const char *name)
{
  char file[512];
  int status = 0;

  snprintf (file, sizeof file, "%s/%s.trace.jsonl", directory, name);
  fflush (NULL);
  pid_t child = fork ();
  if (child == 0) {
    const char *subject = getenv ("LS_TEST_START");
    if (strncmp (name, "environment", strlen ("environment")) == 0)
      setenv ("LOCKSTITCH_TRACE", file, 1);
    if (strcmp (name, "environment-options") == 0)
      setenv ("LOCKSTITCH_KEEP_LAST", "1M", 1);
    alarm (60);
    execl (subject, subject, name, file, NULL);
    _exit (127);
  }
  return waitpid (child, &status, 0) == child && WIFEXITED (status) && WEXITSTATUS (status) == 0;
}

/* Collectors may still be about to end. */
static void
clean_up (void)
{
  char command[512];

  snprintf (command, sizeof command, "rm -rf '%s'", directory);
  if (system (command) != 0)
    printf ("# %s is left behind\n", directory);
}

int
main (void)
{
  const char *parent = getenv ("TMPDIR");

  snprintf (directory, sizeof directory, "%s/lockstitch-start-XXXXXX", parent ? parent : "/tmp");
  if (!mkdtemp (directory))
    return 1;
  unsetenv ("LOCKSTITCH_TRACE");
  unsetenv ("LOCKSTITCH_REGION");
  check (run ("start-stop"), "a program records itself, and its children stay its own");
  check (run ("twice"), "twice into one file");
  check (run ("relative"), "into a relative path");
  check (run ("no-stdio"), "without standard streams");
  check (run ("threads"), "from a thread, with others there before");
  check (run ("fork-between"), "and forks");
  check (run ("killed"),
         "a collector that is killed keeps nobody waiting, and another one may be started");
  check (run ("environment-killed"), "nor does one that the environment asked for");
  check (run ("environment-options"), "the environment says how");
  check (run ("environment"), "LOCKSTITCH_TRACE records a linked program");
  check (run ("environment-exec"), "and what it starts joins it");
  clean_up ();
  return check_done ();
}
