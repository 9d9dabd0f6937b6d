/* SPDX-License-Identifier: MIT */
/* Recording one case of a subject and comparing what its threads wrote. */
#pragma once

#include <stdlib.h>

#include "check.h"
#include "mini.h"

#define BEGIN "thread by 0\nstart\n"
#define OTHER "thread by 1\nstart\n"
#define END "finish\n"
#define CREATE "create 2\n"
#define JOIN "wait 2\njoin 2\n"

/* Runs a case in which main is thread 1 and the others are 2, 3...; `wanted` are their transcripts
 * from main's on, ended by NULL, "*" for whatever it be. */
static inline void
play (const char *subject, const char *name, const char *const *wanted)
{
  Mini mini;
  char what[128];

  mini_open (&mini, 32);
  check (mini_run (&mini, getenv (subject), name), "%s runs as it does bare", name);
  for (uint32_t thread = 1; wanted[thread - 1]; thread++) {
    if (strcmp (wanted[thread - 1], "*") == 0)
      continue;
    snprintf (what, sizeof what, "%s, thread %u", name, thread);
    check_text (what, mini_transcript (&mini, 0, thread), wanted[thread - 1]);
  }
  check (mini.n_unsettled == 0, "%s leaves every record settled", name);
  mini_close (&mini);
}

#define PLAY(subject, name, ...) play (subject, name, (const char *const[]){ __VA_ARGS__, NULL })
