/* SPDX-License-Identifier: MIT */
/**
 * What a collector that takes over must know and cannot read back from the traces: which ids were
 * given to what.
 *
 * A copy of each record that gave one out (the first of an object, of a place, of a thread; a name;
 * the end of an object's life) goes to a file without a name, before the lines that rest on it go
 * to the trace. Taking those records again, in the same order, gives the same ids again.
 *
 * A flight recorder's journal has, until its images end, the records that outlive their chunks (see
 * kept.h) instead.
 */
#pragma once

#include <glib.h>

#include "drain.h"

G_BEGIN_DECLS

typedef struct _LsJournal {
  int fd; /* -1: there is none */
  GByteArray *pending;
  gsize n_bytes; /* in the file */
} LsJournal;

typedef struct {
  uint64_t n_events; /* of the image before this record */
  uint32_t image, thread, os_tid;
  uint32_t n_sources; /* source ids that were given before */
  uint32_t slot_count;
  uint32_t is_kept; /* a flight recorder's; then only image, thread and os_tid are said beside it */
} LsJournalEntry;

/* Beside `path`, or where temporary files go. */
void ls_journal_init (LsJournal *journal, const char *path);

/* The file of a collector that died; its entries, each with its slots behind it, are returned and
 * the file is emptied for those that hold. */
GBytes *ls_journal_reopen (LsJournal *journal, int fd);
void ls_journal_clear (LsJournal *journal);

void ls_journal_add (LsJournal *journal,
                     guint image,
                     const LsRecord *record,
                     uint64_t n_events,
                     guint n_sources);

void ls_journal_add_kept (LsJournal *journal, guint image, const LsRecord *record);

/* Before lines are written, or a chunk is discarded. */
void ls_journal_flush (LsJournal *journal);

/* The same, and all that was there before is replaced by it. */
void ls_journal_replace (LsJournal *journal);

/* Calls `func` with each entry of the image, kept ones or the others. Returns how many. */
typedef void (*LsJournalFunc) (const LsJournalEntry *entry, const LsRecord *record, gpointer data);
guint ls_journal_each (GBytes *entries,
                       guint image,
                       bool is_kept,
                       LsJournalFunc func,
                       gpointer user_data);

G_END_DECLS
