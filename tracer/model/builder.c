/* SPDX-License-Identifier: MIT */
/* Takes a trace's lines as they come and makes the columns and tables of them. */
#include <string.h>

#include "ids.h"
#include "trace-private.h"

typedef struct {
  uint32_t k;
  LsSide side;
} SideEntry;

struct _LsBuilder {
  LsReadReport *report;
  GStringChunk *strings;
  GPtrArray *string_vectors;

  uint32_t n, capacity;
  int64_t *ts;
  uint32_t *who, *target, *source;
  uint8_t *flags;
  GArray *sides; /* SideEntry, by k */
  bool sorted;
  bool full_told;

  LsIds thread_ids, object_ids, source_ids;
  GArray *threads; /* LsThread by slot */
  GArray *objects;
  GArray *sources;
  GArray *last_ts; /* int64_t by thread slot */

  LsTraceInfo info;
  int64_t footer_end_ns;
  uint64_t footer_lost, events_lost;
};

static void
add_problem (LsReadReport *report, uint64_t line, bool is_error, char *reason)
{
  if (is_error)
    report->n_errors++;
  else
    report->n_warnings++;
  LsProblem problem = { .line = line, .is_error = is_error, .reason = reason };
  if (report->problems->len < LS_MAX_PROBLEMS)
    g_array_append_val (report->problems, problem);
  else
    g_free (reason);
}

void
ls_trace_add_problem (LsTrace *trace, uint64_t line, bool is_error, char *reason)
{
  add_problem (trace->report, line, is_error, reason);
}

LsBuilder *
ls_builder_new (LsReadReport *report)
{
  LsBuilder *builder = g_new0 (LsBuilder, 1);
  builder->report = report;
  builder->strings = g_string_chunk_new (4096);
  builder->string_vectors = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  builder->sides = g_array_new (FALSE, FALSE, sizeof (SideEntry));
  builder->sorted = true;
  ls_ids_init (&builder->thread_ids);
  ls_ids_init (&builder->object_ids);
  ls_ids_init (&builder->source_ids);
  builder->threads = g_array_new (FALSE, TRUE, sizeof (LsThread));
  builder->objects = g_array_new (FALSE, TRUE, sizeof (LsObject));
  builder->sources = g_array_new (FALSE, TRUE, sizeof (LsSource));
  builder->last_ts = g_array_new (FALSE, TRUE, sizeof (int64_t));
  return builder;
}

void
ls_builder_free (LsBuilder *builder)
{
  g_clear_pointer (&builder->report, ls_read_report_free);
  g_clear_pointer (&builder->strings, g_string_chunk_free);
  g_clear_pointer (&builder->string_vectors, g_ptr_array_unref);
  g_free (builder->ts);
  g_free (builder->who);
  g_free (builder->target);
  g_free (builder->source);
  g_free (builder->flags);
  g_array_unref (builder->sides);
  ls_ids_clear (&builder->thread_ids);
  ls_ids_clear (&builder->object_ids);
  ls_ids_clear (&builder->source_ids);
  g_array_unref (builder->threads);
  g_array_unref (builder->objects);
  g_array_unref (builder->sources);
  g_array_unref (builder->last_ts);
  g_free (builder);
}

/* -- Declarations -- */

static const char *
intern (LsBuilder *builder, const char *string)
{
  return string ? g_string_chunk_insert_const (builder->strings, string) : NULL;
}

static const char *const *
keep_vector (LsBuilder *builder, const char *const *vector)
{
  static const char *const none[] = { NULL };
  if (!vector)
    return none;
  char **copy = g_strdupv ((char **) vector);
  g_ptr_array_add (builder->string_vectors, copy);
  return (const char *const *) copy;
}

static LsThread *
thread_at (LsBuilder *builder, uint32_t slot)
{
  if (slot >= builder->threads->len) {
    g_array_set_size (builder->threads, slot + 1);
    g_array_set_size (builder->last_ts, slot + 1);
  }
  return &g_array_index (builder->threads, LsThread, slot);
}

/* LS_NONE past the most threads that a trace may have. */
static uint32_t
thread_slot (LsBuilder *builder, uint32_t id)
{
  uint32_t slot = ls_ids_get_slot (&builder->thread_ids, id);
  if (slot >= LS_MAX_THREADS) {
    if (!builder->full_told)
      add_problem (
        builder->report, builder->report->n_lines, true,
        g_strdup_printf ("thread %u is one more than the %u threads that a trace may have", id,
                         LS_MAX_THREADS));
    builder->full_told = true;
    return LS_NONE;
  }
  thread_at (builder, slot)->id = id;
  return slot;
}

static uint32_t
object_slot (LsBuilder *builder, uint32_t id)
{
  uint32_t slot = ls_ids_get_slot (&builder->object_ids, id);
  if (slot >= builder->objects->len) {
    g_array_set_size (builder->objects, slot + 1);
    LsObject *object = &g_array_index (builder->objects, LsObject, slot);
    object->id = id;
    object->source = LS_NONE;
    object->initial = -1;
  }
  return slot;
}

static uint32_t
source_slot (LsBuilder *builder, uint32_t id)
{
  uint32_t slot = ls_ids_get_slot (&builder->source_ids, id);
  if (slot >= builder->sources->len) {
    g_array_set_size (builder->sources, slot + 1);
    LsSource *source = &g_array_index (builder->sources, LsSource, slot);
    source->id = id;
    source->in = LS_NONE;
  }
  return slot;
}

static void
add_thread (LsBuilder *builder, const LsLineThread *line)
{
  uint32_t slot = thread_slot (builder, line->id);
  if (slot == LS_NONE)
    return;
  LsThread *thread = thread_at (builder, slot);
  if (line->name)
    thread->name = intern (builder, line->name);
  if (line->os)
    thread->os = line->os;
  thread->daemon |= line->daemon;
  thread->detached |= line->detached;
}

static void
add_object (LsBuilder *builder, const LsLineObject *line)
{
  uint32_t slot = object_slot (builder, line->id);
  uint32_t source = line->src ? source_slot (builder, line->src) : LS_NONE;
  LsObject *object = &g_array_index (builder->objects, LsObject, slot);
  if (line->kind)
    object->kind = line->kind;
  if (line->name)
    object->name = intern (builder, line->name);
  if (line->addr)
    object->addr = intern (builder, line->addr);
  if (source != LS_NONE)
    object->source = source;
  object->shared |= line->shared;
  if (line->has_initial)
    object->initial = line->initial;
  if (line->has_parties)
    object->parties = line->parties;
  if (line->type)
    object->type = line->type;
  if (line->size)
    object->size = line->size;
}

static void
add_source (LsBuilder *builder, const LsLineSource *line)
{
  uint32_t slot = source_slot (builder, line->id);
  uint32_t in = line->in ? source_slot (builder, line->in) : LS_NONE;
  LsSource *source = &g_array_index (builder->sources, LsSource, slot);
  if (line->func)
    source->func = intern (builder, line->func);
  if (line->file) {
    source->file = intern (builder, line->file);
    const char *slash = strrchr (source->file, '/');
    source->basename = slash && slash[1] ? slash + 1 : source->file;
  }
  if (line->line)
    source->line = line->line;
  if (in != LS_NONE)
    source->in = in;
}

static void
add_header (LsBuilder *builder, const LsLineHeader *line)
{
  LsTraceInfo *info = &builder->info;
  if (line->wall)
    info->wall = intern (builder, line->wall);
  if (line->recorder)
    info->recorder = intern (builder, line->recorder);
  if (line->program)
    info->program = keep_vector (builder, line->program);
  if (line->pid)
    info->pid = line->pid;
  info->partial |= line->partial;
  if (line->ignored)
    info->ignored = keep_vector (builder, line->ignored);
  if (line->blind)
    info->blind = keep_vector (builder, line->blind);
}

static void
add_footer (LsBuilder *builder, const LsLineFooter *line)
{
  builder->footer_end_ns = line->end_ns;
  builder->footer_lost = line->lost;
  builder->info.end_how = line->how;
  builder->info.end_code = line->code;
}

/* -- Events -- */

static void
reserve_event (LsBuilder *builder)
{
  if (builder->n < builder->capacity)
    return;
  builder->capacity = builder->capacity ? builder->capacity * 2 : 1024;
  builder->ts = g_renew (int64_t, builder->ts, builder->capacity);
  builder->who = g_renew (uint32_t, builder->who, builder->capacity);
  builder->target = g_renew (uint32_t, builder->target, builder->capacity);
  builder->source = g_renew (uint32_t, builder->source, builder->capacity);
  builder->flags = g_renew (uint8_t, builder->flags, builder->capacity);
}

static LsValue
keep_value (LsBuilder *builder, LsValue value)
{
  if (value.type == LS_VALUE_TEXT || value.type == LS_VALUE_BYTES)
    value.text = intern (builder, value.text);
  return value;
}

static void
add_side (LsBuilder *builder, const LsLineEvent *line)
{
  if (!line->val.type && !line->old.type && !line->has_n && !line->has_part && !line->with &&
      !line->name && !line->err)
    return;
  SideEntry entry = {
    .k = builder->n,
    .side = {
      .val = keep_value (builder, line->val),
      .old = keep_value (builder, line->old),
      .n = line->n,
      .off = line->off,
      .size = line->size,
      .with = line->with ? object_slot (builder, line->with) : LS_NONE,
      .has_part = line->has_part,
      .has_n = line->has_n,
      .name = intern (builder, line->name),
      .err = intern (builder, line->err),
    },
  };
  g_array_append_val (builder->sides, entry);
}

static void
check_time (LsBuilder *builder, uint32_t slot, const LsLineEvent *line)
{
  int64_t *last = &g_array_index (builder->last_ts, int64_t, slot);
  if (line->ts_ns < *last)
    add_problem (builder->report, builder->report->n_lines, false,
                 g_strdup_printf ("time goes back in thread %u, from %" G_GINT64_FORMAT
                                  " to %" G_GINT64_FORMAT " ns",
                                  line->tid, *last, line->ts_ns));
  *last = line->ts_ns;
}

static void
add_event (LsBuilder *builder, const LsLineEvent *line)
{
  uint32_t thread = thread_slot (builder, line->tid);
  if (thread == LS_NONE || builder->n == LS_NONE - 1)
    return;
  uint32_t target = LS_NONE;
  if (line->obj)
    target = object_slot (builder, line->obj);
  else if (line->thread)
    target = thread_slot (builder, line->thread);

  check_time (builder, thread, line);
  reserve_event (builder);
  add_side (builder, line);
  uint32_t k = builder->n++;
  if (k > 0 && line->ts_ns < builder->ts[k - 1])
    builder->sorted = false;
  builder->ts[k] = line->ts_ns;
  builder->who[k] = LS_WHO (thread, line->ev);
  builder->target[k] = target;
  builder->source[k] = line->src ? source_slot (builder, line->src) : LS_NONE;
  builder->flags[k] = LS_FLAGS (line->mode, line->how, line->order, !line->obj && line->thread);
  if (line->ev == LS_EV_LOST)
    builder->events_lost += line->has_n ? (uint64_t) line->n : 1;
}

void
ls_builder_add (const LsLine *line, gpointer user_data)
{
  LsBuilder *builder = user_data;
  switch (line->kind) {
  case LS_LINE_HEADER:
    add_header (builder, &line->header);
    break;
  case LS_LINE_FOOTER:
    add_footer (builder, &line->footer);
    break;
  case LS_LINE_THREAD:
    add_thread (builder, &line->thread);
    break;
  case LS_LINE_OBJECT:
    add_object (builder, &line->object);
    break;
  case LS_LINE_SOURCE:
    add_source (builder, &line->source);
    break;
  case LS_LINE_EVENT:
    add_event (builder, &line->event);
    break;
  }
}

/* -- Finishing: by time, by id -- */

static int
compare_stragglers (const void *a, const void *b, void *user_data)
{
  const int64_t *ts = user_data;
  uint32_t first = *(const uint32_t *) a, second = *(const uint32_t *) b;
  if (ts[first] != ts[second])
    return ts[first] < ts[second] ? -1 : 1;
  return (first > second) - (first < second);
}

/* Order by time, ties in line order. The collector writes sorted but for stragglers: those alone are
 * sorted, then merged with the rest, so that nearly sorted input costs one pass. */
static uint32_t *
compute_order (const LsBuilder *builder)
{
  uint32_t n = builder->n;
  const int64_t *ts = builder->ts;
  g_autofree uint32_t *rest = g_new (uint32_t, n + 1);
  g_autofree uint32_t *stragglers = g_new (uint32_t, n + 1);
  uint32_t n_rest = 0, n_stragglers = 0;
  for (uint32_t k = 0; k < n; k++)
    if (n_rest == 0 || ts[k] >= ts[rest[n_rest - 1]])
      rest[n_rest++] = k;
    else
      stragglers[n_stragglers++] = k;
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

#define PERMUTE(TYPE, COLUMN)                   \
  do {                                          \
    TYPE *sorted_ = g_new (TYPE, n + 1);        \
    for (uint32_t k_ = 0; k_ < n; k_++)         \
      sorted_[k_] = builder->COLUMN[order[k_]]; \
    g_free (builder->COLUMN);                   \
    builder->COLUMN = sorted_;                  \
  } while (0)

static int
compare_sides (const void *a, const void *b)
{
  uint32_t first = ((const SideEntry *) a)->k, second = ((const SideEntry *) b)->k;
  return (first > second) - (first < second);
}

static void
sort_events (LsBuilder *builder)
{
  if (builder->sorted)
    return;
  uint32_t n = builder->n;
  g_autofree uint32_t *order = compute_order (builder);
  PERMUTE (int64_t, ts);
  PERMUTE (uint32_t, who);
  PERMUTE (uint32_t, target);
  PERMUTE (uint32_t, source);
  PERMUTE (uint8_t, flags);
  g_autofree uint32_t *place = g_new (uint32_t, n + 1);
  for (uint32_t k = 0; k < n; k++)
    place[order[k]] = k;
  for (guint i = 0; i < builder->sides->len; i++) {
    SideEntry *entry = &g_array_index (builder->sides, SideEntry, i);
    entry->k = place[entry->k];
  }
  g_array_sort (builder->sides, compare_sides);
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
  columns->ts = g_steal_pointer (&builder->ts);
  columns->who = g_steal_pointer (&builder->who);
  columns->target = g_steal_pointer (&builder->target);
  columns->source = g_steal_pointer (&builder->source);
  columns->flags = g_steal_pointer (&builder->flags);
  for (uint32_t k = 0; k < n; k++) {
    uint32_t who = columns->who[k];
    columns->who[k] = LS_WHO (threads[LS_WHO_THREAD (who)], LS_WHO_KIND (who));
    columns->target[k] = REMAP (columns->target[k], columns->flags[k] & 0x80 ? threads : objects);
    columns->source[k] = REMAP (columns->source[k], sources);
  }

  ls_rank_init (&columns->has_side, n);
  columns->side = g_new (LsSide, builder->sides->len + 1);
  for (guint i = 0; i < builder->sides->len; i++) {
    const SideEntry *entry = &g_array_index (builder->sides, SideEntry, i);
    columns->side[i] = entry->side;
    columns->side[i].with = REMAP (entry->side.with, objects);
    ls_rank_set (&columns->has_side, entry->k);
  }
  ls_rank_finish (&columns->has_side, n);
}

static void
move_tables (LsBuilder *builder,
             LsTrace *trace,
             const uint32_t *threads,
             const uint32_t *objects,
             const uint32_t *sources)
{
  trace->n_threads = MIN (builder->threads->len, LS_MAX_THREADS);
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
  }
}

static void
move_info (LsBuilder *builder, LsTrace *trace, const char *path)
{
  LsTraceInfo *info = &trace->info;
  *info = builder->info;
  info->path = intern (builder, path);
  const char *slash = strrchr (info->path, '/');
  info->title = slash && slash[1] ? slash + 1 : info->path;
  if (!info->program)
    info->program = keep_vector (builder, NULL);
  if (!info->ignored)
    info->ignored = keep_vector (builder, NULL);
  if (!info->blind)
    info->blind = keep_vector (builder, NULL);
  info->cut = builder->report->cut;
  info->n_lost = MAX (builder->footer_lost, builder->events_lost);
  info->end_ns = builder->footer_end_ns;
  if (builder->n > 0)
    info->end_ns = MAX (info->end_ns, trace->columns.ts[builder->n - 1]);
  info->absence_is_no_proof =
    info->n_lost > 0 || info->partial || info->ignored[0] || info->blind[0];
  info->report = builder->report;
}

LsTrace *
ls_builder_finish (LsBuilder *builder, const char *path)
{
  sort_events (builder);
  g_autofree uint32_t *threads = ls_ids_sort (&builder->thread_ids);
  g_autofree uint32_t *objects = ls_ids_sort (&builder->object_ids);
  g_autofree uint32_t *sources = ls_ids_sort (&builder->source_ids);

  LsTrace *trace = g_new0 (LsTrace, 1);
  g_atomic_ref_count_init (&trace->ref_count);
  move_columns (builder, trace, threads, objects, sources);
  move_tables (builder, trace, threads, objects, sources);
  move_info (builder, trace, path);
  trace->report = g_steal_pointer (&builder->report);
  trace->strings = g_steal_pointer (&builder->strings);
  trace->string_vectors = g_steal_pointer (&builder->string_vectors);
  return trace;
}
