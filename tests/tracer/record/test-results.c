/* SPDX-License-Identifier: MIT */
/* What rare results and blocked calls leave in the recording. */
#include "play.h"

#define RESULTS(name, ...) PLAY ("LS_TEST_RESULTS", name, __VA_ARGS__)
#define ENDINGS(name, ...) PLAY ("LS_TEST_ENDINGS", name, __VA_ARGS__)
#define CREATE3 "create 3\n"
#define JOIN3 "wait 3\njoin 3\n"

static void
locks (void)
{
  RESULTS ("mutex-kinds",
           BEGIN "init mutex 1\nacquire mutex 1\nfail mutex 1 try EBUSY\nrelease mutex 1\n"
                 "release mutex 1 EPERM\ndestroy mutex 1\n"
                 "init mutex 1\nacquire mutex 1\nrelease mutex 1\ndestroy mutex 1\n"
                 "init mutex 1\nacquire mutex 1\nfail mutex 1 try EBUSY\n"
                 "wait mutex 1 timed\nfail mutex 1 timed EDEADLK\n"
                 "wait mutex 1 timed\nfail mutex 1 timed EDEADLK\nrelease mutex 1\n" END);
  RESULTS ("mutex-blocked",
           BEGIN "acquire mutex 1\n" CREATE "release mutex 1\n" JOIN "acquire mutex 1\n" CREATE3
                 "release mutex 1\n" JOIN3 END,
           OTHER "wait mutex 1 timed\nacquire mutex 1 timed\nrelease mutex 1\n" END,
           OTHER "wait mutex 1 timed\nacquire mutex 1 timed\nrelease mutex 1\n" END);
  RESULTS ("mutex-dead",
           BEGIN "init recursive 1\n" CREATE JOIN
                 "acquire recursive 1 timed EOWNERDEAD\nrelease recursive 1\n"
                 "fail recursive 1 try ENOTRECOVERABLE\n"
                 "destroy recursive 1\n" END,
           OTHER "acquire recursive 1\n" END);
  RESULTS ("rwlock-blocked",
           BEGIN "acquire rwlock 1 shared\n" CREATE "release rwlock 1\n" JOIN
                 "acquire rwlock 1 shared\n" CREATE3 "release rwlock 1\n" JOIN3
                 "acquire rwlock 1\ncreate 4\nrelease rwlock 1\nwait 4\njoin 4\n"
                 "acquire rwlock 1\nwait rwlock 1 shared\nfail rwlock 1 shared EDEADLK\n"
                 "fail rwlock 1 timed EINVAL\nrelease rwlock 1\n" END,
           OTHER "wait rwlock 1\nacquire rwlock 1\nrelease rwlock 1\n" END,
           OTHER "wait rwlock 1 timed\nacquire rwlock 1 timed\nrelease rwlock 1\n" END,
           OTHER "wait rwlock 1 timed shared\nacquire rwlock 1 timed shared\n"
                 "release rwlock 1\n" END);
}

static void
conditions (void)
{
  RESULTS ("cond-refused",
           BEGIN "acquire mutex 1\nfail cond 2 timed EINVAL\nfail cond 2 timed EINVAL\n"
                 "release mutex 1\nwait cond 2 timed with 1\nfail cond 2 timed EINVAL\n"
                 "acquire mutex 1\nrelease mutex 1\n" END);
  RESULTS ("cond-clock",
           BEGIN CREATE "acquire mutex 1\nbroadcast cond 2\nrelease mutex 1\n" JOIN END,
           OTHER "acquire mutex 1\nrelease mutex 1\nwait cond 2 timed with 1\n"
                 "wake cond 2 timed\nacquire mutex 1\nrelease mutex 1\n" END);
  RESULTS ("cond-owner-dead",
           BEGIN "init mutex 1\nacquire mutex 1\n" CREATE
                 "release mutex 1\nwait cond 2 with 1\nwake cond 2\n"
                 "acquire mutex 1 EOWNERDEAD\nrelease mutex 1\n" JOIN END,
           "*");
  RESULTS ("cond-not-recoverable",
           BEGIN "init mutex 1\nacquire mutex 1\n" CREATE
                 "release mutex 1\nwait cond 2 with 1\nfail cond 2 ENOTRECOVERABLE\n" JOIN END,
           OTHER CREATE3 JOIN3 "acquire mutex 1 EOWNERDEAD\nsignal cond 2\nrelease mutex 1\n" END,
           "*");
}

int
main (void)
{
  locks ();
  conditions ();
  RESULTS ("sem-blocked",
           BEGIN "init semaphore 1 n0\nfail semaphore 1 timed EINVAL\n"
                 "fail semaphore 1 timed EINVAL\n" CREATE JOIN CREATE3
                 "release semaphore 1\nrelease semaphore 1\n" JOIN3
                 "release semaphore 1\nacquire semaphore 1 try\n" END,
           OTHER "wait semaphore 1\nfail semaphore 1 EINTR\n" END,
           OTHER "wait semaphore 1 timed\nacquire semaphore 1 timed\n"
                 "wait semaphore 1 timed\nacquire semaphore 1 timed\n" END);
  ENDINGS ("joins",
           BEGIN CREATE "name thread 2 endless\n" CREATE3 "cancel 3\n" JOIN3
                        "detach 2\ndetach 2 EINVAL\nwait 2\nfail 2 EINVAL\n" END,
           OTHER, OTHER "wait 2\nfail 2 cancelled\nfinish cancelled\n");
  ENDINGS ("once-cancelled", BEGIN CREATE "cancel 2\n" JOIN "acquire once 1\nrelease once 1\n" END,
           OTHER "acquire once 1\nsleep\nwake\nrelease once 1\nfinish cancelled\n");
  ENDINGS ("c11-blocked",
           BEGIN "init mutex 1\ninit cond 2\n" CREATE "acquire mutex 1 try\nsignal cond 2\n"
                 "release mutex 1\n" JOIN "acquire mutex 1\n" CREATE3 "release mutex 1\n" JOIN3
                 "create 4\ndetach 4\n" END,
           OTHER "acquire mutex 1\nrelease mutex 1\nwait cond 2 with 1\nwake cond 2\n"
                 "acquire mutex 1\nrelease mutex 1\n" END,
           OTHER "wait mutex 1\nacquire mutex 1\nrelease mutex 1\n" END);
  return check_done ();
}
