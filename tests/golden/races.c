/* SPDX-License-Identifier: MIT */
/* The lessons of a shared value, unprotected and protected. */
#include <string.h>

#include "golden.h"

static bool
both_read_before_either_writes (const Golden *golden)
{
  uint32_t value = golden_get_object (golden, "database.value");
  return golden_find_object_event (golden, value, LS_EV_READ, 1) <
         golden_find_object_event (golden, value, LS_EV_WRITE, 0);
}

static void
check_place (const Golden *golden, uint32_t k, const char *func, uint32_t line)
{
  const LsSource *source = ls_trace_get_source (golden->trace, golden_get_event (golden, k).source);
  g_assert_cmpstr (source->func, ==, func);
  g_assert_cmpstr (source->basename, ==, "race_condition.c");
  g_assert_cmpuint (source->line, ==, line);
}

static void
check_finding (const Golden *golden, LsFindingKind kind)
{
  const LsFinding *finding = golden_find_finding (golden, kind);
  g_assert_nonnull (finding);
  g_assert_cmpint (finding->severity, ==, LS_SEVERITY_ERROR);
  g_assert_cmpint (finding->certainty, ==, LS_CERTAINTY_HAPPENED);
  g_assert_cmpuint (g_array_index (finding->objects, uint32_t, 0), ==,
                    golden_get_object (golden, "database.value"));
  g_assert_cmpuint (finding->threads->len, ==, 2);
  g_assert_nonnull (strstr (finding->sentence, "executor-0"));
  g_assert_nonnull (strstr (finding->sentence, "executor-1"));
}

static void
check_race_condition (const Golden *golden)
{
  uint32_t value = golden_get_object (golden, "database.value");
  uint32_t lock = golden_get_object (golden, "log.lock");
  g_assert_cmpint (ls_trace_get_object (golden->trace, value)->type, ==, LS_VALUE_INT);
  g_assert_cmpint (ls_trace_get_object (golden->trace, lock)->kind, ==, LS_OBJECT_MUTEX);
  g_assert_cmpuint (ls_trace_get_object (golden->trace, lock)->n_acquires, ==, 4);
  for (uint32_t i = 0; i < 2; i++) {
    uint32_t read = golden_find_object_event (golden, value, LS_EV_READ, i);
    uint32_t write = golden_find_object_event (golden, value, LS_EV_WRITE, i);
    g_assert_cmpint (golden_get_event (golden, read).val.i, ==, 0);
    g_assert_cmpint (golden_get_event (golden, write).val.i, ==, 1);
    check_place (golden, read, "update", 21);
    check_place (golden, write, "update", 24);
  }
  check_finding (golden, LS_FINDING_LOST_UPDATE);
  check_finding (golden, LS_FINDING_DATA_RACE);
  golden_assert_printed (golden, "main: the value is 1\n");
}

static const LsInterval *
find_contended (const Golden *golden, const char *lock_name)
{
  uint32_t n = 0, lock = golden_get_object (golden, lock_name);
  g_autofree LsInterval *waits =
    ls_intervals_dup (ls_trace_get_object_waits (golden->trace, lock), &n);
  static LsInterval wait;
  wait = n == 1 ? waits[0] : wait;
  return n == 1 ? &wait : NULL;
}

static bool
one_waits_for_database (const Golden *golden)
{
  return find_contended (golden, "database.lock");
}

/* The two holds of the lock do not overlap, and the second is what the wait ended in. */
static void
check_one_after_the_other (const Golden *golden, const char *lock_name)
{
  uint32_t n = 0, lock = golden_get_object (golden, lock_name);
  g_autofree LsInterval *holds =
    ls_intervals_dup (ls_trace_get_object_holds (golden->trace, lock), &n);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpuint (holds[0].thread, !=, holds[1].thread);
  g_assert_cmpuint (holds[0].end_event, <, holds[1].begin_event);
  const LsInterval *wait = find_contended (golden, lock_name);
  g_assert_cmpint (wait->state, ==, LS_STATE_WAIT_LOCK);
  g_assert_cmpint (wait->outcome, ==, LS_OUTCOME_GOT);
  g_assert_cmpuint (wait->thread, ==, holds[1].thread);
  g_assert_cmpuint (wait->end_event, ==, holds[1].begin_event);
  g_assert_cmpuint (ls_trace_find_cause (golden->trace, wait->end_event), ==, holds[0].end_event);
  LsSpan span = ls_interval_get_span (golden->trace, wait);
  g_assert_cmpint (span.begin_ns, <, span.end_ns);
  golden_assert_no_finding (golden);
}

static void
check_race_condition_fixed (const Golden *golden)
{
  LsValue value;
  uint32_t last = ls_trace_get_n_events (golden->trace) - 1;
  g_assert_true (ls_trace_get_value (golden->trace, golden_get_object (golden, "database.value"),
                                     last, &value, NULL));
  g_assert_cmpint (value.i, ==, 2);
  check_one_after_the_other (golden, "database.lock");
}

static bool
one_waits_for_text (const Golden *golden)
{
  return find_contended (golden, "text.lock");
}

static void
check_lock_file_read (const Golden *golden)
{
  check_one_after_the_other (golden, "text.lock");
}

/* -- bank: each access is locked, but not the two together -- */

static bool
both_read_the_balance (const Golden *golden)
{
  uint32_t balance = golden_get_object (golden, "balance");
  return golden_find_object_event (golden, balance, LS_EV_READ, 1) <
         golden_find_object_event (golden, balance, LS_EV_WRITE, 0);
}

static void
check_bank (const Golden *golden)
{
  const LsFinding *finding = golden_find_finding (golden, LS_FINDING_LOST_UPDATE);
  g_assert_nonnull (finding);
  g_assert_cmpint (finding->certainty, ==, LS_CERTAINTY_HAPPENED);
  g_assert_nonnull (strstr (finding->sentence, "alice"));
  g_assert_nonnull (strstr (finding->sentence, "bob"));
  g_assert_nonnull (strstr (finding->why, "bank::account.lock was let go"));
  g_assert_null (golden_find_finding (golden, LS_FINDING_DATA_RACE));
  /* C++'s own locks, by the names of their variables, at places of the program's own. */
  uint32_t lock = golden_get_object (golden, "bank::account.lock");
  uint32_t acquire = golden_find_object_event (golden, lock, LS_EV_ACQUIRE, 0);
  const LsSource *source =
    ls_trace_get_source (golden->trace, golden_get_event (golden, acquire).source);
  g_assert_cmpstr (source->basename, ==, "bank.cpp");
  g_assert_cmpstr (source->func, ==, "bank::Account::pay_in");
  uint32_t create = golden_find_event (golden, golden_get_thread (golden, "main"), LS_EV_CREATE, 0);
  g_autofree char *place =
    ls_trace_dup_place (golden->trace, golden_get_event (golden, create).source);
  g_assert_true (g_str_has_prefix (place, "bank.cpp:"));
  uint32_t read =
    golden_find_object_event (golden, golden_get_object (golden, "balance"), LS_EV_READ, 0);
  source = ls_trace_get_source (golden->trace, golden_get_event (golden, read).source);
  g_assert_cmpstr (source->func, ==, "bank::Account::pay_in");
}

const Lesson lessons_of_races[] = {
  { "race_condition", check_race_condition, both_read_before_either_writes, 0 },
  { "race_condition_fixed", check_race_condition_fixed, one_waits_for_database, 0 },
  { "bank", check_bank, both_read_the_balance, 0 },
  { "lock_file_read", check_lock_file_read, one_waits_for_text, 0 },
  { NULL, NULL, NULL, 0 },
};
