/* SPDX-License-Identifier: MIT */
/**
 * Events as columns, about 13 bytes each. Only tracer/model sees this.
 *
 *   times    32 bits past the least of their block of 64; blocks that span more lie apart, in full
 *   ops      kind, mode, how and order in one, and which sparse entries there are
 *   indexes  thread, target, source: 16 bits each while that many do
 *   sparse   what only some events carry, packed without gaps and found by rank: values, and the
 *            rare keys (numbers, parts, names, errors), a word each where that is enough
 */
#pragma once

#include "trace.h"
#include "words.h"

G_BEGIN_DECLS

#define LS_MAX_THREADS (1u << 24)

/* op: bits 0-5 LsEventKind, 6-11 mode, how and order, 12 the target is a thread, 13-15 what it has */
typedef uint16_t LsOp;
#define LS_OP_THREAD (1u << 12)
#define LS_OP_VAL (1u << 13)
#define LS_OP_OLD (1u << 14)
#define LS_OP_RARE (1u << 15)
#define LS_OP_KIND(op) ((LsEventKind) ((op) &0x3f))
#define LS_OP_MODE(op) ((LsMode) (((op) >> 6 & 0x3f) / (LS_HOW_N * LS_ORDER_N)))
#define LS_OP_HOW(op) ((LsHow) (((op) >> 6 & 0x3f) / LS_ORDER_N % LS_HOW_N))
#define LS_OP_ORDER(op) ((LsOrder) (((op) >> 6 & 0x3f) % LS_ORDER_N))
#define LS_OP(kind, mode, how, order) \
  ((LsOp) ((kind) | (((mode) *LS_HOW_N + (how)) * LS_ORDER_N + (order)) << 6))

_Static_assert(LS_EV_N <= 64 && LS_MODE_N * LS_HOW_N * LS_ORDER_N <= 64, "the bits suffice");

#define LS_TS_BLOCK 64

/* Of 64 events: where their times begin, which have sparse entries, and how many come before. */
typedef struct {
  int64_t base_ns;
  uint64_t vals, olds, rares;
  uint64_t kinds;                   /* a bit each that is there */
  uint32_t n_vals, n_olds, n_rares; /* before the block */
  uint32_t wide;                    /* 1 + which of the wide blocks its times are; 0: none */
} LsColumnBlock;

/* Indexes below 65535, or LS_NONE, take 16 bits. */
typedef struct {
  uint16_t *narrow; /* one of the two is NULL */
  uint32_t *wide;
} LsIndexColumn;

typedef struct {
  uint32_t n;
  LsColumnBlock *blocks; /* n / 64 + 1 */
  uint32_t *ts;          /* past their block's base */
  int64_t *wide_ts;      /* 64 a wide block */
  LsOp *ops;
  LsIndexColumn threads, targets, sources; /* targets: object or thread index, LS_NONE */
  LsValueWords vals, olds;
  LsRareWords rares;
  char *const *texts; /* what words call text, by number */
} LsColumns;

static inline int64_t
ls_columns_get_ts (const LsColumns *columns, uint32_t k)
{
  const LsColumnBlock *block = &columns->blocks[k / LS_TS_BLOCK];
  if (G_UNLIKELY (block->wide))
    return columns->wide_ts[(block->wide - 1) * (gsize) LS_TS_BLOCK + k % LS_TS_BLOCK];
  return block->base_ns + columns->ts[k];
}

static inline uint32_t
ls_index_get (const LsIndexColumn *column, uint32_t k)
{
  if (!column->narrow)
    return column->wide[k];
  uint16_t index = column->narrow[k];
  return index == G_MAXUINT16 ? LS_NONE : index;
}

static inline LsEventKind
ls_columns_get_kind (const LsColumns *columns, uint32_t k)
{
  return LS_OP_KIND (columns->ops[k]);
}

static inline uint32_t
ls_columns_get_thread (const LsColumns *columns, uint32_t k)
{
  return ls_index_get (&columns->threads, k);
}

/* Object index; LS_NONE also when the target is a thread. */
static inline uint32_t
ls_columns_get_object (const LsColumns *columns, uint32_t k)
{
  return columns->ops[k] & LS_OP_THREAD ? LS_NONE : ls_index_get (&columns->targets, k);
}

/* Without help of the processor's, which not every one has, the compiler would call a function. */
static inline uint32_t
ls_count_bits (uint64_t bits)
{
  bits -= bits >> 1 & 0x5555555555555555u;
  bits = (bits & 0x3333333333333333u) + (bits >> 2 & 0x3333333333333333u);
  bits = (bits + (bits >> 4)) & 0x0f0f0f0f0f0f0f0fu;
  return (uint32_t) (bits * 0x0101010101010101u >> 56);
}

/* How many entries come before that of event k, of a block's bits and count. */
static inline uint32_t
ls_block_rank (uint64_t bits, uint32_t n_before, uint32_t k)
{
  uint64_t below = bits & (((uint64_t) 1 << k % LS_TS_BLOCK) - 1);
  return n_before + ls_count_bits (below);
}

/* -- Events of some kinds, in order -- */

#define LS_KIND_BIT(kind) ((uint64_t) 1 << (kind))

typedef struct {
  uint64_t kinds;
  uint32_t at;   /* the next block */
  uint64_t bits; /* those left of the block before it */
} LsKindScan;

/* Which of the block's events are of these kinds, a bit each. */
static inline uint64_t
ls_columns_find_kinds (const LsColumns *columns, uint32_t at, uint64_t kinds)
{
  uint32_t begin = at * LS_TS_BLOCK, n = MIN (columns->n - begin, LS_TS_BLOCK);
  uint64_t bits = 0;
  if (!(columns->blocks[at].kinds & kinds))
    return 0;
  for (uint32_t i = n; i-- > 0;)
    bits = bits << 1 | (kinds >> LS_OP_KIND (columns->ops[begin + i]) & 1);
  return bits;
}

/* Gives the next one; false when there is none. */
static inline bool
ls_kind_scan_next (LsKindScan *scan, const LsColumns *columns, uint32_t *k)
{
  while (!scan->bits) {
    if ((uint64_t) scan->at * LS_TS_BLOCK >= columns->n)
      return false;
    scan->bits = ls_columns_find_kinds (columns, scan->at++, scan->kinds);
  }
  *k = (scan->at - 1) * LS_TS_BLOCK + (uint32_t) __builtin_ctzll (scan->bits);
  scan->bits &= scan->bits - 1;
  return true;
}

/* The value that event k has; its op must say that it has one. */
static inline LsValue
ls_columns_get_val (const LsColumns *columns, uint32_t k)
{
  const LsColumnBlock *block = &columns->blocks[k / LS_TS_BLOCK];
  return ls_value_words_get (&columns->vals, ls_block_rank (block->vals, block->n_vals, k),
                             columns->texts);
}

static inline LsValue
ls_columns_get_old (const LsColumns *columns, uint32_t k)
{
  const LsColumnBlock *block = &columns->blocks[k / LS_TS_BLOCK];
  return ls_value_words_get (&columns->olds, ls_block_rank (block->olds, block->n_olds, k),
                             columns->texts);
}

/* The rare keys of event k; false, and none, when it has none. */
static inline bool
ls_columns_get_rare (const LsColumns *columns, uint32_t k, LsRare *rare)
{
  const LsColumnBlock *block = &columns->blocks[k / LS_TS_BLOCK];
  if (!(columns->ops[k] & LS_OP_RARE)) {
    *rare = LS_RARE_NONE;
    return false;
  }
  *rare = ls_rare_words_get (&columns->rares, ls_block_rank (block->rares, block->n_rares, k));
  return true;
}

/* NULL when it has none. */
const char *ls_columns_get_name (const LsColumns *columns, uint32_t k);

/* The first event at or after `ts_ns`: 0 .. n. */
uint32_t ls_columns_find_ts (const LsColumns *columns, int64_t ts_ns);
/* The same of what is not before event k: in so much time as they are apart. */
uint32_t ls_columns_find_ts_from (const LsColumns *columns, uint32_t k, int64_t ts_ns);

void ls_columns_clear (LsColumns *columns);

G_END_DECLS
