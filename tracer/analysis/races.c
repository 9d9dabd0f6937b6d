/* SPDX-License-Identifier: MIT */
/**
 * Data races: two accesses of one value by two threads, one of them a write, not both atomic, that
 * nothing orders.
 *
 * Epochs as in FastTrack (Flanagan, Freund 2009) under schedulable happens-before (Mathur, Kini,
 * Viswanathan 2018): a read is ordered after the write that it saw, for every access behind it.
 * Each pair found is one that some run of the same program can bring side by side, also behind the
 * first race; plain happens-before has false pairs there, so what it alone shows is suspected.
 */
#include <stdlib.h>

#include "analysis-private.h"
#include "order.h"

/* The last access of its kind by a thread to a part of a value. */
typedef struct {
  uint32_t thread;
  uint32_t step; /* the thread's own clock then */
  uint32_t event;
  uint32_t off, end; /* bytes; the whole value is 0 .. G_MAXUINT32 */
  bool writes, atomic;
} Access;

typedef struct {
  GArray *accesses;   /* Access */
  LsClock last_write; /* of the last plain write */
} Value;

/* Of one value more than so many threads and parts are not kept; the oldest goes. */
#define MAX_ACCESSES 1024

typedef struct {
  LsAnalysis *analysis;
  LsOrdering *ordering;
  Value *values;
  bool follow_reads; /* schedulable happens-before; else plain */
} Pass;

static void
report (Pass *pass, const Access *first, uint32_t k, const LsEvent *event)
{
  const LsTrace *trace = pass->analysis->trace;
  bool proven = pass->follow_reads && !ls_trace_get_info (trace)->absence_is_no_proof;
  if (!proven && !pass->analysis->suspected)
    return;
  LsEvent earlier;
  ls_trace_get_event (trace, first->event, &earlier);
  LsFinding *finding = ls_analysis_add (pass->analysis, LS_FINDING_DATA_RACE, LS_SEVERITY_ERROR,
                                        proven ? LS_CERTAINTY_HAPPENED : LS_CERTAINTY_SUSPECTED,
                                        event->object, earlier.source, event->source);
  if (!finding)
    return;
  ls_finding_add_step (trace, finding, first->event);
  ls_finding_add_step (trace, finding, k)->is_culprit = true;
  ls_finding_complete (trace, finding);
  ls_words_of_race (trace, finding);
  if (!proven)
    finding->caveat = pass->follow_reads
                        ? ls_trace_dup_caveat (trace)
                        : g_strdup ("An earlier race may be what lets these two meet.");
}

static bool
conflicts (const Access *access, const Access *other)
{
  return access->thread != other->thread && (access->writes || other->writes) &&
         !(access->atomic && other->atomic) && access->off < other->end && other->off < access->end;
}

static void
look_for_races (Pass *pass, const Value *value, const Access *access, const LsEvent *event)
{
  const LsClock *now = ls_ordering_get_clock (pass->ordering, access->thread);
  for (guint i = 0; i < value->accesses->len; i++) {
    const Access *other = &g_array_index (value->accesses, Access, i);
    if (conflicts (access, other) && other->step > ls_clock_get (now, other->thread))
      report (pass, other, access->event, event);
  }
}

static void
remember (Value *value, const Access *access)
{
  for (guint i = 0; i < value->accesses->len; i++) {
    Access *other = &g_array_index (value->accesses, Access, i);
    if (other->thread == access->thread && other->writes == access->writes &&
        other->atomic == access->atomic && other->off == access->off && other->end == access->end) {
      *other = *access;
      return;
    }
  }
  if (value->accesses->len == MAX_ACCESSES)
    g_array_remove_index (value->accesses, 0);
  g_array_append_val (value->accesses, *access);
}

static void
step_access (Pass *pass, uint32_t k, const LsEvent *event)
{
  Value *value = &pass->values[event->object];
  int flags = ls_event_rows[event->ev].flags;
  Access access = {
    .thread = event->thread,
    .step = ls_clock_get (ls_ordering_get_clock (pass->ordering, event->thread), event->thread),
    .event = k,
    .off = event->has_part ? event->off : 0,
    .end = event->has_part && event->size ? event->off + MIN (event->size, G_MAXUINT32 - event->off)
                                          : G_MAXUINT32,
    .writes = (flags & LS_EV_WRITES) != 0,
    .atomic = (flags & LS_EV_ATOMIC) != 0,
  };
  if (!value->accesses)
    value->accesses = g_array_new (FALSE, FALSE, sizeof (Access));
  look_for_races (pass, value, &access, event);
  remember (value, &access);
  if (access.atomic || !pass->follow_reads)
    return;
  if (access.writes) {
    ls_clock_copy (&value->last_write, ls_ordering_get_clock (pass->ordering, event->thread));
    ls_ordering_next_step (pass->ordering, event->thread);
  } else {
    ls_ordering_read_from (pass->ordering, event->thread, &value->last_write);
  }
}

static void
end_life (Value *value)
{
  g_clear_pointer (&value->accesses, g_array_unref);
  ls_clock_clear (&value->last_write);
}

static bool
run_pass (LsAnalysis *analysis, bool follow_reads, double from, double to)
{
  const LsTrace *trace = analysis->trace;
  uint32_t n = ls_trace_get_n_events (trace), n_objects = ls_trace_get_n_objects (trace);
  g_autoptr (LsOrdering) ordering = ls_ordering_new (trace);
  Pass pass = {
    .analysis = analysis,
    .ordering = ordering,
    .values = g_new0 (Value, n_objects + 1),
    .follow_reads = follow_reads,
  };
  bool went_on = true;
  for (uint32_t k = 0; k < n && went_on; k++) {
    LsEvent event;
    ls_trace_get_event (trace, k, &event);
    int flags = ls_event_rows[event.ev].flags;
    if (event.object != LS_NONE && flags & (LS_EV_READS | LS_EV_WRITES))
      step_access (&pass, k, &event);
    else if (event.object != LS_NONE && event.ev == LS_EV_DESTROY)
      end_life (&pass.values[event.object]);
    ls_ordering_step (ordering, k, &event);
    if (k % 16384 == 0)
      went_on = ls_analysis_go_on (analysis, from + (to - from) * k / n);
  }
  for (uint32_t i = 0; i < n_objects; i++)
    end_life (&pass.values[i]);
  g_free (pass.values);
  return went_on;
}

bool
ls_analyse_races (LsAnalysis *analysis)
{
  double half = analysis->suspected ? 0.5 : 1;
  return run_pass (analysis, true, 0, half) &&
         (!analysis->suspected || run_pass (analysis, false, half, 1));
}
