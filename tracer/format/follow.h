/* SPDX-License-Identifier: MIT */
/**
 * Reads a trace that is still being written: what is there, and later what came since.
 *
 * Only whole lines are read. A follower belongs to one thread.
 */
#pragma once

#include "reader.h"

G_BEGIN_DECLS

typedef enum {
  LS_FOLLOW_WAITING,  /* all that is there was read, and more may come */
  LS_FOLLOW_ENDED,    /* the footer was read */
  LS_FOLLOW_REPLACED, /* another file is in its place, or it was cut or written over: what was read
                       * holds, but to go on is to begin with a new follower */
} LsFollowState;

typedef struct _LsFollow LsFollow;

/* @func: called with each good line. @report: kept up with what was read; `cut` until there is a
 * footer. Both live as long as the follower. */
LsFollow *
ls_follow_new (const char *path, LsLineFunc func, gpointer user_data, LsReadReport *report);
void ls_follow_free (LsFollow *follow);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LsFollow, ls_follow_free)

/**
 * Reads all whole lines that came since the last time.
 *
 * A packed file is read when it is whole: it counts as ended, and what is missing is told.
 * Returns: false with @error as ls_read_file(); G_FILE_ERROR_INVAL for what is no regular file.
 */
bool
ls_follow_read (LsFollow *follow, LsFollowState *state, GCancellable *cancellable, GError **error);

/* Nothing more will be read: takes the last line, should it be half, and settles the report. */
void ls_follow_end (LsFollow *follow);

G_END_DECLS
