/* SPDX-License-Identifier: MIT */
/**
 * What the passes over the events know of threads and objects as they go: one pass for the holds of
 * locks (holds.c), one for waits and regions (waits.c, regions.c), one behind the other on each core.
 */
#pragma once

#include "trace-private.h"

/* What is no good in a trace, by the pass that found it. */
typedef struct {
  uint32_t k;
  char *reason;
} LsComplaint;

typedef struct {
  GArray *complaints; /* LsComplaint: the first LS_MAX_PROBLEMS */
  uint64_t n;
} LsComplaints;

/* Unless the trace may not say all. */
void
ls_complain (const LsTrace *trace, LsComplaints *complaints, uint32_t k, const char *format, ...)
  G_GNUC_PRINTF (4, 5);

typedef struct {
  LsTrace *trace;
  LsComplaints complaints;
  uint32_t *n;      /* of each lane: intervals so far */
  uint32_t *listed; /* the same of the other side's lists */
} LsWalk;

/* The passes. */
void ls_walk_holds (LsWalk *walk);
void ls_walk_waits (LsWalk *walk, LsWalk *regions);

/* Regions, in regions.c. */
typedef struct {
  GArray *open; /* uint32_t: places in the trace's regions; NULL until needed */
  uint16_t n_rows;
} LsRegionWalk;

void ls_walk_begin_region (LsWalk *walk, LsRegionWalk *thread, uint32_t k);
void ls_walk_end_region (LsWalk *walk, LsRegionWalk *thread, uint32_t k);
/* Ends the innermost regions of the thread down to a depth. */
void ls_walk_end_regions (LsWalk *walk, LsRegionWalk *thread, uint32_t k, guint depth);

/* Marks the objects that a thread releases which does not hold them: gates have no owner. */
void ls_trace_find_gates (LsTrace *trace);

/* Units of an acquire or release. */
int64_t ls_trace_get_units (const LsTrace *trace, uint32_t k);
