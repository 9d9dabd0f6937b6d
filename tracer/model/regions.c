/* SPDX-License-Identifier: MIT */
/* Named regions of threads, nested, out of `begin` and `end`. */
#include "walk.h"

void
ls_walk_begin_region (LsWalk *walk, LsRegionWalk *thread, uint32_t k)
{
  LsSpans *regions = &walk->trace->regions;
  uint32_t index = ls_columns_get_thread (&walk->trace->columns, k);
  uint32_t place = regions->offset[index] + walk->n[index]++;
  if (!thread->open)
    thread->open = g_array_new (FALSE, FALSE, sizeof (uint32_t));
  uint8_t row = (uint8_t) MIN (thread->open->len, 255);
  thread->n_rows = MAX (thread->n_rows, row + 1);
  regions->begins[place] = k;
  regions->ends[place] = LS_NONE;
  regions->infos[place] = row;
  g_array_append_val (thread->open, place);
}

void
ls_walk_end_regions (LsWalk *walk, LsRegionWalk *thread, uint32_t k, guint depth)
{
  GArray *open = thread->open;
  while (open && open->len > depth) {
    walk->trace->regions.ends[g_array_index (open, uint32_t, open->len - 1)] = k;
    g_array_set_size (open, open->len - 1);
  }
}

/* An `end` names its region; what was begun inside and never ended ends with it. */
#define MAX_UNENDED 64

void
ls_walk_end_region (LsWalk *walk, LsRegionWalk *thread, uint32_t k)
{
  const LsTrace *trace = walk->trace;
  guint depth = thread->open ? thread->open->len : 0;
  const char *name = ls_columns_get_name (&trace->columns, k);
  for (guint i = 0; i < MIN (depth, MAX_UNENDED); i++) {
    uint32_t place = g_array_index (thread->open, uint32_t, depth - 1 - i);
    /* Names are there once each. */
    if (name && ls_columns_get_name (&trace->columns, trace->regions.begins[place]) != name)
      continue;
    ls_walk_end_regions (walk, thread, k, depth - 1 - i);
    return;
  }
  uint32_t index = ls_columns_get_thread (&trace->columns, k);
  ls_complain (trace, &walk->complaints, k, "%s ends \"%s\", which it is not in",
               trace->threads[index].name, name ? name : "");
}
