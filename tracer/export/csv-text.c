/* SPDX-License-Identifier: MIT */
/* Names in tables. */
#include "csv-text.h"

#include <stdbool.h>
#include <string.h>

void
ls_csv_append_text (GString *out, const char *text)
{
  bool is_guarded = text[0] && strchr ("=+-@'\t\r", text[0]);
  if (!text[strcspn (text, ",\"\r\n")]) {
    g_string_append (out, is_guarded ? "'" : "");
    g_string_append (out, text);
    return;
  }
  g_string_append (out, is_guarded ? "\"'" : "\"");
  for (const char *c = text; *c; c++) {
    if (*c == '"')
      g_string_append_c (out, '"');
    g_string_append_c (out, *c);
  }
  g_string_append_c (out, '"');
}
