/* SPDX-License-Identifier: MIT */
/* Stacks as chains of sources. */
#include "own-modules.h"
#include "sources.h"

#define FUNCTION(name)                               \
  static __attribute__ ((noinline)) void name (void) \
  {                                                  \
    __asm__ volatile("nop\n nop\n nop\n nop");       \
  }

FUNCTION (lock_it)
FUNCTION (work)
FUNCTION (rest)
FUNCTION (begin)

typedef struct {
  GString *lines;
  LsNaming *naming;
  LsNamingQueue *queue;
  LsSources sources;
  LsSlot slots[LS_SLOT_MAX + 1];
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *modules = own_modules_dup_text ();
  fixture->lines = g_string_new (NULL);
  fixture->naming = ls_naming_new (-1);
  fixture->queue = ls_naming_queue_new (fixture->naming);
  g_autoptr (LsModules) own = ls_modules_new (modules, 0);
  ls_naming_queue_set_modules (fixture->queue, own);
  ls_sources_init (&fixture->sources, fixture->lines, fixture->queue);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  ls_sources_clear (&fixture->sources);
  ls_naming_queue_free (fixture->queue);
  ls_naming_free (fixture->naming);
  g_string_free (fixture->lines, TRUE);
}

/* What returns into a function. */
static uint64_t
into (void (*function) (void))
{
  return (uintptr_t) function + 2;
}

/* The source of a record at `site` of thread 1, whose stack is `first` and then the callers. */
static uint32_t
take (Fixture *fixture, uint64_t site, uint64_t first, const uint64_t *callers, guint n)
{
  LsSlot *stack = fixture->slots;
  guint n_slots = 1 + (n + 3) / 4;
  memset (fixture->slots, 0, sizeof fixture->slots);
  stack->site = first;
  if (n > 0)
    memcpy (stack + 1, callers, n * sizeof *callers);
  ls_sources_expect (&fixture->sources, &(LsRecord){ .slot = stack,
                                                     .slot_count = n_slots,
                                                     .kind = LS_SLOT_STACK,
                                                     .thread = 1 });
  ls_sources_enter (&fixture->sources, &(LsRecord){ .slot = stack + n_slots,
                                                    .slot_count = 1,
                                                    .kind = LS_EV_MARK,
                                                    .thread = 1 });
  return ls_sources_get (&fixture->sources, site);
}

static void
answer_all (Fixture *fixture)
{
  while (ls_naming_get_n_pending (fixture->queue) > 0) {
    g_autoptr (LsAsk) ask = ls_naming_take (fixture->queue, 60 * G_USEC_PER_SEC);
    g_assert_nonnull (ask);
    ls_sources_answer (&fixture->sources, ask);
  }
}

/* "work < begin", by the declarations. */
static void
assert_chain (Fixture *fixture, uint32_t id, const char *expected)
{
  g_autoptr (GString) chain = g_string_new (NULL);
  while (id != 0) {
    g_autofree char *begin = g_strdup_printf ("{\"source\":%u,\"func\":\"", id);
    const char *line = strstr (fixture->lines->str, begin);
    g_assert_nonnull (line);
    g_autofree char *whole = g_strndup (line, strcspn (line, "\n"));
    const char *function = whole + strlen (begin), *in = strstr (whole, "\"in\":");
    g_string_append_printf (chain, "%s%.*s", chain->len ? " < " : "",
                            (int) strcspn (function, "\""), function);
    id = in ? (uint32_t) g_ascii_strtoull (in + 5, NULL, 10) : 0;
  }
  g_assert_cmpstr (chain->str, ==, expected);
}

static void
test_chains (Fixture *fixture, gconstpointer data)
{
  const uint64_t by_work[] = { into (work), into (begin) },
                 by_rest[] = { into (rest), into (begin) };
  uint64_t site = into (lock_it);
  uint32_t one = take (fixture, site, site, by_work, 2);
  uint32_t two = take (fixture, site, site, by_rest, 2);
  g_assert_cmpuint (one, !=, two);
  g_assert_cmpuint (take (fixture, site, site, by_work, 2), ==, one);
  g_assert_cmpuint (fixture->sources.places->len, ==, 5); /* begin() is one for both */
  uint32_t bare = take (fixture, site, 0, NULL, 0);
  answer_all (fixture);
  assert_chain (fixture, one, "lock_it < work < begin");
  assert_chain (fixture, two, "lock_it < rest < begin");
  assert_chain (fixture, bare, "lock_it");
  g_assert_cmpstr (ls_sources_find_frame (&fixture->sources, two)->function, ==, "lock_it");
}

/* A stack that begins further in, and one that is another record's. */
static void
test_belonging (Fixture *fixture, gconstpointer data)
{
  const uint64_t callers[] = { into (work), into (rest), into (begin) };
  const LsSlot again = { .site = into (work) }, other = { .site = into (lock_it) };
  uint32_t further_in = take (fixture, into (work), into (lock_it), callers, 3);
  ls_sources_enter (&fixture->sources, &(LsRecord){ .slot = &again, .thread = 1 });
  g_assert_cmpuint (ls_sources_get (&fixture->sources, into (work)), ==, further_in);
  ls_sources_enter (&fixture->sources, &(LsRecord){ .slot = &other, .thread = 1 });
  ls_sources_enter (&fixture->sources, &(LsRecord){ .slot = &again, .thread = 1 });
  g_assert_cmpuint (ls_sources_get (&fixture->sources, into (work)), !=, further_in);
  uint32_t another = ls_sources_get (&fixture->sources, into (lock_it));
  uint32_t mistaken = take (fixture, into (begin) + 1, into (lock_it), callers, 3);
  answer_all (fixture);
  assert_chain (fixture, further_in, "work < rest < begin");
  assert_chain (fixture, another, "lock_it");
  assert_chain (fixture, mistaken, "begin");
}

/* main() is where it begins; what nothing is known of is left out there. */
static void
test_ends (Fixture *fixture, gconstpointer data)
{
  extern int main (int argc, char **argv);
  const uint64_t by_main[] = { into (work), (uintptr_t) main + 2, into (begin) };
  const uint64_t by_nobody[] = { into (work), 8 };
  uint32_t one = take (fixture, into (lock_it), into (lock_it), by_main, 3);
  uint32_t two = take (fixture, into (rest), into (rest), by_nobody, 2);
  answer_all (fixture);
  assert_chain (fixture, one, "lock_it < work < main");
  assert_chain (fixture, two, "rest < work < 0x7");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  lock_it ();
  work ();
  rest ();
  begin ();
  g_test_add ("/sources/chains", Fixture, NULL, set_up, test_chains, tear_down);
  g_test_add ("/sources/belonging", Fixture, NULL, set_up, test_belonging, tear_down);
  g_test_add ("/sources/ends", Fixture, NULL, set_up, test_ends, tear_down);
  return g_test_run ();
}
