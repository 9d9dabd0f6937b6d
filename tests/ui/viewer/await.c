/* SPDX-License-Identifier: MIT */
#include "await.h"

#include "finding.h"
#include "style.h"

#define DEADLINE_S 10

void
init_tests (int *argc, char ***argv)
{
  gtk_test_init (argc, argv, NULL);
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  adw_init ();
}

static gboolean
on_deadline (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

static gboolean
on_tick (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

gboolean
await (gboolean (*is_so) (gpointer data), gpointer data)
{
  gboolean is_late = FALSE;
  guint source = g_timeout_add_seconds (DEADLINE_S, on_deadline, &is_late);
  guint tick = g_timeout_add (20, on_tick, NULL); /* for what the main loop does not tell */
  while (!is_so (data) && !is_late)
    g_main_context_iteration (NULL, TRUE);
  if (!is_late)
    g_source_remove (source);
  g_source_remove (tick);
  return !is_late;
}

void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

LsSession *
new_sample_session (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LsTrace) trace =
    ls_trace_open (SAMPLES "/mockup.trace.jsonl", NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (GPtrArray) findings =
    ls_trace_compute_findings (trace, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return ls_session_new (trace, findings);
}

static GtkApplication *
get_application (void)
{
  static GtkApplication *application;
  if (application)
    return application;
  application = g_object_new (ADW_TYPE_APPLICATION, "flags", G_APPLICATION_NON_UNIQUE, NULL);
  g_application_register (G_APPLICATION (application), NULL, NULL);
  ls_style_init ();
  return application;
}

static gboolean
is_opened (gpointer window)
{
  return g_strcmp0 (ls_window_get_page (window), "loading") != 0;
}

LsWindow *
new_window (const char *path)
{
  LsWindow *window = ls_window_new (get_application ());
  gtk_window_set_default_size (GTK_WINDOW (window), 1400, 900);
  gtk_window_present (GTK_WINDOW (window));
  if (path) {
    ls_window_open (window, path);
    g_assert_true (await (is_opened, window));
  }
  settle ();
  return window;
}

static gboolean
is_gone (gpointer pointer)
{
  return *(gpointer *) pointer == NULL;
}

void
end_window (LsWindow *window)
{
  gpointer weak = window;
  g_object_add_weak_pointer (G_OBJECT (window), &weak);
  gtk_window_destroy (GTK_WINDOW (window));
  g_assert_true (await (is_gone, &weak));
}

typedef struct {
  LsWindow *window;
  int width, height;
  GskRenderNode *node;
} Picture;

/* What the window has drawn; nothing before its first frame. */
static gboolean
is_drawn (gpointer data)
{
  Picture *picture = data;
  GtkWidget *widget = GTK_WIDGET (picture->window);
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  picture->width = gtk_widget_get_width (widget);
  picture->height = gtk_widget_get_height (widget);
  gdk_paintable_snapshot (paintable, snapshot, picture->width, picture->height);
  picture->node = gtk_snapshot_free_to_node (snapshot);
  return picture->node != NULL;
}

guint32 *
dup_pixels (LsWindow *window, int *width, int *height)
{
  Picture picture = { .window = window };
  gtk_widget_queue_draw (GTK_WIDGET (window));
  g_assert_true (await (is_drawn, &picture));
  *width = picture.width;
  *height = picture.height;
  g_autoptr (GdkTexture) texture =
    gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (window)), picture.node,
                                 &GRAPHENE_RECT_INIT (0, 0, (float) *width, (float) *height));
  gsk_render_node_unref (picture.node);
  const char *path = g_getenv ("LOCKSTITCH_TEST_PICTURE");
  if (path)
    gdk_texture_save_to_png (texture, path);
  guint32 *pixels = g_new (guint32, (gsize) *width * (gsize) *height);
  gdk_texture_download (texture, (guchar *) pixels, (gsize) *width * 4);
  return pixels;
}
