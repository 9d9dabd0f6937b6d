/* SPDX-License-Identifier: MIT */
/* That recording survives what programs do, and that programs survive recording. */
#include <linux/futex.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "play.h"

#define PAIR "acquire mutex 1\nrelease mutex 1\n"
#define N_MUCH 300000u

static const char *
subject (void)
{
  return getenv ("LS_TEST_FAULTS");
}

static pid_t
start (Mini *mini, const char *name)
{
  const char *argv[] = { subject (), name, NULL };
  return mini_start (mini, argv);
}

static bool
is_fine (int status)
{
  return WIFEXITED (status) && WEXITSTATUS (status) == 0;
}

static double
seconds (void)
{
  struct timespec now;
  clock_gettime (CLOCK_MONOTONIC, &now);
  return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}

/* Of each thread: acquire and release of a mutex in turn, and no stamp below the one before but by
 * a signal handler's records. */
static bool
is_alternating (const Mini *mini)
{
  bool holds[LS_TEXT_BYTES >> 12] = { false };

  for (size_t i = 0; i < mini->n_records; i++) {
    const LsSlot *slot = &mini->records[i].slot[0];
    unsigned kind = LS_SLOT_KIND (slot->mark);
    bool *held = &holds[mini->records[i].thread];
    if (slot->object != LS_OBJECT_MUTEX)
      continue;
    if (kind != (*held ? LS_EV_RELEASE : LS_EV_ACQUIRE))
      return false;
    *held = !*held;
  }
  return true;
}

static uint32_t
init_n (const Mini *mini, unsigned nth)
{
  for (size_t i = 0; i < mini->n_records; i++) {
    const LsSlot *slot = &mini->records[i].slot[0];
    if (LS_SLOT_KIND (slot->mark) == LS_EV_INIT && slot->object == LS_OBJECT_SEMAPHORE &&
        nth-- == 0)
      return slot->arg;
  }
  return UINT32_MAX;
}

static uint64_t
sum_lost (const Mini *mini)
{
  uint64_t sum = atomic_load (&ls_region_image (mini->region, 0)->dropped);
  for (size_t i = 0; i < mini->n_records; i++)
    if (LS_SLOT_KIND (mini->records[i].slot[0].mark) == LS_EV_LOST)
      sum += mini->records[i].slot[0].target;
  return sum;
}

/* -- Chunks -- */

static void
recycled_chunks (void)
{
  Mini mini;

  mini_open (&mini, 8);
  start (&mini, "much");
  check (is_fine (mini_wait (&mini, true)), "a program goes on while its chunks are recycled");
  mini_drain (&mini);
  check (mini_count (&mini, 0, LS_EV_ACQUIRE) == N_MUCH, "every acquire is there");
  check (mini_count (&mini, 0, LS_EV_RELEASE) == N_MUCH, "every release is there");
  check (sum_lost (&mini) == 0, "nothing is lost");
  check (is_alternating (&mini), "each thread's events are in order");
  check (mini_count (&mini, 0, LS_EV_STALL) > 0, "waiting for the collector is told");
  mini_close (&mini);
}

static void
no_progress (void)
{
  Mini mini;
  double before = seconds ();

  mini_open (&mini, 2);
  start (&mini, "until-told");
  /* Ten seconds without a chunk, and it goes on, counting. */
  while (seconds () < before + 11)
    usleep (10000);
  check (waitpid (mini.pid, NULL, WNOHANG) == 0,
         "a program that lost its collector's help runs on");
  kill (mini.pid, SIGUSR1);
  usleep (10000);
  int status = mini_wait (&mini, true);
  check (is_fine (status), "and ends as it does bare");
  mini_drain (&mini);
  uint64_t n_seen = 0, n_lost = sum_lost (&mini);
  for (size_t i = 0; i < mini.n_records; i++)
    n_seen += mini.records[i].slot[0].object == LS_OBJECT_MUTEX;
  check (n_lost > 0, "what it drops is counted");
  uint32_t n = init_n (&mini, 0);
  /* Without a chunk at the end the count itself was dropped. */
  check (n == UINT32_MAX || n_seen + n_lost == 2 * (uint64_t) n,
         "seen and lost are all: %llu + %llu", (unsigned long long) n_seen,
         (unsigned long long) n_lost);
  mini_close (&mini);
}

static void
collector_gone (void)
{
  Mini mini;
  double before = seconds ();

  mini_open (&mini, 2);
  atomic_store (&mini.region->collector_futex, 1);
  start (&mini, "much");
  while (!atomic_load (&ls_region_image (mini.region, 0)->state))
    usleep (1000);
  atomic_fetch_or (&mini.region->collector_futex, FUTEX_OWNER_DIED);
  check (is_fine (mini_wait (&mini, false)), "a program whose collector died ends as it does bare");
  check (seconds () - before < 8, "without waiting for it");
  mini_close (&mini);
}

/* -- Signals -- */

static void
signals (void)
{
  Mini mini;

  mini_open (&mini, 8);
  start (&mini, "storm");
  check (is_fine (mini_wait (&mini, true)), "a signal storm ends");
  mini_drain (&mini);
  size_t n_posts = 0;
  for (size_t i = 0; i < mini.n_records; i++)
    n_posts += LS_SLOT_KIND (mini.records[i].slot[0].mark) == LS_EV_RELEASE &&
               mini.records[i].slot[0].object == LS_OBJECT_SEMAPHORE;
  check (n_posts + sum_lost (&mini) == init_n (&mini, 1), "each handler's post is there: %zu",
         n_posts);
  check (is_alternating (&mini), "around them each event is there once");
  check (mini.n_unsettled == 0, "every record is settled");
  mini_close (&mini);

  mini_open (&mini, 4000);
  check (mini_run (&mini, subject (), "jumps"), "handlers that jump away do no harm");
  check (mini.n_unsettled < 600, "and leave at most a slot each: %u", (unsigned) mini.n_unsettled);
  mini_close (&mini);
}

/* -- Processes -- */

static void
forked (const char *name, const char *parent_wanted, const char *child_wanted)
{
  Mini mini;
  char what[96];

  mini_open (&mini, 16);
  check (mini_run (&mini, subject (), name), "%s runs as it does bare", name);
  check (mini_n_images (&mini) == 2, "%s makes two images", name);
  snprintf (what, sizeof what, "%s, the parent", name);
  check_text (what, mini_transcript (&mini, 0, 1), parent_wanted);
  snprintf (what, sizeof what, "%s, the child", name);
  check_text (what, mini_transcript (&mini, 1, 1), child_wanted);
  const LsImage *parent = ls_region_image (mini.region, 0);
  const LsImage *child = ls_region_image (mini.region, 1);
  check (child->parent_image == 1 && child->partial && child->pid != parent->pid,
         "%s's child is told from its parent", name);
  check (strncmp (mini_transcript (&mini, 1, 2), "thread by 1\n", 12) == 0 ||
           mini_transcript (&mini, 1, 2)[0] == '\0',
         "%s's child's threads are its own", name);
  check (child->exe_text == parent->exe_text && child->modules_text == parent->modules_text,
         "%s's child is the same program", name);
  mini_close (&mini);
}

static void
processes (void)
{
  Mini mini;

  forked ("fork", BEGIN PAIR "fork child 0\n" PAIR END, BEGIN PAIR "create 2\nwait 2\njoin 2\n");
  forked ("fork-bare", BEGIN PAIR PAIR END, BEGIN PAIR "create 2\nwait 2\njoin 2\n");
  forked ("fork-raw", BEGIN PAIR PAIR END, BEGIN PAIR);
  forked ("fork-thread", BEGIN "create 2\nwait 2\njoin 2\n" END,
          BEGIN PAIR "create 2\nwait 2\njoin 2\n");

  mini_open (&mini, 16);
  check (mini_run (&mini, subject (), "fork-twice"), "fork-twice runs as it does bare");
  check (mini_n_images (&mini) == 3 && ls_region_image (mini.region, 2)->parent_image == 2,
         "a grandchild is its parent's child");
  mini_close (&mini);

  mini_open (&mini, 16);
  check (mini_run (&mini, subject (), "vfork"), "vfork runs as it does bare");
  check (mini_n_images (&mini) == 1, "a vfork child is its parent");
  check_text ("what it records is", mini_transcript (&mini, 0, 1), BEGIN PAIR PAIR PAIR END);
  mini_close (&mini);

  mini_open (&mini, 16);
  check (mini_run (&mini, subject (), "exec"), "exec runs as it does bare");
  check (mini_n_images (&mini) == 2, "an exec begins an image");
  const LsImage *first = ls_region_image (mini.region, 0), *second = first + 1;
  check (first->pid == second->pid && first->end_ticks == second->start_ticks && !second->partial,
         "in the same process, and ends the one before");
  check_text ("before exec", mini_transcript (&mini, 0, 1), BEGIN PAIR);
  check_text ("after exec", mini_transcript (&mini, 1, 1),
              BEGIN "acquire mutex 2\nrelease mutex 2\n" END);
  const char *arguments = ls_region_text (mini.region, second->program_text);
  check (strcmp (arguments, subject ()) == 0 &&
           strcmp (arguments + strlen (arguments) + 1, "pair") == 0,
         "its arguments are told");
  mini_close (&mini);
}

static void
ends (void)
{
  Mini mini;

  mini_open (&mini, 64);
  start (&mini, "forever");
  while (atomic_load (&ls_region_chunk (mini.region, 3)->header.state) == LS_CHUNK_FREE)
    usleep (1000);
  kill (mini.pid, SIGKILL);
  int status = mini_wait (&mini, false);
  mini_drain (&mini);
  check (WIFSIGNALED (status) && mini.n_records > 3 * 2000 && is_alternating (&mini),
         "what a killed program had recorded is there");
  check (mini.n_unsettled <= 1, "but for the one it was at");
  mini_close (&mini);

  PLAY ("LS_TEST_FAULTS", "quick", BEGIN PAIR);
  PLAY ("LS_TEST_FAULTS", "close-all", BEGIN PAIR "create 2\nwait 2\njoin 2\n" END, OTHER PAIR END);

  mini_open (&mini, 16);
  start (&mini, "abort");
  status = mini_wait (&mini, false);
  mini_drain (&mini);
  check (WIFSIGNALED (status) && WTERMSIG (status) == SIGABRT, "an abort is one");
  check_text ("before abort", mini_transcript (&mini, 0, 1), BEGIN PAIR);
  mini_close (&mini);
}

/* -- The rest -- */

static void
not_recorded (void)
{
  Mini mini;

  mini_open (&mini, 4);
  mini.region->recording = 0;
  check (mini_run (&mini, subject (), "much"), "a program runs beside a recording that is over");
  check (mini.n_records == 0, "and records nothing");
  mini.region->recording = 1;
  mini.region->version++;
  check (mini_run (&mini, subject (), "much"), "a program runs beside a recorder it does not know");
  mini.region->version--;
  check (ftruncate (mini.fd, 100) == 0 &&
           mini_start (&mini, (const char *const[]){ subject (), "much", NULL }) > 0 &&
           is_fine (mini_wait (&mini, false)),
         "a program runs beside a region that is cut off");
  strcpy (mini.path, "/nowhere/to/be/found");
  start (&mini, "much");
  check (is_fine (mini_wait (&mini, false)), "a program runs without a region");
  strcpy (mini.path, "/dev/null");
  start (&mini, "much");
  check (is_fine (mini_wait (&mini, false)), "a program runs with something else for a region");
  close (mini.fd);
}

/* Locking all memory does not fill the region. */
static void
locked_memory (void)
{
  struct stat status;
  Mini mini;

  mini_open (&mini, 4000);
  start (&mini, "lock-memory");
  int exit_status = mini_wait (&mini, false);
  mini_drain (&mini);
  bool may_not = WIFEXITED (exit_status) && WEXITSTATUS (exit_status) == 77;
  check (may_not || is_fine (exit_status), "lock-memory runs as it does bare");
  check (fstat (mini.fd, &status) == 0 && status.st_blocks < 100 * 1000 * 1000 / 512,
         "a program that locks its memory does not fill the region%s",
         may_not ? " # SKIP it may not" : "");
  mini_close (&mini);
}

static void
rest (void)
{
  Mini mini;

  mini_open (&mini, 400);
  check (mini_run (&mini, subject (), "small-stack"), "the smallest stack is enough");
  mini_close (&mini);

  mini_open (&mini, 16);
  check (mini_run (&mini, subject (), "load-module"), "load-module runs as it does bare");
  const LsImage *image = ls_region_image (mini.region, 0);
  check (strstr (ls_region_text (mini.region, image->modules_text), "/libm.so") != NULL,
         "a module that is loaded later is told of");
  check (strstr (ls_region_text (mini.region, image->exe_text), "subject-faults") != NULL,
         "and the program");
  mini_close (&mini);
}

int
main (void)
{
  recycled_chunks ();
  collector_gone ();
  signals ();
  processes ();
  ends ();
  not_recorded ();
  rest ();
  locked_memory ();
  no_progress ();
  return check_done ();
}
