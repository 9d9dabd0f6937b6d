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

/* An event. Threads, objects and sources are slots of the segment's LsIds; LS_NONE. */
typedef struct {
  int64_t ts_ns;
  uint32_t thread, target, source;
  LsOp op;
} LsRow;

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

static inline void
ls_cursor_pass (LsCursor *cursor, LsOp op)
{
  cursor->row++;
  cursor->val += (op & LS_OP_VAL) != 0;
  cursor->old += (op & LS_OP_OLD) != 0;
  cursor->rare += (op & LS_OP_RARE) != 0;
}

/* The builder's slots and numbers, by those of the segment; owned. */
typedef struct {
  uint32_t *threads, *objects, *sources, *texts;
} LsSegmentMap;

typedef struct {
  uint32_t n, capacity;
  LsRow *rows;
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
  uint8_t sorts[LS_EV_N]; /* LsTallySort by kind */

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
