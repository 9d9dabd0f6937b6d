/* SPDX-License-Identifier: MIT */
/* Takes a trace's lines as they come. */
#include "builder.h"

#include <string.h>

LsBuilder *
ls_builder_new (LsReadReport *report)
{
  LsBuilder *builder = g_new0 (LsBuilder, 1);
  builder->report = report;
  builder->strings = g_string_chunk_new (4096);
  builder->string_vectors = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  builder->is_sorted = true;
  builder->vals = g_array_new (FALSE, FALSE, sizeof (uint64_t));
  builder->olds = g_array_new (FALSE, FALSE, sizeof (uint64_t));
  builder->val_types = g_array_new (FALSE, FALSE, sizeof (uint8_t));
  builder->old_types = g_array_new (FALSE, FALSE, sizeof (uint8_t));
  builder->rares = g_array_new (FALSE, FALSE, sizeof (LsRare));
  ls_ids_init (&builder->thread_ids);
  ls_ids_init (&builder->object_ids);
  ls_ids_init (&builder->source_ids);
  builder->threads = g_array_new (FALSE, TRUE, sizeof (LsThread));
  builder->objects = g_array_new (FALSE, TRUE, sizeof (LsObject));
  builder->sources = g_array_new (FALSE, TRUE, sizeof (LsSource));
  builder->last_ts = g_array_new (FALSE, TRUE, sizeof (int64_t));
  builder->ignored = g_ptr_array_new_with_free_func (g_free);
  builder->blind = g_ptr_array_new_with_free_func (g_free);
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
  g_free (builder->line);
  g_free (builder->flags);
  g_free (builder->has);
  GArray *arrays[] = { builder->vals,      builder->olds,    builder->val_types,
                       builder->old_types, builder->rares,   builder->threads,
                       builder->objects,   builder->sources, builder->last_ts };
  for (guint i = 0; i < G_N_ELEMENTS (arrays); i++)
    g_array_unref (arrays[i]);
  g_ptr_array_unref (builder->ignored);
  g_ptr_array_unref (builder->blind);
  ls_ids_clear (&builder->thread_ids);
  ls_ids_clear (&builder->object_ids);
  ls_ids_clear (&builder->source_ids);
  g_free (builder);
}

/* -- Declarations -- */

const char *
ls_builder_intern (LsBuilder *builder, const char *string)
{
  return string ? g_string_chunk_insert_const (builder->strings, string) : NULL;
}

/* A name of no characters is none. */
static void
set_string (LsBuilder *builder, const char **field, const char *string)
{
  if (string && *string)
    *field = ls_builder_intern (builder, string);
}

static void
add_strings (GPtrArray *strings, const char *const *vector)
{
  for (; vector && *vector; vector++)
    if (!g_ptr_array_find_with_equal_func (strings, *vector, g_str_equal, NULL))
      g_ptr_array_add (strings, g_strdup (*vector));
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
  uint32_t slot = ls_ids_get_slot (&builder->thread_ids, id, LS_MAX_THREADS);
  if (slot != LS_NONE) {
    thread_at (builder, slot)->id = id;
    return slot;
  }
  if (!builder->threads_full) {
    g_autofree char *reason =
      g_strdup_printf ("thread %u is one more than the %u threads that a trace may have", id,
                       LS_MAX_THREADS);
    ls_read_report_add (builder->report, builder->report->n_lines, true, reason);
  }
  builder->threads_full = true;
  return LS_NONE;
}

static uint32_t
object_slot (LsBuilder *builder, uint32_t id)
{
  uint32_t slot = ls_ids_get_slot (&builder->object_ids, id, LS_NONE);
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
  uint32_t slot = ls_ids_get_slot (&builder->source_ids, id, LS_NONE);
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
  set_string (builder, &thread->name, line->name);
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
  set_string (builder, &object->name, line->name);
  set_string (builder, &object->addr, line->addr);
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
  set_string (builder, &source->func, line->func);
  set_string (builder, &source->file, line->file);
  if (line->line)
    source->line = line->line;
  if (in != LS_NONE)
    source->in = in;
}

static void
add_header (LsBuilder *builder, const LsLineHeader *line)
{
  LsTraceInfo *info = &builder->info;
  set_string (builder, &info->wall, line->wall);
  set_string (builder, &info->recorder, line->recorder);
  if (line->program) {
    char **program = g_strdupv ((char **) line->program);
    g_ptr_array_add (builder->string_vectors, program);
    info->program = (const char *const *) program;
  }
  if (line->pid)
    info->pid = line->pid;
  info->partial |= line->partial;
  add_strings (builder->ignored, line->ignored);
  add_strings (builder->blind, line->blind);
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
  builder->capacity = builder->capacity > LS_NONE / 2 ? LS_NONE : MAX (builder->capacity * 2, 1024);
  builder->ts = g_renew (int64_t, builder->ts, builder->capacity);
  builder->who = g_renew (uint32_t, builder->who, builder->capacity);
  builder->target = g_renew (uint32_t, builder->target, builder->capacity);
  builder->source = g_renew (uint32_t, builder->source, builder->capacity);
  builder->line = g_renew (uint32_t, builder->line, builder->capacity);
  builder->flags = g_renew (uint8_t, builder->flags, builder->capacity);
  builder->has = g_renew (uint8_t, builder->has, builder->capacity);
}

static void
add_value (LsBuilder *builder, GArray *all_bits, GArray *all_types, LsValue value)
{
  if (value.type == LS_VALUE_TEXT || value.type == LS_VALUE_BYTES)
    value.text = ls_builder_intern (builder, value.text ? value.text : "");
  uint64_t bits = 0;
  memcpy (&bits, &value.u, sizeof value.u);
  uint8_t type = (uint8_t) value.type;
  g_array_append_val (all_bits, bits);
  g_array_append_val (all_types, type);
}

/* Adds what only some events have; says which. */
static uint8_t
add_sparse (LsBuilder *builder, const LsLineEvent *line)
{
  uint8_t has = 0;
  if (line->val.type) {
    add_value (builder, builder->vals, builder->val_types, line->val);
    has |= LS_HAS_VAL;
  }
  if (line->old.type) {
    add_value (builder, builder->olds, builder->old_types, line->old);
    has |= LS_HAS_OLD;
  }
  if (!line->has_n && !line->has_part && !line->with && !line->name && !line->err)
    return has;
  LsRare rare = {
    .n = line->n,
    .name = ls_builder_intern (builder, line->name),
    .err = ls_builder_intern (builder, line->err),
    .off = line->off,
    .size = line->size,
    .with = line->with ? object_slot (builder, line->with) : LS_NONE,
    .has_part = line->has_part,
    .has_n = line->has_n,
  };
  g_array_append_val (builder->rares, rare);
  return has | LS_HAS_RARE;
}

static void
check_time (LsBuilder *builder, uint32_t slot, const LsLineEvent *line)
{
  int64_t *last = &g_array_index (builder->last_ts, int64_t, slot);
  if (line->ts_ns < *last) {
    g_autofree char *reason = g_strdup_printf ("time goes back in thread %u, from %" G_GINT64_FORMAT
                                               " to %" G_GINT64_FORMAT " ns",
                                               line->tid, *last, line->ts_ns);
    ls_read_report_add (builder->report, builder->report->n_lines, false, reason);
  }
  *last = line->ts_ns;
}

/* The slot of what the event is done to, as far as its kind has one; LS_NONE. */
static uint32_t
find_target (LsBuilder *builder, const LsLineEvent *line, bool *is_thread)
{
  LsEventTarget target = (LsEventTarget) ls_event_rows[line->ev].target;
  *is_thread = target == LS_TARGET_THREAD || (target == LS_TARGET_EITHER && !line->obj);
  if (target == LS_TARGET_NONE)
    return LS_NONE;
  if (*is_thread)
    return line->thread ? thread_slot (builder, line->thread) : LS_NONE;
  return line->obj ? object_slot (builder, line->obj) : LS_NONE;
}

static void
add_event (LsBuilder *builder, const LsLineEvent *line)
{
  uint32_t thread = thread_slot (builder, line->tid);
  if (thread == LS_NONE)
    return;
  if (builder->n == LS_NONE - 1) {
    if (!builder->events_full)
      ls_read_report_add (builder->report, builder->report->n_lines, true,
                          "a trace may have 4294967294 events, here are more");
    builder->events_full = true;
    return;
  }
  check_time (builder, thread, line);
  reserve_event (builder);
  uint32_t k = builder->n++;
  if (k > 0 && line->ts_ns < builder->ts[k - 1])
    builder->is_sorted = false;
  bool is_thread;
  builder->ts[k] = line->ts_ns;
  builder->who[k] = LS_WHO (thread, line->ev);
  builder->target[k] = find_target (builder, line, &is_thread);
  builder->source[k] = line->src ? source_slot (builder, line->src) : LS_NONE;
  builder->line[k] = (uint32_t) MIN (builder->report->n_lines, G_MAXUINT32);
  builder->flags[k] = LS_FLAGS (line->mode, line->how, line->order, is_thread);
  builder->has[k] = add_sparse (builder, line);
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
