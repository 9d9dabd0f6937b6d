/* SPDX-License-Identifier: MIT */
/** The collector's work from the region's making to the last trace's footer. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  const char *output; /* absolute path */
  gboolean is_daemon; /* the program started it: nobody waits for its report */
  int ready_fd;       /* gets the region's path, or "error: ..."; see region.h. -1: none */
  int take_over[3];   /* the parent's descriptors of the region, spill and journal (-1: none) of a
                         collector that died; the first is -1 when it is a new recording */
  int parent_fd;      /* readable when `lockstitch record` has died; -1: there is none */

  /* What `lockstitch record` was asked for; all 0 is the default. */
  guint region_options;    /* LS_OPTION_, see region.h */
  guint stack_depth;       /* 0 .. LS_STACK_MAX */
  guint64 keep_last_bytes; /* of records, then it is a flight recorder; 0: keep all */
  guint64 buffer_bytes;    /* of records that are not written yet; 0: the collector's default */
  gint64 duration_ns;      /* from the main process's first moment; 0: to its end */
  char **only, **ignored;  /* --only and --ignore, see selection.h; NULL: none */
} LsCollectorOptions;

/* Runs until the recording is over. Returns the exit status. */
int ls_collector_run (const LsCollectorOptions *options);

G_END_DECLS
