/* SPDX-License-Identifier: MIT */
/* What the C++ library's threads, locks and static variables leave in the recording. */
#include "play.h"

#define CPP(name, ...) PLAY ("LS_TEST_CPP_LOCKS", name, __VA_ARGS__)
#define STORE "store value 1 type2 size1 1 order3\n"

static void
locks (void)
{
  CPP ("mutexes",
       BEGIN "acquire mutex 1\n" CREATE JOIN "release mutex 1\n"
             "acquire mutex 1 try\nrelease mutex 1\n"
             "acquire mutex 1\nacquire mutex 2 try\nrelease mutex 1\nrelease mutex 2\n"
             "acquire recursive 3\nacquire recursive 3\nrelease recursive 3\n"
             "release recursive 3\n" END,
       OTHER "fail mutex 1 try EBUSY\n" END);
  CPP ("timed-mutexes",
       BEGIN "acquire mutex 1 timed\n" CREATE JOIN "release mutex 1\n"
             "acquire mutex 1 timed\nrelease mutex 1\n"
             "acquire recursive 2 timed\nacquire recursive 2 timed\nrelease recursive 2\n"
             "release recursive 2\n" END,
       OTHER "fail mutex 1 try EBUSY\nwait mutex 1 timed\ntimeout mutex 1 timed\n"
             "wait mutex 1 timed\ntimeout mutex 1 timed\n"
             "wait mutex 1 timed\ntimeout mutex 1 timed\n" END);
  CPP ("shared",
       BEGIN "acquire rwlock 1 shared\n" CREATE JOIN "release rwlock 1\n"
             "acquire rwlock 1\nrelease rwlock 1\n"
             "acquire rwlock 2 timed\ncreate 3\nwait 3\njoin 3\nrelease rwlock 2\n"
             "acquire rwlock 2 timed shared\nrelease rwlock 2\n" END,
       OTHER "acquire rwlock 1 try shared\nfail rwlock 1 try EBUSY\nrelease rwlock 1\n" END,
       OTHER "wait rwlock 2 timed\ntimeout rwlock 2 timed\n"
             "wait rwlock 2 timed shared\ntimeout rwlock 2 timed shared\n"
             "wait rwlock 2 timed shared\ntimeout rwlock 2 timed shared\n" END);
  CPP ("conditions",
       BEGIN CREATE "acquire mutex 1\nsignal cond 2\nbroadcast cond 2\nrelease mutex 1\n" JOIN
                    "acquire mutex 1\n"
                    "release mutex 1\nwait cond 2 timed with 1\ntimeout cond 2 timed\n"
                    "acquire mutex 1\n"
                    "release mutex 1\nwait cond 2 timed with 1\ntimeout cond 2 timed\n"
                    "acquire mutex 1\nrelease mutex 1\n" END,
       OTHER "acquire mutex 1\nrelease mutex 1\nwait cond 2 with 1\nwake cond 2\n"
             "acquire mutex 1\nrelease mutex 1\n" END);
}

int
main (void)
{
  if (!getenv ("LS_TEST_CPP_LOCKS")) {
    printf ("1..0 # SKIP no C++ compiler\n");
    return 0;
  }
  locks ();
  CPP ("threads", BEGIN "sleep\nwake\nsleep\nwake\nyield\n" CREATE JOIN "create 3\ndetach 3\n" END,
       OTHER "acquire mutex 1\nrelease mutex 1\n" END);
  CPP ("futures", "*", "*", "*");
  CPP ("once", BEGIN "acquire once 1\nrelease once 1\nacquire once 1\nrelease once 1\n" END);
  CPP ("guards",
       BEGIN "acquire once 1\nrelease once 1\nacquire once 1\n" STORE "release once 1\n" END);
  CPP ("guards-contended", BEGIN "acquire once 1\n" CREATE STORE "release once 1\n" JOIN END,
       OTHER "wait once 1\nwake once 1\n" END);
  return check_done ();
}
