/* SPDX-License-Identifier: MIT */
/* active_threads: which threads are there, while they come and go. Look for the active threads
 * counter: it agrees with what the program prints and counts itself. */
#include <lockstitch.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>

#define N_THREADS 3

static pthread_barrier_t started;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int n_dismissed;

static void *
work (void *data)
{
  int who = (int) (intptr_t) data;
  char name[16];
  snprintf (name, sizeof name, "worker-%d", who);
  pthread_setname_np (pthread_self (), name);
  pthread_barrier_wait (&started);
  pthread_mutex_lock (&lock);
  while (n_dismissed <= who)
    pthread_cond_wait (&changed, &lock);
  pthread_mutex_unlock (&lock);
  return NULL;
}

static void
enumerate (int first)
{
  printf ("%d active: main", N_THREADS - first + 1);
  for (int i = first; i < N_THREADS; i++)
    printf (", worker-%d", i);
  printf ("\n");
  lockstitch_count ("active", N_THREADS - first + 1);
}

int
main (void)
{
  pthread_t threads[N_THREADS];
  pthread_barrier_init (&started, NULL, N_THREADS + 1);
  for (int i = 0; i < N_THREADS; i++)
    pthread_create (&threads[i], NULL, work, (void *) (intptr_t) i);
  pthread_barrier_wait (&started);
  enumerate (0);
  for (int i = 0; i < N_THREADS; i++) {
    pthread_mutex_lock (&lock);
    n_dismissed = i + 1;
    pthread_cond_broadcast (&changed);
    pthread_mutex_unlock (&lock);
    pthread_join (threads[i], NULL);
    enumerate (i + 1);
  }
  pthread_barrier_destroy (&started);
  return 0;
}
