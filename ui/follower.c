/* SPDX-License-Identifier: MIT */
/* Following a trace: a look at the file now and then, and a loader when it is not as it was. */
#include "follower.h"

#include <glib/gstdio.h>

#include "loader.h"
#include "weak.h"

#define LOOK_MS 250
#define REST_FACTOR 4

/* What tells whether a file is the same as before: it may be written anew, or another put in its place,
 * and have the same size. */
typedef struct {
  goffset size; /* -1: there is none */
  guint64 inode, device;
  gint64 changed_ns;
} FileState;

struct _LsFollower {
  GObject parent_instance;
  char *path;
  FileState state; /* when what is shown was read */
  guint look_source;
  LsLoader *loader; /* NULL when nothing is being loaded */
  gint64 begun_us, rest_until_us;
  gboolean is_growing;
};

G_DEFINE_FINAL_TYPE (LsFollower, ls_follower, G_TYPE_OBJECT)

static guint followed_signal;

static FileState
get_state (const char *path)
{
  GStatBuf info;
  if (g_stat (path, &info) != 0)
    return (FileState){ .size = -1 };
  return (FileState){ .size = info.st_size,
                      .inode = info.st_ino,
                      .device = info.st_dev,
                      .changed_ns =
                        (gint64) info.st_mtim.tv_sec * 1000000000 + info.st_mtim.tv_nsec };
}

static gboolean
is_same (const FileState *a, const FileState *b)
{
  return a->size == b->size && a->inode == b->inode && a->device == b->device &&
         a->changed_ns == b->changed_ns;
}

void
ls_follower_stop (LsFollower *follower)
{
  g_clear_handle_id (&follower->look_source, g_source_remove);
  if (follower->loader)
    ls_loader_cancel (follower->loader);
  g_clear_object (&follower->loader);
  follower->is_growing = FALSE;
}

static void
on_loaded (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (LsFollower) follower = ls_weak_take (data);
  g_autoptr (GPtrArray) findings = NULL;
  g_autoptr (LsTrace) trace = ls_loader_load_finish (LS_LOADER (object), result, &findings, NULL);
  if (!follower || follower->loader != LS_LOADER (object))
    return; /* stopped meanwhile */
  g_clear_object (&follower->loader);
  gint64 now_us = g_get_monotonic_time ();
  follower->rest_until_us = now_us + REST_FACTOR * (now_us - follower->begun_us);
  /* A file that is no trace any more leaves what is shown as it is; one that was emptied to be written
   * anew will be one again. */
  if (!trace)
    follower->is_growing = FALSE;
  else if (!ls_trace_get_info (trace)->cut)
    ls_follower_stop (follower);
  if (trace)
    g_signal_emit (follower, followed_signal, 0, trace, findings);
}

static gboolean
look (gpointer data)
{
  LsFollower *follower = data;
  gint64 now_us = g_get_monotonic_time ();
  FileState state = get_state (follower->path);
  if (follower->loader || now_us < follower->rest_until_us || state.size <= 0 ||
      is_same (&state, &follower->state))
    return G_SOURCE_CONTINUE;
  follower->state = state;
  follower->is_growing = TRUE;
  follower->begun_us = now_us;
  follower->loader = ls_loader_new ();
  ls_loader_load_async (follower->loader, follower->path, on_loaded, ls_weak_new (follower));
  return G_SOURCE_CONTINUE;
}

gboolean
ls_follower_is_growing (LsFollower *follower)
{
  return follower->is_growing;
}

static void
dispose (GObject *object)
{
  ls_follower_stop (LS_FOLLOWER (object));
  G_OBJECT_CLASS (ls_follower_parent_class)->dispose (object);
}

static void
finalize (GObject *object)
{
  g_free (LS_FOLLOWER (object)->path);
  G_OBJECT_CLASS (ls_follower_parent_class)->finalize (object);
}

static void
ls_follower_class_init (LsFollowerClass *class)
{
  G_OBJECT_CLASS (class)->dispose = dispose;
  G_OBJECT_CLASS (class)->finalize = finalize;
  followed_signal = g_signal_new ("followed", LS_TYPE_FOLLOWER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 2, G_TYPE_POINTER, G_TYPE_POINTER);
}

static void
ls_follower_init (LsFollower *follower)
{
}

LsFollower *
ls_follower_new (const char *path, goffset size, LsTrace *trace)
{
  LsFollower *follower = g_object_new (LS_TYPE_FOLLOWER, NULL);
  follower->path = g_strdup (path);
  follower->state = get_state (path);
  if (follower->state.size != size)
    follower->state.size = -1; /* it has changed since */
  if (ls_trace_get_info (trace)->cut)
    follower->look_source = g_timeout_add (LOOK_MS, look, follower);
  return follower;
}
