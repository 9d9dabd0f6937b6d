/* SPDX-License-Identifier: MIT */
/* Vector clocks (Mattern 1988; Fidge 1988), as long as the highest thread they know. */
#include "clock.h"

#include <string.h>

static void
reserve (LsClock *clock, uint32_t n_threads)
{
  if (n_threads <= clock->n_threads)
    return;
  clock->time = g_renew (uint32_t, clock->time, n_threads);
  memset (clock->time + clock->n_threads, 0, (n_threads - clock->n_threads) * sizeof (uint32_t));
  clock->n_threads = n_threads;
}

void
ls_clock_clear (LsClock *clock)
{
  g_clear_pointer (&clock->time, g_free);
  clock->n_threads = 0;
}

void
ls_clock_join (LsClock *clock, const LsClock *other)
{
  reserve (clock, other->n_threads);
  for (uint32_t i = 0; i < other->n_threads; i++)
    clock->time[i] = MAX (clock->time[i], other->time[i]);
}

void
ls_clock_copy (LsClock *clock, const LsClock *other)
{
  reserve (clock, other->n_threads);
  if (other->n_threads > 0)
    memcpy (clock->time, other->time, other->n_threads * sizeof (uint32_t));
  for (uint32_t i = other->n_threads; i < clock->n_threads; i++)
    clock->time[i] = 0;
}

void
ls_clock_tick (LsClock *clock, uint32_t thread)
{
  reserve (clock, thread + 1);
  clock->time[thread]++;
}
