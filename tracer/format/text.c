/* SPDX-License-Identifier: MIT */
/* Numbers and quoted text as JSON. */
#include "text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "json-writer.h"

static const char digit_pairs[] = "00010203040506070809101112131415161718192021222324"
                                  "25262728293031323334353637383940414243444546474849"
                                  "50515253545556575859606162636465666768697071727374"
                                  "75767778798081828384858687888990919293949596979899";
static const char hex_digits[] = "0123456789abcdef";

char *
ls_put_uint (char *p, uint64_t value)
{
  char digits[LS_MAX_UINT_CHARS];
  char *at = digits + sizeof digits;

  if (value < 10) { /* most are ids */
    *p = (char) ('0' + value);
    return p + 1;
  }
  if (value < 100) {
    memcpy (p, digit_pairs + 2 * value, 2);
    return p + 2;
  }
  while (value >= 100) {
    at -= 2;
    memcpy (at, digit_pairs + 2 * (value % 100), 2);
    value /= 100;
  }
  if (value >= 10) {
    at -= 2;
    memcpy (at, digit_pairs + 2 * value, 2);
  } else {
    *--at = (char) ('0' + value);
  }

  size_t n = (size_t) (digits + sizeof digits - at);
  memcpy (p, at, n);
  return p + n;
}

char *
ls_put_int (char *p, int64_t value)
{
  if (value >= 0)
    return ls_put_uint (p, (uint64_t) value);
  *p++ = '-';
  return ls_put_uint (p, 0 - (uint64_t) value);
}

char *
ls_put_hex (char *p, uint64_t value)
{
  int shift = 60;
  while (shift > 0 && (value >> shift) == 0)
    shift -= 4;
  for (; shift >= 0; shift -= 4)
    *p++ = hex_digits[(value >> shift) & 15];
  return p;
}

char *
ls_put_double (char *p, double value)
{
  char text[LS_MAX_DOUBLE_CHARS];

  if (isnan (value))
    return stpcpy (p, "\"nan\"");
  if (isinf (value))
    return stpcpy (p, value > 0 ? "\"inf\"" : "\"-inf\"");

  static const char *const formats[] = { "%.15g", "%.16g", "%.17g" };
  for (size_t i = 0; i < G_N_ELEMENTS (formats); i++) {
    g_ascii_formatd (text, sizeof text, formats[i], value);
    if (g_ascii_strtod (text, NULL) == value)
      break;
  }
  p = stpcpy (p, text);
  return strpbrk (text, ".e") ? p : stpcpy (p, ".0");
}

/* Length of the UTF-8 character at `text`, 0 when there is none. `text` is NUL-terminated. */
static size_t
utf8_length (const char *text)
{
  const guchar *u = (const guchar *) text;
  size_t length = u[0] < 0x80 ? 1 : u[0] < 0xe0 ? 2 : u[0] < 0xf0 ? 3 : 4;

  if (length == 1)
    return 1;
  for (size_t i = 1; i < length; i++)
    if ((u[i] & 0xc0) != 0x80)
      return 0;
  return g_utf8_validate (text, (gssize) length, NULL) ? length : 0;
}

static void
append_escaped (GString *out, char c)
{
  static const char named[32] = {
    ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r',
  };
  guchar u = (guchar) c;

  if (c == '"' || c == '\\') {
    char escape[] = { '\\', c };
    g_string_append_len (out, escape, sizeof escape);
  } else if (named[u & 31] && u < 32) {
    char escape[] = { '\\', named[u] };
    g_string_append_len (out, escape, sizeof escape);
  } else {
    char escape[] = { '\\', 'u', '0', '0', hex_digits[u >> 4], hex_digits[u & 15] };
    g_string_append_len (out, escape, sizeof escape);
  }
}

/* Letters that go out as they are. */
static inline bool
is_plain (guchar c)
{
  static const guint8 is_plain_letter[256] = {
    [' '] = 1,
    ['!'] = 1,
    ['#' ... '['] = 1,
    [']' ... '~'] = 1,
  };
  return is_plain_letter[c];
}

void
ls_append_quoted (GString *out, const char *value, gsize max_chars)
{
  const char *plain = value; /* start of what goes out as it is */

  ls_append_char (out, '"');
  while (*value && max_chars-- > 0) {
    guchar c = (guchar) *value;
    if (G_LIKELY (is_plain (c))) {
      value++;
      continue;
    }
    size_t length = c < 0x80 ? 0 : utf8_length (value);
    if (length > 0) {
      value += length;
      continue;
    }
    ls_append_bytes (out, plain, (gsize) (value - plain));
    if (c < 0x80)
      append_escaped (out, *value);
    else
      g_string_append (out, "\xef\xbf\xbd");
    plain = ++value;
  }
  ls_append_bytes (out, plain, (gsize) (value - plain));
  ls_append_char (out, '"');
}
