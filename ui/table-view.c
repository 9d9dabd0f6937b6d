/* SPDX-License-Identifier: MIT */
/* One table: a column view over a lazy list of rows, sorted off the main thread. */
#include "table-view.h"

#include <glib/gi18n-lib.h>

#include "index-model.h"
#include "table-sort.h"

#define IN_VIEW_MS 150
#define MAX_COPIED_ROWS 100000

struct _LsTableView {
  AdwBin parent_instance;

  const LsTable *table;
  LsSession *session;
  LsTableSource source;
  gboolean all;
  guint n_rows;
  guint in_view_source;
  bool is_stale; /* the view changed while this table was not shown */

  GtkWidget *stack; /* "rows" or "empty" */
  GtkColumnView *columns;
  LsIndexModel *model;
  GObject *probe_a, *probe_b;
  int sort_column; /* -1: the table's own order */
  bool sort_descending;
  GCancellable *sorting;
};

G_DEFINE_FINAL_TYPE (LsTableView, ls_table_view, ADW_TYPE_BIN)

/* -- Cells -- */

typedef struct {
  LsTableView *view;
  int column;
} CellData;

static void
setup_cell (GtkSignalListItemFactory *factory, GtkListItem *item, CellData *data)
{
  GtkWidget *label = gtk_label_new (NULL);
  bool is_number = data->view->table->columns[data->column].is_number;
  gtk_label_set_xalign (GTK_LABEL (label), is_number ? 1 : 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  if (is_number)
    gtk_widget_add_css_class (label, "numeric");
  gtk_list_item_set_child (item, label);
}

static void
bind_cell (GtkSignalListItemFactory *factory, GtkListItem *item, CellData *data)
{
  const LsTableColumn *column = &data->view->table->columns[data->column];
  GtkWidget *label = gtk_list_item_get_child (item);
  guint32 row = ls_index_item_get_index (LS_INDEX_ITEM (gtk_list_item_get_item (item)));
  if (!data->view->session)
    return;
  g_autofree char *text = column->dup_text (&data->view->source, row);
  gtk_label_set_text (GTK_LABEL (label), text);
  const char *classes[] = { column->is_number ? "numeric" : NULL, NULL, NULL };
  if (column->get_class)
    classes[classes[0] ? 1 : 0] = column->get_class (&data->view->source, row);
  gtk_widget_set_css_classes (label, classes);
}

/* -- Rows -- */

static void
scroll_to (LsTableView *view, guint position)
{
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (view->columns));
  for (; child; child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_LIST_VIEW (child))
      gtk_widget_activate_action (child, "list.scroll-to-item", "u", position);
}

static void
select_row_of_session (LsTableView *view)
{
  if (!view->session || !view->model)
    return;
  guint32 row = view->table->get_selected (view->session);
  if (row == ls_index_model_get_selected (view->model))
    return;
  guint position = ls_index_model_select (view->model, row);
  if (position != GTK_INVALID_LIST_POSITION)
    scroll_to (view, position);
}

static void
on_picked (LsIndexModel *model, guint row, LsTableView *view)
{
  if (view->session)
    view->table->pick (view->session, row);
}

static void
set_model (LsTableView *view, LsIndexModel *model)
{
  g_set_object (&view->model, model);
  gtk_column_view_set_model (view->columns, GTK_SELECTION_MODEL (model));
  guint n = model ? g_list_model_get_n_items (G_LIST_MODEL (model)) : 0;
  gtk_stack_set_visible_child_name (GTK_STACK (view->stack), n > 0 ? "rows" : "empty");
  if (!model)
    return;
  g_signal_connect_object (model, "picked", G_CALLBACK (on_picked), view, 0);
  select_row_of_session (view);
}

static void
on_sorted (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (LsTableView) view = data;
  GArray *order = ls_table_sort_finish (result);
  if (!order)
    return;
  g_autoptr (LsIndexModel) model = ls_index_model_new_order (order);
  set_model (view, model);
}

/* Shows the rows that are asked for, in the order asked for. */
static void
reload (LsTableView *view)
{
  g_cancellable_cancel (view->sorting);
  g_clear_object (&view->sorting);
  view->is_stale = false;
  if (!view->session) {
    set_model (view, NULL);
    return;
  }
  guint32 begin = 0, end = view->n_rows;
  if (view->table->in_view && !view->all)
    ls_session_get_events_in_view (view->session, &begin, &end);
  GArray *rows = view->table->dup_rows ? view->table->dup_rows (&view->source) : NULL;
  if (view->sort_column < 0) {
    g_autoptr (LsIndexModel) model =
      rows ? ls_index_model_new_order (rows)
           : ls_index_model_new_run (begin, end > begin ? end - begin : 0);
    set_model (view, model);
    return;
  }
  view->sorting = g_cancellable_new ();
  LsSortRequest request = {
    .source = view->source,
    .column = &view->table->columns[view->sort_column],
    .descending = view->sort_descending,
    .rows = rows,
    .offset = begin,
    .n = rows          ? rows->len
         : end > begin ? end - begin
                       : 0,
  };
  ls_table_sort_async (&request, view->sorting, on_sorted, g_object_ref (view));
}

/* GTK 4.8 does not tell which column sorts: a comparison of two probes does, since the first column
 * that is asked is the one, and the sign says which way. */
static int
compare_probes (gconstpointer a, gconstpointer b, gpointer data)
{
  CellData *cell = data;
  if (cell->view->sort_column < 0)
    cell->view->sort_column = cell->column;
  return GTK_ORDERING_LARGER;
}

static void
on_sorter_changed (GtkSorter *sorter, GtkSorterChange change, LsTableView *view)
{
  view->sort_column = -1;
  GtkOrdering order = gtk_sorter_compare (sorter, view->probe_a, view->probe_b);
  view->sort_descending = order == GTK_ORDERING_SMALLER;
  reload (view);
}

/* -- What the session tells -- */

static gboolean
on_view_settled (gpointer data)
{
  LsTableView *view = data;
  view->in_view_source = 0;
  reload (view);
  return G_SOURCE_REMOVE;
}

static void
on_map (LsTableView *view)
{
  if (view->is_stale)
    reload (view);
}

static void
on_view_changed (LsTableView *view)
{
  if (!view->table->in_view || view->all)
    return;
  view->is_stale = true;
  g_clear_handle_id (&view->in_view_source, g_source_remove);
  if (gtk_widget_get_mapped (GTK_WIDGET (view)))
    view->in_view_source = g_timeout_add (IN_VIEW_MS, on_view_settled, view);
}

static guint
count_rows (LsTableView *view)
{
  if (!view->table->dup_rows)
    return ls_trace_get_n_events (view->source.trace);
  g_autoptr (GArray) rows = view->table->dup_rows (&view->source);
  return rows->len;
}

void
ls_table_view_set_session (LsTableView *view, LsSession *session)
{
  if (view->session == session)
    return;
  g_clear_handle_id (&view->in_view_source, g_source_remove);
  if (view->session)
    g_signal_handlers_disconnect_by_data (view->session, view);
  set_model (view, NULL);
  g_set_object (&view->session, session);
  view->source = (LsTableSource){ NULL, NULL };
  view->n_rows = 0;
  if (session) {
    view->source.trace = ls_session_get_trace (session);
    view->source.findings = ls_session_get_findings (session);
    view->n_rows = count_rows (view);
    const char *const signals[] = { "notify::cursor", "notify::lane", "notify::finding" };
    for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
      g_signal_connect_object (session, signals[i], G_CALLBACK (select_row_of_session), view,
                               G_CONNECT_SWAPPED);
    g_signal_connect_object (session, "view-changed", G_CALLBACK (on_view_changed), view,
                             G_CONNECT_SWAPPED);
  }
  reload (view);
}

void
ls_table_view_set_all (LsTableView *view, gboolean all)
{
  if (view->all == all)
    return;
  view->all = all;
  reload (view);
}

guint
ls_table_view_get_n_rows (LsTableView *view)
{
  return view->n_rows;
}

char *
ls_table_view_dup_text (LsTableView *view)
{
  GString *text = g_string_new (NULL);
  guint n = view->model ? g_list_model_get_n_items (G_LIST_MODEL (view->model)) : 0;
  for (guint i = 0; i < view->table->n_columns; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "\t" : "", _ (view->table->columns[i].title));
  g_string_append_c (text, '\n');
  for (guint position = 0; position < MIN (n, MAX_COPIED_ROWS); position++) {
    guint32 row = ls_index_model_get_index (view->model, position);
    for (guint i = 0; i < view->table->n_columns; i++) {
      g_autofree char *cell = view->table->columns[i].dup_text (&view->source, row);
      g_string_append_printf (text, "%s%s", i > 0 ? "\t" : "", g_strstrip (cell));
    }
    g_string_append_c (text, '\n');
  }
  return g_string_free (text, FALSE);
}

/* -- The object -- */

static void
free_cell_data (gpointer data, GClosure *closure)
{
  g_free (data);
}

static void
add_column (LsTableView *view, int index)
{
  const LsTableColumn *column = &view->table->columns[index];
  CellData *data = g_new (CellData, 1);
  *data = (CellData){ view, index };
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_signal_connect_data (factory, "setup", G_CALLBACK (setup_cell), data, free_cell_data, 0);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cell), data);
  g_autoptr (GtkColumnViewColumn) made = gtk_column_view_column_new (_ (column->title), factory);
  gtk_column_view_column_set_resizable (made, TRUE);
  if (column->width_px > 0)
    gtk_column_view_column_set_fixed_width (made, column->width_px);
  else
    gtk_column_view_column_set_expand (made, TRUE);
  CellData *sort_data = g_new (CellData, 1);
  *sort_data = *data;
  g_autoptr (GtkSorter) sorter =
    GTK_SORTER (gtk_custom_sorter_new (compare_probes, sort_data, g_free));
  gtk_column_view_column_set_sorter (made, sorter);
  gtk_column_view_append_column (view->columns, made);
}

static void
dispose (GObject *object)
{
  LsTableView *view = LS_TABLE_VIEW (object);
  ls_table_view_set_session (view, NULL);
  g_clear_object (&view->model);
  g_clear_object (&view->probe_a);
  g_clear_object (&view->probe_b);
  g_cancellable_cancel (view->sorting);
  g_clear_object (&view->sorting);
  G_OBJECT_CLASS (ls_table_view_parent_class)->dispose (object);
}

static void
ls_table_view_class_init (LsTableViewClass *class)
{
  G_OBJECT_CLASS (class)->dispose = dispose;
}

static void
ls_table_view_init (LsTableView *view)
{
  view->sort_column = -1;
  g_signal_connect (view, "map", G_CALLBACK (on_map), NULL);
  view->probe_a = g_object_new (LS_TYPE_INDEX_ITEM, NULL);
  view->probe_b = g_object_new (LS_TYPE_INDEX_ITEM, NULL);
}

GtkWidget *
ls_table_view_new (const LsTable *table)
{
  LsTableView *view = g_object_new (LS_TYPE_TABLE_VIEW, NULL);
  view->table = table;
  view->columns = GTK_COLUMN_VIEW (gtk_column_view_new (NULL));
  gtk_widget_add_css_class (GTK_WIDGET (view->columns), "data-table");
  for (guint i = 0; i < table->n_columns; i++)
    add_column (view, (int) i);
  g_signal_connect_object (gtk_column_view_get_sorter (view->columns), "changed",
                           G_CALLBACK (on_sorter_changed), view, 0);

  GtkWidget *scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (view->columns));
  GtkWidget *empty = gtk_label_new (_ (table->empty));
  gtk_widget_add_css_class (empty, "dim-label");
  view->stack = gtk_stack_new ();
  gtk_stack_add_named (GTK_STACK (view->stack), empty, "empty");
  gtk_stack_add_named (GTK_STACK (view->stack), scrolled, "rows");
  adw_bin_set_child (ADW_BIN (view), view->stack);
  return GTK_WIDGET (view);
}
