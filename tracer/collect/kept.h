/* SPDX-License-Identifier: MIT */
/**
 * What outlives the chunks that a flight recorder discards: which threads and objects there are,
 * where they are from and what they are called. It grows with what lives, not with what happened.
 */
#pragma once

#include "drain.h"
#include "journal.h"

G_BEGIN_DECLS

typedef struct _LsKept LsKept;

LsKept *ls_kept_new (void);
void ls_kept_free (LsKept *kept);

/* Is there anything to keep in a record of this kind? */
bool ls_kept_wants (uint8_t kind);

/* A record that is being discarded, in its thread's order. */
void ls_kept_take (LsKept *kept, const LsRecord *record);

/* Adds to a journal what gives the same again when it is taken. */
void ls_kept_save (const LsKept *kept, LsJournal *journal, guint image);

/* Hands on what is known: LS_SLOT_THREAD, CALLABLE, NAME_THREAD, NAME_OBJECT, init and detach records. */
void ls_kept_recall (const LsKept *kept, LsRecordFunc func, gpointer user_data);

G_END_DECLS
