/* SPDX-License-Identifier: MIT */
/**
 * Happens-before: walks a trace once, in its order, and knows at each event what its thread knows of
 * the others. The edges are those of the format's table.
 *
 * Where a trace does not say enough (a barrier without parties, an atomic without its place in the
 * modification order) more is ordered rather than less: that can hide a race, never make one up.
 *
 * Threads share slots of the clocks: one that starts after another's finish was known to its creator
 * takes that one's slot, so clocks are as long as threads live at once, not as there are threads.
 */
#pragma once

#include "clock.h"
#include "trace.h"

G_BEGIN_DECLS

typedef struct _LsOrderWalk LsOrderWalk;

LsOrderWalk *ls_order_walk_new (const LsTrace *trace);
void ls_order_walk_free (LsOrderWalk *walk);

/* Takes in event k, the next one: all that it learns from others, and what others learn from it
 * unless it is an access of a value. Returns: (borrowed) the clock of its thread. */
LsClock *ls_order_walk_enter (LsOrderWalk *walk, uint32_t k, const LsEvent *event);

/* For an access of a value, once it is recorded: what others learn from it. */
void ls_order_walk_leave (LsOrderWalk *walk, const LsEvent *event);

G_END_DECLS
