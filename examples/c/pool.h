/* SPDX-License-Identifier: MIT */
/* A small pool of threads that take tasks from a queue; what thread_pool.c and
 * thread_pool_submit.c have in common. */
#pragma once

#include <pthread.h>
#include <stdbool.h>

#define POOL_MAX_THREADS 8
#define POOL_MAX_TASKS 16

typedef void (*TaskFunc) (int item);

typedef struct {
  TaskFunc func;
  int item;
} Task;

typedef struct {
  pthread_mutex_t lock;
  pthread_cond_t not_empty;
  Task tasks[POOL_MAX_TASKS]; /* queued: those from `head` to `tail` */
  int head, tail;
  bool closed;
  pthread_t threads[POOL_MAX_THREADS];
  int n_threads;
} Pool;

/* Starts the pool's threads, up to POOL_MAX_THREADS. */
void pool_start (Pool *pool, int n_threads);

/* Queues func (item); at most POOL_MAX_TASKS in the pool's life. */
void pool_submit (Pool *pool, TaskFunc func, int item);

/* Waits until every task is done, and ends the threads. */
void pool_shutdown (Pool *pool);
