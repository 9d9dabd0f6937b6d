/* SPDX-License-Identifier: MIT */
/* The pool: one lock, one condition variable, one array. Each task is a named region on the lane of
 * the thread that runs it. */
#define _GNU_SOURCE 1
#include "pool.h"

#include <lockstitch.h>
#include <stdio.h>

static bool
take (Pool *pool, Task *task)
{
  pthread_mutex_lock (&pool->lock);
  while (pool->head == pool->tail && !pool->closed)
    pthread_cond_wait (&pool->not_empty, &pool->lock);
  bool has_task = pool->head < pool->tail;
  if (has_task)
    *task = pool->tasks[pool->head++];
  lockstitch_count ("queued tasks", pool->tail - pool->head);
  pthread_mutex_unlock (&pool->lock);
  return has_task;
}

static void *
work (void *data)
{
  Pool *pool = data;
  Task task;
  while (take (pool, &task)) {
    char name[16];
    snprintf (name, sizeof name, "task %d", task.item);
    lockstitch_begin (name);
    task.func (task.item);
    lockstitch_end (name);
  }
  return NULL;
}

void
pool_start (Pool *pool, int n_threads)
{
  *pool = (Pool){ 0 };
  pthread_mutex_init (&pool->lock, NULL);
  pthread_cond_init (&pool->not_empty, NULL);
  lockstitch_name_lock (&pool->lock, "queue.lock");
  lockstitch_name_lock (&pool->not_empty, "queue.not_empty");
  for (int i = 0; i < n_threads && i < POOL_MAX_THREADS; i++) {
    char name[16];
    snprintf (name, sizeof name, "executor-%d", i);
    if (pthread_create (&pool->threads[i], NULL, work, pool) != 0)
      break; /* those that there are do the work */
    pthread_setname_np (pool->threads[i], name);
    pool->n_threads++;
  }
}

void
pool_submit (Pool *pool, TaskFunc func, int item)
{
  pthread_mutex_lock (&pool->lock);
  if (pool->tail < POOL_MAX_TASKS)
    pool->tasks[pool->tail++] = (Task){ func, item };
  lockstitch_count ("queued tasks", pool->tail - pool->head);
  pthread_cond_signal (&pool->not_empty);
  pthread_mutex_unlock (&pool->lock);
}

void
pool_shutdown (Pool *pool)
{
  pthread_mutex_lock (&pool->lock);
  pool->closed = true;
  pthread_cond_broadcast (&pool->not_empty);
  pthread_mutex_unlock (&pool->lock);
  for (int i = 0; i < pool->n_threads; i++)
    pthread_join (pool->threads[i], NULL);
  pthread_cond_destroy (&pool->not_empty);
  pthread_mutex_destroy (&pool->lock);
}
