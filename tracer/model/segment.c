/* SPDX-License-Identifier: MIT */
/* Takes lines of a trace as they come. */
#include "segment.h"

static void
clear_map (LsSegmentMap *map)
{
  g_clear_pointer (&map->threads, g_free);
  g_clear_pointer (&map->objects, g_free);
  g_clear_pointer (&map->sources, g_free);
  g_clear_pointer (&map->texts, g_free);
}

LsSegment *
ls_segment_new (void)
{
  LsSegment *segment = g_new0 (LsSegment, 1);
  segment->is_sorted = true;
  ls_texts_init (&segment->texts);
  segment->declarations = g_array_new (FALSE, FALSE, sizeof (LsLine));
  segment->vectors = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  segment->time_backs = g_array_new (FALSE, FALSE, sizeof (LsTimeBack));
  for (int kind = 0; kind < LS_EV_N; kind++)
    segment->sorts[kind] = (uint8_t) ls_tally_sort_of ((LsEventKind) kind);
  return segment;
}

void
ls_segment_free (LsSegment *segment)
{
  clear_map (&segment->map);
  g_free (segment->rows);
  ls_value_words_clear (&segment->vals);
  ls_value_words_clear (&segment->olds);
  ls_rare_words_clear (&segment->rares);
  ls_ids_clear (&segment->thread_ids);
  ls_ids_clear (&segment->object_ids);
  ls_ids_clear (&segment->source_ids);
  g_free (segment->threads);
  g_free (segment->objects);
  ls_texts_clear (&segment->texts);
  g_array_unref (segment->declarations);
  g_ptr_array_unref (segment->vectors);
  g_free (segment->leads);
  g_array_unref (segment->time_backs);
  g_free (segment);
}

void
ls_segment_empty (LsSegment *segment)
{
  clear_map (&segment->map);
  segment->n = segment->n_threads = segment->n_objects = 0;
  segment->is_sorted = true;
  segment->vals.n = segment->vals.n_wide = segment->olds.n = segment->olds.n_wide = 0;
  segment->rares.n = segment->rares.n_all = 0;
  ls_ids_empty (&segment->thread_ids);
  ls_ids_empty (&segment->object_ids);
  ls_ids_empty (&segment->source_ids);
  ls_texts_empty (&segment->texts);
  g_array_set_size (segment->declarations, 0);
  g_ptr_array_set_size (segment->vectors, 0);
  segment->n_leads = 0;
  g_array_set_size (segment->time_backs, 0);
  segment->n_time_backs = segment->events_lost = 0;
}

static inline uint32_t
add_thread (LsSegment *segment, uint32_t id, uint64_t line)
{
  uint32_t slot = ls_ids_get_slot (&segment->thread_ids, id, LS_NONE);
  if (G_LIKELY (slot < segment->n_threads))
    return slot;
  segment->threads = ls_grow (segment->threads, segment->n_threads, &segment->threads_capacity,
                              sizeof *segment->threads);
  segment->threads[segment->n_threads++] =
    (LsSegmentThread){ .first_line = line, .first_event = G_MAXUINT64 };
  return slot;
}

static inline uint32_t
add_object (LsSegment *segment, uint32_t id)
{
  uint32_t slot = id ? ls_ids_get_slot (&segment->object_ids, id, LS_NONE) : LS_NONE;
  if (G_LIKELY (slot < segment->n_objects || slot == LS_NONE))
    return slot;
  segment->objects = ls_grow (segment->objects, segment->n_objects, &segment->objects_capacity,
                              sizeof *segment->objects);
  segment->objects[segment->n_objects++] = (LsTally){ 0 };
  return slot;
}

static inline uint32_t
add_source (LsSegment *segment, uint32_t id)
{
  return id ? ls_ids_get_slot (&segment->source_ids, id, LS_NONE) : LS_NONE;
}

/* -- Declarations: kept for the builder -- */

static void
keep_string (LsSegment *segment, const char **string)
{
  if (*string)
    *string = ls_texts_keep (&segment->texts, *string);
}

static void
keep_vector (LsSegment *segment, const char *const **vector)
{
  if (!*vector)
    return;
  char **copy = g_strdupv ((char **) *vector);
  g_ptr_array_add (segment->vectors, copy);
  *vector = (const char *const *) copy;
}

/* Ids get their slots here too, in the order of lines. */
static void
add_declaration (LsSegment *segment, const LsLine *line, uint64_t n)
{
  LsLine copy = *line;
  switch (copy.kind) {
  case LS_LINE_HEADER:
    keep_string (segment, &copy.header.wall);
    keep_string (segment, &copy.header.recorder);
    keep_vector (segment, &copy.header.program);
    keep_vector (segment, &copy.header.ignored);
    keep_vector (segment, &copy.header.blind);
    break;
  case LS_LINE_THREAD:
    add_thread (segment, copy.thread.id, n);
    keep_string (segment, &copy.thread.name);
    break;
  case LS_LINE_OBJECT:
    add_object (segment, copy.object.id);
    add_source (segment, copy.object.src);
    keep_string (segment, &copy.object.name);
    keep_string (segment, &copy.object.addr);
    break;
  case LS_LINE_SOURCE:
    add_source (segment, copy.source.id);
    add_source (segment, copy.source.in);
    keep_string (segment, &copy.source.func);
    keep_string (segment, &copy.source.file);
    break;
  default:
    break;
  }
  g_array_append_val (segment->declarations, copy);
}

/* -- Events -- */

static inline void
add_value (LsSegment *segment, LsValueWords *words, const LsValue *value)
{
  uint32_t text = 0;
  if (value->type == LS_VALUE_TEXT || value->type == LS_VALUE_BYTES)
    text = ls_texts_intern (&segment->texts, value->text ? value->text : "");
  ls_value_words_add (words, value, text);
}

/* Adds the keys that few events have. @object: what the event is done to, or LS_NONE. */
static void
add_rare (LsSegment *segment, const LsLineEvent *line, uint32_t object)
{
  LsRare rare = {
    .n = line->n,
    .name = line->name ? ls_texts_intern (&segment->texts, line->name) : LS_NONE,
    .err = line->err ? ls_texts_intern (&segment->texts, line->err) : LS_NONE,
    .off = line->off,
    .size = line->size,
    .with = add_object (segment, line->with),
    .has_part = line->has_part,
    .has_n = line->has_n,
  };
  ls_rare_words_add (&segment->rares, &rare);
  if (rare.with != LS_NONE && rare.with != object)
    segment->objects[rare.with].n[LS_TALLY_OTHER]++;
}

/* Adds what only some events have; says which. */
static inline LsOp
add_sparse (LsSegment *segment, const LsLineEvent *line, uint32_t object)
{
  LsOp has = 0;
  if (line->val.type) {
    add_value (segment, &segment->vals, &line->val);
    has |= LS_OP_VAL;
  }
  if (line->old.type) {
    add_value (segment, &segment->olds, &line->old);
    has |= LS_OP_OLD;
  }
  if (line->has_n || line->has_part || line->with || line->name || line->err) {
    add_rare (segment, line, object);
    has |= LS_OP_RARE;
  }
  return has;
}

static void
check_time (LsSegment *segment, LsSegmentThread *thread, const LsLineEvent *line, uint64_t n)
{
  if (thread->first_event == G_MAXUINT64) {
    thread->first_event = n;
    thread->first_ns = line->ts_ns;
  } else if (G_UNLIKELY (line->ts_ns < thread->last_ns)) {
    LsTimeBack back = { n, line->tid, thread->last_ns, line->ts_ns };
    if (segment->n_time_backs++ < LS_MAX_PROBLEMS)
      g_array_append_val (segment->time_backs, back);
  }
  thread->last_ns = line->ts_ns;
}

/* The slot of what the event is done to, as far as its kind has one; LS_NONE. */
static uint32_t
add_target (LsSegment *segment, const LsLineEvent *line, uint64_t n, LsOp *op)
{
  LsEventTarget target = (LsEventTarget) ls_event_rows[line->ev].target;
  if (target == LS_TARGET_NONE)
    return LS_NONE;
  if (target == LS_TARGET_THREAD || (target == LS_TARGET_EITHER && !line->obj)) {
    *op |= LS_OP_THREAD;
    return line->thread ? add_thread (segment, line->thread, n) : LS_NONE;
  }
  return add_object (segment, line->obj);
}

static void
add_event (LsSegment *segment, const LsLineEvent *line, uint64_t n)
{
  if (segment->n == LS_NONE)
    return;
  uint32_t i = segment->n, thread = add_thread (segment, line->tid, n);
  check_time (segment, &segment->threads[thread], line, n);
  segment->rows = ls_grow (segment->rows, i, &segment->capacity, sizeof *segment->rows);
  LsOp op = LS_OP (line->ev, line->mode, line->how, line->order);
  uint8_t sort = segment->sorts[line->ev];
  uint32_t target = add_target (segment, line, n, &op);
  uint32_t object = op & LS_OP_THREAD ? LS_NONE : target;
  segment->threads[thread].tally.n[sort]++;
  if (object != LS_NONE)
    segment->objects[object].n[sort]++;
  segment->is_sorted &= i == 0 || line->ts_ns >= segment->rows[i - 1].ts_ns;
  segment->rows[i] = (LsRow){
    .ts_ns = line->ts_ns,
    .thread = thread,
    .target = target,
    .source = add_source (segment, line->src),
    .op = op | add_sparse (segment, line, object),
  };
  if (segment->n_leads == 0 || n - i != segment->leads[segment->n_leads - 1].lead) {
    segment->leads =
      ls_grow (segment->leads, segment->n_leads, &segment->leads_capacity, sizeof *segment->leads);
    segment->leads[segment->n_leads++] = (LsLead){ i, n - i };
  }
  segment->n++;
  if (line->ev == LS_EV_LOST)
    segment->events_lost += line->has_n ? (uint64_t) line->n : 1;
}

void
ls_segment_add (const LsLine *line, uint64_t n, gpointer user_data)
{
  if (G_LIKELY (line->kind == LS_LINE_EVENT))
    add_event (user_data, &line->event, n);
  else
    add_declaration (user_data, line, n);
}
