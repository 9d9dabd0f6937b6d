/* SPDX-License-Identifier: MIT */
/* A line of a trace through json-c: the reference of what each key means. */
#include <json-c/json.h>
#include <string.h>

#include "json-get.h"
#include "names.h"

static void
require (LsParser *parser, const char *missing, const char *what)
{
  if (missing)
    ls_parser_set_reason (parser, LS_PARSED_ERROR, "%s is missing: %s needs it", missing, what);
}

static void
read_event (LsParser *parser, LsLineEvent *event)
{
  *event = (LsLineEvent){ 0 };
  LS_JSON_GET_NAME (parser, "ev", ls_event_kind_find, &event->ev);
  if (event->ev == LS_EV_NONE)
    return;
  require (parser, ls_json_has (parser, "ts") ? NULL : "\"ts\"", "an event");
  require (parser, ls_json_has (parser, "tid") ? NULL : "\"tid\"", "an event");
  event->ts_ns = (int64_t) ls_json_get_uint (parser, "ts", 0, G_MAXINT64);
  event->tid = ls_json_get_thread (parser, "tid");
  event->obj = ls_json_get_id (parser, "obj");
  event->thread = ls_json_get_thread (parser, "thread");
  event->with = ls_json_get_id (parser, "with");
  LS_JSON_GET_NAME (parser, "mode", ls_mode_find, &event->mode);
  LS_JSON_GET_NAME (parser, "how", ls_how_find, &event->how);
  event->val = ls_json_get_value (parser, "val");
  event->old = ls_json_get_value (parser, "old");
  event->has_part = ls_json_has (parser, "off") || ls_json_has (parser, "size");
  event->off = (uint32_t) ls_json_get_uint (parser, "off", 0, G_MAXUINT32);
  event->size = (uint32_t) ls_json_get_uint (parser, "size", 0, G_MAXUINT32);
  LS_JSON_GET_NAME (parser, "order", ls_order_find, &event->order);
  event->name = ls_json_get_string (parser, "name");
  event->has_n = ls_json_has (parser, "n");
  event->n = (int64_t) ls_json_get_uint (parser, "n", 0, G_MAXINT64);
  event->err = ls_json_get_string (parser, "err");
  event->src = ls_json_get_id (parser, "src");
  require (parser, ls_event_find_missing (event), ls_event_rows[event->ev].name);
}

static void
read_header (LsParser *parser, LsLineHeader *header)
{
  *header = (LsLineHeader){ 0 };
  header->version = (int) ls_json_get_uint (parser, "lockstitch", 1, G_MAXINT);
  if (header->version != LS_FORMAT_VERSION)
    return;
  const char *unit = ls_json_get_string (parser, "unit");
  if (unit && strcmp (unit, "ns") != 0)
    ls_parser_set_reason (parser, LS_PARSED_ERROR, "\"unit\" should be \"ns\" in version 1");
  header->wall = ls_json_get_string (parser, "wall");
  header->pid = (uint32_t) ls_json_get_uint (parser, "pid", 0, G_MAXUINT32);
  header->program = ls_json_get_strings (parser, "program");
  header->recorder = ls_json_get_string (parser, "recorder");
  header->partial = ls_json_get_bool (parser, "partial");
  header->ignored = ls_json_get_strings (parser, "ignored");
  header->blind = ls_json_get_strings (parser, "blind");
}

static void
read_footer (LsParser *parser, LsLineFooter *footer)
{
  *footer = (LsLineFooter){ 0 };
  footer->end_ns = (int64_t) ls_json_get_uint (parser, "end", 0, G_MAXINT64);
  footer->events = ls_json_get_uint (parser, "events", 0, G_MAXINT64);
  footer->lost = ls_json_get_uint (parser, "lost", 0, G_MAXINT64);
  if (ls_json_has (parser, "exit")) {
    footer->how = LS_END_EXIT;
    footer->code = (int) ls_json_get_uint (parser, "exit", 0, G_MAXINT);
  } else if (ls_json_has (parser, "signal")) {
    footer->how = LS_END_SIGNAL;
    footer->code = (int) ls_json_get_uint (parser, "signal", 1, G_MAXINT);
  } else if (ls_json_get_bool (parser, "exec")) {
    footer->how = LS_END_EXEC;
  }
}

static void
read_thread (LsParser *parser, LsLineThread *thread)
{
  *thread = (LsLineThread){ 0 };
  thread->id = ls_json_get_thread (parser, "thread");
  thread->name = ls_json_get_string (parser, "name");
  thread->os = (uint32_t) ls_json_get_uint (parser, "os", 0, G_MAXUINT32);
  thread->daemon = ls_json_get_bool (parser, "daemon");
  thread->detached = ls_json_get_bool (parser, "detached");
}

static void
read_object (LsParser *parser, LsLineObject *object)
{
  *object = (LsLineObject){ 0 };
  object->id = ls_json_get_id (parser, "object");
  LS_JSON_GET_NAME (parser, "kind", ls_object_kind_find, &object->kind);
  object->name = ls_json_get_string (parser, "name");
  object->addr = ls_json_get_string (parser, "addr");
  object->src = ls_json_get_id (parser, "src");
  object->shared = ls_json_get_bool (parser, "shared");
  object->has_initial = ls_json_has (parser, "initial");
  object->initial = (int64_t) ls_json_get_uint (parser, "initial", 0, G_MAXINT64);
  object->has_parties = ls_json_has (parser, "parties");
  object->parties = ls_json_get_id (parser, "parties");
  LS_JSON_GET_NAME (parser, "type", ls_value_type_find, &object->type);
  object->size = (uint32_t) ls_json_get_uint (parser, "size", 0, G_MAXUINT32);
}

static void
read_source (LsParser *parser, LsLineSource *source)
{
  *source = (LsLineSource){ 0 };
  source->id = ls_json_get_id (parser, "source");
  source->func = ls_json_get_string (parser, "func");
  source->file = ls_json_get_string (parser, "file");
  source->line = (uint32_t) ls_json_get_uint (parser, "line", 0, G_MAXUINT32);
  source->in = ls_json_get_id (parser, "in");
}

static void
read_root (LsParser *parser, LsLine *line)
{
  if (ls_json_has (parser, "ev")) {
    line->kind = LS_LINE_EVENT;
    read_event (parser, &line->event);
  } else if (ls_json_has (parser, "lockstitch")) {
    line->kind = LS_LINE_HEADER;
    read_header (parser, &line->header);
  } else if (ls_json_has (parser, "end")) {
    line->kind = LS_LINE_FOOTER;
    read_footer (parser, &line->footer);
  } else if (ls_json_has (parser, "thread")) {
    line->kind = LS_LINE_THREAD;
    read_thread (parser, &line->thread);
  } else if (ls_json_has (parser, "object")) {
    line->kind = LS_LINE_OBJECT;
    read_object (parser, &line->object);
  } else if (ls_json_has (parser, "source")) {
    line->kind = LS_LINE_SOURCE;
    read_source (parser, &line->source);
  } else {
    ls_parser_set_reason (
      parser, LS_PARSED_SKIP,
      "no known key (\"ev\", \"lockstitch\", \"end\", \"thread\", \"object\" or "
      "\"source\")");
  }
}

static void
forget_last (LsParser *parser)
{
  g_clear_pointer (&parser->root, json_object_put);
  g_ptr_array_set_size (parser->garbage, 0);
  g_string_truncate (parser->reason, 0);
  parser->outcome = LS_PARSED;
}

LsParsed
ls_parser_read_json (LsParser *parser, const char *bytes, size_t n, LsLine *line)
{
  size_t n_space = 0;

  forget_last (parser);
  while (n_space < n && (bytes[n_space] == ' ' || bytes[n_space] == '\t' || bytes[n_space] == '\r'))
    n_space++;
  if (n_space == n) {
    ls_parser_set_reason (parser, LS_PARSED_SKIP, "an empty line");
    return parser->outcome;
  }
  if (!ls_json_check (bytes, n, parser->reason, &parser->wide))
    return parser->outcome = LS_PARSED_NOT_JSON;
  if (bytes[n_space] != '{') {
    ls_parser_set_reason (parser, LS_PARSED_NOT_OBJECT, "not a JSON object");
    return parser->outcome;
  }

  json_tokener_reset (parser->tokener);
  parser->root = json_tokener_parse_ex (parser->tokener, bytes, (int) n);
  if (!parser->root || json_tokener_get_error (parser->tokener) != json_tokener_success) {
    ls_parser_set_reason (parser, LS_PARSED_NOT_JSON, "json-c: %s",
                          json_tokener_error_desc (json_tokener_get_error (parser->tokener)));
  } else {
    read_root (parser, line);
  }
  return parser->outcome;
}

LsParser *
ls_parser_new (void)
{
  LsParser *parser = g_new0 (LsParser, 1);

  parser->tokener = json_tokener_new_ex (LS_MAX_DEPTH + 2);
  json_tokener_set_flags (parser->tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
  parser->null = json_object_new_object (); /* stands for null: json-c's own is NULL */
  parser->reason = g_string_new (NULL);
  parser->garbage = g_ptr_array_new_with_free_func (g_free);
  parser->text = g_malloc (LS_TEXT_BYTES);
  parser->line = g_string_new (NULL);
  ls_parser_init_names (parser);
  return parser;
}

void
ls_parser_free (LsParser *parser)
{
  if (!parser)
    return;
  forget_last (parser);
  json_tokener_free (parser->tokener);
  json_object_put (parser->null);
  g_string_free (parser->reason, TRUE);
  g_ptr_array_unref (parser->garbage);
  g_string_free (parser->line, TRUE);
  g_free (parser->text);
  g_free (parser);
}

const char *
ls_parser_get_reason (const LsParser *parser)
{
  return parser->reason->str;
}
