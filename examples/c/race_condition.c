/* SPDX-License-Identifier: MIT */
/* race_condition: two threads add one to a value that nothing protects; it ends at 1, not 2. Look
 * for the lost update: both read 0 before either writes 1. Mended in race_condition_fixed.c. */
#define _GNU_SOURCE 1
#include <lockstitch.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#define N_THREADS 2

static struct database {
  int value;
} database;
static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;

static void
update (struct database *db)
{
  int copy = LOCKSTITCH_READ (db->value);
  copy += 1;
  usleep (100000);
  LOCKSTITCH_WRITE (db->value, copy);
}

static void
say (int who, const char *what)
{
  pthread_mutex_lock (&log_lock);
  printf ("executor-%d: %s\n", who, what);
  pthread_mutex_unlock (&log_lock);
}

static void *
work (void *data)
{
  int who = (int) (intptr_t) data;
  char name[16];
  snprintf (name, sizeof name, "executor-%d", who);
  pthread_setname_np (pthread_self (), name);
  say (who, "starting update");
  update (&database);
  say (who, "finishing update");
  return NULL;
}

int
main (void)
{
  pthread_t threads[N_THREADS];
  LOCKSTITCH_VALUE (database.value);
  lockstitch_name_lock (&log_lock, "log.lock");
  printf ("main: the value is %d\n", database.value);
  for (int i = 0; i < N_THREADS; i++)
    if (pthread_create (&threads[i], NULL, work, (void *) (intptr_t) i) != 0)
      return 1;
  for (int i = 0; i < N_THREADS; i++)
    pthread_join (threads[i], NULL);
  printf ("main: the value is %d\n", database.value);
  return 0;
}
