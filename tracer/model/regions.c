/* SPDX-License-Identifier: MIT */
/* Named regions of threads, nested, out of `begin` and `end`. */
#include "walk.h"

void
ls_walk_begin_region (LsWalk *walk, uint32_t k, const LsEvent *event)
{
  LsThreadWalk *thread = &walk->threads[event->thread];
  LsThreadLane *lane = &walk->trace->thread_lanes[event->thread];
  if (!thread->regions)
    thread->regions = g_array_new (FALSE, FALSE, sizeof (uint32_t));
  LsInterval interval = {
    .begin_event = k,
    .end_event = LS_NONE,
    .thread = event->thread,
    .object = LS_NONE,
    .peer = LS_NONE,
    .row = (uint8_t) MIN (thread->regions->len, 255),
  };
  uint32_t index = ls_track_append (&lane->regions, &interval);
  g_array_append_val (thread->regions, index);
  lane->n_region_rows = MAX (lane->n_region_rows, interval.row + 1u);
}

void
ls_walk_end_regions (LsWalk *walk, uint32_t k, uint32_t index, guint depth)
{
  GArray *regions = walk->threads[index].regions;
  const LsTrack *track = &walk->trace->thread_lanes[index].regions;
  while (regions && regions->len > depth) {
    uint32_t region = g_array_index (regions, uint32_t, regions->len - 1);
    track->intervals[region].end_event = k;
    g_array_set_size (regions, regions->len - 1);
  }
}

/* An `end` names its region; what was begun inside and never ended ends with it. */
#define MAX_UNENDED 64

void
ls_walk_end_region (LsWalk *walk, uint32_t k, const LsEvent *event)
{
  LsTrace *trace = walk->trace;
  const GArray *regions = walk->threads[event->thread].regions;
  const LsTrack *track = &trace->thread_lanes[event->thread].regions;
  guint depth = regions ? regions->len : 0;
  for (guint i = 0; i < MIN (depth, MAX_UNENDED); i++) {
    uint32_t region = g_array_index (regions, uint32_t, depth - 1 - i);
    /* Names are interned. */
    if (event->name &&
        ls_columns_get_name (&trace->columns, track->intervals[region].begin_event) != event->name)
      continue;
    ls_walk_end_regions (walk, k, event->thread, depth - 1 - i);
    return;
  }
  if (!trace->info.absence_is_no_proof)
    ls_trace_add_problem (trace, k, "%s ends \"%s\", which it is not in",
                          trace->threads[event->thread].name, event->name ? event->name : "");
}
