/* SPDX-License-Identifier: MIT */
/**
 * One Chrome event as what its keys say.
 *
 * There are two ways to it. json-c is the reference; the direct path knows events as tools write them
 * and declines everything else, good or bad. What it takes json-c takes too, to the same effect: a
 * fuzz test compares them.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Of the array of events; a longer one is passed over. */
#define LS_CHROME_MAX_EVENT (1024 * 1024)

struct json_object;
struct json_tokener;

typedef enum {
  LS_CHROME_ABSENT,
  LS_CHROME_TEXT,  /* a string, or a number as its text */
  LS_CHROME_OTHER, /* anything else */
} LsChromeFieldKind;

/* What stands under a key. The text is not NUL-terminated and has no NUL in it. */
typedef struct {
  const char *text; /* of TEXT */
  uint32_t n;
  uint8_t kind; /* LsChromeFieldKind */
  bool is_true; /* as JavaScript would say, but that arrays and objects are not */
} LsChromeField;

typedef enum {
  LS_CHROME_KEY_PH,
  LS_CHROME_KEY_CAT,
  LS_CHROME_KEY_NAME,
  LS_CHROME_KEY_PID,
  LS_CHROME_KEY_TID,
  LS_CHROME_KEY_TS,
  LS_CHROME_KEY_DUR,
  LS_CHROME_KEY_ID,
  LS_CHROME_KEY_BIND_ID,
  LS_CHROME_KEY_FLOW_IN,
  LS_CHROME_KEY_FLOW_OUT,
  LS_CHROME_KEY_N,
} LsChromeKey;

extern const char *const ls_chrome_keys[LS_CHROME_KEY_N];

/* Texts that do not stand in the bytes as they are: of those with more the direct path keeps off. */
#define LS_CHROME_SCRATCH_BYTES 4096

/* An argument. */
typedef struct {
  LsChromeField key, value;
} LsChromeMember;

/* Its texts are borrowed until the next is read: from the bytes, from json-c or from `scratch`. */
typedef struct {
  LsChromeField fields[LS_CHROME_KEY_N];
  LsChromeField local_id, global_id; /* in "id2" */
  bool has_args;                     /* "args" is an object */
  bool is_empty;                     /* {} */
  GArray *args;                      /* LsChromeMember, in their order */
  char *scratch;                     /* LS_CHROME_SCRATCH_BYTES */
  gsize n_scratch;
  struct json_tokener *tokener;
  struct json_object *object; /* what json-c read, or NULL */
} LsChromeEvent;

void ls_chrome_event_init (LsChromeEvent *event);
void ls_chrome_event_clear (LsChromeEvent *event);

/* Microseconds with a fraction, exactly. Returns: false when it is no number or does not fit. */
bool ls_chrome_parse_ns (const LsChromeField *field, int64_t *ns);

/* The argument of that name; an absent field when there is none. */
LsChromeField ls_chrome_event_get_argument (const LsChromeEvent *event, const char *key);

static inline bool
ls_chrome_field_is (const LsChromeField *field, const char *text)
{
  gsize n = strlen (text);
  return field->kind == LS_CHROME_TEXT && field->n == n && memcmp (field->text, text, n) == 0;
}

/**
 * The direct path.
 *
 * @at: a '{'. @end: of the bytes, or of what an event may be long.
 * @n_newlines: set to how many were passed.
 * Returns: (nullable) behind its '}'; NULL when it is declined.
 */
const char *ls_chrome_event_take_direct (LsChromeEvent *event,
                                         const char *at,
                                         const char *end,
                                         guint *n_newlines);

/* The other one. Returns: false with `*reason` set when the bytes are no JSON object. */
bool
ls_chrome_event_read_json (LsChromeEvent *event, const char *bytes, gsize n, const char **reason);
