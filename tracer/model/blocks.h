/* SPDX-License-Identifier: MIT */
/**
 * A lane's intervals in blocks: when each block begins, and how long its intervals last. Of tracks that
 * are not lists of numbers. Only tracer/model sees this.
 *
 * Of each interval the length is kept together with those before it in its block: so the sum of some at
 * a block's begin costs one look.
 */
#pragma once

#include "ladder.h"

G_BEGIN_DECLS

#define LS_LENGTH_LONG G_MAXUINT32 /* more than 32 bits tell: to be looked up */

typedef struct {
  LsLadder ladder;
  uint32_t *ns; /* of an interval and those of its block and group before it */
} LsBlocks;

/* Of one interval and more. `groups`, of 16 at most, in the low 4 bits; NULL: all are of one. */
void ls_blocks_init (LsBlocks *blocks,
                     const LsTrace *trace,
                     const LsTrack *track,
                     const uint8_t *groups);
void ls_blocks_clear (LsBlocks *blocks);

static inline uint32_t
ls_blocks_count (const LsTrack *track)
{
  return (track->n + LS_BLOCK - 1) / LS_BLOCK;
}

static inline int64_t
ls_blocks_get_end (const LsTrace *trace, const LsTrack *track, uint32_t i)
{
  uint32_t end = track->ends[i];
  return end == LS_NONE ? trace->info.end_ns : ls_columns_get_ts (&trace->columns, end);
}

/* The length of one interval, looked up. */
static inline uint64_t
ls_blocks_look_up (const LsTrace *trace, const LsTrack *track, uint32_t i)
{
  return (uint64_t) (ls_blocks_get_end (trace, track, i) -
                     ls_columns_get_ts (&trace->columns, track->begins[i]));
}

/* The length of one interval, when there is one group. */
static inline uint64_t
ls_blocks_get_length (const LsBlocks *blocks,
                      const LsTrace *trace,
                      const LsTrack *track,
                      uint32_t i)
{
  if (G_UNLIKELY (blocks->ns[i] == LS_LENGTH_LONG))
    return ls_blocks_look_up (trace, track, i);
  return blocks->ns[i] - (i % LS_BLOCK ? blocks->ns[i - 1] : 0);
}

/* How many begin before an event that its block's first one may be before: `i` is how many did before
 * an event no later. */
static inline uint32_t
ls_blocks_count_begun (const LsTrack *track, uint32_t block, uint32_t i, uint32_t event)
{
  uint32_t end = MIN ((block + 1) * LS_BLOCK, track->n);
  for (i = MAX (i, block * LS_BLOCK); i < end && track->begins[i] < event; i++)
    ;
  return i;
}

G_END_DECLS
