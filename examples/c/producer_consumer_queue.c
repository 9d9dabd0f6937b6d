/* SPDX-License-Identifier: MIT */
/* producer_consumer_queue: the pipeline as a bounded queue, and a flag that stops both ends. Look
 * for the queue's count as steps, the producer's waits where it is full, and the consumer's where
 * it is empty. */
#define _GNU_SOURCE 1
#include <lockstitch.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CAPACITY 4

static struct {
  pthread_mutex_t lock;
  pthread_cond_t not_full, not_empty;
  int messages[CAPACITY];
  int head, n;
  bool stop;
} queue = {
  .lock = PTHREAD_MUTEX_INITIALIZER,
  .not_full = PTHREAD_COND_INITIALIZER,
  .not_empty = PTHREAD_COND_INITIALIZER,
};

/* False when the queue was stopped before there was room. */
static bool
put (int message)
{
  pthread_mutex_lock (&queue.lock);
  while (queue.n == CAPACITY && !queue.stop)
    pthread_cond_wait (&queue.not_full, &queue.lock);
  bool done = !queue.stop;
  if (done) {
    queue.messages[(queue.head + queue.n++) % CAPACITY] = message;
    lockstitch_count ("queue", queue.n);
    pthread_cond_signal (&queue.not_empty);
  }
  pthread_mutex_unlock (&queue.lock);
  return done;
}

/* False when the queue is stopped and empty. */
static bool
get (int *message, int *n_left)
{
  pthread_mutex_lock (&queue.lock);
  while (queue.n == 0 && !queue.stop)
    pthread_cond_wait (&queue.not_empty, &queue.lock);
  bool done = queue.n > 0;
  if (done) {
    *message = queue.messages[queue.head];
    queue.head = (queue.head + 1) % CAPACITY;
    *n_left = --queue.n;
    lockstitch_count ("queue", queue.n);
    pthread_cond_signal (&queue.not_full);
  }
  pthread_mutex_unlock (&queue.lock);
  return done;
}

static void *
produce (void *data)
{
  unsigned seed = 1;
  int message = 0;
  pthread_setname_np (pthread_self (), "producer");
  usleep (20000); /* the consumer finds the queue empty */
  do {
    message = rand_r (&seed) % 100 + 1;
    printf ("producer: putting %d\n", message);
  } while (put (message));
  printf ("producer: stopped\n");
  return data;
}

static void *
consume (void *data)
{
  int message = 0, n_left = 0;
  pthread_setname_np (pthread_self (), "consumer");
  while (get (&message, &n_left)) {
    printf ("consumer: got %d, %d left\n", message, n_left);
    usleep (10000); /* slower than the producer, which finds the queue full */
  }
  printf ("consumer: stopped\n");
  return data;
}

int
main (void)
{
  pthread_t producer, consumer;
  if (pthread_create (&consumer, NULL, consume, NULL) != 0)
    return 1;
  if (pthread_create (&producer, NULL, produce, NULL) != 0)
    return 1;
  usleep (100000);
  printf ("main: stopping both\n");
  pthread_mutex_lock (&queue.lock);
  queue.stop = true;
  pthread_cond_broadcast (&queue.not_full);
  pthread_cond_broadcast (&queue.not_empty);
  pthread_mutex_unlock (&queue.lock);
  pthread_join (producer, NULL);
  pthread_join (consumer, NULL);
  return 0;
}
