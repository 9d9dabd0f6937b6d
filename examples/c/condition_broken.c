/* SPDX-License-Identifier: MIT */
/* condition_broken: the signal comes before anyone waits for it, and is lost: the waiter, which
 * asks no flag, waits until the alarm ends the program. Look for the lost wake-up. Mended in
 * condition.c. */
#define _GNU_SOURCE 1
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static struct {
  pthread_mutex_t lock;
  pthread_cond_t cond;
} ready = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER };

static void *
wait_for_it (void *data)
{
  pthread_setname_np (pthread_self (), "waiter");
  usleep (100000); /* late */
  pthread_mutex_lock (&ready.lock);
  printf ("waiter: waiting\n");
  pthread_cond_wait (&ready.cond, &ready.lock);
  pthread_mutex_unlock (&ready.lock);
  printf ("waiter: there it is\n");
  return data;
}

static void *
signal_it (void *data)
{
  pthread_setname_np (pthread_self (), "signaller");
  pthread_mutex_lock (&ready.lock);
  printf ("signaller: signalling\n");
  pthread_cond_signal (&ready.cond);
  pthread_mutex_unlock (&ready.lock);
  return data;
}

int
main (void)
{
  pthread_t waiter, signaller;
  setvbuf (stdout, NULL, _IOLBF, 0); /* the alarm would take what is not yet written */
  alarm (1);
  if (pthread_create (&waiter, NULL, wait_for_it, NULL) != 0)
    return 1;
  if (pthread_create (&signaller, NULL, signal_it, NULL) != 0)
    return 1;
  pthread_join (signaller, NULL);
  pthread_join (waiter, NULL);
  return 0;
}
