/* SPDX-License-Identifier: MIT */
/* Figures of locks and values: one walk over each object's events, and over its intervals. */
#include "statistics-private.h"

/* -- Locks -- */

typedef struct {
  LsLockStats *stats;
  uint64_t run;    /* hand-overs in a row */
  uint32_t holder; /* thread that acquired last, LS_NONE */
} LockWalk;

static void
end_run (LockWalk *walk)
{
  if (walk->run >= LS_CONVOY_MIN)
    walk->stats->n_convoys++;
  walk->stats->longest_convoy = MAX (walk->stats->longest_convoy, walk->run);
  walk->run = 0;
}

static void
note_acquire (LsGathering *gathering, LockWalk *walk, const LsEvent *event, bool had_waited)
{
  LsThreadOfObject *thread = &gathering->per_thread[event->thread];
  LsLockStats *stats = walk->stats;
  stats->n_acquires++;
  stats->n_contended += had_waited;
  thread->n_acquires++;
  thread->n_contended += had_waited;
  if (thread->seen != stats->object + 1) {
    thread->seen = stats->object + 1;
    stats->n_threads++;
  }
  if (had_waited && walk->holder != LS_NONE && walk->holder != event->thread) {
    stats->n_hand_overs++;
    walk->run++;
  } else {
    end_run (walk);
  }
  walk->holder = event->thread;
}

/* Waits and hand-overs are followed from the trace's start, so that the span's first are told rightly;
 * only what lies in the span counts. */
static void
walk_lock (LsGathering *gathering, LsLockStats *stats)
{
  const LsTrace *trace = gathering->trace;
  uint32_t n, mark = stats->object + 1;
  const uint32_t *events = ls_trace_get_object_events (trace, stats->object, &n);
  LockWalk walk = { stats, 0, LS_NONE };
  for (uint32_t i = 0; i < n && events[i] < gathering->end_event; i++) {
    LsEventKind kind = ls_trace_get_kind (trace, events[i]);
    if (kind != LS_EV_WAIT && kind != LS_EV_ACQUIRE && kind != LS_EV_FAIL && kind != LS_EV_TIMEOUT)
      continue;
    LsEvent event;
    ls_trace_get_event (trace, events[i], &event);
    if (event.object != stats->object) /* a cond's wait names the mutex too */
      continue;
    LsThreadOfObject *thread = &gathering->per_thread[event.thread];
    bool had_waited = thread->waiting == mark;
    bool counts =
      events[i] >= gathering->begin_event && ls_gathering_wants_thread (gathering, event.thread);
    thread->waiting = kind == LS_EV_WAIT ? mark : 0;
    if (kind == LS_EV_ACQUIRE && counts)
      note_acquire (gathering, &walk, &event, had_waited);
    else if (kind == LS_EV_ACQUIRE)
      walk.holder = event.thread;
    else if (kind != LS_EV_WAIT && counts)
      stats->n_failed++;
  }
  end_run (&walk);
}

static LsDurations
sum_intervals (LsGathering *gathering, LsIntervals intervals, LsLengths *lengths)
{
  const LsTrace *trace = gathering->trace;
  for (uint32_t i = ls_intervals_find (intervals, gathering->span.begin_ns); i < intervals.n; i++) {
    LsInterval interval = ls_intervals_get (intervals, i);
    if (ls_trace_get_ts (trace, interval.begin_event) >= gathering->span.end_ns)
      break;
    if (ls_gathering_wants_thread (gathering, interval.thread))
      ls_lengths_add (lengths, trace, &interval, gathering->span);
  }
  return ls_lengths_sum_up (lengths, trace);
}

static void
add_lock (LsGathering *gathering, uint32_t object, LsLengths *lengths)
{
  LsLockStats stats = { .object = object };
  walk_lock (gathering, &stats);
  stats.wait =
    sum_intervals (gathering, ls_trace_get_object_waits (gathering->trace, object), lengths);
  stats.hold =
    sum_intervals (gathering, ls_trace_get_object_holds (gathering->trace, object), lengths);
  if (stats.n_acquires + stats.n_failed + stats.wait.n + stats.hold.n > 0)
    g_array_append_val (gathering->statistics->locks, stats);
}

static int
compare_locks (gconstpointer one, gconstpointer other)
{
  const LsLockStats *a = one, *b = other;
  if (a->wait.total_ns != b->wait.total_ns)
    return a->wait.total_ns > b->wait.total_ns ? -1 : 1;
  if (a->n_acquires != b->n_acquires)
    return a->n_acquires > b->n_acquires ? -1 : 1;
  return (a->object > b->object) - (a->object < b->object);
}

/* -- Values -- */

static void
note_number (LsValueStats *stats, const LsEvent *event)
{
  double number;
  if (!ls_value_to_double (&event->val, &number))
    return;
  stats->min = stats->has_numbers ? MIN (stats->min, number) : number;
  stats->max = stats->has_numbers ? MAX (stats->max, number) : number;
  stats->last = number;
  stats->has_numbers = true;
}

static void
add_value (LsGathering *gathering, uint32_t object)
{
  const LsTrace *trace = gathering->trace;
  LsValueStats stats = { .object = object };
  uint32_t n;
  const uint32_t *events = ls_trace_get_object_events (trace, object, &n);
  for (uint32_t i = ls_events_lower_bound (events, n, gathering->begin_event);
       i < n && events[i] < gathering->end_event; i++) {
    guint flags = ls_event_rows[ls_trace_get_kind (trace, events[i])].flags;
    uint32_t who = ls_trace_get_event_thread (trace, events[i]);
    if (!(flags & (LS_EV_READS | LS_EV_WRITES)) || !ls_gathering_wants_thread (gathering, who))
      continue;
    LsEvent event;
    ls_trace_get_event (trace, events[i], &event);
    stats.n_reads += (flags & LS_EV_READS) != 0;
    stats.n_writes += (flags & LS_EV_WRITES) != 0;
    stats.n_atomic += (flags & LS_EV_ATOMIC) != 0;
    if (gathering->per_thread[who].seen != object + 1) {
      gathering->per_thread[who].seen = object + 1;
      stats.n_threads++;
    }
    if (!event.has_part)
      note_number (&stats, &event);
  }
  if (stats.n_reads + stats.n_writes > 0)
    g_array_append_val (gathering->statistics->values, stats);
}

/* -- Both -- */

bool
ls_gathering_add_objects (LsGathering *gathering)
{
  const LsTrace *trace = gathering->trace;
  uint32_t n = ls_trace_get_n_objects (trace);
  LsLengths lengths;
  bool went_on = true;
  ls_lengths_init (&lengths);
  for (uint32_t i = 0; i < n && went_on; i++) {
    if (!ls_gathering_wants_object (gathering, i))
      continue;
    const LsObject *object = ls_trace_get_object (trace, i);
    guint flags = ls_object_rows[object->kind].flags;
    /* One that was never declared is a lock if it was acquired. */
    if ((flags & LS_OBJ_LOCK) || (object->kind == LS_OBJECT_UNKNOWN && object->n_acquires > 0))
      add_lock (gathering, i, &lengths);
    else if (flags & LS_OBJ_VALUE)
      add_value (gathering, i);
    went_on = ls_gathering_go_on (gathering, (double) i / n);
  }
  ls_lengths_clear (&lengths);
  g_array_sort (gathering->statistics->locks, compare_locks);
  return went_on;
}
