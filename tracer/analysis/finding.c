/* SPDX-License-Identifier: MIT */
/* A finding's life, and its ladder as Markdown. */
#include <string.h>

#include "text.h"
#include "words.h"

static void
clear_step (gpointer data)
{
  LsStep *step = data;
  g_free (step->text);
  g_free (step->value);
}

LsFinding *
ls_finding_new (LsFindingKind kind, LsSeverity severity, LsCertainty certainty)
{
  LsFinding *finding = g_new0 (LsFinding, 1);
  finding->kind = kind;
  finding->severity = severity;
  finding->certainty = certainty;
  finding->threads = g_array_new (FALSE, FALSE, sizeof (uint32_t));
  finding->objects = g_array_new (FALSE, FALSE, sizeof (uint32_t));
  finding->sources = g_array_new (FALSE, FALSE, sizeof (uint32_t));
  finding->steps = g_array_new (FALSE, TRUE, sizeof (LsStep));
  g_array_set_clear_func (finding->steps, clear_step);
  finding->count = 1;
  finding->parent = LS_NONE;
  return finding;
}

void
ls_finding_free (LsFinding *finding)
{
  if (!finding)
    return;
  g_array_unref (finding->threads);
  g_array_unref (finding->objects);
  g_array_unref (finding->sources);
  g_array_unref (finding->steps);
  g_free (finding->title);
  g_free (finding->label);
  g_free (finding->sentence);
  g_free (finding->why);
  g_free (finding->remedy);
  g_free (finding->caveat);
  g_free (finding);
}

/* Appends text in which nothing is markup: names come from the trace. */
static void
append_escaped (GString *out, const char *text)
{
  for (const char *c = text; *c; c++) {
    if (strchr ("\\`*_{}[]<>|#~", *c))
      g_string_append_c (out, '\\');
    g_string_append_c (out, *c == '\n' || *c == '\r' ? ' ' : *c);
  }
}

static void
append_ladder (GString *out, const LsTrace *trace, const LsFinding *finding)
{
  g_string_append (out, "| # |");
  for (guint i = 0; i < finding->threads->len; i++) {
    uint32_t thread = g_array_index (finding->threads, uint32_t, i);
    g_string_append_c (out, ' ');
    append_escaped (out, ls_trace_get_thread (trace, thread)->name);
    g_string_append (out, " |");
  }
  g_string_append_printf (out, " %s |\n|--:|", W_MD_VALUE);
  for (guint i = 0; i <= finding->threads->len; i++)
    g_string_append (out, "---|");
  g_string_append_c (out, '\n');
  for (guint i = 0; i < finding->steps->len; i++) {
    const LsStep *step = &g_array_index (finding->steps, LsStep, i);
    const char *strong = step->is_culprit ? "**" : "";
    g_string_append_printf (out, "| %u |", i + 1);
    for (guint column = 0; column < finding->threads->len; column++) {
      if (g_array_index (finding->threads, uint32_t, column) == step->thread) {
        g_autofree char *place = ls_trace_dup_place (trace, step->source);
        g_string_append_printf (out, " %s", strong);
        append_escaped (out, step->text);
        g_string_append (out, strong);
        if (place[0])
          g_string_append (out, ", ");
        append_escaped (out, place);
      }
      g_string_append (out, " |");
    }
    g_string_append_printf (out, " %s", step->value ? strong : "");
    if (step->value)
      append_escaped (out, step->value);
    g_string_append_printf (out, "%s |\n", step->value ? strong : "");
  }
}

static void
append_paragraph (GString *out, const char *text)
{
  g_string_append_c (out, '\n');
  append_escaped (out, text);
  g_string_append_c (out, '\n');
}

static void
append_named (GString *out, const char *name, const char *text)
{
  if (!text)
    return;
  g_string_append_printf (out, "\n**%s:** ", name);
  append_escaped (out, text);
  g_string_append_c (out, '\n');
}

char *
ls_finding_dup_markdown (const LsTrace *trace, const LsFinding *finding)
{
  GString *out = g_string_new ("### ");
  append_escaped (out, finding->title ? finding->title : ls_finding_kind_title (finding->kind));
  g_string_append_printf (out, "\n\n%s, %s", ls_severity_name (finding->severity),
                          ls_certainty_words (finding->certainty));
  if (finding->count > 1)
    g_string_append_printf (out, W_MD_TIMES, finding->count);
  g_string_append_c (out, '\n');
  if (finding->sentence)
    append_paragraph (out, finding->sentence);
  g_string_append_c (out, '\n');
  append_ladder (out, trace, finding);
  append_named (out, W_MD_WHY, finding->why);
  append_named (out, W_MD_REMEDY, finding->remedy);
  append_named (out, W_MD_CAVEAT, finding->caveat);
  return g_string_free (out, FALSE);
}
