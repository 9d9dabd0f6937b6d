/* SPDX-License-Identifier: MIT */
/* The hosts' common part; see host.h. */
#include "host.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

#define N_PAIRS 100

char **host_argv;
static pthread_mutex_t counted = PTHREAD_MUTEX_INITIALIZER;
static _Atomic uint64_t nowhere, *count = &nowhere;

void
host_fail (const char *file, int line, const char *condition)
{
  char text[256];
  int n = snprintf (text, sizeof text, "%s:%d: not so: %s\n", file, line, condition);
  ssize_t written = write (2, text, (size_t) n);
  _exit (written < 0 ? 98 : 99);
}

void
host_pair (void)
{
  MUST (pthread_mutex_lock (&counted) == 0);
  atomic_fetch_add (count, 1);
  MUST (pthread_mutex_unlock (&counted) == 0);
}

void *
host_pairs (void *data)
{
  for (int i = 0; i < N_PAIRS; i++)
    host_pair ();
  return NULL;
}

void
host_thread (const pthread_attr_t *attr)
{
  pthread_t thread;
  MUST (pthread_create (&thread, attr, host_pairs, NULL) == 0);
  MUST (pthread_join (thread, NULL) == 0);
}

void
host_threads (int n_threads)
{
  pthread_t threads[64];
  MUST (n_threads <= 64);
  for (int i = 0; i < n_threads; i++)
    MUST (pthread_create (&threads[i], NULL, host_pairs, NULL) == 0);
  for (int i = 0; i < n_threads; i++)
    MUST (pthread_join (threads[i], NULL) == 0);
}

int
host_in_child (int (*run) (void))
{
  int status = 0;
  pid_t child = fork ();
  MUST (child >= 0);
  if (child == 0)
    exit (run ());
  MUST (waitpid (child, &status, 0) == child);
  return WIFEXITED (status) ? WEXITSTATUS (status) : 128 + WTERMSIG (status);
}

static void
open_count (void)
{
  const char *path = getenv ("HOST_COUNT");
  int fd = path ? open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;
  if (fd < 0)
    return;
  MUST (ftruncate (fd, sizeof *count) == 0);
  count = mmap (NULL, sizeof *count, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  MUST (count != MAP_FAILED);
  close (fd);
}

int
main (int argc, char **argv)
{
  host_argv = argv;
  open_count ();
  const HostCase *lists[] = { host_limit_cases, host_end_cases, host_many_cases };
  for (size_t i = 0; argc > 1 && i < sizeof lists / sizeof *lists; i++)
    for (const HostCase *each = lists[i]; each->name; each++)
      if (strcmp (each->name, argv[1]) == 0)
        return each->run ();
  return 97;
}
