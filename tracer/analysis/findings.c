/* SPDX-License-Identifier: MIT */
/* All analyses in a row; their findings merged, completed and ranked. */
#include "finding.h"

#include "analysis-private.h"
#include "text.h"

/* -- For the analyses -- */

bool
ls_analysis_go_on (const LsAnalysis *analysis, double fraction)
{
  if (analysis->progress)
    analysis->progress (analysis->progress_from +
                          (analysis->progress_to - analysis->progress_from) * fraction,
                        analysis->progress_data);
  return !g_cancellable_is_cancelled (analysis->cancellable);
}

LsFinding *
ls_analysis_add (LsAnalysis *analysis,
                 LsFindingKind kind,
                 LsSeverity severity,
                 LsCertainty certainty,
                 uint32_t object,
                 uint32_t source,
                 uint32_t other_source)
{
  char *key = g_strdup_printf ("%d %u %u %u", kind, object, MIN (source, other_source),
                               MAX (source, other_source));
  LsFinding *known = g_hash_table_lookup (analysis->by_key, key);
  if (known) {
    g_free (key);
    known->count += known->certainty <= certainty; /* the second pass sees the first's again */
    return NULL;
  }
  LsFinding *finding = ls_finding_new (kind, severity, certainty);
  g_hash_table_insert (analysis->by_key, key, finding);
  g_ptr_array_add (analysis->findings, finding);
  g_array_append_val (finding->objects, object);
  g_array_append_val (finding->sources, source);
  if (other_source != source)
    g_array_append_val (finding->sources, other_source);
  return finding;
}

static void
add_unique (GArray *indexes, uint32_t index)
{
  if (index == LS_NONE)
    return;
  for (guint i = 0; i < indexes->len; i++)
    if (g_array_index (indexes, uint32_t, i) == index)
      return;
  g_array_append_val (indexes, index);
}

LsStep *
ls_finding_add_step (const LsTrace *trace, LsFinding *finding, uint32_t k)
{
  LsEvent event;
  ls_trace_get_event (trace, k, &event);
  LsStep step = {
    .event = k,
    .thread = event.thread,
    .object = event.object,
    .source = event.source,
    .text = ls_event_dup_words (trace, &event, false),
  };
  LsValue value;
  if (event.object != LS_NONE &&
      ls_trace_get_object (trace, event.object)->kind == LS_OBJECT_VALUE &&
      ls_trace_get_value (trace, event.object, k, &value, NULL))
    step.value = ls_value_dup_text (&value);
  g_array_append_val (finding->steps, step);
  return &g_array_index (finding->steps, LsStep, finding->steps->len - 1);
}

void
ls_finding_complete (const LsTrace *trace, LsFinding *finding)
{
  for (guint i = 0; i < finding->steps->len; i++) {
    const LsStep *step = &g_array_index (finding->steps, LsStep, i);
    int64_t ts = ls_trace_get_ts (trace, step->event);
    if (i == 0)
      finding->span.begin_ns = ts;
    finding->span.end_ns = ts + 1;
    add_unique (finding->threads, step->thread);
    add_unique (finding->objects, step->object);
    add_unique (finding->sources, step->source);
  }
  uint32_t object = g_array_index (finding->objects, uint32_t, 0);
  finding->label = g_strdup (ls_finding_kind_title (finding->kind));
  finding->title =
    g_strdup_printf ("%s on %s", finding->label, ls_trace_get_object (trace, object)->name);
}

GArray *
ls_trace_dup_lockset (const LsTrace *trace, uint32_t thread, uint32_t k)
{
  GArray *locks = g_array_new (FALSE, FALSE, sizeof (uint32_t));
  LsThreadState state;
  ls_thread_state_init (&state);
  ls_trace_get_thread_state (trace, thread, k, &state);
  for (guint i = 0; i < state.holds->len; i++) {
    const LsInterval *hold = g_ptr_array_index (state.holds, i);
    if (!ls_trace_get_object (trace, hold->object)->is_gate)
      add_unique (locks, hold->object);
  }
  ls_thread_state_clear (&state);
  return locks;
}

/* -- Ranking -- */

static gint
compare_findings (gconstpointer a, gconstpointer b)
{
  const LsFinding *first = *(LsFinding *const *) a, *second = *(LsFinding *const *) b;
  if (first->severity != second->severity)
    return (int) second->severity - (int) first->severity;
  if (first->certainty != second->certainty)
    return (int) second->certainty - (int) first->certainty;
  bool first_loses = first->kind == LS_FINDING_LOST_UPDATE;
  bool second_loses = second->kind == LS_FINDING_LOST_UPDATE;
  if (first_loses != second_loses)
    return first_loses ? -1 : 1; /* says more than the races that it is made of */
  if (first->span.begin_ns != second->span.begin_ns)
    return first->span.begin_ns < second->span.begin_ns ? -1 : 1;
  return (first->kind > second->kind) - (first->kind < second->kind);
}

static bool
contains_all (const GArray *all, const GArray *some)
{
  for (guint i = 0; i < some->len; i++) {
    bool found = false;
    for (guint j = 0; j < all->len && !found; j++)
      found = g_array_index (all, uint32_t, j) == g_array_index (some, uint32_t, i);
    if (!found)
      return false;
  }
  return true;
}

/* Races between the steps of a lost update are its children. */
static uint32_t
find_parent (GPtrArray *findings, guint index)
{
  const LsFinding *finding = g_ptr_array_index (findings, index);
  if (finding->kind != LS_FINDING_DATA_RACE)
    return LS_NONE;
  for (guint i = 0; i < findings->len; i++) {
    const LsFinding *other = g_ptr_array_index (findings, i);
    if (other->kind == LS_FINDING_LOST_UPDATE &&
        g_array_index (other->objects, uint32_t, 0) ==
          g_array_index (finding->objects, uint32_t, 0) &&
        contains_all (other->sources, finding->sources))
      return i;
  }
  return LS_NONE;
}

/* Gravest first, by time, children right after their parent. */
static GPtrArray *
rank (GPtrArray *findings)
{
  g_ptr_array_sort (findings, compare_findings);
  g_autofree uint32_t *parents = g_new (uint32_t, findings->len + 1);
  for (guint i = 0; i < findings->len; i++)
    parents[i] = find_parent (findings, i);
  GPtrArray *ranked = g_ptr_array_new_with_free_func ((GDestroyNotify) ls_finding_free);
  for (guint i = 0; i < findings->len; i++) {
    if (parents[i] != LS_NONE)
      continue;
    uint32_t place = ranked->len;
    g_ptr_array_add (ranked, findings->pdata[i]);
    for (guint j = 0; j < findings->len; j++)
      if (parents[j] == i) {
        ((LsFinding *) findings->pdata[j])->parent = place;
        g_ptr_array_add (ranked, findings->pdata[j]);
      }
  }
  g_ptr_array_unref (findings);
  return ranked;
}

/* -- All analyses -- */

static const struct {
  LsFindingKind kind;
  bool (*run) (LsAnalysis *analysis);
  double share; /* of the work */
} analyses[] = {
  { LS_FINDING_LOST_UPDATE, ls_analyse_lost_updates, 0.3 },
  { LS_FINDING_DATA_RACE, ls_analyse_races, 0.7 },
};

GPtrArray *
ls_trace_compute_findings (LsTrace *trace,
                           const LsAnalysisOptions *options,
                           LsProgressFunc progress,
                           gpointer progress_data,
                           GCancellable *cancellable,
                           GError **error)
{
  g_autoptr (GHashTable) by_key = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  LsAnalysis analysis = {
    .trace = trace,
    .suspected = options && options->suspected,
    .findings = g_ptr_array_new (),
    .by_key = by_key,
    .progress = progress,
    .progress_data = progress_data,
    .cancellable = cancellable,
  };
  bool went_on = true;
  for (gsize i = 0; i < G_N_ELEMENTS (analyses) && went_on; i++) {
    analysis.progress_from = analysis.progress_to;
    analysis.progress_to += analyses[i].share;
    if (!options || !options->kinds || options->kinds & 1u << analyses[i].kind)
      went_on = analyses[i].run (&analysis);
  }
  if (!went_on) {
    g_ptr_array_set_free_func (analysis.findings, (GDestroyNotify) ls_finding_free);
    g_ptr_array_unref (analysis.findings);
    g_cancellable_set_error_if_cancelled (cancellable, error);
    return NULL;
  }
  return rank (analysis.findings);
}
