/* SPDX-License-Identifier: MIT */
/* Starts a program in all the ways there are, and prints what came of each. Arguments: the program's
 * path, its name to be found through PATH. */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *path, *name, *base; /* base: the same in `folder` */
static int folder;

static void
run (int way)
{
  char *argv[] = { "x", "exit", "3", NULL };
  char *envp[] = { "EMPTY=", NULL };
  switch (way) {
  case 0:
    execl (path, "x", "exit", "3", (char *) NULL);
    break;
  case 1:
    execlp (name, "x", "exit", "3", (char *) NULL);
    break;
  case 2:
    execle (path, "x", "exit", "3", (char *) NULL, envp);
    break;
  case 3:
    execv (path, argv);
    break;
  case 4:
    execve (path, argv, envp);
    break;
  case 5:
    execvp (name, argv);
    break;
  case 6:
    execvpe (name, argv, envp);
    break;
  case 7:
    fexecve (open (path, O_RDONLY), argv, envp);
    break;
  case 8:
    execveat (folder, base, argv, envp, 0);
    break;
  case 9:
    execveat (open (path, O_RDONLY | O_CLOEXEC), "", argv, envp, AT_EMPTY_PATH);
    break;
  case 10:
    execl ("/nowhere/at-all", "x", (char *) NULL);
    break;
  default:
    execvp ("surely-no-such-program", argv);
  }
  _exit (errno);
}

static __attribute__ ((noinline)) pid_t
start_forked (int way)
{
  pid_t child = fork ();
  if (child == 0)
    run (way);
  return child;
}

static __attribute__ ((noinline)) pid_t
start_vforked (int way)
{
  pid_t child = vfork ();
  if (child == 0)
    run (way);
  return child;
}

static void
tell (const char *how, int way, pid_t child)
{
  int status = 0;
  waitpid (child, &status, 0);
  printf ("%s %d: %d\n", how, way, WIFEXITED (status) ? WEXITSTATUS (status) : -1);
}

int
main (int argc, char **argv)
{
  if (argc < 3)
    return 2;
  path = argv[1];
  name = argv[2];
  base = strrchr (path, '/') + 1;
  char *parent = strndup (path, (size_t) (base - path));
  folder = open (parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  free (parent);
  for (int way = 0; way < 12; way++) {
    tell ("fork", way, start_forked (way));
    tell ("vfork", way, start_vforked (way));
  }
  char *arguments[] = { "x", "exit", "4", NULL };
  pid_t child;
  extern char **environ;
  if (posix_spawn (&child, path, NULL, NULL, arguments, environ) == 0)
    tell ("spawn", 0, child);
  if (posix_spawnp (&child, name, NULL, NULL, arguments, environ) == 0)
    tell ("spawn", 1, child);
  if (posix_spawn (NULL, path, NULL, NULL, arguments, environ) == 0)
    tell ("spawn", 2, -1);
  printf ("spawn 3: %s\n",
          strerror (posix_spawn (&child, "/nowhere/at-all", NULL, NULL, arguments, environ)));
  fflush (stdout);
  execv (path, arguments);
  return 1;
}
