/* SPDX-License-Identifier: MIT */
/* What json-line.c and direct.c must hold events to alike. */
#include <math.h>
#include <string.h>

#include "names.h"
#include "parser-private.h"

const char *
ls_event_find_missing (const LsLineEvent *event)
{
  static const char val[] = "\"val\"", name[] = "\"name\"", n[] = "\"n\"";

  switch (ls_event_rows[event->ev].target) {
  case LS_TARGET_OBJECT:
    if (!event->obj)
      return "\"obj\"";
    break;
  case LS_TARGET_THREAD:
    /* A call that failed may have had no thread to name. */
    if (!event->thread && !event->err)
      return "\"thread\"";
    break;
  case LS_TARGET_EITHER:
    if (!event->obj && !event->thread)
      return "\"obj\" or \"thread\"";
    break;
  default:
    break;
  }
  switch (event->ev) {
  case LS_EV_COUNT:
    return !event->name ? name : event->val.type == LS_VALUE_NONE ? val : NULL;
  case LS_EV_BEGIN:
  case LS_EV_MARK:
    return event->name ? NULL : name;
  case LS_EV_SEND:
  case LS_EV_RECV:
    return event->has_n ? NULL : n;
  default:
    return NULL;
  }
}

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
