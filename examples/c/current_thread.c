/* SPDX-License-Identifier: MIT */
/* current_thread: who am I? Look for each lane's name and the system's number of the thread, which
 * are those that the program prints. */
#define _GNU_SOURCE 1
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static void
introduce (const char *role)
{
  char name[16] = "";
  pthread_getname_np (pthread_self (), name, sizeof name);
  printf ("%s: name %s, identifier %d\n", role, name, (int) gettid ());
}

static void *
work (void *data)
{
  pthread_setname_np (pthread_self (), data);
  introduce ("thread");
  return NULL;
}

int
main (void)
{
  pthread_t first, second;
  introduce ("main");
  if (pthread_create (&first, NULL, work, "first") != 0)
    return 1;
  pthread_join (first, NULL);
  if (pthread_create (&second, NULL, work, "second") != 0)
    return 1;
  pthread_join (second, NULL);
  return 0;
}
