/* SPDX-License-Identifier: MIT */
/* What is found in known traces, word for word, and that their mended twins are clean. */
#include <string.h>

#include "finding.h"

static GPtrArray *
find (LsTrace *trace, bool suspected)
{
  g_autoptr (GError) error = NULL;
  LsAnalysisOptions options = { .suspected = suspected };
  GPtrArray *findings = ls_trace_compute_findings (trace, &options, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return findings;
}

static LsTrace *
open_lines (const char *lines)
{
  g_autofree char *text =
    g_strconcat ("{\"lockstitch\":1}\n{\"object\":1,\"kind\":\"mutex\",\"name\":\"m\"}\n"
                 "{\"object\":2,\"kind\":\"value\",\"name\":\"x\"}\n",
                 lines, NULL);
  g_autoptr (GError) error = NULL;
  LsTrace *trace = ls_trace_open_bytes ("lines", text, strlen (text), &error);
  g_assert_no_error (error);
  return trace;
}

static void
test_lost_update (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("LS_SAMPLES"), "mockup.trace.jsonl", NULL);
  g_autoptr (LsTrace) trace = ls_trace_open (path, NULL, NULL, NULL, NULL);
  g_assert_nonnull (trace);
  g_autoptr (GPtrArray) findings = find (trace, false);
  g_assert_cmpuint (findings->len, ==, 3);
  const LsFinding *lost = findings->pdata[0];
  g_assert_cmpint (lost->kind, ==, LS_FINDING_LOST_UPDATE);
  g_assert_cmpint (lost->certainty, ==, LS_CERTAINTY_HAPPENED);
  g_assert_cmpstr (lost->title, ==, "Lost update on database.value");
  g_assert_cmpstr (lost->sentence, ==,
                   "executor-1 read 0, executor-0 then wrote 1, and executor-1 wrote 1 from its "
                   "stale 0: one of two increments is gone.");
  g_assert_cmpstr (lost->why, ==, "No lock was held from the read to the write.");
  g_assert_cmpstr (lost->remedy, ==, "Hold one lock over lines 21 to 24 in both threads.");
  const uint32_t events[] = { 10, 13, 16, 18 };
  const char *values[] = { "0", "0", "1", "1" };
  g_assert_cmpuint (lost->steps->len, ==, 4);
  for (guint i = 0; i < 4; i++) {
    const LsStep *step = &g_array_index (lost->steps, LsStep, i);
    g_assert_cmpuint (step->event, ==, events[i]);
    g_assert_cmpstr (step->value, ==, values[i]);
    g_assert_cmpint (step->is_culprit, ==, i == 3);
  }
  for (guint i = 1; i < 3; i++) {
    const LsFinding *race = findings->pdata[i];
    g_assert_cmpint (race->kind, ==, LS_FINDING_DATA_RACE);
    g_assert_cmpuint (race->parent, ==, 0);
  }
  g_autofree char *verdict = ls_trace_dup_verdict (trace, findings);
  g_assert_cmpstr (verdict, ==, "1 error · ended normally · 3 threads, 30 events, nothing lost");
  g_autofree char *text = ls_trace_dup_event_text (trace, 16);
  g_assert_cmpstr (text, ==,
                   "executor-0 writes 1 to database.value, race_condition.c:24, event 17 of 30");
}

/* Two updates one after the other under one lock; the second thread's read sees the first's write. */
#define LOCKED(T1, T2)                                               \
  "{\"ts\":1,\"tid\":" T1 ",\"ev\":\"acquire\",\"obj\":1}\n"         \
  "{\"ts\":2,\"tid\":" T1 ",\"ev\":\"read\",\"obj\":2,\"val\":0}\n"  \
  "{\"ts\":3,\"tid\":" T1 ",\"ev\":\"write\",\"obj\":2,\"val\":1}\n" \
  "{\"ts\":4,\"tid\":" T1 ",\"ev\":\"release\",\"obj\":1}\n"         \
  "{\"ts\":5,\"tid\":" T2 ",\"ev\":\"acquire\",\"obj\":1}\n"         \
  "{\"ts\":6,\"tid\":" T2 ",\"ev\":\"read\",\"obj\":2,\"val\":1}\n"  \
  "{\"ts\":7,\"tid\":" T2 ",\"ev\":\"write\",\"obj\":2,\"val\":2}\n" \
  "{\"ts\":8,\"tid\":" T2 ",\"ev\":\"release\",\"obj\":1}\n"

static void
test_mended (void)
{
  g_autoptr (LsTrace) trace = open_lines (LOCKED ("2", "3"));
  g_autoptr (GPtrArray) findings = find (trace, true);
  g_assert_cmpuint (findings->len, ==, 0);
  g_autofree char *verdict = ls_trace_dup_verdict (trace, findings);
  g_assert_true (g_str_has_prefix (verdict, "No finding among what was recorded"));
}

/* Each section locked, but the lock let go between read and write. */
static void
test_let_go (void)
{
  g_autoptr (LsTrace) trace =
    open_lines ("{\"ts\":1,\"tid\":2,\"ev\":\"acquire\",\"obj\":1}\n"
                "{\"ts\":2,\"tid\":2,\"ev\":\"read\",\"obj\":2,\"val\":0}\n"
                "{\"ts\":3,\"tid\":2,\"ev\":\"release\",\"obj\":1}\n"
                "{\"ts\":4,\"tid\":3,\"ev\":\"acquire\",\"obj\":1}\n"
                "{\"ts\":5,\"tid\":3,\"ev\":\"write\",\"obj\":2,\"val\":7}\n"
                "{\"ts\":6,\"tid\":3,\"ev\":\"release\",\"obj\":1}\n"
                "{\"ts\":7,\"tid\":2,\"ev\":\"acquire\",\"obj\":1}\n"
                "{\"ts\":8,\"tid\":2,\"ev\":\"write\",\"obj\":2,\"val\":1}\n"
                "{\"ts\":9,\"tid\":2,\"ev\":\"release\",\"obj\":1}\n");
  g_autoptr (GPtrArray) findings = find (trace, true);
  g_assert_cmpuint (findings->len, ==, 1);
  const LsFinding *lost = findings->pdata[0];
  g_assert_cmpint (lost->kind, ==, LS_FINDING_LOST_UPDATE);
  g_assert_cmpstr (lost->why, ==, "m was let go between the read and the write.");
  g_assert_nonnull (strstr (lost->sentence, "what thread 3 wrote is gone"));
}

/* A race, unless something may be missing: then it is no more than suspected. */
static void
test_losses (void)
{
  const char *accesses = "{\"ts\":1,\"tid\":2,\"ev\":\"write\",\"obj\":2,\"val\":0}\n"
                         "{\"ts\":2,\"tid\":3,\"ev\":\"write\",\"obj\":2,\"val\":1}\n";
  g_autoptr (LsTrace) whole = open_lines (accesses);
  g_autoptr (GPtrArray) sure = find (whole, false);
  g_assert_cmpuint (sure->len, ==, 1);
  g_autofree char *lossy =
    g_strconcat (accesses, "{\"ts\":3,\"tid\":2,\"ev\":\"lost\",\"n\":4}\n", NULL);
  g_autoptr (LsTrace) holed = open_lines (lossy);
  g_autoptr (GPtrArray) none = find (holed, false);
  g_assert_cmpuint (none->len, ==, 0);
  g_autoptr (GPtrArray) suspected = find (holed, true);
  g_assert_cmpuint (suspected->len, ==, 1);
  const LsFinding *race = suspected->pdata[0];
  g_assert_cmpint (race->certainty, ==, LS_CERTAINTY_SUSPECTED);
  g_assert_nonnull (strstr (race->caveat, "events were lost"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/findings/lost-update", test_lost_update);
  g_test_add_func ("/findings/mended", test_mended);
  g_test_add_func ("/findings/let-go", test_let_go);
  g_test_add_func ("/findings/losses", test_losses);
  return g_test_run ();
}
