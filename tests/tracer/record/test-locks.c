/* SPDX-License-Identifier: MIT */
/* What locks of every kind leave in the recording. */
#include "play.h"

#define GATES(name, ...) PLAY ("LS_TEST_GATES", name, __VA_ARGS__)
#define LOCKS(name, ...) PLAY ("LS_TEST_LOCKS", name, __VA_ARGS__)

static void
locks (void)
{
  LOCKS ("mutex-results",
         BEGIN "acquire mutex 1\n" CREATE JOIN "release mutex 1\n"
               "acquire mutex 1 try\nrelease mutex 1\n"
               "acquire mutex 1 timed\nrelease mutex 1\n"
               "acquire mutex 1 timed\nrelease mutex 1\n"
               "fail mutex 1 timed EINVAL\n" END,
         OTHER "fail mutex 1 try EBUSY\n"
               "wait mutex 1 timed\ntimeout mutex 1 timed\n"
               "wait mutex 1 timed\ntimeout mutex 1 timed\n"
               "fail mutex 1 timed EINVAL\nfail mutex 1 timed EINVAL\n" END);
  LOCKS ("mutex-contended", BEGIN "acquire mutex 1\n" CREATE "release mutex 1\n" JOIN END,
         OTHER "wait mutex 1\nacquire mutex 1\nrelease mutex 1\n"
               "acquire mutex 1 timed\nrelease mutex 1\n" END);
  LOCKS ("mutex-types",
         BEGIN "init recursive 1\nacquire recursive 1\nacquire recursive 1\n"
               "acquire recursive 1 try\nrelease recursive 1\nrelease recursive 1\n"
               "release recursive 1\nrelease recursive 1 EPERM\ndestroy recursive 1\n"
               "init mutex 1\nacquire mutex 1\nwait mutex 1\nfail mutex 1 EDEADLK\n"
               "destroy mutex 1 EBUSY\nrelease mutex 1\nrelease mutex 1 EPERM\n"
               "destroy mutex 1\n" END);
  LOCKS ("mutex-robust",
         BEGIN "init mutex 1\ncreate 2\nwait 2\njoin 2\nacquire mutex 1 EOWNERDEAD\n"
               "release mutex 1\ncreate 3\nwait 3\njoin 3\nacquire mutex 1 try EOWNERDEAD\n"
               "release mutex 1\nfail mutex 1 ENOTRECOVERABLE\n" END,
         OTHER "acquire mutex 1\n" END);
  LOCKS ("rwlock-results",
         BEGIN "init rwlock 1\nacquire rwlock 1 shared\nacquire rwlock 1 try shared\n"
               "acquire rwlock 1 timed shared\nacquire rwlock 1 timed shared\n"
               "release rwlock 1\nrelease rwlock 1\nrelease rwlock 1\nrelease rwlock 1\n"
               "fail rwlock 1 timed shared EINVAL\ndestroy rwlock 1\n"
               "acquire rwlock 2\nwait rwlock 2\nfail rwlock 2 EDEADLK\n" CREATE
               "release rwlock 2\n" JOIN "acquire rwlock 2 try\nrelease rwlock 2\n"
               "acquire rwlock 2 timed\nrelease rwlock 2\n"
               "acquire rwlock 2 timed\nrelease rwlock 2\n" END,
         OTHER "fail rwlock 2 try shared EBUSY\nfail rwlock 2 try EBUSY\n"
               "wait rwlock 2 timed shared\ntimeout rwlock 2 timed shared\n"
               "wait rwlock 2 timed\ntimeout rwlock 2 timed\n"
               "wait rwlock 2 timed shared\ntimeout rwlock 2 timed shared\n"
               "wait rwlock 2 timed\ntimeout rwlock 2 timed\n"
               "wait rwlock 2 shared\nacquire rwlock 2 shared\nrelease rwlock 2\n" END);
  LOCKS ("cond-results",
         BEGIN "init cond 1\nacquire mutex 2\n"
               "release mutex 2\nwait cond 1 timed with 2\ntimeout cond 1 timed\nacquire mutex 2\n"
               "release mutex 2\nwait cond 1 timed with 2\ntimeout cond 1 timed\nacquire mutex 2\n"
               "release mutex 2\ndestroy cond 1\n" CREATE
               "acquire mutex 2\nsignal cond 3\nbroadcast cond 3\nrelease mutex 2\n" JOIN END,
         OTHER "acquire mutex 2\nrelease mutex 2\nwait cond 3 with 2\nwake cond 3\n"
               "acquire mutex 2\nrelease mutex 2\n" END);
  LOCKS ("cond-types",
         BEGIN "init recursive 1\nacquire recursive 1\n"
               "release recursive 1 n1\nwait cond 2 timed with 1\ntimeout cond 2 timed\n"
               "acquire recursive 1 n1\nrelease recursive 1\ndestroy recursive 1\n"
               "init mutex 1\nfail cond 2 EPERM\n" END);
  LOCKS ("cond-cancel", BEGIN CREATE "cancel 2\n" JOIN "acquire mutex 1\n" END,
         OTHER "acquire mutex 1\nrelease mutex 1\nwait cond 2 with 1\nfail cond 2 cancelled\n"
               "acquire mutex 1\nrelease mutex 1\nfinish cancelled\n");
}

static void
gates (void)
{
  GATES ("sem-results",
         BEGIN "init semaphore 1 n1\nacquire semaphore 1\nfail semaphore 1 try EAGAIN\n"
               "wait semaphore 1 timed\ntimeout semaphore 1 timed\n"
               "wait semaphore 1 timed\ntimeout semaphore 1 timed\n" CREATE
               "release semaphore 1\n" JOIN "release semaphore 1\nacquire semaphore 1 timed\n"
               "destroy semaphore 1\ninit semaphore 1 n2147483647\n"
               "release semaphore 1 EOVERFLOW\n" END,
         OTHER "wait semaphore 1\nacquire semaphore 1\n" END);
  GATES ("sem-cancel", BEGIN "init semaphore 1 n0\n" CREATE "cancel 2\n" JOIN END,
         OTHER "wait semaphore 1\nfail semaphore 1 cancelled\nfinish cancelled\n");
  GATES ("barrier",
         BEGIN "init barrier 1 n2\n" CREATE "wait barrier 1\nwake barrier 1\n" JOIN
               "destroy barrier 1\n" END,
         OTHER "wait barrier 1\nwake barrier 1\n" END);
  GATES ("spin", BEGIN "init spin 1\nacquire spin 1\nfail spin 1 try EBUSY\nrelease spin 1\n"
                       "destroy spin 1\n" END);
  GATES ("once-nested",
         BEGIN "acquire once 1\nacquire once 2\nrelease once 2\nrelease once 1\n" END);
  GATES ("once-contended", BEGIN "acquire once 1\n" CREATE "release once 1\n" JOIN END,
         OTHER "wait once 1\nwake once 1\n" END);
  GATES ("guards",
         BEGIN "acquire once 1\n" CREATE
               "store value 1 type2 size1 1 order3\nrelease once 1\n" JOIN END,
         OTHER "wait once 1\nwake once 1\n" END);
  GATES ("guards-thrown", BEGIN "acquire once 1\n" CREATE "release once 1\n" JOIN END,
         OTHER "wait once 1\nacquire once 1\nstore value 1 type2 size1 1 order3\n"
               "release once 1\n" END);
}

int
main (void)
{
  locks ();
  gates ();
  return check_done ();
}
