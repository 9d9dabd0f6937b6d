/* SPDX-License-Identifier: MIT */
/* Lanes of so few intervals that looking at each costs less than an index of them. */
#include "summary.h"

/* Whether interval i, begun before event `end`, lasts to event `begin`. */
static bool
meets (const LsTrace *trace, const LsTrack *track, uint32_t i, const LsCut *from)
{
  uint32_t end = ls_track_end (track, i);
  return end == LS_NONE ? trace->info.end_ns >= from->ns : end >= from->event;
}

int64_t
ls_few_sum (const LsTrace *trace, const LsTrack *track, LsCut from, LsCut to, uint32_t *n)
{
  LsSpan column = { from.ns, to.ns };
  int64_t sum = 0;
  *n = 0;
  for (uint32_t i = 0; i < track->n && ls_track_begin (track, i) < to.event; i++) {
    if (!meets (trace, track, i, &from))
      continue;
    sum += ls_span_overlap (ls_track_get_span (trace, track, i), column);
    ++*n;
  }
  return sum;
}

/* Boyer and Moore's vote (1981) names the only one that can have more than half; then it is counted. */
uint32_t
ls_few_find_dominant (const LsTrace *trace, const LsTrack *track, LsCut from, LsCut to)
{
  LsSpan column = { from.ns, to.ns };
  uint32_t candidate = LS_NONE;
  int64_t surplus = 0, sum = 0, all = 0;
  for (int pass = 0; pass < 2; pass++)
    for (uint32_t i = 0; i < track->n && ls_track_begin (track, i) < to.event; i++) {
      if (!meets (trace, track, i, &from))
        continue;
      uint32_t thread = ls_columns_get_thread (&trace->columns, ls_track_begin (track, i));
      int64_t ns = ls_span_overlap (ls_track_get_span (trace, track, i), column);
      if (pass == 1) {
        sum += thread == candidate ? ns : 0;
        all += ns;
      } else if (thread == candidate || ns <= surplus) {
        surplus += thread == candidate ? ns : -ns;
      } else {
        candidate = thread;
        surplus = ns - surplus;
      }
    }
  return ls_is_dominant (sum, all) ? candidate : LS_NONE;
}
