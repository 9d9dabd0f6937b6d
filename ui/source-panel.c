/* SPDX-License-Identifier: MIT */
/* Source of the event at the cursor, in a GtkSourceView. */
#include "source-panel.h"

#include <glib/gi18n-lib.h>
#include <gtksourceview/gtksource.h>

#define MAX_FILE_BYTES (4 << 20)

struct _LsSourcePanel {
  GtkBox parent_instance;
  LsSession *session;
  GtkWidget *file_label, *callers_label, *stack, *view, *missing;
  GtkSourceBuffer *buffer;
  GtkTextTag *here;
  char *shown; /* path in the buffer */
  guint update_source, scroll_source;
};

G_DEFINE_FINAL_TYPE (LsSourcePanel, ls_source_panel, GTK_TYPE_BOX)

static void
follow_style (LsSourcePanel *panel)
{
  const LsPalette *palette = ls_scene_get_palette (ls_session_get_scene (panel->session));
  GtkSourceStyleSchemeManager *manager = gtk_source_style_scheme_manager_get_default ();
  gtk_source_buffer_set_style_scheme (panel->buffer,
                                      gtk_source_style_scheme_manager_get_scheme (
                                        manager, palette->dark ? "Adwaita-dark" : "Adwaita"));
  LsColor band = palette->finding;
  GdkRGBA rgba = { (float) band.r, (float) band.g, (float) band.b, 0.16f };
  g_object_set (panel->here, "paragraph-background-rgba", &rgba, NULL);
}

/* Fills the buffer; false when it is too large, unreadable or no text. */
static bool
load_file (LsSourcePanel *panel, const char *path)
{
  if (g_strcmp0 (path, panel->shown) == 0)
    return true;
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInfo) info =
    g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE, G_FILE_QUERY_INFO_NONE, NULL, NULL);
  g_autofree char *text = NULL;
  gsize length;
  if (!info || g_file_info_get_size (info) > MAX_FILE_BYTES ||
      !g_file_get_contents (path, &text, &length, NULL) ||
      !g_utf8_validate (text, (gssize) length, NULL))
    return false;
  g_free (panel->shown);
  panel->shown = g_strdup (path);
  gtk_source_buffer_set_language (panel->buffer,
                                  gtk_source_language_manager_guess_language (
                                    gtk_source_language_manager_get_default (), path, NULL));
  gtk_text_buffer_set_text (GTK_TEXT_BUFFER (panel->buffer), text, (int) length);
  return true;
}

/* Brings the line into the middle; once the view, which may just have been shown, has its size. */
static gboolean
scroll (gpointer data)
{
  LsSourcePanel *panel = data;
  panel->scroll_source = 0;
  GtkTextMark *line = gtk_text_buffer_get_insert (GTK_TEXT_BUFFER (panel->buffer));
  gtk_text_view_scroll_to_mark (GTK_TEXT_VIEW (panel->view), line, 0, TRUE, 0, 0.5);
  return G_SOURCE_REMOVE;
}

static void
show_line (LsSourcePanel *panel, guint line)
{
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (panel->buffer);
  GtkTextIter begin, end, start_of_buffer;
  gtk_text_buffer_get_bounds (buffer, &start_of_buffer, &end);
  gtk_text_buffer_remove_tag (buffer, panel->here, &start_of_buffer, &end);
  if (line == 0)
    return;
  gtk_text_buffer_get_iter_at_line (buffer, &begin, (int) line - 1);
  end = begin;
  gtk_text_iter_forward_line (&end);
  gtk_text_buffer_apply_tag (buffer, panel->here, &begin, &end);
  gtk_text_buffer_place_cursor (buffer, &begin);
  if (panel->scroll_source == 0)
    panel->scroll_source = g_idle_add_full (G_PRIORITY_LOW, scroll, panel, NULL);
}

static void
show_callers (LsSourcePanel *panel, LsTrace *trace, uint32_t source)
{
  g_autofree char *callers = ls_trace_dup_callers (trace, source);
  g_autofree char *text = g_strdup_printf (_ ("called by %s"), callers);
  gtk_label_set_text (GTK_LABEL (panel->callers_label), text);
  gtk_widget_set_visible (panel->callers_label, callers[0] != '\0');
}

static gboolean
update (gpointer data)
{
  LsSourcePanel *panel = data;
  panel->update_source = 0;
  LsTrace *trace = panel->session ? ls_session_get_trace (panel->session) : NULL;
  uint32_t cursor = panel->session ? ls_session_get_cursor (panel->session) : LS_NONE;
  LsEvent event = { .source = LS_NONE };
  if (cursor != LS_NONE)
    ls_trace_get_event (trace, cursor, &event);
  uint32_t where = trace ? ls_trace_find_place (trace, event.source) : LS_NONE;
  const LsSource *source = where == LS_NONE ? NULL : ls_trace_get_source (trace, where);
  gtk_widget_set_visible (GTK_WIDGET (panel), source && source->file);
  if (!source || !source->file)
    return G_SOURCE_REMOVE;
  follow_style (panel);
  g_autofree char *place = ls_trace_dup_place (trace, event.source);
  gtk_label_set_text (GTK_LABEL (panel->file_label), place);
  gtk_widget_set_tooltip_text (panel->file_label, source->file);
  show_callers (panel, trace, event.source);
  g_autofree char *path = ls_source_find (source->file, ls_trace_get_info (trace)->path,
                                          ls_session_get_source_folder (panel->session));
  bool is_loaded = path && load_file (panel, path);
  gtk_stack_set_visible_child_name (GTK_STACK (panel->stack), is_loaded ? "source" : "missing");
  if (is_loaded) {
    show_line (panel, source->line);
    return G_SOURCE_REMOVE;
  }
  g_autofree char *text =
    path ? g_strdup_printf (_ ("%s cannot be shown as text."), source->basename)
         : g_strdup_printf (_ ("%s is not where it was when it was recorded."), source->basename);
  gtk_label_set_text (GTK_LABEL (panel->missing), text);
  return G_SOURCE_REMOVE;
}

static void
queue_update (LsSourcePanel *panel)
{
  if (panel->update_source == 0)
    panel->update_source = g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, update, panel, NULL);
}

static void
on_folder_chosen (GtkNativeDialog *dialog, int response, LsSourcePanel *panel)
{
  g_autoptr (GFile) folder =
    response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)) : NULL;
  if (folder && panel->session) {
    ls_session_set_source_folder (panel->session, g_file_peek_path (folder));
    queue_update (panel);
  }
  g_object_unref (dialog);
}

static void
on_look (GtkButton *button, LsSourcePanel *panel)
{
  GtkNative *native = gtk_widget_get_native (GTK_WIDGET (panel));
  GtkFileChooserNative *dialog =
    gtk_file_chooser_native_new (_ ("Folder With the Sources"), GTK_WINDOW (native),
                                 GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _ ("_Look Here"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_folder_chosen), panel, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

void
ls_source_panel_set_session (LsSourcePanel *panel, LsSession *session)
{
  if (panel->session == session)
    return;
  if (panel->session)
    g_signal_handlers_disconnect_by_data (panel->session, panel);
  g_set_object (&panel->session, session);
  if (!session)
    return;
  g_signal_connect_object (session, "notify::cursor", G_CALLBACK (queue_update), panel,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "layout-changed", G_CALLBACK (queue_update), panel,
                           G_CONNECT_SWAPPED);
  queue_update (panel);
}

static void
dispose (GObject *object)
{
  LsSourcePanel *panel = LS_SOURCE_PANEL (object);
  ls_source_panel_set_session (panel, NULL);
  g_clear_handle_id (&panel->update_source, g_source_remove);
  g_clear_handle_id (&panel->scroll_source, g_source_remove);
  g_clear_object (&panel->buffer);
  g_clear_pointer (&panel->shown, g_free);
  G_OBJECT_CLASS (ls_source_panel_parent_class)->dispose (object);
}

static void
ls_source_panel_class_init (LsSourcePanelClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/lockstitch/ui/source-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, LsSourcePanel, file_label);
  gtk_widget_class_bind_template_child (widget_class, LsSourcePanel, callers_label);
  gtk_widget_class_bind_template_child (widget_class, LsSourcePanel, stack);
  gtk_widget_class_bind_template_child (widget_class, LsSourcePanel, view);
  gtk_widget_class_bind_template_child (widget_class, LsSourcePanel, missing);
  gtk_widget_class_bind_template_callback (widget_class, on_look);
}

static void
ls_source_panel_init (LsSourcePanel *panel)
{
  g_type_ensure (GTK_SOURCE_TYPE_VIEW);
  gtk_widget_init_template (GTK_WIDGET (panel));
  panel->buffer = gtk_source_buffer_new (NULL);
  gtk_text_view_set_buffer (GTK_TEXT_VIEW (panel->view), GTK_TEXT_BUFFER (panel->buffer));
  panel->here = gtk_text_buffer_create_tag (GTK_TEXT_BUFFER (panel->buffer), NULL, NULL);
}
