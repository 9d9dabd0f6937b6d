/* SPDX-License-Identifier: MIT */
/**
 * Who held a lock how long: what is kept, and a question as it is answered. Only tracer/model sees this.
 */
#pragma once

#include "block-lengths.h"
#include "summary.h"

G_BEGIN_DECLS

#define LS_MAX_SHARES 34 /* of a row: its time, all, and 32 bits */

struct _LsHolders {
  LsBlockLengths lengths;
  bool is_alone; /* never two at a time */
  uint32_t
    *first_open;     /* of each block: what of the holds before lasts past the last of them; NULL */
  uint32_t *threads; /* that hold it, in the order of their first hold: by number */
  uint32_t n_threads;
  guint n_bits;   /* of the numbers */
  uint64_t *rows; /* of each block: when it begins; length of all holds before it; of those with
                           a number with bit 0, with bit 1 ... */
  guint number_bytes;
  void *numbers; /* of each hold's thread */
};

/* An edge of columns. */
typedef struct {
  LsCut cut;
  uint32_t n_begun; /* holds before it */
  uint32_t n_open;  /* of them those that last past it, or to it */
  uint64_t partial; /* length of those begun since the block's */
  uint64_t rest;    /* length past it of the open ones */
  bool is_done;     /* looked at */
} LsHoldEdge;

typedef struct {
  const LsTrace *trace;
  const LsTrack *holds;
  const LsHolders *holders;
  GArray *open;       /* uint32_t: scratch */
  int64_t *by_number; /* time of each thread: scratch, all 0 */
} LsHoldQuery;

static inline uint32_t
ls_holders_get_number (const LsHolders *holders, uint32_t i)
{
  if (holders->number_bytes == 1)
    return ((const uint8_t *) holders->numbers)[i];
  if (holders->number_bytes == 2)
    return ((const uint16_t *) holders->numbers)[i];
  return ((const uint32_t *) holders->numbers)[i];
}

enum {
  LS_ROW_BEGIN_NS,
  LS_ROW_ALL,
  LS_ROW_BITS
};

static inline const uint64_t *
ls_holders_get_row (const LsHolders *holders, uint32_t block)
{
  return holders->rows + (gsize) block * (LS_ROW_BITS + holders->n_bits);
}

/* Lists in `open` the holds that are open at the edge. */
void ls_hold_query_collect_open (const LsHoldQuery *query, const LsHoldEdge *edge);

/* How long the hold lasts past the edge; -1: it does not. */
static inline int64_t
ls_hold_query_get_rest (const LsHoldQuery *query, uint32_t hold, const LsHoldEdge *edge)
{
  if (query->holds->ends[hold] < edge->cut.event)
    return -1;
  return MAX (ls_block_lengths_get_end (query->trace, query->holds, hold) - edge->cut.ns, -1);
}

/* Who had 60 % of the `held_ns` between two edges; LS_NONE. */
uint32_t ls_hold_query_find_dominant (const LsHoldQuery *query,
                                      const LsHoldEdge *from,
                                      const LsHoldEdge *to,
                                      int64_t held_ns);

G_END_DECLS
