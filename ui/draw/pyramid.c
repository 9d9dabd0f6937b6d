/* SPDX-License-Identifier: MIT */
/* Lanes at every power-of-two resolution. */
#include "pyramid.h"

#include <math.h>

#define LEAST_INTERVALS 1024
#define INTERVALS_PER_BUCKET 2
#define MAX_BUCKETS (1u << 18)
#define MAX_LEVELS 22

struct _LsPyramid {
  double bucket_ns; /* of level 0, the finest */
  guint n_levels;
  uint32_t n[MAX_LEVELS];
  float *states[MAX_LEVELS];      /* of a thread: n * LS_STATE_N */
  LsHoldShare *holds[MAX_LEVELS]; /* of an object */
};

void
ls_pyramid_free (LsPyramid *pyramid)
{
  if (!pyramid)
    return;
  for (guint level = 0; level < pyramid->n_levels; level++) {
    g_free (pyramid->states[level]);
    g_free (pyramid->holds[level]);
  }
  g_free (pyramid);
}

static LsPyramid *
new_pyramid (const LsTrace *trace, uint32_t n_intervals)
{
  if (n_intervals < LEAST_INTERVALS)
    return NULL;
  LsPyramid *pyramid = g_new0 (LsPyramid, 1);
  uint32_t n = 256;
  while (n < n_intervals / INTERVALS_PER_BUCKET && n < MAX_BUCKETS)
    n *= 2;
  pyramid->bucket_ns = (double) MAX (ls_trace_get_info (trace)->end_ns, 1) / n;
  for (; n > 0 && pyramid->n_levels < MAX_LEVELS; n /= 2)
    pyramid->n[pyramid->n_levels++] = n;
  return pyramid;
}

double
ls_pyramid_get_least_ns (const LsPyramid *pyramid)
{
  return pyramid->bucket_ns;
}

/* -- Building -- */

typedef void (*BucketFunc) (LsPyramid *pyramid,
                            uint32_t bucket,
                            const LsInterval *interval,
                            float share);

/* Calls func with each bucket of level 0 that the interval meets, and the share it fills. */
static void
spread (LsPyramid *pyramid, const LsTrace *trace, const LsInterval *interval, BucketFunc func)
{
  LsSpan span = ls_interval_get_span (trace, interval);
  double begin = (double) span.begin_ns / pyramid->bucket_ns;
  double end = (double) span.end_ns / pyramid->bucket_ns;
  uint32_t last_bucket = pyramid->n[0] - 1;
  uint32_t first = (uint32_t) CLAMP (begin, 0, last_bucket);
  uint32_t last = (uint32_t) CLAMP (end, 0, last_bucket);
  if (first == last) {
    func (pyramid, first, interval, (float) (end - begin));
    return;
  }
  func (pyramid, first, interval, (float) (first + 1 - begin));
  for (uint32_t bucket = first + 1; bucket < last; bucket++)
    func (pyramid, bucket, interval, 1);
  func (pyramid, last, interval, (float) (end - last));
}

static void
spread_all (LsPyramid *pyramid, LsIntervals intervals, BucketFunc func)
{
  for (uint32_t i = 0; i < intervals.n; i++) {
    LsInterval interval = ls_intervals_get (intervals, i);
    spread (pyramid, intervals.trace, &interval, func);
  }
}

static void
add_state (LsPyramid *pyramid, uint32_t bucket, const LsInterval *interval, float share)
{
  pyramid->states[0][(gsize) bucket * LS_STATE_N + interval->state] += share;
}

LsPyramid *
ls_pyramid_new_of_thread (const LsTrace *trace, uint32_t thread)
{
  LsIntervals states = ls_trace_get_thread_states (trace, thread);
  LsPyramid *pyramid = new_pyramid (trace, states.n);
  if (!pyramid)
    return NULL;
  for (guint level = 0; level < pyramid->n_levels; level++)
    pyramid->states[level] = g_new0 (float, (gsize) pyramid->n[level] * LS_STATE_N);
  spread_all (pyramid, states, add_state);
  for (guint level = 1; level < pyramid->n_levels; level++)
    for (uint32_t i = 0; i < pyramid->n[level]; i++)
      for (guint state = 0; state < LS_STATE_N; state++) {
        const float *below = pyramid->states[level - 1] + (gsize) i * 2 * LS_STATE_N + state;
        pyramid->states[level][(gsize) i * LS_STATE_N + state] = (below[0] + below[LS_STATE_N]) / 2;
      }
  return pyramid;
}

static void
add_wait (LsPyramid *pyramid, uint32_t bucket, const LsInterval *interval, float share)
{
  (void) interval;
  pyramid->holds[0][bucket].waited += share;
}

/* Weighted majority vote (Boyer and Moore, 1981): who holds more than half ends up as the holder. */
static void
vote (LsPyramid *pyramid, uint32_t bucket, const LsInterval *interval, float share)
{
  LsHoldShare *hold = &pyramid->holds[0][bucket];
  hold->held += share;
  if (hold->holder == interval->thread) {
    hold->top += share;
  } else if (hold->top < share) {
    hold->holder = interval->thread;
    hold->top = share - hold->top;
  } else {
    hold->top -= share;
  }
}

static void
count_top (LsPyramid *pyramid, uint32_t bucket, const LsInterval *interval, float share)
{
  if (pyramid->holds[0][bucket].holder == interval->thread)
    pyramid->holds[0][bucket].top += share;
}

/* Adds `weight` times `part`; what others than the stronger holder held is no longer told apart. */
static void
add_hold (LsHoldShare *sum, const LsHoldShare *part, float weight)
{
  sum->held += part->held * weight;
  sum->waited += part->waited * weight;
  float top = part->top * weight;
  if (sum->holder == part->holder) {
    sum->top += top;
  } else if (top > sum->top) {
    sum->holder = part->holder;
    sum->top = top;
  }
}

LsPyramid *
ls_pyramid_new_of_object (const LsTrace *trace, uint32_t object)
{
  LsIntervals holds = ls_trace_get_object_holds (trace, object);
  LsIntervals waits = ls_trace_get_object_waits (trace, object);
  LsPyramid *pyramid = new_pyramid (trace, MAX (holds.n, waits.n));
  if (!pyramid)
    return NULL;
  for (guint level = 0; level < pyramid->n_levels; level++) {
    pyramid->holds[level] = g_new0 (LsHoldShare, pyramid->n[level]);
    for (uint32_t i = 0; i < pyramid->n[level]; i++)
      pyramid->holds[level][i].holder = LS_NONE;
  }
  spread_all (pyramid, waits, add_wait);
  spread_all (pyramid, holds, vote);
  for (uint32_t i = 0; i < pyramid->n[0]; i++)
    pyramid->holds[0][i].top = 0;
  spread_all (pyramid, holds, count_top);
  for (guint level = 1; level < pyramid->n_levels; level++)
    for (uint32_t i = 0; i < pyramid->n[level]; i++) {
      add_hold (&pyramid->holds[level][i], &pyramid->holds[level - 1][2 * i], 0.5f);
      add_hold (&pyramid->holds[level][i], &pyramid->holds[level - 1][2 * i + 1], 0.5f);
    }
  return pyramid;
}

/* -- Asking -- */

/* The coarsest level whose buckets are no longer than the column, and the column in its buckets. */
static guint
choose_level (const LsPyramid *pyramid, double *begin, double *end)
{
  guint level = 0;
  double bucket_ns = pyramid->bucket_ns;
  while (level + 1 < pyramid->n_levels && bucket_ns * 2 <= *end - *begin) {
    bucket_ns *= 2;
    level++;
  }
  *begin = MAX (*begin / bucket_ns, 0);
  *end = MIN (*end / bucket_ns, pyramid->n[level]);
  return level;
}

void
ls_pyramid_add_states (const LsPyramid *pyramid, double begin_ns, double end_ns, float *shares)
{
  double begin = begin_ns, end = end_ns;
  guint level = choose_level (pyramid, &begin, &end);
  if (!(end > begin))
    return;
  float scale = (float) (1 / (end - begin));
  for (uint32_t i = (uint32_t) begin; i < pyramid->n[level] && i < end; i++) {
    float weight = (float) (MIN (i + 1.0, end) - MAX ((double) i, begin)) * scale;
    const float *states = pyramid->states[level] + (gsize) i * LS_STATE_N;
    for (guint state = 0; state < LS_STATE_N; state++)
      shares[state] += states[state] * weight;
  }
}

LsHoldShare
ls_pyramid_get_holds (const LsPyramid *pyramid, double begin_ns, double end_ns)
{
  LsHoldShare sum = { 0, 0, 0, LS_NONE };
  double begin = begin_ns, end = end_ns;
  guint level = choose_level (pyramid, &begin, &end);
  if (!(end > begin))
    return sum;
  double length = end - begin;
  for (uint32_t i = (uint32_t) begin; i < pyramid->n[level] && i < end; i++) {
    double weight = (MIN (i + 1.0, end) - MAX ((double) i, begin)) / length;
    add_hold (&sum, &pyramid->holds[level][i], (float) weight);
  }
  return sum;
}
