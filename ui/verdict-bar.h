/* SPDX-License-Identifier: MIT */
/* The line under the header bar: what is wrong, how the program ended, what was not read. */
#pragma once

#include <gtk/gtk.h>

#include "session.h"

G_BEGIN_DECLS

#define LS_TYPE_VERDICT_BAR (ls_verdict_bar_get_type ())
G_DECLARE_FINAL_TYPE (LsVerdictBar, ls_verdict_bar, LS, VERDICT_BAR, GtkBox)

void ls_verdict_bar_set_session (LsVerdictBar *bar, LsSession *session);
/* All that it says. Owned by the caller. */
char *ls_verdict_bar_dup_text (LsVerdictBar *bar);

G_END_DECLS
