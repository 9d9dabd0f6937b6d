/* SPDX-License-Identifier: MIT */
/* thread_pool: a pool of three threads and three tasks. Look for the tasks, each a named region on
 * its worker's lane, and for the queue's lock and condition that hand them out. */
#include <stdio.h>
#include <unistd.h>

#include "pool.h"

#define N_TASKS 3

static void
task (int item)
{
  printf ("starting item %d\n", item);
  usleep (200000);
  printf ("finishing item %d\n", item);
}

int
main (void)
{
  Pool pool;
  pool_start (&pool, 3);
  for (int item = 0; item < N_TASKS; item++)
    pool_submit (&pool, task, item);
  pool_shutdown (&pool);
  printf ("main: all done\n");
  return 0;
}
