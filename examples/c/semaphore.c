/* SPDX-License-Identifier: MIT */
/* semaphore: two may enter, three want to. Look for the count going 2, 1, 0, and for the third
 * thread waiting until one of the others leaves. */
#define _GNU_SOURCE 1
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#define N_THREADS 3

static sem_t places;

static void *
work (void *data)
{
  int who = (int) (intptr_t) data;
  char name[16];
  snprintf (name, sizeof name, "guest-%d", who);
  pthread_setname_np (pthread_self (), name);
  printf ("guest-%d: waiting for a place\n", who);
  sem_wait (&places);
  printf ("guest-%d: in\n", who);
  usleep (100000);
  printf ("guest-%d: leaving\n", who);
  sem_post (&places);
  return NULL;
}

int
main (void)
{
  pthread_t threads[N_THREADS];
  sem_init (&places, 0, 2);
  for (int i = 0; i < N_THREADS; i++)
    if (pthread_create (&threads[i], NULL, work, (void *) (intptr_t) i) != 0)
      return 1;
  for (int i = 0; i < N_THREADS; i++)
    pthread_join (threads[i], NULL);
  sem_destroy (&places);
  return 0;
}
