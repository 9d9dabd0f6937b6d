/* SPDX-License-Identifier: MIT */
/* When to save and when to convert. */
#include "pace.h"

#include <sys/resource.h>

#define LET_UP_MS 50 /* the program has let up when there was no more to save for so long */
#define NICENESS 19

void
ls_pace_keep_last (LsPace *pace, guint64 bytes, LsJournal *journal)
{
  pace->keeps_last = TRUE;
  pace->shared->spill->max_blocks = (guint) CLAMP (bytes / LS_CHUNK_BYTES, 1, LS_IN_SPILL - 1);
  ls_drain_keep_last (pace->drain, journal);
}

static gboolean
has_let_up (const LsPace *pace, gint64 now_ms)
{
  return pace->short_ms == 0 || now_ms - pace->short_ms >= LET_UP_MS;
}

guint
ls_pace_save (LsPace *pace, gint64 now_ms)
{
  LsShared *shared = pace->shared;
  if (!shared->spill || pace->total_bytes > 0)
    return 0;
  guint n_threads = ls_drain_get_n_threads (pace->drain);
  gboolean is_short = ls_shared_is_short (shared, n_threads);
  if (has_let_up (pace, now_ms) && !is_short && !pace->keeps_last)
    return 0;
  guint n = ls_drain_spill (pace->drain);
  pace->n_saved += n;
  if (is_short || pace->n_saved >= LS_SHARED_BEHIND) {
    pace->short_ms = n > 0 ? now_ms : pace->short_ms;
    pace->n_saved = 0;
  }
  if (n > 0)
    ls_shared_wake (shared);
  return n;
}

gboolean
ls_pace_may_convert (const LsPace *pace, gint64 now_ms)
{
  return pace->keeps_last || pace->total_bytes > 0 || has_let_up (pace, now_ms) ||
         pace->shared->spill->is_full;
}

void
ls_pace_end (LsPace *pace)
{
  if (!pace->shared->spill || pace->total_bytes > 0)
    return;
  if (pace->keeps_last)
    ls_drain_spill (pace->drain);
  pace->total_bytes = MAX (1, ls_spill_get_bytes (pace->shared->spill));
  if (ls_spill_get_bytes (pace->shared->spill) > 0)
    setpriority (PRIO_PROCESS, 0, NICENESS);
}

void
ls_pace_store (const LsPace *pace, LsProgress *progress)
{
  if (!pace->shared->spill)
    return;
  guint64 bytes = ls_spill_get_bytes (pace->shared->spill);
  atomic_store (&progress->spilled_bytes, bytes);
  atomic_fetch_add (&progress->n_events, ls_spill_get_n_events (pace->shared->spill));
  if (pace->total_bytes > 1) {
    atomic_store (&progress->to_convert_bytes, pace->total_bytes);
    atomic_store (&progress->converted_bytes, pace->total_bytes - MIN (bytes, pace->total_bytes));
  }
}
