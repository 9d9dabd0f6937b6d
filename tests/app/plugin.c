/* SPDX-License-Identifier: MIT */
/* A plugin with a lock, whose functions and variables have NAME in theirs. PAD functions before it, so
 * that two of them may lie alike. */
#include <pthread.h>

#define JOIN(a, b) a##b
#define NAMED(a, b) JOIN (a, b)

static pthread_mutex_t NAMED (NAME, _lock) = PTHREAD_MUTEX_INITIALIZER;

__attribute__ ((noinline)) static void
NAMED (NAME, _work) (void)
{
  pthread_mutex_lock (&NAMED (NAME, _lock));
  pthread_mutex_unlock (&NAMED (NAME, _lock));
}

void plugin_run (void);

void
plugin_run (void)
{
  NAMED (NAME, _work) ();
}
