/* SPDX-License-Identifier: MIT */
/* timer: one timer that fires, and one cancelled before it does. Look for the first one's wait,
 * ending because its time is up, and its function; and for the second's, ended by a signal, without
 * one. */
#define _GNU_SOURCE 1
#include <lockstitch.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

typedef struct {
  const char *name;
  int delay_ms;
  pthread_mutex_t lock;
  pthread_cond_t cancelled;
  bool is_cancelled;
} Timer;

static Timer fires = { "timer-1", 100, PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false };
static Timer stops = { "timer-2", 5000, PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER,
                       false };

static void
function (const Timer *timer)
{
  lockstitch_begin ("function");
  printf ("%s: fired\n", timer->name);
  lockstitch_end ("function");
}

static void *
work (void *data)
{
  Timer *timer = data;
  struct timespec until;
  pthread_setname_np (pthread_self (), timer->name);
  clock_gettime (CLOCK_REALTIME, &until);
  long ns = until.tv_nsec + timer->delay_ms % 1000 * 1000000L;
  until.tv_sec += timer->delay_ms / 1000 + ns / 1000000000L;
  until.tv_nsec = ns % 1000000000L;

  pthread_mutex_lock (&timer->lock);
  int error = 0;
  while (!timer->is_cancelled && error == 0)
    error = pthread_cond_timedwait (&timer->cancelled, &timer->lock, &until);
  bool is_cancelled = timer->is_cancelled;
  pthread_mutex_unlock (&timer->lock);
  if (is_cancelled)
    printf ("%s: cancelled\n", timer->name);
  else
    function (timer);
  return NULL;
}

static void
cancel (Timer *timer)
{
  pthread_mutex_lock (&timer->lock);
  timer->is_cancelled = true;
  pthread_cond_signal (&timer->cancelled);
  pthread_mutex_unlock (&timer->lock);
}

int
main (void)
{
  pthread_t first, second;
  printf ("main: starting two timers\n");
  if (pthread_create (&first, NULL, work, &fires) != 0)
    return 1;
  if (pthread_create (&second, NULL, work, &stops) != 0)
    return 1;
  usleep (50000);
  printf ("main: cancelling the second\n");
  cancel (&stops);
  pthread_join (first, NULL);
  pthread_join (second, NULL);
  return 0;
}
