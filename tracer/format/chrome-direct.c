/* SPDX-License-Identifier: MIT */
/**
 * The direct path to a Chrome event: one pass over its bytes, which makes nothing but pointers.
 *
 * It takes strict JSON only and declines the rarities for which json-c has rules of its own: keys with
 * escapes or twice in an object, escapes by number in what is used, integers of more than 18 digits.
 */
#include "chrome-event.h"
#include "chrome-strings.h"

#ifdef __SSE2__
#  include <emmintrin.h>
#endif

#define MAX_DEPTH 32
#define MAX_ARGS 16
#define MAX_DIGITS 18

typedef struct {
  LsChromeEvent *event;
  const char *at, *end;
  guint n_newlines;
  int depth; /* of what is passed over */
} Direct;

static bool skip_value (Direct *direct);

/* The next byte; 0 at the end, which no JSON has. */
static inline char
peek (const Direct *direct)
{
  return direct->at < direct->end ? *direct->at : '\0';
}

static inline void
skip_space (Direct *direct)
{
  for (; direct->at < direct->end; direct->at++) {
    char c = *direct->at;
    if (c != ' ' && c != '\n' && c != '\r' && c != '\t')
      return;
    direct->n_newlines += c == '\n';
  }
}

static inline bool
take (Direct *direct, char c)
{
  if (peek (direct) != c)
    return false;
  direct->at++;
  return true;
}

/* -- Strings -- */

/* The rest of a string with escapes, whose first is at `special`, into the scratch. */
static bool
take_escaped (Direct *direct, const char *special, LsChromeField *field)
{
  static const char escapes[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
  LsChromeEvent *event = direct->event;
  char *text = event->scratch + event->n_scratch;
  gsize room = LS_CHROME_SCRATCH_BYTES - event->n_scratch, n = 0;
  for (;;) {
    gsize n_plain = (gsize) (special - direct->at);
    if (n_plain + 1 > room - n)
      return false;
    memcpy (text + n, direct->at, n_plain);
    n += n_plain;
    direct->at = special;
    if (take (direct, '"'))
      break;
    if (!take (direct, '\\') || peek (direct) == '\0')
      return false;
    const char *escape = strchr (escapes, *direct->at++);
    if (!escape)
      return false;
    text[n++] = meanings[escape - escapes];
    special = ls_chrome_find_special (direct->at, direct->end);
  }
  event->n_scratch += n;
  *field = (LsChromeField){ text, (uint32_t) n, LS_CHROME_TEXT, n > 0 };
  return true;
}

/* After the opening quote. */
static bool
take_string (Direct *direct, LsChromeField *field)
{
  const char *start = direct->at, *special = ls_chrome_find_special (start, direct->end);
  if (special < direct->end && *special == '\\')
    return take_escaped (direct, special, field);
  direct->at = special;
  *field = (LsChromeField){ start, (uint32_t) (special - start), LS_CHROME_TEXT, special > start };
  return take (direct, '"');
}

static bool
take_key (Direct *direct, LsChromeField *key)
{
  if (!take (direct, '"'))
    return false;
  const char *start = direct->at;
  direct->at = ls_chrome_find_special (start, direct->end);
  *key = (LsChromeField){ start, (uint32_t) (direct->at - start), LS_CHROME_TEXT, false };
  if (!take (direct, '"'))
    return false;
  skip_space (direct);
  if (!take (direct, ':'))
    return false;
  skip_space (direct);
  return true;
}

static bool
skip_string (Direct *direct)
{
  for (;;) {
    direct->at = ls_chrome_find_special (direct->at, direct->end);
    if (take (direct, '"'))
      return true;
    if (!take (direct, '\\'))
      return false;
    char c = peek (direct);
    if (c == 'u') {
      if (direct->end - direct->at < 5)
        return false;
      for (int i = 1; i <= 4; i++)
        if (!g_ascii_isxdigit (direct->at[i]))
          return false;
      direct->at += 4;
    } else if (c == '\0' || !strchr ("\"\\/bfnrt", c)) {
      return false;
    }
    direct->at++;
  }
}

/* -- Scalars -- */

static inline bool
skip_digits (Direct *direct)
{
  const char *start = direct->at;
  while (direct->at < direct->end && g_ascii_isdigit (*direct->at))
    direct->at++;
  return direct->at > start && direct->at - start <= MAX_DIGITS;
}

/* A number whose text json-c would not change. */
static bool
take_number (Direct *direct, LsChromeField *field)
{
  const char *start = direct->at;
  bool is_negative = take (direct, '-'), is_integer = true;
  const char *digits = direct->at;
  if (!skip_digits (direct) || (*digits == '0' && direct->at - digits > 1))
    return false;
  if (take (direct, '.')) {
    is_integer = false;
    if (!skip_digits (direct))
      return false;
  }
  char c = peek (direct);
  if (c == 'e' || c == 'E' || (is_negative && is_integer && *digits == '0'))
    return false;
  bool is_true = false;
  for (const char *at = digits; at < direct->at && !is_true; at++)
    is_true = *at != '0' && *at != '.';
  *field = (LsChromeField){ start, (uint32_t) (direct->at - start), LS_CHROME_TEXT, is_true };
  return true;
}

static bool
skip_word (Direct *direct, const char *word)
{
  gsize n = strlen (word);
  if ((gsize) (direct->end - direct->at) < n || memcmp (direct->at, word, n) != 0)
    return false;
  direct->at += n;
  return true;
}

static bool
take_word (Direct *direct, LsChromeField *field)
{
  char c = peek (direct);
  *field = (LsChromeField){ .kind = LS_CHROME_OTHER, .is_true = c == 't' };
  return skip_word (direct, c == 't' ? "true" : c == 'f' ? "false" : "null");
}

/* -- Values -- */

static bool
skip_members (Direct *direct, char close)
{
  LsChromeField key;
  if (++direct->depth > MAX_DEPTH)
    return false;
  direct->at++;
  skip_space (direct);
  if (!take (direct, close)) {
    do {
      skip_space (direct);
      if ((close == '}' && !take_key (direct, &key)) || !skip_value (direct))
        return false;
      skip_space (direct);
    } while (take (direct, ','));
    if (!take (direct, close))
      return false;
  }
  direct->depth--;
  return true;
}

static bool
take_value (Direct *direct, LsChromeField *field)
{
  switch (peek (direct)) {
  case '"':
    direct->at++;
    return take_string (direct, field);
  case '{':
  case '[':
    *field = (LsChromeField){ .kind = LS_CHROME_OTHER };
    return skip_members (direct, *direct->at == '{' ? '}' : ']');
  case 't':
  case 'f':
  case 'n':
    return take_word (direct, field);
  default:
    return take_number (direct, field);
  }
}

static bool
skip_value (Direct *direct)
{
  LsChromeField field;
  if (take (direct, '"'))
    return skip_string (direct);
  return take_value (direct, &field);
}

static bool
is_same (const LsChromeField *a, const LsChromeField *b)
{
  return a->n == b->n && memcmp (a->text, b->text, a->n) == 0;
}

/* The members of an object, no two of one key, into `members`. */
static bool
take_members (Direct *direct, GArray *members)
{
  LsChromeMember all[MAX_ARGS];
  guint n = 0;
  g_array_set_size (members, 0);
  direct->at++;
  skip_space (direct);
  if (take (direct, '}'))
    return true;
  do {
    skip_space (direct);
    if (n == MAX_ARGS || !take_key (direct, &all[n].key) || !take_value (direct, &all[n].value))
      return false;
    for (guint i = 0; i < n; i++)
      if (is_same (&all[i].key, &all[n].key))
        return false;
    n++;
    skip_space (direct);
  } while (take (direct, ','));
  g_array_append_vals (members, all, n);
  return take (direct, '}');
}

/* -- The event -- */

/* More keys than LsChromeKey, which fill no field. */
enum {
  KEY_ARGS = LS_CHROME_KEY_N,
  KEY_ID2,
  KEY_OTHER,
};

/* The only key it can be, by its length and first letter. */
static inline int
guess_key (const LsChromeField *key)
{
  char c = key->n > 0 ? key->text[0] : '\0';
  switch (key->n) {
  case 2:
    return c == 'p' ? LS_CHROME_KEY_PH : c == 't' ? LS_CHROME_KEY_TS : LS_CHROME_KEY_ID;
  case 3:
    return c == 'c'   ? LS_CHROME_KEY_CAT
           : c == 'p' ? LS_CHROME_KEY_PID
           : c == 't' ? LS_CHROME_KEY_TID
           : c == 'd' ? LS_CHROME_KEY_DUR
                      : KEY_ID2;
  case 4:
    return c == 'n' ? LS_CHROME_KEY_NAME : KEY_ARGS;
  case 7:
    return c == 'b' ? LS_CHROME_KEY_BIND_ID : LS_CHROME_KEY_FLOW_IN;
  case 8:
    return LS_CHROME_KEY_FLOW_OUT;
  default:
    return KEY_OTHER;
  }
}

static int
find_key (const LsChromeField *key)
{
  int guess = guess_key (key);
  if (guess == KEY_OTHER)
    return guess;
  const char *text = guess == KEY_ARGS ? "args" : guess == KEY_ID2 ? "id2" : ls_chrome_keys[guess];
  for (uint32_t i = 0; i < key->n; i++)
    if (key->text[i] != text[i])
      return KEY_OTHER;
  return guess;
}

/* "id2" may be anything but an object with these, and json-c may have it. */
static bool
take_id2 (Direct *direct)
{
  LsChromeEvent *event = direct->event;
  LsChromeField key, value;
  if (event->local_id.kind || event->global_id.kind || !take (direct, '{'))
    return false;
  skip_space (direct);
  if (!take_key (direct, &key) || !take_value (direct, &value))
    return false;
  if (ls_chrome_field_is (&key, "local"))
    event->local_id = value;
  else if (ls_chrome_field_is (&key, "global"))
    event->global_id = value;
  else
    return false;
  skip_space (direct);
  return take (direct, '}');
}

static bool
take_args (Direct *direct)
{
  if (direct->event->has_args || peek (direct) != '{')
    return false;
  direct->event->has_args = true;
  return take_members (direct, direct->event->args);
}

static bool
take_member (Direct *direct)
{
  LsChromeField key;
  if (!take_key (direct, &key))
    return false;
  int known = find_key (&key);
  switch (known) {
  case KEY_ARGS:
    return take_args (direct);
  case KEY_ID2:
    return take_id2 (direct);
  case KEY_OTHER:
    return skip_value (direct);
  default:
    return direct->event->fields[known].kind == LS_CHROME_ABSENT &&
           take_value (direct, &direct->event->fields[known]);
  }
}

const char *
ls_chrome_event_take_direct (LsChromeEvent *event,
                             const char *at,
                             const char *end,
                             guint *n_newlines)
{
  Direct direct = { .event = event, .at = at + 1, .end = end };
  memset (event->fields, 0, sizeof event->fields);
  event->local_id = event->global_id = (LsChromeField){ 0 };
  event->has_args = event->is_empty = false;
  event->n_scratch = 0;
  do {
    skip_space (&direct);
    if (!take_member (&direct))
      return NULL;
    skip_space (&direct);
  } while (take (&direct, ','));
  *n_newlines = direct.n_newlines;
  return take (&direct, '}') ? direct.at : NULL;
}
