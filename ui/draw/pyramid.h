/* SPDX-License-Identifier: MIT */
/**
 * What a lane shows when zoomed out, at every power-of-two resolution: buckets of equal time.
 *
 * The model's summaries answer any span exactly, at about a microsecond each; a frame of fifty strips
 * asks eighty thousand times. A pyramid answers a pixel column from two or three neighbouring
 * buckets, exact but for where in a bucket something was: less than a pixel.
 */
#pragma once

#include "intervals.h"

G_BEGIN_DECLS

typedef struct _LsPyramid LsPyramid;

/* A bucket or column of a lock's lane; times as shares of the column's length. */
typedef struct {
  float held;      /* summed over holders */
  float waited;    /* summed over waiters */
  float top;       /* held by `holder`, at least */
  uint32_t holder; /* LS_NONE */
} LsHoldShare;

/* NULL when the lane has so few intervals that it needs none. O(intervals), once. */
LsPyramid *ls_pyramid_new_of_thread (const LsTrace *trace, uint32_t thread);
LsPyramid *ls_pyramid_new_of_object (const LsTrace *trace, uint32_t object);
void ls_pyramid_free (LsPyramid *pyramid);

/* The shortest column that it can answer. */
double ls_pyramid_get_least_ns (const LsPyramid *pyramid);
/* Of a thread: adds the share of each state in [begin, end) to shares[LS_STATE_N]. */
void
ls_pyramid_add_states (const LsPyramid *pyramid, double begin_ns, double end_ns, float *shares);
/* Of an object. */
LsHoldShare ls_pyramid_get_holds (const LsPyramid *pyramid, double begin_ns, double end_ns);

G_END_DECLS
