/* SPDX-License-Identifier: MIT */
/* What lockstitch.h's functions and macros leave in the recording, from C and C++. */
#include <sys/wait.h>
#include <unistd.h>

#include "play.h"

/* Runs a subject without any recording; true when it exited with 0. */
static bool
run_bare (const char *subject, const char *name)
{
  int status = 0;
  fflush (NULL);
  pid_t child = fork ();
  if (child == 0) {
    execl (getenv (subject), getenv (subject), name, NULL);
    _exit (127);
  }
  return waitpid (child, &status, 0) == child && WIFEXITED (status) && WEXITSTATUS (status) == 0;
}

/* Like play(), for what the addresses of pointers make different each time. */
static void
play_lines (const char *subject, const char *name, const char *const *lines)
{
  Mini mini;

  mini_open (&mini, 16);
  check (mini_run (&mini, getenv (subject), name), "%s runs as it does bare", name);
  const char *at = mini_transcript (&mini, 0, 1);
  for (; *lines; lines++) {
    const char *found = strstr (at, *lines);
    if (!check (found != NULL, "%s: %s", name, *lines))
      break;
    at = found + strlen (*lines);
  }
  mini_close (&mini);
}

#define PLAY_LINES(subject, name, ...) \
  play_lines (subject, name, (const char *const[]){ __VA_ARGS__, NULL })

static void
from_c (void)
{
  PLAY_LINES ("LS_TEST_API", "accesses", "read value 1 type2 size1 1\n", "type1 size1 78\n",
              "type1 size1 ff\n", "type2 size1 ff\n", "type1 size2 fffe\n", "type2 size2 ffff\n",
              "type1 size4 fffffffd\n", "type2 size4 ee6b2800\n", "type1 size8 fffffffffffffffc\n",
              "type2 size8 8000000000000000\n", "type3 size4 3fc00000\n",
              "type3 size8 bfe0000000000000\n", "type4 size8 7f", "type1 size4 7\n",
              "type1 size4 8\n", "type1 size4 3\n");
  PLAY_LINES ("LS_TEST_API", "changes", "name value 1 stats.count\n",
              "write value 1 type1 size4 5 old 0\n", "write value 1 type1 size4 6 old 5\n",
              "store value 1 type1 size4 9 order3\n", "load value 1 type1 size4 9 order2\n",
              "update value 1 type1 size4 7 old 9 order1\n",
              "update value 2 type3 size8 3fe0000000000000 old 0 order5\n", "store value 3 type4",
              "update value 3 type4 size8 7f", "old 7f", "order4\n", "read value 4 type1 size4 0\n",
              "write value 5 type1 size4 1 old 0\n");
  PLAY ("LS_TEST_API", "names",
        BEGIN "name thread 0 first\nname unknown 1 the lock\nname value 2 \nbegin task\nmark \n"
              "count queued -3\nend task\n"
              "mark 01234567890123456789012345678901234567890123456789012345678901234567890123456"
              "789012345678901234\n"
              "mark 01234567890123456789012345678901234567890123456789012345678901234567890123456"
              "78901234567890123\n"
              "wait lock 1\nacquire lock 1\nrelease lock 1\nsend 41\nrecv 42\n" END);
  check (run_bare ("LS_TEST_API", "bare"), "a linked program runs unrecorded");
  check (run_bare ("LS_TEST_API", "no-collector"), "and when no collector can be started");
  check (run_bare ("LS_TEST_API_DISABLED", "bare"), "and with LOCKSTITCH_DISABLE");
}

static void
from_cpp (void)
{
  Mini mini;

  mini_open (&mini, 32);
  check (mini_run (&mini, getenv ("LS_TEST_CPP"), "locks"), "C++: locks run as they do bare");
  check_text ("C++: locks", mini_transcript (&mini, 0, 1),
              BEGIN "create 2\nwait 2\njoin 2\n"
                    "acquire recursive 1\nacquire recursive 1\nrelease recursive 1\n"
                    "release recursive 1\nacquire mutex 2 timed\ncreate 3\nwait 3\njoin 3\n"
                    "release mutex 2\nacquire rwlock 3 shared\nrelease rwlock 3\n"
                    "acquire rwlock 3\nrelease rwlock 3\n"
                    "acquire mutex 4\nrelease mutex 4\nwait cond 5 timed with 4\n"
                    "timeout cond 5 timed\nacquire mutex 4\nsignal cond 5\nrelease mutex 4\n"
                    "destroy cond 5\n" END);
  check_text ("C++: a thread", mini_transcript (&mini, 0, 2),
              OTHER "acquire mutex 4\nrelease mutex 4\n" END);
  check_text ("C++: another", mini_transcript (&mini, 0, 3),
              OTHER "wait mutex 2 timed\ntimeout mutex 2 timed\n" END);
  mini_close (&mini);

  mini_open (&mini, 32);
  check (mini_run (&mini, getenv ("LS_TEST_CPP"), "throwing"),
         "C++: exceptions pass through call_once");
  mini_close (&mini);

  PLAY_LINES ("LS_TEST_CPP", "macros", "name value 1 stats.count\n",
              "write value 1 type1 size4 5 old 0\n", "read value 1 type1 size4 5\n",
              "read value 2 type2 size1 1\n", "type2 size1 1\n",
              "update value 4 type3 size8 3fe0000000000000 old 0 order5\n",
              "store value 5 type4 size8 7f", "order3\n", "update value 5", "load value 5");
}

int
main (void)
{
  from_c ();
  if (getenv ("LS_TEST_CPP"))
    from_cpp ();
  return check_done ();
}
