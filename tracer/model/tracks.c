/* SPDX-License-Identifier: MIT */
/* What lasts, once each, and which of it lasts past a moment. */
#include "tracks.h"

#include <string.h>

#include "words.h"

#define FEW 32

void
ls_counts_to_offsets (uint32_t *counts, uint32_t n_lanes)
{
  uint32_t sum = 0;
  for (uint32_t i = 0; i <= n_lanes; i++) {
    uint32_t count = i < n_lanes ? counts[i] : 0;
    counts[i] = sum;
    sum += count;
  }
}

/* -- Room -- */

void
ls_spans_init (LsSpans *spans, uint32_t n_lanes, uint32_t *offset, bool has_infos)
{
  gsize n = offset[n_lanes] + (gsize) 1;
  *spans = (LsSpans){
    .n = offset[n_lanes],
    .offset = offset,
    .begins = ls_room_new (n, sizeof (uint32_t)),
    .ends = ls_room_new (n, sizeof (uint32_t)),
    .infos = has_infos ? ls_room_new (n, 1) : NULL,
  };
}

/* Moves an array's lanes together; `offset` as it was. */
static gpointer
close_up (gpointer array, gsize size, uint32_t n_lanes, const uint32_t *offset, const uint32_t *n)
{
  char *bytes = array;
  gsize to = 0;
  if (!array)
    return NULL;
  for (uint32_t i = 0; i < n_lanes; i++) {
    if (to != offset[i] && n[i] > 0)
      memmove (bytes + to * size, bytes + offset[i] * size, n[i] * size);
    to += n[i];
  }
  return g_realloc_n (array, to + 1, size);
}

static void
close_up_offsets (uint32_t n_lanes, uint32_t *offset, const uint32_t *n)
{
  uint32_t sum = 0;
  for (uint32_t i = 0; i < n_lanes; i++) {
    offset[i] = sum;
    sum += n[i];
  }
  offset[n_lanes] = sum;
}

void
ls_spans_clear (LsSpans *spans)
{
  g_free (spans->offset);
  g_free (spans->begins);
  g_free (spans->ends);
  g_free (spans->infos);
  *spans = (LsSpans){ 0 };
}

void
ls_span_lists_init (LsSpanLists *lists, uint32_t n_lanes, uint32_t *offset, bool has_rows)
{
  gsize n = offset[n_lanes] + (gsize) 1;
  *lists = (LsSpanLists){
    .offset = offset,
    .numbers = ls_room_new (n, sizeof (uint32_t)),
    .rows = has_rows ? ls_room_new (n, 1) : NULL,
  };
}

void
ls_span_lists_seal (LsSpanLists *lists, uint32_t n_lanes, const uint32_t *n)
{
  lists->numbers = close_up (lists->numbers, sizeof (uint32_t), n_lanes, lists->offset, n);
  lists->rows = close_up (lists->rows, sizeof (uint8_t), n_lanes, lists->offset, n);
  close_up_offsets (n_lanes, lists->offset, n);
}

/* Numbers that were given before the lanes close up. */
static void
renumber (const LsSpans *spans,
          uint32_t n_lanes,
          const uint32_t *n,
          uint32_t *numbers,
          uint32_t n_all)
{
  g_autofree uint32_t *offset = g_memdup2 (n, (n_lanes + (gsize) 1) * sizeof *offset);
  ls_counts_to_offsets (offset, n_lanes);
  for (uint32_t i = 0; i < n_all; i++) {
    uint32_t low = 0, high = n_lanes; /* the last lane that begins at or before it, and has some */
    while (high - low > 1) {
      uint32_t middle = low + (high - low) / 2;
      if (spans->offset[middle] <= numbers[i])
        low = middle;
      else
        high = middle;
    }
    numbers[i] = offset[low] + (numbers[i] - spans->offset[low]);
  }
}

void
ls_spans_seal (LsSpans *spans,
               uint32_t n_lanes,
               const uint32_t *n,
               uint32_t *numbers,
               uint32_t n_numbers)
{
  uint32_t sum = 0;
  for (uint32_t i = 0; i < n_lanes; i++)
    sum += n[i];
  if (sum < spans->n)
    renumber (spans, n_lanes, n, numbers, n_numbers);
  spans->begins = close_up (spans->begins, sizeof (uint32_t), n_lanes, spans->offset, n);
  spans->ends = close_up (spans->ends, sizeof (uint32_t), n_lanes, spans->offset, n);
  spans->infos = close_up (spans->infos, sizeof (uint8_t), n_lanes, spans->offset, n);
  close_up_offsets (n_lanes, spans->offset, n);
  spans->n = sum;
}

void
ls_span_lists_clear (LsSpanLists *lists)
{
  g_free (lists->offset);
  g_free (lists->numbers);
  g_free (lists->rows);
  *lists = (LsSpanLists){ 0 };
}

/* -- Lasting past a moment -- */

#define FAN 16

/* Level l holds the latest end of each FAN^(l+1) intervals. */
struct _LsReach {
  guint n_levels;
  uint32_t *level[8]; /* 16^8 intervals: more than there can be */
};

static struct _LsReach *
new_reach (const LsTrack *track)
{
  struct _LsReach *reach = g_new0 (struct _LsReach, 1);
  for (uint32_t below = track->n; below > 1; below = (below - 1) / FAN + 1) {
    uint32_t n_nodes = (below - 1) / FAN + 1;
    uint32_t *nodes = g_new0 (uint32_t, n_nodes);
    for (uint32_t i = 0; i < below; i++) {
      uint32_t end =
        reach->n_levels == 0 ? ls_track_end (track, i) : reach->level[reach->n_levels - 1][i];
      nodes[i / FAN] = MAX (nodes[i / FAN], end);
    }
    reach->level[reach->n_levels++] = nodes;
  }
  return reach;
}

void
ls_track_seal (LsTrack *track)
{
  track->in_order = true;
  for (uint32_t i = 1; track->in_order && i < track->n; i++)
    track->in_order = ls_track_end (track, i - 1) <= ls_track_end (track, i);
  if (!track->in_order && track->n > FEW)
    track->reach = new_reach (track);
}

void
ls_track_clear (LsTrack *track)
{
  for (guint i = 0; track->reach && i < track->reach->n_levels; i++)
    g_free (track->reach->level[i]);
  g_clear_pointer (&track->reach, g_free);
}

uint32_t
ls_track_count_begun (const LsTrack *track, uint32_t k)
{
  uint32_t low = 0, high = track->n;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (ls_track_begin (track, middle) <= k)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* Level 0's children are the intervals themselves. */
static uint32_t
get_reach (const LsTrack *track, guint level, uint32_t i)
{
  return level == 0 ? ls_track_end (track, i) : track->reach->level[level - 1][i];
}

static uint32_t
count_nodes (const LsTrack *track, guint level)
{
  uint32_t n = track->n;
  for (guint i = 0; i < level; i++)
    n = (n - 1) / FAN + 1;
  return n;
}

uint32_t
ls_track_find_ending (const LsTrack *track, uint32_t k)
{
  uint32_t low = 0, high = track->n;
  if (track->in_order) {
    while (low < high) {
      uint32_t middle = low + (high - low) / 2;
      if (ls_track_end (track, middle) <= k)
        low = middle + 1;
      else
        high = middle;
    }
    return low;
  }
  if (!track->reach) {
    while (low < high && ls_track_end (track, low) <= k)
      low++;
    return low;
  }
  for (guint level = track->reach->n_levels; level-- > 0;) {
    uint32_t n = count_nodes (track, level);
    for (low *= FAN; low < n && get_reach (track, level, low) <= k; low++)
      ;
    if (low == n)
      return track->n;
  }
  return low;
}

/* The children of a node at `level`, as far as the intervals are below n. */
static void
collect_children (const LsTrack *track,
                  guint level,
                  uint32_t node,
                  uint32_t n,
                  uint32_t k,
                  GArray *found)
{
  uint32_t width = 1; /* intervals under one child */
  for (guint i = 0; i < level; i++)
    width *= FAN;
  for (uint32_t i = 0; i < FAN; i++) {
    uint32_t child = node * FAN + i;
    if ((uint64_t) child * width >= n)
      return;
    if (get_reach (track, level, child) <= k)
      continue;
    if (level == 0)
      g_array_append_val (found, child);
    else
      collect_children (track, level - 1, child, n, k, found);
  }
}

void
ls_track_collect (const LsTrack *track, uint32_t k, GArray *found)
{
  uint32_t n = ls_track_count_begun (track, k), first = 0;
  if (track->reach && n > 0) {
    collect_children (track, track->reach->n_levels - 1, 0, n, k, found);
    return;
  }
  if (track->in_order)
    for (first = n; first > 0 && ls_track_end (track, first - 1) > k; first--)
      ;
  for (uint32_t i = first; i < n; i++)
    if (ls_track_end (track, i) > k)
      g_array_append_val (found, i);
}
