/* SPDX-License-Identifier: MIT */
/* The lessons of waiting for something to happen: conditions, timers, barriers, semaphores. */
#include <signal.h>

#include "golden.h"

static bool
waiter_waits (const Golden *golden)
{
  return golden_find_wait (golden, golden_get_thread (golden, "waiter"),
                           golden_get_object (golden, "ready.cond"));
}

static void
check_condition (const Golden *golden)
{
  uint32_t cond = golden_get_object (golden, "ready.cond");
  uint32_t waiter = golden_get_thread (golden, "waiter");
  const LsInterval *wait = golden_find_wait (golden, waiter, cond);
  g_assert_cmpint (wait->state, ==, LS_STATE_WAIT_SIGNAL);
  g_assert_cmpint (wait->outcome, ==, LS_OUTCOME_GOT);
  LsEvent begin = golden_get_event (golden, wait->begin_event);
  g_assert_cmpuint (begin.with, ==, golden_get_object (golden, "ready.lock"));
  LsEvent cause = golden_get_event (golden, ls_trace_find_cause (golden->trace, wait->end_event));
  g_assert_cmpint (cause.ev, ==, LS_EV_SIGNAL);
  g_assert_cmpuint (cause.thread, ==, golden_get_thread (golden, "signaller"));
  golden_assert_no_finding (golden);
}

static bool
signal_comes_first (const Golden *golden)
{
  uint32_t cond = ls_trace_find_object (golden->trace, "ready.cond");
  if (cond == LS_NONE)
    return false;
  uint32_t wait = golden_find_object_event (golden, cond, LS_EV_WAIT, 0);
  return wait != LS_NONE && golden_find_object_event (golden, cond, LS_EV_SIGNAL, 0) < wait;
}

static void
check_condition_broken (const Golden *golden)
{
  uint32_t cond = golden_get_object (golden, "ready.cond");
  uint32_t waiter = golden_get_thread (golden, "waiter");
  const LsInterval *last = golden_get_last_state (golden, waiter);
  g_assert_cmpint (last->state, ==, LS_STATE_WAIT_SIGNAL);
  g_assert_cmpuint (last->object, ==, cond);
  g_assert_cmpint (last->outcome, ==, LS_OUTCOME_NEVER);
  g_assert_cmpuint (last->end_event, ==, LS_NONE);
  g_assert_cmpuint (golden_count_object_events (golden, cond, LS_EV_SIGNAL), ==, 1);
}

static bool
second_timer_waits (const Golden *golden)
{
  uint32_t cancelled = ls_trace_find_object (golden->trace, "stops.cancelled");
  return cancelled != LS_NONE &&
         golden_find_wait (golden, golden_get_thread (golden, "timer-2"), cancelled);
}

static void
check_timer (const Golden *golden)
{
  uint32_t fires = golden_get_thread (golden, "timer-1");
  uint32_t stops = golden_get_thread (golden, "timer-2");
  uint32_t n = 0;
  const LsInterval *wait =
    golden_find_wait (golden, fires, golden_get_object (golden, "fires.cancelled"));
  g_assert_nonnull (wait);
  g_assert_cmpint (wait->outcome, ==, LS_OUTCOME_TIMEOUT);
  g_assert_cmpint (golden_get_event (golden, wait->begin_event).how, ==, LS_HOW_TIMED);
  g_autofree LsInterval *function =
    ls_intervals_dup (ls_trace_get_thread_regions (golden->trace, fires), &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpuint (wait->end_event, <, function->begin_event);

  wait = golden_find_wait (golden, stops, golden_get_object (golden, "stops.cancelled"));
  g_assert_cmpint (wait->outcome, ==, LS_OUTCOME_GOT);
  g_assert_cmpint (golden_get_event (golden, wait->end_event).ev, ==, LS_EV_WAKE);
  n = ls_trace_get_thread_regions (golden->trace, stops).n;
  g_assert_cmpuint (n, ==, 0);
}

#define N_WALKERS 3
#define N_ROUNDS 3

static void
check_barrier (const Golden *golden)
{
  uint32_t meeting = golden_get_object (golden, "meeting");
  g_assert_cmpuint (ls_trace_get_object (golden->trace, meeting)->parties, ==, N_WALKERS);
  for (uint32_t round = 0; round < N_ROUNDS; round++) {
    uint32_t last_wait =
      golden_find_object_event (golden, meeting, LS_EV_WAIT, round * N_WALKERS + N_WALKERS - 1);
    uint32_t first_wake = golden_find_object_event (golden, meeting, LS_EV_WAKE, round * N_WALKERS);
    g_assert_cmpuint (last_wait, <, first_wake);
    if (round + 1 < N_ROUNDS) /* nobody begins the next round before all have come */
      g_assert_cmpuint (last_wait, <,
                        golden_find_object_event (golden, meeting, LS_EV_WAIT,
                                                  (round + 1) * N_WALKERS));
  }
  g_assert_cmpuint (golden_count_object_events (golden, meeting, LS_EV_WAKE), ==,
                    N_WALKERS * N_ROUNDS);
  golden_assert_no_finding (golden);
}

static bool
third_guest_waits (const Golden *golden)
{
  uint32_t places = golden_get_object (golden, "places");
  return ls_trace_get_object (golden->trace, places)->n_contended == 1;
}

static void
check_semaphore (const Golden *golden)
{
  uint32_t n = 0, places = golden_get_object (golden, "places");
  g_assert_cmpint (ls_trace_get_object (golden->trace, places)->initial, ==, 2);
  g_autofree LsInterval *waits =
    ls_intervals_dup (ls_trace_get_object_waits (golden->trace, places), &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpint (waits->outcome, ==, LS_OUTCOME_GOT);
  LsEvent cause = golden_get_event (golden, ls_trace_find_cause (golden->trace, waits->end_event));
  g_assert_cmpint (cause.ev, ==, LS_EV_RELEASE);
  g_assert_cmpuint (cause.object, ==, places);

  LsLockState state;
  ls_lock_state_init (&state);
  for (uint32_t taken = 0; taken < 2; taken++) { /* 2, 1, 0 */
    uint32_t k = golden_find_object_event (golden, places, LS_EV_ACQUIRE, taken);
    ls_trace_get_lock_state (golden->trace, places, k - 1, &state);
    g_assert_cmpint (state.count, ==, 2 - taken);
    ls_trace_get_lock_state (golden->trace, places, k, &state);
    g_assert_cmpint (state.count, ==, 1 - taken);
  }
  ls_trace_get_lock_state (golden->trace, places, waits->begin_event, &state);
  g_assert_cmpint (state.count, ==, 0);
  g_assert_cmpuint (state.waiters->len, ==, 1);
  ls_lock_state_clear (&state);
  golden_assert_no_finding (golden);
}

const Lesson lessons_of_waiting[] = {
  { "condition", check_condition, waiter_waits, 0 },
  { "condition_broken", check_condition_broken, signal_comes_first, 128 + SIGALRM },
  { "timer", check_timer, second_timer_waits, 0 },
  { "barrier", check_barrier, NULL, 0 },
  { "semaphore", check_semaphore, third_guest_waits, 0 },
  { NULL, NULL, NULL, 0 },
};
