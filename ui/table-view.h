/* SPDX-License-Identifier: MIT */
/* A list of a session's findings, events, threads, locks or values: sorts by any column, and the
 * session and it select each other. */
#pragma once

#include <adwaita.h>

#include "table.h"

G_BEGIN_DECLS

#define LS_TYPE_TABLE_VIEW (ls_table_view_get_type ())
G_DECLARE_FINAL_TYPE (LsTableView, ls_table_view, LS, TABLE_VIEW, AdwBin)

GtkWidget *ls_table_view_new (const LsTable *table);
void ls_table_view_set_session (LsTableView *view, LsSession *session);
/* Of a table of events: all, or those in view. */
void ls_table_view_set_all (LsTableView *view, gboolean all);
/* Rows in all, whatever is shown. */
guint ls_table_view_get_n_rows (LsTableView *view);
/* What is shown as text, columns parted by tabs, at most 100,000 rows. Owned by the caller. */
char *ls_table_view_dup_text (LsTableView *view);

G_END_DECLS
