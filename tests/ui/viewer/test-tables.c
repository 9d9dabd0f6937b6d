/* SPDX-License-Identifier: MIT */
/* The lists: lazy rows, sorting, and the two-way selection with the session. */
#include <glib/gstdio.h>

#include "await.h"
#include "index-model.h"
#include "navigate.h"
#include "source-panel.h"
#include "table-sort.h"
#include "table-view.h"

static void
count (guint *n)
{
  (*n)++;
}

static void
test_index_model_run (void)
{
  g_autoptr (LsIndexModel) model = ls_index_model_new_run (1000, 50000000);
  guint n_picked = 0;
  g_signal_connect_swapped (model, "picked", G_CALLBACK (count), &n_picked);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), ==, 50000000);
  g_autoptr (LsIndexItem) item = g_list_model_get_item (G_LIST_MODEL (model), 49999999);
  g_assert_cmpuint (ls_index_item_get_index (item), ==, 50000999);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (model), 50000000));

  g_assert_cmpuint (ls_index_model_select (model, 1005), ==, 5);
  g_assert_true (gtk_selection_model_is_selected (GTK_SELECTION_MODEL (model), 5));
  g_assert_cmpuint (ls_index_model_select (model, 999), ==, GTK_INVALID_LIST_POSITION);
  g_assert_false (gtk_selection_model_is_selected (GTK_SELECTION_MODEL (model), 5));
  g_assert_cmpuint (n_picked, ==, 0);
  gtk_selection_model_select_item (GTK_SELECTION_MODEL (model), 7, TRUE);
  g_assert_cmpuint (n_picked, ==, 1);
  g_assert_cmpuint (ls_index_model_get_selected (model), ==, 1007);
}

static void
test_index_model_order (void)
{
  const guint32 rows[] = { 9, 2, 5 };
  GArray *order = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_array_append_vals (order, rows, G_N_ELEMENTS (rows));
  g_autoptr (LsIndexModel) model = ls_index_model_new_order (order);
  g_assert_cmpuint (ls_index_model_select (model, 5), ==, 2);
  g_assert_cmpuint (ls_index_model_get_index (model, 1), ==, 2);
  g_assert_cmpuint (ls_index_model_select (model, LS_NONE), ==, GTK_INVALID_LIST_POSITION);
  g_autoptr (LsIndexModel) empty = ls_index_model_new_run (0, 0);
  g_assert_cmpuint (ls_index_model_select (empty, 0), ==, GTK_INVALID_LIST_POSITION);
}

typedef struct {
  GArray *order;
} Sorted;

static void
on_sorted (GObject *object, GAsyncResult *result, gpointer data)
{
  ((Sorted *) data)->order = ls_table_sort_finish (result);
}

static gboolean
is_sorted (gpointer data)
{
  return ((Sorted *) data)->order != NULL;
}

/* Every column of every table sorts; the events by thread keep their order within one. */
static void
test_sort (void)
{
  static const LsTable *const tables[] = { &ls_table_findings, &ls_table_events, &ls_table_threads,
                                           &ls_table_locks, &ls_table_values };
  g_autoptr (LsSession) session = new_sample_session ();
  LsTableSource source = { ls_session_get_trace (session), ls_session_get_findings (session) };
  for (guint t = 0; t < G_N_ELEMENTS (tables); t++)
    for (guint i = 0; i < tables[t]->n_columns; i++) {
      Sorted sorted = { NULL };
      LsSortRequest request = { .source = source,
                                .column = &tables[t]->columns[i],
                                .descending = i % 2 };
      request.rows = tables[t]->dup_rows ? tables[t]->dup_rows (&source) : NULL;
      request.n = request.rows ? request.rows->len : ls_trace_get_n_events (source.trace);
      guint n = request.n;
      ls_table_sort_async (&request, NULL, on_sorted, &sorted);
      g_assert_true (await (is_sorted, &sorted));
      g_assert_cmpuint (sorted.order->len, ==, n);
      for (guint row = 0; row < n; row++) {
        g_autofree char *text =
          tables[t]->columns[i].dup_text (&source, g_array_index (sorted.order, guint32, row));
        g_assert_nonnull (text);
        double (*get_key) (const LsTableSource *, guint32) = tables[t]->columns[i].get_key;
        if (row == 0 || !get_key)
          continue;
        guint32 a = g_array_index (sorted.order, guint32, row - 1);
        guint32 b = g_array_index (sorted.order, guint32, row);
        double x = get_key (&source, a), y = get_key (&source, b);
        g_assert_true (request.descending ? x >= y : x <= y);
        g_assert_true (x != y || a < b);
      }
      g_array_unref (sorted.order);
    }
}

static void
test_text (void)
{
  g_autoptr (LsSession) session = new_sample_session ();
  LsTableView *view = LS_TABLE_VIEW (g_object_ref_sink (ls_table_view_new (&ls_table_events)));
  ls_table_view_set_session (view, session);
  ls_table_view_set_all (view, TRUE);
  g_assert_cmpuint (ls_table_view_get_n_rows (view), ==, 30);
  g_autofree char *text = ls_table_view_dup_text (view);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 30 + 2); /* heading, and the end after the last */
  g_assert_cmpstr (lines[11], ==,
                   "11\t8.000000\texecutor-0\tread\tdatabase.value\t0\trace_condition.c:21");
  ls_table_view_set_session (view, NULL);
  g_object_unref (view);
}

static void
test_source_find (void)
{
  g_autofree char *folder = g_dir_make_tmp ("lockstitch-XXXXXX", NULL);
  g_autofree char *sub = g_build_filename (folder, "src", NULL);
  g_autofree char *file = g_build_filename (sub, "a.c", NULL);
  g_autofree char *trace = g_build_filename (folder, "x.trace.jsonl", NULL);
  g_assert_no_errno (g_mkdir (sub, 0700));
  g_assert_true (g_file_set_contents (file, "int a;\n", -1, NULL));
  g_autofree char *absolute = ls_source_find (file, NULL, NULL);
  g_assert_cmpstr (absolute, ==, file);
  g_autofree char *mapped = ls_source_find ("/build/elsewhere/src/a.c", NULL, folder);
  g_assert_cmpstr (mapped, ==, file);
  g_autofree char *beside = ls_source_find ("src/a.c", trace, NULL);
  g_assert_cmpstr (beside, ==, file);
  g_autofree char *deep = g_build_filename (folder, "recordings", "new", "x.trace.jsonl", NULL);
  g_autofree char *above = ls_source_find ("src/a.c", deep, NULL);
  g_assert_cmpstr (above, ==, file);
  g_assert_null (ls_source_find ("/build/b.c", trace, folder));
  g_assert_null (ls_source_find ("", trace, folder));
  g_assert_no_errno (g_unlink (file));
  g_assert_no_errno (g_rmdir (sub));
  g_assert_no_errno (g_rmdir (folder));
}

int
main (int argc, char **argv)
{
  init_tests (&argc, &argv);
  g_test_add_func ("/tables/index-model-run", test_index_model_run);
  g_test_add_func ("/tables/index-model-order", test_index_model_order);
  g_test_add_func ("/tables/sort", test_sort);
  g_test_add_func ("/tables/text", test_text);
  g_test_add_func ("/tables/source-find", test_source_find);
  return g_test_run ();
}
