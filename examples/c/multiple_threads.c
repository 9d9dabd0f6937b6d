/* SPDX-License-Identifier: MIT */
/* multiple_threads: three threads started in a loop and joined in the same order. Look for the
 * starts, which are in order, and the finishes, which are not; joining one that has finished takes
 * no time. */
#define _GNU_SOURCE 1
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#define N_WORKERS 3

static const useconds_t work_us[N_WORKERS] = { 300000, 100000, 200000 };
static const int numbers[N_WORKERS] = { 0, 1, 2 };

static void *
work (void *data)
{
  int number = *(const int *) data;
  char name[16];
  snprintf (name, sizeof name, "worker-%d", number);
  pthread_setname_np (pthread_self (), name);
  printf ("%s: starting\n", name);
  usleep (work_us[number]);
  printf ("%s: finishing\n", name);
  return NULL;
}

int
main (void)
{
  pthread_t workers[N_WORKERS];
  for (int i = 0; i < N_WORKERS; i++) {
    printf ("main: creating worker-%d\n", i);
    if (pthread_create (&workers[i], NULL, work, (void *) &numbers[i]) != 0)
      return 1;
  }
  for (int i = 0; i < N_WORKERS; i++) {
    printf ("main: waiting for worker-%d\n", i);
    pthread_join (workers[i], NULL);
    printf ("main: worker-%d is done\n", i);
  }
  return 0;
}
