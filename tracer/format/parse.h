/* SPDX-License-Identifier: MIT */
/**
 * One line of a trace into an LsLine: what reader.c is built of.
 *
 * A parser reuses its buffers from line to line; it belongs to one thread.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "line.h"

#define LS_FORMAT_VERSION 1
#define LS_MAX_LINE_BYTES (1024 * 1024)
#define LS_MAX_DEPTH 32
#define LS_MAX_THREAD (1u << 24)

typedef enum {
  LS_PARSED,
  LS_PARSED_SKIP,  /* good JSON of a kind that this version does not know, or an empty line */
  LS_PARSED_ERROR, /* a line of a known kind that is wrong */
  LS_PARSED_NOT_JSON,
  LS_PARSED_NOT_OBJECT,
} LsParsed;

typedef struct _LsParser LsParser;

LsParser *ls_parser_new (void);
void ls_parser_free (LsParser *parser);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LsParser, ls_parser_free)

/* Why the last line was not LS_PARSED. */
const char *ls_parser_get_reason (const LsParser *parser);

/**
 * Reads `n` bytes (at most LS_MAX_LINE_BYTES, no '\n').
 *
 * @line: filled in when LS_PARSED; its strings live until the parser's next line. A header of
 * another version than LS_FORMAT_VERSION is LS_PARSED too.
 */
LsParsed ls_parser_read (LsParser *parser, const char *bytes, size_t n, LsLine *line);

/* The two ways of ls_parser_read(). json-c is the reference. The direct path knows events as
 * writer.c writes them and returns false for everything else, good or bad; what it takes json-c
 * takes too, to the same effect: a fuzz test compares them. */
LsParsed ls_parser_read_json (LsParser *parser, const char *bytes, size_t n, LsLine *line);
bool ls_parser_read_direct (LsParser *parser, const char *bytes, size_t n, LsLineEvent *event);

/* How many bytes after a line end ls_parser_take_event() looks at. */
#define LS_PADDING 32

/**
 * The direct path at its fastest.
 *
 * @at: a line with its '\n' and LS_PADDING readable bytes of any kind after that.
 * Returns: its '\n'; NULL when it is declined, which says nothing of it.
 */
const char *ls_parser_take_event (LsParser *parser, const char *at, LsLineEvent *event);

/**
 * Whether `n` bytes are one JSON text of RFC 8259 of at most LS_MAX_DEPTH, in UTF-8.
 *
 * @reason: what is wrong otherwise, with the column. @wide: set when an integer in it does not fit
 * 64 bits, which json-c would silently clamp.
 */
bool ls_json_check (const char *bytes, size_t n, GString *reason, bool *wide);
