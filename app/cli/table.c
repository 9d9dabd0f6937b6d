/* SPDX-License-Identifier: MIT */
/* Tables for people and for programs. */
#include "table.h"

#include <string.h>

#include "arguments.h"
#include "finding.h"

typedef struct {
  bool is_nothing;
  union {
    char *text;
    uint64_t count;
    int64_t ns;
    double number;
  };
} Cell;

void
ls_table_init (LsTable *table,
               const char *key,
               const char *title,
               const LsTableColumn *columns,
               guint n_columns)
{
  *table = (LsTable){ key, title, columns, n_columns, g_array_new (FALSE, FALSE, sizeof (Cell)) };
}

static const LsTableColumn *
get_column (const LsTable *table, guint i)
{
  return &table->columns[i % table->n_columns];
}

void
ls_table_clear (LsTable *table)
{
  for (guint i = 0; i < table->cells->len; i++) {
    Cell *cell = &g_array_index (table->cells, Cell, i);
    if (!cell->is_nothing && get_column (table, i)->kind == LS_CELL_TEXT)
      g_free (cell->text);
  }
  g_clear_pointer (&table->cells, g_array_unref);
}

static void
add (LsTable *table, LsCellKind kind, Cell cell)
{
  g_assert (cell.is_nothing || get_column (table, table->cells->len)->kind == kind);
  g_array_append_val (table->cells, cell);
}

void
ls_table_add_text (LsTable *table, const char *text)
{
  add (table, LS_CELL_TEXT, (Cell){ .text = g_strdup (text ? text : "") });
}

void
ls_table_add_count (LsTable *table, uint64_t count)
{
  add (table, LS_CELL_COUNT, (Cell){ .count = count });
}

void
ls_table_add_ns (LsTable *table, int64_t ns)
{
  add (table, LS_CELL_NS, (Cell){ .ns = ns });
}

void
ls_table_add_number (LsTable *table, double number)
{
  add (table, LS_CELL_NUMBER, (Cell){ .number = number });
}

void
ls_table_add_nothing (LsTable *table)
{
  add (table, LS_CELL_TEXT, (Cell){ .is_nothing = true });
}

guint
ls_table_get_n_rows (const LsTable *table)
{
  return table->cells->len / table->n_columns;
}

static const Cell *
get_cell (const LsTable *table, guint row, guint column)
{
  return &g_array_index (table->cells, Cell, row * table->n_columns + column);
}

/* -- For people -- */

#define MAX_LETTERS 48 /* a name may be a C++ one of a thousand */
#define MIN_LETTERS 8
#define MARGIN 3

static char *
dup_cell (const LsTable *table, guint row, guint column)
{
  const Cell *cell = get_cell (table, row, column);
  if (cell->is_nothing)
    return g_strdup ("");
  switch (table->columns[column].kind) {
  case LS_CELL_TEXT:
    return ls_text_dup_plain (cell->text);
  case LS_CELL_COUNT:
    return g_strdup_printf ("%" G_GUINT64_FORMAT, cell->count);
  case LS_CELL_NS:
    return cell->ns == 0 ? g_strdup ("0") : ls_duration_dup_text (cell->ns);
  case LS_CELL_NUMBER:
    return g_strdup_printf ("%g", cell->number);
  }
  g_return_val_if_reached (NULL);
}

/* Columns that a terminal needs; combining and wide letters are told apart. */
static int
get_letter_width (const char *c)
{
  gunichar letter = g_utf8_get_char (c);
  return g_unichar_iszerowidth (letter) ? 0 : g_unichar_iswide (letter) ? 2 : 1;
}

static int
get_width (const char *text)
{
  int width = 0;
  for (const char *c = text; *c; c = g_utf8_next_char (c))
    width += get_letter_width (c);
  return width;
}

/* What of the text fits, with an ellipsis when that is not all. */
static char *
dup_fitting (const char *text, int width)
{
  const char *c = text;
  if (get_width (text) <= width)
    return g_strdup (text);
  for (int left = width - 1; (left -= get_letter_width (c)) >= 0; c = g_utf8_next_char (c))
    ;
  return g_strdup_printf ("%.*s…", (int) (c - text), text);
}

/* Takes from the widest text until a line fits, as far as texts can be cut. */
static void
narrow (const LsTable *table, int *widths, int width)
{
  int total = 0;
  for (guint i = 0; i < table->n_columns; i++)
    total += table->columns[i].heading ? widths[i] + MARGIN : 0;
  while (total > width + 1) {
    int *widest = NULL;
    for (guint i = 0; i < table->n_columns; i++)
      if (table->columns[i].heading && table->columns[i].kind == LS_CELL_TEXT &&
          widths[i] > MIN_LETTERS && (!widest || widths[i] > *widest))
        widest = &widths[i];
    if (!widest)
      return;
    --*widest;
    total--;
  }
}

static void
print_cell (FILE *out, const char *text, int width, bool to_the_right, bool is_last)
{
  int pad = width - get_width (text);
  if (to_the_right)
    fprintf (out, "%*s%s", pad, "", text);
  else
    fprintf (out, "%s%*s", text, is_last ? 0 : pad, "");
}

void
ls_table_print (const LsTable *table, guint max_rows, guint width, FILE *out)
{
  guint n_rows = ls_table_get_n_rows (table), n_shown = MIN (n_rows, max_rows);
  guint n_columns = table->n_columns, last = 0;
  if (n_rows == 0)
    return;
  g_autofree int *widths = g_new0 (int, n_columns);
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  for (guint c = 0; c < n_columns; c++) {
    g_ptr_array_add (texts, g_strdup (table->columns[c].heading));
    if (table->columns[c].heading)
      widths[last = c] = get_width (table->columns[c].heading);
  }
  for (guint i = 0; i < n_shown * n_columns; i++) {
    char *text = dup_cell (table, i / n_columns, i % n_columns);
    widths[i % n_columns] = MAX (widths[i % n_columns], MIN (get_width (text), MAX_LETTERS));
    g_ptr_array_add (texts, text);
  }
  if (width > 0)
    narrow (table, widths, (int) width);
  fprintf (out, "\n%s\n", table->title);
  for (guint i = 0; i < texts->len; i++) {
    const LsTableColumn *column = get_column (table, i);
    if (column->heading) {
      fputs (i % n_columns == 0 ? "  " : "   ", out);
      g_autofree char *text =
        dup_fitting (texts->pdata[i] ? texts->pdata[i] : "", widths[i % n_columns]);
      print_cell (out, text, widths[i % n_columns], column->kind != LS_CELL_TEXT,
                  i % n_columns == last);
    }
    if (i % n_columns == n_columns - 1)
      fputc ('\n', out);
  }
  if (n_rows > n_shown)
    fprintf (out, "  and %u more; --all shows them\n", n_rows - n_shown);
}

/* -- For programs -- */

void
ls_table_write_json (const LsTable *table, LsJson *json)
{
  ls_json_begin_array (json, table->key);
  for (guint row = 0; row < ls_table_get_n_rows (table); row++) {
    ls_json_begin_object (json, NULL);
    for (guint c = 0; c < table->n_columns; c++) {
      const Cell *cell = get_cell (table, row, c);
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
  if (!text[strcspn (text, ",\"\r\n")]) {
    fputs (text, out);
    return;
  }
  fputc ('"', out);
  for (const char *c = text; *c; c++) {
    if (*c == '"')
      fputc ('"', out);
    fputc (*c, out);
  }
  fputc ('"', out);
}

static void
write_csv_cell (const Cell *cell, LsCellKind kind, FILE *out)
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
      write_csv_cell (get_cell (table, row, c), table->columns[c].kind, out);
    }
    fputs ("\r\n", out);
  }
}
