/* SPDX-License-Identifier: MIT */
/**
 * How many events of each sort a thread did, or were done to an object: told as they are read, so
 * that room can be made for what comes of them. Only tracer/model sees this.
 */
#pragma once

#include <stdint.h>

#include "kinds.h"
#include "names.h"

typedef enum {
  LS_TALLY_OTHER, /* of an object also what names it beside its target */
  LS_TALLY_ACQUIRE,
  LS_TALLY_WAIT,
  LS_TALLY_SLEEP,
  LS_TALLY_BEGIN,
  LS_TALLY_READ,
  LS_TALLY_WRITE,
  LS_TALLY_UPDATE, /* a read and a write */
  LS_TALLY_N,
} LsTallySort;

typedef struct {
  uint32_t n[LS_TALLY_N];
} LsTally;

static inline LsTallySort
ls_tally_sort_of (LsEventKind kind)
{
  int access = ls_event_rows[kind].flags & (LS_EV_READS | LS_EV_WRITES);
  if (access)
    return access == LS_EV_READS    ? LS_TALLY_READ
           : access == LS_EV_WRITES ? LS_TALLY_WRITE
                                    : LS_TALLY_UPDATE;
  switch ((int) kind) {
  case LS_EV_ACQUIRE:
    return LS_TALLY_ACQUIRE;
  case LS_EV_WAIT:
    return LS_TALLY_WAIT;
  case LS_EV_SLEEP:
    return LS_TALLY_SLEEP;
  case LS_EV_BEGIN:
    return LS_TALLY_BEGIN;
  default:
    return LS_TALLY_OTHER;
  }
}

static inline void
ls_tally_add (LsTally *tally, const LsTally *more)
{
  for (int i = 0; i < LS_TALLY_N; i++)
    tally->n[i] += more->n[i];
}

static inline uint32_t
ls_tally_sum (const LsTally *tally)
{
  uint32_t sum = 0;
  for (int i = 0; i < LS_TALLY_N; i++)
    sum += tally->n[i];
  return sum;
}
