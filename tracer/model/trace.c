/* SPDX-License-Identifier: MIT */
/* Opening a trace, and reading its columns and tables. */
#include "trace.h"

#include <string.h>

#include "summary.h"
#include "trace-private.h"

/* -- Opening -- */

static LsTrace *
finish (LsBuilder *builder, const char *path)
{
  LsTrace *trace = ls_builder_finish (builder, path);
  ls_builder_free (builder);
  ls_trace_index_events (trace);
  ls_trace_describe_threads (trace);
  ls_trace_build_intervals (trace);
  ls_trace_build_summaries (trace);
  return trace;
}

LsTrace *
ls_trace_open (const char *path,
               LsProgressFunc progress,
               gpointer progress_data,
               GCancellable *cancellable,
               GError **error)
{
  LsReadReport *report = ls_read_report_new ();
  LsBuilder *builder = ls_builder_new (report);
  if (!ls_read_file (path, ls_builder_add, builder, report, progress, progress_data, cancellable,
                     error)) {
    ls_builder_free (builder);
    return NULL;
  }
  return finish (builder, path);
}

LsTrace *
ls_trace_open_bytes (const char *name, const char *bytes, gsize n_bytes, GError **error)
{
  LsReadReport *report = ls_read_report_new ();
  LsBuilder *builder = ls_builder_new (report);
  if (!ls_read_bytes (name, bytes, n_bytes, ls_builder_add, builder, report, error)) {
    ls_builder_free (builder);
    return NULL;
  }
  return finish (builder, name);
}

LsTrace *
ls_trace_ref (LsTrace *trace)
{
  g_atomic_ref_count_inc (&trace->ref_count);
  return trace;
}

static void
free_lists (LsEventLists *lists)
{
  g_free (lists->offset);
  g_free (lists->events);
}

void
ls_trace_unref (LsTrace *trace)
{
  if (!g_atomic_ref_count_dec (&trace->ref_count))
    return;
  ls_trace_free_summaries (trace);
  for (uint32_t i = 0; i < trace->n_threads; i++) {
    g_clear_pointer (&trace->thread_lanes[i].states.intervals, g_array_unref);
    g_clear_pointer (&trace->thread_lanes[i].holds.intervals, g_array_unref);
    g_clear_pointer (&trace->thread_lanes[i].regions.intervals, g_array_unref);
  }
  for (uint32_t i = 0; i < trace->n_objects; i++) {
    g_clear_pointer (&trace->object_lanes[i].holds.intervals, g_array_unref);
    g_clear_pointer (&trace->object_lanes[i].waits.intervals, g_array_unref);
  }
  g_free (trace->thread_lanes);
  g_free (trace->object_lanes);
  free_lists (&trace->thread_events);
  free_lists (&trace->object_events);
  g_clear_pointer (&trace->alive_events, g_array_unref);
  g_clear_pointer (&trace->alive_counts, g_array_unref);
  g_clear_pointer (&trace->counter_names, g_ptr_array_unref);
  g_clear_pointer (&trace->counter_events, g_ptr_array_unref);
  g_free (trace->columns.ts);
  g_free (trace->columns.who);
  g_free (trace->columns.target);
  g_free (trace->columns.source);
  g_free (trace->columns.flags);
  g_free (trace->columns.side);
  ls_rank_clear (&trace->columns.has_side);
  g_free (trace->threads);
  g_free (trace->objects);
  g_free (trace->sources);
  g_clear_pointer (&trace->report, ls_read_report_free);
  g_clear_pointer (&trace->strings, g_string_chunk_free);
  g_clear_pointer (&trace->string_vectors, g_ptr_array_unref);
  g_free (trace);
}

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

const LsSide *
ls_columns_get_side (const LsColumns *columns, uint32_t k)
{
  if (!ls_rank_has (&columns->has_side, k))
    return NULL;
  return &columns->side[ls_rank_count (&columns->has_side, k)];
}

static void
add_side (LsEvent *event, const LsSide *side)
{
  event->with = side->with;
  event->has_part = side->has_part;
  event->off = side->off;
  event->size = side->size;
  event->val = side->val;
  event->old = side->old;
  event->name = side->name;
  event->err = side->err;
  if (side->has_n) {
    event->has_n = true;
    event->n = side->n;
  }
}

void
ls_trace_get_event (const LsTrace *trace, uint32_t k, LsEvent *event)
{
  const LsColumns *columns = &trace->columns;
  uint8_t flags = columns->flags[k];
  bool is_thread = flags & 0x80;
  LsEventKind ev = LS_WHO_KIND (columns->who[k]);
  *event = (LsEvent){
    .ts_ns = columns->ts[k],
    .ev = ev,
    .mode = (LsMode) (flags & 1),
    .how = (LsHow) (flags >> 1 & 7),
    .order = (LsOrder) (flags >> 4 & 7),
    .thread = LS_WHO_THREAD (columns->who[k]),
    .object = is_thread ? LS_NONE : columns->target[k],
    .peer = is_thread ? columns->target[k] : LS_NONE,
    .with = LS_NONE,
    .source = columns->source[k],
    .n = ev == LS_EV_ACQUIRE || ev == LS_EV_RELEASE,
  };
  const LsSide *side = ls_columns_get_side (columns, k);
  if (side)
    add_side (event, side);
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
  return trace->columns.flags[k] & 0x80 ? LS_NONE : trace->columns.target[k];
}

bool
ls_trace_event_failed (const LsTrace *trace, uint32_t k)
{
  const LsSide *side = ls_columns_get_side (&trace->columns, k);
  return side && side->err && strcmp (side->err, "EOWNERDEAD") != 0;
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
