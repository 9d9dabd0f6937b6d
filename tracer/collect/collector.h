/* SPDX-License-Identifier: MIT */
/** The collector's work from the region's making to the last trace's footer. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  const char *output; /* absolute path */
  gboolean is_daemon; /* the program started it: nobody waits for its report */
  int ready_fd;       /* gets the region's path, or "error: ..."; see region.h. -1: none */
  int parent_fd;      /* readable when `lockstitch record` has died; -1: there is none */
} LsCollectorOptions;

/* Runs until the recording is over. Returns the exit status. */
int ls_collector_run (const LsCollectorOptions *options);

G_END_DECLS
