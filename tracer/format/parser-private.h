/* SPDX-License-Identifier: MIT */
/* What a parser holds: for json-line.c and direct.c only. */
#pragma once

#include <glib.h>

#include "parse.h"

struct json_object;
struct json_tokener;

struct _LsParser {
  struct json_tokener *tokener;
  struct json_object *root; /* of the last line; its strings are the line's */
  struct json_object *null;
  GPtrArray *garbage; /* freed with the next line */
  LsParsed outcome;
  bool wide; /* the line has an integer that json-c clamped */
  GString *reason;
};

/* Takes "nan", "inf", "-inf" and a pointer in its shortest form out of `n` bytes of text. */
bool ls_value_from_text (LsValue *value, const char *text, size_t n);
