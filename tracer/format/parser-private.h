/* SPDX-License-Identifier: MIT */
/* What a parser holds: for json-line.c and direct.c only. */
#pragma once

#include <glib.h>

#include "parse.h"

struct json_object;
struct json_tokener;

#define LS_TEXT_BYTES (64 * 1024)

/* A name, the first bytes of which are compared as a word. */
typedef struct {
  uint64_t word;
  const char *text;
  uint8_t n, value;
} LsName;

/* What the next time will mostly have in common with the one before it, which has `n` digits, 9 to 16. */
typedef struct {
  uint64_t digits; /* those before the last eight, a byte each, the last one highest */
  uint64_t high;   /* what they make, with eight more */
  unsigned n, shift;
} LsTimes;

struct _LsParser {
  /* json-c */
  struct json_tokener *tokener;
  struct json_object *root; /* of the last line; its strings are the line's */
  struct json_object *null;
  GPtrArray *garbage; /* freed with the next line */
  LsParsed outcome;
  bool wide; /* the line has an integer that json-c clamped */
  GString *reason;

  /* direct.c */
  char *text;    /* LS_TEXT_BYTES: the last line's strings, one after the other */
  GString *line; /* a line with its end and padding */
  LsTimes times;
  LsName kinds[256]; /* by a hash of the name */
  LsName orders[LS_ORDER_N];
  uint32_t needs_obj[LS_EV_N]; /* the least obj of such an event that lacks nothing for sure */
};

/* Notes why the line cannot be used. The first reason holds, but an error outdoes something merely
 * unknown. */
void ls_parser_set_reason (LsParser *parser, LsParsed outcome, const char *format, ...)
  G_GNUC_PRINTF (3, 4);

/* The key in quotes that an event of its kind cannot be without and is; NULL: none. */
const char *ls_event_find_missing (const LsLineEvent *event);

/* Takes "nan", "inf", "-inf" and a pointer in its shortest form out of `n` bytes of text; false for
 * any other text. */
bool ls_value_from_text (LsValue *value, const char *text, size_t n);

/* A time, from which the next one may differ little. Returns: where it ends; NULL when it is none. */
const char *ls_times_take (LsTimes *times, const char *at, uint64_t *number);

/* Fills in kinds, orders and needs_obj. */
void ls_parser_init_names (LsParser *parser);
