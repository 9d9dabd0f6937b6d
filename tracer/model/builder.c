/* SPDX-License-Identifier: MIT */
/* Puts a trace's segments together, in the order of the file. */
#include "builder.h"

static void
clear_problem (gpointer data)
{
  g_free (((LsProblem *) data)->reason);
}

LsBuilder *
ls_builder_new (LsReadReport *report)
{
  LsBuilder *builder = g_new0 (LsBuilder, 1);
  builder->report = report;
  ls_texts_init (&builder->texts);
  builder->string_vectors = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  pthread_mutex_init (&builder->mutex, NULL);
  builder->spare = g_ptr_array_new_with_free_func ((GDestroyNotify) ls_segment_free);
  builder->is_sorted = true;
  builder->threads = g_array_new (FALSE, TRUE, sizeof (LsThread));
  builder->objects = g_array_new (FALSE, TRUE, sizeof (LsObject));
  builder->sources = g_array_new (FALSE, TRUE, sizeof (LsSource));
  builder->last_ts = g_array_new (FALSE, FALSE, sizeof (int64_t));
  builder->thread_tallies = g_array_new (FALSE, TRUE, sizeof (LsTally));
  builder->object_tallies = g_array_new (FALSE, TRUE, sizeof (LsTally));
  builder->lines = g_array_new (FALSE, FALSE, sizeof (LsLineRun));
  builder->problems = g_array_new (FALSE, FALSE, sizeof (LsProblem));
  g_array_set_clear_func (builder->problems, clear_problem);
  builder->ignored = g_ptr_array_new_with_free_func (g_free);
  builder->blind = g_ptr_array_new_with_free_func (g_free);
  return builder;
}

void
ls_builder_free (LsBuilder *builder)
{
  g_clear_pointer (&builder->report, ls_read_report_free);
  ls_texts_clear (&builder->texts);
  g_clear_pointer (&builder->string_vectors, g_ptr_array_unref);
  pthread_mutex_destroy (&builder->mutex);
  g_ptr_array_unref (builder->spare);
  ls_columns_clear (&builder->columns);
  GArray *arrays[] = { builder->threads, builder->objects,        builder->sources,
                       builder->last_ts, builder->thread_tallies, builder->object_tallies,
                       builder->problems };
  for (guint i = 0; i < G_N_ELEMENTS (arrays); i++)
    g_array_unref (arrays[i]);
  g_clear_pointer (&builder->lines, g_array_unref);
  g_ptr_array_unref (builder->ignored);
  g_ptr_array_unref (builder->blind);
  ls_ids_clear (&builder->thread_ids);
  ls_ids_clear (&builder->object_ids);
  ls_ids_clear (&builder->source_ids);
  g_free (builder);
}

/* -- Columns -- */

static void
reserve_event (LsBuilder *builder)
{
  LsColumns *columns = &builder->columns;
  if (G_LIKELY (columns->n < builder->capacity))
    return;
  columns->ts = ls_grow (columns->ts, columns->n, &builder->capacity, sizeof *columns->ts);
  uint32_t capacity = builder->capacity;
  columns->blocks = g_renew (LsColumnBlock, columns->blocks, capacity / LS_TS_BLOCK + 1);
  columns->ops = g_renew (LsOp, columns->ops, capacity);
  LsIndexColumn *indexes[] = { &columns->threads, &columns->targets, &columns->sources };
  for (guint i = 0; i < G_N_ELEMENTS (indexes); i++)
    if (indexes[i]->wide)
      indexes[i]->wide = g_renew (uint32_t, indexes[i]->wide, capacity);
    else
      indexes[i]->narrow = g_renew (uint16_t, indexes[i]->narrow, capacity);
}

typedef struct {
  const uint32_t *threads, *objects, *sources, *texts; /* slot or number by that of the segment */
  uint32_t val, old, rare;                             /* the next entries of the segment */
} Maps;

/* The sparse entries that the row has come next. */
static void
add_sparse (LsBuilder *builder, const LsSegment *segment, const LsRow *row, Maps *maps, bool keep)
{
  LsColumns *columns = &builder->columns;
  if (row->op & LS_OP_VAL) {
    if (keep)
      ls_value_words_copy (&columns->vals, &segment->vals, maps->val, maps->texts);
    maps->val++;
  }
  if (row->op & LS_OP_OLD) {
    if (keep)
      ls_value_words_copy (&columns->olds, &segment->olds, maps->old, maps->texts);
    maps->old++;
  }
  if (!(row->op & LS_OP_RARE))
    return;
  if (keep) {
    LsRare rare = ls_rare_words_get (&segment->rares, maps->rare);
    rare.name = rare.name == LS_NONE ? LS_NONE : maps->texts[rare.name];
    rare.err = rare.err == LS_NONE ? LS_NONE : maps->texts[rare.err];
    rare.with = rare.with == LS_NONE ? LS_NONE : maps->objects[rare.with];
    ls_rare_words_add (&columns->rares, &rare);
  }
  maps->rare++;
}

void
ls_builder_flush (LsBuilder *builder)
{
  LsColumns *columns = &builder->columns;
  uint32_t n = columns->n % LS_TS_BLOCK;
  if (n == 0 && columns->n > 0)
    n = LS_TS_BLOCK;
  ls_builder_set_block (builder, columns->n - n, builder->staged, n);
}

/* Takes a row that is not kept out of the tallies again. */
static void
drop_row (LsBuilder *builder, const LsSegment *segment, const LsRow *row, Maps *maps)
{
  uint8_t sort = segment->sorts[LS_OP_KIND (row->op)];
  uint32_t thread = maps->threads[row->thread];
  uint32_t object = row->op & LS_OP_THREAD ? LS_NONE : row->target, with = LS_NONE;
  if (row->op & LS_OP_RARE)
    with = ls_rare_words_get (&segment->rares, maps->rare).with;
  if (thread != LS_NONE)
    g_array_index (builder->thread_tallies, LsTally, thread).n[sort]--;
  if (object != LS_NONE)
    g_array_index (builder->object_tallies, LsTally, maps->objects[object]).n[sort]--;
  if (with != LS_NONE && with != object)
    g_array_index (builder->object_tallies, LsTally, maps->objects[with]).n[LS_TALLY_OTHER]--;
  add_sparse (builder, segment, row, maps, false);
}

static void
add_row (LsBuilder *builder, const LsSegment *segment, const LsRow *row, Maps *maps)
{
  LsColumns *columns = &builder->columns;
  uint32_t k = columns->n, thread = maps->threads[row->thread];
  uint64_t bit = (uint64_t) 1 << k % LS_TS_BLOCK;
  if (G_UNLIKELY (thread == LS_NONE || k == LS_NONE - 1)) {
    drop_row (builder, segment, row, maps);
    return;
  }
  reserve_event (builder);
  LsColumnBlock *block = &columns->blocks[k / LS_TS_BLOCK];
  if (k % LS_TS_BLOCK == 0)
    *block = (LsColumnBlock){ .n_vals = columns->vals.n,
                              .n_olds = columns->olds.n,
                              .n_rares = columns->rares.n };
  block->kinds |= LS_KIND_BIT (LS_OP_KIND (row->op));
  block->vals |= row->op & LS_OP_VAL ? bit : 0;
  block->olds |= row->op & LS_OP_OLD ? bit : 0;
  block->rares |= row->op & LS_OP_RARE ? bit : 0;
  add_sparse (builder, segment, row, maps, true);

  builder->staged[k % LS_TS_BLOCK] = row->ts_ns;
  builder->is_sorted &= row->ts_ns >= builder->last_ns;
  builder->last_ns = row->ts_ns;
  columns->ops[k] = row->op;
  const uint32_t *targets = row->op & LS_OP_THREAD ? maps->threads : maps->objects;
  ls_index_set (&columns->threads, k, thread, builder->capacity);
  ls_index_set (&columns->targets, k, row->target == LS_NONE ? LS_NONE : targets[row->target],
                builder->capacity);
  ls_index_set (&columns->sources, k, row->source == LS_NONE ? LS_NONE : maps->sources[row->source],
                builder->capacity);
  columns->n++;
  if (columns->n % LS_TS_BLOCK == 0)
    ls_builder_flush (builder);
}

/* -- Problems: told when all is read, in the order of lines -- */

static void
add_problem (LsBuilder *builder, uint64_t line, bool is_error, char *reason)
{
  LsProblem problem = { .line = line, .is_error = is_error, .reason = reason };
  if (builder->problems->len < LS_MAX_PROBLEMS)
    g_array_append_val (builder->problems, problem);
  else
    g_free (reason);
  builder->n_problems[is_error]++;
}

static int
compare_time_backs (gconstpointer a, gconstpointer b)
{
  const LsTimeBack *first = a, *second = b;
  return (first->line > second->line) - (first->line < second->line);
}

/* Time that goes back in a thread, within the segment or from the one before to it. */
static void
check_times (LsBuilder *builder, LsSegment *segment, const uint32_t *threads, uint64_t first_line)
{
  uint64_t n_more = segment->n_time_backs - segment->time_backs->len;
  for (uint32_t i = 0; i < segment->n_threads; i++) {
    const LsSegmentThread *thread = &segment->threads[i];
    if (thread->first_event == G_MAXUINT64 || threads[i] == LS_NONE)
      continue;
    int64_t *last = &g_array_index (builder->last_ts, int64_t, threads[i]);
    LsTimeBack back = { thread->first_event, segment->thread_ids.ids[i], *last, thread->first_ns };
    if (thread->first_ns < *last)
      g_array_append_val (segment->time_backs, back);
    *last = thread->last_ns;
  }
  g_array_sort (segment->time_backs, compare_time_backs);
  for (guint i = 0; i < segment->time_backs->len; i++) {
    const LsTimeBack *back = &g_array_index (segment->time_backs, LsTimeBack, i);
    char *reason = g_strdup_printf ("time goes back in thread %u, from %" G_GINT64_FORMAT
                                    " to %" G_GINT64_FORMAT " ns",
                                    back->tid, back->from_ns, back->to_ns);
    add_problem (builder, first_line + back->line, false, reason);
  }
  builder->n_problems[false] += n_more;
}

/* -- Segments -- */

uint32_t
ls_builder_get_thread (LsBuilder *builder, uint32_t id, uint64_t line)
{
  uint32_t slot = ls_ids_get_slot (&builder->thread_ids, id, LS_MAX_THREADS);
  if (slot == LS_NONE && !builder->threads_full) {
    builder->threads_full = true;
    add_problem (builder, line, true,
                 g_strdup_printf ("thread %u is one more than the %u threads that a trace may have",
                                  id, LS_MAX_THREADS));
  }
  if (slot != LS_NONE && slot >= builder->threads->len) {
    int64_t none = G_MININT64;
    g_array_set_size (builder->threads, slot + 1);
    g_array_index (builder->threads, LsThread, slot).id = id;
    g_array_append_val (builder->last_ts, none);
    g_array_set_size (builder->thread_tallies, slot + 1);
  }
  return slot;
}

static gpointer
begin_segment (gpointer user_data)
{
  LsBuilder *builder = user_data;
  LsSegment *segment = NULL;
  pthread_mutex_lock (&builder->mutex);
  if (builder->spare->len > 0)
    segment = g_ptr_array_steal_index_fast (builder->spare, builder->spare->len - 1);
  pthread_mutex_unlock (&builder->mutex);
  return segment ? segment : ls_segment_new ();
}

static void
drop_segment (gpointer segment, gpointer user_data)
{
  LsBuilder *builder = user_data;
  ls_segment_empty (segment);
  pthread_mutex_lock (&builder->mutex);
  g_ptr_array_add (builder->spare, segment);
  pthread_mutex_unlock (&builder->mutex);
}

static void
add_lines (LsBuilder *builder, const LsSegment *segment, uint64_t first_line)
{
  for (uint32_t i = 0; i < segment->n_leads; i++) {
    const LsLead *lead = &segment->leads[i];
    LsLineRun run = { builder->columns.n + (uint64_t) lead->row,
                      first_line + lead->row + lead->lead };
    g_array_append_val (builder->lines, run);
  }
}

/* The line of a row, from 0 on. */
static uint64_t
find_line (const LsSegment *segment, uint32_t row)
{
  uint32_t i = 0;
  while (i + 1 < segment->n_leads && segment->leads[i + 1].row <= row)
    i++;
  return row + segment->leads[i].lead;
}

static void
add_tallies (LsBuilder *builder, const LsSegment *segment, const Maps *maps)
{
  for (uint32_t i = 0; i < segment->n_threads; i++)
    if (maps->threads[i] != LS_NONE)
      ls_tally_add (&g_array_index (builder->thread_tallies, LsTally, maps->threads[i]),
                    &segment->threads[i].tally);
  for (uint32_t i = 0; i < segment->n_objects; i++)
    ls_tally_add (&g_array_index (builder->object_tallies, LsTally, maps->objects[i]),
                  &segment->objects[i]);
}

static void
end_segment (gpointer data, uint64_t first_line, gpointer user_data)
{
  LsBuilder *builder = user_data;
  LsSegment *segment = data;
  g_autofree uint32_t *threads = g_new (uint32_t, segment->thread_ids.n + 1);
  g_autofree uint32_t *objects = g_new (uint32_t, segment->object_ids.n + 1);
  g_autofree uint32_t *sources = g_new (uint32_t, segment->source_ids.n + 1);
  g_autofree uint32_t *texts = g_new (uint32_t, segment->texts.n + 1);
  for (uint32_t i = 0; i < segment->thread_ids.n; i++)
    threads[i] = ls_builder_get_thread (builder, segment->thread_ids.ids[i],
                                        first_line + segment->threads[i].first_line);
  for (uint32_t i = 0; i < segment->object_ids.n; i++)
    objects[i] = ls_builder_get_object (builder, segment->object_ids.ids[i]);
  for (uint32_t i = 0; i < segment->source_ids.n; i++)
    sources[i] = ls_builder_get_source (builder, segment->source_ids.ids[i]);
  for (uint32_t i = 0; i < segment->texts.n; i++)
    texts[i] = ls_texts_intern (&builder->texts, segment->texts.all[i]);
  ls_builder_declare (builder, segment);
  check_times (builder, segment, threads, first_line);
  add_lines (builder, segment, first_line);
  if (!builder->events_full && builder->columns.n + (uint64_t) segment->n > LS_NONE - 1) {
    builder->events_full = true;
    add_problem (builder, first_line + find_line (segment, LS_NONE - 1 - builder->columns.n), true,
                 g_strdup ("a trace may have 4294967294 events, here are more"));
  }
  Maps maps = { threads, objects, sources, texts, 0, 0, 0 };
  add_tallies (builder, segment, &maps);
  for (uint32_t i = 0; i < segment->n; i++)
    add_row (builder, segment, &segment->rows[i], &maps);
  builder->events_lost += segment->events_lost;
  drop_segment (segment, builder);
}

const LsSegmentSink ls_builder_sink = {
  .begin = begin_segment,
  .line = ls_segment_add,
  .end = end_segment,
  .drop = drop_segment,
};
