/* SPDX-License-Identifier: MIT */
/**
 * What records became events of, for those that come again: threads take and release the same locks at
 * the same places over and over, and what is known of these does not change by it.
 */
#pragma once

#include "drain.h"
#include "lines.h"

G_BEGIN_DECLS

typedef struct _LsRepeats LsRepeats;

LsRepeats *ls_repeats_new (void);
void ls_repeats_free (LsRepeats *repeats);

/* Is it of a kind that says nothing more the second time? */
bool ls_repeats_may (const LsRecord *record);

/* The event that such a record became, but for its time and thread; NULL: not known. Borrowed. */
const LsPlainEvent *ls_repeats_find (const LsRepeats *repeats, const LsRecord *record);

/* This is the event. */
void ls_repeats_keep (LsRepeats *repeats, const LsRecord *record, const LsPlainEvent *event);

/* An id was given out, or an object's life has ended. */
void ls_repeats_forget (LsRepeats *repeats);

G_END_DECLS
