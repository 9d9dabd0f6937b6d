/* SPDX-License-Identifier: MIT */
/* A table of the latest, each at the place that it hashes to. */
#include "repeats.h"

#include <string.h>

#define N_PLACES 256

typedef struct {
  uint64_t target, site, tail; /* `tail`: a slot's last eight bytes; 0: nothing is here */
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

static uint64_t
get_tail (const LsSlot *slot)
{
  uint64_t tail;
  memcpy (&tail, &slot->arg, sizeof tail);
  return tail;
}

static guint
hash (const LsSlot *slot)
{
  uint64_t mixed = slot->target * 0x9e3779b97f4a7c15 ^ slot->site * 0xc2b2ae3d27d4eb4f ^
                   get_tail (slot) * 0x165667b19e3779f9;
  return (guint) (mixed >> 32) % N_PLACES;
}

const LsPlainEvent *
ls_repeats_find (const LsRepeats *repeats, const LsRecord *record)
{
  const LsSlot *slot = record->slot;
  const Repeat *repeat = &repeats->places[hash (slot)];
  bool is_it =
    repeat->target == slot->target && repeat->site == slot->site && repeat->tail == get_tail (slot);
  return is_it ? &repeat->event : NULL;
}

void
ls_repeats_keep (LsRepeats *repeats, const LsRecord *record, const LsPlainEvent *event)
{
  const LsSlot *slot = record->slot;
  repeats->is_empty = false;
  repeats->places[hash (slot)] = (Repeat){ .target = slot->target,
                                           .site = slot->site,
                                           .tail = get_tail (slot),
                                           .event = *event };
}

void
ls_repeats_forget (LsRepeats *repeats)
{
  if (repeats->is_empty)
    return;
  memset (repeats->places, 0, sizeof repeats->places);
  repeats->is_empty = true;
}
