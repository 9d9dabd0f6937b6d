/* SPDX-License-Identifier: MIT */
/* The columns of the list of findings. */
#include <glib/gi18n-lib.h>

#include "names.h"
#include "table.h"

static const LsFinding *
get_finding (const LsTableSource *source, guint32 row)
{
  return g_ptr_array_index (source->findings, row);
}

static const char *
get_severity_class (const LsTableSource *source, guint32 row)
{
  static const char *const classes[LS_SEVERITY_N] = {
    [LS_SEVERITY_HINT] = "severity-hint",
    [LS_SEVERITY_WARNING] = "severity-warning",
    [LS_SEVERITY_ERROR] = "severity-error",
  };
  return classes[get_finding (source, row)->severity];
}

/* A shape beside the word and the colour: filled, outlined, dotted. */
static char *
dup_severity (const LsTableSource *source, guint32 row)
{
  static const char *const shapes[LS_SEVERITY_N] = {
    [LS_SEVERITY_NONE] = "",
    [LS_SEVERITY_HINT] = "◌",
    [LS_SEVERITY_WARNING] = "○",
    [LS_SEVERITY_ERROR] = "●",
  };
  const LsFinding *finding = get_finding (source, row);
  return g_strdup_printf ("%s%s %s", finding->parent == LS_NONE ? "" : "   ",
                          shapes[finding->severity], ls_severity_name (finding->severity));
}

static double
get_severity (const LsTableSource *source, guint32 row)
{
  return -(double) get_finding (source, row)->severity;
}

static char *
dup_title (const LsTableSource *source, guint32 row)
{
  const LsFinding *finding = get_finding (source, row);
  const char *indent = finding->parent == LS_NONE ? "" : "      ";
  if (finding->count > 1)
    return g_strdup_printf ("%s%s  ×%u", indent, finding->title, finding->count);
  return g_strconcat (indent, finding->title, NULL);
}

/* "race_condition.c:21 → race_condition.c:24" */
static char *
dup_places (const LsTableSource *source, guint32 row)
{
  const LsFinding *finding = get_finding (source, row);
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < MIN (finding->sources->len, 3); i++) {
    g_autofree char *place =
      ls_trace_dup_place (source->trace, g_array_index (finding->sources, uint32_t, i));
    if (*place)
      g_string_append_printf (text, "%s%s", text->len > 0 ? " → " : "", place);
  }
  return g_string_free (text, FALSE);
}

static char *
dup_threads (const LsTableSource *source, guint32 row)
{
  const LsFinding *finding = get_finding (source, row);
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < finding->threads->len; i++) {
    uint32_t thread = g_array_index (finding->threads, uint32_t, i);
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "",
                            ls_trace_get_thread (source->trace, thread)->name);
  }
  return g_string_free (text, FALSE);
}

static char *
dup_time (const LsTableSource *source, guint32 row)
{
  LsSpan span = get_finding (source, row)->span;
  g_autofree char *begin = ls_duration_dup_text (span.begin_ns);
  g_autofree char *end = ls_duration_dup_text (span.end_ns);
  return g_strcmp0 (begin, end) == 0 ? g_steal_pointer (&begin)
                                     : g_strdup_printf ("%s – %s", begin, end);
}

static double
get_time (const LsTableSource *source, guint32 row)
{
  return (double) get_finding (source, row)->span.begin_ns;
}

static char *
dup_certainty (const LsTableSource *source, guint32 row)
{
  return g_strdup (ls_certainty_words (get_finding (source, row)->certainty));
}

static double
get_certainty (const LsTableSource *source, guint32 row)
{
  return -(double) get_finding (source, row)->certainty;
}

static GArray *
dup_rows (const LsTableSource *source)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint32 i = 0; i < source->findings->len; i++)
    g_array_append_val (rows, i);
  return rows;
}

static const LsTableColumn columns[] = {
  { N_ ("Severity"), 110, false, dup_severity, get_severity, get_severity_class },
  { N_ ("Finding"), 310, false, dup_title, NULL, NULL },
  { N_ ("Where"), 260, false, dup_places, NULL, NULL },
  { N_ ("Threads"), 180, false, dup_threads, NULL, NULL },
  { N_ ("Time"), 170, false, dup_time, get_time, NULL },
  { N_ ("Certainty"), 0, false, dup_certainty, get_certainty, NULL },
};

const LsTable ls_table_findings = {
  .name = "findings",
  .title = N_ ("Findings"),
  .empty = N_ ("No finding among what was recorded"),
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .dup_rows = dup_rows,
  .get_selected = ls_session_get_finding,
  .pick = ls_session_select_finding,
};
