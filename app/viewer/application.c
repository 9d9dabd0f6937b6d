/* SPDX-License-Identifier: MIT */
/* The application object. */
#include "application.h"

#include <glib/gi18n-lib.h>

#include "actions.h"
#include "bench.h"
#include "style.h"
#include "window.h"

struct _LsApplication {
  AdwApplication parent_instance;
};

G_DEFINE_FINAL_TYPE (LsApplication, ls_application, ADW_TYPE_APPLICATION)

static void
on_about (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  adw_show_about_window (gtk_application_get_active_window (GTK_APPLICATION (data)),
                         "application-name", "Lockstitch", "application-icon", LS_APPLICATION_ID,
                         "version", LS_VERSION, "comments",
                         _ (
                           "Shows what the threads of a program do to its locks and shared values, "
                           "and where their order went wrong."),
                         "license-type", GTK_LICENSE_MIT_X11, NULL);
}

static void
on_quit (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GList *windows;
  while ((windows = gtk_application_get_windows (GTK_APPLICATION (data))))
    gtk_window_destroy (GTK_WINDOW (windows->data));
}

static void
set_accels (GtkApplication *application)
{
  for (int i = 0; i < LS_ACTION_N; i++) {
    g_auto (GStrv) accels = ls_action_dup_accels ((LsAction) i);
    g_autofree char *name = g_strconcat ("win.", ls_action_rows[i].name, NULL);
    gtk_application_set_accels_for_action (application, name, (const char *const *) accels);
  }
  gtk_application_set_accels_for_action (application, "app.quit",
                                         (const char *const[]){ "<Control>q", NULL });
}

static void
startup (GApplication *application)
{
  const GActionEntry entries[] = {
    { .name = "about", .activate = on_about },
    { .name = "quit", .activate = on_quit },
  };
  G_APPLICATION_CLASS (ls_application_parent_class)->startup (application);
  ls_style_init ();
  gtk_window_set_default_icon_name (LS_APPLICATION_ID);
  g_action_map_add_action_entries (G_ACTION_MAP (application), entries, G_N_ELEMENTS (entries),
                                   application);
  set_accels (GTK_APPLICATION (application));
}

static LsWindow *
present_window (GApplication *application)
{
  LsWindow *window = ls_window_new (GTK_APPLICATION (application));
  gtk_window_present (GTK_WINDOW (window));
  return window;
}

static void
activate (GApplication *application)
{
  present_window (application);
}

static void
open_files (GApplication *application, GFile **files, int n_files, const char *hint)
{
  for (int i = 0; i < n_files; i++) {
    g_autofree char *path = g_file_get_path (files[i]);
    LsWindow *window = present_window (application);
    if (path)
      ls_window_open (window, path);
  }
}

/* --bench FILE: measures frames in this process, whatever other windows there are. */
static int
handle_local_options (GApplication *application, GVariantDict *options)
{
  const char *path;
  if (g_variant_dict_lookup (options, "version", "b", NULL)) {
    g_print ("lockstitch-viewer %s\n", LS_VERSION);
    return 0;
  }
  if (g_variant_dict_lookup (options, "bench", "^&ay", &path)) {
    g_application_set_flags (application,
                             g_application_get_flags (application) | G_APPLICATION_NON_UNIQUE);
    ls_bench_prepare (GTK_APPLICATION (application), path);
  }
  return -1;
}

static void
ls_application_class_init (LsApplicationClass *class)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (class);
  application_class->startup = startup;
  application_class->activate = activate;
  application_class->open = open_files;
  application_class->handle_local_options = handle_local_options;
}

static void
ls_application_init (LsApplication *application)
{
  const GOptionEntry options[] = {
    { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Show the version"), NULL },
    { "bench", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_FILENAME, NULL, NULL, NULL },
    { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
  };
  g_application_add_main_option_entries (G_APPLICATION (application), options);
  g_application_set_option_context_parameter_string (G_APPLICATION (application), _ ("[FILE…]"));
  g_application_set_option_context_summary (
    G_APPLICATION (application),
    _ ("Shows traces of what a program's threads do to its locks and shared values."));
}

LsApplication *
ls_application_new (void)
{
  return g_object_new (LS_TYPE_APPLICATION, "application-id", LS_APPLICATION_ID, "flags",
                       G_APPLICATION_HANDLES_OPEN, NULL);
}
