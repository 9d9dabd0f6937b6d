/* SPDX-License-Identifier: MIT */
/* The timeline: overview, interleaving, ruler and lanes of a session, painted by ui/draw. */
#pragma once

#include <gtk/gtk.h>

#include "session.h"

G_BEGIN_DECLS

#define LS_TYPE_TIMELINE (ls_timeline_get_type ())
G_DECLARE_FINAL_TYPE (LsTimeline, ls_timeline, LS, TIMELINE, GtkWidget)

/* NULL: shows nothing. */
void ls_timeline_set_session (LsTimeline *timeline, LsSession *session);

G_END_DECLS
