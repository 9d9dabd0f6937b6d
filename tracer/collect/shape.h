/* SPDX-License-Identifier: MIT */
/* What a record's first slot says but its time: what threads do over and over has few of them. */
#pragma once

#include <stdbool.h>
#include <string.h>

#include "slot.h"

typedef struct {
  uint64_t target, site, tail; /* `tail`: a slot's last eight bytes, its mark among them */
} LsShape;

static inline uint64_t
ls_slot_get_tail (const LsSlot *slot)
{
  uint64_t tail;
  memcpy (&tail, &slot->arg, sizeof tail);
  return tail;
}

static inline uint16_t
ls_shape_get_mark (uint64_t tail)
{
  LsSlot slot;
  memcpy (&slot.arg, &tail, sizeof tail);
  return slot.mark;
}

static inline bool
ls_shape_is_same (const LsShape *a, const LsShape *b)
{
  return ((a->target ^ b->target) | (a->site ^ b->site) | (a->tail ^ b->tail)) == 0;
}
