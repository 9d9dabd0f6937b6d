/* SPDX-License-Identifier: MIT */
/* What the recorded test programs share. Each is told by its argument which case to play, and
 * exits with 0 when all calls gave what they are to give. */
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#ifdef __cplusplus
#  include <atomic>
typedef std::atomic<int> AtomicInt;
#else
#  include <stdatomic.h>
typedef _Atomic int AtomicInt;
#endif

/* What must hold; says which did not and ends the program. */
#define MUST(holds)                                                                            \
  do {                                                                                         \
    if (!(holds)) {                                                                            \
      fprintf (stderr, "# %s:%d: not so: %s (errno %d)\n", __FILE__, __LINE__, #holds, errno); \
      _exit (1);                                                                               \
    }                                                                                          \
  } while (0)

typedef struct {
  const char *name;
  void (*run) (void);
} Case;

static inline int
run_case (const Case *cases, size_t n, int argc, char **argv)
{
  for (size_t i = 0; i < n; i++)
    if (argc > 1 && strcmp (argv[1], cases[i].name) == 0) {
      cases[i].run ();
      return 0;
    }
  fprintf (stderr, "# no such case\n");
  return 2;
}

static inline pthread_t
start_thread (void *(*run) (void *) )
{
  pthread_t thread;
  MUST (pthread_create (&thread, NULL, run, NULL) == 0);
  return thread;
}

static inline void
join_thread (pthread_t thread)
{
  MUST (pthread_join (thread, NULL) == 0);
}

/* Sleeps without calling anything that is recorded. */
static inline void
pause_ms (long ms)
{
  struct timespec time = { ms / 1000, ms % 1000 * 1000000 };
  syscall (SYS_nanosleep, &time, NULL);
}

/* A thread tells its tid here just before it blocks; wait_until_asleep returns once it does. */
static AtomicInt sleeper;

static inline void
about_to_sleep (void)
{
  atomic_store (&sleeper, (int) syscall (SYS_gettid));
}

static inline void
wait_until_asleep (void)
{
  for (int ms = 0; ms < 20000; ms++) {
    char path[64], line[512] = "";
    int tid = atomic_load (&sleeper);
    snprintf (path, sizeof path, "/proc/self/task/%d/stat", tid);
    int fd = tid ? open (path, O_RDONLY) : -1;
    if (fd >= 0) {
      MUST (read (fd, line, sizeof line - 1) > 0);
      close (fd);
    }
    const char *state = strrchr (line, ')');
    if (state && state[2] == 'S') {
      atomic_store (&sleeper, 0);
      return;
    }
    pause_ms (1);
  }
  MUST (!"a thread went to sleep");
}

/* A time that has passed, and one that will not. */
static inline struct timespec
past (void)
{
  struct timespec time = { 0, 0 };
  return time;
}

static inline struct timespec
future (clockid_t clock)
{
  struct timespec time;
  clock_gettime (clock, &time);
  time.tv_sec += 3600;
  return time;
}
