/* SPDX-License-Identifier: MIT */
/**
 * What locking costs: two threads lock and unlock in bursts, and rest in between so that whatever
 * records them can catch up. Run it bare and under a recorder, and compare.
 *
 *   lock-pairs [--pairs N] [--rounds N] [--pause MS]
 *
 * prints for each case the median and the lowest time of a pair over the rounds, in ns:
 *   private     each thread has a lock of its own
 *   contended   both use the same
 *   section     both use the same, and spend 1 us with it and 1 us without
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define N_THREADS 2

typedef struct {
  pthread_mutex_t *lock;
  pthread_barrier_t *barrier;
  bool has_section;
  unsigned n_pairs, n_rounds, pause_ms;
  double *ns; /* of each round */
} Work;

static double
now_ns (void)
{
  struct timespec now;
  clock_gettime (CLOCK_MONOTONIC, &now);
  return (double) now.tv_sec * 1e9 + (double) now.tv_nsec;
}

static void
spin_us (void)
{
  double until = now_ns () + 1000;
  while (now_ns () < until)
    ;
}

static void
run_pairs (const Work *work)
{
  if (!work->has_section) {
    for (unsigned i = 0; i < work->n_pairs; i++) {
      pthread_mutex_lock (work->lock);
      pthread_mutex_unlock (work->lock);
    }
    return;
  }
  for (unsigned i = 0; i < work->n_pairs / 20; i++) {
    pthread_mutex_lock (work->lock);
    spin_us ();
    pthread_mutex_unlock (work->lock);
    spin_us ();
  }
}

static void *
run (void *data)
{
  const Work *work = data;
  struct timespec rest = { work->pause_ms / 1000, work->pause_ms % 1000 * 1000000 };

  for (unsigned round = 0; round < work->n_rounds; round++) {
    pthread_barrier_wait (work->barrier);
    double before = now_ns ();
    run_pairs (work);
    work->ns[round] =
      (now_ns () - before) / (work->has_section ? work->n_pairs / 20 : work->n_pairs);
    nanosleep (&rest, NULL);
  }
  return NULL;
}

static int
compare (const void *a, const void *b)
{
  const double *x = a, *y = b;
  return (*x > *y) - (*x < *y);
}

static void
measure (const char *name, const Work *base, bool is_private, bool has_section)
{
  static pthread_mutex_t locks[N_THREADS][8]; /* a cache line and more apart */
  pthread_t threads[N_THREADS];
  pthread_barrier_t barrier;
  Work work[N_THREADS];
  double *ns = calloc ((size_t) base->n_rounds * N_THREADS, sizeof *ns);

  if (!ns)
    exit (1);
  pthread_barrier_init (&barrier, NULL, N_THREADS);
  for (unsigned i = 0; i < N_THREADS; i++) {
    work[i] = *base;
    work[i].lock = &locks[is_private ? i : 0][0];
    work[i].barrier = &barrier;
    work[i].has_section = has_section;
    work[i].ns = ns + (size_t) i * base->n_rounds;
    if (pthread_create (&threads[i], NULL, run, &work[i]) != 0)
      exit (1);
  }
  for (unsigned i = 0; i < N_THREADS; i++)
    pthread_join (threads[i], NULL);
  size_t n = (size_t) base->n_rounds * N_THREADS;
  qsort (ns, n, sizeof *ns, compare);
  printf ("%s median %.1f lowest %.1f\n", name, ns[n / 2], ns[0]);
  fflush (stdout);
  free (ns);
}

int
main (int argc, char **argv)
{
  Work base = { .n_pairs = 20000, .n_rounds = 40, .pause_ms = 10 };

  for (int i = 1; i + 1 < argc; i += 2) {
    unsigned value = (unsigned) strtoul (argv[i + 1], NULL, 10);
    if (strcmp (argv[i], "--pairs") == 0)
      base.n_pairs = value < 20 ? 20 : value;
    else if (strcmp (argv[i], "--rounds") == 0)
      base.n_rounds = value < 1 ? 1 : value;
    else if (strcmp (argv[i], "--pause") == 0)
      base.pause_ms = value;
  }
  measure ("private", &base, true, false);
  measure ("contended", &base, false, false);
  measure ("section", &base, false, true);
  return 0;
}
