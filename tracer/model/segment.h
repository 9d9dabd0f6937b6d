/* SPDX-License-Identifier: MIT */
/**
 * A stretch of a trace's lines as one worker read them, in the order of lines: threads, objects,
 * sources and strings under numbers of its own, until the builder knows all of them.
 */
#pragma once

#include "columns.h"
#include "ids.h"
#include "tally.h"
#include "texts.h"

G_BEGIN_DECLS

/* Events, a column each. Threads, objects and sources are slots of the segment's LsIds, which targets
 * and sources have as codes, for a map to look up whatever it is: 0 is none. */
typedef struct {
  uint32_t n, capacity;
  int64_t *ts;
  uint32_t *threads; /* slots */
  uint32_t *targets; /* LS_CODE_OF_... */
  uint32_t *sources; /* 1 + slot */
  LsOp *ops;
  uint64_t *vals, *olds, *rares; /* a bit an event that has one, and a word more */
} LsRows;

#define LS_CODE_OF_THREAD(slot) (2 * (slot) + 1)
#define LS_CODE_OF_OBJECT(slot) (2 * (slot) + 2)
#define LS_OBJECT_OF_CODE(code) ((code) / 2 - 1)

/* From this row on, row i is of line i + `lead` of the segment, counted from 0. */
typedef struct {
  uint32_t row;
  uint64_t lead;
} LsLead;

typedef struct {
  uint64_t first_line;  /* that names the thread */
  uint64_t first_event; /* line of its first event; G_MAXUINT64 when it has none */
  int64_t first_ns, last_ns;
  LsTally tally;
} LsSegmentThread;

/* A thread's time that goes back. */
typedef struct {
  uint64_t line;
  uint32_t tid;
  int64_t from_ns, to_ns;
} LsTimeBack;

/* A place among rows and the words of their sparse entries. */
typedef struct {
  uint32_t row, val, old, rare;
} LsCursor;

/* The builder's slots and numbers, by those of the segment; owned. */
typedef struct {
  uint32_t *threads, *objects, *texts;
  uint32_t *targets, *sources; /* by code: LS_NONE of 0 */
} LsSegmentMap;

typedef struct {
  LsRows rows;
  bool is_sorted; /* by time */
  LsValueWords vals, olds;
  LsRareWords rares; /* `with` is a slot */
  LsIds thread_ids, object_ids, source_ids;
  LsSegmentThread *threads; /* by slot */
  uint32_t n_threads, threads_capacity;
  LsTally *objects; /* by slot */
  uint32_t n_objects, objects_capacity;
  LsTexts texts;
  GArray *declarations; /* LsLine that is no event; its strings are kept in `strings` */
  GPtrArray *vectors;   /* char **, theirs */
  LsLead *leads;
  uint32_t n_leads, leads_capacity;
  GArray *time_backs; /* LsTimeBack: the first LS_MAX_PROBLEMS */
  uint64_t n_time_backs;
  uint64_t events_lost;
  uint8_t sorts[LS_EV_N];   /* LsTallySort by kind */
  uint8_t targets[LS_EV_N]; /* LsEventTarget by kind */

  /* Once the builder has it: */
  LsSegmentMap map;
  LsCursor first;   /* where its rows and words go in the columns */
  LsCursor whole;   /* the first row that is left to ls_builder_place() */
  uint32_t n_whole; /* so many */
} LsSegment;

LsSegment *ls_segment_new (void);
void ls_segment_free (LsSegment *segment);
/* Makes it as new, but for the room that it takes. */
void ls_segment_empty (LsSegment *segment);

/* Takes line `n` of the segment, from 0. As LsSegmentSink's `line`. */
void ls_segment_add (const LsLine *line, uint64_t n, gpointer segment);

G_END_DECLS
