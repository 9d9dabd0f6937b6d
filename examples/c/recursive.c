/* SPDX-License-Identifier: MIT */
/* recursive: a function that calls itself and takes the same lock each time. Look for the hold's
 * depth going up to three and down again; the other thread gets the lock when the last is given
 * back. */
#define _GNU_SOURCE 1
#include <lockstitch.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#define DEPTH 3

static pthread_mutex_t tree_lock;

static void
descend (const char *name, int depth)
{
  pthread_mutex_lock (&tree_lock);
  printf ("%s: at depth %d\n", name, depth);
  usleep (20000);
  if (depth < DEPTH)
    descend (name, depth + 1);
  pthread_mutex_unlock (&tree_lock);
}

static void *
work (void *data)
{
  pthread_setname_np (pthread_self (), data);
  descend (data, 1);
  return NULL;
}

int
main (void)
{
  pthread_t first, second;
  pthread_mutexattr_t attr;
  pthread_mutexattr_init (&attr);
  pthread_mutexattr_settype (&attr, PTHREAD_MUTEX_RECURSIVE);
  pthread_mutex_init (&tree_lock, &attr);
  pthread_mutexattr_destroy (&attr);
  lockstitch_name_lock (&tree_lock, "tree.lock");
  if (pthread_create (&first, NULL, work, "first") != 0)
    return 1;
  if (pthread_create (&second, NULL, work, "second") != 0)
    return 1;
  pthread_join (first, NULL);
  pthread_join (second, NULL);
  pthread_mutex_destroy (&tree_lock);
  return 0;
}
