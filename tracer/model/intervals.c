/* SPDX-License-Identifier: MIT */
/* What lasts, as callers see it: each interval put together out of its events. */
#include "intervals.h"

#include <stdlib.h>

#include "trace-private.h"

enum {
  STATES,
  HOLDS,
  REGIONS,
  OBJECT_HOLDS,
  OBJECT_WAITS
};

static const LsTrack *
get_track (LsIntervals intervals)
{
  const LsTrace *trace = intervals.trace;
  switch (intervals.kind) {
  case STATES:
    return &trace->thread_lanes[intervals.lane].waits;
  case HOLDS:
    return &trace->thread_lanes[intervals.lane].holds;
  case REGIONS:
    return &trace->thread_lanes[intervals.lane].regions;
  case OBJECT_HOLDS:
    return &trace->object_lanes[intervals.lane].holds;
  default:
    return &trace->object_lanes[intervals.lane].waits;
  }
}

LsIntervals
ls_trace_get_thread_states (const LsTrace *trace, uint32_t thread)
{
  return (LsIntervals){ trace, thread, STATES, trace->thread_lanes[thread].n_states };
}

LsIntervals
ls_trace_get_thread_holds (const LsTrace *trace, uint32_t thread)
{
  return (LsIntervals){ trace, thread, HOLDS, trace->thread_lanes[thread].holds.n };
}

LsIntervals
ls_trace_get_thread_regions (const LsTrace *trace, uint32_t thread)
{
  return (LsIntervals){ trace, thread, REGIONS, trace->thread_lanes[thread].regions.n };
}

LsIntervals
ls_trace_get_object_holds (const LsTrace *trace, uint32_t object)
{
  return (LsIntervals){ trace, object, OBJECT_HOLDS, trace->object_lanes[object].holds.n };
}

LsIntervals
ls_trace_get_object_waits (const LsTrace *trace, uint32_t object)
{
  return (LsIntervals){ trace, object, OBJECT_WAITS, trace->object_lanes[object].waits.n };
}

/* -- One interval -- */

/* What its event says of an interval. */
static LsInterval
begin_interval (const LsTrace *trace, uint32_t begin, uint32_t end)
{
  const LsColumns *columns = &trace->columns;
  return (LsInterval){
    .begin_event = begin,
    .end_event = end,
    .thread = ls_columns_get_thread (columns, begin),
    .object = LS_NONE,
    .peer = LS_NONE,
    .mode = (uint8_t) LS_OP_MODE (columns->ops[begin]),
  };
}

static int
compare_depths (const void *a, const void *b)
{
  const LsDepth *first = a, *second = b;
  return (first->hold > second->hold) - (first->hold < second->hold);
}

LsInterval
ls_trace_get_hold (const LsTrace *trace, uint32_t number)
{
  const LsSpans *holds = &trace->holds;
  LsInterval hold = begin_interval (trace, holds->begins[number], holds->ends[number]);
  LsDepth wanted = { number, 0 };
  const LsDepth *depth =
    trace->depths->len == 0
      ? NULL
      : bsearch (&wanted, trace->depths->data, trace->depths->len, sizeof wanted, compare_depths);
  hold.object = ls_columns_get_object (&trace->columns, hold.begin_event);
  hold.depth = depth ? depth->depth : 1;
  return hold;
}

LsInterval
ls_trace_get_wait (const LsTrace *trace, uint32_t number)
{
  const LsSpans *waits = &trace->waits;
  LsInterval wait = begin_interval (trace, waits->begins[number], waits->ends[number]);
  wait.state = LS_WAIT_STATE (waits->infos[number]);
  wait.outcome = (uint8_t) LS_WAIT_OUTCOME (waits->infos[number]);
  if (wait.state == LS_STATE_SLEEP)
    return wait;
  uint32_t target = ls_index_get (&trace->columns.targets, wait.begin_event);
  *(trace->columns.ops[wait.begin_event] & LS_OP_THREAD ? &wait.peer : &wait.object) = target;
  return wait;
}

/* Waits are the odd ones, and the thread does not wait before, between and after them. */
static LsInterval
get_state (const LsTrace *trace, uint32_t thread, uint32_t i)
{
  const LsTrack *waits = &trace->thread_lanes[thread].waits;
  if (i % 2)
    return ls_trace_get_wait (trace, trace->waits.offset[thread] + i / 2);
  uint32_t begin = i == 0 ? trace->threads[thread].first_event : ls_track_end (waits, i / 2 - 1);
  uint32_t end =
    i / 2 < waits->n ? ls_track_begin (waits, i / 2) : trace->threads[thread].finish_event;
  return (LsInterval){
    .begin_event = begin,
    .end_event = end,
    .thread = thread,
    .object = LS_NONE,
    .peer = LS_NONE,
    .state = LS_STATE_NOT_WAITING,
  };
}

LsInterval
ls_intervals_get (LsIntervals intervals, uint32_t i)
{
  const LsTrace *trace = intervals.trace;
  LsInterval interval;
  uint32_t at;
  switch (intervals.kind) {
  case STATES:
    return get_state (trace, intervals.lane, i);
  case HOLDS:
    at = trace->thread_holds.offset[intervals.lane] + i;
    interval = ls_trace_get_hold (trace, trace->thread_holds.numbers[at]);
    interval.row = trace->thread_holds.rows[at];
    return interval;
  case REGIONS:
    at = trace->regions.offset[intervals.lane] + i;
    interval = begin_interval (trace, trace->regions.begins[at], trace->regions.ends[at]);
    interval.row = trace->regions.infos[at];
    return interval;
  case OBJECT_HOLDS:
    return ls_trace_get_hold (trace, trace->holds.offset[intervals.lane] + i);
  default:
    at = trace->object_waits.offset[intervals.lane] + i;
    return ls_trace_get_wait (trace, trace->object_waits.numbers[at]);
  }
}

LsInterval *
ls_intervals_dup (LsIntervals intervals, uint32_t *n)
{
  LsInterval *all = g_new (LsInterval, intervals.n + (gsize) 1);
  for (uint32_t i = 0; i < intervals.n; i++)
    all[i] = ls_intervals_get (intervals, i);
  if (n)
    *n = intervals.n;
  return all;
}

LsSpan
ls_interval_get_span (const LsTrace *trace, const LsInterval *interval)
{
  return (LsSpan){
    .begin_ns = ls_columns_get_ts (&trace->columns, interval->begin_event),
    .end_ns = interval->end_event == LS_NONE
                ? trace->info.end_ns
                : ls_columns_get_ts (&trace->columns, interval->end_event),
  };
}

LsSpan
ls_track_get_span (const LsTrace *trace, const LsTrack *track, uint32_t i)
{
  uint32_t end = ls_track_end (track, i);
  return (LsSpan){
    .begin_ns = ls_columns_get_ts (&trace->columns, ls_track_begin (track, i)),
    .end_ns = end == LS_NONE ? trace->info.end_ns : ls_columns_get_ts (&trace->columns, end),
  };
}

/* -- Finding -- */

uint32_t
ls_intervals_count_begun (LsIntervals intervals, uint32_t k)
{
  const LsTrack *track = get_track (intervals);
  if (intervals.n == 0 || k == 0)
    return 0;
  uint32_t n = ls_track_count_begun (track, k - 1);
  if (intervals.kind != STATES)
    return n;
  if (n == 0)
    return intervals.trace->threads[intervals.lane].first_event < k;
  /* The state after the last of them begins where that one ends. */
  return 2 * n + (2 * n < intervals.n && ls_track_end (track, n - 1) < k);
}

uint32_t
ls_intervals_find (LsIntervals intervals, int64_t ts_ns)
{
  const LsTrace *trace = intervals.trace;
  const LsTrack *track = get_track (intervals);
  if (ts_ns >= trace->info.end_ns)
    return intervals.n;
  uint32_t after = ls_columns_find_ts (&trace->columns, ts_ns + 1); /* the first event after it */
  if (after == 0)
    return 0;
  uint32_t i = ls_track_find_ending (track, after - 1);
  if (intervals.kind != STATES)
    return i;
  /* The wait, or the state before it, or after the last one. */
  if (i < track->n)
    return ls_track_begin (track, i) >= after ? 2 * i : 2 * i + 1;
  uint32_t finish = trace->threads[intervals.lane].finish_event;
  return 2 * i < intervals.n && finish >= after ? 2 * i : intervals.n;
}

uint32_t
ls_trace_get_n_hold_rows (const LsTrace *trace, uint32_t thread)
{
  return trace->thread_lanes[thread].n_hold_rows;
}

uint32_t
ls_trace_get_n_region_rows (const LsTrace *trace, uint32_t thread)
{
  return trace->thread_lanes[thread].n_region_rows;
}
