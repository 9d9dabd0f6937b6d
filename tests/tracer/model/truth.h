/* SPDX-License-Identifier: MIT */
/* What the model's functions must say, found by looking at every event or interval: slow, and short
 * enough to be right. Each check aborts when the model says something else. */
#pragma once

#include "state.h"

/* Of traces that could have happened. */
void truth_check_thread_state (const LsTrace *trace,
                               uint32_t thread,
                               uint32_t k,
                               const LsThreadState *state);
void truth_check_lock_state (const LsTrace *trace,
                             uint32_t object,
                             uint32_t k,
                             const LsLockState *state);
void truth_check_value (const LsTrace *trace, uint32_t object, uint32_t k);
uint32_t truth_count_alive (const LsTrace *trace, uint32_t k);
uint32_t truth_find_cause (const LsTrace *trace, uint32_t k);

/* Of any trace. */
void truth_check_order (const LsTrace *trace);
void truth_check_lists (const LsTrace *trace);
void truth_check_thread_intervals (const LsTrace *trace, uint32_t thread);
void truth_check_object_intervals (const LsTrace *trace, uint32_t object);
void truth_check_find_interval (const LsTrace *trace, int64_t ts_ns);

void truth_check_thread_sum (const LsTrace *trace, uint32_t thread, LsSpan span);
void truth_check_object_sum (const LsTrace *trace, uint32_t object, LsSpan span);
void truth_check_columns (const LsTrace *trace, const int64_t *edges_ns, uint32_t n_columns);
void truth_check_value_sum (const LsTrace *trace, uint32_t object, LsSpan span);
void truth_check_counter_sum (const LsTrace *trace, uint32_t counter, LsSpan span);
void truth_check_dominant_thread (const LsTrace *trace, uint32_t begin, uint32_t end);
void truth_check_dominant_holder (const LsTrace *trace, uint32_t object, LsSpan span);

/* The lines with their events sorted by time. Owned by the caller. */
char *truth_sort_lines (const char *text);

/* That both traces are the same to every function. */
void truth_check_equal (const LsTrace *a, const LsTrace *b);
