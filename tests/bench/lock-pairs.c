/* SPDX-License-Identifier: MIT */
/**
 * What locking costs: two threads lock and unlock in bursts, and rest in between so that whatever
 * records them can catch up. Run it bare and under a recorder, and compare.
 *
 *   lock-pairs [--pairs N] [--rounds N] [--pause MS] [--only CASE]
 *
 * prints for each case the median and the lowest time of a pair over the rounds, in ns:
 *   private     each thread has a lock of its own
 *   contended   both use the same, and add to a number with it
 *   section     both use the same, and spend 1 us with it and 1 us without
 * A contended round counts only if the lock went from one to the other at every tenth pair at least:
 * where the two did not run side by side there was nothing to contend for. How many such rounds
 * there were is said on stderr.
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
  _Alignas(128) pthread_mutex_t lock;
  const void *holder; /* the last one's work */
  unsigned n_handovers;
} Lock;

typedef enum {
  PRIVATE,
  CONTENDED,
  SECTION
} Kind;

typedef struct {
  Kind kind;
  Lock *lock;
  pthread_barrier_t *barrier;
  _Atomic unsigned *n_begun; /* threads that began a round, all rounds together */
  unsigned n_pairs, n_rounds, pause_ms;
  double *ns;            /* of each round; 0 where it does not count */
  unsigned *n_handovers; /* at each round's end */
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
  Lock *lock = work->lock;

  switch (work->kind) {
  case PRIVATE:
    for (unsigned i = 0; i < work->n_pairs; i++) {
      pthread_mutex_lock (&lock->lock);
      pthread_mutex_unlock (&lock->lock);
    }
    break;
  case CONTENDED:
    for (unsigned i = 0; i < work->n_pairs; i++) {
      pthread_mutex_lock (&lock->lock);
      lock->n_handovers += lock->holder != work;
      lock->holder = work;
      pthread_mutex_unlock (&lock->lock);
    }
    break;
  case SECTION:
    for (unsigned i = 0; i < work->n_pairs; i++) {
      pthread_mutex_lock (&lock->lock);
      spin_us ();
      pthread_mutex_unlock (&lock->lock);
      spin_us ();
    }
    break;
  }
}

/* The two wake up one after the other; whoever is first waits for the other to run. */
static void
begin_round (const Work *work, unsigned round)
{
  pthread_barrier_wait (work->barrier);
  atomic_fetch_add (work->n_begun, 1);
  for (double until = now_ns () + 1e6;
       atomic_load (work->n_begun) < N_THREADS * (round + 1) && now_ns () < until;)
    ;
}

static void *
run (void *data)
{
  const Work *work = data;
  struct timespec rest = { work->pause_ms / 1000, work->pause_ms % 1000 * 1000000 };

  for (unsigned round = 0; round < work->n_rounds; round++) {
    begin_round (work, round);
    double before = now_ns ();
    run_pairs (work);
    work->ns[round] = (now_ns () - before) / work->n_pairs;
    pthread_barrier_wait (work->barrier);
    work->n_handovers[round] = work->lock->n_handovers;
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

/* Takes out the rounds of a contended case in which there was no contention; how many are left. */
static size_t
keep_contended (const Work *work, size_t n)
{
  size_t n_kept = 0;

  for (size_t i = 0; i < n; i++) {
    unsigned round = (unsigned) (i % work->n_rounds);
    unsigned before = round > 0 ? work->n_handovers[round - 1] : 0;
    if (work->n_handovers[round] - before >= N_THREADS * work->n_pairs / 10)
      work->ns[n_kept++] = work->ns[i];
  }
  fprintf (stderr, "contended: %zu of %zu rounds count\n", n_kept, n);
  return n_kept;
}

static void
measure (const char *name, const Work *base, Kind kind)
{
  static Lock locks[N_THREADS];
  static pthread_t threads[N_THREADS];
  Work work[N_THREADS];
  pthread_barrier_t barrier;
  _Atomic unsigned n_begun = 0;
  size_t n = (size_t) base->n_rounds * N_THREADS;
  double *ns = calloc (n, sizeof *ns);
  unsigned *n_handovers = calloc (n, sizeof *n_handovers);

  if (!ns || !n_handovers)
    exit (1);
  memset (locks, 0, sizeof locks);
  pthread_barrier_init (&barrier, NULL, N_THREADS);
  for (unsigned i = 0; i < N_THREADS; i++) {
    work[i] = *base;
    work[i].kind = kind;
    if (kind == SECTION)
      work[i].n_pairs = base->n_pairs / 20;
    work[i].lock = &locks[kind == PRIVATE ? i : 0];
    work[i].barrier = &barrier;
    work[i].n_begun = &n_begun;
    work[i].ns = ns + (size_t) i * base->n_rounds;
    work[i].n_handovers = n_handovers + (size_t) i * base->n_rounds;
    if (pthread_create (&threads[i], NULL, run, &work[i]) != 0)
      exit (1);
  }
  for (unsigned i = 0; i < N_THREADS; i++)
    pthread_join (threads[i], NULL);
  if (kind == CONTENDED)
    n = keep_contended (&work[0], n);
  qsort (ns, n, sizeof *ns, compare);
  if (n > 0)
    printf ("%s median %.1f lowest %.1f\n", name, ns[n / 2], ns[0]);
  else
    printf ("%s median nan lowest nan\n", name);
  fflush (stdout);
  free (n_handovers);
  free (ns);
}

int
main (int argc, char **argv)
{
  static const char *const names[] = { "private", "contended", "section" };
  Work base = { .n_pairs = 20000, .n_rounds = 40, .pause_ms = 10 };
  const char *only = NULL;

  for (int i = 1; i + 1 < argc; i += 2) {
    unsigned value = (unsigned) strtoul (argv[i + 1], NULL, 10);
    if (strcmp (argv[i], "--pairs") == 0)
      base.n_pairs = value < 20 ? 20 : value;
    else if (strcmp (argv[i], "--rounds") == 0)
      base.n_rounds = value < 1 ? 1 : value;
    else if (strcmp (argv[i], "--pause") == 0)
      base.pause_ms = value;
    else if (strcmp (argv[i], "--only") == 0)
      only = argv[i + 1];
  }
  for (Kind kind = PRIVATE; kind <= SECTION; kind++)
    if (!only || strcmp (only, names[kind]) == 0)
      measure (names[kind], &base, kind);
  return 0;
}
