/* SPDX-License-Identifier: MIT */
/* One thread beside main, not joined. Look for: main goes on while the thread sleeps, and main's
 * lane ends long before the thread's; the program ends only with its last thread. */
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
  puts ("main: going on without it");
  puts ("main: all done");
  /* A return would end the thread with the program. */
  pthread_exit (NULL);
}
