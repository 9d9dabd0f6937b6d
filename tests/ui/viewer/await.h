/* SPDX-License-Identifier: MIT */
/* What the tests of the app share: waiting for something with a deadline, a session, a picture. */
#pragma once

#include "window.h"

/* GTK, libadwaita and GTest; critical messages end the program, warnings (GTK has some of its own under
 * a bare display) do not. */
void init_tests (int *argc, char ***argv);

/* Runs the main loop until `is_so` says TRUE; FALSE after ten seconds. */
gboolean await (gboolean (*is_so) (gpointer data), gpointer data);
/* Runs the main loop until nothing is left to do. */
void settle (void);

/* A session of the sample that the mock-ups show. */
LsSession *new_sample_session (void);

/* A window of a running application, with or without the trace at `path` open (NULL: without). */
LsWindow *new_window (const char *path);
/* Closes it and checks that nothing keeps it. */
void end_window (LsWindow *window);

/* What the window shows as pixels, ARGB32. Owned by the caller. */
guint32 *dup_pixels (LsWindow *window, int *width, int *height);
