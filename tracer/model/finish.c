/* SPDX-License-Identifier: MIT */
/**
 * Makes the trace of what the builder took: events in the order of time, tables in the order of
 * ids, and what is known of the whole.
 */
#include <string.h>

#include "builder.h"
#include "tasks.h"

/* -- Columns -- */

void
ls_index_widen (LsIndexColumn *column, uint32_t n, uint32_t capacity)
{
  uint32_t *wide = g_new (uint32_t, capacity);
  for (uint32_t k = 0; k < n; k++)
    wide[k] = ls_index_get (column, k);
  g_clear_pointer (&column->narrow, g_free);
  column->wide = wide;
}

/* Times that span more than 32 bits lie apart. */
static void
set_wide_times (LsBuilder *builder, LsColumnBlock *block, const int64_t *ts, uint32_t n)
{
  LsColumns *columns = &builder->columns;
  pthread_mutex_lock (&builder->mutex);
  if (!block->wide) {
    columns->wide_ts = ls_grow (columns->wide_ts, builder->n_wide, &builder->wide_capacity,
                                sizeof (int64_t) * LS_TS_BLOCK);
    block->wide = ++builder->n_wide;
  }
  memcpy (columns->wide_ts + (block->wide - 1) * (gsize) LS_TS_BLOCK, ts, n * sizeof *ts);
  pthread_mutex_unlock (&builder->mutex);
}

void
ls_builder_set_times (LsBuilder *builder, uint32_t k, const int64_t *ts, uint32_t n)
{
  LsColumns *columns = &builder->columns;
  LsColumnBlock *block = &columns->blocks[k / LS_TS_BLOCK];
  int64_t min = ts[0], max = ts[0];
  for (uint32_t i = 1; i < n; i++) {
    min = MIN (min, ts[i]);
    max = MAX (max, ts[i]);
  }
  block->base_ns = min;
  if (G_UNLIKELY (max - min > G_MAXUINT32)) {
    set_wide_times (builder, block, ts, n);
    return;
  }
  for (uint32_t i = 0; i < n; i++)
    columns->ts[k + i] = (uint32_t) (ts[i] - min);
  block->wide = 0;
}

/* The place of a slot in the order of ids; `places` NULL: its own. */
#define PLACE(places, slot) ((places) ? (places)[slot] : (slot))
#define REMAP(index, places) ((index) == LS_NONE ? LS_NONE : PLACE (places, index))

/* What moves to the order of ids, if anything. */
typedef struct {
  LsBuilder *builder;
  const uint32_t *threads, *objects, *sources; /* places by slot; NULL: their own */
} Moves;

static void
map_index (LsIndexColumn *column, uint32_t begin, uint32_t end, const uint32_t *places)
{
  for (uint32_t k = begin; places && k < end; k++)
    ls_index_set (column, k, REMAP (ls_index_get (column, k), places));
}

/* The same of targets, which are threads or objects. */
static void
map_targets (LsColumns *columns, uint32_t begin, uint32_t end, const Moves *moves)
{
  if (!moves->threads && !moves->objects)
    return;
  for (uint32_t k = begin; k < end; k++) {
    const uint32_t *places = columns->ops[k] & LS_OP_THREAD ? moves->threads : moves->objects;
    ls_index_set (&columns->targets, k, REMAP (ls_index_get (&columns->targets, k), places));
  }
}

/* Piece 0 is the rare keys, the others so many events each. */
static void
map_piece (guint piece, gpointer data)
{
  const Moves *moves = data;
  LsColumns *columns = &moves->builder->columns;
  if (g_cancellable_is_cancelled (moves->builder->cancellable))
    return;
  if (piece == 0) {
    if (moves->objects)
      ls_rare_words_map_with (&columns->rares, moves->objects);
    return;
  }
  uint32_t begin = (piece - 1) * LS_EVENTS_BETWEEN_CHECKS;
  uint32_t end = begin + MIN (columns->n - begin, LS_EVENTS_BETWEEN_CHECKS);
  map_index (&columns->threads, begin, end, moves->threads);
  map_index (&columns->sources, begin, end, moves->sources);
  map_targets (columns, begin, end, moves);
}

static void
map_columns (Moves *moves)
{
  uint32_t n = moves->builder->columns.n;
  guint n_pieces = 1 + n / LS_EVENTS_BETWEEN_CHECKS + (n % LS_EVENTS_BETWEEN_CHECKS != 0);
  if (moves->threads || moves->objects || moves->sources)
    ls_tasks_run (moves->builder->n_workers, map_piece, n_pieces, moves);
}

static void
seal_index (LsIndexColumn *column, uint32_t n)
{
  if (column->wide)
    column->wide = g_renew (uint32_t, column->wide, n + (gsize) 1);
  else
    column->narrow = g_renew (uint16_t, column->narrow, n + (gsize) 1);
}

/* Lets go of what the columns grew to and do not need. */
static void
seal_columns (LsColumns *columns, uint32_t n_wide)
{
  uint32_t n = columns->n;
  columns->blocks = g_renew (LsColumnBlock, columns->blocks, n / LS_TS_BLOCK + 1);
  columns->ts = g_renew (uint32_t, columns->ts, n + (gsize) 1);
  columns->wide_ts =
    g_realloc_n (columns->wide_ts, n_wide + (gsize) 1, sizeof (int64_t) * LS_TS_BLOCK);
  columns->ops = g_renew (LsOp, columns->ops, n + (gsize) 1);
  seal_index (&columns->threads, n);
  seal_index (&columns->targets, n);
  seal_index (&columns->sources, n);
  ls_value_words_seal (&columns->vals);
  ls_value_words_seal (&columns->olds);
  ls_rare_words_seal (&columns->rares);
}

static void
move_columns (LsBuilder *builder, LsTrace *trace, Moves *moves)
{
  uint32_t n_rest = builder->columns.n % LS_TS_BLOCK;
  if (n_rest)
    ls_builder_set_times (builder, builder->columns.n - n_rest, builder->staged, n_rest);
  map_columns (moves);
  trace->lines.runs = g_steal_pointer (&builder->lines);
  if (!builder->is_sorted)
    ls_builder_sort (builder, &trace->lines);
  trace->columns = builder->columns;
  builder->columns = (LsColumns){ 0 };
  seal_columns (&trace->columns, builder->n_wide);
}

/* -- Tables -- */

static void
move_tables (LsBuilder *builder, LsTrace *trace, const Moves *moves)
{
  const uint32_t *threads = moves->threads, *objects = moves->objects, *sources = moves->sources;
  trace->n_threads = builder->threads->len;
  trace->n_objects = builder->objects->len;
  trace->n_sources = builder->sources->len;
  trace->threads = g_new0 (LsThread, trace->n_threads + 1);
  trace->objects = g_new0 (LsObject, trace->n_objects + 1);
  trace->sources = g_new0 (LsSource, trace->n_sources + 1);
  trace->thread_tallies = g_new0 (LsTally, trace->n_threads + 1);
  trace->object_tallies = g_new0 (LsTally, trace->n_objects + 1);
  for (uint32_t i = 0; i < trace->n_threads; i++) {
    uint32_t place = PLACE (threads, i);
    trace->threads[place] = g_array_index (builder->threads, LsThread, i);
    trace->thread_tallies[place] = g_array_index (builder->thread_tallies, LsTally, i);
  }
  for (uint32_t i = 0; i < trace->n_objects; i++) {
    LsObject *object = &trace->objects[PLACE (objects, i)];
    *object = g_array_index (builder->objects, LsObject, i);
    object->source = REMAP (object->source, sources);
    const LsTally *tally = &g_array_index (builder->object_tallies, LsTally, i);
    object->n_reads = tally->n[LS_TALLY_READ] + tally->n[LS_TALLY_UPDATE];
    object->n_writes = tally->n[LS_TALLY_WRITE] + tally->n[LS_TALLY_UPDATE];
    trace->object_tallies[PLACE (objects, i)] = *tally;
  }
  for (uint32_t i = 0; i < trace->n_sources; i++) {
    LsSource *source = &trace->sources[PLACE (sources, i)];
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
  info->path = ls_texts_keep (&builder->texts, path);
  const char *slash = strrchr (info->path, '/');
  info->title = slash && slash[1] ? slash + 1 : info->path;
  if (!info->program)
    info->program = none;
  info->ignored = take_strings (builder, &builder->ignored);
  info->blind = take_strings (builder, &builder->blind);
  info->cut = report->cut;
  info->is_growing = report->is_growing;
  info->n_lost = MAX (builder->footer_lost, builder->events_lost);
  info->end_ns = builder->footer_end_ns;
  if (trace->columns.n > 0)
    info->end_ns = MAX (info->end_ns, ls_columns_get_ts (&trace->columns, trace->columns.n - 1));
  info->absence_is_no_proof =
    info->n_lost > 0 || info->partial || info->ignored[0] || info->blind[0] || report->n_errors > 0;
  info->report = report;
}

static void
report_problems (LsBuilder *builder)
{
  LsReadReport *report = builder->report;
  uint64_t told[2] = { 0, 0 };
  for (guint i = 0; i < builder->problems->len; i++) {
    const LsProblem *problem = &g_array_index (builder->problems, LsProblem, i);
    ls_read_report_add (report, problem->line, problem->is_error, problem->reason);
    told[problem->is_error]++;
  }
  report->n_warnings += builder->n_problems[false] - told[false];
  report->n_errors += builder->n_problems[true] - told[true];
}

LsTrace *
ls_builder_finish (LsBuilder *builder, const char *path)
{
  g_autofree uint32_t *threads = ls_ids_sort (&builder->thread_ids);
  g_autofree uint32_t *objects = ls_ids_sort (&builder->object_ids);
  g_autofree uint32_t *sources = ls_ids_sort (&builder->source_ids);
  Moves moves = { builder, threads, objects, sources };

  LsTrace *trace = g_new0 (LsTrace, 1);
  g_atomic_ref_count_init (&trace->ref_count);
  report_problems (builder);
  move_columns (builder, trace, &moves);
  move_tables (builder, trace, &moves);
  move_info (builder, trace, path);
  trace->report = g_steal_pointer (&builder->report);
  cut_circles (trace);
  trace->texts = builder->texts;
  ls_texts_seal (&trace->texts);
  trace->columns.texts = trace->texts.all;
  builder->texts = (LsTexts){ 0 };
  trace->string_vectors = g_steal_pointer (&builder->string_vectors);
  return trace;
}
