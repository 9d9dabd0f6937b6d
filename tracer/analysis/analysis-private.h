/* SPDX-License-Identifier: MIT */
/* The analyses, one file each: trace in, findings out. Only tracer/analysis uses this. */
#pragma once

#include "finding.h"

G_BEGIN_DECLS

/* What an analysis is given, and where it puts what it finds. */
typedef struct {
  const LsTrace *trace;
  bool suspected;         /* wanted too */
  const uint32_t *places; /* by source: the first source of the same function, file and line */
  GPtrArray *findings;    /* LsFinding */
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

/* -- Equal findings: same object, same pair of places -- */

typedef struct {
  uint32_t object, place, other_place; /* place <= other_place */
  uint32_t events[3];                  /* of the first found */
  uint32_t last;                       /* the event that last added to count */
  uint32_t count;                      /* events that ended one such */
} LsGroup;

typedef struct {
  const uint32_t *places;
  GHashTable *table;
  GPtrArray *list; /* LsGroup, in the order found */
  LsGroup *recent; /* found last: mostly found next, too */
} LsGroups;

void ls_groups_init (LsGroups *groups, const LsAnalysis *analysis);
void ls_groups_clear (LsGroups *groups);

/* Counts one more between these sources that event `last` ended. Returns: (borrowed) the group when it
 * is new: its events are to be filled in; else NULL. */
LsGroup *ls_groups_add (LsGroups *groups,
                        uint32_t object,
                        uint32_t source,
                        uint32_t other_source,
                        uint32_t last);
bool ls_groups_have (const LsGroups *groups, const LsGroup *group);

/* -- Findings -- */

/* A new one out of a group. */
LsFinding *ls_analysis_add (LsAnalysis *analysis,
                            LsFindingKind kind,
                            LsCertainty certainty,
                            const LsGroup *group);

/* Appends a step out of event k: "reads 0", and the value after it. */
LsStep *ls_finding_add_step (const LsTrace *trace, LsFinding *finding, uint32_t k);

/* Once its steps are there: span, threads, objects and sources out of them. */
void ls_finding_complete (const LsAnalysis *analysis, LsFinding *finding);

/* Locks that a thread holds after event k, gates left out: LsInterval, owned array. */
GArray *ls_trace_dup_lockset (const LsTrace *trace, uint32_t thread, uint32_t k);

/* -- Words of the kinds -- */

void ls_words_of_race (const LsTrace *trace, LsFinding *finding);
/* For a race that belongs under a graver finding, which names the value. */
void ls_words_of_child_race (const LsTrace *trace, LsFinding *finding);

typedef struct {
  uint32_t stale_read, overwritten, write; /* events: A's read, B's write, A's write */
  uint32_t own_read;                       /* B's read before its write; LS_NONE */
  uint32_t n_between;                      /* writes of others between A's read and write */
} LsLostUpdate;
void ls_words_of_lost_update (const LsTrace *trace, LsFinding *finding, const LsLostUpdate *update);

/* Why absence is no proof in this trace; NULL when it is. */
char *ls_trace_dup_caveat (const LsTrace *trace);

G_END_DECLS
