/* SPDX-License-Identifier: MIT */
/* Packing a chunk's slots. */
#include "compact-private.h"
#include "kept.h"

static const guint8 word_bytes[] = { 0, 1, 4, 8 };

static guint
get_kind (uint64_t tail)
{
  return LS_SLOT_KIND (ls_shape_get_mark (tail));
}

static guint8 *
put_word (guint8 *p, uint64_t word, uint64_t expected, guint *code)
{
  int64_t difference = (int64_t) (word - expected);
  *code = difference == 0                     ? LS_WORD_SAME
          : difference == (int8_t) difference ? LS_WORD_NEAR
                                              : LS_WORD_FAR;
  uint64_t said = (uint64_t) difference;
  if (difference != (int32_t) difference) {
    *code = LS_WORD_WHOLE;
    said = word;
  }
  said = GUINT64_TO_LE (said);
  memcpy (p, &said, sizeof said);
  return p + word_bytes[*code];
}

static guint8 *
put_new (LsCompactModel *model, guint8 *p, const LsShape *shape, const LsShape *expected)
{
  guint codes[3];
  guint8 *says = p++;
  if (shape->target == model->target) {
    codes[0] = LS_WORD_NEAR;
  } else {
    guint8 *end = put_word (p, shape->target, expected->target, &codes[0]);
    if (codes[0] == LS_WORD_NEAR) {
      codes[0] = LS_WORD_FAR;
      end = p + word_bytes[LS_WORD_FAR];
    }
    p = end;
  }
  p = put_word (p, shape->site, expected->site, &codes[1]);
  p = put_word (p, shape->tail, expected->tail, &codes[2]);
  *says = (guint8) (codes[0] | codes[1] << 2 | codes[2] << 4);
  return p;
}

static guint8 *
put_further (LsCompactModel *model, guint8 *p, const LsSlot *slot, guint n, guint place)
{
  for (guint i = 1; i < n; i++) {
    uint64_t words[4], *before = model->words[place];
    guint8 *says = p++;
    guint all = 0, code;
    memcpy (words, slot + i, sizeof words);
    for (guint k = 0; k < 4; k++) {
      p = put_word (p, words[k], i == 1 ? before[k] : 0, &code);
      all |= code << 2 * k;
    }
    *says = (guint8) all;
    if (i == 1)
      memcpy (before, words, sizeof words);
  }
  return p;
}

static guint8 *
put_head (guint8 *p, uint64_t ticks, guint form)
{
  uint32_t is_long = ticks >= LS_SHORT_TICKS;
  uint32_t head = GUINT32_TO_LE ((uint32_t) ticks << LS_HEAD_TICKS_SHIFT | is_long << 2 | form);
  memcpy (p, &head, sizeof head);
  return p + 2 + 2 * is_long;
}

static guint8 *
put_raw (guint8 *p, const LsSlot *slot, guint n)
{
  p = put_head (p, 0, LS_FORM_RAW);
  memcpy (p, slot, n * sizeof (LsSlot));
  return p + n * sizeof (LsSlot);
}

/* What a kind that had not been met in the chunk adds to what is told of it. */
static void
note_kind (LsCompacted *compacted, uint64_t tail)
{
  compacted->has_kept = compacted->has_kept || ls_kept_wants ((uint8_t) get_kind (tail));
}

static guint8 *
put_record (LsCompactModel *model,
            guint8 *p,
            const LsSlot *slot,
            uint64_t tail,
            guint n,
            LsCompacted *compacted)
{
  LsShape shape = { slot->target, slot->site, tail };
  uint64_t ticks = slot->ticks - model->ticks;
  guint place = model->follower[model->now];
  if (G_LIKELY (ls_shape_is_same (&shape, &model->shapes[place]))) {
    p = put_head (p, ticks, LS_FORM_EXPECTED);
  } else {
    guint expected = place;
    place = ls_shape_hash (&shape);
    if (ls_shape_is_same (&shape, &model->shapes[place])) {
      p = put_head (p, ticks, LS_FORM_KNOWN);
      *p++ = (guint8) place;
    } else {
      p = put_head (p, ticks, LS_FORM_NEW);
      p = put_new (model, p, &shape, &model->shapes[expected]);
      ls_model_learn (model, place, &shape);
      note_kind (compacted, tail);
    }
    model->follower[model->now] = (guint8) place;
  }
  ls_model_go_on (model, place, slot->ticks);
  return G_LIKELY (n == 1) ? p : put_further (model, p, slot, n, place);
}

static uint64_t
load_tail (const LsSlot *slot)
{
  return __atomic_load_n ((const uint64_t *) (const void *) &slot->arg, __ATOMIC_ACQUIRE);
}

/* The same for as many records as are of one slot and expected, which most are. Returns: the slot behind
 * them. */
static uint32_t
put_expected (LsCompactModel *model,
              guint8 **bytes,
              const LsChunk *chunk,
              uint32_t at,
              LsCompacted *compacted)
{
  guint8 *p = *bytes, now = model->now;
  uint64_t before = model->ticks;
  guint n_events = 0;
  for (; at < LS_CHUNK_SLOTS; at++) {
    const LsSlot *slot = &chunk->slot[at];
    guint place = model->follower[now];
    const LsShape *shape = &model->shapes[place];
    uint64_t tail = load_tail (slot), ticks = slot->ticks - before;
    uint64_t differs =
      (slot->target ^ shape->target) | (slot->site ^ shape->site) | (tail ^ shape->tail);
    if (differs != 0 || ticks >= LS_LONG_TICKS || ls_shape_count_slots (tail, at) != 1)
      break;
    p = put_head (p, ticks, LS_FORM_EXPECTED);
    before = slot->ticks;
    now = model->context[place];
    n_events += get_kind (tail) < LS_EV_N;
  }
  if (p > *bytes)
    model->target = chunk->slot[at - 1].target;
  *bytes = p;
  model->now = now;
  model->ticks = before;
  compacted->n_events += n_events;
  return at;
}

bool
ls_compact (const LsChunk *chunk, uint32_t position, guint8 *bytes, LsCompacted *compacted)
{
  LsCompactModel model;
  guint8 *p = bytes;
  uint32_t at = 2;
  ls_model_begin (&model);
  *compacted = (LsCompacted){ 0 };
  while (at < LS_CHUNK_SLOTS) {
    if (at >= position && (at = put_expected (&model, &p, chunk, at, compacted)) == LS_CHUNK_SLOTS)
      break;
    const LsSlot *slot = &chunk->slot[at];
    uint64_t tail = load_tail (slot);
    guint kind = get_kind (tail), n = ls_shape_count_slots (tail, at);
    if (kind == LS_SLOT_PAD)
      break;
    if (G_UNLIKELY (kind == 0 && at >= position))
      return false;
    if (at >= position)
      compacted->n_events += kind < LS_EV_N;
    if (G_UNLIKELY (kind == 0 || n == 0 || slot->ticks - model.ticks >= LS_LONG_TICKS)) {
      n = MAX (n, 1);
      p = put_raw (p, slot, n);
      model.ticks = slot->ticks;
      note_kind (compacted, tail);
    } else {
      p = put_record (&model, p, slot, tail, n, compacted);
    }
    at += n;
  }
  compacted->end = at;
  compacted->n_bytes = (uint32_t) (p - bytes);
  return true;
}
