/* SPDX-License-Identifier: MIT */
/* The window's actions, one for each row of actions.def, and the dialogs that some of them open. */
#include <glib/gi18n-lib.h>

#include "actions.h"
#include "legend.h"
#include "problems.h"
#include "record-dialog.h"
#include "window-private.h"

static void
on_file_chosen (GtkNativeDialog *chooser, int response, LsWindow *window)
{
  g_autoptr (GFile) file =
    response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser)) : NULL;
  if (file && g_file_peek_path (file))
    ls_window_open (window, g_file_peek_path (file));
  g_object_unref (chooser);
}

static void
open_file (LsWindow *window)
{
  GtkFileChooserNative *chooser =
    gtk_file_chooser_native_new (_ ("Open a Trace"), GTK_WINDOW (window),
                                 GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);
  g_autoptr (GtkFileFilter) traces = gtk_file_filter_new ();
  g_autoptr (GtkFileFilter) all = gtk_file_filter_new ();
  gtk_file_filter_set_name (traces, _ ("Traces"));
  gtk_file_filter_add_pattern (traces, "*.jsonl");
  gtk_file_filter_add_pattern (traces, "*.jsonl.gz");
  gtk_file_filter_add_pattern (traces, "*.jsonl.zst");
  gtk_file_filter_set_name (all, _ ("All files"));
  gtk_file_filter_add_pattern (all, "*");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (chooser), traces);
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (chooser), all);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect_object (chooser, "response", G_CALLBACK (on_file_chosen), window, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
record_program (LsWindow *window)
{
  GtkWindow *dialog = ls_record_dialog_new (GTK_WINDOW (window));
  g_signal_connect_object (dialog, "recorded", G_CALLBACK (ls_window_open), window,
                           G_CONNECT_SWAPPED);
  gtk_window_present (dialog);
}

static void
copy_finding (LsWindow *window)
{
  uint32_t index = ls_session_get_finding (window->session);
  if (index == LS_NONE)
    return;
  const LsFinding *finding = g_ptr_array_index (ls_session_get_findings (window->session), index);
  g_autofree char *markdown =
    ls_finding_dup_markdown (ls_session_get_trace (window->session), finding);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (window)), markdown);
  adw_toast_overlay_add_toast (window->toasts, adw_toast_new (_ ("The finding was copied")));
}

static void
show_shortcuts (LsWindow *window)
{
  g_autofree char *ui = ls_actions_dup_shortcuts_ui ();
  g_autoptr (GtkBuilder) builder = gtk_builder_new_from_string (ui, -1);
  GtkWindow *shortcuts = GTK_WINDOW (gtk_builder_get_object (builder, "shortcuts"));
  gtk_window_set_transient_for (shortcuts, GTK_WINDOW (window));
  gtk_window_present (shortcuts);
}

static void
show_source (LsWindow *window)
{
  adw_flap_set_reveal_flap (window->flap, TRUE);
  ls_inspector_show_source (window->inspector);
}

static void
perform (LsWindow *window, LsAction action)
{
  if (window->session && ls_action_perform (action, window->session))
    return;
  switch ((int) action) {
  case LS_ACTION_OPEN:
    open_file (window);
    break;
  case LS_ACTION_RECORD:
    record_program (window);
    break;
  case LS_ACTION_NEW_WINDOW:
    gtk_window_present (
      GTK_WINDOW (ls_window_new (gtk_window_get_application (GTK_WINDOW (window)))));
    break;
  case LS_ACTION_CLOSE:
    gtk_window_close (GTK_WINDOW (window));
    break;
  case LS_ACTION_SHORTCUTS:
    show_shortcuts (window);
    break;
  case LS_ACTION_LEGEND:
    gtk_window_present (ls_legend_new (GTK_WINDOW (window)));
    break;
  case LS_ACTION_COPY_FINDING:
    copy_finding (window);
    break;
  case LS_ACTION_SOURCE:
    show_source (window);
    break;
  case LS_ACTION_INSPECTOR:
    adw_flap_set_reveal_flap (window->flap, !adw_flap_get_reveal_flap (window->flap));
    break;
  default:
    break;
  }
}

static void
on_activate (GSimpleAction *simple, GVariant *parameter, LsWindow *window)
{
  const char *name = g_action_get_name (G_ACTION (simple));
  for (int i = 0; i < LS_ACTION_N; i++)
    if (g_strcmp0 (ls_action_rows[i].name, name) == 0)
      perform (window, (LsAction) i);
}

static void
on_problems (GSimpleAction *simple, GVariant *parameter, LsWindow *window)
{
  if (window->session)
    gtk_window_present (
      ls_problems_new (GTK_WINDOW (window), ls_session_get_trace (window->session)));
}

static GSimpleAction *
get_action (LsWindow *window, LsAction action)
{
  return G_SIMPLE_ACTION (
    g_action_map_lookup_action (G_ACTION_MAP (window), ls_action_rows[action].name));
}

void
ls_window_update_actions (LsWindow *window)
{
  LsSession *session = window->session;
  for (int i = 0; i < LS_ACTION_N; i++)
    if (ls_action_rows[i].flags & LS_ACTION_NEEDS_TRACE)
      g_simple_action_set_enabled (get_action (window, (LsAction) i), session != NULL);
  gboolean order = FALSE, fold_gaps = FALSE, back = FALSE, forward = FALSE;
  if (session)
    g_object_get (session, "order", &order, "fold-gaps", &fold_gaps, "can-go-back", &back,
                  "can-go-forward", &forward, NULL);
  g_simple_action_set_enabled (get_action (window, LS_ACTION_VIEW_BACK), back);
  g_simple_action_set_enabled (get_action (window, LS_ACTION_VIEW_FORWARD), forward);
  g_simple_action_set_enabled (get_action (window, LS_ACTION_COPY_FINDING),
                               session && ls_session_get_finding (session) != LS_NONE);
  g_simple_action_set_enabled (get_action (window, LS_ACTION_FOLD_GAPS), session && !order);
  g_simple_action_set_state (get_action (window, LS_ACTION_ORDER), g_variant_new_boolean (order));
  g_simple_action_set_state (get_action (window, LS_ACTION_FOLD_GAPS),
                             g_variant_new_boolean (fold_gaps));
  g_simple_action_set_state (get_action (window, LS_ACTION_INSPECTOR),
                             g_variant_new_boolean (adw_flap_get_reveal_flap (window->flap)));
}

void
ls_window_init_actions (LsWindow *window)
{
  for (int i = 0; i < LS_ACTION_N; i++) {
    const LsActionRow *row = &ls_action_rows[i];
    g_autoptr (GSimpleAction) action =
      row->flags & LS_ACTION_TOGGLES
        ? g_simple_action_new_stateful (row->name, NULL, g_variant_new_boolean (FALSE))
        : g_simple_action_new (row->name, NULL);
    g_signal_connect (action, "activate", G_CALLBACK (on_activate), window);
    g_action_map_add_action (G_ACTION_MAP (window), G_ACTION (action));
  }
  g_autoptr (GSimpleAction) problems = g_simple_action_new ("problems", NULL);
  g_signal_connect (problems, "activate", G_CALLBACK (on_problems), window);
  g_action_map_add_action (G_ACTION_MAP (window), G_ACTION (problems));
  g_signal_connect_object (window->flap, "notify::reveal-flap",
                           G_CALLBACK (ls_window_update_actions), window, G_CONNECT_SWAPPED);
  ls_window_update_actions (window);
}
