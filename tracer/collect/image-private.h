/* SPDX-License-Identifier: MIT */
/* An image's trace, as image and image-resume share it. */
#pragma once

#include "blind.h"
#include "image-names.h"
#include "image.h"
#include "lines.h"
#include "repeats.h"

G_BEGIN_DECLS

struct _LsTracedImage {
  const LsRecording *recording;
  LsImage *image;
  guint index;
  guint n_execs;
  int64_t start_ns; /* CLOCK_MONOTONIC, what the trace calls 0 */
  int64_t last_ns;  /* the latest event's ts */
  LsLines lines;    /* not written yet */
  LsOutputFile file;
  LsImageNames *names;
  uint32_t modules_note; /* the newest list of modules that was read */
  LsModules *modules;    /* those that hold for the record being taken; NULL: none yet */
  GQueue later_modules;  /* LaterModules */
  GStrv program;         /* its arguments */
  LsBlind blind;
  LsSlot stack[LS_SLOT_MAX]; /* the LS_SLOT_STACK record before the next event of stack_thread */
  guint stack_count;
  uint32_t stack_thread;
  uint64_t n_events, n_shown, n_lost;
  LsRepeats *repeats;
  guint n_threads; /* once it is released */
};

/* Takes a record, and journals it when it has to be. */
void ls_traced_image_apply (LsTracedImage *traced, const LsRecord *record);

/* -- image-modules.c -- */

/* Reads the lists of the program's modules that are new. */
void ls_traced_image_update_modules (LsTracedImage *traced);
/* Those hold from now on that held at that moment. */
void ls_traced_image_enter_modules (LsTracedImage *traced, uint64_t ticks);
void ls_traced_image_clear_modules (LsTracedImage *traced);

/* A record was taken when there were so many events and sources; `is_new`: it gave out an id. */
void ls_traced_image_note (LsTracedImage *traced,
                           const LsRecord *record,
                           uint64_t n_events,
                           guint n_sources,
                           bool is_new);

G_END_DECLS
