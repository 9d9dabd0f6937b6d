/* SPDX-License-Identifier: MIT */
/**
 * The grammar of RFC 8259, exactly.
 *
 * json-c, even when strict, takes keys in single quotes, NaN, Infinity, "1." and raw control
 * characters, and clamps wide integers. So each line is checked here first: json-c only builds.
 */
#include <string.h>

#include "parse.h"

typedef struct {
  const char *start, *at, *end;
  int depth;
  bool wide;
  const char *wrong; /* what is wrong at `at`; NULL: nothing so far */
} Check;

static bool check_value (Check *check);

static bool
fail (Check *check, const char *wrong)
{
  check->wrong = wrong;
  return false;
}

static int
peek (const Check *check)
{
  return check->at < check->end ? (guchar) *check->at : -1;
}

static void
skip_space (Check *check)
{
  for (; check->at < check->end; check->at++) {
    char c = *check->at;
    if (c != ' ' && c != '\t' && c != '\n' && c != '\r')
      break;
  }
}

static bool
take (Check *check, char c)
{
  if (peek (check) != c)
    return false;
  check->at++;
  return true;
}

static bool
check_hex4 (Check *check, bool *is_nul)
{
  *is_nul = true;
  for (int i = 0; i < 4; i++, check->at++) {
    if (check->at >= check->end || !g_ascii_isxdigit (*check->at))
      return fail (check, "\\u needs four hexadecimal digits");
    *is_nul = *is_nul && *check->at == '0';
  }
  return true;
}

static bool
check_escape (Check *check, bool is_key)
{
  int c = peek (check);
  bool is_nul;

  if (c == 'u') {
    check->at++;
    if (!check_hex4 (check, &is_nul))
      return false;
    return is_nul && is_key ? fail (check, "a NUL character in a key") : true;
  }
  if (c <= 0 || !strchr ("\"\\/bfnrt", c))
    return fail (check, c < 0 ? "the line ends inside a string" : "no such escape in a string");
  check->at++;
  return true;
}

static bool
check_string (Check *check, bool is_key)
{
  check->at++;
  while (check->at < check->end) {
    guchar c = (guchar) *check->at;
    if (c < 0x20)
      return fail (check, "a control character in a string");
    check->at++;
    if (c == '"')
      return true;
    if (c == '\\' && !check_escape (check, is_key))
      return false;
  }
  return fail (check, "the line ends inside a string");
}

static size_t
skip_digits (Check *check)
{
  const char *from = check->at;
  while (check->at < check->end && g_ascii_isdigit (*check->at))
    check->at++;
  return (size_t) (check->at - from);
}

/* Whether the digits fit into 64 bits: up to 2^64-1, and down to -2^63. */
static bool
fits (const char *digits, size_t n, bool negative)
{
  const char *limit = negative ? "9223372036854775808" : "18446744073709551615";
  size_t n_limit = strlen (limit);
  return n < n_limit || (n == n_limit && memcmp (digits, limit, n) <= 0);
}

static bool
check_number (Check *check)
{
  bool negative = take (check, '-');
  bool is_integer = true;
  const char *digits = check->at;
  size_t n = skip_digits (check);

  if (n == 0)
    return fail (check, "a digit should stand here");
  if (n > 1 && digits[0] == '0')
    return fail (check, "a number with a leading zero");
  if (take (check, '.')) {
    is_integer = false;
    if (skip_digits (check) == 0)
      return fail (check, "a digit should follow the decimal point");
  }
  if (take (check, 'e') || take (check, 'E')) {
    is_integer = false;
    if (!take (check, '+'))
      take (check, '-');
    if (skip_digits (check) == 0)
      return fail (check, "a digit should stand in the exponent");
  }
  check->wide = check->wide || (is_integer && !fits (digits, n, negative));
  return true;
}

static bool
check_word (Check *check, const char *word)
{
  size_t n = strlen (word);
  if ((size_t) (check->end - check->at) < n || memcmp (check->at, word, n) != 0)
    return fail (check, "no JSON value");
  check->at += n;
  return true;
}

static bool
check_member (Check *check, char close)
{
  skip_space (check);
  if (close == '}') {
    if (peek (check) != '"')
      return fail (check, "a key in double quotes should stand here");
    if (!check_string (check, true))
      return false;
    skip_space (check);
    if (!take (check, ':'))
      return fail (check, "':' should stand here");
  }
  if (!check_value (check))
    return false;
  skip_space (check);
  return true;
}

static bool
check_members (Check *check, char close)
{
  if (++check->depth > LS_MAX_DEPTH)
    return fail (check, "nested deeper than 32");
  check->at++;
  skip_space (check);
  if (!take (check, close)) {
    do {
      if (!check_member (check, close))
        return false;
    } while (take (check, ','));
    if (!take (check, close))
      return fail (check, peek (check) < 0 ? "the line ends too early"
                          : close == '}'   ? "',' or '}' should stand here"
                                           : "',' or ']' should stand here");
  }
  check->depth--;
  return true;
}

static bool
check_value (Check *check)
{
  skip_space (check);
  switch (peek (check)) {
  case '{':
    return check_members (check, '}');
  case '[':
    return check_members (check, ']');
  case '"':
    return check_string (check, false);
  case 't':
    return check_word (check, "true");
  case 'f':
    return check_word (check, "false");
  case 'n':
    return check_word (check, "null");
  case -1:
    return fail (check, "the line ends too early");
  default:
    if (peek (check) == '-' || g_ascii_isdigit (peek (check)))
      return check_number (check);
    return fail (check, "no JSON value");
  }
}

bool
ls_json_check (const char *bytes, size_t n, GString *reason, bool *wide)
{
  Check check = { .start = bytes, .at = bytes, .end = bytes + n };
  const char *nul = memchr (bytes, '\0', n);
  const char *bad_utf8;

  if (nul) {
    check.at = nul;
    fail (&check, "a NUL byte");
  } else if (!g_utf8_validate_len (bytes, n, &bad_utf8)) {
    check.at = bad_utf8;
    fail (&check, "not UTF-8");
  } else if (check_value (&check)) {
    skip_space (&check);
    if (check.at < check.end)
      fail (&check, "something follows the JSON value");
  }
  *wide = check.wide;
  if (check.wrong)
    g_string_printf (reason, "%s (column %" G_GSIZE_FORMAT ")", check.wrong,
                     (gsize) (check.at - check.start) + 1);
  return check.wrong == NULL;
}
