/* SPDX-License-Identifier: MIT */
/**
 * The recording's clock: which one it is, and from its ticks to nanoseconds.
 *
 * The map is piecewise linear through pairs (ticks, CLOCK_MONOTONIC) that the collector takes as
 * it runs, and never decreases, so that what is ordered in ticks stays so in nanoseconds.
 */
#pragma once

#include <glib.h>

#include "region.h"

G_BEGIN_DECLS

/* The TSC where it is invariant, trusted by the kernel and cheap to read; else CLOCK_MONOTONIC. */
LsClock ls_clock_choose (void);

/* Now, in ticks of `clock`. */
uint64_t ls_clock_read (LsClock clock);

#define LS_CLOCK_PAIRS 1024 /* of the older ones some are forgotten */

typedef struct {
  uint64_t ticks;
  int64_t ns; /* CLOCK_MONOTONIC */
} LsClockPair;

typedef struct {
  LsClock clock;
  guint n_pairs;
  guint piece;  /* that the last conversion was in: most follow in the same one or the next */
  double slope; /* of that piece; 0: it is to be looked for */
  LsClockPair pairs[LS_CLOCK_PAIRS]; /* both members strictly increase */
} LsClockMap;

void ls_clock_map_init (LsClockMap *map, LsClock clock); /* takes the first pair */

/* As another collector's map ended, of which the region tells. */
void ls_clock_map_resume (LsClockMap *map, const LsRegion *region);

/* Tells the region of it. */
void ls_clock_map_store (const LsClockMap *map, LsRegion *region);

/* Takes a pair now; returns its ticks: what is stamped before them has its final nanoseconds. */
uint64_t ls_clock_map_take (LsClockMap *map);

/* The same with a given pair, which is left out unless both members are above the last one's. */
void ls_clock_map_add (LsClockMap *map, uint64_t ticks, int64_t ns);

/* CLOCK_MONOTONIC nanoseconds of `ticks`. */
int64_t ls_clock_map_to_ns (LsClockMap *map, uint64_t ticks);

G_END_DECLS
