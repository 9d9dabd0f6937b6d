/* SPDX-License-Identifier: MIT */
/* Which locks some thread releases that did not take them. */
#include "walk.h"

static bool
may_be_gate (const LsObject *object)
{
  return object->kind == LS_OBJECT_LOCK || object->kind == LS_OBJECT_SEMAPHORE ||
         object->kind == LS_OBJECT_UNKNOWN;
}

/* Whether somebody gave back more units than it took. @units: 0 for every thread, as it is afterwards. */
static bool
is_gate (const LsTrace *trace, uint32_t object, int64_t *units)
{
  const LsColumns *columns = &trace->columns;
  bool is_one = false;
  uint32_t n, i;
  const uint32_t *events = ls_trace_get_object_events (trace, object, &n);
  for (i = 0; i < n && !is_one; i++) {
    uint32_t k = events[i];
    LsEventKind kind = ls_columns_get_kind (columns, k);
    if ((kind != LS_EV_ACQUIRE && kind != LS_EV_RELEASE) ||
        ls_columns_get_object (columns, k) != object || ls_trace_event_failed (trace, k))
      continue;
    int64_t more = MIN (ls_trace_get_units (trace, k), G_MAXINT);
    int64_t *has = &units[ls_columns_get_thread (columns, k)];
    *has = MIN (*has + (kind == LS_EV_ACQUIRE ? more : -more), G_MAXINT);
    is_one = *has < 0;
  }
  while (i > 0)
    units[ls_columns_get_thread (columns, events[--i])] = 0;
  return is_one;
}

void
ls_trace_find_gates (LsTrace *trace)
{
  g_autofree int64_t *units = NULL;
  for (uint32_t i = 0; i < trace->n_objects; i++) {
    if (!may_be_gate (&trace->objects[i]))
      continue;
    if (!units)
      units = g_new0 (int64_t, trace->n_threads + 1);
    trace->objects[i].is_gate = is_gate (trace, i, units);
  }
}
