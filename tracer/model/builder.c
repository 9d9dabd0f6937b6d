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
  pthread_cond_init (&builder->placed, NULL);
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
  pthread_cond_destroy (&builder->placed);
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

/* Makes the maps of codes out of those of slots. */
static void
map_codes (LsSegmentMap *map, uint32_t n_threads, uint32_t n_objects)
{
  map->targets = g_new (uint32_t, 2 * ((gsize) MAX (n_threads, n_objects) + 1));
  map->targets[0] = LS_NONE;
  for (uint32_t i = 0; i < n_threads; i++)
    map->targets[LS_CODE_OF_THREAD (i)] = map->threads[i];
  for (uint32_t i = 0; i < n_objects; i++)
    map->targets[LS_CODE_OF_OBJECT (i)] = map->objects[i];
}

static void
make_map (LsBuilder *builder, LsSegment *segment, uint64_t first_line)
{
  LsSegmentMap map = { .threads = g_new (uint32_t, segment->thread_ids.n + 1),
                       .objects = g_new (uint32_t, segment->object_ids.n + 1),
                       .sources = g_new (uint32_t, segment->source_ids.n + (gsize) 1),
                       .texts = g_new (uint32_t, segment->texts.n + 1) };
  for (uint32_t i = 0; i < segment->thread_ids.n; i++)
    map.threads[i] = ls_builder_get_thread (builder, segment->thread_ids.ids[i],
                                            first_line + segment->threads[i].first_line);
  for (uint32_t i = 0; i < segment->object_ids.n; i++)
    map.objects[i] = ls_builder_get_object (builder, segment->object_ids.ids[i]);
  map.sources[0] = LS_NONE;
  for (uint32_t i = 0; i < segment->source_ids.n; i++)
    map.sources[i + 1] = ls_builder_get_source (builder, segment->source_ids.ids[i]);
  map_codes (&map, segment->thread_ids.n, segment->object_ids.n);
  for (uint32_t i = 0; i < segment->texts.n; i++)
    map.texts[i] = ls_texts_intern (&builder->texts, segment->texts.all[i]);
  segment->map = map;
}

static void
add_tallies (LsBuilder *builder, const LsSegment *segment)
{
  const LsSegmentMap *map = &segment->map;
  for (uint32_t i = 0; i < segment->n_threads; i++)
    if (map->threads[i] != LS_NONE)
      ls_tally_add (&g_array_index (builder->thread_tallies, LsTally, map->threads[i]),
                    &segment->threads[i].tally);
  for (uint32_t i = 0; i < segment->n_objects; i++)
    ls_tally_add (&g_array_index (builder->object_tallies, LsTally, map->objects[i]),
                  &segment->objects[i]);
}

static void
end_segment (gpointer data, uint64_t first_line, gpointer user_data)
{
  LsBuilder *builder = user_data;
  LsSegment *segment = data;
  uint32_t room = LS_NONE - 1 - builder->columns.n;
  make_map (builder, segment, first_line);
  ls_builder_declare (builder, segment);
  check_times (builder, segment, segment->map.threads, first_line);
  add_lines (builder, segment, first_line);
  if (!builder->events_full && segment->rows.n > room) {
    builder->events_full = true;
    add_problem (builder, first_line + find_line (segment, room), true,
                 g_strdup ("a trace may have 4294967294 events, here are more"));
  }
  add_tallies (builder, segment);
  ls_builder_add_rows (builder, segment, room);
  builder->events_lost += segment->events_lost;
}

static void
settle_segment (gpointer data, gpointer user_data)
{
  ls_builder_place (user_data, data);
  drop_segment (data, user_data);
}

const LsSegmentSink ls_builder_sink = {
  .begin = begin_segment,
  .line = ls_segment_add,
  .end = end_segment,
  .settle = settle_segment,
  .drop = drop_segment,
};
