/* SPDX-License-Identifier: MIT */
/* The tabs with the tables. */
#include "lists.h"

#include <glib/gi18n-lib.h>

#include "table-view.h"

static const LsTable *const tables[] = {
  &ls_table_findings, &ls_table_events, &ls_table_threads, &ls_table_locks, &ls_table_values,
};

struct _LsLists {
  GtkBox parent_instance;
  GtkStack *stack;
  GtkToggleButton *in_view;
  LsTableView *views[G_N_ELEMENTS (tables)];
};

G_DEFINE_FINAL_TYPE (LsLists, ls_lists, GTK_TYPE_BOX)

static void
on_page (LsLists *lists)
{
  const char *name = gtk_stack_get_visible_child_name (lists->stack);
  gtk_widget_set_visible (GTK_WIDGET (lists->in_view), g_strcmp0 (name, ls_table_events.name) == 0);
}

static void
on_in_view (LsLists *lists)
{
  bool all = !gtk_toggle_button_get_active (lists->in_view);
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    ls_table_view_set_all (lists->views[i], all);
}

static void
on_copy (LsLists *lists)
{
  GtkWidget *shown = gtk_stack_get_visible_child (lists->stack);
  g_autofree char *text = ls_table_view_dup_text (LS_TABLE_VIEW (shown));
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (lists)), text);
}

/* "Findings 2" */
static void
update_title (LsLists *lists, guint index, LsSession *session)
{
  GtkStackPage *page = gtk_stack_get_page (lists->stack, GTK_WIDGET (lists->views[index]));
  const char *title = _ (tables[index]->title);
  g_autofree char *counted =
    session ? g_strdup_printf ("%s  %'u", title, ls_table_view_get_n_rows (lists->views[index]))
            : g_strdup (title);
  gtk_stack_page_set_title (page, counted);
}

void
ls_lists_set_session (LsLists *lists, LsSession *session)
{
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++) {
    ls_table_view_set_session (lists->views[i], session);
    update_title (lists, i, session);
  }
}

guint
ls_lists_get_n_rows (LsLists *lists, const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    if (g_strcmp0 (tables[i]->name, name) == 0)
      return ls_table_view_get_n_rows (lists->views[i]);
  return 0;
}

static void
ls_lists_class_init (LsListsClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/lockstitch/ui/lists.ui");
  gtk_widget_class_bind_template_child (widget_class, LsLists, stack);
  gtk_widget_class_bind_template_child (widget_class, LsLists, in_view);
  gtk_widget_class_bind_template_callback (widget_class, on_page);
  gtk_widget_class_bind_template_callback (widget_class, on_in_view);
  gtk_widget_class_bind_template_callback (widget_class, on_copy);
}

static void
ls_lists_init (LsLists *lists)
{
  gtk_widget_init_template (GTK_WIDGET (lists));
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++) {
    GtkWidget *view = ls_table_view_new (tables[i]);
    lists->views[i] = LS_TABLE_VIEW (view);
    gtk_stack_add_titled (lists->stack, view, tables[i]->name, _ (tables[i]->title));
  }
}
