/* SPDX-License-Identifier: MIT */
/* Lists of events per lane, and how many of what there are. */
#include "tasks.h"
#include "walk.h"

/* -- Lists -- */

/* Turns the counts of lanes, at offset[lane + 2], to begins at offset[lane + 1], which then run to
 * the lane's end while it is filled: to where the next one begins. */
static void
begin_filling (LsEventLists *lists, uint32_t n_lanes)
{
  for (uint32_t i = 2; i < n_lanes + 2; i++)
    lists->offset[i] += lists->offset[i - 1];
  lists->events = g_new (uint32_t, lists->offset[n_lanes + 1] + (gsize) 1);
}

static void
list_thread_events (LsTrace *trace)
{
  const LsColumns *columns = &trace->columns;
  LsEventLists *lists = &trace->thread_events;
  lists->offset = g_new0 (uint32_t, trace->n_threads + 2);
  for (uint32_t k = 0; k < columns->n; k++)
    lists->offset[ls_columns_get_thread (columns, k) + 2]++;
  begin_filling (lists, trace->n_threads);
  for (uint32_t k = 0; k < columns->n; k++)
    lists->events[lists->offset[ls_columns_get_thread (columns, k) + 1]++] = k;
}

/* The object that event k names beside its target; LS_NONE. */
static uint32_t
get_with (const LsTrace *trace, uint32_t k)
{
  LsRare rare;
  if (!(trace->columns.ops[k] & LS_OP_RARE))
    return LS_NONE;
  ls_columns_get_rare (&trace->columns, k, &rare);
  return rare.with != ls_columns_get_object (&trace->columns, k) ? rare.with : LS_NONE;
}

static void
list_object_events (LsTrace *trace)
{
  uint32_t n = trace->columns.n;
  LsEventLists *lists = &trace->object_events;
  lists->offset = g_new0 (uint32_t, trace->n_objects + 2);
  for (uint32_t k = 0; k < n; k++) {
    uint32_t objects[] = { ls_columns_get_object (&trace->columns, k), get_with (trace, k) };
    for (int i = 0; i < 2; i++)
      if (objects[i] != LS_NONE)
        lists->offset[objects[i] + 2]++;
  }
  begin_filling (lists, trace->n_objects);
  for (uint32_t k = 0; k < n; k++) {
    uint32_t objects[] = { ls_columns_get_object (&trace->columns, k), get_with (trace, k) };
    for (int i = 0; i < 2; i++)
      if (objects[i] != LS_NONE)
        lists->events[lists->offset[objects[i] + 1]++] = k;
  }
}

/* -- Counts -- */

static void
count (LsTrace *trace)
{
  const LsColumns *columns = &trace->columns;
  LsSurvey *survey = trace->survey = g_new (LsSurvey, 1);
  *survey = (LsSurvey){
    .thread_acquires = g_new0 (uint32_t, trace->n_threads + 1),
    .object_acquires = g_new0 (uint32_t, trace->n_objects + 1),
    .thread_waits = g_new0 (uint32_t, trace->n_threads + 1),
    .object_waits = g_new0 (uint32_t, trace->n_objects + 1),
    .thread_regions = g_new0 (uint32_t, trace->n_threads + 1),
  };
  for (uint32_t k = 0; k < columns->n; k++) {
    LsOp op = columns->ops[k];
    LsEventKind kind = LS_OP_KIND (op);
    int flags = ls_event_rows[kind].flags;
    if (kind != LS_EV_ACQUIRE && kind != LS_EV_WAIT && kind != LS_EV_SLEEP && kind != LS_EV_BEGIN &&
        !(flags & (LS_EV_READS | LS_EV_WRITES)))
      continue;
    uint32_t thread = ls_columns_get_thread (columns, k);
    uint32_t object = ls_columns_get_object (columns, k);
    survey->thread_acquires[thread] += kind == LS_EV_ACQUIRE;
    survey->thread_waits[thread] += kind == LS_EV_WAIT || kind == LS_EV_SLEEP;
    survey->thread_regions[thread] += kind == LS_EV_BEGIN;
    if (object == LS_NONE)
      continue;
    survey->object_acquires[object] += kind == LS_EV_ACQUIRE;
    survey->object_waits[object] += kind == LS_EV_WAIT;
    trace->objects[object].n_reads += (flags & LS_EV_READS) != 0;
    trace->objects[object].n_writes += (flags & LS_EV_WRITES) != 0;
  }
}

static void
index_part (guint part, gpointer trace)
{
  static void (*const parts[]) (LsTrace *) = { list_thread_events, list_object_events, count };
  parts[part](trace);
}

void
ls_trace_index_events (LsTrace *trace)
{
  ls_tasks_run (trace->n_workers, index_part, 3, trace);
}
