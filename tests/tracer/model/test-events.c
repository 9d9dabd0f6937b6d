/* SPDX-License-Identifier: MIT */
/* What each kind of event means to the model, in traces of a few lines. */
#include "inline.h"

#define OPEN(lines) g_autoptr (LsTrace) trace = inline_open (lines)

static void
assert_wait (const LsTrace *trace,
             uint32_t thread,
             uint32_t k,
             LsStateKind state,
             LsOutcome outcome)
{
  LsInterval wait = inline_get_state (trace, thread, k);
  g_assert_cmpint (wait.state, ==, state);
  g_assert_cmpint (wait.outcome, ==, outcome);
}

static LsInterval
get_hold (const LsTrace *trace, uint32_t object, uint32_t index)
{
  uint32_t n;
  g_autofree LsInterval *holds = ls_intervals_dup (ls_trace_get_object_holds (trace, object), &n);
  g_assert_cmpuint (index, <, n);
  return holds[index];
}

static uint32_t
count_holds (const LsTrace *trace, uint32_t object)
{
  return ls_trace_get_object_holds (trace, object).n;
}

/* release, wait, wake, then a second wait for the mutex. */
static void
test_cond (void)
{
  OPEN ("{'object':1,'kind':'mutex'}\n{'object':2,'kind':'cond'}\n"
        "{'ts':1,'tid':1,'ev':'acquire','obj':1}\n"
        "{'ts':2,'tid':1,'ev':'release','obj':1}\n"
        "{'ts':2,'tid':1,'ev':'wait','obj':2,'with':1}\n"
        "{'ts':3,'tid':2,'ev':'acquire','obj':1}\n"
        "{'ts':4,'tid':2,'ev':'signal','obj':2}\n"
        "{'ts':5,'tid':1,'ev':'wake','obj':2}\n"
        "{'ts':5,'tid':1,'ev':'wait','obj':1}\n"
        "{'ts':6,'tid':2,'ev':'release','obj':1}\n"
        "{'ts':7,'tid':1,'ev':'acquire','obj':1}\n"
        "{'ts':8,'tid':1,'ev':'wait','obj':2,'with':1}\n"
        "{'ts':9,'tid':1,'ev':'wake','obj':2}\n"
        "{'ts':10,'tid':1,'ev':'wait','obj':2,'with':1}\n"
        "{'ts':11,'tid':1,'ev':'timeout','obj':2}\n");
  assert_wait (trace, 0, 2, LS_STATE_WAIT_SIGNAL, LS_OUTCOME_GOT);
  assert_wait (trace, 0, 6, LS_STATE_WAIT_LOCK, LS_OUTCOME_GOT);
  assert_wait (trace, 0, 9, LS_STATE_WAIT_SIGNAL, LS_OUTCOME_SPURIOUS);
  assert_wait (trace, 0, 11, LS_STATE_WAIT_SIGNAL, LS_OUTCOME_TIMEOUT);
  g_assert_cmpuint (ls_trace_find_cause (trace, 5), ==, 4);
  g_assert_cmpuint (ls_trace_find_cause (trace, 8), ==, 7);
  g_assert_cmpuint (ls_trace_find_cause (trace, 10), ==, LS_NONE);
  g_assert_true (ls_trace_is_ordered_directly (trace, 4, 5));
  g_assert_false (ls_trace_is_ordered_directly (trace, 4, 10));
  g_assert_cmpuint (ls_trace_get_object (trace, 0)->n_contended, ==, 1);
  uint32_t n;
  ls_trace_get_object_events (trace, 0, &n); /* also those that name it as `with` */
  g_assert_cmpuint (n, ==, 9);
}

/* After losses the signal may be what was lost. */
static void
test_lost (void)
{
  OPEN ("{'object':2,'kind':'cond'}\n"
        "{'ts':1,'tid':1,'ev':'wait','obj':2}\n"
        "{'ts':2,'tid':2,'ev':'lost','n':7}\n"
        "{'ts':3,'tid':1,'ev':'wake','obj':2}\n"
        "{'ts':4,'tid':1,'ev':'release','obj':3}\n{'object':3,'kind':'mutex'}\n");
  const LsTraceInfo *info = ls_trace_get_info (trace);
  g_assert_cmpuint (info->n_lost, ==, 7);
  g_assert_true (info->absence_is_no_proof);
  assert_wait (trace, 0, 0, LS_STATE_WAIT_SIGNAL, LS_OUTCOME_GOT);
  g_assert_cmpuint (info->report->problems->len, ==, 0);
}

static void
test_event (void)
{
  OPEN ("{'object':1,'kind':'event'}\n"
        "{'ts':1,'tid':1,'ev':'wait','obj':1}\n"
        "{'ts':2,'tid':2,'ev':'set','obj':1}\n"
        "{'ts':3,'tid':1,'ev':'wake','obj':1}\n"
        "{'ts':4,'tid':3,'ev':'wake','obj':1}\n"
        "{'ts':5,'tid':2,'ev':'clear','obj':1}\n"
        "{'ts':6,'tid':3,'ev':'fail','obj':1,'how':'timed'}\n"
        "{'ts':7,'tid':3,'ev':'wait','obj':1}\n"
        "{'ts':8,'tid':3,'ev':'finish'}\n");
  assert_wait (trace, 0, 0, LS_STATE_WAIT_SIGNAL, LS_OUTCOME_GOT);
  assert_wait (trace, 2, 6, LS_STATE_WAIT_SIGNAL, LS_OUTCOME_NEVER);
  g_assert_cmpuint (ls_trace_find_cause (trace, 2), ==, 1);
  g_assert_cmpuint (ls_trace_find_cause (trace, 3), ==, 1);
  g_assert_cmpuint (ls_trace_find_cause (trace, 5), ==, LS_NONE);
  g_assert_true (ls_trace_is_ordered_directly (trace, 1, 3));
}

/* Two rounds of two; the last to arrive is let go by nobody, nor by the next round. */
static void
test_barrier (void)
{
  OPEN ("{'object':1,'kind':'barrier','parties':2}\n"
        "{'ts':1,'tid':1,'ev':'wait','obj':1}\n"
        "{'ts':2,'tid':2,'ev':'wait','obj':1}\n"
        "{'ts':3,'tid':1,'ev':'wake','obj':1}\n"
        "{'ts':4,'tid':1,'ev':'wait','obj':1}\n"
        "{'ts':5,'tid':2,'ev':'wake','obj':1}\n"
        "{'ts':6,'tid':2,'ev':'wait','obj':1}\n"
        "{'ts':7,'tid':1,'ev':'wake','obj':1}\n");
  assert_wait (trace, 0, 0, LS_STATE_WAIT_SIGNAL, LS_OUTCOME_GOT);
  assert_wait (trace, 1, 5, LS_STATE_WAIT_SIGNAL, LS_OUTCOME_NEVER);
  g_assert_cmpuint (ls_trace_find_cause (trace, 2), ==, 1);
  g_assert_cmpuint (ls_trace_find_cause (trace, 4), ==, LS_NONE);
  g_assert_cmpuint (ls_trace_find_cause (trace, 6), ==, 5);
  g_assert_true (ls_trace_is_ordered_directly (trace, 0, 4));
  g_assert_false (ls_trace_is_ordered_directly (trace, 3, 4));
}

/* Rounds by number, where it is not known how many make one. */
static void
test_barrier_rounds (void)
{
  OPEN ("{'object':1,'kind':'barrier'}\n"
        "{'ts':1,'tid':1,'ev':'wait','obj':1,'n':1}\n"
        "{'ts':2,'tid':2,'ev':'wait','obj':1,'n':1}\n"
        "{'ts':3,'tid':1,'ev':'wake','obj':1}\n"
        "{'ts':4,'tid':1,'ev':'wait','obj':1,'n':2}\n"
        "{'ts':5,'tid':2,'ev':'wake','obj':1}\n");
  g_assert_cmpuint (ls_trace_find_cause (trace, 2), ==, 1);
  g_assert_cmpuint (ls_trace_find_cause (trace, 4), ==, LS_NONE);
  g_assert_true (ls_trace_is_ordered_directly (trace, 0, 4));
  g_assert_false (ls_trace_is_ordered_directly (trace, 3, 4));
}

static void
test_once (void)
{
  OPEN ("{'object':1,'kind':'once'}\n"
        "{'ts':1,'tid':1,'ev':'acquire','obj':1}\n"
        "{'ts':2,'tid':2,'ev':'wait','obj':1}\n"
        "{'ts':3,'tid':1,'ev':'release','obj':1}\n"
        "{'ts':4,'tid':2,'ev':'wake','obj':1}\n"
        "{'ts':5,'tid':3,'ev':'wake','obj':1}\n");
  assert_wait (trace, 1, 1, LS_STATE_WAIT_LOCK, LS_OUTCOME_GOT);
  g_assert_cmpuint (ls_trace_find_cause (trace, 3), ==, 2);
  g_assert_cmpuint (ls_trace_find_cause (trace, 4), ==, 2);
  g_assert_true (ls_trace_is_ordered_directly (trace, 2, 4));
}

static void
test_rwlock (void)
{
  OPEN ("{'object':1,'kind':'rwlock'}\n"
        "{'ts':1,'tid':1,'ev':'acquire','obj':1}\n"
        "{'ts':2,'tid':1,'ev':'release','obj':1}\n"
        "{'ts':3,'tid':2,'ev':'acquire','obj':1,'mode':'shared'}\n"
        "{'ts':4,'tid':2,'ev':'acquire','obj':1,'mode':'shared'}\n"
        "{'ts':5,'tid':3,'ev':'acquire','obj':1,'mode':'shared'}\n"
        "{'ts':6,'tid':2,'ev':'release','obj':1}\n"
        "{'ts':7,'tid':2,'ev':'release','obj':1}\n"
        "{'ts':8,'tid':4,'ev':'acquire','obj':1,'mode':'shared'}\n"
        "{'ts':9,'tid':3,'ev':'release','obj':1}\n"
        "{'ts':10,'tid':4,'ev':'release','obj':1}\n"
        "{'ts':11,'tid':1,'ev':'acquire','obj':1}\n");
  g_assert_cmpuint (count_holds (trace, 0), ==, 5);
  g_assert_cmpuint (get_hold (trace, 0, 1).depth, ==, 2);
  g_assert_cmpuint (get_hold (trace, 0, 1).end_event, ==, 6);
  g_assert_cmpint (get_hold (trace, 0, 2).mode, ==, LS_MODE_SHARED);
  g_assert_cmpuint (ls_trace_find_cause (trace, 2), ==, 1);
  g_assert_cmpuint (ls_trace_find_cause (trace, 7), ==, 1); /* not the readers before it */
  g_assert_cmpuint (ls_trace_find_cause (trace, 10), ==, 9);
  g_assert_false (ls_trace_is_ordered_directly (trace, 6, 7));
  g_assert_true (ls_trace_is_ordered_directly (trace, 8, 10));
  g_assert_cmpuint (ls_trace_get_info (trace)->report->problems->len, ==, 0);
}

static void
test_semaphore (void)
{
  OPEN ("{'object':1,'kind':'semaphore','initial':3}\n"
        "{'ts':1,'tid':1,'ev':'acquire','obj':1,'n':2}\n"
        "{'ts':2,'tid':1,'ev':'acquire','obj':1}\n"
        "{'ts':3,'tid':2,'ev':'wait','obj':1}\n"
        "{'ts':4,'tid':1,'ev':'release','obj':1,'n':3}\n"
        "{'ts':5,'tid':2,'ev':'acquire','obj':1}\n");
  LsLockState state;
  LsValueMix mix;
  ls_lock_state_init (&state);
  g_assert_false (ls_trace_get_object (trace, 0)->is_gate);
  ls_trace_get_lock_state (trace, 0, 2, &state);
  g_assert_cmpint (state.count, ==, 0);
  g_assert_cmpuint (state.holders->len, ==, 2);
  g_assert_cmpuint (state.waiters->len, ==, 1);
  ls_trace_get_lock_state (trace, 0, 3, &state);
  g_assert_cmpint (state.count, ==, 3);
  g_assert_cmpuint (state.holders->len, ==, 0);
  ls_lock_state_clear (&state);
  g_assert_cmpuint (get_hold (trace, 0, 0).depth, ==, 2);
  assert_wait (trace, 1, 2, LS_STATE_WAIT_LOCK, LS_OUTCOME_GOT);
  g_assert_true (ls_trace_sum_value (trace, 0, (LsSpan){ 0, 10 }, &mix));
  g_assert_cmpfloat (mix.min, ==, 0);
  g_assert_cmpfloat (mix.max, ==, 3);
  g_assert_cmpfloat (mix.last, ==, 2);
}

/* A lock that others release: the hold ends with the release, whoever does it. */
static void
test_gate (void)
{
  OPEN ("{'object':1,'kind':'lock'}\n"
        "{'ts':1,'tid':1,'ev':'acquire','obj':1}\n"
        "{'ts':2,'tid':2,'ev':'release','obj':1}\n"
        "{'ts':3,'tid':1,'ev':'acquire','obj':1}\n"
        "{'ts':4,'tid':1,'ev':'release','obj':1}\n");
  g_assert_true (ls_trace_get_object (trace, 0)->is_gate);
  g_assert_cmpuint (get_hold (trace, 0, 0).end_event, ==, 1);
  g_assert_cmpuint (get_hold (trace, 0, 0).thread, ==, 0);
  g_assert_cmpuint (get_hold (trace, 0, 1).end_event, ==, 3);
  g_assert_cmpuint (ls_trace_find_cause (trace, 2), ==, 1);
  g_assert_cmpuint (ls_trace_get_info (trace)->report->problems->len, ==, 0);
}

/* A recursive lock given back whole by a condition wait comes back at its old depth. */
static void
test_recursive (void)
{
  OPEN ("{'object':1,'kind':'recursive'}\n"
        "{'ts':1,'tid':1,'ev':'acquire','obj':1}\n"
        "{'ts':2,'tid':1,'ev':'acquire','obj':1}\n"
        "{'ts':3,'tid':1,'ev':'release','obj':1,'n':2}\n"
        "{'ts':4,'tid':1,'ev':'acquire','obj':1,'n':2}\n"
        "{'ts':5,'tid':1,'ev':'release','obj':1}\n"
        "{'ts':6,'tid':1,'ev':'release','obj':1}\n");
  g_assert_cmpuint (count_holds (trace, 0), ==, 2);
  g_assert_cmpuint (get_hold (trace, 0, 0).end_event, ==, 2);
  g_assert_cmpuint (get_hold (trace, 0, 1).end_event, ==, 5);
  g_assert_cmpuint (get_hold (trace, 0, 1).depth, ==, 2);
}

static void
test_errors (void)
{
  OPEN ("{'object':1,'kind':'mutex'}\n"
        "{'ts':1,'tid':1,'ev':'acquire','obj':1}\n"
        "{'ts':2,'tid':2,'ev':'release','obj':1,'err':'EPERM'}\n"
        "{'ts':3,'tid':2,'ev':'create','thread':9,'err':'EAGAIN'}\n"
        "{'ts':4,'tid':1,'ev':'finish'}\n"
        "{'ts':5,'tid':2,'ev':'acquire','obj':1,'err':'EOWNERDEAD'}\n"
        "{'ts':6,'tid':2,'ev':'join','thread':1,'err':'EINVAL'}\n");
  g_assert_cmpuint (get_hold (trace, 0, 0).end_event, ==, 4);
  g_assert_cmpuint (get_hold (trace, 0, 1).thread, ==, 1);
  g_assert_cmpuint (ls_trace_get_thread (trace, 2)->create_event, ==, LS_NONE);
  g_assert_cmpuint (ls_trace_get_thread (trace, 0)->join_event, ==, LS_NONE);
  g_assert_cmpuint (ls_trace_find_cause (trace, 5), ==, LS_NONE);
  g_assert_cmpuint (ls_trace_get_info (trace)->report->problems->len, ==, 0);
}

static void
test_join (void)
{
  OPEN ("{'ts':1,'tid':1,'ev':'start'}\n"
        "{'ts':2,'tid':1,'ev':'create','thread':2}\n"
        "{'ts':3,'tid':1,'ev':'wait','thread':2}\n"
        "{'ts':4,'tid':2,'ev':'start','src':7}\n"
        "{'ts':5,'tid':1,'ev':'timeout','thread':2}\n"
        "{'ts':6,'tid':2,'ev':'finish'}\n"
        "{'ts':7,'tid':1,'ev':'join','thread':2}\n"
        "{'ts':8,'tid':1,'ev':'send','n':3}\n{'ts':9,'tid':3,'ev':'recv','n':3}\n");
  assert_wait (trace, 0, 2, LS_STATE_WAIT_SIGNAL, LS_OUTCOME_TIMEOUT);
  g_assert_cmpuint (inline_get_state (trace, 0, 2).peer, ==, 1);
  g_assert_cmpuint (ls_trace_find_cause (trace, 3), ==, 1);
  g_assert_cmpuint (ls_trace_find_cause (trace, 6), ==, 5);
  g_assert_cmpuint (ls_trace_find_cause (trace, 8), ==, 7);
  g_assert_true (ls_trace_is_ordered_directly (trace, 1, 3));
  g_assert_true (ls_trace_is_ordered_directly (trace, 7, 8));
  const LsThread *thread = ls_trace_get_thread (trace, 1);
  g_assert_cmpuint (thread->parent, ==, 0);
  g_assert_cmpuint (thread->start_source, ==, 0);
  g_assert_cmpstr (thread->name, ==, "thread 2");
  g_assert_cmpstr (ls_trace_get_thread (trace, 0)->name, ==, "main");
}

static void
test_regions (void)
{
  OPEN ("{'ts':1,'tid':1,'ev':'begin','name':'request'}\n"
        "{'ts':2,'tid':1,'ev':'begin','name':'parse'}\n"
        "{'ts':3,'tid':1,'ev':'begin','name':'lex'}\n"
        "{'ts':4,'tid':1,'ev':'end','name':'parse'}\n"
        "{'ts':5,'tid':1,'ev':'begin','name':'send'}\n"
        "{'ts':6,'tid':1,'ev':'end','name':'nothing'}\n"
        "{'ts':7,'tid':1,'ev':'finish'}\n");
  uint32_t n;
  g_autofree LsInterval *regions = ls_intervals_dup (ls_trace_get_thread_regions (trace, 0), &n);
  const uint32_t ends[] = { 6, 3, 3, 6 };
  const uint8_t rows[] = { 0, 1, 2, 1 };
  g_assert_cmpuint (n, ==, 4);
  for (uint32_t i = 0; i < n; i++) {
    g_assert_cmpuint (regions[i].end_event, ==, ends[i]);
    g_assert_cmpuint (regions[i].row, ==, rows[i]);
  }
  g_assert_cmpuint (ls_trace_get_n_region_rows (trace, 0), ==, 3);
  g_autofree char *problems = inline_dup_problems (trace);
  g_assert_cmpstr (problems, ==, "7: main ends \"nothing\", which it is not in\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/events/cond", test_cond);
  g_test_add_func ("/model/events/lost", test_lost);
  g_test_add_func ("/model/events/event", test_event);
  g_test_add_func ("/model/events/barrier", test_barrier);
  g_test_add_func ("/model/events/barrier-rounds", test_barrier_rounds);
  g_test_add_func ("/model/events/once", test_once);
  g_test_add_func ("/model/events/rwlock", test_rwlock);
  g_test_add_func ("/model/events/semaphore", test_semaphore);
  g_test_add_func ("/model/events/gate", test_gate);
  g_test_add_func ("/model/events/recursive", test_recursive);
  g_test_add_func ("/model/events/errors", test_errors);
  g_test_add_func ("/model/events/join", test_join);
  g_test_add_func ("/model/events/regions", test_regions);
  return g_test_run ();
}
