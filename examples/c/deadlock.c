/* SPDX-License-Identifier: MIT */
/* deadlock: two locks, taken in opposite order. Each thread has one and waits for the other; after
 * a second the alarm ends the program. Look for the ring, and for both waits running to the end of
 * the trace. It did not happen, but could have, in deadlock_predicted.c. */
#define _GNU_SOURCE 1
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t right = PTHREAD_MUTEX_INITIALIZER;

static void
take_both (const char *name, pthread_mutex_t *first, pthread_mutex_t *second)
{
  pthread_setname_np (pthread_self (), name);
  pthread_mutex_lock (first);
  printf ("%s: has one lock\n", name);
  usleep (100000);
  printf ("%s: wants the other\n", name);
  pthread_mutex_lock (second);
  printf ("%s: has both\n", name);
  pthread_mutex_unlock (second);
  pthread_mutex_unlock (first);
}

static void *
work_left (void *data)
{
  take_both ("left-handed", &left, &right);
  return data;
}

static void *
work_right (void *data)
{
  take_both ("right-handed", &right, &left);
  return data;
}

int
main (void)
{
  pthread_t first, second;
  setvbuf (stdout, NULL, _IOLBF, 0); /* the alarm would take what is not yet written */
  alarm (1);
  if (pthread_create (&first, NULL, work_left, NULL) != 0)
    return 1;
  if (pthread_create (&second, NULL, work_right, NULL) != 0)
    return 1;
  pthread_join (first, NULL);
  pthread_join (second, NULL);
  return 0;
}
