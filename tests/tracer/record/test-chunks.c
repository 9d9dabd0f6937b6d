/* SPDX-License-Identifier: MIT */
/* Where threads get their chunks from, and whom they wait for. */
#include <sys/wait.h>

#include "play.h"

#define N_THREADS 4 /* main and three that lock much */
#define N_MUCH 300000u

/* Runs a program of three busy threads to its end; each of its events must be there. */
static void
run_much (Mini *mini, const char *what)
{
  mini_start (mini, (const char *const[]){ getenv ("LS_TEST_FAULTS"), "much", NULL });
  int status = mini_wait (mini, true);
  mini_drain (mini);
  check (WIFEXITED (status) && WEXITSTATUS (status) == 0, "%s", what);
  check (mini_count (mini, 0, LS_EV_ACQUIRE) == N_MUCH &&
           mini_count (mini, 0, LS_EV_RELEASE) == N_MUCH && mini_count (mini, 0, LS_EV_LOST) == 0,
         "and every event of it is there");
}

/* Nothing is given by the collector, which may be late: each thread makes its own two. */
static void
made_chunks (bool returns_own, const char *what)
{
  Mini mini;

  mini_open (&mini, 64);
  mini.region->free_head = 0;
  mini.region->n_chunks_ready = 0;
  mini.returns_own = returns_own;
  run_much (&mini, what);
  uint32_t n_made = atomic_load (&mini.region->n_chunks_ready);
  check (n_made >= N_THREADS && n_made <= 2 * N_THREADS, "two each at most: %u", n_made);
  mini_close (&mini);
}

/* Threads that come and go leave theirs to those that come after. */
static void
left_chunks (void)
{
  Mini mini;

  mini_open (&mini, 2000);
  mini.region->free_head = 0;
  mini.region->n_chunks_ready = 0;
  mini_start (&mini, (const char *const[]){ getenv ("LS_TEST_THREADS"), "many", NULL });
  int status = mini_wait (&mini, true);
  mini_drain (&mini);
  check (WIFEXITED (status) && WEXITSTATUS (status) == 0, "many threads make chunks");
  check (mini_count (&mini, 0, LS_EV_START) == 1 + 8 + 8 * 100 &&
           mini_count (&mini, 0, LS_EV_FINISH) == 1 + 8 + 8 * 100,
         "each has its start and its finish");
  /* As many as were there at once, which are main, eight, one of each, and what they detached. */
  uint32_t n_made = atomic_load (&mini.region->n_chunks_ready);
  check (n_made < 600, "but not one each: %u", n_made);
  mini_close (&mini);
}

/* Handlers come while their thread waits for a chunk: there are some kept for them. */
static void
kept_for_handlers (void)
{
  Mini mini;

  mini_open (&mini, 8);
  mini.region->free_kept = 3;
  mini_start (&mini, (const char *const[]){ getenv ("LS_TEST_FAULTS"), "storm", NULL });
  int status = mini_wait (&mini, true);
  mini_drain (&mini);
  check (WIFEXITED (status) && WEXITSTATUS (status) == 0, "a storm of signals at full chunks");
  check (mini_count (&mini, 0, LS_EV_STALL) > 0, "which wait");
  check (mini_count (&mini, 0, LS_EV_LOST) == 0, "and nothing of its handlers' is lost");
  mini_close (&mini);
}

int
main (void)
{
  made_chunks (false, "threads make chunks");
  /* Chunks that a thread does not keep never come back, as if others had taken them all. */
  made_chunks (true, "threads get on with their own");
  left_chunks ();
  kept_for_handlers ();
  return check_done ();
}
