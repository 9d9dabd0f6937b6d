/* SPDX-License-Identifier: MIT */
/* What lasts, lane by lane: room for it, and the passes that find it. */
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
  ls_spans_seal (holds, trace->n_objects, n, trace->thread_holds.numbers,
                 trace->thread_holds.offset[trace->n_threads]);
}

static void
run_pass (guint pass, gpointer data)
{
  Passes *passes = data;
  LsTrace *trace = passes->trace;
  if (pass == 0) {
    ls_walk_waits (&passes->waits, &passes->regions);
    ls_span_lists_seal (&trace->object_waits, trace->n_objects, passes->waits.listed);
    ls_spans_seal (&trace->waits, trace->n_threads, passes->waits.n, trace->object_waits.numbers,
                   trace->object_waits.offset[trace->n_objects]);
    ls_spans_seal (&trace->regions, trace->n_threads, passes->regions.n, NULL, 0);
    return;
  }
  ls_trace_find_gates (trace);
  ls_walk_holds (&passes->holds);
  ls_span_lists_seal (&trace->thread_holds, trace->n_threads, passes->holds.listed);
  seal_holds (trace, passes->holds.n);
}

static void
make_shared_releases (LsTrace *trace)
{
  for (uint32_t i = 0; i < trace->n_objects && !trace->shared_releases; i++)
    if (trace->objects[i].kind == LS_OBJECT_RWLOCK)
      trace->shared_releases = g_new0 (uint64_t, trace->columns.n / 64 + 1);
}

/* Counts of events are room enough; closed up when they were not all needed. Returns: (owned) offsets of
 * the lanes. */
static uint32_t *
make_offsets (const LsTally *tallies, uint32_t n_lanes, LsTallySort sort, LsTallySort other)
{
  uint32_t *offset = g_new (uint32_t, n_lanes + (gsize) 1);
  for (uint32_t i = 0; i < n_lanes; i++)
    offset[i] = tallies[i].n[sort] + (other != sort ? tallies[i].n[other] : 0);
  ls_counts_to_offsets (offset, n_lanes);
  return offset;
}

static void
make_room (LsTrace *trace)
{
  const LsTally *threads = trace->thread_tallies, *objects = trace->object_tallies;
  uint32_t n_threads = trace->n_threads, n_objects = trace->n_objects;
  trace->thread_lanes = g_new0 (LsThreadLane, n_threads + 1);
  trace->object_lanes = g_new0 (LsObjectLane, n_objects + 1);
  trace->depths = g_array_new (FALSE, FALSE, sizeof (LsDepth));
  ls_spans_init (&trace->holds, n_objects,
                 make_offsets (objects, n_objects, LS_TALLY_ACQUIRE, LS_TALLY_ACQUIRE), false);
  ls_span_lists_init (&trace->thread_holds, n_threads,
                      make_offsets (threads, n_threads, LS_TALLY_ACQUIRE, LS_TALLY_ACQUIRE), true);
  ls_spans_init (&trace->waits, n_threads,
                 make_offsets (threads, n_threads, LS_TALLY_WAIT, LS_TALLY_SLEEP), true);
  ls_span_lists_init (&trace->object_waits, n_objects,
                      make_offsets (objects, n_objects, LS_TALLY_WAIT, LS_TALLY_WAIT), false);
  ls_spans_init (&trace->regions, n_threads,
                 make_offsets (threads, n_threads, LS_TALLY_BEGIN, LS_TALLY_BEGIN), true);
  make_shared_releases (trace);
}

void
ls_trace_build_intervals (LsTrace *trace)
{
  make_room (trace);
  g_autofree uint32_t *n_holds = g_new0 (uint32_t, trace->n_objects + 1);
  g_autofree uint32_t *n_waits = g_new0 (uint32_t, trace->n_threads + 1);
  g_autofree uint32_t *n_regions = g_new0 (uint32_t, trace->n_threads + 1);
  g_autofree uint32_t *n_thread_holds = g_new0 (uint32_t, trace->n_threads + 1);
  g_autofree uint32_t *n_object_waits = g_new0 (uint32_t, trace->n_objects + 1);
  Passes passes = { .trace = trace,
                    .holds = { .trace = trace, .n = n_holds, .listed = n_thread_holds },
                    .waits = { .trace = trace, .n = n_waits, .listed = n_object_waits },
                    .regions = { .trace = trace, .n = n_regions } };
  ls_tasks_run (trace->n_workers, run_pass, 2, &passes);
  LsComplaints *const complaints[] = { &passes.regions.complaints, &passes.waits.complaints,
                                       &passes.holds.complaints };
  tell (trace, complaints, G_N_ELEMENTS (complaints));
}

/* -- Lanes -- */

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
