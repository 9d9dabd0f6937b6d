/* SPDX-License-Identifier: MIT */
/* Which of an image's modules have locks that cannot be seen. Their files are looked at in a thread
 * that all images share: the drain must not wait for a disk. Part of image. */
#pragma once

#include <glib.h>
#include <stdbool.h>

G_BEGIN_DECLS

typedef struct {
  GHashTable *asked; /* paths */
  GAsyncQueue *answers;
  guint n_pending;
  GPtrArray *found; /* char *, NULL-terminated: as a trace's `blind` has them */
} LsBlind;

void ls_blind_init (LsBlind *blind);
void ls_blind_clear (LsBlind *blind);

/* What the names of those end in that were loaded so that they bypass liblockstitch. */
#define LS_BLIND_DEEP " (RTLD_DEEPBIND)"
#define LS_BLIND_APART " (dlmopen)"

/* Asks about the modules that have not been asked about before; see LsModulesNote. */
void ls_blind_look (LsBlind *blind, const char *modules_text);

/* Takes what has been found; `wait`: all of it, for a few seconds at most. True when there is more
 * than before. */
bool ls_blind_take (LsBlind *blind, bool wait);

/* Borrowed; NULL: none are known. */
const char *const *ls_blind_get (const LsBlind *blind);

G_END_DECLS
