/* SPDX-License-Identifier: MIT */
/* When threads wait or sleep and for what, and how it ended; their regions on the way. */
#include "walk.h"

typedef struct {
  uint32_t open; /* place in the trace's waits of the current one, LS_NONE */
  uint32_t object, peer;
  LsStateKind state;
  LsRegionWalk regions;
} ThreadWalk;

typedef struct {
  LsWalk *walk;
  LsTrace *trace;
  ThreadWalk *threads;
  uint32_t *n_contended; /* by object */
  uint32_t *last_signal; /* by object: the last signal, broadcast or set so far, LS_NONE */
} WaitWalk;

static LsStateKind
state_of_wait (const LsTrace *trace, uint32_t object)
{
  if (object == LS_NONE)
    return LS_STATE_WAIT_SIGNAL;
  LsObjectKind kind = trace->objects[object].kind;
  bool is_lock = kind == LS_OBJECT_UNKNOWN || ls_object_rows[kind].flags & LS_OBJ_LOCK;
  return is_lock ? LS_STATE_WAIT_LOCK : LS_STATE_WAIT_SIGNAL;
}

static void
end_wait (WaitWalk *walk, ThreadWalk *thread, uint32_t k, LsOutcome outcome)
{
  walk->trace->waits.ends[thread->open] = k;
  walk->trace->waits.infos[thread->open] = LS_WAIT_INFO (thread->state, outcome);
  thread->open = LS_NONE;
}

/* What else begins while the thread waits ends the wait, whose end the trace does not tell: somehow
 * it is over then. */
static void
begin_wait (WaitWalk *walk,
            ThreadWalk *thread,
            uint32_t index,
            uint32_t k,
            LsStateKind state,
            LsOutcome outcome)
{
  LsSpans *waits = &walk->trace->waits;
  if (thread->open != LS_NONE)
    end_wait (walk, thread, k, LS_OUTCOME_GOT);
  thread->open = waits->offset[index] + walk->walk->n[index]++;
  thread->state = state;
  waits->begins[thread->open] = k;
  waits->ends[thread->open] = LS_NONE;
  waits->infos[thread->open] = LS_WAIT_INFO (state, outcome);
}

/* Lists the thread's wait among its object's. */
static void
list_wait (WaitWalk *walk, const ThreadWalk *thread)
{
  LsSpanLists *lists = &walk->trace->object_waits;
  uint32_t object = thread->object;
  if (object != LS_NONE)
    lists->numbers[lists->offset[object] + walk->walk->listed[object]++] = thread->open;
}

static LsOutcome
outcome_of (const WaitWalk *walk, const ThreadWalk *thread, LsEventKind kind, bool failed)
{
  const LsTrace *trace = walk->trace;
  if (failed || kind == LS_EV_FAIL)
    return LS_OUTCOME_FAIL;
  if (kind == LS_EV_TIMEOUT)
    return LS_OUTCOME_TIMEOUT;
  if (kind == LS_EV_WAKE && thread->object != LS_NONE &&
      trace->objects[thread->object].kind == LS_OBJECT_COND) {
    uint32_t signal = walk->last_signal[thread->object];
    bool may_miss_one = trace->info.absence_is_no_proof || trace->objects[thread->object].shared;
    if (!may_miss_one && (signal == LS_NONE || signal < trace->waits.begins[thread->open]))
      return LS_OUTCOME_SPURIOUS;
  }
  return LS_OUTCOME_GOT;
}

/* Ends the thread's wait or sleep when the event is of the same target. */
static void
maybe_end_wait (WaitWalk *walk, ThreadWalk *thread, uint32_t k, LsOp op, uint32_t target)
{
  LsEventKind kind = LS_OP_KIND (op);
  uint32_t object = op & LS_OP_THREAD ? LS_NONE : target;
  uint32_t peer = op & LS_OP_THREAD ? target : LS_NONE;
  if (thread->state == LS_STATE_SLEEP ? kind != LS_EV_WAKE || object != LS_NONE
                                      : object != thread->object || peer != thread->peer)
    return;
  bool failed = ls_trace_event_failed (walk->trace, k);
  if (kind == LS_EV_ACQUIRE && !failed)
    walk->n_contended[object]++;
  end_wait (walk, thread, k, outcome_of (walk, thread, kind, failed));
}

/* What an event is to a thread's state. */
enum {
  NOTHING,
  WAITS,
  SLEEPS,
  ENDS,
  SIGNALS,
  BEGINS_REGION,
  ENDS_REGION,
  FINISHES
};

static const uint8_t meanings[64] = {
  [LS_EV_WAIT] = WAITS,      [LS_EV_SLEEP] = SLEEPS,        [LS_EV_JOIN] = ENDS,
  [LS_EV_ACQUIRE] = ENDS,    [LS_EV_FAIL] = ENDS,           [LS_EV_TIMEOUT] = ENDS,
  [LS_EV_WAKE] = ENDS,       [LS_EV_SIGNAL] = SIGNALS,      [LS_EV_BROADCAST] = SIGNALS,
  [LS_EV_SET] = SIGNALS,     [LS_EV_BEGIN] = BEGINS_REGION, [LS_EV_END] = ENDS_REGION,
  [LS_EV_FINISH] = FINISHES,
};

static void
walk_event (WaitWalk *walk, LsWalk *regions, uint32_t k, LsOp op)
{
  LsTrace *trace = walk->trace;
  uint32_t index = ls_columns_get_thread (&trace->columns, k);
  uint32_t target = ls_index_get (&trace->columns.targets, k);
  ThreadWalk *thread = &walk->threads[index];
  int meaning = meanings[LS_OP_KIND (op)];
  if (meaning == SIGNALS) { /* also after the thread's finish */
    if (target != LS_NONE && !ls_trace_event_failed (trace, k))
      walk->last_signal[target] = k;
    return;
  }
  if (k > trace->threads[index].finish_event)
    return;
  switch (meaning) {
  case WAITS:
    thread->object = op & LS_OP_THREAD ? LS_NONE : target;
    thread->peer = op & LS_OP_THREAD ? target : LS_NONE;
    begin_wait (walk, thread, index, k, state_of_wait (trace, thread->object), LS_OUTCOME_NEVER);
    list_wait (walk, thread);
    break;
  case SLEEPS:
    begin_wait (walk, thread, index, k, LS_STATE_SLEEP, LS_OUTCOME_GOT);
    break;
  case ENDS:
    if (thread->open != LS_NONE)
      maybe_end_wait (walk, thread, k, op, target);
    break;
  case BEGINS_REGION:
    ls_walk_begin_region (regions, &thread->regions, k);
    break;
  case ENDS_REGION:
    ls_walk_end_region (regions, &thread->regions, k);
    break;
  default: /* it ends with its thread, as it stood */
    if (thread->open != LS_NONE)
      end_wait (walk, thread, k, LS_WAIT_OUTCOME (trace->waits.infos[thread->open]));
    ls_walk_end_regions (regions, &thread->regions, k, 0);
    break;
  }
}

void
ls_walk_waits (LsWalk *walk, LsWalk *regions)
{
  LsTrace *trace = walk->trace;
  WaitWalk waits = { .walk = walk, .trace = trace };
  waits.threads = g_new0 (ThreadWalk, trace->n_threads + 1);
  waits.n_contended = g_new0 (uint32_t, trace->n_objects + 1);
  waits.last_signal = g_new (uint32_t, trace->n_objects + 1);
  for (uint32_t i = 0; i < trace->n_objects; i++)
    waits.last_signal[i] = LS_NONE;
  for (uint32_t i = 0; i < trace->n_threads; i++)
    waits.threads[i].open = LS_NONE;
  LsKindScan scan = { 0 };
  for (int kind = 0; kind < LS_EV_N; kind++)
    scan.kinds |= meanings[kind] != NOTHING ? LS_KIND_BIT (kind) : 0;
  for (uint32_t k; ls_trace_scan_next (trace, &scan, &k);)
    walk_event (&waits, regions, k, trace->columns.ops[k]);
  for (uint32_t i = 0; i < trace->n_objects; i++)
    trace->objects[i].n_contended = waits.n_contended[i];
  for (uint32_t i = 0; i < trace->n_threads; i++) {
    trace->thread_lanes[i].n_region_rows = waits.threads[i].regions.n_rows;
    g_clear_pointer (&waits.threads[i].regions.open, g_array_unref);
  }
  g_free (waits.threads);
  g_free (waits.n_contended);
  g_free (waits.last_signal);
}
