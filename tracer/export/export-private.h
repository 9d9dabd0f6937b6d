/* SPDX-License-Identifier: MIT */
/* What the exporters share. */
#pragma once

#include "trace-export.h"

void ls_export_begin (LsExport *export);

/* Writes the text out when there is enough of it, and tells how far it is: to be called after every
 * event or so. Returns: false with @error. */
bool ls_export_step (LsExport *export, uint32_t k, GError **error);

/* Writes out what is left; frees what ls_export_begin() made, also after an error (`is_good`
 * false). Returns: `is_good`, and false with @error when it cannot be written. */
bool ls_export_end (LsExport *export, bool is_good, GError **error);

/* Whether the thread's events are wanted. */
static inline bool
ls_export_has_thread (const LsExport *export, uint32_t thread)
{
  return !export->threads || export->threads[thread];
}

/* The events of the span: begin <= k < end. */
void ls_export_get_range (const LsExport *export, uint32_t *begin, uint32_t *end);

/* Counts an event that the form has no words for. */
void ls_export_leave_out (LsExport *export, const LsEvent *event);
