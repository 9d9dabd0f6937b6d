/* SPDX-License-Identifier: MIT */
/* Vector clocks and stamps. */
#include <string.h>

#include "clock.h"

static LsSnap *
snap_new (const uint32_t *at, uint32_t n)
{
  LsSnap *snap = g_malloc (sizeof (LsSnap) + n * sizeof (uint32_t));
  snap->n_refs = 1;
  snap->n = n;
  if (n > 0)
    memcpy (snap->at, at, n * sizeof (uint32_t));
  return snap;
}

static LsSnap *
snap_ref (LsSnap *snap)
{
  snap->n_refs++;
  return snap;
}

static void
snap_unref (LsSnap *snap)
{
  if (snap && --snap->n_refs == 0)
    g_free (snap);
}

/* -- Stamps -- */

void
ls_stamp_clear (LsStamp *stamp)
{
  snap_unref (stamp->snap);
  *stamp = LS_STAMP_EMPTY;
}

LsStamp
ls_stamp_copy (const LsStamp *stamp)
{
  LsStamp copy = *stamp;
  if (copy.snap)
    snap_ref (copy.snap);
  return copy;
}

static inline uint32_t
stamp_get (const LsStamp *stamp, uint32_t slot)
{
  if (slot == stamp->slot)
    return stamp->own;
  return slot < stamp->snap->n ? stamp->snap->at[slot] : 0;
}

/* Components that can be other than 0. */
static uint32_t
stamp_get_n (const LsStamp *stamp)
{
  return stamp->slot == LS_NO_SLOT ? stamp->snap->n : MAX (stamp->snap->n, stamp->slot + 1);
}

void
ls_stamp_merge (LsStamp *into, const LsStamp *stamp)
{
  if (!stamp->snap)
    return;
  if (!into->snap || (into->slot != LS_NO_SLOT && stamp_get (stamp, into->slot) >= into->own)) {
    LsStamp copy = ls_stamp_copy (stamp);
    ls_stamp_clear (into);
    *into = copy;
    return;
  }
  if (stamp->slot != LS_NO_SLOT && stamp_get (into, stamp->slot) >= stamp->own)
    return;
  uint32_t n = MAX (stamp_get_n (into), stamp_get_n (stamp));
  LsSnap *snap = g_malloc (sizeof (LsSnap) + n * sizeof (uint32_t));
  snap->n_refs = 1;
  snap->n = n;
  for (uint32_t i = 0; i < n; i++)
    snap->at[i] = MAX (stamp_get (into, i), stamp_get (stamp, i));
  ls_stamp_clear (into);
  *into = (LsStamp){ LS_NO_SLOT, 0, snap };
}

/* -- Clocks -- */

static void
grow (LsClock *clock, uint32_t n)
{
  if (n <= clock->n)
    return;
  if (n > clock->n_allocated) {
    clock->n_allocated = MAX (n, clock->n_allocated + clock->n_allocated / 2);
    clock->at = g_renew (uint32_t, clock->at, clock->n_allocated);
  }
  memset (clock->at + clock->n, 0, (n - clock->n) * sizeof (uint32_t));
  clock->n = n;
}

void
ls_clock_init (LsClock *clock, uint32_t slot, uint32_t own)
{
  *clock = (LsClock){ .slot = slot };
  grow (clock, slot + 1);
  clock->at[slot] = own;
}

void
ls_clock_clear (LsClock *clock)
{
  g_clear_pointer (&clock->at, g_free);
  snap_unref (clock->snap);
  clock->snap = NULL;
  clock->n = clock->n_allocated = 0;
}

void
ls_clock_stamp (LsClock *clock, LsStamp *stamp)
{
  if (!clock->snap)
    clock->snap = snap_new (clock->at, clock->n);
  LsSnap *old = stamp->snap;
  *stamp = (LsStamp){ clock->slot, clock->at[clock->slot], snap_ref (clock->snap) };
  snap_unref (old);
  clock->at[clock->slot]++;
}

bool
ls_clock_knows (const LsClock *clock, const LsStamp *stamp)
{
  if (!stamp->snap)
    return true;
  if (stamp->slot != LS_NO_SLOT)
    return ls_clock_get (clock, stamp->slot) >= stamp->own;
  for (uint32_t i = 0; i < stamp->snap->n; i++)
    if (stamp->snap->at[i] > ls_clock_get (clock, i))
      return false;
  return true;
}

void
ls_clock_add_to_stamp (LsClock *clock, LsStamp *stamp)
{
  if (ls_clock_knows (clock, stamp)) {
    ls_clock_stamp (clock, stamp);
    return;
  }
  LsStamp now = LS_STAMP_EMPTY;
  ls_clock_stamp (clock, &now);
  ls_stamp_merge (stamp, &now);
  ls_stamp_clear (&now);
}

void
ls_clock_join (LsClock *clock, const LsStamp *stamp)
{
  if (ls_clock_knows (clock, stamp))
    return;
  grow (clock, stamp_get_n (stamp));
  const uint32_t *from = stamp->snap->at;
  uint32_t *to = clock->at;
  for (uint32_t i = 0; i < stamp->snap->n; i++)
    to[i] = MAX (to[i], from[i]);
  if (stamp->slot != LS_NO_SLOT)
    to[stamp->slot] = MAX (to[stamp->slot], stamp->own);
  snap_unref (clock->snap);
  clock->snap = NULL;
}
