/* SPDX-License-Identifier: MIT */
/* A library that a host loads and unloads, with a lock in it. */
#include <pthread.h>

void module_lock (void);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void
run_once (void)
{
}

void
module_lock (void)
{
  pthread_once (&once, run_once);
  pthread_mutex_lock (&lock);
  pthread_mutex_unlock (&lock);
}
