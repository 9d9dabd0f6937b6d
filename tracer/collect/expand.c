/* SPDX-License-Identifier: MIT */
/* Unpacking a chunk's slots. */
#include "compact-private.h"

typedef struct {
  const guint8 *p, *end;
  bool is_bad; /* it ends too early; what is read from then on is 0 */
} Input;

static void
take (Input *input, void *bytes, gsize n)
{
  if ((gsize) (input->end - input->p) < n) {
    input->is_bad = true;
    input->p = input->end;
    memset (bytes, 0, n);
    return;
  }
  memcpy (bytes, input->p, n);
  input->p += n;
}

static uint64_t
take_word (Input *input, guint code, uint64_t expected)
{
  int8_t near;
  uint32_t far = 0;
  uint64_t whole = 0;
  switch (code & 3) {
  case LS_WORD_NEAR:
    take (input, &near, sizeof near);
    return expected + (uint64_t) (int64_t) near;
  case LS_WORD_FAR:
    take (input, &far, sizeof far);
    return expected + (uint64_t) (int64_t) (int32_t) GUINT32_FROM_LE (far);
  case LS_WORD_WHOLE:
    take (input, &whole, sizeof whole);
    return GUINT64_FROM_LE (whole);
  default:
    return expected;
  }
}

static guint
take_new (LsCompactModel *model, Input *input, const LsShape *expected)
{
  guint8 says;
  take (input, &says, sizeof says);
  LsShape shape;
  shape.target =
    (says & 3) == LS_WORD_NEAR ? model->target : take_word (input, says, expected->target);
  shape.site = take_word (input, says >> 2, expected->site);
  shape.tail = take_word (input, says >> 4, expected->tail);
  guint place = ls_shape_hash (&shape);
  ls_model_learn (model, place, &shape);
  return place;
}

/* The shape's place. */
static guint
take_shape (LsCompactModel *model, Input *input, guint form)
{
  guint expected = model->follower[model->now];
  guint8 place;
  if (form == LS_FORM_EXPECTED)
    return expected;
  if (form == LS_FORM_KNOWN)
    take (input, &place, sizeof place);
  else
    place = (guint8) take_new (model, input, &model->shapes[expected]);
  model->follower[model->now] = place;
  return place;
}

static void
take_further (LsCompactModel *model, Input *input, LsSlot *slot, guint n, guint place)
{
  for (guint i = 1; i < n; i++) {
    uint64_t words[4], *before = model->words[place];
    guint8 says;
    take (input, &says, sizeof says);
    for (guint k = 0; k < 4; k++)
      words[k] = take_word (input, says >> 2 * k, i == 1 ? before[k] : 0);
    memcpy (slot + i, words, sizeof words);
    if (i == 1)
      memcpy (before, words, sizeof words);
  }
}

static uint32_t
take_head (Input *input)
{
  guint16 low, high = 0;
  take (input, &low, sizeof low);
  low = GUINT16_FROM_LE (low);
  if (low & LS_HEAD_IS_LONG)
    take (input, &high, sizeof high);
  return (uint32_t) low | (uint32_t) GUINT16_FROM_LE (high) << 16;
}

/* Takes a record to slots[at] and on. Returns: how many slots it has; 0 when they are not before
 * slots[end]. */
static guint
take_record (LsCompactModel *model, Input *input, LsSlot *slots, uint32_t at, uint32_t end)
{
  LsSlot *slot = &slots[at];
  uint32_t head = take_head (input);
  if ((head & LS_FORM_MASK) == LS_FORM_RAW) {
    take (input, slot, sizeof *slot);
    model->ticks = slot->ticks;
    guint n = MAX (1, ls_shape_count_slots (ls_slot_get_tail (slot), at));
    if (n > end - at)
      return 0;
    take (input, slot + 1, (n - 1) * sizeof *slot);
    return n;
  }
  guint place = take_shape (model, input, head & LS_FORM_MASK);
  const LsShape *shape = &model->shapes[place];
  guint n = ls_shape_count_slots (shape->tail, at);
  if (n == 0 || n > end - at)
    return 0;
  slot->ticks = model->ticks + (head >> LS_HEAD_TICKS_SHIFT);
  slot->target = shape->target;
  slot->site = shape->site;
  memcpy (&slot->arg, &shape->tail, sizeof shape->tail);
  ls_model_go_on (model, place, slot->ticks);
  take_further (model, input, slot, n, place);
  return n;
}

bool
ls_expand (const guint8 *bytes, gsize n_bytes, LsSlot *slots, uint32_t end)
{
  LsCompactModel model;
  Input input = { .p = bytes, .end = bytes + n_bytes };
  ls_model_begin (&model);
  for (uint32_t at = 2; at < end;) {
    guint n = take_record (&model, &input, slots, at, end);
    if (n == 0 || input.is_bad)
      return false;
    at += n;
  }
  return input.p == input.end;
}
