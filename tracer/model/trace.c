/* SPDX-License-Identifier: MIT */
/* Reading a trace's columns and tables. */
#include "trace.h"

#include <string.h>

#include "trace-private.h"

/* -- Tables -- */

const LsTraceInfo *
ls_trace_get_info (const LsTrace *trace)
{
  return &trace->info;
}

uint32_t
ls_trace_get_n_threads (const LsTrace *trace)
{
  return trace->n_threads;
}

uint32_t
ls_trace_get_n_objects (const LsTrace *trace)
{
  return trace->n_objects;
}

uint32_t
ls_trace_get_n_sources (const LsTrace *trace)
{
  return trace->n_sources;
}

const LsThread *
ls_trace_get_thread (const LsTrace *trace, uint32_t thread)
{
  g_return_val_if_fail (thread < trace->n_threads, NULL);
  return &trace->threads[thread];
}

const LsObject *
ls_trace_get_object (const LsTrace *trace, uint32_t object)
{
  g_return_val_if_fail (object < trace->n_objects, NULL);
  return &trace->objects[object];
}

const LsSource *
ls_trace_get_source (const LsTrace *trace, uint32_t source)
{
  g_return_val_if_fail (source < trace->n_sources, NULL);
  return &trace->sources[source];
}

uint32_t
ls_trace_find_thread (const LsTrace *trace, const char *name)
{
  for (uint32_t i = 0; i < trace->n_threads; i++)
    if (strcmp (trace->threads[i].name, name) == 0)
      return i;
  return LS_NONE;
}

uint32_t
ls_trace_find_object (const LsTrace *trace, const char *name)
{
  for (uint32_t i = 0; i < trace->n_objects; i++)
    if (strcmp (trace->objects[i].name, name) == 0)
      return i;
  return LS_NONE;
}

char *
ls_trace_dup_place (const LsTrace *trace, uint32_t source)
{
  if (source >= trace->n_sources)
    return g_strdup ("");
  const LsSource *place = &trace->sources[source];
  if (place->basename && place->line)
    return g_strdup_printf ("%s:%u", place->basename, place->line);
  if (place->func)
    return g_strdup (place->func);
  return g_strdup (place->basename ? place->basename : "");
}

/* -- Events -- */

uint32_t
ls_trace_get_n_events (const LsTrace *trace)
{
  return trace->columns.n;
}

const LsRare *
ls_columns_get_rare (const LsColumns *columns, uint32_t k)
{
  if (!(columns->who[k] & LS_WHO_HAS_RARE))
    return NULL;
  return &columns->rare[ls_rank_count (&columns->has_rare, k)];
}

static LsValue
get_value (const LsValueColumn *column, uint32_t k)
{
  LsValue value = { .type = LS_VALUE_NONE };
  if (!ls_rank_has (&column->has, k))
    return value;
  uint32_t i = ls_rank_count (&column->has, k);
  value.type = (LsValueType) column->types[i];
  memcpy (&value.u, &column->bits[i], sizeof value.u);
  return value;
}

bool
ls_trace_get_told_value (const LsTrace *trace, uint32_t k, LsValue *value)
{
  uint32_t who = trace->columns.who[k];
  if (!(who & LS_WHO_HAS_VAL) ||
      !(ls_event_rows[LS_WHO_KIND (who)].flags & (LS_EV_READS | LS_EV_WRITES)))
    return false;
  const LsRare *rare = ls_columns_get_rare (&trace->columns, k);
  uint32_t target = trace->columns.target[k];
  if (target == LS_NONE || ls_trace_event_failed (trace, k))
    return false;
  if (rare && rare->has_part) {
    uint32_t whole = trace->objects[target].size;
    if (rare->off != 0 || (rare->size && whole && rare->size != whole))
      return false;
  }
  *value = get_value (&trace->columns.val, k);
  return true;
}

static void
add_rare (LsEvent *event, const LsRare *rare)
{
  event->with = rare->with;
  event->has_part = rare->has_part;
  event->off = rare->off;
  event->size = rare->size;
  event->name = rare->name;
  event->err = rare->err;
  if (rare->has_n) {
    event->has_n = true;
    event->n = rare->n;
  }
}

void
ls_trace_get_event (const LsTrace *trace, uint32_t k, LsEvent *event)
{
  const LsColumns *columns = &trace->columns;
  uint32_t who = columns->who[k];
  uint8_t flags = columns->flags[k];
  bool is_thread = flags & LS_FLAG_THREAD;
  LsEventKind ev = LS_WHO_KIND (who);
  *event = (LsEvent){
    .ts_ns = columns->ts[k],
    .ev = ev,
    .mode = (LsMode) (flags & 1),
    .how = (LsHow) (flags >> 1 & 7),
    .order = (LsOrder) (flags >> 4 & 7),
    .thread = LS_WHO_THREAD (who),
    .object = is_thread ? LS_NONE : columns->target[k],
    .peer = is_thread ? columns->target[k] : LS_NONE,
    .with = LS_NONE,
    .source = columns->source[k],
    .n = ev == LS_EV_ACQUIRE || ev == LS_EV_RELEASE,
  };
  if (who & LS_WHO_HAS_VAL)
    event->val = get_value (&columns->val, k);
  event->old = get_value (&columns->old, k);
  const LsRare *rare = ls_columns_get_rare (columns, k);
  if (rare)
    add_rare (event, rare);
}

int64_t
ls_trace_get_ts (const LsTrace *trace, uint32_t k)
{
  return trace->columns.ts[k];
}

LsEventKind
ls_trace_get_kind (const LsTrace *trace, uint32_t k)
{
  return LS_WHO_KIND (trace->columns.who[k]);
}

uint32_t
ls_trace_get_event_thread (const LsTrace *trace, uint32_t k)
{
  return LS_WHO_THREAD (trace->columns.who[k]);
}

uint32_t
ls_trace_get_event_object (const LsTrace *trace, uint32_t k)
{
  return trace->columns.flags[k] & LS_FLAG_THREAD ? LS_NONE : trace->columns.target[k];
}

bool
ls_trace_event_failed (const LsTrace *trace, uint32_t k)
{
  const LsRare *rare = ls_columns_get_rare (&trace->columns, k);
  return rare && rare->err && strcmp (rare->err, "EOWNERDEAD") != 0;
}

uint32_t
ls_trace_find_event (const LsTrace *trace, int64_t ts_ns)
{
  uint32_t low = 0, high = trace->columns.n;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (trace->columns.ts[middle] < ts_ns)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static const uint32_t *
get_list (const LsEventLists *lists, uint32_t lane, uint32_t *n)
{
  *n = lists->offset[lane + 1] - lists->offset[lane];
  return *n > 0 ? lists->events + lists->offset[lane] : NULL;
}

const uint32_t *
ls_trace_get_thread_events (const LsTrace *trace, uint32_t thread, uint32_t *n)
{
  return get_list (&trace->thread_events, thread, n);
}

const uint32_t *
ls_trace_get_object_events (const LsTrace *trace, uint32_t object, uint32_t *n)
{
  return get_list (&trace->object_events, object, n);
}

uint32_t
ls_events_lower_bound (const uint32_t *events, uint32_t n, uint32_t k)
{
  uint32_t low = 0, high = n;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (events[middle] < k)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

uint32_t
ls_trace_find_next_of_thread (const LsTrace *trace, uint32_t thread, uint32_t k)
{
  uint32_t n;
  const uint32_t *events = ls_trace_get_thread_events (trace, thread, &n);
  uint32_t i = k == LS_NONE ? 0 : ls_events_lower_bound (events, n, k + 1);
  return i < n ? events[i] : LS_NONE;
}

uint32_t
ls_trace_find_previous_of_thread (const LsTrace *trace, uint32_t thread, uint32_t k)
{
  uint32_t n;
  const uint32_t *events = ls_trace_get_thread_events (trace, thread, &n);
  uint32_t i = ls_events_lower_bound (events, n, k);
  return i > 0 ? events[i - 1] : LS_NONE;
}
