/* SPDX-License-Identifier: MIT */
/* What the keys of one Chrome event say. */
#include "chrome-event.h"

#include <json-c/json.h>
#include <math.h>
#include <string.h>

#define MAX_US (G_MAXINT64 / 4000) /* twice of it is still no overflow in nanoseconds */

const char *
ls_chrome_get_text (struct json_object *event, const char *key)
{
  struct json_object *value;
  if (!json_object_object_get_ex (event, key, &value))
    return NULL;
  switch (json_object_get_type (value)) {
  case json_type_string:
  case json_type_int:
  case json_type_double: /* json-c keeps its text */
    return json_object_get_string (value);
  default:
    return NULL;
  }
}

/* "-12.3456": a double would lose nanoseconds of times since 1970. */
static bool
parse_decimal (const char *text, int64_t *ns)
{
  bool is_negative = *text == '-';
  int64_t us = 0, part = 0;
  text += is_negative;
  if (!g_ascii_isdigit (*text))
    return false;
  for (; g_ascii_isdigit (*text); text++) {
    us = 10 * us + (*text - '0');
    if (us > MAX_US)
      return false;
  }
  if (*text == '.') {
    text++;
    for (int unit = 100; g_ascii_isdigit (*text); text++, unit /= 10) {
      part += unit * (*text - '0');
      if (unit == 0) { /* the first digit after the nanoseconds rounds them */
        part += *text >= '5';
        text += strspn (text, "0123456789");
        break;
      }
    }
  }
  *ns = is_negative ? -(1000 * us + part) : 1000 * us + part;
  return *text == '\0';
}

int
ls_chrome_get_ns (struct json_object *event, const char *key, int64_t *ns)
{
  const char *text = ls_chrome_get_text (event, key);
  if (!text)
    return json_object_object_get_ex (event, key, NULL) ? -1 : 0;
  if (parse_decimal (text, ns))
    return 1;
  char *end;
  double number = g_ascii_strtod (text, &end);
  if (end == text || *end || !isfinite (number) || number > (double) MAX_US ||
      number < -(double) MAX_US)
    return -1;
  *ns = (int64_t) (number * 1000 + (number < 0 ? -0.5 : 0.5));
  return 1;
}
