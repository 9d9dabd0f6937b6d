/* SPDX-License-Identifier: MIT */
/* All analyses in a row; their findings completed and ranked. */
#include <string.h>

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

LsFinding *
ls_analysis_add (LsAnalysis *analysis,
                 LsFindingKind kind,
                 LsCertainty certainty,
                 const LsGroup *group)
{
  LsFinding *finding = ls_finding_new (kind, LS_SEVERITY_ERROR, certainty);
  finding->count = group->count;
  g_ptr_array_add (analysis->findings, finding);
  add_unique (finding->sources, group->place);
  add_unique (finding->sources, group->other_place);
  return finding;
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
  if (event.object != LS_NONE && ls_trace_get_value (trace, event.object, k, &value, NULL))
    step.value = ls_value_dup_text (&value);
  g_array_append_val (finding->steps, step);
  return &g_array_index (finding->steps, LsStep, finding->steps->len - 1);
}

void
ls_finding_complete (const LsAnalysis *analysis, LsFinding *finding)
{
  for (guint i = 0; i < finding->steps->len; i++) {
    const LsStep *step = &g_array_index (finding->steps, LsStep, i);
    int64_t ts = ls_trace_get_ts (analysis->trace, step->event);
    if (i == 0)
      finding->span.begin_ns = ts;
    finding->span.end_ns = ts + (ts < G_MAXINT64);
    add_unique (finding->threads, step->thread);
    add_unique (finding->objects, step->object);
    if (step->source != LS_NONE)
      add_unique (finding->sources, analysis->places[step->source]);
  }
}

GArray *
ls_trace_dup_lockset (const LsTrace *trace, uint32_t thread, uint32_t k)
{
  GArray *locks = g_array_new (FALSE, FALSE, sizeof (LsInterval));
  LsThreadState state;
  ls_thread_state_init (&state);
  ls_trace_get_thread_state (trace, thread, k, &state);
  for (guint i = 0; i < state.holds->len; i++) {
    LsInterval hold = g_array_index (state.holds, LsInterval, i);
    if (hold.object != LS_NONE && !ls_trace_get_object (trace, hold.object)->is_gate)
      g_array_append_val (locks, hold);
  }
  ls_thread_state_clear (&state);
  return locks;
}

/* The first source of the same function, file and line, for each. */
static uint32_t *
dup_places (const LsTrace *trace)
{
  uint32_t n = ls_trace_get_n_sources (trace);
  uint32_t *places = g_new (uint32_t, n + 1);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (uint32_t i = 0; i < n; i++) {
    const LsSource *source = ls_trace_get_source (trace, i);
    places[i] = i;
    if (!source->func && !source->file)
      continue;
    char *key = g_strdup_printf ("%u\n%s\n%s", source->line, source->file ? source->file : "",
                                 source->func ? source->func : "");
    gpointer first;
    if (g_hash_table_lookup_extended (seen, key, NULL, &first)) {
      places[i] = GPOINTER_TO_UINT (first);
      g_free (key);
    } else {
      g_hash_table_insert (seen, key, GUINT_TO_POINTER (i));
    }
  }
  return places;
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
  uint32_t first_event = g_array_index (first->steps, LsStep, 0).event;
  uint32_t second_event = g_array_index (second->steps, LsStep, 0).event;
  if (first_event != second_event)
    return first_event < second_event ? -1 : 1;
  uint32_t first_last = g_array_index (first->steps, LsStep, first->steps->len - 1).event;
  uint32_t second_last = g_array_index (second->steps, LsStep, second->steps->len - 1).event;
  return (first_last > second_last) - (first_last < second_last);
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

static bool
contains_step (const LsFinding *finding, uint32_t event)
{
  for (guint i = 0; i < finding->steps->len; i++)
    if (g_array_index (finding->steps, LsStep, i).event == event)
      return true;
  return false;
}

/* A race belongs under the lost update of the same value that its steps, or at least all its places,
 * are among. `lost`: by object, a GPtrArray of LsFinding. */
static LsFinding *
find_parent (GHashTable *lost, const LsFinding *finding)
{
  uint32_t object = g_array_index (finding->objects, uint32_t, 0);
  GPtrArray *candidates = g_hash_table_lookup (lost, GUINT_TO_POINTER (object));
  if (finding->kind != LS_FINDING_DATA_RACE || !candidates)
    return NULL;
  LsFinding *by_place = NULL;
  for (guint i = 0; i < candidates->len; i++) {
    LsFinding *other = g_ptr_array_index (candidates, i);
    if (contains_step (other, g_array_index (finding->steps, LsStep, 0).event) &&
        contains_step (other, g_array_index (finding->steps, LsStep, 1).event))
      return other;
    if (!by_place && finding->sources->len > 0 && contains_all (other->sources, finding->sources))
      by_place = other;
  }
  return by_place;
}

/* Lost updates by object. */
static GHashTable *
index_lost (GPtrArray *findings)
{
  GHashTable *lost = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);
  for (guint i = 0; i < findings->len; i++) {
    LsFinding *finding = g_ptr_array_index (findings, i);
    if (finding->kind != LS_FINDING_LOST_UPDATE)
      continue;
    gpointer object = GUINT_TO_POINTER (g_array_index (finding->objects, uint32_t, 0));
    GPtrArray *list = g_hash_table_lookup (lost, object);
    if (!list) {
      list = g_ptr_array_new ();
      g_hash_table_insert (lost, object, list);
    }
    g_ptr_array_add (list, finding);
  }
  return lost;
}

/* Gravest first, by time, children right after their parent. Takes `findings`, which owns none. */
static GPtrArray *
rank (const LsTrace *trace, GPtrArray *findings)
{
  g_ptr_array_sort (findings, compare_findings);
  g_autoptr (GHashTable) lost = index_lost (findings);
  g_autoptr (GHashTable) children =
    g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);
  g_autoptr (GPtrArray) tops = g_ptr_array_new ();
  for (guint i = 0; i < findings->len; i++) {
    LsFinding *finding = g_ptr_array_index (findings, i);
    LsFinding *parent = find_parent (lost, finding);
    GPtrArray *list = parent ? g_hash_table_lookup (children, parent) : tops;
    if (!list) {
      list = g_ptr_array_new ();
      g_hash_table_insert (children, parent, list);
    }
    g_ptr_array_add (list, finding);
  }
  GPtrArray *ranked = g_ptr_array_new_with_free_func ((GDestroyNotify) ls_finding_free);
  for (guint i = 0; i < tops->len; i++) {
    uint32_t place = ranked->len;
    g_ptr_array_add (ranked, tops->pdata[i]);
    GPtrArray *list = g_hash_table_lookup (children, tops->pdata[i]);
    for (guint j = 0; list && j < list->len; j++) {
      LsFinding *child = g_ptr_array_index (list, j);
      child->parent = place;
      ls_words_of_child_race (trace, child);
      g_ptr_array_add (ranked, child);
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
  g_autofree uint32_t *places = dup_places (trace);
  LsAnalysis analysis = {
    .trace = trace,
    .suspected = options && options->suspected,
    .places = places,
    .findings = g_ptr_array_new (),
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
  return rank (trace, analysis.findings);
}
