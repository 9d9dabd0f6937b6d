/* SPDX-License-Identifier: MIT */
/* Two threads add one to the same value; it ends at 1, not 2. Look for: both read 0 before either
 * writes, so the second write throws the first away: a lost update. Nothing orders the accesses:
 * a data race. */
#include <lockstitch.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

struct database {
  int value;
};

static struct database database;
static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;
static const char *const names[] = { "executor-0", "executor-1" };

static void
update (struct database *db)
{
  int copy = LOCKSTITCH_READ (db->value);
  copy += 1;
  usleep (100000); /* time for the other thread to read the same */
  LOCKSTITCH_WRITE (db->value, copy);
}

static void
say (const char *name, const char *what)
{
  pthread_mutex_lock (&log_lock);
  printf ("%s: %s\n", name, what);
  pthread_mutex_unlock (&log_lock);
}

static void *
execute (void *name)
{
  pthread_setname_np (pthread_self (), name);
  say (name, "starting update");
  update (&database);
  say (name, "finishing update");
  return NULL;
}

int
main (void)
{
  pthread_t executors[2];
  lockstitch_name_lock (&log_lock, "log.lock");
  LOCKSTITCH_VALUE (database.value);
  printf ("main: the value is %d\n", database.value);
  for (int i = 0; i < 2; i++)
    if (pthread_create (&executors[i], NULL, execute, (void *) names[i]) != 0)
      return 1;
  for (int i = 0; i < 2; i++)
    pthread_join (executors[i], NULL);
  printf ("main: the value is %d\n", database.value);
  return 0;
}
