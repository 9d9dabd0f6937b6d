/* SPDX-License-Identifier: MIT */
/* The lessons of several locks, and of locks held several times. */
#include <signal.h>

#include "golden.h"

static bool
both_wait (const Golden *golden)
{
  uint32_t left_handed = ls_trace_find_thread (golden->trace, "left-handed");
  uint32_t right_handed = ls_trace_find_thread (golden->trace, "right-handed");
  return left_handed != LS_NONE && right_handed != LS_NONE &&
         golden_get_last_state (golden, left_handed)->state == LS_STATE_WAIT_LOCK &&
         golden_get_last_state (golden, right_handed)->state == LS_STATE_WAIT_LOCK;
}

/* At the end of the trace the thread holds `held` and waits for `wanted`, for ever. */
static void
check_stuck (const Golden *golden, const char *name, const char *held, const char *wanted)
{
  uint32_t thread = golden_get_thread (golden, name);
  LsThreadState state;
  ls_thread_state_init (&state);
  ls_trace_get_thread_state (golden->trace, thread, ls_trace_get_n_events (golden->trace) - 1,
                             &state);
  g_assert_cmpint (state.life, ==, LS_LIFE_ALIVE);
  g_assert_cmpint (state.interval->state, ==, LS_STATE_WAIT_LOCK);
  g_assert_cmpint (state.interval->outcome, ==, LS_OUTCOME_NEVER);
  g_assert_cmpuint (state.interval->end_event, ==, LS_NONE);
  g_assert_cmpuint (state.interval->object, ==, golden_get_object (golden, wanted));
  g_assert_cmpuint (state.holds->len, ==, 1);
  const LsInterval *hold = &g_array_index (state.holds, LsInterval, 0);
  g_assert_cmpuint (hold->object, ==, golden_get_object (golden, held));
  ls_thread_state_clear (&state);
}

static void
check_deadlock (const Golden *golden)
{
  check_stuck (golden, "left-handed", "left", "right");
  check_stuck (golden, "right-handed", "right", "left");
}

static bool
never_met (const Golden *golden)
{
  const LsObject *left = ls_trace_get_object (golden->trace, golden_get_object (golden, "left"));
  const LsObject *right = ls_trace_get_object (golden->trace, golden_get_object (golden, "right"));
  return left->n_contended == 0 && right->n_contended == 0;
}

/* The thread took `outer`, then `inner` while it held it. */
static void
check_order (const Golden *golden, const char *name, const char *outer, const char *inner)
{
  uint32_t n = 0, thread = golden_get_thread (golden, name);
  g_autofree LsInterval *holds =
    ls_intervals_dup (ls_trace_get_thread_holds (golden->trace, thread), &n);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpuint (holds[0].object, ==, golden_get_object (golden, outer));
  g_assert_cmpuint (holds[1].object, ==, golden_get_object (golden, inner));
  g_assert_cmpuint (holds[1].end_event, <, holds[0].end_event);
  g_assert_cmpuint (holds[0].row, !=, holds[1].row);
}

static void
check_deadlock_predicted (const Golden *golden)
{
  check_order (golden, "left-handed", "left", "right");
  check_order (golden, "right-handed", "right", "left");
}

static uint32_t
count_overlaps (const Golden *golden, uint32_t *n_with_writer)
{
  uint32_t n = 0, n_shared = 0;
  g_autofree LsInterval *holds = ls_intervals_dup (
    ls_trace_get_object_holds (golden->trace, golden_get_object (golden, "weather.lock")), &n);
  *n_with_writer = 0;
  for (uint32_t i = 0; i < n; i++)
    for (uint32_t j = i + 1; j < n; j++)
      if (holds[j].begin_event < holds[i].end_event) {
        bool are_shared = holds[i].mode == LS_MODE_SHARED && holds[j].mode == LS_MODE_SHARED;
        *(are_shared ? &n_shared : n_with_writer) += 1;
      }
  return n_shared;
}

static bool
readers_meet (const Golden *golden)
{
  uint32_t n_with_writer;
  return count_overlaps (golden, &n_with_writer) > 0;
}

static void
check_rwlock (const Golden *golden)
{
  uint32_t n_with_writer;
  g_assert_cmpuint (count_overlaps (golden, &n_with_writer), >, 0);
  g_assert_cmpuint (n_with_writer, ==, 0);
  uint32_t lock = golden_get_object (golden, "weather.lock");
  g_assert_cmpint (ls_trace_get_object (golden->trace, lock)->kind, ==, LS_OBJECT_RWLOCK);
  g_assert_cmpuint (ls_trace_get_object (golden->trace, lock)->n_acquires, ==, 12);
  golden_assert_no_finding (golden);
}

static void
check_recursive (const Golden *golden)
{
  uint32_t n = 0, lock = golden_get_object (golden, "tree.lock");
  g_assert_cmpint (ls_trace_get_object (golden->trace, lock)->kind, ==, LS_OBJECT_RECURSIVE);
  g_autofree LsInterval *holds =
    ls_intervals_dup (ls_trace_get_object_holds (golden->trace, lock), &n);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpuint (holds[0].depth, ==, 3);
  g_assert_cmpuint (holds[1].depth, ==, 3);
  g_assert_cmpuint (holds[0].thread, !=, holds[1].thread);
  g_assert_cmpuint (holds[0].end_event, <, holds[1].begin_event);
  golden_assert_no_finding (golden);
}

const Lesson lessons_of_locks[] = {
  { "deadlock", check_deadlock, both_wait, 128 + SIGALRM },
  { "deadlock_predicted", check_deadlock_predicted, never_met, 0 },
  { "rwlock", check_rwlock, readers_meet, 0 },
  { "recursive", check_recursive, NULL, 0 },
  { NULL, NULL, NULL, 0 },
};
