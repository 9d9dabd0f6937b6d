/* SPDX-License-Identifier: MIT */
/**
 * Makes lines into what goes to a trace's file, packed if it is to be: at once, or on threads of its own
 * while its owner gathers more. What comes of it is written by the owner's thread, in the order in
 * which it was given.
 */
#pragma once

#include "lines.h"
#include "pack.h"

G_BEGIN_DECLS

typedef struct _LsFormatter LsFormatter;

/* Writes bytes of a file: whole lines, or whole members or frames of them. */
typedef void (*LsFormatterWrite) (gpointer owner, const char *bytes, gsize n_bytes);

/* Something that may be done as soon as all that was given before is written. */
typedef void (*LsFormatterDone) (GArray *held, gpointer user_data);

LsFormatter *ls_formatter_new (LsPacking packing, LsFormatterWrite write);
void ls_formatter_free (LsFormatter *formatter);

/* From now on it has so many threads, or as many of them as can be had. Each `held` array goes to `done` and is freed. */
void ls_formatter_start (LsFormatter *formatter,
                         guint n_threads,
                         LsFormatterDone done,
                         gpointer user_data);

/* Takes all lines. It waits for its threads only when they are far behind. */
void ls_formatter_take (LsFormatter *formatter, LsLines *lines, gpointer owner);

/* Takes the array's content and empties it, to give it back when all before it is written. False when
 * that is so already: then it is left alone. */
bool ls_formatter_hold (LsFormatter *formatter, GArray *held);

/* Writes what is ready. */
void ls_formatter_poll (LsFormatter *formatter);

/* Writes all. */
void ls_formatter_finish (LsFormatter *formatter);

G_END_DECLS
