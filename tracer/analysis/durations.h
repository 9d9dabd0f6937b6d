/* SPDX-License-Identifier: MIT */
/* Gathers lengths of time and sums them up. Part of statistics. */
#pragma once

#include "statistics.h"

G_BEGIN_DECLS

typedef struct {
  GArray *ns; /* int64_t */
  int64_t max_ns;
  uint32_t max_event; /* that the longest began with; LS_NONE */
} LsLengths;

void ls_lengths_init (LsLengths *lengths);
void ls_lengths_clear (LsLengths *lengths);

/* Adds the part of the interval that lies in the span, if any does. */
void
ls_lengths_add (LsLengths *lengths, const LsTrace *trace, const LsInterval *interval, LsSpan span);

/* What they come to; `lengths` is empty then. O(n). */
LsDurations ls_lengths_sum_up (LsLengths *lengths, const LsTrace *trace);

G_END_DECLS
