/* SPDX-License-Identifier: MIT */
/**
 * Where the blocks of a lane begin; where each 4th of them does, each 16th, and so on: so that a view
 * finds on some level nodes that are near its columns' width, one after the other in memory, and its
 * edges climb up and down as the lane is dense or sparse. Only tracer/model sees this.
 *
 * What a lane knows of its blocks lies in rows of the same levels.
 */
#pragma once

#include "summary.h"

G_BEGIN_DECLS

#define LS_LADDER_BITS 2
#define LS_LADDER_FAN (1u << LS_LADDER_BITS)
#define LS_LADDER_LEVELS 16
#define LS_LADDER_TOP 8 /* nodes of the highest level, or fewer */

typedef struct {
  uint32_t n;                        /* blocks */
  guint n_levels;                    /* level 0: the blocks */
  int64_t *begins[LS_LADDER_LEVELS]; /* and G_MAXINT64 after the last */
} LsLadder;

/* Takes the begins of `n` > 0 blocks, ascending, with room for one more. */
void ls_ladder_init (LsLadder *ladder, int64_t *begins, uint32_t n);
void ls_ladder_clear (LsLadder *ladder);

/* Makes rows of all levels, which say what is before a node, out of rows[0], of n + 1 blocks: each as
 * the first of its blocks has it. */
void ls_ladder_lift (const LsLadder *ladder, gpointer *rows, gsize size);
void ls_ladder_free_rows (const LsLadder *ladder, gpointer *rows);

static inline uint32_t
ls_ladder_count (const LsLadder *ladder, guint level)
{
  return ((ladder->n - 1) >> level * LS_LADDER_BITS) + 1;
}

/* The first block of a node, or of what is behind the last one. */
static inline uint32_t
ls_ladder_get_block (const LsLadder *ladder, guint level, uint32_t node)
{
  return (uint32_t) MIN ((uint64_t) node << level * LS_LADDER_BITS, ladder->n);
}

/* Where the edges of a view are, one after the other. */
typedef struct {
  const LsLadder *ladder;
  guint level;
  uint32_t node; /* the last of its level that begins before the edge; 0: perhaps none does */
} LsClimb;

#define LS_CLIMB(ladder) ((LsClimb){ (ladder), (ladder)->n_levels - 1, 0 })
#define LS_CLIMB_STEPS 4 /* so many nodes a column are too many */

/* Climbs to an edge at or after the last one. Says that it lies within a node shorter than a column,
 * and which share of it is before the edge; or, false, that its block is to be looked at. */
static inline bool
ls_climb_to (LsClimb *climb, const LsCut *cut, double *share)
{
  const LsLadder *ladder = climb->ladder;
  uint32_t node = climb->node;
  guint level = climb->level;
  const int64_t *begins = ladder->begins[level];
  guint n_steps = 0;
  while (begins[node + 1] < cut->ns) {
    node++;
    if (++n_steps == LS_CLIMB_STEPS && level + 1 < ladder->n_levels) {
      begins = ladder->begins[++level];
      node >>= LS_LADDER_BITS;
      n_steps = 0;
    }
  }
  while (level > 0 && (begins[node] >= cut->ns ||
                       (uint64_t) begins[node + 1] - (uint64_t) begins[node] >= cut->column_ns)) {
    begins = ladder->begins[--level];
    for (node <<= LS_LADDER_BITS; begins[node + 1] < cut->ns; node++)
      ;
  }
  climb->level = level;
  climb->node = node;
  uint64_t length = (uint64_t) begins[node + 1] - (uint64_t) begins[node];
  if (length >= cut->column_ns || begins[node] >= cut->ns)
    return false;
  *share = (double) (cut->ns - begins[node]) / (double) length;
  return true;
}

/* Between what is before a node and what is before the next. */
static inline uint64_t
ls_spread (uint64_t before, uint64_t after, double share)
{
  return before + (uint64_t) (share * (double) (int64_t) (after - before));
}

G_END_DECLS
