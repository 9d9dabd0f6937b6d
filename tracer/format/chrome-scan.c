/* SPDX-License-Identifier: MIT */
/* Cuts a Chrome trace into its events. */
#include "chrome-scan.h"

#include <string.h>

#include "chrome-event.h"

#define MAX_KEY 64

enum {
  AT_START,  /* before the document */
  IN_OBJECT, /* before a key, or the end */
  IN_KEY,
  AT_COLON,
  AT_VALUE,  /* of a key */
  IN_EVENTS, /* before an element */
  IN_VALUE,  /* in a key's value or an element */
  IN_SCALAR, /* a number or word of it */
  AT_END,
};

void
ls_chrome_scan_init (LsChromeScan *scan,
                     LsChromeDirectFunc direct,
                     LsChromeEventFunc func,
                     gpointer user_data)
{
  *scan = (LsChromeScan){
    .direct = direct,
    .func = func,
    .user_data = user_data,
    .key = g_string_new (NULL),
    .text = g_string_new (NULL),
    .line = 1,
  };
}

void
ls_chrome_scan_clear (LsChromeScan *scan)
{
  g_string_free (scan->key, TRUE);
  g_string_free (scan->text, TRUE);
}

/* Bytes of the value. */
static void
keep (LsChromeScan *scan, const char *bytes, gsize n)
{
  if (!scan->is_kept || scan->is_too_long)
    return;
  scan->is_too_long = scan->text->len + n > LS_CHROME_MAX_EVENT;
  if (!scan->is_too_long)
    g_string_append_len (scan->text, bytes, (gssize) n);
}

static void
begin_value (LsChromeScan *scan, char c, bool is_event)
{
  g_string_truncate (scan->text, 0);
  scan->is_kept = is_event;
  scan->is_too_long = scan->is_escaped = false;
  scan->value_line = scan->line;
  scan->in_string = c == '"';
  scan->depth = c == '{' || c == '[';
  scan->state = scan->in_string || scan->depth > 0 ? IN_VALUE : IN_SCALAR;
  keep (scan, &c, 1);
}

static void
end_value (LsChromeScan *scan)
{
  scan->state = scan->is_kept ? IN_EVENTS : IN_OBJECT;
  if (!scan->is_kept)
    return;
  scan->number++;
  scan->func (scan->is_too_long ? NULL : scan->text->str, scan->text->len, scan->value_line,
              scan->number, scan->user_data);
}

/* Inside a value that has brackets or quotes. Returns: how many bytes are of it. */
static gsize
take_value (LsChromeScan *scan, const char *bytes, gsize n)
{
  gsize i = 0;
  bool is_over = false;
  while (i < n && !is_over) {
    char c = bytes[i++];
    if (c == '\n')
      scan->line++;
    if (scan->is_escaped) {
      scan->is_escaped = false;
    } else if (scan->in_string) {
      scan->is_escaped = c == '\\';
      scan->in_string = c != '"';
      is_over = c == '"' && scan->depth == 0;
    } else if (c == '"') {
      scan->in_string = true;
    } else if (c == '{' || c == '[') {
      scan->depth++;
    } else if (c == '}' || c == ']') {
      is_over = --scan->depth == 0;
    }
  }
  keep (scan, bytes, i);
  if (is_over)
    end_value (scan);
  return i;
}

static void
take_key (LsChromeScan *scan, char c)
{
  if (!scan->is_escaped && c == '"') {
    scan->state = AT_COLON;
    return;
  }
  scan->is_escaped = !scan->is_escaped && c == '\\';
  if (scan->key->len < MAX_KEY)
    g_string_append_c (scan->key, c);
}

static void
enter_events (LsChromeScan *scan)
{
  scan->has_events = true;
  scan->state = IN_EVENTS;
}

/* Between values. White space and commas count for nothing. */
static void
take_between (LsChromeScan *scan, char c)
{
  switch (scan->state) {
  case AT_START:
    scan->is_array = c == '[';
    scan->is_wrong = c != '[' && c != '{';
    scan->state = IN_OBJECT;
    if (scan->is_array)
      enter_events (scan);
    break;
  case IN_OBJECT:
    if (c == '"') {
      g_string_truncate (scan->key, 0);
      scan->is_escaped = false;
      scan->state = IN_KEY;
    } else {
      scan->is_ended = c == '}';
      scan->is_wrong = c != '}';
      scan->state = AT_END;
    }
    break;
  case AT_COLON:
    scan->is_wrong = c != ':';
    scan->state = AT_VALUE;
    break;
  case AT_VALUE:
    if (c == '[' && strcmp (scan->key->str, "traceEvents") == 0)
      enter_events (scan);
    else
      begin_value (scan, c, false);
    break;
  case IN_EVENTS:
    if (c != ']') {
      begin_value (scan, c, true);
    } else {
      scan->is_ended = scan->is_array;
      scan->state = scan->is_array ? AT_END : IN_OBJECT;
    }
    break;
  default: /* something after the document */
    scan->is_wrong = true;
    break;
  }
}

/* Returns: how many bytes the event at `bytes` has; 0: it must be put together. */
static gsize
take_event (LsChromeScan *scan, const char *bytes, gsize n)
{
  if (scan->state != IN_EVENTS || bytes[0] != '{')
    return 0;
  const char *end = scan->direct (bytes, bytes + MIN (n, LS_CHROME_MAX_EVENT), scan);
  return end ? (gsize) (end - bytes) : 0;
}

/* Whether the byte is one of a byte order mark before the document. */
static bool
is_mark (const LsChromeScan *scan, char c)
{
  return scan->state == AT_START && c && strchr ("\xef\xbb\xbf", c);
}

static bool
ends_scalar (char c)
{
  return c == ',' || c == ']' || c == '}' || g_ascii_isspace (c);
}

void
ls_chrome_scan_feed (LsChromeScan *scan, const char *bytes, gsize n)
{
  gsize i = 0;
  while (i < n && !scan->is_wrong) {
    char c = bytes[i];
    if (scan->state == IN_VALUE) {
      i += take_value (scan, bytes + i, n - i);
      continue;
    }
    if (scan->state == IN_SCALAR) {
      if (!ends_scalar (c)) {
        keep (scan, &c, 1);
        i++;
      } else {
        end_value (scan); /* what ended it comes again */
      }
      continue;
    }
    gsize n_event = take_event (scan, bytes + i, n - i);
    if (n_event > 0) {
      i += n_event;
      continue;
    }
    i++;
    scan->line += c == '\n';
    if (scan->state == IN_KEY)
      take_key (scan, c);
    else if (!g_ascii_isspace (c) && c != ',' && !is_mark (scan, c))
      take_between (scan, c);
  }
}
