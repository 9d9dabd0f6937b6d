/* SPDX-License-Identifier: MIT */
/* The collector's loop, as collector.c and collector-images.c share it. */
#pragma once

#include "collector.h"
#include "entry.h"
#include "pace.h"
#include "recording.h"

G_BEGIN_DECLS

typedef struct {
  const LsCollectorOptions *options;
  LsRecording recording;
  LsDrain *drain;
  LsPace pace;
  GPtrArray *entries;    /* LsEntry, as they were found */
  GHashTable *n_written; /* see ls_drain_resume() */
  gboolean is_known[LS_MAX_IMAGES];
  int wake_fd;
  uint64_t n_taken; /* records, to see whether anything happens */
  gint64 now_ms, last_event_ms, last_flush_ms, last_store_ms, last_check_ms, last_live_ms;
  gint64 first_image_ms;
  gboolean parent_is_gone, has_reported;
  gboolean is_asked_to_end;
  gboolean main_was_done; /* when this step began, so that it saw all of the main process */
} LsCollector;

/* Finds new images. */
void ls_collector_find_images (LsCollector *collector);

/* Finds out which images ended, or are to be stopped. */
void ls_collector_find_ends (LsCollector *collector);

/* --duration is over: from the first image on. Whoever comes later is not recorded at all. */
gboolean ls_collector_is_time_over (LsCollector *collector);

/* The main process, 0 when it is not known yet, and whether its status is there. */
guint32 ls_collector_get_main_pid (LsCollector *collector);
gboolean ls_collector_is_main_done (LsCollector *collector);

/* Writes what is left of images that have ended and been drained. */
void ls_collector_write_ends (LsCollector *collector);

G_END_DECLS
