/* SPDX-License-Identifier: MIT */
/**
 * A trace under construction: builder.c takes its lines as they come, finish.c sorts what they
 * said by time and by id, and makes the trace of it.
 */
#pragma once

#include "ids.h"
#include "trace-private.h"

G_BEGIN_DECLS

/* Which sparse entries an event has. */
enum {
  LS_HAS_VAL = 1 << 0,
  LS_HAS_OLD = 1 << 1,
  LS_HAS_RARE = 1 << 2,
};

typedef struct {
  LsReadReport *report;
  GStringChunk *strings;
  GPtrArray *string_vectors;

  /* Events in the order of lines. Threads, objects and sources are slots of their LsIds. */
  uint32_t n, capacity;
  bool is_sorted;
  int64_t *ts;
  uint32_t *who, *target, *source, *line;
  uint8_t *flags;
  uint8_t *has;
  GArray *vals, *olds;           /* uint64_t: the sparse entries, in the order of lines */
  GArray *val_types, *old_types; /* uint8_t */
  GArray *rares;                 /* LsRare; `with` is a slot */

  LsIds thread_ids, object_ids, source_ids;
  GArray *threads, *objects, *sources; /* LsThread, LsObject, LsSource by slot */
  GArray *last_ts;                     /* int64_t by thread slot */
  bool threads_full, events_full;      /* said so */

  LsTraceInfo info;
  GPtrArray *ignored, *blind; /* char * */
  int64_t footer_end_ns;
  uint64_t footer_lost, events_lost;
} LsBuilder;

/* Takes the report. */
LsBuilder *ls_builder_new (LsReadReport *report);
void ls_builder_free (LsBuilder *builder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LsBuilder, ls_builder_free)

/* A LsLineFunc. */
void ls_builder_add (const LsLine *line, gpointer builder);

/* Returns: (owned) the trace with its columns, tables and info; the builder is empty then. */
LsTrace *ls_builder_finish (LsBuilder *builder, const char *path);

const char *ls_builder_intern (LsBuilder *builder, const char *string);

G_END_DECLS
