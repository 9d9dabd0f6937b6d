/* SPDX-License-Identifier: MIT */
/* Finds the long gaps between events: what the Time axis folds. */
#pragma once

#include "trace.h"

G_BEGIN_DECLS

typedef struct _LsGapIndex LsGapIndex;

/* @shown: one byte a thread, whose events count; NULL: all. O(events), 12 bytes a 64 of them. */
LsGapIndex *ls_gap_index_new (LsTrace *trace, const guint8 *shown);
void ls_gap_index_free (LsGapIndex *index);

/* Gaps of which more than `min_ns` lies within `span`, in order, at most `max`; whole, not clipped.
 * O((gaps found + 1) log events) */
guint
ls_gap_index_find (const LsGapIndex *index, LsSpan span, int64_t min_ns, LsSpan *gaps, guint max);

G_END_DECLS
