/* SPDX-License-Identifier: MIT */
/* The lessons of threads' lives: starting, joining, ending with the program, who they are. */
#include "golden.h"

/* Thread `name` was created by main, before it started. */
static uint32_t
get_started (const Golden *golden, const char *name)
{
  uint32_t index = golden_get_thread (golden, name);
  const LsThread *thread = ls_trace_get_thread (golden->trace, index);
  g_assert_cmpuint (thread->parent, ==, golden_get_thread (golden, "main"));
  g_assert_cmpuint (thread->create_event, <, thread->start_event);
  g_assert_cmpuint (thread->start_event, !=, LS_NONE);
  g_assert_cmpuint (ls_trace_find_cause (golden->trace, thread->start_event), ==,
                    thread->create_event);
  return index;
}

static void
check_single_thread (const Golden *golden)
{
  const LsThread *main_thread =
    ls_trace_get_thread (golden->trace, golden_get_thread (golden, "main"));
  const LsThread *worker = ls_trace_get_thread (golden->trace, get_started (golden, "worker"));
  g_assert_true (worker->detached);
  g_assert_cmpuint (worker->join_event, ==, LS_NONE);
  g_assert_cmpuint (main_thread->finish_event, <, worker->finish_event);
  g_assert_cmpuint (worker->finish_event, !=, LS_NONE);
}

static void
check_join (const Golden *golden)
{
  uint32_t worker = get_started (golden, "worker");
  const LsInterval *wait = golden_find_join (golden, golden_get_thread (golden, "main"), worker);
  g_assert_nonnull (wait);
  g_assert_cmpint (wait->state, ==, LS_STATE_WAIT_SIGNAL);
  g_assert_cmpint (wait->outcome, ==, LS_OUTCOME_GOT);
  const LsThread *thread = ls_trace_get_thread (golden->trace, worker);
  g_assert_cmpuint (wait->end_event, ==, thread->join_event);
  g_assert_cmpuint (ls_trace_find_cause (golden->trace, thread->join_event), ==,
                    thread->finish_event);
}

static void
check_daemon_thread (const Golden *golden)
{
  uint32_t index = get_started (golden, "daemon");
  const LsThread *daemon = ls_trace_get_thread (golden->trace, index);
  const LsThread *main_thread =
    ls_trace_get_thread (golden->trace, golden_get_thread (golden, "main"));
  g_assert_true (daemon->detached);
  g_assert_cmpuint (daemon->finish_event, ==, LS_NONE);
  g_assert_cmpuint (main_thread->finish_event, !=, LS_NONE);
  const LsInterval *last = golden_get_last_state (golden, index);
  g_assert_cmpuint (last->end_event, ==, LS_NONE);
  g_assert_cmpint (ls_interval_get_span (golden->trace, last).end_ns, ==,
                   ls_trace_get_info (golden->trace)->end_ns);
}

#define N_WORKERS 3

static void
get_workers (const Golden *golden, const LsThread *workers[N_WORKERS])
{
  for (uint32_t i = 0; i < N_WORKERS; i++) {
    g_autofree char *name = g_strdup_printf ("worker-%u", i);
    workers[i] = ls_trace_get_thread (golden->trace, get_started (golden, name));
  }
}

static bool
finish_out_of_order (const Golden *golden)
{
  const LsThread *workers[N_WORKERS];
  get_workers (golden, workers);
  return workers[2]->finish_event < workers[1]->finish_event ||
         workers[1]->finish_event < workers[0]->finish_event;
}

static void
check_multiple_threads (const Golden *golden)
{
  const LsThread *workers[N_WORKERS];
  get_workers (golden, workers);
  for (uint32_t i = 0; i < N_WORKERS; i++) {
    g_assert_cmpuint (workers[i]->join_event, !=, LS_NONE);
    g_assert_cmpuint (workers[i]->finish_event, <, workers[i]->join_event);
    if (i > 0) {
      g_assert_cmpuint (workers[i - 1]->create_event, <, workers[i]->create_event);
      g_assert_cmpuint (workers[i - 1]->join_event, <, workers[i]->join_event);
    }
  }
}

/* "...: name first, identifier 4122" was printed of the thread. */
static void
check_introduced (const Golden *golden, const char *thread, const char *name)
{
  uint32_t index = golden_get_thread (golden, thread);
  g_autofree char *line = g_strdup_printf ("name %s, identifier %u\n", name,
                                           ls_trace_get_thread (golden->trace, index)->os);
  golden_assert_printed (golden, line);
}

static void
check_current_thread (const Golden *golden)
{
  check_introduced (golden, "main", "current_thread");
  check_introduced (golden, "first", "first");
  check_introduced (golden, "second", "second");
}

static void
check_active_threads (const Golden *golden)
{
  static const struct {
    uint32_t n;
    const char *text;
  } printed[] = {
    { 1, "1 active: main\n" },
    { 2, "2 active: main, worker-0\n" },
    { 3, "3 active: main, worker-0, worker-1\n" },
    { 4, "4 active: main, worker-0, worker-1, worker-2\n" },
    { 3, "3 active: main, worker-1, worker-2\n" },
    { 2, "2 active: main, worker-2\n" },
    { 1, "1 active: main\n" },
  };
  uint32_t main_thread = golden_get_thread (golden, "main");
  for (uint32_t i = 0; i < G_N_ELEMENTS (printed); i++) {
    uint32_t k = golden_find_event (golden, main_thread, LS_EV_COUNT, i);
    LsEvent event = golden_get_event (golden, k);
    g_assert_cmpstr (event.name, ==, "active");
    g_assert_cmpint (event.val.i, ==, printed[i].n);
    g_assert_cmpuint (ls_trace_get_n_alive (golden->trace, k), ==, printed[i].n);
    golden_assert_printed (golden, printed[i].text);
  }
}

const Lesson lessons_of_threads[] = {
  { "single_thread", check_single_thread, NULL, 0 },
  { "join", check_join, NULL, 0 },
  { "daemon_thread", check_daemon_thread, NULL, 0 },
  { "multiple_threads", check_multiple_threads, finish_out_of_order, 0 },
  { "current_thread", check_current_thread, NULL, 0 },
  { "active_threads", check_active_threads, NULL, 0 },
  { NULL, NULL, NULL, 0 },
};
