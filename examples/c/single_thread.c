/* SPDX-License-Identifier: MIT */
/* single_thread: one thread beside main, not joined. Look for main going on while the thread
 * sleeps: its lane ends long before the thread's, and the program ends only with its last thread.
 * Joined in join.c. */
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
  pthread_detach (worker);
  puts ("main: going on without it");
  puts ("main: all done");
  /* A return would end the thread with the program. */
  pthread_exit (NULL);
}
