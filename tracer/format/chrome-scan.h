/* SPDX-License-Identifier: MIT */
/**
 * Cuts a Chrome trace into its events, byte by byte, in any pieces.
 *
 * Of the document only as much is understood as that takes: an array of events, or an object with one
 * under "traceEvents". An array may end anywhere, commas may be too many, and all other keys are
 * passed over. An event is held only while it is being read.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct _LsChromeScan LsChromeScan;

/* Takes an object of the array of events, all of it, from `at` on: its `number` and `line` in the scan
 * go on with it. Returns: (nullable) behind it; NULL when it is to be put together and given to
 * LsChromeEventFunc. */
typedef const char *(*LsChromeDirectFunc) (const char *at, const char *end, LsChromeScan *scan);

/* An element of the array of events; NULL when it is too long. `line` and `number` from 1. */
typedef void (
  *LsChromeEventFunc) (const char *text, gsize n, guint64 line, guint64 number, gpointer user_data);

struct _LsChromeScan {
  LsChromeDirectFunc direct;
  LsChromeEventFunc func;
  gpointer user_data;
  int state;
  bool is_array;   /* the document is the array itself */
  bool has_events; /* an array of events was seen */
  bool is_wrong;   /* no JSON array or object, or none from here on */
  bool is_ended;   /* the document is whole */
  GString *key, *text;
  bool is_kept, is_too_long;
  bool in_string, is_escaped;
  gsize depth;        /* brackets open in the value */
  guint64 line;       /* being read, from 1 */
  guint64 value_line; /* where the value began */
  guint64 number;     /* of the last event */
};

void ls_chrome_scan_init (LsChromeScan *scan,
                          LsChromeDirectFunc direct,
                          LsChromeEventFunc func,
                          gpointer user_data);
void ls_chrome_scan_clear (LsChromeScan *scan);
void ls_chrome_scan_feed (LsChromeScan *scan, const char *bytes, gsize n);
