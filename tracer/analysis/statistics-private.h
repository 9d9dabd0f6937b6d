/* SPDX-License-Identifier: MIT */
/* The walk that statistics are gathered in. */
#pragma once

#include "durations.h"

G_BEGIN_DECLS

/* What is kept of a thread while one object's events are walked, and of its locks over all. */
typedef struct {
  uint32_t seen;    /* object index + 1 whose walk saw this thread last */
  uint32_t waiting; /* object index + 1 that it waits for */
  uint64_t n_acquires, n_contended;
} LsThreadOfObject;

typedef struct {
  const LsTrace *trace;
  LsStatistics *statistics;
  LsSpan span;
  uint32_t begin_event, end_event; /* those in the span, half open */
  const bool *threads, *objects;   /* wanted; NULL: all */
  LsThreadOfObject *per_thread;
  LsProgressFunc progress;
  gpointer progress_data;
  GCancellable *cancellable;
} LsGathering;

static inline bool
ls_gathering_wants_thread (const LsGathering *gathering, uint32_t thread)
{
  return !gathering->threads || gathering->threads[thread];
}

/* LS_NONE, no object, is wanted unless some are. */
static inline bool
ls_gathering_wants_object (const LsGathering *gathering, uint32_t object)
{
  return !gathering->objects || (object != LS_NONE && gathering->objects[object]);
}

/* Tells progress; false when cancelled. */
bool ls_gathering_go_on (LsGathering *gathering, double fraction);

/* Locks and values; fills in `per_thread`. Returns: false when cancelled. */
bool ls_gathering_add_objects (LsGathering *gathering);

G_END_DECLS
