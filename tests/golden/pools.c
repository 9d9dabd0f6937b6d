/* SPDX-License-Identifier: MIT */
/* The lessons of work handed over: pools, pipelines, queues. */
#include "golden.h"

/* Regions on all executors; `n_most` (may be NULL): the most on one of them. */
static uint32_t
count_tasks (const Golden *golden, uint32_t n_executors, uint32_t *n_most)
{
  uint32_t n_all = 0, most = 0;
  for (uint32_t i = 0; i < n_executors; i++) {
    g_autofree char *name = g_strdup_printf ("executor-%u", i);
    uint32_t n = 0, thread = golden_get_thread (golden, name);
    g_autofree LsInterval *regions =
      ls_intervals_dup (ls_trace_get_thread_regions (golden->trace, thread), &n);
    for (uint32_t j = 0; j < n; j++) {
      g_assert_cmpuint (regions[j].end_event, !=, LS_NONE);
      g_assert_true (
        g_str_has_prefix (golden_get_event (golden, regions[j].begin_event).name, "task "));
    }
    n_all += n;
    most = MAX (most, n);
  }
  if (n_most)
    *n_most = most;
  return n_all;
}

static uint32_t
find_counter (const Golden *golden, const char *name)
{
  for (uint32_t i = 0; i < ls_trace_get_n_counters (golden->trace); i++)
    if (g_str_equal (ls_trace_get_counter_name (golden->trace, i), name))
      return i;
  return LS_NONE;
}

/* Main submitted n tasks, and the queue's lock and condition handed them out. */
static void
check_pool (const Golden *golden, uint32_t n_executors, uint32_t n_tasks)
{
  uint32_t main_thread = golden_get_thread (golden, "main");
  uint32_t lock = golden_get_object (golden, "queue.lock");
  uint32_t cond = golden_get_object (golden, "queue.not_empty");
  g_assert_cmpuint (ls_trace_get_object (golden->trace, lock)->n_acquires, >=, 2 * n_tasks);
  g_assert_cmpuint (golden_count_object_events (golden, cond, LS_EV_SIGNAL), ==, n_tasks);
  g_assert_cmpuint (golden_count_object_events (golden, cond, LS_EV_BROADCAST), ==, 1);
  g_assert_cmpuint (find_counter (golden, "queued tasks"), !=, LS_NONE);
  g_assert_cmpuint (golden_find_event (golden, main_thread, LS_EV_JOIN, n_executors - 1), !=,
                    LS_NONE);
  g_assert_cmpuint (golden_find_event (golden, main_thread, LS_EV_JOIN, n_executors), ==, LS_NONE);
  golden_assert_no_finding (golden);
}

static void
check_thread_pool (const Golden *golden)
{
  g_assert_cmpuint (count_tasks (golden, 3, NULL), ==, 3);
  check_pool (golden, 3, 3);
}

static void
check_thread_pool_submit (const Golden *golden)
{
  uint32_t n_most = 0;
  g_assert_cmpuint (count_tasks (golden, 4, &n_most), ==, 8);
  g_assert_cmpuint (n_most, >=, 2); /* used again */
  check_pool (golden, 4, 8);
}

/* Each message is written, then read; ten of them and the sentinel. */
static void
check_producer_consumer_lock (const Golden *golden)
{
  uint32_t message = golden_get_object (golden, "pipeline.message");
  uint32_t may_get = golden_get_object (golden, "pipeline.may_get");
  uint32_t may_set = golden_get_object (golden, "pipeline.may_set");
  for (uint32_t i = 0; i < 11; i++) {
    uint32_t write = golden_find_object_event (golden, message, LS_EV_WRITE, i);
    uint32_t read = golden_find_object_event (golden, message, LS_EV_READ, i);
    g_assert_cmpuint (write, <, read);
    LsEvent written = golden_get_event (golden, write), seen = golden_get_event (golden, read);
    g_assert_true (ls_value_equal (&written.val, &seen.val));
    if (i == 10)
      g_assert_cmpint (seen.val.i, ==, -1);
    if (i > 0)
      g_assert_cmpuint (golden_find_object_event (golden, message, LS_EV_READ, i - 1), <, write);
  }
  g_assert_cmpint (ls_trace_get_object (golden->trace, may_get)->kind, ==, LS_OBJECT_SEMAPHORE);
  g_assert_cmpuint (golden_count_object_events (golden, may_get, LS_EV_ACQUIRE), ==, 11);
  g_assert_cmpuint (golden_count_object_events (golden, may_get, LS_EV_RELEASE), ==, 11);
  g_assert_cmpuint (golden_count_object_events (golden, may_set, LS_EV_ACQUIRE), ==, 11);
  g_assert_cmpuint (golden_count_object_events (golden, may_set, LS_EV_RELEASE), ==, 11);
  golden_assert_no_finding (golden);
}

#define CAPACITY 4

static bool
queue_was_full_and_empty (const Golden *golden)
{
  uint32_t not_full = ls_trace_find_object (golden->trace, "queue.not_full");
  uint32_t not_empty = ls_trace_find_object (golden->trace, "queue.not_empty");
  return not_full != LS_NONE && not_empty != LS_NONE &&
         golden_find_wait (golden, golden_get_thread (golden, "producer"), not_full) &&
         golden_find_wait (golden, golden_get_thread (golden, "consumer"), not_empty);
}

static void
check_producer_consumer_queue (const Golden *golden)
{
  uint32_t counter = find_counter (golden, "queue"), n = 0;
  g_assert_cmpuint (counter, !=, LS_NONE);
  const uint32_t *events = ls_trace_get_counter_events (golden->trace, counter, &n);
  int64_t length = 0, longest = 0;
  for (uint32_t i = 0; i < n; i++) {
    int64_t next = golden_get_event (golden, events[i]).val.i;
    g_assert_cmpint (ABS (next - length), ==, 1);
    length = next;
    longest = MAX (longest, length);
  }
  g_assert_cmpint (length, ==, 0);
  g_assert_cmpint (longest, ==, CAPACITY);
  golden_assert_no_finding (golden);
}

const Lesson lessons_of_pools[] = {
  { "thread_pool", check_thread_pool, NULL, 0 },
  { "thread_pool_submit", check_thread_pool_submit, NULL, 0 },
  { "producer_consumer_lock", check_producer_consumer_lock, NULL, 0 },
  { "producer_consumer_queue", check_producer_consumer_queue, queue_was_full_and_empty, 0 },
  { NULL, NULL, NULL, 0 },
};
