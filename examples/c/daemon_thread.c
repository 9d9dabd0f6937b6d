/* SPDX-License-Identifier: MIT */
/* daemon_thread: a detached thread that never ends, in a program that does. Look for the thread's
 * lane, cut at the program's end: it ended with the program, in the middle of what it was doing. */
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static void *
work (void *data)
{
  pthread_setname_np (pthread_self (), "daemon");
  for (;;) {
    printf ("Daemon  : still here\n");
    sleep (1);
  }
  return data;
}

int
main (void)
{
  pthread_t thread;
  printf ("Main    : before creating the daemon\n");
  pthread_create (&thread, NULL, work, NULL);
  pthread_detach (thread);
  sleep (2);
  usleep (500000);
  printf ("Main    : all done\n");
  return 0;
}
