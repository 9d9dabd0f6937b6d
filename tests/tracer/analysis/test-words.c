/* SPDX-License-Identifier: MIT */
/* A trace in words: events, states, lanes, verdicts, durations, ladders. */
#include <string.h>

#include "finding.h"

/* Compares and frees. */
static void
expect (char *text, const char *expected)
{
  g_assert_cmpstr (text, ==, expected);
  g_free (text);
}

static LsTrace *
open_sample (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("LS_SAMPLES"), "mockup.trace.jsonl", NULL);
  LsTrace *trace = ls_trace_open (path, NULL, NULL, NULL, NULL);
  g_assert_nonnull (trace);
  return trace;
}

static LsTrace *
open_lines (const char *lines)
{
  g_autoptr (GError) error = NULL;
  LsTrace *trace = ls_trace_open_bytes ("lines", lines, strlen (lines), &error);
  g_assert_no_error (error);
  return trace;
}

static void
test_states (void)
{
  g_autoptr (LsTrace) trace = open_sample ();
  expect (ls_trace_dup_thread_state_text (trace, 0, 18), "waits for executor-0 to finish, 105 ms");
  expect (ls_trace_dup_thread_state_text (trace, 1, 18), "not waiting, holds nothing");
  expect (ls_trace_dup_thread_state_text (trace, 1, 6), "not waiting, holds log.lock");
  expect (ls_trace_dup_thread_state_text (trace, 2, 7), "waits for log.lock, held by executor-0");
  expect (ls_trace_dup_thread_state_text (trace, 1, 12), "asleep, 700 µs");
  expect (ls_trace_dup_thread_state_text (trace, 1, LS_NONE), "not started");
  expect (ls_trace_dup_thread_state_text (trace, 1, 1), "created, not yet started");
  expect (ls_trace_dup_thread_state_text (trace, 1, 29), "finished");
  expect (ls_trace_dup_object_state_text (trace, 0, 18), "log.lock is free");
  expect (ls_trace_dup_object_state_text (trace, 0, 7),
          "log.lock is held by executor-0; executor-1 waits");
  expect (ls_trace_dup_object_state_text (trace, 1, 18), "database.value = 1");
  expect (ls_trace_dup_object_state_text (trace, 1, 3), "database.value: not seen yet");
}

static void
test_lanes (void)
{
  g_autoptr (LsTrace) trace = open_sample ();
  expect (ls_trace_dup_thread_subtitle (trace, 0), "os 4121 · starts 2, joins 2");
  expect (ls_trace_dup_thread_subtitle (trace, 1), "os 4122");
  expect (ls_trace_dup_object_subtitle (trace, 0), "mutex · 4 holds · 2 contended");
  expect (ls_trace_dup_object_subtitle (trace, 1), "int · 2 reads · 2 writes");
}

static void
test_events (void)
{
  g_autoptr (LsTrace) trace = open_lines (
    "{\"lockstitch\":1}\n"
    "{\"thread\":1,\"name\":\"main\"}\n{\"thread\":2,\"name\":\"w\"}\n"
    "{\"object\":1,\"kind\":\"rwlock\",\"name\":\"rw\"}\n{\"object\":2,\"kind\":\"event\",\"name\":\"e\"}\n"
    "{\"object\":3,\"kind\":\"value\",\"name\":\"x\"}\n{\"source\":1,\"file\":\"a.c\",\"line\":7}\n"
    "{\"ts\":0,\"tid\":1,\"ev\":\"create\",\"thread\":2,\"err\":\"EAGAIN\"}\n"
    "{\"ts\":1,\"tid\":1,\"ev\":\"acquire\",\"obj\":1,\"mode\":\"shared\"}\n"
    "{\"ts\":2,\"tid\":1,\"ev\":\"fail\",\"obj\":2}\n"
    "{\"ts\":3,\"tid\":1,\"ev\":\"update\",\"obj\":3,\"val\":2,\"old\":1,\"order\":\"acq_rel\",\"src\":1}\n"
    "{\"ts\":4,\"tid\":1,\"ev\":\"store\",\"obj\":3,\"val\":5}\n"
    "{\"ts\":5,\"tid\":1,\"ev\":\"write\",\"obj\":3}\n"
    "{\"ts\":6,\"tid\":1,\"ev\":\"wait\",\"thread\":2}\n"
    "{\"ts\":7,\"tid\":1,\"ev\":\"timeout\",\"thread\":2}\n"
    "{\"ts\":8,\"tid\":1,\"ev\":\"count\",\"name\":\"jobs\",\"val\":3}\n"
    "{\"ts\":9,\"tid\":1,\"ev\":\"mark\",\"name\":\"here\"}\n"
    "{\"ts\":10,\"tid\":1,\"ev\":\"stall\",\"n\":1500}\n"
    "{\"ts\":11,\"tid\":1,\"ev\":\"recv\",\"n\":4}\n");
  static const char *const texts[] = {
    "main creates w: EAGAIN, event 1 of 12",
    "main acquires rw for reading, event 2 of 12",
    "main finds e unset, event 3 of 12",
    "main updates x from 1 to 2 (acq_rel), a.c:7, event 4 of 12",
    "main stores 5 to x, event 5 of 12",
    "main writes to x, event 6 of 12",
    "main waits for w to finish, event 7 of 12",
    "main gives up waiting for w to finish, event 8 of 12",
    "main counts jobs = 3, event 9 of 12",
    "main marks “here”, event 10 of 12",
    "main was held up by the recorder for 1.5 µs, event 11 of 12",
    "main receives number 4, event 12 of 12",
  };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    expect (ls_trace_dup_event_text (trace, i), texts[i]);
  expect (ls_trace_dup_event_text (trace, 99), "");
}

/* The verdict of a trace with this footer, on two threads that wait for each other's lock. */
static void
expect_verdict (const char *more, const char *footer, const char *verdict)
{
  g_autofree char *lines = g_strconcat (
    "{\"lockstitch\":1}\n{\"object\":1,\"kind\":\"mutex\",\"name\":\"a\"}\n"
    "{\"object\":2,\"kind\":\"mutex\",\"name\":\"b\"}\n"
    "{\"ts\":0,\"tid\":1,\"ev\":\"acquire\",\"obj\":1}\n{\"ts\":0,\"tid\":2,\"ev\":\"acquire\",\"obj\":2}\n"
    "{\"ts\":1000,\"tid\":1,\"ev\":\"wait\",\"obj\":2}\n{\"ts\":2000,\"tid\":2,\"ev\":\"wait\",\"obj\":1}\n",
    more, footer, NULL);
  g_autoptr (LsTrace) trace = open_lines (lines);
  g_autoptr (GPtrArray) findings = ls_trace_compute_findings (trace, NULL, NULL, NULL, NULL, NULL);
  expect (ls_trace_dup_verdict (trace, findings), verdict);
}

#define NONE \
  "No finding among what was recorded; busiest lock `b`, 50 % of all waiting for locks · "

static void
test_verdicts (void)
{
  expect_verdict ("", "{\"end\":1000000000,\"events\":4,\"lost\":0,\"signal\":9}\n",
                  NONE "hung; ended by SIGKILL after 1.0 s · 2 threads, 4 events, nothing lost");
  expect_verdict ("", "{\"end\":1000000000,\"events\":4,\"lost\":12,\"exit\":3}\n",
                  NONE "ended with status 3 · 2 threads, 4 events · 12 events lost");
  expect_verdict ("{\"lockstitch\":1,\"blind\":[\"libgomp\"],\"partial\":true}\n",
                  "{\"end\":1000000000,\"events\":4,\"lost\":0,\"exec\":true}\n",
                  NONE
                  "another program took over (exec) · 2 threads, 4 events, nothing lost · "
                  "partial: not recorded from the start or not whole · not seen into: libgomp");
  expect_verdict ("{\"ts\":1000000000,\"tid\":1,\"ev\":\"yield\"}\n"
                  "{\"ts\":-4,\"tid\":1,\"ev\":\"yield\"}\n",
                  "", NONE "cut off after 1.0 s · 2 threads, 5 events · 1 line unread");
}

static void
test_durations (void)
{
  static const struct {
    int64_t ns;
    const char *text;
  } cases[] = {
    { 0, "0 ns" },
    { 999, "999 ns" },
    { 1000, "1.0 µs" },
    { 99949, "99.9 µs" },
    { 99950, "100 µs" },
    { 999499, "999 µs" },
    { 999500, "1.0 ms" },
    { 98700000, "98.7 ms" },
    { 999600000, "1.0 s" },
    { 2100000000, "2.1 s" },
    { 123456000000, "123 s" },
    { -1500, "−1.5 µs" },
    { INT64_MAX, "9223372037 s" },
    { INT64_MIN, "−9223372037 s" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    expect (ls_duration_dup_text (cases[i].ns), cases[i].text);
}

static void
test_markdown (void)
{
  g_autoptr (LsTrace) trace = open_sample ();
  g_autoptr (GPtrArray) findings = ls_trace_compute_findings (trace, NULL, NULL, NULL, NULL, NULL);
  expect (
    ls_finding_dup_markdown (trace, g_ptr_array_index (findings, 0)),
    "### Lost update on database.value\n\n"
    "error, happened\n\n"
    "executor-1 read 0, executor-0 then wrote 1, and executor-1 wrote 1 from its stale 0: one "
    "of two increments is gone.\n\n"
    "| # | executor-0 | executor-1 | value |\n"
    "|--:|---|---|---|\n"
    "| 1 | reads 0, race\\_condition.c:21 | | 0 |\n"
    "| 2 | | reads 0, race\\_condition.c:21 | 0 |\n"
    "| 3 | writes 1, race\\_condition.c:24 | | 1 |\n"
    "| 4 | | **writes 1**, race\\_condition.c:24 | **1** |\n\n"
    "**Why:** No lock was held from the read to the write.\n\n"
    "**Remedy:** Hold one lock over lines 21 to 24 in both threads.\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/words/states", test_states);
  g_test_add_func ("/words/lanes", test_lanes);
  g_test_add_func ("/words/events", test_events);
  g_test_add_func ("/words/verdicts", test_verdicts);
  g_test_add_func ("/words/durations", test_durations);
  g_test_add_func ("/words/markdown", test_markdown);
  return g_test_run ();
}
