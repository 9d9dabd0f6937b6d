/* SPDX-License-Identifier: MIT */
/**
 * The direct path: events exactly as writer.c writes them, without json-c.
 *
 * It may decline any line, and does so at the first byte that it does not expect, so it needs no
 * word for what is wrong: json-c then finds out. Everything it accepts must mean the same there.
 *
 * A line end is expected nowhere but at the end, so it stops every step, and none asks whether there
 * is more: LS_PADDING bytes after the line end may be read, and eight are looked at at once, as a
 * word. Each take_...() returns where it stopped, NULL when it declines.
 */
#include <string.h>

#include "direct-number.h"
#include "names.h"
#include "parser-private.h"

#define MAX_NAME 15 /* characters of a kind's name */

/* In the writer's order: a key must come after the one before it; src comes last. */
typedef enum {
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
} Key;

/* names */

static inline unsigned
hash (uint64_t word)
{
  return (unsigned) (word * UINT64_C (0xe4b06ce60741c7a9) >> 56); /* no two kinds meet */
}

static LsName
make_name (const char *text, int value)
{
  LsName name = { .text = text, .n = (uint8_t) strlen (text), .value = (uint8_t) value };
  char bytes[8] = { 0 };

  memcpy (bytes, text, MIN (name.n, sizeof bytes));
  name.word = load (bytes);
  return name;
}

void
ls_parser_init_names (LsParser *parser)
{
  parser->times = (LsTimes){ .digits = 1, .n = 8 }; /* only 10000000 is like it, rightly */
  for (int kind = LS_EV_N - 1; kind > LS_EV_NONE; kind--) {
    LsName name = make_name (ls_event_rows[kind].name, kind);
    LsLineEvent event = { .ev = (LsEventKind) kind };

    parser->kinds[hash (name.word)] = name;
    if (ls_event_find_missing (&event)) {
      event.obj = 1;
      parser->needs_obj[kind] = ls_event_find_missing (&event) ? G_MAXUINT32 : 1;
    }
  }
  for (int order = 1; order < LS_ORDER_N; order++)
    parser->orders[order] = make_name (ls_order_name ((LsOrder) order), order);
}

/* The first eight bytes; those from a quote on are 0. `n`: bytes before it, 8 when there is none. */
static inline uint64_t
load_name (const char *at, unsigned *n)
{
  uint64_t word = load (at);
  uint64_t quotes = mark_equal (word, '"');
  *n = quotes ? count_before (quotes) : sizeof word;
  return quotes ? word & (((quotes & -quotes) >> 7) - 1) : word;
}

static inline bool
is_name (const LsName *name, uint64_t word, const char *at)
{
  return word == name->word && at[name->n] == '"' &&
         (name->n <= sizeof word || memcmp (at, name->text, name->n) == 0);
}

/* How long the name up to a quote is, 0 when that is not near. */
static size_t
measure_name (const char *at)
{
  size_t n = 0;
  while (n <= MAX_NAME && at[n] != '"' && at[n] != '\n')
    n++;
  return at[n] == '"' ? n : 0;
}

/* Where a short name ends is told by its quote, so that what follows need not wait for the table. */
static inline const char *
take_kind (const LsParser *parser, const char *at, LsEventKind *kind)
{
  unsigned n;
  uint64_t word = load_name (at, &n);
  const LsName *name = &parser->kinds[hash (word)];

  if (G_LIKELY (name->word == word && name->n == n && n > 0 && at[n] == '"')) {
    *kind = (LsEventKind) name->value;
    return at + n + 1;
  }
  size_t length = measure_name (at);
  *kind = ls_event_kind_find (at, length);
  return *kind != LS_EV_NONE ? at + length + 1 : NULL;
}

static inline const char *
take_order (const LsParser *parser, const char *at, LsOrder *order)
{
  unsigned n;
  uint64_t word = load_name (at, &n);

  for (int i = 1; i < LS_ORDER_N; i++) {
    if (is_name (&parser->orders[i], word, at)) {
      *order = (LsOrder) i;
      return at + parser->orders[i].n + 1;
    }
  }
  return NULL;
}

static const char *
take_mode (const char *at, LsMode *mode)
{
  size_t n = measure_name (at);
  return (*mode = ls_mode_find (at, n)) ? at + n + 1 : NULL;
}

static const char *
take_how (const char *at, LsHow *how)
{
  size_t n = measure_name (at);
  return (*how = ls_how_find (at, n)) ? at + n + 1 : NULL;
}

/* times */

const char *
ls_times_take (LsTimes *times, const char *at, uint64_t *number)
{
  const char *end = take_uint (at, number);
  size_t n = end ? (size_t) (end - at) : 0;

  if (n >= 9 && n <= 16) {
    *times = (LsTimes){ .n = (unsigned) n, .shift = (unsigned) (128 - 8 * n) };
    times->digits = (load (at) ^ EACH ('0')) << times->shift;
    times->high = *number / 100000000 * 100000000;
  }
  return end;
}

/* text */

/* Text without escapes, from after its opening quote to past its closing one, copied to `*kept`,
 * where it can end in NUL. Beyond TEXT_BYTES json-c takes over. */
static const char *
take_text (LsParser *parser, const char *at, char **kept, const char **text)
{
  const char *from = at;
  const char *limit = parser->text + LS_TEXT_BYTES - sizeof (uint64_t);
  char *to = *kept;
  uint64_t high_bits = HIGH_BITS;
  uint64_t stops;

  *text = to;
  for (;;) {
    uint64_t word = load (at);
    if (to >= limit)
      return NULL;
    memcpy (to, at, sizeof word);
    stops = mark_equal (word, '"') | mark_equal (word, '\\') | mark_below (word, 0x20) |
            (word & high_bits);
    if (stops && high_bits && at[count_before (stops)] & 0x80) {
      high_bits = 0;
      continue;
    }
    unsigned n = stops ? count_before (stops) : sizeof word;
    at += n;
    to += n;
    if (stops)
      break;
  }
  if (*at != '"' || (!high_bits && !g_utf8_validate_len (from, (gsize) (at - from), NULL)))
    return NULL;
  *to = '\0';
  *kept = to + 1;
  return at + 1;
}

static const char *
take_text_value (LsParser *parser, const char *at, char **kept, LsValue *value)
{
  const char *text;

  at = take_text (parser, at, kept, &text);
  if (at && !ls_value_from_text (value, text, (size_t) (*kept - text) - 1)) {
    value->type = LS_VALUE_TEXT;
    value->text = text;
  }
  return at;
}

static inline const char *
take_value (LsParser *parser, const char *at, char **kept, LsValue *value)
{
  return *at != '"' ? take_number (at, value) : take_text_value (parser, at + 1, kept, value);
}

/* events */

#define IS(at, literal) (memcmp (at, "" literal, sizeof (literal) - 1) == 0)

/* The field whose key, with its comma, is at the cursor; but obj and src, which most events have. */
static const char *
take_field (LsParser *parser, const char *at, char **kept, LsLineEvent *event, Key *key)
{
  uint64_t n = 0;

#define KEY(KEY, literal) (IS (at, literal) && ((at += sizeof (literal) - 1), (*key = KEY), true))
  switch (at[2]) {
  case 'v':
    return KEY (KEY_VAL, ",\"val\":") ? take_value (parser, at, kept, &event->val) : NULL;
  case 'o':
    if (KEY (KEY_OLD, ",\"old\":"))
      return take_value (parser, at, kept, &event->old);
    if (KEY (KEY_ORDER, ",\"order\":\""))
      return take_order (parser, at, &event->order);
    event->has_part = true;
    return KEY (KEY_OFF, ",\"off\":") ? take_limited (at, G_MAXUINT32, &event->off) : NULL;
  case 's':
    event->has_part = true;
    return KEY (KEY_SIZE, ",\"size\":") ? take_limited (at, G_MAXUINT32, &event->size) : NULL;
  case 'n':
    if (KEY (KEY_NAME, ",\"name\":\""))
      return take_text (parser, at, kept, &event->name);
    at = KEY (KEY_N, ",\"n\":") ? take_uint (at, &n) : NULL;
    event->has_n = true;
    event->n = (int64_t) n;
    return at;
  case 't':
    return KEY (KEY_THREAD, ",\"thread\":") ? take_thread (at, &event->thread) : NULL;
  case 'w':
    return KEY (KEY_WITH, ",\"with\":") ? take_id (at, &event->with) : NULL;
  case 'm':
    return KEY (KEY_MODE, ",\"mode\":\"") ? take_mode (at, &event->mode) : NULL;
  case 'h':
    return KEY (KEY_HOW, ",\"how\":\"") ? take_how (at, &event->how) : NULL;
  case 'e':
    return KEY (KEY_ERR, ",\"err\":\"") ? take_text (parser, at, kept, &event->err) : NULL;
  default:
    return NULL;
  }
#undef KEY
}

/* Fields between obj and src. */
static const char *
take_fields (LsParser *parser, const char *at, LsLineEvent *event)
{
  char *kept = parser->text;
  Key last = KEY_OBJ;

  do {
    Key key;
    at = take_field (parser, at, &kept, event, &key);
    if (!at || key <= last)
      return NULL;
    last = key;
  } while (*at == ',' && !IS (at, ",\"src\":"));
  return at;
}

/* Field by field, as the compiler would clear the whole by an instruction that takes long to begin. */
static inline void
clear_event (LsLineEvent *event)
{
  event->mode = LS_MODE_NONE;
  event->how = LS_HOW_NONE;
  event->order = LS_ORDER_NONE;
  event->obj = event->thread = event->with = event->src = 0;
  event->off = event->size = 0;
  event->has_part = event->has_n = false;
  event->n = 0;
  event->val.type = event->old.type = LS_VALUE_NONE;
  event->val.u = event->old.u = 0;
  event->name = event->err = NULL;
}

const char *
ls_parser_take_event (LsParser *parser, const char *at, LsLineEvent *event)
{
  uint64_t ts;

  clear_event (event);
  if (!(at = TAKE (at, "{\"ts\":")) || !(at = take_time (&parser->times, at, &ts)) ||
      !(at = TAKE (at, ",\"tid\":")) || !(at = take_thread (at, &event->tid)) ||
      !(at = TAKE (at, ",\"ev\":\"")) || !(at = take_kind (parser, at, &event->ev)))
    return NULL;
  event->ts_ns = (int64_t) ts;

  if (IS (at, ",\"obj\":") && !(at = take_id (at + 7, &event->obj)))
    return NULL;
  if (!IS (at, ",\"src\":") && *at == ',' && !(at = take_fields (parser, at, event)))
    return NULL;
  if (IS (at, ",\"src\":") && !(at = take_id (at + 7, &event->src)))
    return NULL;
  bool needs_more = parser->needs_obj[event->ev] > event->obj;
  if (at[0] != '}' || at[1] != '\n' || (needs_more && ls_event_find_missing (event)))
    return NULL;
  return at + 1;
}

bool
ls_parser_read_direct (LsParser *parser, const char *bytes, size_t n, LsLineEvent *event)
{
  if (n > LS_MAX_LINE_BYTES || memchr (bytes, '\n', n))
    return false;
  g_string_set_size (parser->line, n + 1 + LS_PADDING);
  memcpy (parser->line->str, bytes, n);
  memset (parser->line->str + n, '\n', 1 + LS_PADDING);
  const char *end = ls_parser_take_event (parser, parser->line->str, event);
  return end == parser->line->str + n;
}

LsParsed
ls_parser_read (LsParser *parser, const char *bytes, size_t n, LsLine *line)
{
  if (n >= 2 && memcmp (bytes, "{\"", 2) == 0 &&
      ls_parser_read_direct (parser, bytes, n, &line->event)) {
    line->kind = LS_LINE_EVENT;
    return LS_PARSED;
  }
  return ls_parser_read_json (parser, bytes, n, line);
}
