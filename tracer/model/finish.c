/* SPDX-License-Identifier: MIT */
/**
 * Makes the trace of what the builder took: events in the order of time, tables in the order of
 * ids, and what is known of the whole.
 */
#include <stdlib.h>
#include <string.h>

#include "builder.h"

/* -- By time -- */

static int
compare_stragglers (const void *a, const void *b, void *user_data)
{
  const int64_t *ts = user_data;
  uint32_t first = *(const uint32_t *) a, second = *(const uint32_t *) b;
  if (ts[first] != ts[second])
    return ts[first] < ts[second] ? -1 : 1;
  return (first > second) - (first < second);
}

/* Order by time, ties in line order. The collector writes sorted but for stragglers: those alone
 * are sorted, then merged with the rest, so that nearly sorted input costs one pass. An event ahead
 * of its time would make stragglers of all that follow; it is taken out instead, as the one that
 * stands wrong, when the event after it fits those before. */
static uint32_t *
compute_order (const LsBuilder *builder)
{
  uint32_t n = builder->n;
  const int64_t *ts = builder->ts;
  g_autofree uint32_t *rest = g_new (uint32_t, n + 1);
  g_autofree uint32_t *stragglers = g_new (uint32_t, n + 1);
  uint32_t n_rest = 0, n_stragglers = 0;
  for (uint32_t k = 0; k < n; k++) {
    if (n_rest > 0 && ts[k] < ts[rest[n_rest - 1]] &&
        (n_rest == 1 || ts[k] >= ts[rest[n_rest - 2]]))
      stragglers[n_stragglers++] = rest[--n_rest];
    if (n_rest == 0 || ts[k] >= ts[rest[n_rest - 1]])
      rest[n_rest++] = k;
    else
      stragglers[n_stragglers++] = k;
  }
  qsort_r (stragglers, n_stragglers, sizeof *stragglers, compare_stragglers, builder->ts);

  uint32_t *order = g_new (uint32_t, n + 1);
  uint32_t i = 0, j = 0;
  for (uint32_t k = 0; k < n; k++)
    if (j == n_stragglers ||
        (i < n_rest && compare_stragglers (&rest[i], &stragglers[j], builder->ts) < 0))
      order[k] = rest[i++];
    else
      order[k] = stragglers[j++];
  return order;
}

/* `order` NULL: as it is. Gives the column at its exact size, and lets the builder's go. */
static gpointer
take_column (gpointer column, gsize size, const uint32_t *order, uint32_t n)
{
  char *old = *(gpointer *) column;
  *(gpointer *) column = NULL;
  if (!order)
    return g_realloc_n (old, n + (gsize) 1, size);
  char *sorted = g_malloc_n (n + (gsize) 1, size);
  switch (size) {
  case 1:
    for (uint32_t k = 0; k < n; k++)
      sorted[k] = old[order[k]];
    break;
  case 4:
    for (uint32_t k = 0; k < n; k++)
      ((uint32_t *) sorted)[k] = ((const uint32_t *) old)[order[k]];
    break;
  default:
    for (uint32_t k = 0; k < n; k++)
      memcpy (sorted + size * k, old + size * order[k], size);
    break;
  }
  g_free (old);
  return sorted;
}

/* The sparse entries that the bit `which` of `has` tells of, in the new order, and their rank. */
static gpointer
take_sparse (GArray *entries, const uint8_t *has, uint8_t which, const uint32_t *order, uint32_t n)
{
  gsize size = g_array_get_element_size (entries);
  char *taken = g_malloc_n (entries->len + (gsize) 1, size);
  if (!order) {
    if (entries->len > 0) /* an empty array has no data to copy from */
      memcpy (taken, entries->data, entries->len * size);
  } else {
    LsRank before;
    ls_rank_init (&before, n);
    for (uint32_t k = 0; k < n; k++)
      if (has[k] & which)
        ls_rank_set (&before, k);
    ls_rank_finish (&before, n);
    gsize i = 0;
    for (uint32_t k = 0; k < n; k++)
      if (has[order[k]] & which)
        memcpy (taken + size * i++, entries->data + size * ls_rank_count (&before, order[k]), size);
    ls_rank_clear (&before);
  }
  g_array_set_size (entries, 0);
  return taken;
}

static void
make_rank (LsRank *rank, const uint8_t *has, uint8_t which, uint32_t n)
{
  ls_rank_init (rank, n);
  for (uint32_t k = 0; k < n; k++)
    if (has[k] & which)
      ls_rank_set (rank, k);
  ls_rank_finish (rank, n);
}

#define REMAP(index, place) ((index) == LS_NONE ? LS_NONE : (place)[index])

static void
move_columns (LsBuilder *builder,
              LsTrace *trace,
              const uint32_t *threads,
              const uint32_t *objects,
              const uint32_t *sources)
{
  LsColumns *columns = &trace->columns;
  uint32_t n = columns->n = builder->n;
  g_autofree uint32_t *order = builder->is_sorted ? NULL : compute_order (builder);
  columns->val.bits = take_sparse (builder->vals, builder->has, LS_HAS_VAL, order, n);
  columns->val.types = take_sparse (builder->val_types, builder->has, LS_HAS_VAL, order, n);
  columns->old.bits = take_sparse (builder->olds, builder->has, LS_HAS_OLD, order, n);
  columns->old.types = take_sparse (builder->old_types, builder->has, LS_HAS_OLD, order, n);
  guint n_rares = builder->rares->len;
  columns->rare = take_sparse (builder->rares, builder->has, LS_HAS_RARE, order, n);
  columns->ts = take_column (&builder->ts, sizeof (int64_t), order, n);
  columns->who = take_column (&builder->who, sizeof (uint32_t), order, n);
  columns->target = take_column (&builder->target, sizeof (uint32_t), order, n);
  columns->source = take_column (&builder->source, sizeof (uint32_t), order, n);
  columns->line = take_column (&builder->line, sizeof (uint32_t), order, n);
  columns->flags = take_column (&builder->flags, sizeof (uint8_t), order, n);
  g_autofree uint8_t *has = take_column (&builder->has, sizeof (uint8_t), order, n);
  make_rank (&columns->val.has, has, LS_HAS_VAL, n);
  make_rank (&columns->old.has, has, LS_HAS_OLD, n);
  make_rank (&columns->has_rare, has, LS_HAS_RARE, n);

  for (uint32_t k = 0; k < n; k++) {
    uint32_t who = columns->who[k], target = columns->target[k];
    columns->who[k] = LS_WHO (threads[LS_WHO_THREAD (who)], LS_WHO_KIND (who)) |
                      (has[k] & LS_HAS_VAL ? LS_WHO_HAS_VAL : 0) |
                      (has[k] & LS_HAS_RARE ? LS_WHO_HAS_RARE : 0);
    columns->target[k] = REMAP (target, columns->flags[k] & LS_FLAG_THREAD ? threads : objects);
    columns->source[k] = REMAP (columns->source[k], sources);
  }
  for (guint i = 0; i < n_rares; i++)
    columns->rare[i].with = REMAP (columns->rare[i].with, objects);
}

/* -- Tables -- */

static void
move_tables (LsBuilder *builder,
             LsTrace *trace,
             const uint32_t *threads,
             const uint32_t *objects,
             const uint32_t *sources)
{
  trace->n_threads = builder->threads->len;
  trace->n_objects = builder->objects->len;
  trace->n_sources = builder->sources->len;
  trace->threads = g_new0 (LsThread, trace->n_threads + 1);
  trace->objects = g_new0 (LsObject, trace->n_objects + 1);
  trace->sources = g_new0 (LsSource, trace->n_sources + 1);
  for (uint32_t i = 0; i < trace->n_threads; i++)
    trace->threads[threads[i]] = g_array_index (builder->threads, LsThread, i);
  for (uint32_t i = 0; i < trace->n_objects; i++) {
    LsObject *object = &trace->objects[objects[i]];
    *object = g_array_index (builder->objects, LsObject, i);
    object->source = REMAP (object->source, sources);
  }
  for (uint32_t i = 0; i < trace->n_sources; i++) {
    LsSource *source = &trace->sources[sources[i]];
    *source = g_array_index (builder->sources, LsSource, i);
    source->in = REMAP (source->in, sources);
    const char *slash = source->file ? strrchr (source->file, '/') : NULL;
    source->basename = slash && slash[1] ? slash + 1 : source->file;
  }
}

/* Callers of callers must come to an end: a circle is cut where it is found. */
static void
cut_circles (LsTrace *trace)
{
  g_autofree uint32_t *walk = g_new0 (uint32_t, trace->n_sources + 1); /* which one came by */
  for (uint32_t i = 0; i < trace->n_sources; i++) {
    uint32_t last = LS_NONE;
    for (uint32_t at = i; at != LS_NONE; last = at, at = trace->sources[at].in) {
      if (walk[at] == i + 1) {
        ls_trace_add_problem (trace, LS_NONE, "source %u calls itself by its \"in\"",
                              trace->sources[last].id);
        trace->sources[last].in = LS_NONE;
        break;
      }
      if (walk[at])
        break;
      walk[at] = i + 1;
    }
  }
}

/* -- The whole -- */

static const char *const *
take_strings (LsBuilder *builder, GPtrArray **strings)
{
  g_ptr_array_add (*strings, NULL);
  char **vector = (char **) g_ptr_array_free (*strings, FALSE);
  *strings = g_ptr_array_new ();
  g_ptr_array_add (builder->string_vectors, vector);
  return (const char *const *) vector;
}

static void
move_info (LsBuilder *builder, LsTrace *trace, const char *path)
{
  static const char *const none[] = { NULL };
  LsTraceInfo *info = &trace->info;
  const LsReadReport *report = builder->report;
  *info = builder->info;
  info->path = ls_builder_intern (builder, path);
  const char *slash = strrchr (info->path, '/');
  info->title = slash && slash[1] ? slash + 1 : info->path;
  if (!info->program)
    info->program = none;
  info->ignored = take_strings (builder, &builder->ignored);
  info->blind = take_strings (builder, &builder->blind);
  info->cut = report->cut;
  info->n_lost = MAX (builder->footer_lost, builder->events_lost);
  info->end_ns = builder->footer_end_ns;
  if (builder->n > 0)
    info->end_ns = MAX (info->end_ns, trace->columns.ts[builder->n - 1]);
  info->absence_is_no_proof =
    info->n_lost > 0 || info->partial || info->ignored[0] || info->blind[0] || report->n_errors > 0;
  info->report = report;
}

LsTrace *
ls_builder_finish (LsBuilder *builder, const char *path)
{
  g_autofree uint32_t *threads = ls_ids_sort (&builder->thread_ids);
  g_autofree uint32_t *objects = ls_ids_sort (&builder->object_ids);
  g_autofree uint32_t *sources = ls_ids_sort (&builder->source_ids);

  LsTrace *trace = g_new0 (LsTrace, 1);
  g_atomic_ref_count_init (&trace->ref_count);
  move_columns (builder, trace, threads, objects, sources);
  move_tables (builder, trace, threads, objects, sources);
  move_info (builder, trace, path);
  trace->report = g_steal_pointer (&builder->report);
  cut_circles (trace);
  trace->strings = g_steal_pointer (&builder->strings);
  trace->string_vectors = g_steal_pointer (&builder->string_vectors);
  return trace;
}
