/* SPDX-License-Identifier: MIT */
/* Loading off the main thread: a GTask for the work, two atomics and a timeout for its progress. */
#include "loader.h"

#define PROGRESS_MS 60

struct _LsLoader {
  GObject parent_instance;
  GCancellable *cancellable;
  guint progress_source;
  gint stage;     /* atomic: LsLoaderStage */
  gint per_mille; /* atomic */
};

G_DEFINE_FINAL_TYPE (LsLoader, ls_loader, G_TYPE_OBJECT)

static guint progress_signal;

typedef struct {
  LsTrace *trace;
  GPtrArray *findings;
} Loaded;

static void
loaded_free (gpointer data)
{
  Loaded *loaded = data;
  g_clear_pointer (&loaded->trace, ls_trace_unref);
  g_clear_pointer (&loaded->findings, g_ptr_array_unref);
  g_free (loaded);
}

/* On the worker. */
static void
on_fraction (double fraction, gpointer data)
{
  LsLoader *loader = data;
  g_atomic_int_set (&loader->per_mille, (gint) (CLAMP (fraction, 0, 1) * 1000));
}

static void
load (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  LsLoader *loader = source;
  const char *path = task_data;
  GError *error = NULL;
  Loaded *loaded = g_new0 (Loaded, 1);
  loaded->trace = ls_trace_open (path, on_fraction, loader, cancellable, &error);
  if (loaded->trace) {
    g_atomic_int_set (&loader->per_mille, 0);
    g_atomic_int_set (&loader->stage, LS_LOADER_ANALYSING);
    loaded->findings =
      ls_trace_compute_findings (loaded->trace, NULL, on_fraction, loader, cancellable, &error);
  }
  if (loaded->findings) {
    g_task_return_pointer (task, loaded, loaded_free);
    return;
  }
  loaded_free (loaded);
  if (!error)
    g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
  g_task_return_error (task, error);
}

static gboolean
emit_progress (gpointer data)
{
  g_signal_emit (data, progress_signal, 0);
  return G_SOURCE_CONTINUE;
}

void
ls_loader_load_async (LsLoader *loader,
                      const char *path,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_return_if_fail (loader->progress_source == 0);
  g_autoptr (GTask) task = g_task_new (loader, loader->cancellable, callback, user_data);
  g_task_set_task_data (task, g_strdup (path), g_free);
  loader->progress_source = g_timeout_add (PROGRESS_MS, emit_progress, loader);
  g_task_run_in_thread (task, load);
}

LsTrace *
ls_loader_load_finish (LsLoader *loader, GAsyncResult *result, GPtrArray **findings, GError **error)
{
  g_clear_handle_id (&loader->progress_source, g_source_remove);
  Loaded *loaded = g_task_propagate_pointer (G_TASK (result), error);
  if (!loaded)
    return NULL;
  LsTrace *trace = g_steal_pointer (&loaded->trace);
  *findings = g_steal_pointer (&loaded->findings);
  loaded_free (loaded);
  return trace;
}

void
ls_loader_cancel (LsLoader *loader)
{
  g_cancellable_cancel (loader->cancellable);
}

LsLoaderStage
ls_loader_get_progress (LsLoader *loader, double *fraction)
{
  *fraction = g_atomic_int_get (&loader->per_mille) / 1000.0;
  return (LsLoaderStage) g_atomic_int_get (&loader->stage);
}

static void
finalize (GObject *object)
{
  LsLoader *loader = LS_LOADER (object);
  g_clear_handle_id (&loader->progress_source, g_source_remove);
  g_clear_object (&loader->cancellable);
  G_OBJECT_CLASS (ls_loader_parent_class)->finalize (object);
}

static void
ls_loader_class_init (LsLoaderClass *class)
{
  G_OBJECT_CLASS (class)->finalize = finalize;
  progress_signal = g_signal_new ("progress", LS_TYPE_LOADER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
}

static void
ls_loader_init (LsLoader *loader)
{
  loader->cancellable = g_cancellable_new ();
}

LsLoader *
ls_loader_new (void)
{
  return g_object_new (LS_TYPE_LOADER, NULL);
}
