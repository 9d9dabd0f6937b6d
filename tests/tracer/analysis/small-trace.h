/* SPDX-License-Identifier: MIT */
/* Small traces for tests: made at random, or read from STD text, and opened as real ones. */
#pragma once

#include "trace.h"
#include "writer.h"

#define SMALL_MAX_EVENTS 96
#define SMALL_MAX_OBJECTS 64

typedef struct {
  guint n;
  LsLineEvent events[SMALL_MAX_EVENTS];
  guint n_objects;
  LsLineObject objects[SMALL_MAX_OBJECTS]; /* [i].id == i + 1 */
} SmallTrace;

/* What a random trace may have in it. */
typedef struct {
  guint n_threads, n_events;
  gboolean with_signals; /* conds, events, barriers, semaphores, rwlocks, sends */
  gboolean with_atomics;
} SmallShape;

/* A trace that could have happened; event i stands at line i + 1 of its source and at that time. */
void small_trace_make (SmallTrace *trace, GRand *rand, const SmallShape *shape);

/* Adds an object or an event; the event's ts and src follow from its place. */
guint32 small_trace_add_object (SmallTrace *trace, LsObjectKind kind);
LsLineEvent *
small_trace_add (SmallTrace *trace, guint32 tid, LsEventKind ev, guint32 obj, guint32 thread);

/* The lines of the trace, header first; `more` (or NULL) goes in after the header. */
char *small_trace_dup_text (const SmallTrace *trace, const char *more);
LsTrace *small_trace_open (const SmallTrace *trace, const char *more);

static inline LsObjectKind
small_trace_get_kind (const SmallTrace *trace, guint event)
{
  guint32 obj = trace->events[event].obj;
  return obj > 0 ? trace->objects[obj - 1].kind : LS_OBJECT_UNKNOWN;
}
