/* SPDX-License-Identifier: MIT */
/**
 * How a chunk's slots are packed, as compact.c and expand.c share it.
 *
 * Each record begins with 16 bits, or 32: two say which form it has, one how wide it is, the rest is
 * the time since the record before. Then follows, by its form:
 *   EXPECTED  nothing: it is the shape that came after the last one's kind of shape last time
 *   KNOWN     a byte: the shape's place in the table
 *   NEW       its words as differences; the table has it from then on, at the place it hashes to
 *   RAW       its slots as they are: its time is far from the last one's, or it makes no sense
 * Behind all but RAW come the record's further
 * slots, the second one's words as differences from those that the same shape had last time.
 */
#pragma once

#include "compact.h"
#include "shape.h"

#define LS_N_SHAPES 256
#define LS_SHORT_TICKS (1u << 13)
#define LS_LONG_TICKS (1u << 29)

enum {
  LS_FORM_EXPECTED,
  LS_FORM_KNOWN,
  LS_FORM_NEW,
  LS_FORM_RAW,
  LS_FORM_MASK = 3,
  LS_HEAD_IS_LONG = 4,
  LS_HEAD_TICKS_SHIFT = 3,
};

/* How a word is said: as it was expected, by a difference of one or four bytes, or whole. For a target
 * a byte would not do; there this code says that it is the last record's. */
enum {
  LS_WORD_SAME,
  LS_WORD_NEAR,
  LS_WORD_FAR,
  LS_WORD_WHOLE,
};

typedef struct {
  LsShape shapes[LS_N_SHAPES];
  guint8 context[LS_N_SHAPES];    /* of each shape: what stands for its site and its tail */
  guint8 follower[LS_N_SHAPES];   /* by context: the shape that came next, last time */
  uint64_t ticks, target;         /* of the record before */
  guint8 now;                     /* the context */
  uint64_t words[LS_N_SHAPES][4]; /* of each shape's second slot, where it has one */
} LsCompactModel;

static inline void
ls_model_begin (LsCompactModel *model)
{
  memset (model, 0, G_STRUCT_OFFSET (LsCompactModel, words));
}

static inline uint64_t
ls_shape_hash_context (const LsShape *shape)
{
  return shape->site * 0x9e3779b97f4a7c15 ^ shape->tail * 0xc2b2ae3d27d4eb4f;
}

static inline guint
ls_shape_hash (const LsShape *shape)
{
  return (guint) ((ls_shape_hash_context (shape) ^ shape->target * 0x165667b19e3779f9) >> 56);
}

/* The slots of a record that begins at slot `at` of its chunk, by its last eight bytes; 0 when it cannot
 * have so many. */
static inline guint
ls_shape_count_slots (uint64_t tail, uint32_t at)
{
  guint n = LS_SLOT_COUNT (ls_shape_get_mark (tail));
  return n <= LS_SLOT_MAX && at + n <= LS_CHUNK_SLOTS ? n : 0;
}

/* The shape comes to the place that is its own. */
static inline void
ls_model_learn (LsCompactModel *model, guint place, const LsShape *shape)
{
  model->shapes[place] = *shape;
  model->context[place] = (guint8) (ls_shape_hash_context (shape) >> 56);
  memset (model->words[place], 0, sizeof model->words[place]);
}

static inline void
ls_model_go_on (LsCompactModel *model, guint place, uint64_t ticks)
{
  model->ticks = ticks;
  model->target = model->shapes[place].target;
  model->now = model->context[place];
}
