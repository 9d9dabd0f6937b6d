/* SPDX-License-Identifier: MIT */
/* Which events can let others happen, found without a scan. Only tracer/model sees this. */
#pragma once

#include "trace-private.h"

G_BEGIN_DECLS

typedef struct _LsCauses LsCauses;

/* Whether event k lets other threads go on with the object, or begins its life: release, signal,
 * broadcast, set, init. */
bool ls_trace_is_enabler (const LsTrace *trace, uint32_t object, uint32_t k);

/* The last enabler of the object before event k; LS_NONE. O(log n). */
uint32_t ls_trace_find_enabler (const LsTrace *trace, uint32_t object, uint32_t k);

/* The same, but for releases of readers. */
uint32_t ls_trace_find_exclusive_enabler (const LsTrace *trace, uint32_t object, uint32_t k);

/* The last send of this number before event k; LS_NONE. O(log n). */
uint32_t ls_trace_find_send (const LsTrace *trace, int64_t number, uint32_t k);

/* The last wait at the barrier before event k that says to be of this round; LS_NONE. O(log n). */
uint32_t ls_trace_find_arrival (const LsTrace *trace, uint32_t barrier, int64_t round, uint32_t k);

/* Whether another thread than this one stored to the value at a place > after and <= until in the
 * order of its modifications. O(log n). */
bool ls_trace_has_other_store (const LsTrace *trace,
                               uint32_t value,
                               int64_t after,
                               int64_t until,
                               uint32_t thread);

G_END_DECLS
