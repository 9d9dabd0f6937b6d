/* SPDX-License-Identifier: MIT */
/* What a recorded trace holds, as tests ask for it. */
#pragma once

#include "reader.h"

typedef struct {
  guint n_threads, n_kind[LS_EV_N];
  gboolean partial, ts_decreases;
  LsLineFooter footer;
  gboolean has_footer;
  GHashTable *names; /* of threads and objects */
  GHashTable *lasts; /* tid -> last ts */
} Seen;

/* Reads a trace that must be without fault; clear with clear_seen(). */
Seen see_file (const char *path);
void clear_seen (Seen *seen);
