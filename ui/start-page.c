/* SPDX-License-Identifier: MIT */
/* The start page and its two lists of files. */
#include "start-page.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_RECENT 8
#define MAX_SAMPLES 40
#define SUFFIX ".trace.jsonl"

struct _LsStartPage {
  AdwBin parent_instance;
  GtkWidget *recent_group, *samples_group;
  GtkListBox *recent, *samples;
};

G_DEFINE_FINAL_TYPE (LsStartPage, ls_start_page, ADW_TYPE_BIN)

static guint open_signal;

static void
add_row (GtkListBox *list, const char *path, const char *title, const char *subtitle)
{
  GtkWidget *row = adw_action_row_new ();
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  if (subtitle) {
    adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 1);
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  }
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name ("go-next-symbolic"));
  g_object_set_data_full (G_OBJECT (row), "path", g_strdup (path), g_free);
  gtk_list_box_append (list, row);
}

static void
on_row (GtkListBox *list, GtkListBoxRow *row, LsStartPage *page)
{
  g_signal_emit (page, open_signal, 0, g_object_get_data (G_OBJECT (row), "path"));
}

static void
clear_rows (GtkListBox *list)
{
  GtkListBoxRow *row;
  while ((row = gtk_list_box_get_row_at_index (list, 0)))
    gtk_list_box_remove (list, GTK_WIDGET (row));
}

static int
compare_recent (gconstpointer a, gconstpointer b)
{
  GtkRecentInfo *x = *(GtkRecentInfo **) a, *y = *(GtkRecentInfo **) b;
  return g_date_time_compare (gtk_recent_info_get_modified (y), gtk_recent_info_get_modified (x));
}

/* Files that this program opened and that are still there, newest first. */
static void
fill_recent (LsStartPage *page)
{
  g_autoptr (GPtrArray) infos =
    g_ptr_array_new_with_free_func ((GDestroyNotify) gtk_recent_info_unref);
  GList *items = gtk_recent_manager_get_items (gtk_recent_manager_get_default ());
  for (GList *item = items; item; item = item->next) {
    bool is_ours = gtk_recent_info_has_application (item->data, g_get_application_name ());
    if (is_ours && gtk_recent_info_is_local (item->data) && gtk_recent_info_exists (item->data))
      g_ptr_array_add (infos, gtk_recent_info_ref (item->data));
  }
  g_list_free_full (items, (GDestroyNotify) gtk_recent_info_unref);
  g_ptr_array_sort (infos, compare_recent);
  clear_rows (page->recent);
  for (guint i = 0; i < MIN (infos->len, MAX_RECENT); i++) {
    GtkRecentInfo *info = g_ptr_array_index (infos, i);
    g_autofree char *path = g_filename_from_uri (gtk_recent_info_get_uri (info), NULL, NULL);
    if (!path)
      continue;
    g_autofree char *name = g_path_get_basename (path);
    g_autofree char *folder = g_path_get_dirname (path);
    g_autofree char *shown = g_filename_display_name (name);
    g_autofree char *shown_folder = g_filename_display_name (folder);
    add_row (page->recent, path, shown, shown_folder);
  }
  gtk_widget_set_visible (page->recent_group, infos->len > 0);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char **) a, *(const char **) b);
}

/* "race condition fixed" of "race_condition_fixed.trace.jsonl" */
static char *
dup_sample_title (const char *name)
{
  g_autofree char *stem = g_strndup (name, strlen (name) - strlen (SUFFIX));
  g_strdelimit (stem, "_-", ' ');
  return g_filename_display_name (stem);
}

static void
fill_samples (LsStartPage *page)
{
  const char *folder = g_getenv ("LOCKSTITCH_SAMPLES");
  folder = folder ? folder : LS_SAMPLES_DIR;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;
  while (dir && names->len < MAX_SAMPLES && (name = g_dir_read_name (dir)))
    if (g_str_has_suffix (name, SUFFIX))
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  clear_rows (page->samples);
  for (guint i = 0; i < names->len; i++) {
    name = g_ptr_array_index (names, i);
    g_autofree char *title = dup_sample_title (name);
    g_autofree char *path = g_build_filename (folder, name, NULL);
    add_row (page->samples, path, title, NULL);
  }
  gtk_widget_set_visible (page->samples_group, names->len > 0);
}

static void
ls_start_page_class_init (LsStartPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  open_signal = g_signal_new ("open", LS_TYPE_START_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                              G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/lockstitch/ui/start-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LsStartPage, recent_group);
  gtk_widget_class_bind_template_child (widget_class, LsStartPage, samples_group);
  gtk_widget_class_bind_template_child (widget_class, LsStartPage, recent);
  gtk_widget_class_bind_template_child (widget_class, LsStartPage, samples);
  gtk_widget_class_bind_template_callback (widget_class, on_row);
}

static void
ls_start_page_init (LsStartPage *page)
{
  gtk_widget_init_template (GTK_WIDGET (page));
  g_signal_connect_object (gtk_recent_manager_get_default (), "changed", G_CALLBACK (fill_recent),
                           page, G_CONNECT_SWAPPED);
  fill_recent (page);
  fill_samples (page);
}
