/* SPDX-License-Identifier: MIT */
/**
 * What lasts, lane by lane: room for it, the passes that find it, and the lists of those lanes that it
 * does not lie in.
 */
#include <stdlib.h>
#include <string.h>

#include "tasks.h"
#include "walk.h"

/* -- Complaints: of passes that ran at the same time, told in the order of events -- */

void
ls_complain (const LsTrace *trace, LsComplaints *complaints, uint32_t k, const char *format, ...)
{
  if (trace->info.absence_is_no_proof || complaints->n++ >= LS_MAX_PROBLEMS)
    return;
  va_list args;
  va_start (args, format);
  LsComplaint complaint = { k, g_strdup_vprintf (format, args) };
  va_end (args);
  if (!complaints->complaints)
    complaints->complaints = g_array_new (FALSE, FALSE, sizeof (LsComplaint));
  g_array_append_val (complaints->complaints, complaint);
}

static void
tell (LsTrace *trace, LsComplaints *const *all, guint n)
{
  guint next[4] = { 0 };
  for (;;) {
    const LsComplaint *first = NULL;
    guint from = 0;
    for (guint i = 0; i < n; i++) {
      const GArray *array = all[i]->complaints;
      const LsComplaint *complaint =
        array && next[i] < array->len ? &g_array_index (array, LsComplaint, next[i]) : NULL;
      if (complaint && (!first || complaint->k < first->k)) {
        first = complaint;
        from = i;
      }
    }
    if (!first)
      break;
    ls_trace_add_problem (trace, first->k, "%s", first->reason);
    g_free (first->reason);
    next[from]++;
  }
  for (guint i = 0; i < n; i++) {
    trace->report->n_warnings += all[i]->n - next[i];
    g_clear_pointer (&all[i]->complaints, g_array_unref);
  }
}

/* -- The passes -- */

typedef struct {
  LsTrace *trace;
  LsWalk holds, waits, regions;
} Passes;

static void
run_pass (guint pass, gpointer data)
{
  Passes *passes = data;
  LsTrace *trace = passes->trace;
  if (pass == 0) {
    ls_walk_waits (&passes->waits, &passes->regions);
    ls_spans_seal (&trace->waits, trace->n_threads, passes->waits.n);
    ls_spans_seal (&trace->regions, trace->n_threads, passes->regions.n);
    return;
  }
  ls_trace_find_gates (trace);
  ls_walk_holds (&passes->holds);
}

static int
compare_depths (const void *a, const void *b)
{
  const LsDepth *first = a, *second = b;
  return (first->hold > second->hold) - (first->hold < second->hold);
}

/* Holds are about to be closed up: a depth says which of its lane's, then its new place. */
static void
seal_holds (LsTrace *trace, const uint32_t *n)
{
  LsSpans *holds = &trace->holds;
  GArray *depths = trace->depths;
  g_array_sort (depths, compare_depths);
  uint32_t lane = 0, sum = 0;
  for (guint i = 0; i < depths->len; i++) {
    LsDepth *depth = &g_array_index (depths, LsDepth, i);
    while (depth->hold >= holds->offset[lane + 1])
      sum += n[lane++];
    depth->hold = sum + (depth->hold - holds->offset[lane]);
  }
  ls_spans_seal (holds, trace->n_objects, n);
}

static void
make_shared_releases (LsTrace *trace)
{
  for (uint32_t i = 0; i < trace->n_objects && !trace->shared_releases; i++)
    if (trace->objects[i].kind == LS_OBJECT_RWLOCK)
      trace->shared_releases = g_new0 (uint64_t, trace->columns.n / 64 + 1);
}

void
ls_trace_build_intervals (LsTrace *trace)
{
  LsSurvey *survey = trace->survey;
  trace->thread_lanes = g_new0 (LsThreadLane, trace->n_threads + 1);
  trace->object_lanes = g_new0 (LsObjectLane, trace->n_objects + 1);
  trace->depths = g_array_new (FALSE, FALSE, sizeof (LsDepth));
  /* Counts of events are room enough; closed up when they were not all needed. */
  uint32_t *offset = g_memdup2 (survey->object_acquires, (trace->n_objects + 1) * sizeof *offset);
  ls_counts_to_offsets (offset, trace->n_objects);
  ls_spans_init (&trace->holds, trace->n_objects, offset, false);
  offset = g_steal_pointer (&survey->thread_waits);
  ls_counts_to_offsets (offset, trace->n_threads);
  ls_spans_init (&trace->waits, trace->n_threads, offset, true);
  offset = g_steal_pointer (&survey->thread_regions);
  ls_counts_to_offsets (offset, trace->n_threads);
  ls_spans_init (&trace->regions, trace->n_threads, offset, true);
  make_shared_releases (trace);

  g_autofree uint32_t *n_holds = g_new0 (uint32_t, trace->n_objects + 1);
  g_autofree uint32_t *n_waits = g_new0 (uint32_t, trace->n_threads + 1);
  g_autofree uint32_t *n_regions = g_new0 (uint32_t, trace->n_threads + 1);
  Passes passes = { .trace = trace,
                    .holds = { .trace = trace, .n = n_holds },
                    .waits = { .trace = trace, .n = n_waits },
                    .regions = { .trace = trace, .n = n_regions } };
  ls_tasks_run (trace->n_workers, run_pass, 2, &passes);
  seal_holds (trace, n_holds);
  LsComplaints *const complaints[] = { &passes.regions.complaints, &passes.waits.complaints,
                                       &passes.holds.complaints };
  tell (trace, complaints, G_N_ELEMENTS (complaints));
}

/* -- The other side's lists -- */

/* The lowest row that is free at event k; 255 when none below is. */
static uint8_t
take_row (GArray *busy_until, uint32_t k, uint32_t end)
{
  guint row = 0;
  while (row < busy_until->len && g_array_index (busy_until, uint32_t, row) > k)
    row++;
  if (row >= 255)
    return 255;
  if (row == busy_until->len)
    g_array_set_size (busy_until, row + 1);
  g_array_index (busy_until, uint32_t, row) = end;
  return (uint8_t) row;
}

static void
list_thread_holds (LsTrace *trace)
{
  const LsSpans *holds = &trace->holds;
  LsSpanLists *lists = &trace->thread_holds;
  uint32_t *offset = g_steal_pointer (&trace->survey->thread_acquires);
  ls_counts_to_offsets (offset, trace->n_threads);
  ls_span_lists_init (lists, trace->n_threads, offset, true);
  g_autofree uint32_t *n = g_new0 (uint32_t, trace->n_threads + 1);
  g_autofree uint32_t *next = g_memdup2 (holds->offset, (trace->n_objects + 1) * sizeof *next);
  g_autofree GArray **rows = g_new0 (GArray *, trace->n_threads + 1);
  for (uint32_t k = 0; k < trace->columns.n; k++) {
    if (ls_columns_get_kind (&trace->columns, k) != LS_EV_ACQUIRE)
      continue;
    uint32_t object = ls_index_get (&trace->columns.targets, k);
    if (object == LS_NONE || next[object] == holds->offset[object + 1] ||
        holds->begins[next[object]] != k)
      continue;
    uint32_t thread = ls_columns_get_thread (&trace->columns, k), hold = next[object]++;
    uint32_t place = lists->offset[thread] + n[thread]++;
    if (!rows[thread])
      rows[thread] = g_array_new (FALSE, FALSE, sizeof (uint32_t));
    lists->numbers[place] = hold;
    lists->rows[place] = take_row (rows[thread], k, holds->ends[hold]);
    LsThreadLane *lane = &trace->thread_lanes[thread];
    lane->n_hold_rows = MAX (lane->n_hold_rows, lists->rows[place] + 1);
  }
  for (uint32_t i = 0; i < trace->n_threads; i++)
    if (rows[i])
      g_array_unref (rows[i]);
  ls_span_lists_seal (lists, trace->n_threads, n);
}

static void
list_object_waits (LsTrace *trace)
{
  const LsSpans *waits = &trace->waits;
  LsSpanLists *lists = &trace->object_waits;
  uint32_t *offset = g_steal_pointer (&trace->survey->object_waits);
  ls_counts_to_offsets (offset, trace->n_objects);
  ls_span_lists_init (lists, trace->n_objects, offset, false);
  g_autofree uint32_t *n = g_new0 (uint32_t, trace->n_objects + 1);
  g_autofree uint32_t *next = g_memdup2 (waits->offset, (trace->n_threads + 1) * sizeof *next);
  for (uint32_t k = 0; k < trace->columns.n; k++) {
    LsEventKind kind = ls_columns_get_kind (&trace->columns, k);
    if (kind != LS_EV_WAIT && kind != LS_EV_SLEEP)
      continue;
    uint32_t thread = ls_columns_get_thread (&trace->columns, k);
    if (next[thread] == waits->offset[thread + 1] || waits->begins[next[thread]] != k)
      continue;
    uint32_t wait = next[thread]++, object = ls_columns_get_object (&trace->columns, k);
    if (kind == LS_EV_WAIT && object != LS_NONE)
      lists->numbers[lists->offset[object] + n[object]++] = wait;
  }
  ls_span_lists_seal (lists, trace->n_objects, n);
}

static void
list_other_side (guint which, gpointer data)
{
  if (which == 0)
    list_thread_holds (data);
  else
    list_object_waits (data);
}

static LsTrack
get_track (const LsSpans *spans, uint32_t lane)
{
  uint32_t begin = spans->offset[lane];
  return (LsTrack){ .begins = spans->begins + begin,
                    .ends = spans->ends + begin,
                    .n = spans->offset[lane + 1] - begin };
}

static LsTrack
get_listed (const LsSpans *spans, const LsSpanLists *lists, uint32_t lane)
{
  uint32_t begin = lists->offset[lane];
  return (LsTrack){ .begins = spans->begins,
                    .ends = spans->ends,
                    .numbers = lists->numbers + begin,
                    .n = lists->offset[lane + 1] - begin };
}

/* All states of a thread's life: what it waits, and what is before, between and after. */
static uint32_t
count_states (const LsThread *thread, const LsTrack *waits)
{
  if (thread->first_event == LS_NONE)
    return 0;
  uint32_t end = waits->n > 0 ? ls_track_end (waits, waits->n - 1) : 0;
  bool is_last = waits->n > 0 && (end == LS_NONE || end == thread->finish_event);
  return 2 * waits->n + !is_last;
}

void
ls_trace_build_lanes (LsTrace *trace)
{
  ls_tasks_run (trace->n_workers, list_other_side, 2, trace);
  for (uint32_t i = 0; i < trace->n_threads; i++) {
    LsThreadLane *lane = &trace->thread_lanes[i];
    lane->waits = get_track (&trace->waits, i);
    lane->holds = get_listed (&trace->holds, &trace->thread_holds, i);
    lane->regions = get_track (&trace->regions, i);
    lane->n_states = count_states (&trace->threads[i], &lane->waits);
  }
  for (uint32_t i = 0; i < trace->n_objects; i++) {
    LsObjectLane *lane = &trace->object_lanes[i];
    lane->holds = get_track (&trace->holds, i);
    lane->waits = get_listed (&trace->waits, &trace->object_waits, i);
  }
}

void
ls_survey_free (LsSurvey *survey)
{
  if (!survey)
    return;
  g_free (survey->thread_acquires);
  g_free (survey->object_acquires);
  g_free (survey->thread_waits);
  g_free (survey->object_waits);
  g_free (survey->thread_regions);
  g_free (survey);
}
