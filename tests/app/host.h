/* SPDX-License-Identifier: MIT */
/* A program to be recorded that does one thing that is hard on a recorder, named by its first
 * argument. What it locked it counts in the file that HOST_COUNT names, for test-hosts.py. */
#pragma once

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

/* Fails in a way that no recorder can be meant by. */
#define MUST(condition)                           \
  do {                                            \
    if (!(condition))                             \
      host_fail (__FILE__, __LINE__, #condition); \
  } while (0)

typedef struct {
  const char *name;
  int (*run) (void);
} HostCase;

/* Each list ends with an empty entry. */
extern const HostCase host_limit_cases[], host_end_cases[], host_many_cases[];

__attribute__ ((noreturn)) void host_fail (const char *file, int line, const char *condition);
extern char **host_argv;

/* Locks and unlocks the mutex `counted`, and counts that. */
void host_pair (void);
/* A thread's start function: some pairs. */
void *host_pairs (void *data);
/* Creates threads that do host_pairs(), and joins them. */
void host_threads (int n_threads);
/* The same, of one thread with `attr`. */
void host_thread (const pthread_attr_t *attr);
/* Forks, runs the function in the child, which exits with what it returns; waits for it. */
int host_in_child (int (*run) (void));
