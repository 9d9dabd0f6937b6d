/* SPDX-License-Identifier: MIT */
/* Appends JSON to a GString, compact or indented. */
#include "json-writer.h"

#include "text.h"

void
ls_json_init (LsJson *json, GString *out, int indent)
{
  *json = (LsJson){ .out = out, .indent = indent };
}

static void
break_line (LsJson *json)
{
  static const char blanks[] = "                                ";
  int n = json->indent * json->depth;

  if (json->indent == 0)
    return;
  g_string_append_c (json->out, '\n');
  for (; n > 0; n -= (int) sizeof blanks - 1)
    g_string_append_len (json->out, blanks, MIN (n, (int) sizeof blanks - 1));
}

/* The comma, line break and key before a value. */
static void
start_value (LsJson *json, const char *key)
{
  if (json->comma)
    ls_append_char (json->out, ',');
  if (json->depth > 0 && json->indent > 0)
    break_line (json);
  if (key) {
    ls_append_quoted (json->out, key, LS_NO_CUT);
    ls_append_bytes (json->out, ": ", json->indent > 0 ? 2 : 1);
  }
  json->comma = true;
}

static void
begin (LsJson *json, const char *key, char bracket)
{
  start_value (json, key);
  ls_append_char (json->out, bracket);
  json->depth++;
  json->comma = false;
}

static void
end (LsJson *json, char bracket)
{
  g_return_if_fail (json->depth > 0);
  json->depth--;
  if (json->comma)
    break_line (json);
  ls_append_char (json->out, bracket);
  json->comma = true;
}

static void
append_until (LsJson *json, const char *text, const char *text_end)
{
  ls_append_bytes (json->out, text, (gsize) (text_end - text));
}

void
ls_json_begin_object (LsJson *json, const char *key)
{
  begin (json, key, '{');
}

void
ls_json_end_object (LsJson *json)
{
  end (json, '}');
}

void
ls_json_begin_array (LsJson *json, const char *key)
{
  begin (json, key, '[');
}

void
ls_json_end_array (LsJson *json)
{
  end (json, ']');
}

/* JSON may be put into a page's script, which a name must not end: "</" goes out as "<\/", the same
 * to every reader. */
static void
append_text (GString *out, const char *value)
{
  gsize at = out->len;
  ls_append_quoted (out, value, LS_NO_CUT);
  if (!strchr (value, '<'))
    return;
  for (char *slash; (slash = strstr (out->str + at, "</")) != NULL;) {
    at = (gsize) (slash + 1 - out->str);
    g_string_insert_c (out, (gssize) at, '\\');
  }
}

void
ls_json_string (LsJson *json, const char *key, const char *value)
{
  start_value (json, key);
  if (value)
    append_text (json->out, value);
  else
    g_string_append (json->out, "null");
}

void
ls_json_int (LsJson *json, const char *key, int64_t value)
{
  char text[LS_MAX_UINT_CHARS + 1];
  start_value (json, key);
  append_until (json, text, ls_put_int (text, value));
}

void
ls_json_uint (LsJson *json, const char *key, uint64_t value)
{
  char text[LS_MAX_UINT_CHARS];
  start_value (json, key);
  append_until (json, text, ls_put_uint (text, value));
}

void
ls_json_double (LsJson *json, const char *key, double value)
{
  char text[LS_MAX_DOUBLE_CHARS];
  start_value (json, key);
  append_until (json, text, ls_put_double (text, value));
}

void
ls_json_us (LsJson *json, const char *key, int64_t ns)
{
  char text[LS_MAX_UINT_CHARS + 5];
  char *p = text;
  uint64_t size = ns < 0 ? 0 - (uint64_t) ns : (uint64_t) ns;
  start_value (json, key);
  if (ns < 0)
    *p++ = '-';
  p = ls_put_uint (p, size / 1000);
  *p++ = '.';
  unsigned part = (unsigned) (size % 1000);
  *p++ = (char) ('0' + part / 100);
  *p++ = (char) ('0' + part / 10 % 10);
  *p++ = (char) ('0' + part % 10);
  append_until (json, text, p);
}

void
ls_append_int (GString *out, int64_t value)
{
  char text[LS_MAX_UINT_CHARS + 1];
  ls_append_bytes (out, text, (gsize) (ls_put_int (text, value) - text));
}

void
ls_append_uint (GString *out, uint64_t value)
{
  char text[LS_MAX_UINT_CHARS];
  ls_append_bytes (out, text, (gsize) (ls_put_uint (text, value) - text));
}

void
ls_json_bool (LsJson *json, const char *key, bool value)
{
  start_value (json, key);
  g_string_append (json->out, value ? "true" : "false");
}
