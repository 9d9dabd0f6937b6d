/* SPDX-License-Identifier: MIT */
/**
 * The state of every thread, lock and value after event k, in O(log n) each.
 *
 * k = LS_NONE asks for the state before the first event.
 */
#pragma once

#include "intervals.h"

G_BEGIN_DECLS

typedef enum {
  LS_LIFE_NOT_STARTED, /* no event of it yet, nor created */
  LS_LIFE_CREATED,     /* created, its start not yet seen */
  LS_LIFE_ALIVE,
  LS_LIFE_FINISHED,
} LsLife;

typedef struct {
  LsLife life;
  const LsInterval *interval; /* its state when alive; NULL otherwise. Good until the next call */
  GArray *holds;              /* LsInterval that it holds, oldest first; never NULL */
  LsInterval now;             /* what `interval` points to */
} LsThreadState;

void ls_thread_state_init (LsThreadState *state);
void ls_thread_state_clear (LsThreadState *state);

/* Fills in `state` (initialised) with the thread's state after event k. */
void
ls_trace_get_thread_state (const LsTrace *trace, uint32_t thread, uint32_t k, LsThreadState *state);

typedef struct {
  GArray *holders; /* LsInterval: who holds it, oldest first */
  GArray *waiters; /* LsInterval: who waits for it, longest first */
  int64_t count;   /* of a semaphore: units left, when its initial count is known; else -1 */
} LsLockState;

void ls_lock_state_init (LsLockState *state);
void ls_lock_state_clear (LsLockState *state);
void
ls_trace_get_lock_state (const LsTrace *trace, uint32_t object, uint32_t k, LsLockState *state);

/* The value after event k, by the last access that tells it; false when none did. `access`: that
 * event (may be NULL). */
bool ls_trace_get_value (const LsTrace *trace,
                         uint32_t object,
                         uint32_t k,
                         LsValue *value,
                         uint32_t *access);

/* Threads alive after event k: the "active threads" counter. O(log n). */
uint32_t ls_trace_get_n_alive (const LsTrace *trace, uint32_t k);

/* Counter tracks: the names that `count` events use, and each one's events. */
uint32_t ls_trace_get_n_counters (const LsTrace *trace);
const char *ls_trace_get_counter_name (const LsTrace *trace, uint32_t counter);
const uint32_t *ls_trace_get_counter_events (const LsTrace *trace, uint32_t counter, uint32_t *n);

G_END_DECLS
