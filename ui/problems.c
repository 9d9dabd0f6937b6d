/* SPDX-License-Identifier: MIT */
/* The window that lists lines which could not be read. */
#include "problems.h"

#include <glib/gi18n-lib.h>

struct _LsProblems {
  AdwWindow parent_instance;
  GtkLabel *summary;
  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (LsProblems, ls_problems, ADW_TYPE_WINDOW)

static void
ls_problems_class_init (LsProblemsClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/lockstitch/ui/problems.ui");
  gtk_widget_class_bind_template_child (widget_class, LsProblems, summary);
  gtk_widget_class_bind_template_child (widget_class, LsProblems, list);
}

static void
ls_problems_init (LsProblems *problems)
{
  gtk_widget_init_template (GTK_WIDGET (problems));
}

static void
add_problem (LsProblems *problems, const LsProblem *problem)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *line = problem->line > 0
                            ? g_strdup_printf (_ ("Line %" G_GUINT64_FORMAT), problem->line)
                            : g_strdup (_ ("The file as a whole"));
  g_autofree char *title =
    problem->is_error ? g_strdup_printf (_ ("%s, not read"), line) : g_steal_pointer (&line);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), problem->reason);
  gtk_list_box_append (problems->list, row);
}

GtkWindow *
ls_problems_new (GtkWindow *parent, LsTrace *trace)
{
  LsProblems *problems = g_object_new (LS_TYPE_PROBLEMS, "transient-for", parent, NULL);
  const LsReadReport *report = ls_trace_get_info (trace)->report;
  guint n_shown = report->problems->len;
  g_autofree char *summary =
    g_strdup_printf (_ ("Of %" G_GUINT64_FORMAT " lines %" G_GUINT64_FORMAT
                        " could not be read; the rest is shown. The first %u remarks:"),
                     report->n_lines, report->n_errors, n_shown);
  gtk_label_set_text (problems->summary, summary);
  for (guint i = 0; i < n_shown; i++)
    add_problem (problems, &g_array_index (report->problems, LsProblem, i));
  return GTK_WINDOW (problems);
}
