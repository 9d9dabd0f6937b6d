/* SPDX-License-Identifier: MIT */
/**
 * Lost updates: against the definition, tried on every triple of small random traces, and on twins
 * with the bug and mended.
 *
 * test-lost-updates [SEED] runs the random part with that seed instead of the fixed one.
 */
#include <stdlib.h>
#include <string.h>

#include "finding.h"
#include "names.h"
#include "small-trace.h"

static guint32 seed = 20061021;

static int
flags_of (const SmallTrace *small, guint i)
{
  return ls_event_rows[small->events[i].ev].flags;
}

static gboolean
is_access_of (const SmallTrace *small, guint i, guint32 obj)
{
  return small->events[i].obj == obj && (flags_of (small, i) & (LS_EV_READS | LS_EV_WRITES));
}

/* Gives the accesses the values that a run would have seen. */
static void
fill_in_values (SmallTrace *small, GRand *rand)
{
  gint64 now[SMALL_MAX_OBJECTS + 1] = { 0 };
  for (guint i = 0; i < small->n; i++) {
    LsLineEvent *event = &small->events[i];
    if (!(flags_of (small, i) & (LS_EV_READS | LS_EV_WRITES)) || event->has_part)
      continue;
    event->val.type = LS_VALUE_INT;
    event->val.i = now[event->obj];
    if (!(flags_of (small, i) & LS_EV_WRITES))
      continue;
    if (g_rand_boolean (rand)) {
      event->old.type = LS_VALUE_INT;
      event->old.i = now[event->obj];
    }
    event->val.i = now[event->obj] = g_rand_int_range (rand, 0, 4);
  }
}

/* The definition: write k of A, its access before that a read, then a write of B that nobody reads
 * and that is the last before k, and that changed what A had read. */
static gboolean
is_lost_update (const SmallTrace *small, guint read, guint other, guint k)
{
  const LsLineEvent *a = &small->events[read], *b = &small->events[other], *c = &small->events[k];
  if (a->obj != c->obj || b->obj != c->obj || a->tid != c->tid || b->tid == c->tid ||
      a->val.i == b->val.i)
    return FALSE;
  if (!(flags_of (small, read) & LS_EV_READS) || (flags_of (small, read) & LS_EV_WRITES) ||
      !(flags_of (small, other) & LS_EV_WRITES) || !(flags_of (small, k) & LS_EV_WRITES) ||
      (flags_of (small, k) & LS_EV_READS))
    return FALSE;
  for (guint i = read + 1; i < k; i++) {
    if (!is_access_of (small, i, c->obj) || i == other)
      continue;
    if (small->events[i].tid == c->tid || i > other)
      return FALSE;
  }
  return TRUE;
}

static gboolean
is_reported (GPtrArray *findings, guint read, guint other, guint k)
{
  for (guint i = 0; i < findings->len; i++) {
    const LsFinding *finding = g_ptr_array_index (findings, i);
    guint last = finding->steps->len - 1;
    gboolean has_read = FALSE;
    for (guint s = 0; s < last - 1; s++)
      has_read |= g_array_index (finding->steps, LsStep, s).event == read;
    if (has_read && g_array_index (finding->steps, LsStep, last - 1).event == other &&
        g_array_index (finding->steps, LsStep, last).event == k)
      return TRUE;
  }
  return FALSE;
}

static GPtrArray *
find (LsTrace *trace)
{
  LsAnalysisOptions options = { .kinds = 1u << LS_FINDING_LOST_UPDATE };
  return ls_trace_compute_findings (trace, &options, NULL, NULL, NULL, NULL);
}

static void
test_definition (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  const SmallShape shapes[] = { { 2, 16, FALSE, FALSE },
                                { 3, 30, FALSE, FALSE },
                                { 3, 30, FALSE, TRUE } };
  guint n_total = 0;
  for (guint round = 0; round < 4000; round++) {
    SmallTrace small;
    small_trace_make (&small, rand, &shapes[round % G_N_ELEMENTS (shapes)]);
    fill_in_values (&small, rand);
    g_autoptr (LsTrace) trace = small_trace_open (&small, NULL);
    g_autoptr (GPtrArray) findings = find (trace);
    guint n = 0;
    for (guint k = 0; k < small.n; k++)
      for (guint read = 0; read < k; read++)
        for (guint other = read + 1; other < k; other++) {
          if (!is_lost_update (&small, read, other, k))
            continue;
          n++;
          if (!is_reported (findings, read, other, k)) {
            g_autofree char *text = small_trace_dup_text (&small, NULL);
            g_error ("seed %u, trace %u: %u, %u, %u not found\n%s", seed, round, read + 1,
                     other + 1, k + 1, text);
          }
        }
    if (findings->len != n) {
      g_autofree char *text = small_trace_dup_text (&small, NULL);
      g_error ("seed %u, trace %u: %u found, %u true\n%s", seed, round, findings->len, n, text);
    }
    n_total += n;
  }
  g_test_message ("%u lost updates, all found and no other", n_total);
  g_assert_cmpuint (n_total, >, 500);
}

/* -- Twins -- */

/* An access of thread T at line LINE of function f. */
typedef struct {
  guint tid, line;
  const char *ev, *more;
} Row;

static LsTrace *
open_rows (const Row *rows, guint n)
{
  g_autoptr (GString) text =
    g_string_new ("{\"lockstitch\":1}\n{\"object\":1,\"kind\":\"mutex\",\"name\":\"m\"}\n"
                  "{\"object\":2,\"kind\":\"value\",\"name\":\"x\",\"type\":\"int\",\"size\":8}\n");
  for (guint line = 1; line < 30; line++)
    g_string_append_printf (text, "{\"source\":%u,\"func\":\"%s\",\"file\":\"f.c\",\"line\":%u}\n",
                            line, line < 20 ? "f" : "g", line);
  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "{\"ts\":%u,\"tid\":%u,\"ev\":\"%s\",%s,\"src\":%u}\n", i,
                            rows[i].tid, rows[i].ev, rows[i].more, rows[i].line);
  g_string_append (text, "{\"end\":99,\"events\":0,\"lost\":0,\"exit\":0}\n");
  g_autoptr (GError) error = NULL;
  LsTrace *trace = ls_trace_open_bytes ("rows", text->str, text->len, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (ls_trace_get_n_events (trace), ==, n);
  return trace;
}

static guint
count_rows (const Row *rows, guint n)
{
  g_autoptr (LsTrace) trace = open_rows (rows, n);
  g_autoptr (GPtrArray) findings = find (trace);
  return findings->len;
}

#define COUNT(...) \
  count_rows ((const Row[]){ __VA_ARGS__ }, G_N_ELEMENTS (((const Row[]){ __VA_ARGS__ })))
#define R(TID, LINE)               \
  {                                \
    TID, LINE, "read", "\"obj\":2" \
  }
#define W(TID, LINE)                \
  {                                 \
    TID, LINE, "write", "\"obj\":2" \
  }

static void
test_twins (void)
{
  g_assert_cmpuint (COUNT (R (2, 3), R (3, 3), W (2, 5), W (3, 5)), ==, 1);
  /* Mended: one after the other. */
  g_assert_cmpuint (COUNT (R (2, 3), W (2, 5), R (3, 3), W (3, 5)), ==, 0);
  /* Read anew before the write. */
  g_assert_cmpuint (COUNT (R (2, 3), W (3, 5), R (2, 4), W (2, 5)), ==, 0);
  /* Somebody has seen what is overwritten. */
  g_assert_cmpuint (COUNT (R (2, 3), W (3, 5), R (4, 3), W (2, 5)), ==, 0);
  /* A store at the top of the next call does not come from the load at the end of this one. */
  g_assert_cmpuint (COUNT (R (2, 5), W (3, 3), W (2, 3)), ==, 0);
  /* Nor one in another function. */
  g_assert_cmpuint (COUNT (R (2, 3), W (3, 5), W (2, 25)), ==, 0);
}

static void
test_values_and_parts (void)
{
  /* B wrote what A had read; A found another value than B's. */
  g_assert_cmpuint (COUNT ({ 2, 3, "read", "\"obj\":2,\"val\":4" },
                           { 3, 5, "write", "\"obj\":2,\"val\":4" }, W (2, 5)),
                    ==, 0);
  g_assert_cmpuint (COUNT (R (2, 3), { 3, 5, "write", "\"obj\":2,\"val\":4" },
                           { 2, 5, "write", "\"obj\":2,\"val\":9,\"old\":8" }),
                    ==, 0);
  /* Both looked before either stored: each write found what both had read. */
  g_assert_cmpuint (COUNT ({ 2, 3, "read", "\"obj\":2,\"val\":0" },
                           { 3, 3, "read", "\"obj\":2,\"val\":0" },
                           { 3, 5, "write", "\"obj\":2,\"val\":1,\"old\":0" },
                           { 2, 5, "write", "\"obj\":2,\"val\":1,\"old\":0" }),
                    ==, 1);
  /* Other elements of one array. */
  g_assert_cmpuint (COUNT ({ 2, 3, "read", "\"obj\":2,\"off\":0,\"size\":4" },
                           { 3, 5, "write", "\"obj\":2,\"off\":4,\"size\":4" },
                           { 2, 5, "write", "\"obj\":2,\"off\":0,\"size\":4" }),
                    ==, 0);
  g_assert_cmpuint (COUNT ({ 2, 3, "read", "\"obj\":2,\"off\":4,\"size\":4" },
                           { 3, 5, "write", "\"obj\":2,\"off\":4,\"size\":4" },
                           { 2, 5, "write", "\"obj\":2,\"off\":4,\"size\":4" }),
                    ==, 1);
  /* Atomic each by itself; and really atomic. */
  g_assert_cmpuint (COUNT ({ 2, 3, "load", "\"obj\":2" }, { 3, 5, "store", "\"obj\":2" },
                           { 2, 5, "store", "\"obj\":2" }),
                    ==, 1);
  g_assert_cmpuint (COUNT ({ 2, 3, "load", "\"obj\":2" }, { 3, 5, "update", "\"obj\":2" },
                           { 2, 5, "update", "\"obj\":2" }),
                    ==, 0);
  /* Another life of the memory. */
  g_assert_cmpuint (COUNT (R (2, 3), { 3, 4, "destroy", "\"obj\":2" }, W (3, 5), W (2, 5)), ==, 0);
}

static void
test_regions (void)
{
  const Row begin = { 2, 4, "begin", "\"name\":\"task\"" };
  const Row end = { 2, 4, "end", "\"name\":\"task\"" };
  g_assert_cmpuint (COUNT (begin, R (2, 3), W (3, 5), W (2, 5), end), ==, 1);
  g_assert_cmpuint (COUNT (begin, R (2, 3), end, W (3, 5), begin, W (2, 5), end), ==, 0);
  g_assert_cmpuint (COUNT (R (2, 3), begin, end, W (3, 5), W (2, 5)), ==, 1);
  g_assert_cmpuint (COUNT (R (2, 3), W (3, 5), begin, W (2, 5), end), ==, 0);
}

/* Why and remedy say what the locks did. */
static void
expect_words (const Row *rows, guint n, const char *why, const char *remedy)
{
  g_autoptr (LsTrace) trace = open_rows (rows, n);
  g_autoptr (GPtrArray) findings = find (trace);
  g_assert_cmpuint (findings->len, ==, 1);
  const LsFinding *finding = g_ptr_array_index (findings, 0);
  g_assert_cmpstr (finding->why, ==, why);
  g_assert_cmpstr (finding->remedy, ==, remedy);
}

static void
test_words (void)
{
  const Row a[] = { { 2, 2, "acquire", "\"obj\":1" }, R (2, 3), { 2, 4, "release", "\"obj\":1" },
                    { 3, 2, "acquire", "\"obj\":1" }, W (3, 5), { 3, 4, "release", "\"obj\":1" },
                    { 2, 2, "acquire", "\"obj\":1" }, W (2, 5), { 2, 4, "release", "\"obj\":1" } };
  expect_words (a, G_N_ELEMENTS (a), "m was let go between the read and the write.",
                "Keep m over lines 3 to 5 without letting it go in between.");
  const Row b[] = { { 2, 2, "acquire", "\"obj\":1" },
                    R (2, 3),
                    W (3, 25),
                    W (2, 5),
                    { 2, 4, "release", "\"obj\":1" } };
  expect_words (b, G_N_ELEMENTS (b),
                "thread 2 held m from its read to its write, but thread 3 wrote without it.",
                "Hold m in thread 3 too at f.c:25.");
  const Row c[] = { { 2, 3, "load", "\"obj\":2" },
                    { 3, 5, "store", "\"obj\":2" },
                    { 2, 5, "store", "\"obj\":2" } };
  expect_words (c, G_N_ELEMENTS (c), "Load and store are atomic each by itself, but not together.",
                "Make it one atomic update: a fetch-and-add, or a compare-exchange.");
  const Row d[] = { R (2, 3), W (3, 25), W (2, 5) };
  expect_words (
    d, G_N_ELEMENTS (d), "No lock was held from the read to the write.",
    "Hold one lock over lines 3 to 5 in thread 2, and the same lock at f.c:25 in thread 3.");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (argc > 1)
    seed = (guint32) strtoul (argv[1], NULL, 0);
  g_test_add_func ("/lost-updates/definition", test_definition);
  g_test_add_func ("/lost-updates/twins", test_twins);
  g_test_add_func ("/lost-updates/values-and-parts", test_values_and_parts);
  g_test_add_func ("/lost-updates/regions", test_regions);
  g_test_add_func ("/lost-updates/words", test_words);
  return g_test_run ();
}
