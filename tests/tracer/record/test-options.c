/* SPDX-License-Identifier: MIT */
/* What was asked to be left out: waiting for the collector, sleeps, children. */
#include <sys/wait.h>
#include <unistd.h>

#include "play.h"

#define PAIR "acquire mutex 1\nrelease mutex 1\n"

static bool
run (Mini *mini, uint32_t n_chunks, uint32_t options, const char *subject, const char *name)
{
  mini_open (mini, n_chunks);
  mini->region->options = options;
  return check (mini_run (mini, getenv (subject), name), "%s runs as it does bare", name);
}

/* Three threads with 200,000 events each and five chunks in all, of which none comes back: whoever
 * waited would do so for ten seconds, and would say so. */
static void
drop (void)
{
  Mini mini;

  run (&mini, 5, LS_OPTION_DROP, "LS_TEST_FAULTS", "much");
  uint64_t n_lost = atomic_load (&ls_region_image (mini.region, 0)->dropped), n_seen = 0;
  for (size_t i = 0; i < mini.n_records; i++) {
    const LsSlot *slot = &mini.records[i].slot[0];
    if (LS_SLOT_KIND (slot->mark) == LS_EV_LOST)
      n_lost += slot->target;
    n_seen += slot->object == LS_OBJECT_MUTEX;
  }
  check (mini_count (&mini, 0, LS_EV_STALL) == 0, "dropping waits for nothing");
  /* Beside the mutexes: starts, finishes, creates and joins. */
  check (n_seen > 0 && n_lost > 0 && n_seen + n_lost >= 600000 && n_seen + n_lost < 600020,
         "what is seen and what is lost are all: %llu + %llu", (unsigned long long) n_seen,
         (unsigned long long) n_lost);
  mini_close (&mini);
}

/* Where events were dropped, the next chunk says so first. */
static void
drop_is_told_in_place (void)
{
  Mini mini;

  mini_open (&mini, 8);
  mini.region->options = LS_OPTION_DROP;
  mini_start (&mini, (const char *const[]){ getenv ("LS_TEST_FAULTS"), "much", NULL });
  int status = mini_wait (&mini, true);
  mini_drain (&mini);
  check (WIFEXITED (status) && WEXITSTATUS (status) == 0, "and again");
  uint64_t n_lost = atomic_load (&ls_region_image (mini.region, 0)->dropped), n_seen = 0;
  bool in_place = true;
  for (size_t i = 0; i < mini.n_records; i++) {
    const MiniRecord *record = &mini.records[i];
    n_seen += record->slot[0].object == LS_OBJECT_MUTEX;
    if (LS_SLOT_KIND (record->slot[0].mark) != LS_EV_LOST)
      continue;
    n_lost += record->slot[0].target;
    const MiniRecord *before = record - 1;
    bool is_first = i > 0 && LS_SLOT_KIND (before->slot[0].mark) == LS_EV_START;
    in_place &= i > 0 && before->thread == record->thread &&
                (is_first || before->ordinal + 1 == record->ordinal) &&
                before->slot[0].ticks <= record->slot[0].ticks;
  }
  check (in_place, "a loss is told between what came before and after it");
  check (n_seen + n_lost >= 600000 && n_seen + n_lost < 600020,
         "nothing is lost beside: %llu + %llu", (unsigned long long) n_seen,
         (unsigned long long) n_lost);
  mini_close (&mini);
}

static void
no_sleep (void)
{
  Mini mini;

  run (&mini, 16, LS_OPTION_NO_SLEEP, "LS_TEST_THREADS", "sleeps");
  check_text ("no sleep and no yield is told", mini_transcript (&mini, 0, 1),
              BEGIN CREATE "cancel 2\n" JOIN END);
  check_text ("nor the wake of a cancelled one", mini_transcript (&mini, 0, 2),
              OTHER "finish cancelled\n");
  mini_close (&mini);
}

static void
no_children (void)
{
  static const char *const forks[] = { "fork", "fork-bare", "fork-raw", "fork-twice" };
  Mini mini;

  for (size_t i = 0; i < sizeof forks / sizeof *forks; i++) {
    run (&mini, 16, LS_OPTION_NO_CHILDREN, "LS_TEST_FAULTS", forks[i]);
    check (mini_n_images (&mini) == 1, "%s's child is not recorded", forks[i]);
    mini_close (&mini);
  }
  run (&mini, 16, LS_OPTION_NO_CHILDREN, "LS_TEST_FAULTS", "exec");
  check (mini_n_images (&mini) == 2, "an exec of the main process is");
  check_text ("with what comes after", mini_transcript (&mini, 1, 1), BEGIN PAIR END);
  mini_close (&mini);

  mini_open (&mini, 16);
  mini.region->options = LS_OPTION_NO_CHILDREN;
  mini.region->main_pid = 1;
  check (mini_run (&mini, getenv ("LS_TEST_FAULTS"), "fork"), "a child of the main process runs");
  check (mini_n_images (&mini) == 0 && mini.n_records == 0, "and is not recorded");
  mini_close (&mini);
}

int
main (void)
{
  drop ();
  drop_is_told_in_place ();
  no_sleep ();
  no_children ();
  return check_done ();
}
