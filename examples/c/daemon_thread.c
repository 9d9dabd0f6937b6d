/* SPDX-License-Identifier: MIT */
/* daemon_thread: a detached thread that never ends by itself. Look for its lane, cut where the
 * program ends, in the middle of whatever it was doing: nobody waits for it. */
#define _GNU_SOURCE 1
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static void *
work (void *unused)
{
  pthread_setname_np (pthread_self (), "daemon");
  for (;;) {
    puts ("daemon: still at work");
    sleep (1);
  }
  return NULL;
}

int
main (void)
{
  pthread_t daemon_thread;
  puts ("main: creating the thread");
  if (pthread_create (&daemon_thread, NULL, work, NULL) != 0)
    return 1;
  pthread_detach (daemon_thread);
  usleep (2500000);
  puts ("main: all done");
  return 0;
}
