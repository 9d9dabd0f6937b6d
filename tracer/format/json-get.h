/* SPDX-License-Identifier: MIT */
/**
 * The keys of the line that the parser holds, through json-c: for json-line.c.
 *
 * A getter of an absent key returns 0, false, NULL or the like; of a wrong one too, and sets the
 * parser's reason.
 */
#pragma once

#include "parser-private.h"

bool ls_json_has (const LsParser *parser, const char *key);

/* An integer of `min` to `max`. */
uint64_t ls_json_get_uint (LsParser *parser, const char *key, uint64_t min, uint64_t max);
uint32_t ls_json_get_id (LsParser *parser, const char *key);
uint32_t ls_json_get_thread (LsParser *parser, const char *key);
bool ls_json_get_bool (LsParser *parser, const char *key);
const char *ls_json_get_string (LsParser *parser, const char *key);
const char *const *ls_json_get_strings (LsParser *parser, const char *key);
LsValue ls_json_get_value (LsParser *parser, const char *key);

/* Notes a name that kinds.def does not have: the line is of a newer trace. */
void ls_json_set_unknown (LsParser *parser, const char *key, const char *name);

#define LS_JSON_GET_NAME(parser, key, find_func, result)           \
  G_STMT_START                                                     \
  {                                                                \
    const char *name_ = ls_json_get_string (parser, key);          \
    if (name_ && !(*(result) = find_func (name_, strlen (name_)))) \
      ls_json_set_unknown (parser, key, name_);                    \
  }                                                                \
  G_STMT_END
