/* SPDX-License-Identifier: MIT */
/* The model on a known trace: states, holds, causes, order, state at a moment. */
#include <string.h>

#include "state.h"

static LsTrace *
open_sample (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("LS_SAMPLES"), "mockup.trace.jsonl", NULL);
  g_autoptr (GError) error = NULL;
  LsTrace *trace = ls_trace_open (path, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return trace;
}

static LsTrace *
open_lines (const char *lines)
{
  g_autofree char *text = g_strconcat ("{\"lockstitch\":1}\n", lines, NULL);
  g_autoptr (GError) error = NULL;
  LsTrace *trace = ls_trace_open_bytes ("lines", text, strlen (text), &error);
  g_assert_no_error (error);
  return trace;
}

static void
test_tables (void)
{
  g_autoptr (LsTrace) trace = open_sample ();
  const LsTraceInfo *info = ls_trace_get_info (trace);
  g_assert_cmpuint (ls_trace_get_n_events (trace), ==, 30);
  g_assert_cmpuint (ls_trace_get_n_threads (trace), ==, 3);
  g_assert_cmpuint (ls_trace_get_n_objects (trace), ==, 2);
  g_assert_cmpint (info->end_ns, ==, 114800000);
  g_assert_cmpint (info->end_how, ==, LS_END_EXIT);
  g_assert_cmpuint (info->report->problems->len, ==, 0);
  g_assert_false (info->absence_is_no_proof);
  const LsThread *executor = ls_trace_get_thread (trace, 1);
  g_assert_cmpstr (executor->name, ==, "executor-0");
  g_assert_cmpuint (executor->parent, ==, 0);
  g_assert_cmpuint (executor->create_event, ==, 1);
  g_assert_cmpuint (executor->start_event, ==, 2);
  g_assert_cmpuint (executor->finish_event, ==, 23);
  g_assert_cmpuint (executor->join_event, ==, 24);
  const LsObject *lock = ls_trace_get_object (trace, 0);
  g_assert_cmpuint (lock->n_acquires, ==, 4);
  g_assert_cmpuint (lock->n_contended, ==, 2);
  const LsObject *value = ls_trace_get_object (trace, 1);
  g_assert_cmpuint (value->n_reads, ==, 2);
  g_assert_cmpuint (value->n_writes, ==, 2);
  g_autofree char *place = ls_trace_dup_place (trace, 0);
  g_assert_cmpstr (place, ==, "race_condition.c:21");
}

/* A place without a file is shown as who called there. */
static void
test_callers (void)
{
  g_autoptr (LsTrace) trace =
    open_lines ("{\"source\":1,\"func\":\"lock\",\"in\":2}\n"
                "{\"source\":2,\"func\":\"work\",\"file\":\"a/pool.c\",\"line\":41,\"in\":3}\n"
                "{\"source\":3,\"func\":\"run\",\"in\":4}\n"
                "{\"source\":4,\"func\":\"main\",\"file\":\"a/pool.c\",\"line\":80}\n"
                "{\"source\":5,\"func\":\"alone\"}\n"
                "{\"ts\":1,\"tid\":1,\"ev\":\"mark\",\"name\":\"m\",\"src\":1}\n");
  g_assert_cmpuint (ls_trace_find_place (trace, 0), ==, 1);
  g_assert_cmpuint (ls_trace_find_place (trace, 4), ==, 4);
  g_assert_cmpuint (ls_trace_find_place (trace, LS_NONE), ==, LS_NONE);
  g_autofree char *place = ls_trace_dup_place (trace, 0);
  g_assert_cmpstr (place, ==, "pool.c:41");
  g_autofree char *callers = ls_trace_dup_callers (trace, 0);
  g_assert_cmpstr (callers, ==, "run, main (pool.c:80)");
  g_autofree char *none = ls_trace_dup_callers (trace, 4);
  g_assert_cmpstr (none, ==, "");
  g_autofree char *nowhere = ls_trace_dup_callers (trace, LS_NONE);
  g_assert_cmpstr (nowhere, ==, "");
}

static void
test_states (void)
{
  g_autoptr (LsTrace) trace = open_sample ();
  uint32_t n;
  g_autofree LsInterval *states = ls_intervals_dup (ls_trace_get_thread_states (trace, 2), &n);
  const LsStateKind expected[] = { LS_STATE_NOT_WAITING, LS_STATE_WAIT_LOCK,   LS_STATE_NOT_WAITING,
                                   LS_STATE_SLEEP,       LS_STATE_NOT_WAITING, LS_STATE_WAIT_LOCK,
                                   LS_STATE_NOT_WAITING };
  g_assert_cmpuint (n, ==, G_N_ELEMENTS (expected));
  for (uint32_t i = 0; i < n; i++) {
    g_assert_cmpint (states[i].state, ==, expected[i]);
    g_assert_cmpint (states[i].outcome, ==, LS_OUTCOME_GOT);
    if (i > 0)
      g_assert_cmpuint (states[i].begin_event, ==, states[i - 1].end_event);
  }
  g_autofree LsInterval *main_states = ls_intervals_dup (ls_trace_get_thread_states (trace, 0), &n);
  g_assert_cmpuint (n, ==, 5);
  g_assert_cmpuint (main_states[1].peer, ==, 1);
  g_assert_cmpint (main_states[1].state, ==, LS_STATE_WAIT_SIGNAL);
  g_autofree LsInterval *holds = ls_intervals_dup (ls_trace_get_object_holds (trace, 0), &n);
  g_assert_cmpuint (n, ==, 4);
  g_assert_cmpuint (holds[1].thread, ==, 2);
  g_assert_cmpuint (holds[1].begin_event, ==, 9);
  g_assert_cmpuint (holds[1].end_event, ==, 12);
  n = ls_trace_get_object_waits (trace, 0).n;
  g_assert_cmpuint (n, ==, 2);
}

/* The causes of the arrows, and the pairs with a double arrow between them, of the design's picture
 * of this trace. */
static void
test_order (void)
{
  g_autoptr (LsTrace) trace = open_sample ();
  g_assert_cmpuint (ls_trace_find_cause (trace, 2), ==, 1);
  g_assert_cmpuint (ls_trace_find_cause (trace, 9), ==, 8);
  g_assert_cmpuint (ls_trace_find_cause (trace, 22), ==, 21);
  g_assert_cmpuint (ls_trace_find_cause (trace, 24), ==, 23);
  g_assert_cmpuint (ls_trace_find_cause (trace, 6), ==, LS_NONE);
  g_assert_cmpuint (ls_trace_find_cause (trace, 16), ==, LS_NONE);
  g_assert_true (ls_trace_is_ordered_directly (trace, 1, 2));
  g_assert_true (ls_trace_is_ordered_directly (trace, 8, 9));
  g_assert_true (ls_trace_is_ordered_directly (trace, 23, 24));
  g_assert_false (ls_trace_is_ordered_directly (trace, 5, 6));
  g_assert_false (ls_trace_is_ordered_directly (trace, 6, 7));
  g_assert_false (ls_trace_is_ordered_directly (trace, 16, 17));
  g_assert_false (ls_trace_is_ordered_directly (trace, 18, 19));
}

static void
test_moment (void)
{
  g_autoptr (LsTrace) trace = open_sample ();
  LsThreadState thread;
  LsLockState lock;
  LsValue value;
  uint32_t access;
  ls_thread_state_init (&thread);
  ls_lock_state_init (&lock);

  ls_trace_get_thread_state (trace, 2, 7, &thread);
  g_assert_cmpint (thread.life, ==, LS_LIFE_ALIVE);
  g_assert_cmpint (thread.interval->state, ==, LS_STATE_WAIT_LOCK);
  g_assert_cmpuint (thread.interval->object, ==, 0);
  ls_trace_get_lock_state (trace, 0, 7, &lock);
  g_assert_cmpuint (lock.holders->len, ==, 1);
  g_assert_cmpuint (lock.waiters->len, ==, 1);
  g_assert_cmpuint (g_array_index (lock.holders, LsInterval, 0).thread, ==, 1);
  ls_trace_get_thread_state (trace, 2, 9, &thread);
  g_assert_cmpuint (thread.holds->len, ==, 1);
  ls_trace_get_thread_state (trace, 2, 1, &thread);
  g_assert_cmpint (thread.life, ==, LS_LIFE_NOT_STARTED);
  ls_trace_get_thread_state (trace, 2, 3, &thread);
  g_assert_cmpint (thread.life, ==, LS_LIFE_CREATED);
  ls_trace_get_thread_state (trace, 2, 27, &thread);
  g_assert_cmpint (thread.life, ==, LS_LIFE_FINISHED);

  g_assert_false (ls_trace_get_value (trace, 1, 9, &value, NULL));
  g_assert_true (ls_trace_get_value (trace, 1, 17, &value, &access));
  g_assert_cmpint (value.i, ==, 1);
  g_assert_cmpuint (access, ==, 16);
  g_assert_cmpuint (ls_trace_get_n_alive (trace, LS_NONE), ==, 0);
  g_assert_cmpuint (ls_trace_get_n_alive (trace, 10), ==, 3);
  g_assert_cmpuint (ls_trace_get_n_alive (trace, 29), ==, 0);
  ls_thread_state_clear (&thread);
  ls_lock_state_clear (&lock);
}

static void
test_semantics (void)
{
  g_autoptr (LsTrace) trace = open_lines (
    "{\"object\":1,\"kind\":\"recursive\"}\n{\"object\":2,\"kind\":\"semaphore\",\"initial\":2}\n"
    "{\"object\":3,\"kind\":\"cond\"}\n{\"object\":4,\"kind\":\"rwlock\"}\n"
    "{\"ts\":1,\"tid\":1,\"ev\":\"acquire\",\"obj\":1}\n"
    "{\"ts\":2,\"tid\":1,\"ev\":\"acquire\",\"obj\":1}\n"
    "{\"ts\":3,\"tid\":1,\"ev\":\"release\",\"obj\":1}\n"
    "{\"ts\":4,\"tid\":1,\"ev\":\"acquire\",\"obj\":2}\n"
    "{\"ts\":5,\"tid\":2,\"ev\":\"release\",\"obj\":2}\n"
    "{\"ts\":6,\"tid\":2,\"ev\":\"wait\",\"obj\":3,\"with\":1}\n"
    "{\"ts\":7,\"tid\":2,\"ev\":\"wake\",\"obj\":3}\n"
    "{\"ts\":8,\"tid\":2,\"ev\":\"wait\",\"obj\":1}\n"
    "{\"ts\":9,\"tid\":1,\"ev\":\"acquire\",\"obj\":4,\"mode\":\"shared\"}\n"
    "{\"ts\":10,\"tid\":3,\"ev\":\"acquire\",\"obj\":4,\"mode\":\"shared\"}\n");
  uint32_t n;
  g_autofree LsInterval *holds = ls_intervals_dup (ls_trace_get_thread_holds (trace, 0), &n);
  g_assert_cmpuint (n, ==, 2); /* a gate's units are nobody's */
  g_assert_cmpuint (holds[0].depth, ==, 2);
  g_assert_cmpuint (holds[0].end_event, ==, LS_NONE);
  g_assert_true (ls_trace_get_object (trace, 1)->is_gate);
  LsLockState lock;
  ls_lock_state_init (&lock);
  ls_trace_get_lock_state (trace, 1, 3, &lock);
  g_assert_cmpint (lock.count, ==, 1);
  ls_trace_get_lock_state (trace, 1, 4, &lock);
  g_assert_cmpint (lock.count, ==, 2);
  ls_trace_get_lock_state (trace, 3, 9, &lock);
  g_assert_cmpuint (lock.holders->len, ==, 2);
  ls_lock_state_clear (&lock);
  g_autofree LsInterval *states = ls_intervals_dup (ls_trace_get_thread_states (trace, 1), &n);
  g_assert_cmpuint (n, ==, 4);
  g_assert_cmpint (states[1].outcome, ==, LS_OUTCOME_SPURIOUS);
  g_assert_cmpint (states[3].outcome, ==, LS_OUTCOME_NEVER);
  g_assert_cmpint (states[3].state, ==, LS_STATE_WAIT_LOCK);
  g_assert_true (ls_trace_get_info (trace)->cut);
}

static void
test_contradictions (void)
{
  g_autoptr (LsTrace) trace =
    open_lines ("{\"object\":1,\"kind\":\"mutex\"}\n"
                "{\"ts\":5,\"tid\":1,\"ev\":\"release\",\"obj\":1}\n"
                "{\"ts\":4,\"tid\":1,\"ev\":\"acquire\",\"obj\":1}\n"
                "{\"ts\":6,\"tid\":16000000,\"ev\":\"acquire\",\"obj\":1}\n"
                "{\"ts\":7,\"tid\":1,\"ev\":\"acquire\",\"obj\":1}\n"
                "{\"ts\":7,\"tid\":1,\"ev\":\"finish\"}\n"
                "{\"ts\":8,\"tid\":1,\"ev\":\"wait\",\"obj\":4294967295}\n"
                "{\"end\":9,\"events\":5,\"lost\":0,\"exit\":0}\n");
  const LsReadReport *report = ls_trace_get_info (trace)->report;
  g_autoptr (GString) reasons = g_string_new (NULL);
  for (guint i = 0; i < report->problems->len; i++)
    g_string_append_printf (reasons, "%s\n", g_array_index (report->problems, LsProblem, i).reason);
  g_assert_nonnull (strstr (reasons->str, "time goes back"));
  g_assert_nonnull (strstr (reasons->str, "has events after event"));
  g_assert_nonnull (strstr (reasons->str, "which thread 16000000 holds"));
  g_assert_cmpuint (ls_trace_get_n_threads (trace), ==, 2);
  g_assert_cmpuint (ls_trace_get_n_events (trace), ==, 6);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/tables", test_tables);
  g_test_add_func ("/model/callers", test_callers);
  g_test_add_func ("/model/states", test_states);
  g_test_add_func ("/model/order", test_order);
  g_test_add_func ("/model/moment", test_moment);
  g_test_add_func ("/model/semantics", test_semantics);
  g_test_add_func ("/model/contradictions", test_contradictions);
  return g_test_run ();
}
