/* SPDX-License-Identifier: MIT */
/* Recording who called: the chain is right, and everything else stays as it is. */
#include <stdlib.h>
#include <sys/wait.h>

#include "check.h"
#include "mini.h"

static bool
is_stack (const MiniRecord *record)
{
  return LS_SLOT_KIND (record->slot[0].mark) == LS_SLOT_STACK;
}

static unsigned
count_callers (const MiniRecord *record)
{
  const uint64_t *callers = (const uint64_t *) &record->slot[1];
  unsigned n = 0, room = (unsigned) (record->n_slots - 1) * 4;
  while (n < room && callers[n] != 0)
    n++;
  return n;
}

/* Whether a stack comes by the place. */
static bool
has_site (const MiniRecord *stack, uint64_t site)
{
  const uint64_t *callers = (const uint64_t *) &stack->slot[1];
  if (site == 0 || site == stack->slot[0].site)
    return true;
  for (unsigned i = 0; i < count_callers (stack); i++)
    if (callers[i] == site)
      return true;
  return false;
}

/* Each stack is followed by the record whose site it begins with, or which is made further in, as
 * that of a once which the C library calls back for. */
static bool
stacks_belong (const Mini *mini)
{
  unsigned depth = mini->region->stack_depth;
  unsigned n_most = depth ? depth : LS_STACK_MAX; /* some are recorded unasked */
  for (size_t i = 0; i < mini->n_records; i++) {
    const MiniRecord *stack = &mini->records[i], *next = stack + 1;
    if (!is_stack (stack))
      continue;
    if (i + 1 == mini->n_records || next->thread != stack->thread || is_stack (next) ||
        !has_site (stack, next->slot[0].site & 0xffffffffffffull))
      return false;
    if (count_callers (stack) == 0 || count_callers (stack) > n_most)
      return false;
  }
  return true;
}

/* -- The chain -- */

/* The callers of each `acquire` are those that the functions told of. */
static bool
callers_are_told (const Mini *mini, uint32_t thread, unsigned *n_right)
{
  uint64_t told[3] = { 0 }; /* inner, middle, outer */
  *n_right = 0;
  for (size_t i = 0; i + 1 < mini->n_records; i++) {
    const MiniRecord *record = &mini->records[i];
    if (record->thread != thread)
      continue;
    const char *name = (const char *) &record->slot[1];
    if (LS_SLOT_KIND (record->slot[0].mark) == LS_EV_COUNT)
      told[name[0] == 'i' ? 0 : name[0] == 'm' ? 1 : 2] = record->slot[0].target;
    if (!is_stack (record) || LS_SLOT_KIND (record[1].slot[0].mark) != LS_EV_ACQUIRE)
      continue;
    if (memcmp (&record->slot[1], told, sizeof told) != 0)
      return false;
    ++*n_right;
  }
  return true;
}

static void
chains (void)
{
  Mini mini;
  unsigned n_right;

  mini_open (&mini, 64);
  mini.region->stack_depth = 8;
  check (mini_run (&mini, getenv ("LS_TEST_STACKS"), "chain"), "a chain runs as it does bare");
  for (uint32_t thread = 1; thread <= 2; thread++) {
    check (callers_are_told (&mini, thread, &n_right), "thread %u: the callers are right", thread);
    check (n_right == 100, "thread %u: each time: %u", thread, n_right);
  }
  check (stacks_belong (&mini), "each stack belongs to the next record");
  mini_close (&mini);

  for (unsigned depth = 1; depth <= LS_STACK_MAX; depth += 11) {
    mini_open (&mini, 16);
    mini.region->stack_depth = depth;
    check (mini_run (&mini, getenv ("LS_TEST_STACKS"), "deep"), "deep calls run as they do bare");
    bool all = true;
    size_t n = 0;
    for (size_t i = 0; i < mini.n_records; i++)
      if (is_stack (&mini.records[i]) &&
          LS_SLOT_KIND (mini.records[i + 1].slot[0].mark) == LS_EV_ACQUIRE) {
        all = all && count_callers (&mini.records[i]) == depth;
        n++;
      }
    check (all && n == 5, "they are cut at a depth of %u", depth);
    mini_close (&mini);
  }
}

/* -- All else -- */

/* What threads 1 to 3 recorded, with and without. */
static void
compare (const char *subject, const char *name)
{
  static char bare[3][1 << 16];
  Mini mini;

  for (unsigned depth = 0; depth <= 8; depth += 8) {
    mini_open (&mini, 64);
    mini.region->stack_depth = depth;
    check (mini_run (&mini, getenv (subject), name), "%s runs as it does bare", name);
    bool same = true;
    for (uint32_t thread = 1; thread <= 3; thread++) {
      const char *text = mini_transcript (&mini, 0, thread);
      if (depth == 0)
        memcpy (bare[thread - 1], text, strlen (text) + 1);
      else
        same = same && strcmp (bare[thread - 1], text) == 0;
    }
    check (same, "%s: the same is recorded with stacks", name);
    check (stacks_belong (&mini), "%s: each stack belongs to the next record", name);
    check (mini.n_unsettled == 0, "%s leaves every record settled", name);
    mini_close (&mini);
  }
}

/* Handlers that interrupt the walk, and processes that end in it. */
static void
interrupted (void)
{
  static const char *const names[] = { "storm",       "jumps", "fork", "fork-thread",
                                       "small-stack", "vfork", "exec" };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    Mini mini;
    mini_open (&mini, 4000);
    mini.region->stack_depth = LS_STACK_MAX;
    const char *const argv[] = { getenv ("LS_TEST_FAULTS"), names[i], NULL };
    mini_start (&mini, argv);
    int status = mini_wait (&mini, true);
    check (WIFEXITED (status) && WEXITSTATUS (status) == 0, "%s ends as it does bare", names[i]);
    mini_close (&mini);
  }
}

int
main (void)
{
  static const char *const cases[][2] = {
    { "LS_TEST_LOCKS", "mutex-results" },  { "LS_TEST_LOCKS", "mutex-contended" },
    { "LS_TEST_LOCKS", "rwlock-results" }, { "LS_TEST_LOCKS", "cond-results" },
    { "LS_TEST_LOCKS", "cond-cancel" },    { "LS_TEST_GATES", "sem-cancel" },
    { "LS_TEST_GATES", "once-nested" },    { "LS_TEST_GATES", "guards-thrown" },
    { "LS_TEST_THREADS", "create-join" },  { "LS_TEST_THREADS", "destructors" },
    { "LS_TEST_THREADS", "c11" },          { "LS_TEST_CPP", "throwing" },
  };
  chains ();
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    if (getenv (cases[i][0]))
      compare (cases[i][0], cases[i][1]);
  interrupted ();
  return check_done ();
}
