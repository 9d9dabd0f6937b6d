/* SPDX-License-Identifier: MIT */
/* Values of shared variables: as text, as numbers, compared. */
#include <math.h>
#include <string.h>

#include "trace.h"

/* With as few digits as say which number it is. */
static char *
dup_float_text (double number)
{
  static const char *const formats[] = { "%g", "%.9g", "%.15g", "%.17g" };
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];
  if (!isfinite (number))
    return g_strdup (isnan (number) ? "nan" : number > 0 ? "inf" : "-inf");
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++) {
    g_ascii_formatd (buffer, sizeof buffer, formats[i], number);
    if (g_ascii_strtod (buffer, NULL) == number)
      break;
  }
  return g_strdup (buffer);
}

char *
ls_value_dup_text (const LsValue *value)
{
  switch (value->type) {
  case LS_VALUE_INT:
    return g_strdup_printf ("%" G_GINT64_FORMAT, value->i);
  case LS_VALUE_UINT:
    return g_strdup_printf ("%" G_GUINT64_FORMAT, value->u);
  case LS_VALUE_POINTER:
    return g_strdup_printf ("0x%" G_GINT64_MODIFIER "x", value->u);
  case LS_VALUE_FLOAT:
    return dup_float_text (value->f);
  case LS_VALUE_BYTES:
  case LS_VALUE_TEXT:
    return g_strdup (value->text ? value->text : "");
  default:
    return g_strdup ("");
  }
}

bool
ls_value_equal (const LsValue *a, const LsValue *b)
{
  bool a_is_text = a->type == LS_VALUE_TEXT || a->type == LS_VALUE_BYTES;
  bool b_is_text = b->type == LS_VALUE_TEXT || b->type == LS_VALUE_BYTES;
  if (!a->type || !b->type || a_is_text != b_is_text)
    return a->type == b->type;
  if (a_is_text)
    return g_strcmp0 (a->text, b->text) == 0;
  if (a->type == LS_VALUE_FLOAT || b->type == LS_VALUE_FLOAT) {
    double first, second;
    if (!ls_value_to_double (a, &first) || !ls_value_to_double (b, &second))
      return false;
    return first == second || (isnan (first) && isnan (second));
  }
  return a->u == b->u && (a->type == b->type || a->u <= G_MAXINT64);
}

bool
ls_value_to_double (const LsValue *value, double *number)
{
  switch (value->type) {
  case LS_VALUE_INT:
    *number = (double) value->i;
    return true;
  case LS_VALUE_UINT:
    *number = (double) value->u;
    return true;
  case LS_VALUE_FLOAT:
    *number = value->f;
    return true;
  default:
    return false;
  }
}
