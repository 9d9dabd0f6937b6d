/* SPDX-License-Identifier: MIT */
/* rwlock: three readers and a writer. Look for the readers holding the lock together, and the
 * writer alone. */
#define _GNU_SOURCE 1
#include <lockstitch.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#define N_READERS 3
#define N_ROUNDS 3

static struct {
  pthread_rwlock_t lock;
  int temperature;
} weather = { .lock = PTHREAD_RWLOCK_INITIALIZER };

static void *
read_it (void *data)
{
  int who = (int) (intptr_t) data;
  char name[16];
  snprintf (name, sizeof name, "reader-%d", who);
  pthread_setname_np (pthread_self (), name);
  for (int round = 0; round < N_ROUNDS; round++) {
    pthread_rwlock_rdlock (&weather.lock);
    printf ("reader-%d: %d degrees\n", who, LOCKSTITCH_READ (weather.temperature));
    usleep (20000);
    pthread_rwlock_unlock (&weather.lock);
    usleep (10000);
  }
  return NULL;
}

static void *
write_it (void *data)
{
  pthread_setname_np (pthread_self (), "writer");
  for (int round = 1; round <= N_ROUNDS; round++) {
    usleep (15000);
    pthread_rwlock_wrlock (&weather.lock);
    printf ("writer: %d degrees\n", LOCKSTITCH_WRITE (weather.temperature, 20 + round));
    usleep (10000);
    pthread_rwlock_unlock (&weather.lock);
  }
  return data;
}

int
main (void)
{
  pthread_t readers[N_READERS], writer;
  LOCKSTITCH_VALUE (weather.temperature);
  for (int i = 0; i < N_READERS; i++)
    if (pthread_create (&readers[i], NULL, read_it, (void *) (intptr_t) i) != 0)
      return 1;
  if (pthread_create (&writer, NULL, write_it, NULL) != 0)
    return 1;
  for (int i = 0; i < N_READERS; i++)
    pthread_join (readers[i], NULL);
  pthread_join (writer, NULL);
  return 0;
}
