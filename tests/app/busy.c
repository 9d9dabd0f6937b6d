/* SPDX-License-Identifier: MIT */
/* A program to be killed: threads that lock and write values, and that count every call of theirs
 * that has returned in a file, where the count outlives them. SIGTERM ends it in good order.
 *
 *   busy FILE N_THREADS     FILE: the process id, then a line of counts for each thread */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lockstitch.h"

#define MAX_THREADS 16

/* What test-kills.py reads. */
typedef struct {
  _Alignas(64) _Atomic uint64_t acquired;
  _Atomic uint64_t written, released;
} Counts;

static struct {
  Counts main; /* its first number is the process id instead */
  Counts threads[MAX_THREADS];
} * file;

static atomic_bool told_to_end;
static pthread_mutex_t shared_lock = PTHREAD_MUTEX_INITIALIZER;
static int shared;

static void
bump (_Atomic uint64_t *count)
{
  atomic_fetch_add_explicit (count, 1, memory_order_relaxed);
}

static void *
work (void *data)
{
  Counts *counts = data;
  pthread_mutex_t own_lock = PTHREAD_MUTEX_INITIALIZER;
  int own = 0;

  for (unsigned i = 0; !atomic_load_explicit (&told_to_end, memory_order_relaxed); i++) {
    pthread_mutex_t *lock = i % 16 ? &own_lock : &shared_lock;
    int *value = i % 16 ? &own : &shared;
    pthread_mutex_lock (lock);
    bump (&counts->acquired);
    LOCKSTITCH_WRITE (*value, (int) i);
    bump (&counts->written);
    pthread_mutex_unlock (lock);
    bump (&counts->released);
  }
  return NULL;
}

int
main (int argc, char **argv)
{
  int fd = argc == 3 ? open (argv[1], O_RDWR | O_CREAT, 0600) : -1;
  int n_threads = argc == 3 ? atoi (argv[2]) : 0;
  if (fd < 0 || n_threads < 1 || n_threads > MAX_THREADS || ftruncate (fd, sizeof *file) != 0)
    return 2;
  file = mmap (NULL, sizeof *file, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (file == MAP_FAILED)
    return 2;
  atomic_store (&file->main.acquired, (uint64_t) getpid ());
  pthread_t threads[MAX_THREADS];
  sigset_t term;
  int number;
  sigemptyset (&term);
  sigaddset (&term, SIGTERM);
  pthread_sigmask (SIG_BLOCK, &term, NULL);
  for (int i = 0; i < n_threads; i++)
    if (pthread_create (&threads[i], NULL, work, &file->threads[i]) != 0)
      return 2;
  sigwait (&term, &number);
  atomic_store (&told_to_end, true);
  for (int i = 0; i < n_threads; i++)
    if (pthread_join (threads[i], NULL) != 0)
      return 2;
  return 9;
}
