/* SPDX-License-Identifier: MIT */
/* join: one thread beside main, joined. Look for main's dotted wait, and the arrow that ends it,
 * from the thread's finish. Not joined in single_thread.c. */
#define _GNU_SOURCE 1
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static void *
work (void *unused)
{
  pthread_setname_np (pthread_self (), "worker");
  puts ("worker: starting");
  sleep (2);
  puts ("worker: finishing");
  return NULL;
}

int
main (void)
{
  pthread_t worker;
  puts ("main: creating the thread");
  if (pthread_create (&worker, NULL, work, NULL) != 0)
    return 1;
  puts ("main: waiting for the thread to finish");
  pthread_join (worker, NULL);
  puts ("main: all done");
  return 0;
}
