/* SPDX-License-Identifier: MIT */
/* The window: opens a trace and puts header bar, verdict, timeline, lists and inspector around its
 * session. */
#pragma once

#include <adwaita.h>

#include "session.h"

G_BEGIN_DECLS

#define LS_TYPE_WINDOW (ls_window_get_type ())
/* Property "session" (LsSession, readable; NULL until a trace is open). */
G_DECLARE_FINAL_TYPE (LsWindow, ls_window, LS, WINDOW, AdwApplicationWindow)

LsWindow *ls_window_new (GtkApplication *application);

/* Opens the trace at `path` in this window when it has none, else in one of its own. */
void ls_window_open (LsWindow *window, const char *path);
/* Stops a load; the start page comes back. */
void ls_window_cancel (LsWindow *window);

LsSession *ls_window_get_session (LsWindow *window); /* borrowed */
/* "start", "loading", "error" or "trace". */
const char *ls_window_get_page (LsWindow *window);
/* What the error page says; "" elsewhere. */
const char *ls_window_get_error (LsWindow *window);

G_END_DECLS
