/* SPDX-License-Identifier: MIT */
/**
 * The direct path: events exactly as writer.c writes them, without json-c.
 *
 * It may decline any line, and does so at the first byte that it does not expect, so it needs no
 * word for what is wrong: json-c then finds out. Everything it accepts must mean the same there.
 */
#include <string.h>

#include "names.h"
#include "parser-private.h"

#define MAX_NAME 15   /* characters of a kind's name */
#define MAX_DIGITS 18 /* of an integer that surely fits an int64_t */
#define MAX_EXACT 15  /* digits that a double holds exactly */

typedef struct {
  const char *at, *end;
  LsParser *parser;
} Cursor;

/* In the writer's order: a key must come after the one before it. */
typedef enum {
  KEY_EV,
  KEY_OBJ,
  KEY_THREAD,
  KEY_WITH,
  KEY_MODE,
  KEY_HOW,
  KEY_VAL,
  KEY_OLD,
  KEY_OFF,
  KEY_SIZE,
  KEY_ORDER,
  KEY_NAME,
  KEY_N,
  KEY_ERR,
  KEY_SRC,
  KEY_NONE,
} Key;

#define TAKE(cursor, literal) take (cursor, "" literal, sizeof (literal) - 1)

static inline bool
take (Cursor *cursor, const char *literal, size_t n)
{
  if ((size_t) (cursor->end - cursor->at) < n || memcmp (cursor->at, literal, n) != 0)
    return false;
  cursor->at += n;
  return true;
}

static inline bool
is_digit (char c)
{
  return (unsigned char) (c - '0') < 10;
}

/* Digits without a leading zero, at most MAX_DIGITS of them. */
static inline bool
take_uint (Cursor *cursor, uint64_t *number)
{
  const char *from = cursor->at;
  const char *at = from;
  uint64_t n = 0;

  while (at < cursor->end && is_digit (*at))
    n = n * 10 + (uint64_t) (*at++ - '0');
  cursor->at = at;
  *number = n;
  return at > from && at - from <= MAX_DIGITS && (*from != '0' || at - from == 1);
}

static inline bool
take_limited (Cursor *cursor, uint64_t min, uint64_t max, uint32_t *number)
{
  uint64_t n;

  if (!take_uint (cursor, &n) || n < min || n > max)
    return false;
  *number = (uint32_t) n;
  return true;
}

static inline bool
take_id (Cursor *cursor, uint32_t *id)
{
  return take_limited (cursor, 1, G_MAXUINT32, id);
}

static inline bool
take_thread (Cursor *cursor, uint32_t *id)
{
  return take_limited (cursor, 1, LS_MAX_THREAD, id);
}

static unsigned
hash_step (unsigned hash, char c)
{
  return hash * 31 + (unsigned char) c;
}

void
ls_parser_init_kinds (LsParser *parser)
{
  for (int kind = LS_EV_N - 1; kind > LS_EV_NONE; kind--) {
    unsigned hash = 0;
    for (const char *c = ls_event_rows[kind].name; *c; c++)
      hash = hash_step (hash, *c);
    parser->kinds[hash % LS_KIND_SLOTS] = (unsigned char) kind;
  }
}

/* The name up to a quote, which stays. */
static bool
take_kind (Cursor *cursor, LsEventKind *kind)
{
  const char *name = cursor->at;
  const char *at = name;
  unsigned hash = 0;

  while (at < cursor->end && *at != '"' && at - name < MAX_NAME)
    hash = hash_step (hash, *at++);
  cursor->at = at;

  size_t n = (size_t) (at - name);
  LsEventKind guess = (LsEventKind) cursor->parser->kinds[hash % LS_KIND_SLOTS];
  const char *guessed = ls_event_rows[guess].name;
  if (n > 0 && strlen (guessed) == n && memcmp (name, guessed, n) == 0)
    *kind = guess;
  else
    *kind = ls_event_kind_find (name, n);
  return *kind != LS_EV_NONE;
}

/* Text without escapes, from after its opening quote to past its closing one. */
static bool
take_raw (Cursor *cursor, const char **text, size_t *n)
{
  const char *at = cursor->at;
  bool is_ascii = true;

  *text = at;
  while (at < cursor->end && *at != '"') {
    guchar c = (guchar) *at++;
    if (c < 0x20 || c == '\\')
      return false;
    is_ascii = is_ascii && c < 0x80;
  }
  *n = (size_t) (at - *text);
  cursor->at = at + 1;
  return at < cursor->end && (is_ascii || g_utf8_validate_len (*text, *n, NULL));
}

/* Copies text to where it can end in NUL. */
static const char *
keep (Cursor *cursor, const char *text, size_t n)
{
  GString *kept = cursor->parser->text;
  gsize start = kept->len;

  g_string_append_len (kept, text, (gssize) n);
  g_string_append_c (kept, '\0');
  return kept->str + start;
}

static bool
take_string (Cursor *cursor, const char **string)
{
  const char *text;
  size_t n;

  if (!take_raw (cursor, &text, &n))
    return false;
  *string = keep (cursor, text, n);
  return true;
}

/* What follows an integer part that is a float's. Exact when the digits and the power of ten are
 * both exact doubles (Clinger 1990): the one division then rounds as strtod() does. */
static bool
take_fraction (Cursor *cursor, uint64_t integer, bool negative, double *number)
{
  static const double powers[] = { 1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                   1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15 };
  const char *from = cursor->at;
  const char *at = from;
  uint64_t digits = integer;

  while (at < cursor->end && is_digit (*at) && at - from < MAX_EXACT) {
    if (digits >= 100000000000000)
      return false;
    digits = digits * 10 + (uint64_t) (*at++ - '0');
  }
  cursor->at = at;
  if (at == from || digits >= 1000000000000000 ||
      (at < cursor->end && (is_digit (*at) || *at == 'e' || *at == 'E')))
    return false;
  *number = (double) digits / powers[at - from];
  if (negative)
    *number = -*number;
  return true;
}

static bool
take_number (Cursor *cursor, LsValue *value)
{
  bool negative = TAKE (cursor, "-");
  uint64_t integer;

  if (!take_uint (cursor, &integer))
    return false;
  if (TAKE (cursor, ".")) {
    value->type = LS_VALUE_FLOAT;
    return take_fraction (cursor, integer, negative, &value->f);
  }
  value->type = LS_VALUE_INT;
  value->i = negative ? -(int64_t) integer : (int64_t) integer;
  return true;
}

static bool
take_value (Cursor *cursor, LsValue *value)
{
  const char *text;
  size_t n;

  if (!TAKE (cursor, "\""))
    return take_number (cursor, value);
  if (!take_raw (cursor, &text, &n))
    return false;
  if (!ls_value_from_text (value, text, n)) {
    value->type = LS_VALUE_TEXT;
    value->text = keep (cursor, text, n);
  }
  return true;
}

static bool
take_rest (Cursor *cursor, Key key, LsLineEvent *event)
{
  const char *text;
  uint64_t n;
  size_t length;

  switch (key) {
  case KEY_OBJ:
    return take_id (cursor, &event->obj);
  case KEY_THREAD:
    return take_thread (cursor, &event->thread);
  case KEY_WITH:
    return take_id (cursor, &event->with);
  case KEY_MODE:
    return take_raw (cursor, &text, &length) && (event->mode = ls_mode_find (text, length));
  case KEY_HOW:
    return take_raw (cursor, &text, &length) && (event->how = ls_how_find (text, length));
  case KEY_VAL:
    return take_value (cursor, &event->val);
  case KEY_OLD:
    return take_value (cursor, &event->old);
  case KEY_OFF:
    event->has_part = true;
    return take_limited (cursor, 0, G_MAXUINT32, &event->off);
  case KEY_SIZE:
    event->has_part = true;
    return take_limited (cursor, 0, G_MAXUINT32, &event->size);
  case KEY_ORDER:
    return take_raw (cursor, &text, &length) && (event->order = ls_order_find (text, length));
  case KEY_NAME:
    return take_string (cursor, &event->name);
  case KEY_N:
    event->has_n = take_uint (cursor, &n);
    event->n = (int64_t) n;
    return event->has_n;
  case KEY_ERR:
    return take_string (cursor, &event->err);
  case KEY_SRC:
    return take_id (cursor, &event->src);
  default:
    return false;
  }
}

/* The key at the cursor with its quotes and colon, and the opening quote of its value where that
 * is a string; told by its first letters. */
static Key
take_key (Cursor *cursor)
{
  if (cursor->end - cursor->at < 6)
    return KEY_NONE;
  char second = cursor->at[3];

  switch (cursor->at[2]) {
  case 'o':
    if (second == 'b')
      return TAKE (cursor, ",\"obj\":") ? KEY_OBJ : KEY_NONE;
    if (second == 'l')
      return TAKE (cursor, ",\"old\":") ? KEY_OLD : KEY_NONE;
    if (second == 'f')
      return TAKE (cursor, ",\"off\":") ? KEY_OFF : KEY_NONE;
    return TAKE (cursor, ",\"order\":\"") ? KEY_ORDER : KEY_NONE;
  case 's':
    if (second == 'r')
      return TAKE (cursor, ",\"src\":") ? KEY_SRC : KEY_NONE;
    return TAKE (cursor, ",\"size\":") ? KEY_SIZE : KEY_NONE;
  case 'v':
    return TAKE (cursor, ",\"val\":") ? KEY_VAL : KEY_NONE;
  case 't':
    return TAKE (cursor, ",\"thread\":") ? KEY_THREAD : KEY_NONE;
  case 'w':
    return TAKE (cursor, ",\"with\":") ? KEY_WITH : KEY_NONE;
  case 'm':
    return TAKE (cursor, ",\"mode\":\"") ? KEY_MODE : KEY_NONE;
  case 'h':
    return TAKE (cursor, ",\"how\":\"") ? KEY_HOW : KEY_NONE;
  case 'n':
    if (second == '"')
      return TAKE (cursor, ",\"n\":") ? KEY_N : KEY_NONE;
    return TAKE (cursor, ",\"name\":\"") ? KEY_NAME : KEY_NONE;
  case 'e':
    return TAKE (cursor, ",\"err\":\"") ? KEY_ERR : KEY_NONE;
  default:
    return KEY_NONE;
  }
}

bool
ls_parser_read_direct (LsParser *parser, const char *bytes, size_t n, LsLineEvent *event)
{
  Cursor cursor = { .at = bytes, .end = bytes + n, .parser = parser };
  Key last = KEY_EV;
  uint64_t ts;

  *event = (LsLineEvent){ 0 };
  if (!TAKE (&cursor, "{\"ts\":") || !take_uint (&cursor, &ts) || !TAKE (&cursor, ",\"tid\":") ||
      !take_thread (&cursor, &event->tid) || !TAKE (&cursor, ",\"ev\":\"") ||
      !take_kind (&cursor, &event->ev) || !TAKE (&cursor, "\""))
    return false;
  event->ts_ns = (int64_t) ts;

  /* The strings of a line are shorter than the line: with room for that they never move. */
  if (parser->text->allocated_len <= n)
    g_string_set_size (parser->text, n);
  g_string_truncate (parser->text, 0);

  while (cursor.at < cursor.end && *cursor.at == ',') {
    Key key = take_key (&cursor);
    if (key <= last || !take_rest (&cursor, key, event))
      return false;
    last = key;
  }
  return TAKE (&cursor, "}") && cursor.at == cursor.end && !ls_event_find_missing (event);
}

LsParsed
ls_parser_read (LsParser *parser, const char *bytes, size_t n, LsLine *line)
{
  if (ls_parser_read_direct (parser, bytes, n, &line->event)) {
    line->kind = LS_LINE_EVENT;
    return LS_PARSED;
  }
  return ls_parser_read_json (parser, bytes, n, line);
}
