/* SPDX-License-Identifier: MIT */
/* What the files of tables share. */
#pragma once

#include <stdbool.h>

#include "table.h"

typedef struct {
  bool is_nothing;
  union {
    char *text;
    uint64_t count;
    int64_t ns;
    double number;
  };
} LsTableCell;

/* Of cell i. */
static inline const LsTableColumn *
ls_table_get_column (const LsTable *table, guint i)
{
  return &table->columns[i % table->n_columns];
}

static inline const LsTableCell *
ls_table_get_cell (const LsTable *table, guint row, guint column)
{
  return &g_array_index (table->cells, LsTableCell, row * table->n_columns + column);
}
