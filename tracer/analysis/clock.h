/* SPDX-License-Identifier: MIT */
/* Vector clocks: how far each thread's past is known. Zero-initialised is the empty clock. */
#pragma once

#include <glib.h>
#include <stdint.h>

typedef struct {
  uint32_t *time; /* by thread index; beyond n_threads: 0 */
  uint32_t n_threads;
} LsClock;

void ls_clock_clear (LsClock *clock);
void ls_clock_join (LsClock *clock, const LsClock *other); /* the later of each */
void ls_clock_copy (LsClock *clock, const LsClock *other);
void ls_clock_tick (LsClock *clock, uint32_t thread); /* one step on */

static inline uint32_t
ls_clock_get (const LsClock *clock, uint32_t thread)
{
  return thread < clock->n_threads ? clock->time[thread] : 0;
}
