/* SPDX-License-Identifier: MIT */
/* deadlock_predicted: the same two locks in opposite order, but one thread is late, and nothing
 * hangs. Look for the possible deadlock, and the order of events that would have hung. It happens
 * in deadlock.c. */
#define _GNU_SOURCE 1
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t right = PTHREAD_MUTEX_INITIALIZER;

static void
take_both (const char *name, pthread_mutex_t *first, pthread_mutex_t *second)
{
  pthread_mutex_lock (first);
  printf ("%s: has one lock\n", name);
  pthread_mutex_lock (second);
  printf ("%s: has both\n", name);
  pthread_mutex_unlock (second);
  pthread_mutex_unlock (first);
}

static void *
work_left (void *data)
{
  pthread_setname_np (pthread_self (), "left-handed");
  take_both ("left-handed", &left, &right);
  return data;
}

static void *
work_right (void *data)
{
  pthread_setname_np (pthread_self (), "right-handed");
  usleep (100000); /* luck: nothing but time keeps it behind the other */
  take_both ("right-handed", &right, &left);
  return data;
}

int
main (void)
{
  pthread_t first, second;
  if (pthread_create (&first, NULL, work_left, NULL) != 0)
    return 1;
  if (pthread_create (&second, NULL, work_right, NULL) != 0)
    return 1;
  pthread_join (first, NULL);
  pthread_join (second, NULL);
  return 0;
}
