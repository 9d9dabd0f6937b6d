/* SPDX-License-Identifier: MIT */
/* single_thread: main starts one thread and goes on. Look for main's life beside the thread's: main
 * is done long before, and the program ends only when the thread does, since main leaves by
 * pthread_exit and not by return. Joined in join.c. */
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static void *
work (void *data)
{
  const char *name = data;
  pthread_setname_np (pthread_self (), "worker");
  printf ("Thread %s: starting\n", name);
  sleep (2);
  printf ("Thread %s: finishing\n", name);
  return NULL;
}

int
main (void)
{
  pthread_t thread;
  printf ("Main    : before creating thread\n");
  pthread_create (&thread, NULL, work, "1");
  pthread_detach (thread);
  printf ("Main    : before running on\n");
  printf ("Main    : all done\n");
  pthread_exit (NULL);
}
