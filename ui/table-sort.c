/* SPDX-License-Identifier: MIT */
/* Sorts a table's rows. Keys are read once, so that a comparison costs no look into the trace. */
#include "table-sort.h"

typedef struct {
  double key;
  char *text;
  guint32 row;
} SortRow;

static void
request_free (gpointer data)
{
  LsSortRequest *job = data;
  g_clear_pointer (&job->rows, g_array_unref);
  ls_trace_unref (job->source.trace);
  g_ptr_array_unref (job->source.findings);
  g_free (job);
}

static int
compare_rows (gconstpointer a, gconstpointer b, gpointer data)
{
  const SortRow *row_a = a, *row_b = b;
  const LsSortRequest *job = data;
  int order = row_a->text ? g_utf8_collate (row_a->text, row_b->text)
                          : (row_a->key > row_b->key) - (row_a->key < row_b->key);
  if (job->descending)
    order = -order;
  return order ? order : (row_a->row > row_b->row) - (row_a->row < row_b->row);
}

static void
sort_rows (GTask *task, gpointer object, gpointer task_data, GCancellable *cancellable)
{
  LsSortRequest *job = task_data;
  g_autofree SortRow *rows = g_new0 (SortRow, MAX (job->n, 1));
  for (guint32 i = 0; i < job->n; i++) {
    rows[i].row = job->rows ? g_array_index (job->rows, guint32, i) : job->offset + i;
    if (job->column->get_key)
      rows[i].key = job->column->get_key (&job->source, rows[i].row);
    else
      rows[i].text = job->column->dup_text (&job->source, rows[i].row);
  }
  g_qsort_with_data (rows, (int) job->n, sizeof *rows, compare_rows, job);
  GArray *order = g_array_sized_new (FALSE, FALSE, sizeof (guint32), job->n);
  for (guint32 i = 0; i < job->n; i++) {
    g_array_append_val (order, rows[i].row);
    g_free (rows[i].text);
  }
  g_task_return_pointer (task, order, (GDestroyNotify) g_array_unref);
}

void
ls_table_sort_async (const LsSortRequest *request,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  LsSortRequest *job = g_new (LsSortRequest, 1);
  *job = *request;
  ls_trace_ref (job->source.trace);
  g_ptr_array_ref (job->source.findings);
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_task_data (task, job, request_free);
  g_task_run_in_thread (task, sort_rows);
}

GArray *
ls_table_sort_finish (GAsyncResult *result)
{
  return g_task_propagate_pointer (G_TASK (result), NULL);
}
