/* SPDX-License-Identifier: MIT */
/* The source lines around the session's event, where the file is found. */
#pragma once

#include <gtk/gtk.h>

#include "session.h"

G_BEGIN_DECLS

#define LS_TYPE_SOURCE_PANEL (ls_source_panel_get_type ())
G_DECLARE_FINAL_TYPE (LsSourcePanel, ls_source_panel, LS, SOURCE_PANEL, GtkBox)

void ls_source_panel_set_session (LsSourcePanel *panel, LsSession *session);

/* Where `file`, as recorded, is now: below `folder` (may be NULL) by its last components; there; beside
 * the trace; or, of a relative path, from a folder above it. NULL: nowhere. Owned by the caller. */
char *ls_source_find (const char *file, const char *trace_path, const char *folder);

G_END_DECLS
