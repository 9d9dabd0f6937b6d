/* SPDX-License-Identifier: MIT */
/* Summing up what the images have. */
#include "progress.h"

#include "entry.h"

void
ls_progress_store (LsProgress *progress, const GPtrArray *entries, gboolean is_main_over)
{
  uint64_t n_events = 0, n_lost = 0, bytes = 0;
  guint n_threads = 0;
  for (guint i = 0; i < entries->len; i++) {
    const LsEntry *entry = entries->pdata[i];
    LsTracedSummary summary = ls_traced_image_get_summary (entry->traced);
    n_events += summary.n_events;
    n_lost += summary.n_lost;
    n_threads += summary.n_threads;
    bytes += summary.bytes;
  }
  atomic_store (&progress->n_events, n_events);
  atomic_store (&progress->n_lost, n_lost);
  atomic_store (&progress->n_threads, n_threads);
  atomic_store (&progress->trace_bytes, bytes);
  if (is_main_over && atomic_load (&progress->phase) == LS_PHASE_RECORDING)
    atomic_store (&progress->phase, LS_PHASE_CONVERTING);
}
