/* SPDX-License-Identifier: MIT */
/* barrier: three threads, three rounds; none begins a round before all have ended the last. Look
 * for the rounds: whoever comes last lets the others go. */
#define _GNU_SOURCE 1
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#define N_THREADS 3
#define N_ROUNDS 3

static pthread_barrier_t meeting;

static void *
work (void *data)
{
  int who = (int) (intptr_t) data;
  char name[16];
  snprintf (name, sizeof name, "walker-%d", who);
  pthread_setname_np (pthread_self (), name);
  for (int round = 1; round <= N_ROUNDS; round++) {
    usleep ((useconds_t) ((who + round) % N_THREADS + 1) * 20000);
    printf ("walker-%d: at the end of round %d\n", who, round);
    pthread_barrier_wait (&meeting);
  }
  return NULL;
}

int
main (void)
{
  pthread_t threads[N_THREADS];
  pthread_barrier_init (&meeting, NULL, N_THREADS);
  for (int i = 0; i < N_THREADS; i++)
    if (pthread_create (&threads[i], NULL, work, (void *) (intptr_t) i) != 0)
      return 1;
  for (int i = 0; i < N_THREADS; i++)
    pthread_join (threads[i], NULL);
  pthread_barrier_destroy (&meeting);
  return 0;
}
