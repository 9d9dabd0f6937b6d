/* SPDX-License-Identifier: MIT */
/** What a trace's file holds already, for a collector that goes on with it. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

G_BEGIN_DECLS

typedef struct {
  uint64_t n_events;
  int64_t last_ns;
} LsWrittenThread;

typedef struct {
  uint64_t n_events, n_shown, n_lost;
  uint32_t max_source;
  int64_t last_ns;
  bool has_footer;
  GHashTable *threads; /* logical id -> LsWrittenThread */
} LsWritten;

/* Reads the trace at `path`, which must end with a whole line; false when it cannot be read. */
bool ls_written_read (LsWritten *written, const char *path);
void ls_written_clear (LsWritten *written);

G_END_DECLS
