/* SPDX-License-Identifier: MIT */
/* Tables, and how they are written for programs. */
#include "csv-text.h"
#include "table-private.h"

void
ls_table_init (LsTable *table,
               const char *key,
               const char *title,
               const LsTableColumn *columns,
               guint n_columns)
{
  *table =
    (LsTable){ key, title, columns, n_columns, g_array_new (FALSE, FALSE, sizeof (LsTableCell)) };
}

void
ls_table_clear (LsTable *table)
{
  for (guint i = 0; i < table->cells->len; i++) {
    LsTableCell *cell = &g_array_index (table->cells, LsTableCell, i);
    if (!cell->is_nothing && ls_table_get_column (table, i)->kind == LS_CELL_TEXT)
      g_free (cell->text);
  }
  g_clear_pointer (&table->cells, g_array_unref);
}

static void
add (LsTable *table, LsCellKind kind, LsTableCell cell)
{
  g_assert (cell.is_nothing || ls_table_get_column (table, table->cells->len)->kind == kind);
  g_array_append_val (table->cells, cell);
}

void
ls_table_add_text (LsTable *table, const char *text)
{
  add (table, LS_CELL_TEXT, (LsTableCell){ .text = g_strdup (text ? text : "") });
}

void
ls_table_add_count (LsTable *table, uint64_t count)
{
  add (table, LS_CELL_COUNT, (LsTableCell){ .count = count });
}

void
ls_table_add_ns (LsTable *table, int64_t ns)
{
  add (table, LS_CELL_NS, (LsTableCell){ .ns = ns });
}

void
ls_table_add_number (LsTable *table, double number)
{
  add (table, LS_CELL_NUMBER, (LsTableCell){ .number = number });
}

void
ls_table_add_nothing (LsTable *table)
{
  add (table, LS_CELL_TEXT, (LsTableCell){ .is_nothing = true });
}

guint
ls_table_get_n_rows (const LsTable *table)
{
  return table->cells->len / table->n_columns;
}

/* -- For programs -- */

void
ls_table_write_json (const LsTable *table, LsJson *json)
{
  ls_json_begin_array (json, table->key);
  for (guint row = 0; row < ls_table_get_n_rows (table); row++) {
    ls_json_begin_object (json, NULL);
    for (guint c = 0; c < table->n_columns; c++) {
      const LsTableCell *cell = ls_table_get_cell (table, row, c);
      const LsTableColumn *column = &table->columns[c];
      if (cell->is_nothing)
        ls_json_string (json, column->key, NULL);
      else if (column->kind == LS_CELL_TEXT)
        ls_json_string (json, column->key, cell->text);
      else if (column->kind == LS_CELL_COUNT)
        ls_json_uint (json, column->key, cell->count);
      else if (column->kind == LS_CELL_NS)
        ls_json_int (json, column->key, cell->ns);
      else
        ls_json_double (json, column->key, cell->number);
    }
    ls_json_end_object (json);
  }
  ls_json_end_array (json);
}

static void
write_csv_text (const char *text, FILE *out)
{
  g_autoptr (GString) field = g_string_new (NULL);
  ls_csv_append_text (field, text);
  fputs (field->str, out);
}

static void
write_csv_cell (const LsTableCell *cell, LsCellKind kind, FILE *out)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  if (cell->is_nothing)
    return;
  switch (kind) {
  case LS_CELL_TEXT:
    write_csv_text (cell->text, out);
    break;
  case LS_CELL_COUNT:
    fprintf (out, "%" G_GUINT64_FORMAT, cell->count);
    break;
  case LS_CELL_NS:
    fprintf (out, "%" G_GINT64_FORMAT, cell->ns);
    break;
  case LS_CELL_NUMBER:
    fputs (g_ascii_dtostr (number, sizeof number, cell->number), out);
    break;
  }
}

void
ls_table_write_csv (const LsTable *table, FILE *out)
{
  for (guint c = 0; c < table->n_columns; c++)
    fprintf (out, "%s%s", c ? "," : "", table->columns[c].key);
  fputs ("\r\n", out);
  for (guint row = 0; row < ls_table_get_n_rows (table); row++) {
    for (guint c = 0; c < table->n_columns; c++) {
      if (c)
        fputc (',', out);
      write_csv_cell (ls_table_get_cell (table, row, c), table->columns[c].kind, out);
    }
    fputs ("\r\n", out);
  }
}
