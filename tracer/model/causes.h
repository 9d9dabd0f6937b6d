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

/* The last send of this number before event k; LS_NONE. O(log n). */
uint32_t ls_trace_find_send (const LsTrace *trace, int64_t number, uint32_t k);

G_END_DECLS
