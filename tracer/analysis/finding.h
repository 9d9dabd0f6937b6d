/* SPDX-License-Identifier: MIT */
/**
 * A finding: what went wrong, how surely, and the events that show it, in plain words.
 */
#pragma once

#include "state.h"

G_BEGIN_DECLS

/* One numbered step of a finding: a row of the ladder. */
typedef struct {
  uint32_t event;  /* event index */
  uint32_t thread; /* who */
  uint32_t object; /* of what; LS_NONE */
  uint32_t source; /* where; LS_NONE */
  char *text;      /* "reads 0", "writes 1", "acquires log.lock": what, without who and where */
  char *value;     /* the value (or lock state) after it, for the ladder's value column; or NULL */
  bool is_culprit; /* the step where it went wrong: set off in the ladder */
} LsStep;

typedef struct {
  LsFindingKind kind;
  LsSeverity severity;
  LsCertainty certainty;
  LsSpan span;     /* first to last step */
  GArray *threads; /* uint32_t indexes, in the order of the ladder's columns */
  GArray *objects; /* uint32_t indexes; the first is what the finding is about */
  GArray *sources; /* uint32_t indexes, the pair of places that makes findings equal first */
  GArray *steps;   /* LsStep, in the order of events */
  char *title;     /* "Lost update on database.value" */
  char *label;     /* for a pin: "Lost update" */
  char *sentence;  /* plain words with names and values */
  char *why;       /* what did not order or protect it */
  char *remedy;    /* what would have */
  char *caveat;    /* why no more than suspected; NULL otherwise */
  uint32_t count;  /* equal findings merged into this one, itself included */
  uint32_t parent; /* index in the list of the graver finding that this one belongs under;
                           LS_NONE */
} LsFinding;

LsFinding *ls_finding_new (LsFindingKind kind, LsSeverity severity, LsCertainty certainty);
void ls_finding_free (LsFinding *finding);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LsFinding, ls_finding_free)

/* The finding as Markdown: title, sentence, ladder as a table, why, remedy. Owned by the caller. */
char *ls_finding_dup_markdown (const LsTrace *trace, const LsFinding *finding);

/* -- All analyses -- */

typedef struct {
  bool suspected; /* also findings that are no more than suspected; off by default */
  uint32_t kinds; /* bit (1 << LsFindingKind) of those wanted; 0: all */
} LsAnalysisOptions;

/**
 * Runs the analyses over the trace.
 *
 * @options: NULL for the defaults.
 * @progress, @cancellable: may be NULL.
 * Returns: (owned) LsFinding *, gravest first, then by time, children right after their parent;
 * NULL only when cancelled.
 * Threads: any; pure, the trace is only read.
 */
GPtrArray *ls_trace_compute_findings (LsTrace *trace,
                                      const LsAnalysisOptions *options,
                                      LsProgressFunc progress,
                                      gpointer progress_data,
                                      GCancellable *cancellable,
                                      GError **error);

/* The verdict bar's sentence of the whole trace: "2 errors, 1 warning · ended normally · 3 threads,
 * 47 events, nothing lost". `findings` as returned above. Owned by the caller. */
char *ls_trace_dup_verdict (const LsTrace *trace, GPtrArray *findings);
/* Its first part alone ("2 errors, 1 warning", "No finding among what was recorded") and the
 * gravest severity (LS_SEVERITY_NONE without findings). */
char *ls_trace_dup_verdict_head (const LsTrace *trace, GPtrArray *findings, LsSeverity *gravest);
/* Its rest: "ended normally · 3 threads, 47 events, nothing lost". */
char *ls_trace_dup_verdict_tail (const LsTrace *trace);

/* "os 4121 · starts 2, joins 2", "mutex · 4 holds · 2 contended", "int · 2 reads · 2 writes": the
 * second line of a lane's label. Owned by the caller. */
char *ls_trace_dup_thread_subtitle (const LsTrace *trace, uint32_t thread);
char *ls_trace_dup_object_subtitle (const LsTrace *trace, uint32_t object);

/* "executor-0 writes 1 to database.value, racecond.c:24, event 15 of 24": an event in words, for
 * tooltips and screen readers. Owned by the caller. */
char *ls_trace_dup_event_text (const LsTrace *trace, uint32_t k);
/* "waits for executor-0 to finish", "not waiting, holds log.lock": state in words after event k. */
char *ls_trace_dup_thread_state_text (const LsTrace *trace, uint32_t thread, uint32_t k);
/* "log.lock is held by executor-0; executor-1 waits", "log.lock is free", "database.value = 1". */
char *ls_trace_dup_object_state_text (const LsTrace *trace, uint32_t object, uint32_t k);

/* A duration for people: "98.7 ms", "40 ns", "2.1 s". Owned by the caller. */
char *ls_duration_dup_text (int64_t ns);

G_END_DECLS
