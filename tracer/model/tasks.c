/* SPDX-License-Identifier: MIT */
/* Work in pieces, on several threads. */
#include "tasks.h"

typedef struct {
  LsTaskFunc func;
  gpointer data;
  guint n_pieces;
  gint next;
} Tasks;

static gpointer
work (gpointer data)
{
  Tasks *tasks = data;
  for (;;) {
    guint piece = (guint) g_atomic_int_add (&tasks->next, 1);
    if (piece >= tasks->n_pieces)
      return NULL;
    tasks->func (piece, tasks->data);
  }
}

void
ls_tasks_run (guint n_workers, LsTaskFunc func, guint n_pieces, gpointer data)
{
  Tasks tasks = { func, data, n_pieces, 0 };
  guint n = MIN (n_workers, n_pieces);
  g_autoptr (GPtrArray) threads = g_ptr_array_new ();
  for (guint i = 1; i < n; i++) {
    GThread *thread = g_thread_try_new ("ls-model", work, &tasks, NULL);
    if (thread) /* without it the others do its share */
      g_ptr_array_add (threads, thread);
  }
  work (&tasks);
  for (guint i = 0; i < threads->len; i++)
    g_thread_join (g_ptr_array_index (threads, i));
}
