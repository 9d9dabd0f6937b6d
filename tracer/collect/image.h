/* SPDX-License-Identifier: MIT */
/**
 * One image's trace: takes its records in order and writes header, events, declarations, footer.
 */
#pragma once

#include "clock.h"
#include "drain.h"
#include "formatter.h"
#include "journal.h"
#include "line.h"
#include "naming.h"
#include "output.h"
#include "selection.h"
#include "shared.h"

G_BEGIN_DECLS

typedef struct _LsTracedImage LsTracedImage;

/* What all images of a recording share; borrowed, outlives them. */
typedef struct {
  LsShared *shared;
  LsClockMap *clock;
  LsNaming *naming;
  LsOutput *output;
  LsFormatter *formatter; /* its owners are LsTracedImages */
  LsJournal *journal;
  LsSelection *selection; /* NULL: everything is wanted */
  GArray *blocks; /* of the spill, for who takes over; NULL: there was no collector before */
} LsRecording;

/* `n_execs`: images that the same process had before this one. */
LsTracedImage *ls_traced_image_new (const LsRecording *recording, guint index, guint n_execs);
void ls_traced_image_free (LsTracedImage *image);

/* Goes on with the trace that another collector began: `journal` has its entries, and `n_written` gets
 * how many events each thread has there. True when the trace is whole, with its footer. */
bool ls_traced_image_resume (LsTracedImage *image, GBytes *journal, GHashTable *n_written);

/* A record of this image, in the order of their ticks; an LsRecordFunc. */
void ls_traced_image_take (const LsRecord *record, gpointer image);

/* A record of this image that is not to be shown: what it names and declares is known from now on. */
void ls_traced_image_recall (const LsRecord *record, gpointer image);

/* What happened at its beginning is not in the trace. */
void ls_traced_image_set_partial (LsTracedImage *image);

/* Writes the names that have been found and, when there is something to show, the lines gathered
 * so far. */
void ls_traced_image_flush (LsTracedImage *image);

/* Writes what was made of the image's lines; an LsFormatterWrite. */
void ls_traced_image_write (gpointer image, const char *bytes, gsize n_bytes);

/* Gives the lines gathered so far to be written, unless there is nothing to show yet. */
void ls_traced_image_save (LsTracedImage *image);

/* Have all names been found that were asked for? */
bool ls_traced_image_is_named (LsTracedImage *image);

/* Whether it has an event after `ticks`, if that is not 0. */
bool ls_traced_image_has_after (const LsTracedImage *image, uint64_t ticks);

/* The image is over: writes the rest and the footer. Nothing is written of an image that has nothing
 * to show, unless it has the recording's main name. */
void ls_traced_image_finish (LsTracedImage *image, LsEndHow how, int code, uint64_t n_late);

/* Nothing more is written of it. */
void ls_traced_image_release (LsTracedImage *image);

/* Gives it the main name of the recording, unless another image has it. */
void ls_traced_image_claim_main (LsTracedImage *image);

/* What `lockstitch record` says at the end. */
typedef struct {
  uint64_t n_events, n_lost;
  uint64_t bytes; /* of its file */
  guint n_threads;
  int64_t span_ns;
  const char *path;    /* NULL: nothing was written; borrowed */
  const char *program; /* as it was called; borrowed */
  bool has_main_name;
  const char *const *blind; /* modules whose locks cannot be seen; NULL: none; borrowed */
} LsTracedSummary;

LsTracedSummary ls_traced_image_get_summary (const LsTracedImage *image);

G_END_DECLS
