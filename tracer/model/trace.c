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

uint32_t
ls_trace_find_place (const LsTrace *trace, uint32_t source)
{
  for (uint32_t at = source; at < trace->n_sources; at = trace->sources[at].in)
    if (trace->sources[at].basename && trace->sources[at].line)
      return at;
  return source < trace->n_sources ? source : LS_NONE;
}

char *
ls_trace_dup_place (const LsTrace *trace, uint32_t source)
{
  uint32_t at = ls_trace_find_place (trace, source);
  if (at == LS_NONE)
    return g_strdup ("");
  const LsSource *place = &trace->sources[at];
  if (place->basename && place->line)
    return g_strdup_printf ("%s:%u", place->basename, place->line);
  if (place->func)
    return g_strdup (place->func);
  if (place->line && !place->basename)
    return g_strdup_printf ("line %u", place->line);
  return g_strdup (place->basename ? place->basename : "");
}

#define MAX_CALLERS 4

char *
ls_trace_dup_callers (const LsTrace *trace, uint32_t source)
{
  GString *out = g_string_new (NULL);
  uint32_t place = ls_trace_find_place (trace, source);
  uint32_t at = place == LS_NONE ? LS_NONE : trace->sources[place].in;
  for (guint n = 0; at != LS_NONE; at = trace->sources[at].in, n++) {
    const LsSource *caller = &trace->sources[at];
    if (n == MAX_CALLERS) {
      g_string_append (out, " …");
      break;
    }
    g_string_append_printf (out, "%s%s", n > 0 ? ", " : "", caller->func ? caller->func : "?");
    if (caller->basename && caller->line)
      g_string_append_printf (out, " (%s:%u)", caller->basename, caller->line);
  }
  return g_string_free (out, FALSE);
}

/* -- Events -- */

uint32_t
ls_trace_get_n_events (const LsTrace *trace)
{
  return trace->columns.n;
}

bool
ls_trace_get_told_value (const LsTrace *trace, uint32_t k, LsValue *value)
{
  const LsColumns *columns = &trace->columns;
  LsOp op = columns->ops[k];
  if (!(op & LS_OP_VAL) || !(ls_event_rows[LS_OP_KIND (op)].flags & (LS_EV_READS | LS_EV_WRITES)))
    return false;
  uint32_t target = ls_index_get (&columns->targets, k);
  if (target == LS_NONE)
    return false;
  if (op & LS_OP_RARE) {
    LsRare rare;
    ls_columns_get_rare (columns, k, &rare);
    uint32_t whole = trace->objects[target].size;
    if (ls_trace_event_failed (trace, k) ||
        (rare.has_part && (rare.off != 0 || (rare.size && whole && rare.size != whole))))
      return false;
  }
  *value = ls_columns_get_val (columns, k);
  return true;
}

static void
add_rare (const LsColumns *columns, uint32_t k, LsEvent *event)
{
  LsRare rare;
  ls_columns_get_rare (columns, k, &rare);
  event->with = rare.with;
  event->has_part = rare.has_part;
  event->off = rare.off;
  event->size = rare.size;
  event->name = rare.name == LS_NONE ? NULL : columns->texts[rare.name];
  event->err = rare.err == LS_NONE ? NULL : columns->texts[rare.err];
  if (rare.has_n) {
    event->has_n = true;
    event->n = rare.n;
  }
}

void
ls_trace_get_event (const LsTrace *trace, uint32_t k, LsEvent *event)
{
  const LsColumns *columns = &trace->columns;
  LsOp op = columns->ops[k];
  uint32_t target = ls_index_get (&columns->targets, k);
  LsEventKind ev = LS_OP_KIND (op);
  event->ts_ns = ls_columns_get_ts (columns, k);
  event->ev = ev;
  event->mode = LS_OP_MODE (op);
  event->how = LS_OP_HOW (op);
  event->order = LS_OP_ORDER (op);
  event->thread = ls_columns_get_thread (columns, k);
  event->object = op & LS_OP_THREAD ? LS_NONE : target;
  event->peer = op & LS_OP_THREAD ? target : LS_NONE;
  event->with = LS_NONE;
  event->source = ls_index_get (&columns->sources, k);
  event->has_part = event->has_n = false;
  event->off = event->size = 0;
  event->n = ev == LS_EV_ACQUIRE || ev == LS_EV_RELEASE;
  event->val.type = event->old.type = LS_VALUE_NONE;
  event->val.u = event->old.u = 0;
  event->name = event->err = NULL;
  if (op & LS_OP_VAL)
    event->val = ls_columns_get_val (columns, k);
  if (op & LS_OP_OLD)
    event->old = ls_columns_get_old (columns, k);
  if (op & LS_OP_RARE)
    add_rare (columns, k, event);
}

int64_t
ls_trace_get_ts (const LsTrace *trace, uint32_t k)
{
  return ls_columns_get_ts (&trace->columns, k);
}

LsEventKind
ls_trace_get_kind (const LsTrace *trace, uint32_t k)
{
  return ls_columns_get_kind (&trace->columns, k);
}

uint32_t
ls_trace_get_event_thread (const LsTrace *trace, uint32_t k)
{
  return ls_columns_get_thread (&trace->columns, k);
}

uint32_t
ls_trace_get_event_object (const LsTrace *trace, uint32_t k)
{
  return ls_columns_get_object (&trace->columns, k);
}

bool
ls_trace_event_failed (const LsTrace *trace, uint32_t k)
{
  const LsColumns *columns = &trace->columns;
  const LsColumnBlock *block = &columns->blocks[k / LS_TS_BLOCK];
  if (!(columns->ops[k] & LS_OP_RARE))
    return false;
  uint32_t err =
    ls_rare_words_get_err (&columns->rares, ls_block_rank (block->rares, block->n_rares, k));
  return err != LS_NONE && strcmp (columns->texts[err], "EOWNERDEAD") != 0;
}

uint32_t
ls_trace_find_event (const LsTrace *trace, int64_t ts_ns)
{
  return ls_columns_find_ts (&trace->columns, ts_ns);
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
