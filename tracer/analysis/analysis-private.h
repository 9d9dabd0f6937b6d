/* SPDX-License-Identifier: MIT */
/* The analyses, one file each: trace in, findings out. Only tracer/analysis uses this. */
#pragma once

#include "finding.h"

G_BEGIN_DECLS

/* What an analysis is given, and where it puts what it finds. */
typedef struct {
  const LsTrace *trace;
  bool suspected;      /* wanted too */
  GPtrArray *findings; /* LsFinding */
  GHashTable *by_key;  /* char * -> LsFinding: equal findings are one with a count */
  LsProgressFunc progress;
  gpointer progress_data;
  double progress_from, progress_to;
  GCancellable *cancellable;
} LsAnalysis;

/* Each returns false when cancelled. */
bool ls_analyse_races (LsAnalysis *analysis);
bool ls_analyse_lost_updates (LsAnalysis *analysis);

/* Tells progress within the analysis (0 to 1); false when cancelled. Call every few thousand
 * events. */
bool ls_analysis_go_on (const LsAnalysis *analysis, double fraction);

/* The finding with this kind, object and pair of places (in either order): counted once more when
 * it is there already (returns NULL), else a new one to fill in. */
LsFinding *ls_analysis_add (LsAnalysis *analysis,
                            LsFindingKind kind,
                            LsSeverity severity,
                            LsCertainty certainty,
                            uint32_t object,
                            uint32_t source,
                            uint32_t other_source);

/* Appends a step out of event k: "reads 0", and the value after it. */
LsStep *ls_finding_add_step (const LsTrace *trace, LsFinding *finding, uint32_t k);

/* Once its steps are there: span, threads, objects and sources out of them, title and label. */
void ls_finding_complete (const LsTrace *trace, LsFinding *finding);

/* Locks that a thread holds after event k, exclusively or not: indexes, ascending; owned. */
GArray *ls_trace_dup_lockset (const LsTrace *trace, uint32_t thread, uint32_t k);

/* Words of the kinds, in words.c. */
void ls_words_of_race (const LsTrace *trace, LsFinding *finding);

typedef struct {
  uint32_t stale_read, overwritten, write; /* events: A's read, B's write, A's write */
} LsLostUpdate;
void ls_words_of_lost_update (const LsTrace *trace, LsFinding *finding, const LsLostUpdate *update);

/* Why absence is no proof in this trace; NULL when it is. */
char *ls_trace_dup_caveat (const LsTrace *trace);

G_END_DECLS
