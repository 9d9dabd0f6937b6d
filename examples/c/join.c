/* SPDX-License-Identifier: MIT */
/* join: main starts one thread and waits for it. Look for main's dotted wait and the arrow that
 * ends it, from the thread's finish. Not joined in single_thread.c. */
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
  printf ("Main    : wait for the thread to finish\n");
  pthread_join (thread, NULL);
  printf ("Main    : all done\n");
  return 0;
}
