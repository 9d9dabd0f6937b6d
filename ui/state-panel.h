/* SPDX-License-Identifier: MIT */
/* "State after event 19 of 30": what each thread, lock and value is, at the session's cursor. */
#pragma once

#include <gtk/gtk.h>

#include "session.h"

G_BEGIN_DECLS

#define LS_TYPE_STATE_PANEL (ls_state_panel_get_type ())
G_DECLARE_FINAL_TYPE (LsStatePanel, ls_state_panel, LS, STATE_PANEL, GtkBox)

void ls_state_panel_set_session (LsStatePanel *panel, LsSession *session);

G_END_DECLS
