/* SPDX-License-Identifier: MIT */
/* Random traces as text, the same for the same GRand. */
#pragma once

#include <glib.h>

/* The objects of every random trace, by id. */
enum {
  ID_MUTEX = 1,
  ID_MUTEX_2,
  ID_RECURSIVE,
  ID_RWLOCK,
  ID_SEMAPHORE, /* of two units */
  ID_GATE,      /* a lock */
  ID_COND,
  ID_EVENT,
  ID_VALUE,
  ID_TEXT,
  ID_BARRIER, /* of two parties */
};
#define N_OBJECTS 11

/* A trace that could have happened: locks keep their semantics, threads their lives. Some lines are
 * stragglers when `ties` is false; many stamps are equal when it is true. */
GString *random_trace_new (GRand *rand, guint n_events, gboolean ties);

/* Any event after any other. */
GString *random_nonsense_new (GRand *rand, guint n_events);
