/* SPDX-License-Identifier: MIT */
/**
 * What is true of a small trace, worked out slowly and without the code under test: which events the
 * format's table orders, which pairs race under (schedulable) happens-before, and which pairs some
 * correct reordering brings side by side.
 *
 * A correct reordering runs a prefix of each thread's events; locks exclude; every plain read that it
 * runs sees the same write as in the trace; all edges but those of mutexes, rwlocks and values keep
 * their order. Two conflicting accesses race when both are next in their threads.
 */
#pragma once

#include "small-trace.h"

typedef struct {
  guint64 bits[SMALL_MAX_EVENTS][(SMALL_MAX_EVENTS + 63) / 64]; /* [i] has k: i and k race, i < k */
} Pairs;

static inline void
pairs_add (Pairs *pairs, guint i, guint k)
{
  pairs->bits[i][k / 64] |= G_GUINT64_CONSTANT (1) << k % 64;
}

static inline gboolean
pairs_have (const Pairs *pairs, guint i, guint k)
{
  return pairs->bits[i][k / 64] >> k % 64 & 1;
}

/* LsEventFlags of event i; whether it accesses a value, and this byte of it (a value of unknown size
 * has one). */
int oracle_flags (const SmallTrace *trace, guint i);
gboolean oracle_is_access (const SmallTrace *trace, guint i);
gboolean oracle_touches (const SmallTrace *trace, guint i, guint byte);

/* Whether a direct edge from i to k > i is one that every reordering keeps. */
gboolean oracle_is_hard_edge (const SmallTrace *trace, guint i, guint k);

/* Whether two events access the same bytes of a value, one writes, and not both are atomic. */
gboolean oracle_conflicts (const SmallTrace *trace, guint i, guint k);

/* [k] of `known`: the events that happen before k; under SHB also through what k itself reads.
 * `races`: the conflicting pairs that are not ordered, k's own reads-from edges left out. */
void oracle_find_unordered (const SmallTrace *trace, gboolean is_shb, Pairs *known, Pairs *races);

/* All pairs that a correct reordering brings side by side. At most 4 threads. */
void oracle_find_races (const SmallTrace *trace, Pairs *races);
