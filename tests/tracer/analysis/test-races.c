/* SPDX-License-Identifier: MIT */
/**
 * Data races against three truths: all correct reorderings of small random traces, schedulable
 * happens-before worked out naively, and published micro traces with exact answers.
 *
 * test-races [SEED] runs the random parts with that seed instead of the fixed one.
 */
#include <stdlib.h>
#include <string.h>

#include "finding.h"
#include "oracle.h"
#include "race-search.h"

static guint32 seed = 20180907;

typedef struct {
  Pairs pairs;
  guint64 seconds[2]; /* events that are the second of a pair, as bits */
} Found;

static void
take (uint32_t first, uint32_t second, gpointer user_data)
{
  Found *found = user_data;
  g_assert_cmpuint (first, <, second);
  pairs_add (&found->pairs, first, second);
  found->seconds[second / 64] |= G_GUINT64_CONSTANT (1) << second % 64;
}

static void
find (const LsTrace *trace, LsRaceOrder order, Found *found)
{
  memset (found, 0, sizeof (*found));
  g_assert_true (ls_trace_find_races (trace, order, take, found, NULL, NULL, NULL));
}

static const SmallShape shapes[] = {
  { 2, 14, FALSE, FALSE }, { 3, 18, FALSE, FALSE }, { 4, 20, FALSE, FALSE }, { 3, 20, TRUE, FALSE },
  { 4, 20, TRUE, FALSE },  { 3, 18, FALSE, TRUE },  { 4, 20, TRUE, TRUE },
};

static void
complain (const SmallTrace *small, guint32 round, guint i, guint k, const char *what)
{
  g_autofree char *text = small_trace_dup_text (small, NULL);
  g_printerr ("seed %u, trace %u: events %u and %u: %s\n%s", seed, round, i + 1, k + 1, what, text);
  g_test_fail ();
}

/* Every race that is said to have happened is one that some correct reordering shows. */
static void
test_oracle (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  g_autofree Found *found = g_new (Found, 1);
  g_autofree Pairs *truth = g_new (Pairs, 1);
  g_autofree Found *plain = g_new (Found, 1);
  guint n_found = 0, n_true = 0, n_false_of_plain = 0;
  for (guint32 round = 0; round < 4000 && !g_test_failed (); round++) {
    SmallTrace small;
    small_trace_make (&small, rand, &shapes[round % G_N_ELEMENTS (shapes)]);
    g_autoptr (LsTrace) trace = small_trace_open (&small, NULL);
    find (trace, LS_RACE_SHB, found);
    find (trace, LS_RACE_HB, plain);
    oracle_find_races (&small, truth);
    for (guint k = 0; k < small.n; k++)
      for (guint i = 0; i < k; i++) {
        n_true += pairs_have (truth, i, k);
        n_found += pairs_have (&found->pairs, i, k);
        n_false_of_plain += pairs_have (&plain->pairs, i, k) && !pairs_have (truth, i, k);
        if (pairs_have (&found->pairs, i, k) && !pairs_have (truth, i, k))
          complain (&small, round, i, k, "no correct reordering brings them side by side");
      }
  }
  g_test_message ("%u races found of %u true ones, none false; plain happens-before: %u false",
                  n_found, n_true, n_false_of_plain);
  g_assert_cmpuint (n_false_of_plain, >, 0); /* the oracle does tell false ones */
  g_assert_cmpuint (n_found, >, 1000);
}

/* A pair may go unnamed only behind another of the same second event whose first is known to follow
 * this one's and conflicts with all that this one does. */
static gboolean
is_covered (const SmallTrace *small, const Found *found, const Pairs *known, guint i, guint k)
{
  for (guint j = i + 1; j < k; j++) {
    int earlier = ls_event_rows[small->events[i].ev].flags;
    int later = ls_event_rows[small->events[j].ev].flags;
    gboolean is_stronger = (later & LS_EV_WRITES || !(earlier & LS_EV_WRITES)) &&
                           (earlier & LS_EV_ATOMIC || !(later & LS_EV_ATOMIC));
    if (is_stronger && pairs_have (&found->pairs, j, k) && pairs_have (known, j, i))
      return TRUE;
  }
  return FALSE;
}

static guint
count_places (const SmallTrace *small)
{
  guint n = 0;
  for (guint i = 0; i < small->n; i++)
    n += small->events[i].has_n && small->events[i].obj > 0 && small->events[i].ev != LS_EV_LOAD;
  return n;
}

static void
compare_with_naive (LsRaceOrder order, guint n_rounds)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed + 1);
  g_autofree Found *found = g_new (Found, 1);
  g_autofree Pairs *races = g_new (Pairs, 1);
  g_autofree Pairs *known = g_new (Pairs, 1);
  guint n_seconds = 0;
  for (guint32 round = 0; round < n_rounds && !g_test_failed (); round++) {
    SmallTrace small;
    SmallShape shape = shapes[round % G_N_ELEMENTS (shapes)];
    shape.n_events = 40;
    small_trace_make (&small, rand, &shape);
    if (count_places (&small) > 8)
      continue; /* older places count as any earlier store */
    g_autoptr (LsTrace) trace = small_trace_open (&small, NULL);
    find (trace, order, found);
    oracle_find_unordered (&small, order == LS_RACE_SHB, known, races);
    for (guint k = 0; k < small.n; k++) {
      gboolean races_naively = FALSE;
      for (guint i = 0; i < k; i++) {
        gboolean is_race = pairs_have (races, i, k);
        races_naively |= is_race;
        if (pairs_have (&found->pairs, i, k) && !is_race)
          complain (&small, round, i, k, "found, but ordered");
        if (is_race && !pairs_have (&found->pairs, i, k) &&
            !is_covered (&small, found, known, i, k))
          complain (&small, round, i, k, "not found");
      }
      n_seconds += races_naively;
      if (!races_naively != !(found->seconds[k / 64] >> k % 64 & 1))
        complain (&small, round, k, k, "second event of a race or not");
    }
  }
  g_test_message ("%u second events, all agreed", n_seconds);
  g_assert_cmpuint (n_seconds, >, 1000);
}

static void
test_naive_shb (void)
{
  compare_with_naive (LS_RACE_SHB, 6000);
}

static void
test_naive_hb (void)
{
  compare_with_naive (LS_RACE_HB, 3000);
}

/* -- Published traces -- */

/* "micro-07": {..., "races": [[1, 4], [2, 8]], ...} on one line each. */
static guint
read_expected (const char *expected, const char *name, Pairs *races)
{
  g_autofree char *key = g_strdup_printf ("\"%s\"", name);
  const char *line = strstr (expected, key);
  g_assert_nonnull (line);
  const char *at = strstr (line, "\"races\": [");
  const char *end = strstr (line, "\"deadlocks\"");
  g_assert_true (at && end && at < end);
  memset (races, 0, sizeof (*races));
  guint n = 0;
  for (at = strchr (at, '[') + 1; (at = strchr (at, '[')) && at < end; n++) {
    char *comma, *close;
    guint64 i = strtoull (at + 1, &comma, 10), k = strtoull (comma + 1, &close, 10);
    g_assert_true (i > 0 && k > i && *close == ']');
    pairs_add (races, (guint) i - 1, (guint) k - 1);
    at = close;
  }
  return n;
}

static void
test_published (void)
{
  g_autofree char *folder = g_test_build_filename (G_TEST_DIST, "std", NULL);
  g_autofree char *expected_path = g_build_filename (folder, "expected.json", NULL);
  g_autofree char *expected = NULL;
  g_assert_true (g_file_get_contents (expected_path, &expected, NULL, NULL));
  g_autofree Pairs *races = g_new (Pairs, 1);
  g_autofree Found *found = g_new (Found, 1);
  guint n_traces = 0, n_true = 0, n_found = 0;
  for (guint number = 1; number <= 33; number++) {
    g_autofree char *name = g_strdup_printf ("micro-%02u", number);
    g_autofree char *file = g_strdup_printf ("%s.std", name);
    g_autofree char *path = g_build_filename (folder, file, NULL);
    if (!g_file_test (path, G_FILE_TEST_EXISTS))
      continue;
    g_autoptr (GError) error = NULL;
    g_autoptr (LsTrace) trace = ls_trace_open (path, NULL, NULL, NULL, &error);
    g_assert_no_error (error);
    guint n_events = ls_trace_get_n_events (trace);
    n_true += read_expected (expected, name, races);
    n_traces++;
    find (trace, LS_RACE_SHB, found);
    for (guint k = 0; k < n_events; k++)
      for (guint i = 0; i < k; i++) {
        n_found += pairs_have (&found->pairs, i, k);
        if (pairs_have (&found->pairs, i, k) && !pairs_have (races, i, k)) {
          g_printerr ("%s: events %u and %u: not among the published races\n", file, i + 1, k + 1);
          g_test_fail ();
        }
      }
  }
  g_test_message ("%u traces, %u of %u races, none that is not listed", n_traces, n_found, n_true);
  g_assert_cmpuint (n_traces, ==, 32);
  g_assert_cmpuint (n_found, >=, 10);
}

/* -- What rests on absence -- */

static void
test_absence (void)
{
  static const char *const gaps[] = {
    "{\"lockstitch\":1,\"partial\":true}\n",
    "{\"lockstitch\":1,\"ignored\":[\"libx\"]}\n",
    "{\"lockstitch\":1,\"blind\":[\"libgomp\"]}\n",
    "{\"ts\":0,\"tid\":1,\"ev\":\"lost\",\"n\":3}\n",
  };
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed + 2);
  guint n_suspected = 0;
  for (guint round = 0; round < 400; round++) {
    SmallTrace small;
    small_trace_make (&small, rand, &shapes[round % G_N_ELEMENTS (shapes)]);
    g_autofree char *text = small_trace_dup_text (&small, gaps[round % G_N_ELEMENTS (gaps)]);
    g_autoptr (LsTrace) trace = ls_trace_open_bytes ("gap", text, strlen (text), NULL);
    g_assert_true (ls_trace_get_info (trace)->absence_is_no_proof);
    g_autoptr (GPtrArray) sure = ls_trace_compute_findings (trace, NULL, NULL, NULL, NULL, NULL);
    g_assert_cmpuint (sure->len, ==, 0);
    LsAnalysisOptions options = { .suspected = true };
    g_autoptr (GPtrArray) all = ls_trace_compute_findings (trace, &options, NULL, NULL, NULL, NULL);
    for (guint i = 0; i < all->len; i++) {
      const LsFinding *finding = g_ptr_array_index (all, i);
      g_assert_cmpint (finding->certainty, ==, LS_CERTAINTY_SUSPECTED);
      g_assert_nonnull (finding->caveat);
    }
    n_suspected += all->len;
  }
  g_assert_cmpuint (n_suspected, >, 100);
}

/* Order and completeness of the list, on traces with many findings. */
static void
test_list (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed + 3);
  for (guint round = 0; round < 400; round++) {
    SmallTrace small;
    small_trace_make (&small, rand, &shapes[round % G_N_ELEMENTS (shapes)]);
    g_autoptr (LsTrace) trace = small_trace_open (&small, NULL);
    LsAnalysisOptions options = { .suspected = true };
    g_autoptr (GPtrArray) all = ls_trace_compute_findings (trace, &options, NULL, NULL, NULL, NULL);
    for (guint i = 0; i < all->len; i++) {
      const LsFinding *finding = g_ptr_array_index (all, i);
      g_assert_true (finding->title && finding->label && finding->sentence && finding->why &&
                     finding->remedy);
      g_assert_true ((finding->certainty == LS_CERTAINTY_SUSPECTED) == (finding->caveat != NULL));
      if (finding->parent != LS_NONE) {
        g_assert_cmpuint (finding->parent, <, i);
        const LsFinding *previous = g_ptr_array_index (all, i - 1);
        g_assert_true (finding->parent == i - 1 || finding->parent == previous->parent);
      }
      g_autofree char *markdown = ls_finding_dup_markdown (trace, finding);
      g_assert_true (g_str_has_prefix (markdown, "### "));
      for (guint s = 1; s < finding->steps->len; s++)
        g_assert_cmpuint (g_array_index (finding->steps, LsStep, s - 1).event, <,
                          g_array_index (finding->steps, LsStep, s).event);
    }
  }
}

static void
test_cancel (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  SmallTrace small;
  small_trace_make (&small, rand, &shapes[2]);
  g_autoptr (LsTrace) trace = small_trace_open (&small, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_cancellable_cancel (cancellable);
  g_autoptr (GError) error = NULL;
  g_assert_null (ls_trace_compute_findings (trace, NULL, NULL, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (argc > 1)
    seed = (guint32) strtoul (argv[1], NULL, 0);
  g_test_add_func ("/races/oracle", test_oracle);
  g_test_add_func ("/races/naive-shb", test_naive_shb);
  g_test_add_func ("/races/naive-hb", test_naive_hb);
  g_test_add_func ("/races/published", test_published);
  g_test_add_func ("/races/absence", test_absence);
  g_test_add_func ("/races/list", test_list);
  g_test_add_func ("/races/cancel", test_cancel);
  return g_test_run ();
}
