/* SPDX-License-Identifier: MIT */
/* Rows of a table in the order of a column, found on a thread of its own. */
#pragma once

#include <gio/gio.h>

#include "table.h"

G_BEGIN_DECLS

typedef struct {
  LsTableSource source;
  const LsTableColumn *column;
  bool descending;
  GArray *rows; /* guint32, taken; NULL: the run offset .. offset + n */
  guint32 offset, n;
} LsSortRequest;

void ls_table_sort_async (const LsSortRequest *request,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
/* Returns: (owned) guint32 rows; NULL when cancelled. */
GArray *ls_table_sort_finish (GAsyncResult *result);

G_END_DECLS
