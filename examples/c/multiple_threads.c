/* SPDX-License-Identifier: MIT */
/* multiple_threads: three threads, started in a loop and joined in the same order. Look for the
 * starts, which are in order, and the finishes, which are not: the one started first takes longest,
 * and main's joins of the others find them finished. */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#define N_THREADS 3

static void *
work (void *data)
{
  int who = (int) (intptr_t) data;
  char name[16];
  snprintf (name, sizeof name, "worker-%d", who);
  pthread_setname_np (pthread_self (), name);
  printf ("Thread %d: starting\n", who);
  usleep ((useconds_t) (N_THREADS - who) * 150000);
  printf ("Thread %d: finishing\n", who);
  return NULL;
}

int
main (void)
{
  pthread_t threads[N_THREADS];
  for (int i = 0; i < N_THREADS; i++) {
    printf ("Main    : create and start thread %d\n", i);
    pthread_create (&threads[i], NULL, work, (void *) (intptr_t) i);
  }
  for (int i = 0; i < N_THREADS; i++) {
    printf ("Main    : before joining thread %d\n", i);
    pthread_join (threads[i], NULL);
    printf ("Main    : thread %d done\n", i);
  }
  return 0;
}
