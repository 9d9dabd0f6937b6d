/* SPDX-License-Identifier: MIT */
/**
 * A stretch of whole lines and what came of it: the account of reading it, which can be put together
 * with that of the lines before it. So stretches can be read in any order and at the same time.
 */
#pragma once

#include "input.h"
#include "parse.h"
#include "reader.h"

typedef struct {
  LsReadReport *report; /* of these lines, counted from 1; `cut` is not said yet */
  bool has_good_line;   /* which puts a footer before this stretch in the middle */
  bool says_ended; /* whether is_ended says anything: events, a footer or half a line are here */
  bool is_ended;   /* a footer was seen, and no event since */
  uint64_t footer_line; /* of a footer not yet known to be in the middle; 0: none */
  uint64_t half_line;   /* the last one, if it is no whole line; 0: it is */
  uint64_t last_footer; /* its line; 0: no footer */
  int64_t footer_end_ns;
  int64_t last_event_ns; /* the latest; -1: no event */
} LsStretch;

/* Where good lines go; `n` is the line's number in the stretch, from 0. */
typedef struct {
  void (*line) (const LsLine *line, uint64_t n, gpointer data);
  gpointer data;
} LsLineSink;

/* Notes in `report`, which stays the caller's. */
void ls_stretch_init (LsStretch *stretch, LsReadReport *report);

/**
 * Takes the first line off the block, which decides whether the bytes are a trace at all.
 *
 * @name: of the file, for messages. Returns: false with @error (LS_FORMAT_ERROR) when they are none.
 */
bool ls_stretch_take_header (LsStretch *stretch,
                             LsParser *parser,
                             const char *name,
                             LsBlock *block,
                             const LsLineSink *sink,
                             GError **error);

void ls_stretch_take_lines (LsStretch *stretch,
                            LsParser *parser,
                            const LsBlock *block,
                            const LsLineSink *sink);

/* Puts the account of the lines that follow at the end of it; `next` is used up, its report empty. */
void ls_stretch_append (LsStretch *stretch, LsStretch *next);

/* Nothing follows. Settles what the end says. @damage: why more should, NULL: nothing should.
 * @is_growing: more will, unless there was the footer. */
void ls_stretch_end (LsStretch *stretch, const char *damage, bool is_growing);
