/* SPDX-License-Identifier: MIT */
/* thread_pool_submit: a pool of four threads, and eight numbers to square. Look for the workers
 * being used again, and for main's joins at the shutdown. */
#include <stdio.h>
#include <unistd.h>

#include "pool.h"

#define N_ROUNDS 2
#define N_TASKS 4

static void
square_num (int item)
{
  usleep (50000);
  printf ("%d * %d = %d\n", item, item, item * item);
}

int
main (void)
{
  Pool pool;
  pool_start (&pool, 4);
  for (int round = 0; round < N_ROUNDS; round++)
    for (int i = 1; i <= N_TASKS; i++)
      pool_submit (&pool, square_num, round * N_TASKS + i);
  printf ("main: shutting the pool down\n");
  pool_shutdown (&pool);
  printf ("main: all done\n");
  return 0;
}
