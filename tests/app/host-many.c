/* SPDX-License-Identifier: MIT */
/* Hosts that have very many threads or locks. */
#include "host.h"

#define N_CROWD 1000
#define N_PARADE 100000
#define N_LOCKS 10000

static pthread_barrier_t all_there;

static void *
come_and_go (void *data)
{
  pthread_barrier_wait (&all_there);
  host_pairs (NULL);
  return NULL;
}

static int
crowd (void)
{
  static pthread_t threads[N_CROWD];
  pthread_attr_t attr;
  MUST (pthread_attr_init (&attr) == 0 && pthread_attr_setstacksize (&attr, 64 << 10) == 0);
  MUST (pthread_barrier_init (&all_there, NULL, N_CROWD + 1) == 0);
  for (int i = 0; i < N_CROWD; i++)
    MUST (pthread_create (&threads[i], &attr, come_and_go, NULL) == 0);
  pthread_barrier_wait (&all_there);
  for (int i = 0; i < N_CROWD; i++)
    MUST (pthread_join (threads[i], NULL) == 0);
  return 0;
}

static void *
one_pair (void *data)
{
  host_pair ();
  return NULL;
}

static int
parade (void)
{
  pthread_t thread;
  for (int i = 0; i < N_PARADE; i++) {
    MUST (pthread_create (&thread, NULL, one_pair, NULL) == 0);
    MUST (pthread_join (thread, NULL) == 0);
  }
  return 0;
}

static pthread_mutex_t locks[N_LOCKS];

static void *
lock_all (void *data)
{
  for (int i = 0; i < N_LOCKS; i++) {
    MUST (pthread_mutex_lock (&locks[i]) == 0);
    MUST (pthread_mutex_unlock (&locks[i]) == 0);
  }
  return NULL;
}

static int
many_locks (void)
{
  pthread_t threads[4];
  for (int i = 0; i < N_LOCKS; i++)
    MUST (pthread_mutex_init (&locks[i], NULL) == 0);
  for (int i = 0; i < 4; i++)
    MUST (pthread_create (&threads[i], NULL, lock_all, NULL) == 0);
  for (int i = 0; i < 4; i++)
    MUST (pthread_join (threads[i], NULL) == 0);
  /* A mutex of a freed place is another mutex. */
  for (int i = 0; i < N_LOCKS; i++)
    MUST (pthread_mutex_destroy (&locks[i]) == 0);
  host_pairs (NULL);
  return 0;
}

const HostCase host_many_cases[] = {
  { "crowd", crowd },
  { "parade", parade },
  { "locks", many_locks },
  { NULL, NULL },
};
