/* SPDX-License-Identifier: MIT */
/* What the one pass over the events knows of threads and objects as it goes; see intervals.c. */
#pragma once

#include "trace-private.h"

/* A lock that a thread holds. */
typedef struct {
  uint32_t object;
  uint32_t in_thread; /* index of the interval in the thread's lane; LS_NONE: not shown there */
  uint32_t in_object;
  uint32_t depth;
} LsOpenHold;

typedef struct {
  bool alive, finished;
  uint32_t state;       /* index of the current state interval */
  uint32_t object_wait; /* index in the object's waits of the current wait, LS_NONE */
  GArray *holds;        /* LsOpenHold, oldest first; NULL until needed */
  GArray *regions;      /* uint32_t indexes of open regions; NULL until needed */
  GByteArray *rows;     /* 1 where a hold row is taken; NULL until needed */
} LsThreadWalk;

typedef struct {
  GArray *owners;       /* uint32_t threads that hold it, oldest first; NULL until needed */
  uint32_t last_signal; /* last signal, broadcast or set so far, LS_NONE */
} LsObjectWalk;

typedef struct {
  LsTrace *trace;
  LsThreadWalk *threads;
  LsObjectWalk *objects;
} LsWalk;

/* Holds, in holds.c. */
void ls_walk_acquire (LsWalk *walk, uint32_t k, const LsEvent *event);
void ls_walk_release (LsWalk *walk, uint32_t k, const LsEvent *event);

/* Marks the objects that a thread releases which does not hold them: gates have no owner. */
void ls_trace_find_gates (LsTrace *trace);

LsInterval *ls_track_append (LsTrack *track, const LsInterval *interval);

static inline LsInterval *
ls_track_at (const LsTrack *track, uint32_t index)
{
  return &g_array_index (track->intervals, LsInterval, index);
}
