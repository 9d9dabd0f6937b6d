/* SPDX-License-Identifier: MIT */
/* What threads, sleeps and C11's family leave in the recording. */
#include "play.h"

#define THREADS(name, ...) PLAY ("LS_TEST_THREADS", name, __VA_ARGS__)

/* Every thread that was created is numbered once, starts, finishes, and is joined or detached. */
static void
many (void)
{
  enum {
    N_THREADS = 8 + 8 * 100
  };
  Mini mini;
  bool in_order = true;

  mini_open (&mini, 2000);
  check (mini_run (&mini, getenv ("LS_TEST_THREADS"), "many"), "many runs as it does bare");
  check (mini_count (&mini, 0, LS_EV_CREATE) == N_THREADS, "each thread is created");
  check (mini_count (&mini, 0, LS_EV_START) == N_THREADS + 1, "each thread starts");
  check (mini_count (&mini, 0, LS_EV_JOIN) == 8 + 8 * 66, "each joined thread is joined");
  check (mini_count (&mini, 0, LS_EV_DETACH) == 8 * 34, "each detached thread is detached");
  check (mini_count (&mini, 0, LS_EV_WAIT) == mini_count (&mini, 0, LS_EV_JOIN),
         "each join was waited for");

  static uint64_t created[N_THREADS + 2], started[N_THREADS + 2], joined[N_THREADS + 2],
    finished[N_THREADS + 2];
  for (size_t i = 0; i < mini.n_records; i++) {
    const LsSlot *slot = &mini.records[i].slot[0];
    unsigned kind = LS_SLOT_KIND (slot->mark);
    uint32_t thread = mini.records[i].thread;
    bool takes_other = kind == LS_EV_CREATE || kind == LS_EV_JOIN;
    uint64_t other = takes_other ? slot->target : thread;
    if (other > N_THREADS + 1) {
      in_order = false;
      continue;
    }
    if (kind == LS_EV_CREATE)
      created[other] = slot->ticks;
    else if (kind == LS_EV_JOIN)
      joined[other] = slot->ticks;
    else if (kind == LS_EV_START)
      started[other] = slot->ticks;
    else if (kind == LS_EV_FINISH)
      finished[other] = slot->ticks;
  }
  for (unsigned i = 2; i < N_THREADS + 2; i++) {
    in_order &= created[i] > 0 && created[i] < started[i];
    if (joined[i])
      in_order &= started[i] < finished[i] && finished[i] < joined[i];
  }
  check (in_order, "create, start, finish and join of each thread are in order");
  mini_close (&mini);
}

int
main (void)
{
  THREADS ("create-join",
           BEGIN "create 2\nwait 2\njoin 2\ncreate 3\nwait 3\njoin 3\ncreate 4\nwait 4\njoin 4\n"
                 "create 5\nwait 5\njoin 5\ncreate 6\nwait 6\njoin 6\n"
                 "wait 1\nfail 1 EDEADLK\n" END,
           OTHER END, OTHER END, OTHER END, OTHER END, OTHER "finish exit\n");
  THREADS ("timed-joins",
           BEGIN "create 2\nfail 2 try EBUSY\nwait 2 timed\ntimeout 2 timed\n"
                 "wait 2 timed\ntimeout 2 timed\nwait 2 timed\njoin 2 timed\n"
                 "create 3\nwait 3 timed\njoin 3 timed\ncreate 4\nwait 4\njoin 4\n" END);
  THREADS ("detached", "*", "*");
  THREADS ("create-fails", BEGIN "create 2 EAGAIN\ncreate 3\nwait 3\njoin 3\n" END, "", OTHER END);
  many ();
  THREADS ("main-leaves", BEGIN "create 2\nfinish exit\n", OTHER "wait 1\njoin 1\n");
  THREADS ("destructors", BEGIN CREATE JOIN END,
           OTHER "acquire mutex 1\nrelease mutex 1\nacquire mutex 1\nrelease mutex 1\n"
                 "acquire mutex 1\nrelease mutex 1\n" END);
  THREADS ("names", BEGIN CREATE JOIN "name thread 1 chief\n" END,
           OTHER "name thread 2 worker\nname thread 0 a name that is \n" END);
  THREADS ("sleeps",
           BEGIN "sleep\nwake\nsleep\nwake\nsleep\nwake\nsleep\nwake EINVAL\n"
                 "sleep\nwake\nsleep\nwake EINVAL\nyield\nsleep\nwake\nyield\n" CREATE
                 "cancel 2\n" JOIN END,
           OTHER "sleep\nwake\nfinish cancelled\n");
  THREADS ("c11",
           BEGIN "init recursive 1\nacquire recursive 1\n" CREATE JOIN
                 "release recursive 1\ndestroy recursive 1\ncreate 3\nwait 3\njoin 3\n"
                 "init cond 2\ninit mutex 1\nacquire mutex 1\n"
                 "release mutex 1\nwait cond 2 timed with 1\ntimeout cond 2 timed\n"
                 "acquire mutex 1\nrelease mutex 1\nsignal cond 2\nbroadcast cond 2\n"
                 "destroy cond 2\n" END,
           OTHER "fail recursive 1 try EBUSY\n"
                 "wait recursive 1 timed\ntimeout recursive 1 timed\n"
                 "acquire once 3\nrelease once 3\nfinish exit\n",
           OTHER END);
  return check_done ();
}
