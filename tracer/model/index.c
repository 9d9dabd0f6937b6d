/* SPDX-License-Identifier: MIT */
/* Lists of events per lane. */
#include "tasks.h"
#include "walk.h"

/* Room for as many as the tallies say. Returns: (owned) where the next of each lane goes. */
static uint32_t *
begin_lists (LsEventLists *lists, const LsTally *tallies, uint32_t n_lanes)
{
  lists->offset = g_new (uint32_t, n_lanes + (gsize) 1);
  for (uint32_t i = 0; i < n_lanes; i++)
    lists->offset[i] = ls_tally_sum (&tallies[i]);
  ls_counts_to_offsets (lists->offset, n_lanes);
  lists->events = ls_room_new (lists->offset[n_lanes] + (gsize) 1, sizeof *lists->events);
  return g_memdup2 (lists->offset, (n_lanes + (gsize) 1) * sizeof *lists->offset);
}

static void
list_thread_events (LsTrace *trace)
{
  const LsColumns *columns = &trace->columns;
  LsEventLists *lists = &trace->thread_events;
  g_autofree uint32_t *next = begin_lists (lists, trace->thread_tallies, trace->n_threads);
  for (uint32_t k = 0; k < columns->n && !ls_trace_is_given_up (trace, k); k++)
    lists->events[next[ls_columns_get_thread (columns, k)]++] = k;
}

/* As the events come one after the other, so do their rare keys. */
static void
list_object_events (LsTrace *trace)
{
  const LsColumns *columns = &trace->columns;
  LsEventLists *lists = &trace->object_events;
  g_autofree uint32_t *next = begin_lists (lists, trace->object_tallies, trace->n_objects);
  uint32_t n_rare = 0;
  for (uint32_t k = 0; k < columns->n && !ls_trace_is_given_up (trace, k); k++) {
    LsOp op = columns->ops[k];
    uint32_t target = ls_index_get (&columns->targets, k);
    uint32_t object = op & LS_OP_THREAD ? LS_NONE : target;
    if (object != LS_NONE)
      lists->events[next[object]++] = k;
    if (!(op & LS_OP_RARE))
      continue;
    uint32_t with = ls_rare_words_get_with (&columns->rares, n_rare++);
    if (with != LS_NONE && with != object)
      lists->events[next[with]++] = k;
  }
}

static void
index_part (guint part, gpointer trace)
{
  static void (*const parts[]) (LsTrace *) = { list_object_events, list_thread_events };
  parts[part](trace);
}

void
ls_trace_index_events (LsTrace *trace)
{
  ls_tasks_run (trace->n_workers, index_part, 2, trace);
}
