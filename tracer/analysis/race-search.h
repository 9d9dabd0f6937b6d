/* SPDX-License-Identifier: MIT */
/**
 * Which pairs of accesses race, in one pass: FastTrack's epochs (Flanagan and Freund, 2009) under
 * schedulable happens-before (Mathur, Kini and Viswanathan, 2018).
 *
 * Plain happens-before is right only up to a trace's first race. SHB also orders each read after the
 * write it saw and all before that; every pair it leaves unordered is the pair of some legal
 * reordering of the trace, so none is false.
 */
#pragma once

#include "trace.h"

G_BEGIN_DECLS

typedef enum {
  LS_RACE_SHB,
  LS_RACE_HB, /* without the edges from writes to reads: also finds pairs that may be false */
} LsRaceOrder;

/* Event `first` < `second` race. */
typedef void (*LsRaceFunc) (uint32_t first, uint32_t second, gpointer user_data);

/**
 * Calls `func` for racing pairs, by their second event.
 *
 * Each event that is the second of a racing pair is named at least once; with each of the earlier
 * accesses that it races with, but for those that a later access of the kind is known to follow: a
 * history as long as the threads, not as the trace.
 *
 * Returns: false when cancelled.
 */
bool ls_trace_find_races (const LsTrace *trace,
                          LsRaceOrder order,
                          LsRaceFunc func,
                          gpointer user_data,
                          LsProgressFunc progress,
                          gpointer progress_data,
                          GCancellable *cancellable);

G_END_DECLS
