/* SPDX-License-Identifier: MIT */
/* A finding's steps, one column a thread and value, one row a step; rows are links to events. */
#pragma once

#include <gtk/gtk.h>

#include "session.h"

G_BEGIN_DECLS

#define LS_TYPE_LADDER (ls_ladder_get_type ())
G_DECLARE_FINAL_TYPE (LsLadder, ls_ladder, LS, LADDER, GtkWidget)

/* Shows the finding that the session has selected. */
void ls_ladder_set_session (LsLadder *ladder, LsSession *session);
/* Selects the step after (+1) or before (-1) the cursor; from the last on to the first. */
void ls_ladder_step (LsLadder *ladder, int by);

G_END_DECLS
