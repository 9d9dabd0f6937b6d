/* SPDX-License-Identifier: MIT */
/**
 * How long the intervals of a lane last, and how to find those that begin near a moment. Of tracks that
 * are not lists of numbers. Only tracer/model sees this.
 *
 * Of each interval the length is kept together with those before it in its block: so the sum of some at
 * a block's begin costs one look.
 */
#pragma once

#include "directory.h"
#include "summary.h"

G_BEGIN_DECLS

#define LS_LENGTH_LONG G_MAXUINT32 /* more than 32 bits tell: to be looked up */

typedef struct {
  LsDirectory begins;
  uint32_t *ns; /* of an interval and those of its block and group before it */
} LsBlockLengths;

/* `groups`, of 16 at most, in the low 4 bits; NULL: all are of one. */
void ls_block_lengths_init (LsBlockLengths *lengths,
                            const LsTrace *trace,
                            const LsTrack *track,
                            const uint8_t *groups);
void ls_block_lengths_clear (LsBlockLengths *lengths);

/* What is no longer than a line of memory, but perhaps in two. */
static inline void
ls_prefetch (const void *at, gsize n_bytes)
{
  __builtin_prefetch (at);
  __builtin_prefetch ((const char *) at + n_bytes - 1);
}

static inline int64_t
ls_block_lengths_get_end (const LsTrace *trace, const LsTrack *track, uint32_t i)
{
  uint32_t end = track->ends[i];
  return end == LS_NONE ? trace->info.end_ns : ls_columns_get_ts (&trace->columns, end);
}

/* Of one interval, looked up. */
static inline uint64_t
ls_block_lengths_look_up (const LsTrace *trace, const LsTrack *track, uint32_t i)
{
  return (uint64_t) (ls_block_lengths_get_end (trace, track, i) -
                     ls_columns_get_ts (&trace->columns, track->begins[i]));
}

/* Of one interval, when there is one group. */
static inline uint64_t
ls_block_lengths_get (const LsBlockLengths *lengths,
                      const LsTrace *trace,
                      const LsTrack *track,
                      uint32_t i)
{
  if (G_UNLIKELY (lengths->ns[i] == LS_LENGTH_LONG))
    return ls_block_lengths_look_up (trace, track, i);
  return lengths->ns[i] - (i % LS_BLOCK ? lengths->ns[i - 1] : 0);
}

G_END_DECLS
