/* SPDX-License-Identifier: MIT */
/* The verdict bar. */
#include "verdict-bar.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _LsVerdictBar {
  GtkBox parent_instance;
  GtkWidget *dot, *head, *rest, *problems, *next;
};

G_DEFINE_FINAL_TYPE (LsVerdictBar, ls_verdict_bar, GTK_TYPE_BOX)

static void
show_severity (LsVerdictBar *bar, LsSeverity severity)
{
  static const struct {
    const char *class, *shape;
  } looks[LS_SEVERITY_N] = {
    [LS_SEVERITY_NONE] = { "severity-none", "" },
    [LS_SEVERITY_HINT] = { "severity-hint", "◌" },
    [LS_SEVERITY_WARNING] = { "severity-warning", "○" },
    [LS_SEVERITY_ERROR] = { "severity-error", "●" },
  };
  const char *dot_classes[] = { looks[severity].class, NULL };
  const char *head_classes[] = { "heading", looks[severity].class, NULL };
  gtk_label_set_text (GTK_LABEL (bar->dot), looks[severity].shape);
  gtk_widget_set_visible (bar->dot, severity != LS_SEVERITY_NONE);
  gtk_widget_set_css_classes (bar->dot, dot_classes);
  gtk_widget_set_css_classes (bar->head, head_classes);
}

static void
show_problems (LsVerdictBar *bar, const LsReadReport *report)
{
  guint64 n = report ? report->n_errors + report->n_warnings : 0;
  gtk_widget_set_visible (bar->problems, n > 0);
  if (n == 0)
    return;
  g_autofree char *text =
    report->n_errors > 0
      ? g_strdup_printf (ngettext ("%" G_GUINT64_FORMAT " line not read (show)",
                                   "%" G_GUINT64_FORMAT " lines not read (show)", report->n_errors),
                         report->n_errors)
      : g_strdup_printf (ngettext ("%" G_GUINT64_FORMAT " remark on the file (show)",
                                   "%" G_GUINT64_FORMAT " remarks on the file (show)", n),
                         n);
  gtk_button_set_label (GTK_BUTTON (bar->problems), text);
}

void
ls_verdict_bar_set_session (LsVerdictBar *bar, LsSession *session)
{
  gtk_widget_set_visible (GTK_WIDGET (bar), session != NULL);
  if (!session)
    return;
  LsTrace *trace = ls_session_get_trace (session);
  GPtrArray *findings = ls_session_get_findings (session);
  LsSeverity severity = LS_SEVERITY_NONE;
  g_autofree char *verdict = ls_trace_dup_verdict (trace, findings);
  g_autofree char *head = ls_trace_dup_verdict_head (trace, findings, &severity);
  const char *rest = g_str_has_prefix (verdict, head) ? verdict + strlen (head) : verdict;
  show_severity (bar, severity);
  gtk_label_set_text (GTK_LABEL (bar->head), head);
  gtk_label_set_text (GTK_LABEL (bar->rest), rest);
  gtk_widget_set_tooltip_text (bar->rest, verdict);
  show_problems (bar, ls_trace_get_info (trace)->report);
  gtk_widget_set_visible (bar->next, findings->len > 0);
}

char *
ls_verdict_bar_dup_text (LsVerdictBar *bar)
{
  return g_strdup_printf ("%s %s", gtk_label_get_text (GTK_LABEL (bar->head)),
                          gtk_label_get_text (GTK_LABEL (bar->rest)));
}

static void
ls_verdict_bar_class_init (LsVerdictBarClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/lockstitch/ui/verdict-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, LsVerdictBar, dot);
  gtk_widget_class_bind_template_child (widget_class, LsVerdictBar, head);
  gtk_widget_class_bind_template_child (widget_class, LsVerdictBar, rest);
  gtk_widget_class_bind_template_child (widget_class, LsVerdictBar, problems);
  gtk_widget_class_bind_template_child (widget_class, LsVerdictBar, next);
}

static void
ls_verdict_bar_init (LsVerdictBar *bar)
{
  gtk_widget_init_template (GTK_WIDGET (bar));
}
