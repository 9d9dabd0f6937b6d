/* SPDX-License-Identifier: MIT */
/**
 * Vector clocks of threads, and stamps: a thread's clock at one moment, kept by what others may
 * learn it from (a lock, a value's last write, a signal).
 *
 * A thread's own component grows after each stamp taken of it, so knowing one component of a stamp
 * means knowing all of it: most joins are one comparison. The other components are shared between
 * stamps until the thread learns something new: a stamp costs O(1) then.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

G_BEGIN_DECLS

#define LS_NO_SLOT G_MAXUINT32

/* Immutable components by slot; those past n are 0. */
typedef struct {
  uint32_t n_refs;
  uint32_t n;
  uint32_t at[];
} LsSnap;

typedef struct {
  uint32_t slot; /* whose; LS_NO_SLOT: of several threads, all in snap */
  uint32_t own;  /* component of slot; snap's is out of date */
  LsSnap *snap;  /* NULL: an empty stamp, whatever the rest says; so is a zeroed one */
} LsStamp;

#define LS_STAMP_EMPTY ((LsStamp){ LS_NO_SLOT, 0, NULL })

typedef struct {
  uint32_t slot;
  uint32_t n, n_allocated;
  uint32_t *at;
  LsSnap *snap; /* of `at` as it is but for the own component; NULL when it is to be made anew */
} LsClock;

/* A clock for this slot whose own component is `own` >= 1. */
void ls_clock_init (LsClock *clock, uint32_t slot, uint32_t own);
void ls_clock_clear (LsClock *clock);

static inline uint32_t
ls_clock_get (const LsClock *clock, uint32_t slot)
{
  return slot < clock->n ? clock->at[slot] : 0;
}

/* The clock as it is now; the own component then grows. Replaces what `stamp` was. */
void ls_clock_stamp (LsClock *clock, LsStamp *stamp);

/* The same, added to what `stamp` says already. */
void ls_clock_add_to_stamp (LsClock *clock, LsStamp *stamp);

/* The thread learns what the stamp says. */
void ls_clock_join (LsClock *clock, const LsStamp *stamp);

/* Whether the thread knows all that the stamp says. */
bool ls_clock_knows (const LsClock *clock, const LsStamp *stamp);

void ls_stamp_clear (LsStamp *stamp);
LsStamp ls_stamp_copy (const LsStamp *stamp);
/* `into` becomes the least stamp that covers both. */
void ls_stamp_merge (LsStamp *into, const LsStamp *stamp);

G_END_DECLS
