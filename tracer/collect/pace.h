/* SPDX-License-Identifier: MIT */
/**
 * What the collector has time for.
 *
 * Making lines takes longer than making records. While the program's threads write faster than
 * lines can be written, their chunks are only saved, which costs little more than copying them, and
 * at once, while they are in the processor's cache; what was saved is converted when they have let
 * up, or have ended.
 */
#pragma once

#include "drain.h"
#include "journal.h"

G_BEGIN_DECLS

typedef struct {
  LsShared *shared;
  LsDrain *drain;
  gboolean keeps_last; /* a flight recorder: everything is saved, the oldest discarded */
  gint64 short_ms;     /* when there was last more to save than can be converted; 0: never */
  guint n_saved;       /* since then */
  guint64 total_bytes; /* of the spill when the program ended; 0: it has not */
} LsPace;

/* After a scan: saves chunks when free ones are short. Returns how many. */
guint ls_pace_save (LsPace *pace, gint64 now_ms);

/* Makes a flight recorder of it, which keeps so many bytes; see ls_drain_keep_last(). */
void ls_pace_keep_last (LsPace *pace, guint64 bytes, LsJournal *journal);

/* Is there time to convert? */
gboolean ls_pace_may_convert (const LsPace *pace, gint64 now_ms);

/* The program has ended: the rest is converted, and gets out of everybody's way. */
void ls_pace_end (LsPace *pace);

/* Stores what the spill holds, and how much of it is done. */
void ls_pace_store (const LsPace *pace, LsProgress *progress);

G_END_DECLS
