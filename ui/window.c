/* SPDX-License-Identifier: MIT */
/* The window: its pages, what is loaded, and the session that its parts watch. */
#include "window-private.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "start-page.h"
#include "weak.h"

G_DEFINE_FINAL_TYPE (LsWindow, ls_window, ADW_TYPE_APPLICATION_WINDOW)

enum {
  PROP_0,
  PROP_SESSION,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

static void
show_page (LsWindow *window, const char *name)
{
  bool is_trace = g_strcmp0 (name, "trace") == 0;
  gtk_stack_set_visible_child_name (window->stack, name);
  gtk_widget_set_visible (window->axis_box, is_trace);
  gtk_widget_set_visible (window->inspector_button, is_trace);
}

const char *
ls_window_get_page (LsWindow *window)
{
  return gtk_stack_get_visible_child_name (window->stack);
}

const char *
ls_window_get_error (LsWindow *window)
{
  const char *text = adw_status_page_get_description (window->error);
  return text ? text : "";
}

LsSession *
ls_window_get_session (LsWindow *window)
{
  return window->session;
}

/* -- The session -- */

/* "./race_condition · 114.8 ms", and whether there is more to come */
static void
show_title (LsWindow *window, LsTrace *trace)
{
  const LsTraceInfo *info = ls_trace_get_info (trace);
  g_autofree char *program =
    info->program && info->program[0] ? g_strjoinv (" ", (char **) info->program) : NULL;
  g_autofree char *duration = ls_duration_dup_text (info->end_ns);
  g_autofree char *subtitle =
    program ? g_strdup_printf ("%s · %s", program, duration) : g_strdup (duration);
  bool is_growing =
    info->is_growing || (window->follower && ls_follower_is_growing (window->follower));
  g_autofree char *now =
    is_growing ? g_strdup_printf (_ ("%s · still being recorded"), subtitle) : g_strdup (subtitle);
  g_autofree char *valid = g_utf8_make_valid (now, -1);
  adw_window_title_set_title (window->title, info->title);
  adw_window_title_set_subtitle (window->title, valid);
  g_autofree char *title = g_strdup_printf (_ ("%s – Lockstitch"), info->title);
  gtk_window_set_title (GTK_WINDOW (window), title);
}

static void
follow_style (LsWindow *window)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();
  if (window->session)
    ls_session_set_style (window->session, adw_style_manager_get_dark (manager),
                          adw_style_manager_get_high_contrast (manager));
}

/* The user's text size, which the canvas has to follow by itself. */
static void
follow_text_scale (LsWindow *window)
{
  int dpi = 0;
  g_object_get (gtk_widget_get_settings (GTK_WIDGET (window)), "gtk-xft-dpi", &dpi, NULL);
  if (!window->session || dpi <= 0)
    return;
  LsSceneOptions options = *ls_session_get_options (window->session);
  double scale = CLAMP (dpi / 1024.0 / 96.0, 0.5, 3);
  if (options.text_scale == scale)
    return;
  options.text_scale = scale;
  ls_session_set_options (window->session, &options);
}

static void
on_order (LsWindow *window)
{
  gboolean order;
  g_object_get (window->session, "order", &order, NULL);
  gtk_toggle_button_set_active (order ? window->order_button : window->time_button, TRUE);
  ls_window_update_actions (window);
}

static void
on_axis_toggled (LsWindow *window)
{
  /* The order button is not active yet when it takes over from this one. */
  if (window->session)
    ls_session_set_order (window->session, !gtk_toggle_button_get_active (window->time_button));
}

static void
set_session (LsWindow *window, LsSession *session)
{
  if (window->session)
    g_signal_handlers_disconnect_by_data (window->session, window);
  g_set_object (&window->session, session);
  follow_style (window);
  follow_text_scale (window);
  ls_verdict_bar_set_session (window->verdict, session);
  ls_timeline_set_session (window->timeline, session);
  ls_lists_set_session (window->lists, session);
  ls_inspector_set_session (window->inspector, session);
  if (session) {
    g_signal_connect_object (session, "notify::order", G_CALLBACK (on_order), window,
                             G_CONNECT_SWAPPED);
    const char *const states[] = { "notify::fold-gaps", "notify::can-go-back",
                                   "notify::can-go-forward", "notify::finding" };
    for (guint i = 0; i < G_N_ELEMENTS (states); i++)
      g_signal_connect_object (session, states[i], G_CALLBACK (ls_window_update_actions), window,
                               G_CONNECT_SWAPPED);
    on_order (window);
  }
  ls_window_update_actions (window);
  g_object_notify_by_pspec (G_OBJECT (window), props[PROP_SESSION]);
}

/* -- Loading -- */

static void
remember_file (const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autofree char *uri = g_file_get_uri (file);
  gtk_recent_manager_add_item (gtk_recent_manager_get_default (), uri);
}

static void
show_error (LsWindow *window, const char *message)
{
  g_autofree char *escaped = g_markup_escape_text (message, -1);
  adw_status_page_set_description (window->error, escaped);
  show_page (window, "error");
}

/* The gravest finding explains the trace best: it is shown at once, as soon as the timeline has the
 * width that framing goes by. */
static gboolean
show_gravest (GtkWidget *timeline, GdkFrameClock *clock, gpointer data)
{
  LsSession *session = data;
  if (gtk_widget_get_width (timeline) <= 0)
    return G_SOURCE_CONTINUE;
  if (ls_session_get_finding (session) == LS_NONE && ls_session_get_event (session) == LS_NONE)
    ls_session_select_finding (session, 0);
  return G_SOURCE_REMOVE;
}

/* The trace has grown. Who has not chosen anything yet sees its gravest finding, as after loading. */
static void
on_followed (LsFollower *follower, LsTrace *trace, GPtrArray *findings, LsWindow *window)
{
  bool has_chosen = ls_session_get_findings (window->session)->len > 0 ||
                    ls_session_get_cursor (window->session) != LS_NONE;
  g_autoptr (LsSession) session = ls_session_new_after (window->session, trace, findings);
  set_session (window, session);
  show_title (window, trace);
  if (!has_chosen && findings->len > 0)
    show_gravest (GTK_WIDGET (window->timeline), NULL, session);
}

static void
follow (LsWindow *window, LsTrace *trace)
{
  window->follower = ls_follower_new (window->path, window->size, trace);
  g_signal_connect_object (window->follower, "followed", G_CALLBACK (on_followed), window, 0);
}

static void
show_trace (LsWindow *window, LsTrace *trace, GPtrArray *findings)
{
  g_autoptr (LsSession) session = ls_session_new (trace, findings);
  set_session (window, session);
  if (findings->len > 0)
    gtk_widget_add_tick_callback (GTK_WIDGET (window->timeline), show_gravest,
                                  g_object_ref (session), g_object_unref);
  show_title (window, trace);
  show_page (window, "trace");
  gtk_widget_grab_focus (GTK_WIDGET (window->timeline));
  remember_file (window->path);
  follow (window, trace);
}

static void
on_loaded (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (LsWindow) window = ls_weak_take (data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) findings = NULL;
  g_autoptr (LsTrace) trace = ls_loader_load_finish (LS_LOADER (object), result, &findings, &error);
  if (!window)
    return; /* closed meanwhile */
  g_clear_object (&window->loader);
  if (trace)
    show_trace (window, trace, findings);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_page (window, "start");
  else
    show_error (window, error->message);
}

static void
on_progress (LsLoader *loader, LsWindow *window)
{
  double fraction;
  LsLoaderStage stage = ls_loader_get_progress (loader, &fraction);
  adw_status_page_set_description (window->loading, stage == LS_LOADER_READING
                                                      ? _ ("Reading the trace")
                                                      : _ ("Looking for what went wrong"));
  gtk_progress_bar_set_fraction (window->progress, fraction);
}

void
ls_window_open (LsWindow *window, const char *path)
{
  if (window->session || window->loader) {
    LsWindow *other = ls_window_new (gtk_window_get_application (GTK_WINDOW (window)));
    gtk_window_present (GTK_WINDOW (other));
    ls_window_open (other, path);
    return;
  }
  char *copy = g_strdup (path);
  g_free (window->path);
  window->path = copy;
  g_autofree char *name = g_filename_display_basename (path);
  g_autofree char *title = g_markup_escape_text (name, -1);
  adw_status_page_set_title (window->loading, title);
  gtk_progress_bar_set_fraction (window->progress, 0);
  GStatBuf info;
  window->size = g_stat (path, &info) == 0 ? (goffset) info.st_size : -1;
  window->loader = ls_loader_new ();
  g_signal_connect_object (window->loader, "progress", G_CALLBACK (on_progress), window, 0);
  on_progress (window->loader, window);
  show_page (window, "loading");
  ls_loader_load_async (window->loader, window->path, on_loaded, ls_weak_new (window));
}

void
ls_window_cancel (LsWindow *window)
{
  if (window->loader)
    ls_loader_cancel (window->loader);
}

/* -- Files that come in -- */

static void
on_start_open (LsWindow *window, const char *path)
{
  ls_window_open (window, path);
}

static gboolean
on_drop (GtkDropTarget *target, const GValue *value, double x, double y, LsWindow *window)
{
  GSList *files = g_value_get_boxed (value);
  for (GSList *file = files; file; file = file->next)
    if (g_file_peek_path (file->data))
      ls_window_open (window, g_file_peek_path (file->data));
  return files != NULL;
}

/* -- The object -- */

static void
get_property (GObject *object, guint prop, GValue *value, GParamSpec *pspec)
{
  if (prop == PROP_SESSION)
    g_value_set_object (value, LS_WINDOW (object)->session);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop, pspec);
}

static void
dispose (GObject *object)
{
  LsWindow *window = LS_WINDOW (object);
  if (window->loader)
    ls_loader_cancel (window->loader);
  g_clear_object (&window->loader);
  if (window->follower)
    ls_follower_stop (window->follower);
  g_clear_object (&window->follower);
  if (window->session)
    set_session (window, NULL);
  G_OBJECT_CLASS (ls_window_parent_class)->dispose (object);
}

static void
finalize (GObject *object)
{
  g_free (LS_WINDOW (object)->path);
  G_OBJECT_CLASS (ls_window_parent_class)->finalize (object);
}

static void
ls_window_class_init (LsWindowClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->get_property = get_property;
  G_OBJECT_CLASS (class)->dispose = dispose;
  G_OBJECT_CLASS (class)->finalize = finalize;
  props[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, LS_TYPE_SESSION,
                                             G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (class), N_PROPS, props);

  g_type_ensure (LS_TYPE_START_PAGE);
  g_type_ensure (LS_TYPE_VERDICT_BAR);
  g_type_ensure (LS_TYPE_TIMELINE);
  g_type_ensure (LS_TYPE_LISTS);
  g_type_ensure (LS_TYPE_INSPECTOR);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/lockstitch/ui/window.ui");
#define BIND(NAME) gtk_widget_class_bind_template_child (widget_class, LsWindow, NAME)
  BIND (toasts);
  BIND (title);
  BIND (axis_box);
  BIND (inspector_button);
  BIND (time_button);
  BIND (order_button);
  BIND (stack);
  BIND (loading);
  BIND (error);
  BIND (progress);
  BIND (verdict);
  BIND (flap);
  BIND (paned);
  BIND (timeline);
  BIND (lists);
  BIND (inspector);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, on_axis_toggled);
  gtk_widget_class_bind_template_callback (widget_class, on_start_open);
  gtk_widget_class_bind_template_callback (widget_class, ls_window_cancel);
}

static void
ls_window_init (LsWindow *window)
{
  gtk_widget_init_template (GTK_WIDGET (window));
  ls_window_init_actions (window);
  AdwStyleManager *manager = adw_style_manager_get_default ();
  g_signal_connect_object (manager, "notify::dark", G_CALLBACK (follow_style), window,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (manager, "notify::high-contrast", G_CALLBACK (follow_style), window,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (gtk_widget_get_settings (GTK_WIDGET (window)), "notify::gtk-xft-dpi",
                           G_CALLBACK (follow_text_scale), window, G_CONNECT_SWAPPED);
  GtkDropTarget *drop = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);
  g_signal_connect (drop, "drop", G_CALLBACK (on_drop), window);
  gtk_widget_add_controller (GTK_WIDGET (window), GTK_EVENT_CONTROLLER (drop));
  show_page (window, "start");
}

LsWindow *
ls_window_new (GtkApplication *application)
{
  return g_object_new (LS_TYPE_WINDOW, "application", application, NULL);
}
