/* SPDX-License-Identifier: MIT */
/**
 * Happens-before, event by event: the clocks of all threads as the trace goes on.
 *
 * Follows the table of edges in the trace format. Only tracer/analysis uses this.
 */
#pragma once

#include "clock.h"
#include "finding.h"

G_BEGIN_DECLS

typedef struct _LsOrdering LsOrdering;

LsOrdering *ls_ordering_new (const LsTrace *trace);
void ls_ordering_free (LsOrdering *ordering);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LsOrdering, ls_ordering_free)

/* Takes event k into account; call with k = 0, 1, 2 ... An access is told to ls_ordering_access()
 * after it was looked at. */
void ls_ordering_step (LsOrdering *ordering, uint32_t k, const LsEvent *event);

/* The clock of a thread now: its component for the thread itself is the current step's number. */
const LsClock *ls_ordering_get_clock (LsOrdering *ordering, uint32_t thread);

/* A plain read was seen to read what was written last: orders it after (`last_write` of the value)
 * and a plain write opens a new step. Schedulable happens-before (Mathur, Kini, Viswanathan 2018)
 * has these edges, plain happens-before has not. */
void ls_ordering_read_from (LsOrdering *ordering, uint32_t thread, const LsClock *last_write);
void ls_ordering_next_step (LsOrdering *ordering, uint32_t thread);

G_END_DECLS
