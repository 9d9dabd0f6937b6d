/* SPDX-License-Identifier: MIT */
/* Times, spans and sizes as people write them. */
#include "arguments.h"

#include <math.h>
#include <string.h>

typedef struct {
  const char *name;
  double factor;
} Unit;

/* A number, perhaps blanks, a unit of the table, which ends with one without a name. */
static bool
parse (const char *text, const Unit *units, double *number)
{
  char *end;
  *number = g_ascii_strtod (text, &end);
  if (end == text || !isfinite (*number) || *number < 0)
    return false;
  while (*end == ' ')
    end++;
  for (const Unit *unit = units; unit->name; unit++)
    if (g_ascii_strcasecmp (end, unit->name) == 0) {
      *number *= unit->factor;
      return true;
    }
  return false;
}

bool
ls_argument_parse_time (const char *text, int64_t *ns)
{
  static const Unit units[] = { { "", 1 },       { "ns", 1 },  { "us", 1e3 }, { "µs", 1e3 },
                                { "ms", 1e6 },   { "s", 1e9 }, { "m", 60e9 }, { "min", 60e9 },
                                { "h", 3600e9 }, { NULL, 0 } };
  double number;
  if (!parse (text, units, &number))
    return false;
  *ns = (int64_t) MIN (number, 9e18);
  return true;
}

bool
ls_argument_parse_size (const char *text, uint64_t *bytes)
{
  static const Unit units[] = {
    { "", 1 },         { "B", 1 },       { "K", 0x1p10 },   { "KB", 0x1p10 },  { "KiB", 0x1p10 },
    { "M", 0x1p20 },   { "MB", 0x1p20 }, { "MiB", 0x1p20 }, { "G", 0x1p30 },   { "GB", 0x1p30 },
    { "GiB", 0x1p30 }, { "T", 0x1p40 },  { "TB", 0x1p40 },  { "TiB", 0x1p40 }, { NULL, 0 },
  };
  double number;
  if (!parse (text, units, &number))
    return false;
  *bytes = (uint64_t) MIN (number, 9e18);
  return true;
}

bool
ls_argument_parse_span (const char *text, int64_t end_ns, LsSpan *span)
{
  const char *dots = strstr (text, "..");
  if (!dots)
    return false;
  g_autofree char *first = g_strstrip (g_strndup (text, (gsize) (dots - text)));
  g_autofree char *last = g_strstrip (g_strdup (dots + 2));
  *span = (LsSpan){ 0, end_ns };
  if (first[0] && !ls_argument_parse_time (first, &span->begin_ns))
    return false;
  if (last[0] && !ls_argument_parse_time (last, &span->end_ns))
    return false;
  return span->begin_ns < span->end_ns;
}

/* What a terminal obeys instead of showing it: control characters, ends of lines and paragraphs, and
 * what turns the direction of all that follows. */
static bool
is_command (gunichar letter)
{
  switch (g_unichar_type (letter)) {
  case G_UNICODE_CONTROL:
  case G_UNICODE_LINE_SEPARATOR:
  case G_UNICODE_PARAGRAPH_SEPARATOR:
    return true;
  case G_UNICODE_FORMAT: /* but for those that join letters */
    return letter != 0x200c && letter != 0x200d;
  default:
    return false;
  }
}

char *
ls_text_dup_plain (const char *text)
{
  GString *plain = g_string_new (NULL);
  for (const char *c = text ? text : ""; *c; c = g_utf8_next_char (c)) {
    gunichar letter = g_utf8_get_char_validated (c, -1);
    if ((gint32) letter < 0) {
      g_string_append_c (plain, '?');
      break;
    }
    g_string_append_unichar (plain, is_command (letter) ? ' ' : letter);
  }
  return g_string_free (plain, FALSE);
}
