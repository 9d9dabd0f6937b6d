/* SPDX-License-Identifier: MIT */
/* race_condition_fixed: the same two threads, with a lock held from the read to the write. The
 * value ends at 2. Look for the second thread's wait, and the hand-over arrow that ends it: there
 * is no finding. Broken in race_condition.c. */
#define _GNU_SOURCE 1
#include <lockstitch.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#define N_THREADS 2

static struct {
  pthread_mutex_t lock;
  int value;
} database = { .lock = PTHREAD_MUTEX_INITIALIZER };

static void *
update (void *data)
{
  int who = (int) (intptr_t) data;
  char name[16];
  snprintf (name, sizeof name, "executor-%d", who);
  pthread_setname_np (pthread_self (), name);
  printf ("executor-%d: starting update\n", who);
  printf ("executor-%d: about to lock\n", who);
  pthread_mutex_lock (&database.lock);
  printf ("executor-%d: has the lock\n", who);
  int copy = LOCKSTITCH_READ (database.value);
  copy += 1;
  usleep (100000);
  LOCKSTITCH_WRITE (database.value, copy);
  printf ("executor-%d: about to release the lock\n", who);
  pthread_mutex_unlock (&database.lock);
  printf ("executor-%d: finishing update\n", who);
  return NULL;
}

int
main (void)
{
  pthread_t threads[N_THREADS];
  LOCKSTITCH_VALUE (database.value);
  printf ("main: the value is %d\n", database.value);
  for (int i = 0; i < N_THREADS; i++)
    if (pthread_create (&threads[i], NULL, update, (void *) (intptr_t) i) != 0)
      return 1;
  for (int i = 0; i < N_THREADS; i++)
    pthread_join (threads[i], NULL);
  printf ("main: the value is %d\n", database.value);
  return 0;
}
