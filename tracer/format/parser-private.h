/* SPDX-License-Identifier: MIT */
/* What a parser holds: for json-line.c and direct.c only. */
#pragma once

#include <glib.h>

#include "parse.h"

struct json_object;
struct json_tokener;

#define LS_KIND_SLOTS 1024

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
  GString *text;                      /* the last line's strings, one after the other */
  unsigned char kinds[LS_KIND_SLOTS]; /* LsEventKind by hash of its name; 0: look it up */
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

/* Fills in parser->kinds. */
void ls_parser_init_kinds (LsParser *parser);
