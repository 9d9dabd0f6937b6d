/* SPDX-License-Identifier: MIT */
/**
 * Data races: two accesses of one value by two threads, one of them a write, not both atomic, that
 * nothing orders.
 *
 * What schedulable happens-before leaves unordered happened. What only plain happens-before leaves
 * unordered may be false behind a trace's first race, and is no more than suspected.
 */
#include "analysis-private.h"
#include "race-search.h"
#include "words.h"

typedef struct {
  LsAnalysis *analysis;
  LsGroups groups;
  double from, to; /* share of the progress */
} Pass;

static uint32_t
get_source (const LsTrace *trace, uint32_t k)
{
  LsEvent event;
  ls_trace_get_event (trace, k, &event);
  return event.source;
}

static void
take_race (uint32_t first, uint32_t second, gpointer user_data)
{
  Pass *pass = user_data;
  const LsTrace *trace = pass->analysis->trace;
  LsGroup *group = ls_groups_add (&pass->groups, ls_trace_get_event_object (trace, second),
                                  get_source (trace, first), get_source (trace, second), second);
  if (group) {
    group->events[0] = first;
    group->events[1] = second;
  }
}

static void
take_progress (double fraction, gpointer user_data)
{
  const Pass *pass = user_data;
  ls_analysis_go_on (pass->analysis, pass->from + (pass->to - pass->from) * fraction);
}

static bool
run (Pass *pass, LsRaceOrder order)
{
  ls_groups_init (&pass->groups, pass->analysis);
  return ls_trace_find_races (pass->analysis->trace, order, take_race, pass, take_progress, pass,
                              pass->analysis->cancellable);
}

static void
add_finding (LsAnalysis *analysis, const LsGroup *group, LsCertainty certainty, char *caveat)
{
  LsFinding *finding = ls_analysis_add (analysis, LS_FINDING_DATA_RACE, certainty, group);
  ls_finding_add_step (analysis->trace, finding, group->events[0]);
  ls_finding_add_step (analysis->trace, finding, group->events[1])->is_culprit = true;
  ls_finding_complete (analysis, finding);
  ls_words_of_race (analysis->trace, finding);
  finding->caveat = caveat;
}

static void
add_findings (LsAnalysis *analysis, const Pass *sure, const Pass *plain)
{
  bool proven = !ls_trace_get_info (analysis->trace)->absence_is_no_proof;
  for (guint i = 0; i < sure->groups.list->len; i++)
    add_finding (analysis, sure->groups.list->pdata[i],
                 proven ? LS_CERTAINTY_HAPPENED : LS_CERTAINTY_SUSPECTED,
                 ls_trace_dup_caveat (analysis->trace));
  for (guint i = 0; plain->groups.list && i < plain->groups.list->len; i++) {
    const LsGroup *group = plain->groups.list->pdata[i];
    if (!ls_groups_have (&sure->groups, group))
      add_finding (analysis, group, LS_CERTAINTY_SUSPECTED, g_strdup (W_CAVEAT_ORDER));
  }
}

bool
ls_analyse_races (LsAnalysis *analysis)
{
  if (ls_trace_get_info (analysis->trace)->absence_is_no_proof && !analysis->suspected)
    return true; /* every race rests on an edge that is not there */
  Pass sure = { .analysis = analysis, .to = analysis->suspected ? 0.5 : 1 };
  Pass plain = { .analysis = analysis, .from = 0.5, .to = 1 };
  bool went_on = run (&sure, LS_RACE_SHB) && (!analysis->suspected || run (&plain, LS_RACE_HB));
  if (went_on)
    add_findings (analysis, &sure, &plain);
  ls_groups_clear (&sure.groups);
  ls_groups_clear (&plain.groups);
  return went_on;
}
