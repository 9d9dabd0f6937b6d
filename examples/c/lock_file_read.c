/* SPDX-License-Identifier: MIT */
/* lock_file_read: two threads read a file into the same text, each under the lock. Look for one
 * reading after the other, and for the second's wait, as long as the first one's hold. */
#define _GNU_SOURCE 1
#include <lockstitch.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static struct {
  pthread_mutex_t lock;
  char bytes[4096];
  size_t length;
} text = { .lock = PTHREAD_MUTEX_INITIALIZER };

static const char *const names[] = { "reader-0", "reader-1" };
static const char *path = "/proc/version";

/* Appends the file to the text; the caller holds the lock. */
static void
read_file (void)
{
  FILE *file = fopen (path, "r");
  if (!file) {
    perror (path);
    return;
  }
  size_t length = LOCKSTITCH_READ (text.length);
  length += fread (text.bytes + length, 1, sizeof text.bytes - length, file);
  fclose (file);
  usleep (100000); /* a slow disk */
  LOCKSTITCH_WRITE (text.length, length);
}

static void *
work (void *name)
{
  pthread_setname_np (pthread_self (), name);
  printf ("%s: waiting for the lock\n", (const char *) name);
  pthread_mutex_lock (&text.lock);
  printf ("%s: reading the file\n", (const char *) name);
  read_file ();
  pthread_mutex_unlock (&text.lock);
  printf ("%s: let go of the lock\n", (const char *) name);
  return NULL;
}

int
main (int argc, char **argv)
{
  pthread_t readers[2];
  if (argc > 1)
    path = argv[1];
  LOCKSTITCH_VALUE (text.length);
  for (int i = 0; i < 2; i++)
    if (pthread_create (&readers[i], NULL, work, (void *) names[i]) != 0)
      return 1;
  for (int i = 0; i < 2; i++)
    pthread_join (readers[i], NULL);
  printf ("main: the text is %s\n", text.length > 0 ? "there" : "empty");
  return 0;
}
