/* SPDX-License-Identifier: MIT */
/* active_threads: main tells which threads are active while they come and go. Look for the counter
 * "active", as the program counts, stepping with Lockstitch's own "active threads". */
#define _GNU_SOURCE 1
#include <lockstitch.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdio.h>

#define N_WORKERS 3

typedef struct {
  const char *name;
  bool is_active; /* known to main alone */
  sem_t arrived, may_leave;
  pthread_t thread;
} Worker;

static Worker workers[N_WORKERS] = { { .name = "worker-0" },
                                     { .name = "worker-1" },
                                     { .name = "worker-2" } };

static void *
work (void *data)
{
  Worker *worker = data;
  pthread_setname_np (pthread_self (), worker->name);
  sem_post (&worker->arrived);
  sem_wait (&worker->may_leave);
  return NULL;
}

static void
say_active (void)
{
  int n = 1;
  for (int i = 0; i < N_WORKERS; i++)
    n += workers[i].is_active;
  lockstitch_count ("active", n);
  printf ("main: %d active: main", n);
  for (int i = 0; i < N_WORKERS; i++)
    if (workers[i].is_active)
      printf (", %s", workers[i].name);
  putchar ('\n');
}

static bool
start (Worker *worker)
{
  sem_init (&worker->arrived, 0, 0);
  sem_init (&worker->may_leave, 0, 0);
  if (pthread_create (&worker->thread, NULL, work, worker) != 0)
    return false;
  sem_wait (&worker->arrived);
  worker->is_active = true;
  return true;
}

static void
finish (Worker *worker)
{
  sem_post (&worker->may_leave);
  pthread_join (worker->thread, NULL);
  worker->is_active = false;
  sem_destroy (&worker->arrived);
  sem_destroy (&worker->may_leave);
}

int
main (void)
{
  say_active ();
  for (int i = 0; i < N_WORKERS; i++) {
    if (!start (&workers[i]))
      return 1;
    say_active ();
  }
  for (int i = 0; i < N_WORKERS; i++) {
    finish (&workers[i]);
    say_active ();
  }
  return 0;
}
