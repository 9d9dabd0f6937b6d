/* SPDX-License-Identifier: MIT */
/* What the one pass over the events knows of threads and objects as it goes; see intervals.c. */
#pragma once

#include "trace-private.h"

/* A lock that a thread holds, or units of a semaphore that it got by one acquire. */
typedef struct _LsOpenHold LsOpenHold;

typedef struct {
  bool alive, finished;
  uint32_t state;       /* index of the current state interval */
  uint32_t object_wait; /* index in the object's waits of the current wait, LS_NONE */
  GArray *regions;      /* uint32_t indexes of open regions; NULL until needed */
  GByteArray *rows;     /* 1 where a hold row is taken; NULL until needed */
} LsThreadWalk;

typedef struct {
  LsOpenHold *oldest, *newest; /* who holds it */
  uint32_t last_signal;        /* last signal, broadcast or set so far, LS_NONE */
} LsObjectWalk;

typedef struct {
  LsTrace *trace;
  LsThreadWalk *threads;
  LsObjectWalk *objects;
  /* The newest open hold by thread and object. A table, not a list per thread: a trace in which a
   * thread takes a million locks and gives none back must open as fast as any. */
  GHashTable *holds;
} LsWalk;

/* Holds, in holds.c. */
void ls_walk_init_holds (LsWalk *walk);
void ls_walk_clear_holds (LsWalk *walk);
void ls_walk_acquire (LsWalk *walk, uint32_t k, const LsEvent *event);
void ls_walk_release (LsWalk *walk, uint32_t k, const LsEvent *event);
void ls_walk_end_life (LsWalk *walk, uint32_t k, uint32_t object); /* init, destroy */

/* Regions, in regions.c. */
void ls_walk_begin_region (LsWalk *walk, uint32_t k, const LsEvent *event);
void ls_walk_end_region (LsWalk *walk, uint32_t k, const LsEvent *event);
/* Ends the innermost regions of the thread down to a depth. */
void ls_walk_end_regions (LsWalk *walk, uint32_t k, uint32_t thread, guint depth);

/* Marks the objects that a thread releases which does not hold them: gates have no owner. */
void ls_trace_find_gates (LsTrace *trace);

/* Returns: the index of the new interval. */
uint32_t ls_track_append (LsTrack *track, const LsInterval *interval);
