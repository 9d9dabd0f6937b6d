/* SPDX-License-Identifier: MIT */
/* One line on the terminal while something takes long; nothing when stderr is no terminal. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  const char *what; /* "reading big.trace.jsonl"; borrowed */
  gint64 begin_us, last_us;
  gboolean is_terminal, is_shown;
} LsProgressLine;

void ls_progress_begin (LsProgressLine *line, const char *what);

/* A LsProgressFunc. */
void ls_progress_tell (double fraction, gpointer line);

/* Clears the line, if it is there. */
void ls_progress_end (LsProgressLine *line);

G_END_DECLS
