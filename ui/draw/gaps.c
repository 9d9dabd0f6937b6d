/* SPDX-License-Identifier: MIT */
/* The longest gap before the events of each block of 64, and of 64 such blocks, and so on. */
#include "gaps.h"

#define FAN 64
#define MAX_LEVELS 7

struct _LsGapIndex {
  LsTrace *trace;
  guint8 *shown;
  int64_t *longest[MAX_LEVELS]; /* by level, then block */
  uint32_t n[MAX_LEVELS];
  guint n_levels;
  int64_t last_ns; /* of the last event shown */
};

static bool
counts (const LsGapIndex *index, uint32_t k)
{
  return !index->shown || index->shown[ls_trace_get_event_thread (index->trace, k)];
}

LsGapIndex *
ls_gap_index_new (LsTrace *trace, const guint8 *shown)
{
  LsGapIndex *index = g_new0 (LsGapIndex, 1);
  index->trace = ls_trace_ref (trace);
  if (shown)
    index->shown = g_memdup2 (shown, ls_trace_get_n_threads (trace));
  uint32_t n_events = ls_trace_get_n_events (trace);
  index->n[0] = n_events / FAN + 1;
  index->longest[0] = g_new0 (int64_t, index->n[0]);
  index->n_levels = 1;
  for (uint32_t k = 0; k < n_events; k++)
    if (counts (index, k)) {
      int64_t ts = ls_trace_get_ts (trace, k);
      int64_t *longest = &index->longest[0][k / FAN];
      *longest = MAX (*longest, ts - index->last_ns);
      index->last_ns = ts;
    }
  while (index->n[index->n_levels - 1] > 1) {
    guint level = index->n_levels++;
    index->n[level] = (index->n[level - 1] + FAN - 1) / FAN;
    index->longest[level] = g_new0 (int64_t, index->n[level]);
    for (uint32_t i = 0; i < index->n[level - 1]; i++)
      index->longest[level][i / FAN] =
        MAX (index->longest[level][i / FAN], index->longest[level - 1][i]);
  }
  return index;
}

void
ls_gap_index_free (LsGapIndex *index)
{
  if (!index)
    return;
  for (guint i = 0; i < index->n_levels; i++)
    g_free (index->longest[i]);
  g_free (index->shown);
  ls_trace_unref (index->trace);
  g_free (index);
}

typedef struct {
  LsSpan span;
  int64_t min_ns;
  LsSpan *gaps;
  guint n, max;
} Query;

static void
take (Query *query, int64_t begin_ns, int64_t end_ns)
{
  int64_t begin = MAX (begin_ns, query->span.begin_ns);
  int64_t end = MIN (end_ns, query->span.end_ns);
  if (query->n < query->max && end > begin && end - begin > query->min_ns)
    query->gaps[query->n++] = (LsSpan){ begin_ns, end_ns };
}

static int64_t
find_previous_ns (const LsGapIndex *index, uint32_t k)
{
  while (k-- > 0)
    if (counts (index, k))
      return ls_trace_get_ts (index->trace, k);
  return 0;
}

static void
search (const LsGapIndex *index,
        Query *query,
        guint level,
        uint32_t block,
        uint32_t k0,
        uint32_t k1)
{
  if (query->n >= query->max || index->longest[level][block] <= query->min_ns)
    return;
  uint64_t width = FAN;
  for (guint i = 0; i < level; i++)
    width *= FAN;
  uint64_t first = block * width;
  if (first > k1 || first + width <= k0)
    return;
  if (level > 0) {
    uint32_t end = (uint32_t) MIN ((uint64_t) block * FAN + FAN, index->n[level - 1]);
    for (uint32_t i = block * FAN; i < end; i++)
      search (index, query, level - 1, i, k0, k1);
    return;
  }
  uint32_t begin = (uint32_t) MAX (first, k0);
  uint32_t end = (uint32_t) MIN (first + width, (uint64_t) k1 + 1);
  int64_t previous_ns = find_previous_ns (index, begin);
  for (uint32_t k = begin; k < end; k++)
    if (counts (index, k)) {
      int64_t ts = ls_trace_get_ts (index->trace, k);
      take (query, previous_ns, ts);
      previous_ns = ts;
    }
}

guint
ls_gap_index_find (const LsGapIndex *index, LsSpan span, int64_t min_ns, LsSpan *gaps, guint max)
{
  uint32_t n_events = ls_trace_get_n_events (index->trace);
  Query query = { .span = span, .min_ns = MAX (min_ns, 0), .gaps = gaps, .max = max };
  if (n_events > 0) {
    /* A gap belongs to the event at its end: the first past the span may end one that reaches in. */
    uint32_t k0 = ls_trace_find_event (index->trace, span.begin_ns);
    uint32_t k1 = ls_trace_find_event (index->trace, span.end_ns);
    while (k1 < n_events - 1 && !counts (index, k1))
      k1++;
    search (index, &query, index->n_levels - 1, 0, k0, MIN (k1, n_events - 1));
  }
  take (&query, index->last_ns, ls_trace_get_info (index->trace)->end_ns);
  return query.n;
}
