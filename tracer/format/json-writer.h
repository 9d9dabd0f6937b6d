/* SPDX-License-Identifier: MIT */
/**
 * Appends JSON to a GString. The one JSON writer of the project: traces, findings, statistics and
 * exports all go through it. It puts the commas; the caller nests objects and arrays rightly.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

G_BEGIN_DECLS

typedef struct {
  GString *out; /* borrowed */
  bool comma;   /* a comma is due before the next key or element */
  int indent;   /* spaces a level; 0: compact */
  int depth;
} LsJson;

void ls_json_init (LsJson *json, GString *out, int indent);
void ls_json_begin_object (LsJson *json, const char *key); /* key NULL inside an array, or at top */
void ls_json_end_object (LsJson *json);
void ls_json_begin_array (LsJson *json, const char *key);
void ls_json_end_array (LsJson *json);
void ls_json_string (LsJson *json, const char *key, const char *value); /* any bytes; NULL: null */
void ls_json_int (LsJson *json, const char *key, int64_t value);
void ls_json_uint (LsJson *json, const char *key, uint64_t value);
void ls_json_double (LsJson *json, const char *key, double value); /* "nan", "inf" as strings */
void ls_json_bool (LsJson *json, const char *key, bool value);

/* Nanoseconds as microseconds with all three decimals: "1.234", and "-0.001" below 0. */
void ls_json_us (LsJson *json, const char *key, int64_t ns);

/* g_string_append_len() without a call where there is room. */
static inline void
ls_append_bytes (GString *out, const char *bytes, gsize n)
{
  if (G_UNLIKELY (n >= out->allocated_len - out->len)) {
    g_string_append_len (out, bytes, (gssize) n);
    return;
  }
  memcpy (out->str + out->len, bytes, n);
  out->len += n;
  out->str[out->len] = '\0';
}

static inline void
ls_append_char (GString *out, char c)
{
  ls_append_bytes (out, &c, 1);
}

/* A number's digits, for what is no JSON. */
void ls_append_int (GString *out, int64_t value);
void ls_append_uint (GString *out, uint64_t value);

G_END_DECLS
