/* SPDX-License-Identifier: MIT */
/* What a trace says of itself, its threads, objects and sources. */
#include "builder.h"

/* A name of no characters is none. */
static void
set_string (LsBuilder *builder, const char **field, const char *string)
{
  if (!string || !*string)
    return;
  uint32_t number = ls_texts_intern (&builder->texts, string);
  *field = builder->texts.all[number];
}

static void
add_strings (GPtrArray *strings, const char *const *vector)
{
  for (; vector && *vector; vector++)
    if (!g_ptr_array_find_with_equal_func (strings, *vector, g_str_equal, NULL))
      g_ptr_array_add (strings, g_strdup (*vector));
}

uint32_t
ls_builder_get_object (LsBuilder *builder, uint32_t id)
{
  uint32_t slot = ls_ids_get_slot (&builder->object_ids, id, LS_NONE);
  if (slot >= builder->objects->len) {
    LsObject object = { .id = id, .source = LS_NONE, .initial = -1 };
    g_array_append_val (builder->objects, object);
    g_array_set_size (builder->object_tallies, slot + 1);
  }
  return slot;
}

uint32_t
ls_builder_get_source (LsBuilder *builder, uint32_t id)
{
  uint32_t slot = ls_ids_get_slot (&builder->source_ids, id, LS_NONE);
  if (slot >= builder->sources->len) {
    LsSource source = { .id = id, .in = LS_NONE };
    g_array_append_val (builder->sources, source);
  }
  return slot;
}

static void
add_thread (LsBuilder *builder, const LsLineThread *line)
{
  uint32_t slot = ls_builder_get_thread (builder, line->id, 0);
  if (slot == LS_NONE)
    return;
  LsThread *thread = &g_array_index (builder->threads, LsThread, slot);
  set_string (builder, &thread->name, line->name);
  if (line->os)
    thread->os = line->os;
  thread->daemon |= line->daemon;
  thread->detached |= line->detached;
}

static void
add_object (LsBuilder *builder, const LsLineObject *line)
{
  uint32_t slot = ls_builder_get_object (builder, line->id);
  uint32_t source = line->src ? ls_builder_get_source (builder, line->src) : LS_NONE;
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
  uint32_t slot = ls_builder_get_source (builder, line->id);
  uint32_t in = line->in ? ls_builder_get_source (builder, line->in) : LS_NONE;
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

void
ls_builder_declare (LsBuilder *builder, const LsSegment *segment)
{
  for (guint i = 0; i < segment->declarations->len; i++) {
    const LsLine *line = &g_array_index (segment->declarations, LsLine, i);
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
    default:
      break;
    }
  }
}
