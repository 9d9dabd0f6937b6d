/* SPDX-License-Identifier: MIT */
/**
 * A line of a trace through json-c: the reference of what each key means.
 *
 * Every getter notes the first thing that is wrong in the parser's reason; a line is read to its
 * end and then asked whether anything was.
 */
#include <json-c/json.h>
#include <math.h>
#include <string.h>

#include "names.h"
#include "parse.h"
#include "parser-private.h"

static void set_reason (LsParser *parser, LsParsed outcome, const char *format, ...)
  G_GNUC_PRINTF (3, 4);

/* The first wrong thing holds, but an error outdoes something merely unknown. */
static void
set_reason (LsParser *parser, LsParsed outcome, const char *format, ...)
{
  if (parser->outcome != LS_PARSED &&
      !(parser->outcome == LS_PARSED_SKIP && outcome == LS_PARSED_ERROR))
    return;
  parser->outcome = outcome;

  va_list args;
  va_start (args, format);
  g_string_vprintf (parser->reason, format, args);
  va_end (args);
}

static struct json_object *
find (const LsParser *parser, const char *key)
{
  struct json_object *value = NULL;
  /* A key with the value null is not absent. */
  return json_object_object_get_ex (parser->root, key, &value) && !value ? parser->null : value;
}

static const char *
type_words (const LsParser *parser, struct json_object *value)
{
  if (value == parser->null)
    return "null";
  switch (json_object_get_type (value)) {
  case json_type_boolean:
    return "true or false";
  case json_type_double:
    return "a number with a fraction or exponent";
  case json_type_int:
    return "an integer";
  case json_type_object:
    return "an object";
  case json_type_array:
    return "an array";
  case json_type_string:
    return "a string";
  default:
    return "null";
  }
}

static void
set_wrong_type (LsParser *parser, const char *key, const char *expected, struct json_object *value)
{
  set_reason (parser, LS_PARSED_ERROR, "\"%s\" should be %s, not %s", key, expected,
              type_words (parser, value));
}

/* An integer of `min` to `max`, min >= 0; `absent` when the key is not there. */
static uint64_t
get_uint (LsParser *parser, const char *key, uint64_t min, uint64_t max, uint64_t absent)
{
  struct json_object *value = find (parser, key);

  if (!value)
    return absent;
  if (value == parser->null || !json_object_is_type (value, json_type_int)) {
    set_wrong_type (parser, key, "an integer", value);
    return absent;
  }
  /* json-c clamps on the way: a negative number to 0 here, a wide one to INT64_MAX there. */
  uint64_t number = json_object_get_uint64 (value);
  if (json_object_get_int64 (value) < 0 || number < min || number > max) {
    set_reason (parser, LS_PARSED_ERROR,
                "\"%s\" is %s, which is not %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT, key,
                parser->wide ? "out of range" : json_object_get_string (value), min, max);
    return absent;
  }
  return number;
}

static uint32_t
get_id (LsParser *parser, const char *key)
{
  return (uint32_t) get_uint (parser, key, 1, G_MAXUINT32, 0);
}

static uint32_t
get_thread (LsParser *parser, const char *key)
{
  uint32_t id = get_id (parser, key);
  if (id > LS_MAX_THREAD) {
    set_reason (parser, LS_PARSED_ERROR, "\"%s\" is %u, and threads number at most %u", key, id,
                LS_MAX_THREAD);
    return 0;
  }
  return id;
}

static bool
get_bool (LsParser *parser, const char *key)
{
  struct json_object *value = find (parser, key);

  if (value && (value == parser->null || !json_object_is_type (value, json_type_boolean))) {
    set_wrong_type (parser, key, "true or false", value);
    return false;
  }
  return value && json_object_get_boolean (value);
}

/* The text of a JSON string; a NUL character in it, which C strings cannot carry, as U+FFFD. */
static const char *
get_text (LsParser *parser, struct json_object *value)
{
  const char *text = json_object_get_string (value);
  size_t n = (size_t) json_object_get_string_len (value);

  if (strlen (text) == n)
    return text;
  GString *mended = g_string_sized_new (n + 8);
  for (size_t i = 0; i < n; i++) {
    if (text[i])
      g_string_append_c (mended, text[i]);
    else
      g_string_append (mended, "\xef\xbf\xbd");
  }
  char *mended_text = g_string_free (mended, FALSE);
  g_ptr_array_add (parser->garbage, mended_text);
  return mended_text;
}

static const char *
get_string (LsParser *parser, const char *key)
{
  struct json_object *value = find (parser, key);

  if (!value)
    return NULL;
  if (value == parser->null || !json_object_is_type (value, json_type_string)) {
    set_wrong_type (parser, key, "a string", value);
    return NULL;
  }
  return get_text (parser, value);
}

static const char *const *
get_strings (LsParser *parser, const char *key)
{
  struct json_object *value = find (parser, key);

  if (!value)
    return NULL;
  if (value == parser->null || !json_object_is_type (value, json_type_array)) {
    set_wrong_type (parser, key, "an array of strings", value);
    return NULL;
  }
  size_t n = json_object_array_length (value);
  const char **strings = g_new0 (const char *, n + 1);
  g_ptr_array_add (parser->garbage, strings);
  for (size_t i = 0; i < n; i++) {
    struct json_object *element = json_object_array_get_idx (value, i);
    if (!json_object_is_type (element, json_type_string)) {
      set_wrong_type (parser, key, "an array of strings", value);
      return NULL;
    }
    strings[i] = get_text (parser, element);
  }
  return strings;
}

static void
set_unknown (LsParser *parser, const char *key, const char *name)
{
  g_autofree char *start = g_utf8_substring (name, 0, MIN (g_utf8_strlen (name, -1), 32));
  set_reason (parser, LS_PARSED_SKIP, "unknown \"%s\": \"%s\"", key, start);
}

/* A name of kinds.def: an unknown one is of a newer trace. */
#define GET_NAME(parser, key, find_func, result)                   \
  G_STMT_START                                                     \
  {                                                                \
    const char *name_ = get_string (parser, key);                  \
    if (name_ && !(*(result) = find_func (name_, strlen (name_)))) \
      set_unknown (parser, key, name_);                            \
  }                                                                \
  G_STMT_END

bool
ls_value_from_text (LsValue *value, const char *text, size_t n)
{
  static const struct {
    const char *text;
    double value;
  } floats[] = { { "nan", NAN }, { "inf", INFINITY }, { "-inf", -INFINITY } };

  for (size_t i = 0; i < G_N_ELEMENTS (floats); i++) {
    if (strlen (floats[i].text) == n && memcmp (text, floats[i].text, n) == 0) {
      *value = (LsValue){ .type = LS_VALUE_FLOAT, .f = floats[i].value };
      return true;
    }
  }
  /* Only the shortest lower-case form, so that any other text stays as it was. */
  if (n < 3 || n > 18 || memcmp (text, "0x", 2) != 0 || (text[2] == '0' && n > 3))
    return false;
  uint64_t pointer = 0;
  for (size_t i = 2; i < n; i++) {
    if (!g_ascii_isxdigit (text[i]) || g_ascii_isupper (text[i]))
      return false;
    pointer = pointer << 4 | (uint64_t) g_ascii_xdigit_value (text[i]);
  }
  *value = (LsValue){ .type = LS_VALUE_POINTER, .u = pointer };
  return true;
}

static LsValue
get_integer_value (LsParser *parser, const char *key, struct json_object *number)
{
  int64_t i = json_object_get_int64 (number);
  uint64_t u = json_object_get_uint64 (number);

  if (parser->wide && (i == G_MININT64 || u == G_MAXUINT64))
    set_reason (parser, LS_PARSED_ERROR, "\"%s\" does not fit into 64 bits", key);
  if (i < 0 || u <= G_MAXINT64)
    return (LsValue){ .type = LS_VALUE_INT, .i = i };
  return (LsValue){ .type = LS_VALUE_UINT, .u = u };
}

static LsValue
get_value (LsParser *parser, const char *key)
{
  struct json_object *found = find (parser, key);
  LsValue value = { 0 };

  if (!found)
    return value;
  switch (found == parser->null ? json_type_null : json_object_get_type (found)) {
  case json_type_int:
    return get_integer_value (parser, key, found);
  case json_type_double:
    value = (LsValue){ .type = LS_VALUE_FLOAT, .f = json_object_get_double (found) };
    if (!isfinite (value.f))
      set_reason (parser, LS_PARSED_ERROR, "\"%s\" is out of a double's range", key);
    return value;
  case json_type_string:
    value = (LsValue){ .type = LS_VALUE_TEXT, .text = get_text (parser, found) };
    ls_value_from_text (&value, value.text, strlen (value.text));
    return value;
  default:
    set_wrong_type (parser, key, "a number or a string", found);
    return value;
  }
}

static bool
has (const LsParser *parser, const char *key)
{
  return find (parser, key) != NULL;
}

static void
require (LsParser *parser, bool is_there, const char *key, const char *what)
{
  if (!is_there)
    set_reason (parser, LS_PARSED_ERROR, "\"%s\" is missing: %s needs it", key, what);
}

static void
require_target (LsParser *parser, const LsLineEvent *event)
{
  const LsEventRow *row = &ls_event_rows[event->ev];

  switch (row->target) {
  case LS_TARGET_OBJECT:
    require (parser, event->obj, "obj", row->name);
    break;
  case LS_TARGET_THREAD:
    /* A call that failed may have had no thread to name. */
    require (parser, event->thread || event->err, "thread", row->name);
    break;
  case LS_TARGET_EITHER:
    if (!event->obj && !event->thread)
      set_reason (parser, LS_PARSED_ERROR, "\"obj\" or \"thread\" is missing: %s needs one",
                  row->name);
    break;
  default:
    break;
  }
}

static void
require_rest (LsParser *parser, const LsLineEvent *event)
{
  const char *ev = ls_event_rows[event->ev].name;

  switch (event->ev) {
  case LS_EV_COUNT:
    require (parser, event->val.type != LS_VALUE_NONE, "val", ev);
    require (parser, event->name, "name", ev);
    break;
  case LS_EV_BEGIN:
  case LS_EV_MARK:
    require (parser, event->name, "name", ev);
    break;
  case LS_EV_SEND:
  case LS_EV_RECV:
    require (parser, event->has_n, "n", ev);
    break;
  default:
    break;
  }
}

static void
read_event (LsParser *parser, LsLineEvent *event)
{
  *event = (LsLineEvent){ 0 };
  GET_NAME (parser, "ev", ls_event_kind_find, &event->ev);
  if (event->ev == LS_EV_NONE)
    return;
  require (parser, has (parser, "ts"), "ts", "an event");
  require (parser, has (parser, "tid"), "tid", "an event");
  event->ts_ns = (int64_t) get_uint (parser, "ts", 0, G_MAXINT64, 0);
  event->tid = get_thread (parser, "tid");
  event->obj = get_id (parser, "obj");
  event->thread = get_thread (parser, "thread");
  event->with = get_id (parser, "with");
  GET_NAME (parser, "mode", ls_mode_find, &event->mode);
  GET_NAME (parser, "how", ls_how_find, &event->how);
  event->val = get_value (parser, "val");
  event->old = get_value (parser, "old");
  event->has_part = has (parser, "off") || has (parser, "size");
  event->off = (uint32_t) get_uint (parser, "off", 0, G_MAXUINT32, 0);
  event->size = (uint32_t) get_uint (parser, "size", 0, G_MAXUINT32, 0);
  GET_NAME (parser, "order", ls_order_find, &event->order);
  event->name = get_string (parser, "name");
  event->has_n = has (parser, "n");
  event->n = (int64_t) get_uint (parser, "n", 0, G_MAXINT64, 0);
  event->err = get_string (parser, "err");
  event->src = get_id (parser, "src");
  require_target (parser, event);
  require_rest (parser, event);
}

static void
read_header (LsParser *parser, LsLineHeader *header)
{
  *header = (LsLineHeader){ 0 };
  header->version = (int) get_uint (parser, "lockstitch", 1, G_MAXINT, 0);
  if (header->version != LS_FORMAT_VERSION)
    return;
  const char *unit = get_string (parser, "unit");
  if (unit && strcmp (unit, "ns") != 0)
    set_reason (parser, LS_PARSED_ERROR, "\"unit\" should be \"ns\" in version 1");
  header->wall = get_string (parser, "wall");
  header->pid = (uint32_t) get_uint (parser, "pid", 0, G_MAXUINT32, 0);
  header->program = get_strings (parser, "program");
  header->recorder = get_string (parser, "recorder");
  header->partial = get_bool (parser, "partial");
  header->ignored = get_strings (parser, "ignored");
  header->blind = get_strings (parser, "blind");
}

static void
read_footer (LsParser *parser, LsLineFooter *footer)
{
  *footer = (LsLineFooter){ 0 };
  footer->end_ns = (int64_t) get_uint (parser, "end", 0, G_MAXINT64, 0);
  footer->events = get_uint (parser, "events", 0, G_MAXUINT64, 0);
  footer->lost = get_uint (parser, "lost", 0, G_MAXUINT64, 0);
  if (has (parser, "exit")) {
    footer->how = LS_END_EXIT;
    footer->code = (int) get_uint (parser, "exit", 0, G_MAXINT, 0);
  } else if (has (parser, "signal")) {
    footer->how = LS_END_SIGNAL;
    footer->code = (int) get_uint (parser, "signal", 1, G_MAXINT, 0);
  } else if (get_bool (parser, "exec")) {
    footer->how = LS_END_EXEC;
  }
}

static void
read_thread (LsParser *parser, LsLineThread *thread)
{
  *thread = (LsLineThread){ 0 };
  thread->id = get_thread (parser, "thread");
  thread->name = get_string (parser, "name");
  thread->os = (uint32_t) get_uint (parser, "os", 0, G_MAXUINT32, 0);
  thread->daemon = get_bool (parser, "daemon");
  thread->detached = get_bool (parser, "detached");
}

static void
read_object (LsParser *parser, LsLineObject *object)
{
  *object = (LsLineObject){ 0 };
  object->id = get_id (parser, "object");
  GET_NAME (parser, "kind", ls_object_kind_find, &object->kind);
  object->name = get_string (parser, "name");
  object->addr = get_string (parser, "addr");
  object->src = get_id (parser, "src");
  object->shared = get_bool (parser, "shared");
  object->has_initial = has (parser, "initial");
  object->initial = (int64_t) get_uint (parser, "initial", 0, G_MAXINT64, 0);
  object->has_parties = has (parser, "parties");
  object->parties = get_id (parser, "parties");
  GET_NAME (parser, "type", ls_value_type_find, &object->type);
  object->size = (uint32_t) get_uint (parser, "size", 0, G_MAXUINT32, 0);
}

static void
read_source (LsParser *parser, LsLineSource *source)
{
  *source = (LsLineSource){ 0 };
  source->id = get_id (parser, "source");
  source->func = get_string (parser, "func");
  source->file = get_string (parser, "file");
  source->line = (uint32_t) get_uint (parser, "line", 0, G_MAXUINT32, 0);
  source->in = get_id (parser, "in");
}

static void
read_root (LsParser *parser, LsLine *line)
{
  if (has (parser, "ev")) {
    line->kind = LS_LINE_EVENT;
    read_event (parser, &line->event);
  } else if (has (parser, "lockstitch")) {
    line->kind = LS_LINE_HEADER;
    read_header (parser, &line->header);
  } else if (has (parser, "end")) {
    line->kind = LS_LINE_FOOTER;
    read_footer (parser, &line->footer);
  } else if (has (parser, "thread")) {
    line->kind = LS_LINE_THREAD;
    read_thread (parser, &line->thread);
  } else if (has (parser, "object")) {
    line->kind = LS_LINE_OBJECT;
    read_object (parser, &line->object);
  } else if (has (parser, "source")) {
    line->kind = LS_LINE_SOURCE;
    read_source (parser, &line->source);
  } else {
    set_reason (parser, LS_PARSED_SKIP,
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
    set_reason (parser, LS_PARSED_SKIP, "an empty line");
    return parser->outcome;
  }
  if (!ls_json_check (bytes, n, parser->reason, &parser->wide))
    return parser->outcome = LS_PARSED_NOT_JSON;
  if (bytes[n_space] != '{') {
    set_reason (parser, LS_PARSED_NOT_OBJECT, "not a JSON object");
    return parser->outcome;
  }

  json_tokener_reset (parser->tokener);
  parser->root = json_tokener_parse_ex (parser->tokener, bytes, (int) n);
  if (!parser->root || json_tokener_get_error (parser->tokener) != json_tokener_success) {
    set_reason (parser, LS_PARSED_NOT_JSON, "json-c: %s",
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
  g_free (parser);
}

const char *
ls_parser_get_reason (const LsParser *parser)
{
  return parser->reason->str;
}
