/* SPDX-License-Identifier: MIT */
/**
 * A list of row numbers that costs nothing until a row is looked at: the model behind every table.
 *
 * A run of numbers (offset, n) or any order of them. Its own selection model: one row or none.
 * Immutable but for the selection; for other rows make another model, since telling a column view
 * that millions of rows changed takes seconds.
 * Signal: "picked" (index: guint), the user chose that row.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define LS_TYPE_INDEX_ITEM (ls_index_item_get_type ())
G_DECLARE_FINAL_TYPE (LsIndexItem, ls_index_item, LS, INDEX_ITEM, GObject)

guint32 ls_index_item_get_index (LsIndexItem *item);

#define LS_TYPE_INDEX_MODEL (ls_index_model_get_type ())
G_DECLARE_FINAL_TYPE (LsIndexModel, ls_index_model, LS, INDEX_MODEL, GObject)

LsIndexModel *ls_index_model_new_run (guint32 offset, guint32 n);
/* Takes `order`: guint32 indexes. */
LsIndexModel *ls_index_model_new_order (GArray *order);

/* Selects the row of `index`, G_MAXUINT32 or one not in the list: none. Returns its position or
 * GTK_INVALID_LIST_POSITION. Does not emit "picked". */
guint ls_index_model_select (LsIndexModel *model, guint32 index);
/* G_MAXUINT32: none is selected. */
guint32 ls_index_model_get_selected (LsIndexModel *model);
guint32 ls_index_model_get_index (LsIndexModel *model, guint position);

G_END_DECLS
