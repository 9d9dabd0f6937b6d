/* SPDX-License-Identifier: MIT */
/* Takes lines of a trace as they come. */
#include "segment.h"

static void
clear_rows (LsRows *rows)
{
  g_free (rows->ts);
  g_free (rows->threads);
  g_free (rows->targets);
  g_free (rows->sources);
  g_free (rows->ops);
  g_free (rows->vals);
  g_free (rows->olds);
  g_free (rows->rares);
}

static void
clear_map (LsSegmentMap *map)
{
  g_clear_pointer (&map->threads, g_free);
  g_clear_pointer (&map->objects, g_free);
  g_clear_pointer (&map->texts, g_free);
  g_clear_pointer (&map->targets, g_free);
  g_clear_pointer (&map->sources, g_free);
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
  for (int kind = 0; kind < LS_EV_N; kind++) {
    segment->sorts[kind] = (uint8_t) ls_tally_sort_of ((LsEventKind) kind);
    segment->targets[kind] = (uint8_t) ls_event_rows[kind].target;
  }
  return segment;
}

void
ls_segment_free (LsSegment *segment)
{
  clear_map (&segment->map);
  clear_rows (&segment->rows);
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
  segment->rows.n = segment->n_threads = segment->n_objects = 0;
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
  return id ? ls_ids_get_slot (&segment->source_ids, id, LS_NONE) + 1 : 0;
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

static inline void
set_bit (uint64_t *bits, uint32_t i)
{
  bits[i / 64] |= (uint64_t) 1 << i % 64;
}

/* Adds what only some events have; says which. */
static inline LsOp
add_sparse (LsSegment *segment, const LsLineEvent *line, uint32_t object)
{
  LsOp has = 0;
  if (line->val.type) {
    add_value (segment, &segment->vals, &line->val);
    set_bit (segment->rows.vals, segment->rows.n);
    has |= LS_OP_VAL;
  }
  if (line->old.type) {
    add_value (segment, &segment->olds, &line->old);
    set_bit (segment->rows.olds, segment->rows.n);
    has |= LS_OP_OLD;
  }
  if (line->has_n || line->has_part || line->with || line->name || line->err) {
    add_rare (segment, line, object);
    set_bit (segment->rows.rares, segment->rows.n);
    has |= LS_OP_RARE;
  }
  return has;
}

static inline void
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

/* The code of what the event is done to, as far as its kind has one. */
static inline uint32_t
add_target (LsSegment *segment, const LsLineEvent *line, uint64_t n, LsOp *op)
{
  LsEventTarget target = (LsEventTarget) segment->targets[line->ev];
  if (target == LS_TARGET_NONE)
    return 0;
  if (G_UNLIKELY (target == LS_TARGET_THREAD || (target == LS_TARGET_EITHER && !line->obj))) {
    *op |= LS_OP_THREAD;
    return line->thread ? LS_CODE_OF_THREAD (add_thread (segment, line->thread, n)) : 0;
  }
  uint32_t object = add_object (segment, line->obj);
  return object == LS_NONE ? 0 : LS_CODE_OF_OBJECT (object);
}

static uint64_t *
grow_bits (uint64_t *bits, uint32_t n)
{
  return g_renew (uint64_t, bits, n / 64 + (gsize) 2);
}

static void
grow_rows (LsRows *rows)
{
  rows->ts = ls_grow (rows->ts, rows->n, &rows->capacity, sizeof *rows->ts);
  rows->threads = g_renew (uint32_t, rows->threads, rows->capacity);
  rows->targets = g_renew (uint32_t, rows->targets, rows->capacity);
  rows->sources = g_renew (uint32_t, rows->sources, rows->capacity);
  rows->ops = g_renew (LsOp, rows->ops, rows->capacity);
  rows->vals = grow_bits (rows->vals, rows->capacity);
  rows->olds = grow_bits (rows->olds, rows->capacity);
  rows->rares = grow_bits (rows->rares, rows->capacity);
}

/* Makes room for the next 64 rows, and the words of bits that they and the next 64 have. */
static void
begin_rows (LsRows *rows)
{
  uint32_t at = rows->n / 64 + 1;
  if (rows->n == rows->capacity)
    grow_rows (rows);
  if (rows->n == 0)
    rows->vals[0] = rows->olds[0] = rows->rares[0] = 0;
  rows->vals[at] = rows->olds[at] = rows->rares[at] = 0;
}

static void
add_lead (LsSegment *segment, uint64_t lead)
{
  segment->leads =
    ls_grow (segment->leads, segment->n_leads, &segment->leads_capacity, sizeof *segment->leads);
  segment->leads[segment->n_leads++] = (LsLead){ segment->rows.n, lead };
}

static void
add_event (LsSegment *segment, const LsLineEvent *line, uint64_t n)
{
  LsRows *rows = &segment->rows;
  uint32_t i = rows->n;
  if (G_UNLIKELY (i % 64 == 0)) {
    if (i == LS_NONE / 64 * 64)
      return;
    begin_rows (rows);
  }
  uint32_t thread = add_thread (segment, line->tid, n);
  check_time (segment, &segment->threads[thread], line, n);
  LsOp op = LS_OP (line->ev, line->mode, line->how, line->order);
  uint8_t sort = segment->sorts[line->ev];
  uint32_t target = add_target (segment, line, n, &op), object = LS_NONE;
  segment->threads[thread].tally.n[sort]++;
  if (target && !(op & LS_OP_THREAD)) {
    object = LS_OBJECT_OF_CODE (target);
    segment->objects[object].n[sort]++;
  }
  segment->is_sorted &= i == 0 || line->ts_ns >= rows->ts[i - 1];
  rows->ts[i] = line->ts_ns;
  rows->threads[i] = thread;
  rows->targets[i] = target;
  rows->sources[i] = add_source (segment, line->src);
  rows->ops[i] = op | add_sparse (segment, line, object);
  if (G_UNLIKELY (segment->n_leads == 0 || n - i != segment->leads[segment->n_leads - 1].lead))
    add_lead (segment, n - i);
  rows->n++;
  if (G_UNLIKELY (line->ev == LS_EV_LOST))
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
