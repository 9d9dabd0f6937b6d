/* SPDX-License-Identifier: MIT */
/* Where the Time axis's ruler has its ticks, and what stands at them. */
#pragma once

#include "axis.h"

G_BEGIN_DECLS

typedef struct {
  double x_px;
  int64_t ts_ns;
  char text[40];
} LsTick;

/* The smallest of 1, 2 and 5 times a power of ten nanoseconds that is at least `ns`; 1 and up. */
int64_t ls_tick_get_step (double ns);

/* Ticks in view, at least `min_px` apart, none inside a folded gap; in Order none. When the numbers
 * would be long the first tick (`*base`, else G_MAXUINT) tells the time and the others what comes on
 * top. Returns how many, at most `max`. */
guint ls_ticks_compute (const LsAxis *axis, double min_px, LsTick *ticks, guint max, guint *base);

/* Tells the ticks after `base` as what comes on top of it; it tells the time itself. */
void ls_ticks_rebase (LsTick *ticks, guint n, guint base);

/* A moment for people: "110.2 ms", "1.2046 s": to a tenth of the next smaller unit, where a duration
 * would be rounded. Owned by the caller. */
char *ls_moment_dup_text (int64_t ns);

G_END_DECLS
