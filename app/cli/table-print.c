/* SPDX-License-Identifier: MIT */
/* Tables for people, as wide as their terminal. */
#include <string.h>

#include "arguments.h"
#include "finding.h"
#include "table-private.h"

#define MAX_LETTERS 48    /* a name may be a C++ one of a thousand */
#define ENOUGH_LETTERS 16 /* before a name is cut shorter than that, columns give way */
#define MIN_LETTERS 8
#define INDENT 2
#define MARGIN 3
#define MIN_MARGIN 2

/* What of a table is printed, and how. */
typedef struct {
  const LsTable *table;
  GPtrArray *texts; /* char *: the headings, then row after row */
  int *widths;      /* by column; 0: it is not shown */
  int *natural;     /* what its texts need, within bounds */
  int margin;
  int room; /* letters to a line; G_MAXINT: as many as it likes */
} Layout;

static char *
dup_cell (const LsTable *table, guint row, guint column)
{
  const LsTableCell *cell = ls_table_get_cell (table, row, column);
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

/* -- Which columns, and how wide -- */

static int
get_line_width (const Layout *layout)
{
  int width = INDENT - layout->margin;
  for (guint i = 0; i < layout->table->n_columns; i++)
    width += layout->widths[i] > 0 ? layout->widths[i] + layout->margin : 0;
  return width;
}

/* Takes from the widest text until a line fits, or none has more than `least`. */
static void
cut_texts (Layout *layout, int least)
{
  for (int excess = get_line_width (layout) - layout->room; excess > 0; excess--) {
    int *widest = NULL;
    for (guint i = 0; i < layout->table->n_columns; i++)
      if (layout->table->columns[i].kind == LS_CELL_TEXT && layout->widths[i] > least &&
          (!widest || layout->widths[i] > *widest))
        widest = &layout->widths[i];
    if (!widest)
      return;
    --*widest;
  }
}

/* Whether the column says nothing: that nothing ever failed. */
static bool
is_empty (const Layout *layout, guint column)
{
  guint n_columns = layout->table->n_columns;
  for (guint i = n_columns + column; i < layout->texts->len; i += n_columns) {
    const char *text = g_ptr_array_index (layout->texts, i);
    if (text[0] && strcmp (text, "0") != 0)
      return false;
  }
  return true;
}

/* The column that is missed least; those that say nothing come before others. */
static int
find_least (const Layout *layout)
{
  int least = -1, least_rank = G_MAXINT;
  for (guint i = 0; i < layout->table->n_columns; i++) {
    int gives_way = layout->table->columns[i].gives_way;
    int rank = gives_way + (is_empty (layout, i) ? 0 : 1000);
    if (layout->widths[i] > 0 && gives_way > 0 && rank < least_rank) {
      least = (int) i;
      least_rank = rank;
    }
  }
  return least;
}

/* First the columns stand closer, then they give way, and at last names are cut short. */
static void
fit (Layout *layout)
{
  gsize bytes = layout->table->n_columns * sizeof (int);
  memcpy (layout->widths, layout->natural, bytes);
  if (get_line_width (layout) > layout->room)
    layout->margin = MIN_MARGIN;
  cut_texts (layout, ENOUGH_LETTERS);
  for (int least; get_line_width (layout) > layout->room && (least = find_least (layout)) >= 0;) {
    layout->natural[least] = 0;
    memcpy (layout->widths, layout->natural, bytes);
    cut_texts (layout, ENOUGH_LETTERS);
  }
  cut_texts (layout, MIN_LETTERS);
}

/* -- Printing -- */

static void
print_cell (FILE *out, const char *text, int width, bool to_the_right, bool is_last)
{
  int pad = width - get_width (text);
  if (to_the_right)
    fprintf (out, "%*s%s", pad, "", text);
  else
    fprintf (out, "%s%*s", text, is_last ? 0 : pad, "");
}

static void
print_row (const Layout *layout, guint row, FILE *out)
{
  const LsTable *table = layout->table;
  guint last = 0;
  bool is_first = true;
  for (guint i = 0; i < table->n_columns; i++)
    last = layout->widths[i] > 0 ? i : last;
  for (guint i = 0; i <= last; i++) {
    if (layout->widths[i] == 0)
      continue;
    const char *text = g_ptr_array_index (layout->texts, row * table->n_columns + i);
    g_autofree char *fitting = dup_fitting (text, layout->widths[i]);
    fprintf (out, "%*s", is_first ? INDENT : layout->margin, "");
    print_cell (out, fitting, layout->widths[i], table->columns[i].kind != LS_CELL_TEXT, i == last);
    is_first = false;
  }
  fputc ('\n', out);
}

/* "hold_p99_ns" as "hold p99". */
static char *
dup_key_words (const char *key)
{
  char *words = g_strdelimit (g_strdup (key), "_", ' ');
  if (g_str_has_suffix (words, " ns"))
    words[strlen (words) - 3] = '\0';
  return words;
}

/* Which columns gave way, over as many lines as that takes. */
static void
print_missing (const Layout *layout, FILE *out)
{
  const LsTable *table = layout->table;
  static const char start[] = "  in a wider window:";
  int at = 0;
  for (guint i = 0; i < table->n_columns; i++) {
    if (!table->columns[i].heading || layout->widths[i] > 0)
      continue;
    g_autofree char *words = dup_key_words (table->columns[i].key);
    if (at == 0)
      at = fprintf (out, "%s", start);
    else
      at += fprintf (out, ",");
    if (at + 2 + (int) strlen (words) > layout->room)
      at = fprintf (out, "\n   ") - 1;
    at += fprintf (out, " %s", words);
  }
  if (at > 0)
    fputc ('\n', out);
}

void
ls_table_print (const LsTable *table, guint max_rows, guint width, FILE *out)
{
  guint n_rows = ls_table_get_n_rows (table), n_shown = MIN (n_rows, max_rows);
  guint n_columns = table->n_columns;
  if (n_rows == 0)
    return;
  g_autofree int *widths = g_new0 (int, n_columns), *natural = g_new0 (int, n_columns);
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  for (guint c = 0; c < n_columns; c++)
    g_ptr_array_add (texts, g_strdup (table->columns[c].heading ? table->columns[c].heading : ""));
  for (guint i = 0; i < n_shown * n_columns; i++)
    g_ptr_array_add (texts, dup_cell (table, i / n_columns, i % n_columns));
  for (guint i = 0; i < texts->len; i++)
    if (ls_table_get_column (table, i)->heading)
      natural[i % n_columns] =
        MAX (natural[i % n_columns], MIN (get_width (texts->pdata[i]), MAX_LETTERS));
  Layout layout = { .table = table,
                    .texts = texts,
                    .widths = widths,
                    .natural = natural,
                    .margin = MARGIN,
                    .room = width > 0 ? (int) MIN (width, (guint) G_MAXINT) : G_MAXINT };
  fit (&layout);
  fprintf (out, "\n%s\n", table->title);
  for (guint row = 0; row <= n_shown; row++)
    print_row (&layout, row, out);
  if (n_rows > n_shown)
    fprintf (out, "  and %u more; --all shows them\n", n_rows - n_shown);
  print_missing (&layout, out);
}
