/* SPDX-License-Identifier: MIT */
/* Figures of threads and of what they waited for; those of objects are in statistics-objects.c. */
#include "statistics.h"

#include "statistics-private.h"

/* -- Threads -- */

static LsSpan
get_life (const LsTrace *trace, const LsThread *thread, LsSpan span)
{
  if (thread->first_event == LS_NONE)
    return (LsSpan){ 0, 0 };
  LsSpan life = { ls_trace_get_ts (trace, thread->first_event), ls_trace_get_info (trace)->end_ns };
  if (thread->finish_event != LS_NONE)
    life.end_ns = ls_trace_get_ts (trace, thread->finish_event);
  life = (LsSpan){ MAX (life.begin_ns, span.begin_ns), MIN (life.end_ns, span.end_ns) };
  return life.end_ns > life.begin_ns ? life : (LsSpan){ 0, 0 };
}

static void
add_thread (LsGathering *gathering, uint32_t index)
{
  const LsTrace *trace = gathering->trace;
  LsThreadStats stats = { .thread = index };
  LsMix mix;
  stats.life = get_life (trace, ls_trace_get_thread (trace, index), gathering->span);
  ls_trace_sum_thread (trace, index, gathering->span, &mix);
  for (guint i = 0; i < LS_STATE_N; i++)
    stats.ns[i] = mix.ns[i];
  g_array_append_val (gathering->statistics->threads, stats);
}

/* -- What they waited for -- */

typedef struct {
  LsStateKind state;
  uint32_t object, peer;
  LsLengths lengths;
} Cause;

static guint
hash_cause (gconstpointer data)
{
  const Cause *cause = data;
  return (guint) cause->state ^ cause->object * 2654435761u ^ cause->peer * 40503u;
}

static gboolean
equal_causes (gconstpointer one, gconstpointer other)
{
  const Cause *a = one, *b = other;
  return a->state == b->state && a->object == b->object && a->peer == b->peer;
}

static void
free_cause (gpointer data)
{
  Cause *cause = data;
  ls_lengths_clear (&cause->lengths);
  g_free (cause);
}

static Cause *
find_cause (GHashTable *causes, const LsInterval *interval)
{
  Cause key = { (LsStateKind) interval->state, interval->object, interval->peer, { 0 } };
  Cause *cause = g_hash_table_lookup (causes, &key);
  if (!cause) {
    cause = g_memdup2 (&key, sizeof key);
    ls_lengths_init (&cause->lengths);
    g_hash_table_add (causes, cause);
  }
  return cause;
}

static void
add_waits (LsGathering *gathering, uint32_t thread)
{
  const LsTrace *trace = gathering->trace;
  g_autoptr (GHashTable) causes =
    g_hash_table_new_full (hash_cause, equal_causes, free_cause, NULL);
  LsIntervals states = ls_trace_get_thread_states (trace, thread);
  for (uint32_t i = ls_intervals_find (states, gathering->span.begin_ns); i < states.n; i++) {
    LsInterval state = ls_intervals_get (states, i);
    if (ls_trace_get_ts (trace, state.begin_event) >= gathering->span.end_ns)
      break;
    if (state.state != LS_STATE_NOT_WAITING && state.state != LS_STATE_NONE &&
        ls_gathering_wants_object (gathering, state.object))
      ls_lengths_add (&find_cause (causes, &state)->lengths, trace, &state, gathering->span);
  }
  GHashTableIter iter;
  gpointer key;
  g_hash_table_iter_init (&iter, causes);
  while (g_hash_table_iter_next (&iter, &key, NULL)) {
    Cause *cause = key;
    LsWaitStats stats = { thread, cause->state, cause->object, cause->peer,
                          ls_lengths_sum_up (&cause->lengths, trace) };
    if (stats.wait.n > 0)
      g_array_append_val (gathering->statistics->waits, stats);
  }
}

static int
compare_waits (gconstpointer one, gconstpointer other)
{
  const LsWaitStats *a = one, *b = other;
  if (a->wait.total_ns != b->wait.total_ns)
    return a->wait.total_ns > b->wait.total_ns ? -1 : 1;
  if (a->thread != b->thread)
    return a->thread < b->thread ? -1 : 1;
  if (a->object != b->object)
    return a->object < b->object ? -1 : 1;
  return (a->peer > b->peer) - (a->peer < b->peer);
}

/* -- The whole -- */

/* Of threads' figures those that only a walk over objects or events tells. */
static void
count_events (LsGathering *gathering)
{
  const LsTrace *trace = gathering->trace;
  for (guint i = 0; i < gathering->statistics->threads->len; i++) {
    LsThreadStats *stats = &g_array_index (gathering->statistics->threads, LsThreadStats, i);
    uint32_t n;
    const uint32_t *events = ls_trace_get_thread_events (trace, stats->thread, &n);
    stats->n_events = ls_events_lower_bound (events, n, gathering->end_event) -
                      ls_events_lower_bound (events, n, gathering->begin_event);
    stats->n_acquires = gathering->per_thread[stats->thread].n_acquires;
    stats->n_contended = gathering->per_thread[stats->thread].n_contended;
  }
}

bool
ls_gathering_go_on (LsGathering *gathering, double fraction)
{
  if (gathering->progress)
    gathering->progress (fraction, gathering->progress_data);
  return !g_cancellable_is_cancelled (gathering->cancellable);
}

/* Threads' times and waits, which have nothing to do with the walk over objects. */
static gpointer
gather_threads (gpointer data)
{
  LsGathering *gathering = data;
  uint32_t n = ls_trace_get_n_threads (gathering->trace);
  for (uint32_t i = 0; i < n && !g_cancellable_is_cancelled (gathering->cancellable); i++) {
    if (!ls_gathering_wants_thread (gathering, i))
      continue;
    add_thread (gathering, i);
    add_waits (gathering, i);
  }
  g_array_sort (gathering->statistics->waits, compare_waits);
  return NULL;
}

static bool
gather (LsGathering *gathering)
{
  GThread *beside = g_thread_try_new ("statistics", gather_threads, gathering, NULL);
  if (!beside)
    gather_threads (gathering);
  bool went_on = ls_gathering_add_objects (gathering);
  if (beside)
    g_thread_join (beside);
  if (!went_on)
    return false;
  count_events (gathering);
  return ls_gathering_go_on (gathering, 1);
}

LsStatistics *
ls_trace_compute_statistics (const LsTrace *trace,
                             const LsStatisticsOptions *options,
                             LsProgressFunc progress,
                             gpointer progress_data,
                             GCancellable *cancellable,
                             GError **error)
{
  g_autoptr (LsStatistics) statistics = g_new0 (LsStatistics, 1);
  statistics->threads = g_array_new (FALSE, FALSE, sizeof (LsThreadStats));
  statistics->waits = g_array_new (FALSE, FALSE, sizeof (LsWaitStats));
  statistics->locks = g_array_new (FALSE, FALSE, sizeof (LsLockStats));
  statistics->values = g_array_new (FALSE, FALSE, sizeof (LsValueStats));
  LsSpan span = { 0, ls_trace_get_info (trace)->end_ns + 1 };
  if (options && options->span.end_ns > options->span.begin_ns)
    span = options->span;
  statistics->span = span;
  LsGathering gathering = {
    .trace = trace,
    .statistics = statistics,
    .span = span,
    .begin_event = ls_trace_find_event (trace, span.begin_ns),
    .end_event = ls_trace_find_event (trace, span.end_ns),
    .threads = options ? options->threads : NULL,
    .objects = options ? options->objects : NULL,
    .per_thread = g_new0 (LsThreadOfObject, ls_trace_get_n_threads (trace) + (gsize) 1),
    .progress = progress,
    .progress_data = progress_data,
    .cancellable = cancellable,
  };
  bool went_on = gather (&gathering);
  g_free (gathering.per_thread);
  if (!went_on) {
    g_cancellable_set_error_if_cancelled (cancellable, error);
    return NULL;
  }
  return g_steal_pointer (&statistics);
}

void
ls_statistics_free (LsStatistics *statistics)
{
  g_array_unref (statistics->threads);
  g_array_unref (statistics->waits);
  g_array_unref (statistics->locks);
  g_array_unref (statistics->values);
  g_free (statistics);
}
