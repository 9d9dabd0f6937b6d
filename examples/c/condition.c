/* SPDX-License-Identifier: MIT */
/* condition: one thread waits until a flag is set, another sets it and signals. Look for the wait
 * and the signal that ends it. The wait is in a loop, under the lock that guards the flag: it does
 * not matter who comes first. Broken in condition_broken.c. */
#define _GNU_SOURCE 1
#include <lockstitch.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

static struct {
  pthread_mutex_t lock;
  pthread_cond_t cond;
  bool flag;
} ready = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false };

static void *
wait_for_it (void *data)
{
  pthread_setname_np (pthread_self (), "waiter");
  pthread_mutex_lock (&ready.lock);
  while (!LOCKSTITCH_READ (ready.flag)) {
    printf ("waiter: waiting\n");
    pthread_cond_wait (&ready.cond, &ready.lock);
  }
  pthread_mutex_unlock (&ready.lock);
  printf ("waiter: there it is\n");
  return data;
}

static void *
signal_it (void *data)
{
  pthread_setname_np (pthread_self (), "signaller");
  usleep (100000);
  pthread_mutex_lock (&ready.lock);
  LOCKSTITCH_WRITE (ready.flag, true);
  printf ("signaller: signalling\n");
  pthread_cond_signal (&ready.cond);
  pthread_mutex_unlock (&ready.lock);
  return data;
}

int
main (void)
{
  pthread_t waiter, signaller;
  LOCKSTITCH_VALUE (ready.flag);
  if (pthread_create (&waiter, NULL, wait_for_it, NULL) != 0)
    return 1;
  if (pthread_create (&signaller, NULL, signal_it, NULL) != 0)
    return 1;
  pthread_join (waiter, NULL);
  pthread_join (signaller, NULL);
  return 0;
}
