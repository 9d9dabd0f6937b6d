/* SPDX-License-Identifier: MIT */
/* A table of the latest, each at the place that it hashes to. */
#include "repeats.h"

#include <string.h>

#include "shape.h"

#define N_PLACES 256

typedef struct {
  LsShape shape; /* its tail is 0: nothing is here */
  LsPlainEvent event;
} Repeat;

struct _LsRepeats {
  Repeat places[N_PLACES];
  bool is_empty;
};

LsRepeats *
ls_repeats_new (void)
{
  LsRepeats *repeats = g_new0 (LsRepeats, 1);
  repeats->is_empty = true;
  return repeats;
}

void
ls_repeats_free (LsRepeats *repeats)
{
  g_free (repeats);
}

bool
ls_repeats_may (const LsRecord *record)
{
  const guint64 kinds = 1 << LS_EV_ACQUIRE | 1 << LS_EV_RELEASE | 1 << LS_EV_SIGNAL |
                        1 << LS_EV_BROADCAST | 1 << LS_EV_FAIL | 1 << LS_EV_WAIT;
  return record->slot_count == 1 && record->kind < LS_EV_N && (kinds >> record->kind & 1) &&
         record->slot->object != LS_OBJECT_UNKNOWN;
}

static LsShape
get_shape (const LsRecord *record)
{
  const LsSlot *slot = record->slot;
  return (LsShape){ slot->target, slot->site, ls_slot_get_tail (slot) };
}

static guint
hash (const LsShape *shape)
{
  uint64_t mixed = shape->target * 0x9e3779b97f4a7c15 ^ shape->site * 0xc2b2ae3d27d4eb4f ^
                   shape->tail * 0x165667b19e3779f9;
  return (guint) (mixed >> 32) % N_PLACES;
}

const LsPlainEvent *
ls_repeats_find (const LsRepeats *repeats, const LsRecord *record)
{
  LsShape shape = get_shape (record);
  const Repeat *repeat = &repeats->places[hash (&shape)];
  return ls_shape_is_same (&repeat->shape, &shape) ? &repeat->event : NULL;
}

void
ls_repeats_keep (LsRepeats *repeats, const LsRecord *record, const LsPlainEvent *event)
{
  LsShape shape = get_shape (record);
  repeats->is_empty = false;
  repeats->places[hash (&shape)] = (Repeat){ shape, *event };
}

void
ls_repeats_forget (LsRepeats *repeats)
{
  if (repeats->is_empty)
    return;
  memset (repeats->places, 0, sizeof repeats->places);
  repeats->is_empty = true;
}
