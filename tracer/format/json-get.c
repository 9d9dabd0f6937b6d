/* SPDX-License-Identifier: MIT */
/**
 * The keys of a line through json-c.
 *
 * Every getter notes the first thing that is wrong in the parser's reason; a line is read to its
 * end and then asked whether anything was.
 */
#include "json-get.h"

#include <json-c/json.h>
#include <math.h>
#include <string.h>

#include "text.h"

/* Of an unknown name, how much is told. */
#define UNKNOWN_CHARS 32

/* The first wrong thing holds, but an error outdoes something merely unknown. */
void
ls_parser_set_reason (LsParser *parser, LsParsed outcome, const char *format, ...)
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
  ls_parser_set_reason (parser, LS_PARSED_ERROR, "\"%s\" should be %s, not %s", key, expected,
                        type_words (parser, value));
}

uint64_t
ls_json_get_uint (LsParser *parser, const char *key, uint64_t min, uint64_t max)
{
  struct json_object *value = find (parser, key);

  if (!value)
    return 0;
  if (value == parser->null || !json_object_is_type (value, json_type_int)) {
    set_wrong_type (parser, key, "an integer", value);
    return 0;
  }
  /* json-c clamps on the way: a negative number to 0 here, a wide one to INT64_MAX there. */
  uint64_t number = json_object_get_uint64 (value);
  if (json_object_get_int64 (value) < 0 || number < min || number > max) {
    ls_parser_set_reason (parser, LS_PARSED_ERROR,
                          "\"%s\" is %s, which is not %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT,
                          key, parser->wide ? "out of range" : json_object_get_string (value), min,
                          max);
    return 0;
  }
  return number;
}

uint32_t
ls_json_get_id (LsParser *parser, const char *key)
{
  return (uint32_t) ls_json_get_uint (parser, key, 1, G_MAXUINT32);
}

uint32_t
ls_json_get_thread (LsParser *parser, const char *key)
{
  uint32_t id = ls_json_get_id (parser, key);
  if (id > LS_MAX_THREAD) {
    ls_parser_set_reason (parser, LS_PARSED_ERROR, "\"%s\" is %u, and threads number at most %u",
                          key, id, LS_MAX_THREAD);
    return 0;
  }
  return id;
}

bool
ls_json_get_bool (LsParser *parser, const char *key)
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

const char *
ls_json_get_string (LsParser *parser, const char *key)
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

const char *const *
ls_json_get_strings (LsParser *parser, const char *key)
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

void
ls_json_set_unknown (LsParser *parser, const char *key, const char *name)
{
  /* Escaped, as it may be printed on a terminal. */
  g_autoptr (GString) quoted = g_string_new (NULL);
  ls_append_quoted (quoted, name, UNKNOWN_CHARS);
  ls_parser_set_reason (parser, LS_PARSED_SKIP, "unknown \"%s\": %s", key, quoted->str);
}

static LsValue
get_integer_value (LsParser *parser, const char *key, struct json_object *number)
{
  int64_t i = json_object_get_int64 (number);
  uint64_t u = json_object_get_uint64 (number);

  if (parser->wide && (i == G_MININT64 || u == G_MAXUINT64))
    ls_parser_set_reason (parser, LS_PARSED_ERROR, "\"%s\" does not fit into 64 bits", key);
  if (i < 0 || u <= G_MAXINT64)
    return (LsValue){ .type = LS_VALUE_INT, .i = i };
  return (LsValue){ .type = LS_VALUE_UINT, .u = u };
}

LsValue
ls_json_get_value (LsParser *parser, const char *key)
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
      ls_parser_set_reason (parser, LS_PARSED_ERROR, "\"%s\" is out of a double's range", key);
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

bool
ls_json_has (const LsParser *parser, const char *key)
{
  return find (parser, key) != NULL;
}
