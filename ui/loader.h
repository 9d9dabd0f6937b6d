/* SPDX-License-Identifier: MIT */
/**
 * Opens a trace and analyses it on a thread of its own, telling how far it is.
 *
 * Signals: "progress" (), a few times a second on the main thread.
 */
#pragma once

#include <gio/gio.h>

#include "finding.h"

G_BEGIN_DECLS

#define LS_TYPE_LOADER (ls_loader_get_type ())
G_DECLARE_FINAL_TYPE (LsLoader, ls_loader, LS, LOADER, GObject)

LsLoader *ls_loader_new (void);

/* Starts; `callback` comes on the main thread, also after a cancel. Once per loader. */
void ls_loader_load_async (LsLoader *loader,
                           const char *path,
                           GAsyncReadyCallback callback,
                           gpointer user_data);

/* Returns: (owned) the trace and, in *findings, (owned) what the analysis found; NULL with `error`
 * set: the reader's, or G_IO_ERROR_CANCELLED. */
LsTrace *ls_loader_load_finish (LsLoader *loader,
                                GAsyncResult *result,
                                GPtrArray **findings,
                                GError **error);

void ls_loader_cancel (LsLoader *loader);

typedef enum {
  LS_LOADER_READING,
  LS_LOADER_ANALYSING,
} LsLoaderStage;

/* Where it is: 0 to 1 within the stage. Any thread. */
LsLoaderStage ls_loader_get_progress (LsLoader *loader, double *fraction);

G_END_DECLS
