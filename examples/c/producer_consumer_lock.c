/* SPDX-License-Identifier: MIT */
/* producer_consumer_lock: a pipeline of one slot with two gates, each opened by the other thread
 * than the one that passed it. Look for the gates going back and forth. A semaphore may be given
 * back by anyone, so there is no finding; a pthread mutex may not be used this way. */
#define _GNU_SOURCE 1
#include <lockstitch.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>

#define N_MESSAGES 10
#define SENTINEL (-1)

static struct {
  sem_t may_get, may_set;
  int message;
} pipeline;

static void
set_message (int message)
{
  sem_wait (&pipeline.may_set);
  LOCKSTITCH_WRITE (pipeline.message, message);
  sem_post (&pipeline.may_get);
}

static int
get_message (void)
{
  sem_wait (&pipeline.may_get);
  int message = LOCKSTITCH_READ (pipeline.message);
  sem_post (&pipeline.may_set);
  return message;
}

static void *
produce (void *data)
{
  unsigned seed = 1;
  pthread_setname_np (pthread_self (), "producer");
  for (int i = 0; i < N_MESSAGES; i++) {
    int message = rand_r (&seed) % 100 + 1;
    printf ("producer: putting %d\n", message);
    set_message (message);
  }
  set_message (SENTINEL);
  return data;
}

static void *
consume (void *data)
{
  pthread_setname_np (pthread_self (), "consumer");
  for (int message = get_message (); message != SENTINEL; message = get_message ())
    printf ("consumer: got %d\n", message);
  return data;
}

int
main (void)
{
  pthread_t producer, consumer;
  sem_init (&pipeline.may_get, 0, 0);
  sem_init (&pipeline.may_set, 0, 1);
  LOCKSTITCH_VALUE (pipeline.message);
  if (pthread_create (&producer, NULL, produce, NULL) != 0)
    return 1;
  if (pthread_create (&consumer, NULL, consume, NULL) != 0)
    return 1;
  pthread_join (producer, NULL);
  pthread_join (consumer, NULL);
  sem_destroy (&pipeline.may_get);
  sem_destroy (&pipeline.may_set);
  return 0;
}
