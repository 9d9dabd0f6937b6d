/* SPDX-License-Identifier: MIT */
/* Below the timeline: findings, events, threads, locks and values as tables in tabs. */
#pragma once

#include <gtk/gtk.h>

#include "session.h"

G_BEGIN_DECLS

#define LS_TYPE_LISTS (ls_lists_get_type ())
G_DECLARE_FINAL_TYPE (LsLists, ls_lists, LS, LISTS, GtkBox)

void ls_lists_set_session (LsLists *lists, LsSession *session);
/* Rows in all of the table of that name: "findings", "events", "threads", "locks", "values". */
guint ls_lists_get_n_rows (LsLists *lists, const char *name);

G_END_DECLS
