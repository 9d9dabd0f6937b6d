/* SPDX-License-Identifier: MIT */
/**
 * Lines of a trace that are not made yet: events as plain numbers, which any thread may make lines of
 * later, and between them whatever was made a line of at once.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "line.h"

G_BEGIN_DECLS

/* An event without values, a name or an error, which most are. */
typedef struct {
  int64_t ts_ns;
  uint32_t tid, obj, thread, with, src;
  uint32_t n;
  uint32_t text_bytes; /* so many bytes of the text come before it */
  uint8_t ev, how, order;
  uint8_t is_shared : 1, has_n : 1;
} LsPlainEvent;

typedef struct {
  GString *text;  /* whole lines, which come before the event that is added next */
  GArray *events; /* LsPlainEvent */
  gsize n_placed; /* bytes of the text that come before an event that is there */
} LsLines;

void ls_lines_init (LsLines *lines);
void ls_lines_clear (LsLines *lines);

/* Its strings are not needed any longer. */
void ls_lines_add (LsLines *lines, const LsLineEvent *event);

/* The same of an event that is plain; its text_bytes are set here. */
void ls_lines_add_plain (LsLines *lines, LsPlainEvent plain);

/* Empties it but for the first bytes of its text, which came before all events. */
void ls_lines_truncate (LsLines *lines, gsize n_bytes);

/* About the bytes of what will be made. */
gsize ls_lines_get_size (const LsLines *lines);

/* Moves all to `to`, which is empty. */
void ls_lines_move (LsLines *lines, LsLines *to);

/* Appends what they are as text. */
void ls_lines_make (const LsLines *lines, GString *out);

G_END_DECLS
