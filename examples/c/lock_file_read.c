/* SPDX-License-Identifier: MIT */
/* lock_file_read: two threads each take a lock and read a file into a shared text. Look for one
 * coming after the other, and for the wait between them and its length. */
#include <lockstitch.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#define N_THREADS 2

static struct {
  pthread_mutex_t lock;
  size_t length;
  char bytes[1024];
} text = { .lock = PTHREAD_MUTEX_INITIALIZER };

static void *
read_file (void *data)
{
  int who = (int) (intptr_t) data;
  char name[16];
  snprintf (name, sizeof name, "reader-%d", who);
  pthread_setname_np (pthread_self (), name);
  printf ("Thread %d: waiting for the lock\n", who);
  pthread_mutex_lock (&text.lock);
  printf ("Thread %d: reading\n", who);
  FILE *file = fopen ("/proc/self/status", "r");
  size_t n = file ? fread (text.bytes, 1, sizeof text.bytes, file) : 0;
  if (file)
    fclose (file);
  usleep (100000); /* a slow disk */
  LOCKSTITCH_WRITE (text.length, n);
  pthread_mutex_unlock (&text.lock);
  printf ("Thread %d: done\n", who);
  return NULL;
}

int
main (void)
{
  pthread_t threads[N_THREADS];
  LOCKSTITCH_VALUE (text.length);
  for (int i = 0; i < N_THREADS; i++)
    pthread_create (&threads[i], NULL, read_file, (void *) (intptr_t) i);
  for (int i = 0; i < N_THREADS; i++)
    pthread_join (threads[i], NULL);
  printf ("Main    : read %s\n", text.length > 0 ? "something" : "nothing");
  return 0;
}
