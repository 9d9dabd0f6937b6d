/* SPDX-License-Identifier: MIT */
/* Which locks some thread releases that did not take them. */
#include "pairs.h"
#include "walk.h"

static bool
may_be_gate (const LsObject *object)
{
  return object->kind == LS_OBJECT_LOCK || object->kind == LS_OBJECT_SEMAPHORE ||
         object->kind == LS_OBJECT_UNKNOWN;
}

/* Whoever gives back more units than it took. */
void
ls_trace_find_gates (LsTrace *trace)
{
  const LsColumns *columns = &trace->columns;
  bool any = false;
  for (uint32_t i = 0; i < trace->n_objects; i++)
    any |= may_be_gate (&trace->objects[i]);
  if (!any)
    return;
  LsPairs units;
  ls_pairs_init (&units);
  for (uint32_t k = 0; k < columns->n; k++) {
    LsEventKind kind = ls_columns_get_kind (columns, k);
    if (kind != LS_EV_ACQUIRE && kind != LS_EV_RELEASE)
      continue;
    uint32_t target = ls_index_get (&columns->targets, k);
    LsObject *object = target == LS_NONE ? NULL : &trace->objects[target];
    if (!object || object->is_gate || !may_be_gate (object) || ls_trace_event_failed (trace, k))
      continue;
    int64_t n = ls_trace_get_units (trace, k);
    int64_t *has = ls_pairs_get (&units, LS_PAIR (ls_columns_get_thread (columns, k), target));
    *has = MIN (*has + (kind == LS_EV_ACQUIRE ? MIN (n, G_MAXINT) : -MIN (n, G_MAXINT)), G_MAXINT);
    object->is_gate = *has < 0;
  }
  ls_pairs_clear (&units);
}
