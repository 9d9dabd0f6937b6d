/* SPDX-License-Identifier: MIT */
/**
 * Who held a lock how long: what is kept, and a question as it is answered. Only tracer/model sees this.
 */
#pragma once

#include "blocks.h"

G_BEGIN_DECLS

/* Who may have held it most of a node's time; see dominant.c. */
typedef struct {
  uint32_t number;
  float surplus, known; /* ns; of them known to be of that thread */
} LsHoldVote;

struct _LsHolders {
  LsBlocks blocks;
  bool is_alone;    /* never two at a time */
  LsStairs *stairs; /* how many held it when; NULL: is_alone */
  uint32_t
    *first_open; /* of each block: what of the holds before lasts past the last of them; NULL */
  uint64_t *held[LS_LADDER_LEVELS];    /* length of all holds before a node */
  LsHoldVote *votes[LS_LADDER_LEVELS]; /* NULL: one thread is all */
  uint32_t *threads; /* that hold it, in the order of their first hold: by number */
  uint32_t n_threads;
  guint number_bytes;
  void *numbers; /* of each hold's thread */
};

/* An edge of columns. One within a node whose holds are taken to be spread evenly, `is_spread`, has
 * before it, as whole ones, those before the node. */
typedef struct {
  LsCut cut;
  uint64_t before;  /* time before it */
  uint32_t count;   /* holds before it */
  uint32_t n_begun; /* whole ones */
  uint64_t begun;   /* their length */
  uint32_t high;    /* of the node: the same of those up to its end */
  uint64_t begun_high;
  uint64_t rest;   /* past it of those that are open */
  uint32_t n_open; /* of them those that last past it, or to it */
  bool is_spread;
} LsHoldEdge;

typedef struct {
  const LsTrace *trace;
  const LsTrack *holds;
  const LsHolders *holders;
  GArray *found; /* uint32_t: scratch */
} LsHoldQuery;

/* Holds that may be open at an edge: those from begin to end, or what is at their place in a list. */
typedef struct {
  uint32_t begin, end;
  const uint32_t *list; /* or NULL */
} LsOpenHolds;

G_ALWAYS_INLINE static inline uint32_t
ls_unpack_number (const void *numbers, guint bytes, uint32_t i)
{
  return bytes == 1   ? ((const uint8_t *) numbers)[i]
         : bytes == 2 ? ((const uint16_t *) numbers)[i]
                      : ((const uint32_t *) numbers)[i];
}

static inline uint32_t
ls_holders_get_number (const LsHolders *holders, uint32_t i)
{
  return ls_unpack_number (holders->numbers, holders->number_bytes, i);
}

/* Valid until the next ones are asked for. */
LsOpenHolds ls_hold_query_find_open (const LsHoldQuery *query, const LsHoldEdge *edge);

/* How long the hold lasts past the edge; -1: it does not. */
static inline int64_t
ls_hold_query_get_rest (const LsHoldQuery *query, uint32_t hold, const LsHoldEdge *edge)
{
  if (query->holds->ends[hold] < edge->cut.event)
    return -1;
  return MAX (ls_blocks_get_end (query->trace, query->holds, hold) - edge->cut.ns, -1);
}

/* Who may prevail in each node. */
void ls_holders_vote (LsHolders *holders, const LsTrace *trace, const LsTrack *holds);

/* Who had 60 % of the time between two edges; LS_NONE. */
uint32_t ls_hold_query_find_dominant (const LsHoldQuery *query,
                                      const LsHoldEdge *from,
                                      const LsHoldEdge *to);

G_END_DECLS
