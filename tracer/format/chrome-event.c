/* SPDX-License-Identifier: MIT */
/* Chrome events, and json-c's way to them. */
#include "chrome-event.h"

#include <json-c/json.h>
#include <math.h>

#define MAX_DEPTH 1024             /* json-c takes memory and stack for each */
#define MAX_US (G_MAXINT64 / 4000) /* twice of it is still no overflow in nanoseconds */

const char *const ls_chrome_keys[LS_CHROME_KEY_N] = {
  [LS_CHROME_KEY_PH] = "ph",
  [LS_CHROME_KEY_CAT] = "cat",
  [LS_CHROME_KEY_NAME] = "name",
  [LS_CHROME_KEY_PID] = "pid",
  [LS_CHROME_KEY_TID] = "tid",
  [LS_CHROME_KEY_TS] = "ts",
  [LS_CHROME_KEY_DUR] = "dur",
  [LS_CHROME_KEY_ID] = "id",
  [LS_CHROME_KEY_BIND_ID] = "bind_id",
  [LS_CHROME_KEY_FLOW_IN] = "flow_in",
  [LS_CHROME_KEY_FLOW_OUT] = "flow_out",
};

void
ls_chrome_event_init (LsChromeEvent *event)
{
  *event = (LsChromeEvent){
    .args = g_array_new (FALSE, FALSE, sizeof (LsChromeMember)),
    .scratch = g_malloc (LS_CHROME_SCRATCH_BYTES),
    .tokener = json_tokener_new_ex (MAX_DEPTH),
  };
}

void
ls_chrome_event_clear (LsChromeEvent *event)
{
  g_array_unref (event->args);
  json_object_put (event->object);
  json_tokener_free (event->tokener);
  g_free (event->scratch);
}

LsChromeField
ls_chrome_event_get_argument (const LsChromeEvent *event, const char *key)
{
  for (guint i = 0; event->has_args && i < event->args->len; i++) {
    const LsChromeMember *member = &g_array_index (event->args, LsChromeMember, i);
    if (ls_chrome_field_is (&member->key, key))
      return member->value;
  }
  return (LsChromeField){ 0 };
}

/* -- Numbers -- */

/* "-12.3456": a double would lose nanoseconds of times since 1970. */
static bool
parse_decimal (const char *at, const char *end, int64_t *ns)
{
  bool is_negative = at < end && *at == '-';
  int64_t us = 0, part = 0;
  at += is_negative;
  if (at == end || !g_ascii_isdigit (*at))
    return false;
  for (; at < end && g_ascii_isdigit (*at); at++) {
    us = 10 * us + (*at - '0');
    if (us > MAX_US)
      return false;
  }
  if (at < end && *at == '.') {
    at++;
    for (int unit = 100; at < end && g_ascii_isdigit (*at); at++, unit /= 10) {
      part += unit * (*at - '0');
      if (unit == 0) { /* the first digit after the nanoseconds rounds them */
        part += *at >= '5';
        while (at < end && g_ascii_isdigit (*at))
          at++;
        break;
      }
    }
  }
  *ns = is_negative ? -(1000 * us + part) : 1000 * us + part;
  return at == end;
}

bool
ls_chrome_parse_ns (const LsChromeField *field, int64_t *ns)
{
  if (field->kind != LS_CHROME_TEXT)
    return false;
  if (parse_decimal (field->text, field->text + field->n, ns))
    return true;
  g_autofree char *text = g_strndup (field->text, field->n);
  char *end;
  double number = g_ascii_strtod (text, &end);
  if (end == text || *end || !isfinite (number) || number > (double) MAX_US ||
      number < -(double) MAX_US)
    return false;
  *ns = (int64_t) (number * 1000 + (number < 0 ? -0.5 : 0.5));
  return true;
}

/* -- json-c -- */

static LsChromeField
make_text (const char *text)
{
  return (LsChromeField){ .text = text, .n = (uint32_t) strlen (text), .kind = LS_CHROME_TEXT };
}

static LsChromeField
make_field (struct json_object *value)
{
  LsChromeField field = { .kind = LS_CHROME_OTHER };
  switch (json_object_get_type (value)) {
  case json_type_string:
  case json_type_int:
  case json_type_double: /* json-c keeps its text */
    field = make_text (json_object_get_string (value));
    break;
  default:
    break;
  }
  field.is_true = json_object_get_boolean (value);
  return field;
}

static LsChromeField
get_field (struct json_object *object, const char *key)
{
  struct json_object *value;
  return json_object_object_get_ex (object, key, &value) ? make_field (value)
                                                         : (LsChromeField){ 0 };
}

static struct json_object *
get_object (struct json_object *object, const char *key)
{
  struct json_object *value;
  return json_object_object_get_ex (object, key, &value) &&
             json_object_is_type (value, json_type_object)
           ? value
           : NULL;
}

static void
read_object (LsChromeEvent *event, struct json_object *object)
{
  struct json_object *id2 = get_object (object, "id2"), *args = get_object (object, "args");
  for (guint i = 0; i < LS_CHROME_KEY_N; i++)
    event->fields[i] = get_field (object, ls_chrome_keys[i]);
  event->local_id = id2 ? get_field (id2, "local") : (LsChromeField){ 0 };
  event->global_id = id2 ? get_field (id2, "global") : (LsChromeField){ 0 };
  event->is_empty = json_object_object_length (object) == 0;
  event->has_args = args != NULL;
  g_array_set_size (event->args, 0);
  if (!args)
    return;
  json_object_object_foreach (args, key, value)
  {
    LsChromeMember member = { make_text (key), make_field (value) };
    g_array_append_val (event->args, member);
  }
}

bool
ls_chrome_event_read_json (LsChromeEvent *event, const char *bytes, gsize n, const char **reason)
{
  json_object_put (event->object);
  json_tokener_reset (event->tokener);
  event->object = json_tokener_parse_ex (event->tokener, bytes, (int) n);
  if (json_object_is_type (event->object, json_type_object)) {
    read_object (event, event->object);
    return true;
  }
  *reason = event->object ? "not an object"
                          : json_tokener_error_desc (json_tokener_get_error (event->tokener));
  return false;
}
