/* SPDX-License-Identifier: MIT */
/* `lockstitch check`: opens traces, prints what went wrong in them, exits 3 when anything did. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "arguments.h"
#include "command.h"
#include "finding.h"
#include "json-writer.h"
#include "words.h"

/* -- For people -- */

typedef struct {
  const char *red, *yellow, *bold, *dim, *off;
} Ink;

static Ink
choose_ink (void)
{
  const char *no_color = g_getenv ("NO_COLOR");
  if (!isatty (STDOUT_FILENO) || (no_color && no_color[0]))
    return (Ink){ "", "", "", "", "" };
  return (Ink){ "\033[31m", "\033[33m", "\033[1m", "\033[2m", "\033[0m" };
}

static void
print_steps (const LsTrace *trace, const LsFinding *finding)
{
  int widest = 0;
  for (guint i = 0; i < finding->threads->len; i++) {
    uint32_t thread = g_array_index (finding->threads, uint32_t, i);
    widest = MAX (widest, (int) g_utf8_strlen (ls_trace_get_thread (trace, thread)->name, -1));
  }
  for (guint i = 0; i < finding->steps->len; i++) {
    const LsStep *step = &g_array_index (finding->steps, LsStep, i);
    g_autofree char *place = ls_trace_dup_place (trace, step->source);
    g_autofree char *where = ls_text_dup_plain (place);
    g_autofree char *name = ls_text_dup_plain (ls_trace_get_thread (trace, step->thread)->name);
    g_autofree char *what = ls_text_dup_plain (step->text);
    g_autofree char *callers = ls_trace_dup_callers (trace, step->source);
    g_autofree char *by = ls_text_dup_plain (callers);
    g_autofree char *called = by[0] ? g_strdup_printf (W_CALLED_BY, by) : g_strdup ("");
    int pad = widest - (int) g_utf8_strlen (name, -1);
    printf ("    %u  %s%*s  %-12s %s%s\n", i + 1, name, pad, "", what, where, called);
  }
}

static void
print_named (const Ink *ink, const char *name, const char *text)
{
  g_autofree char *plain = ls_text_dup_plain (text);
  printf ("  %s%s%s %s\n", ink->dim, name, ink->off, plain);
}

static void
print_finding (const LsTrace *trace, const LsFinding *finding, const Ink *ink)
{
  const char *color = finding->severity == LS_SEVERITY_ERROR ? ink->red : ink->yellow;
  const char *also = finding->parent == LS_NONE ? "" : "also: ";
  g_autofree char *title = ls_text_dup_plain (finding->title);
  g_autofree char *sentence = ls_text_dup_plain (finding->sentence);
  printf ("\n%s%s%s%s%s (%s, %s", also, color, ink->bold, title, ink->off,
          ls_severity_name (finding->severity), ls_certainty_words (finding->certainty));
  if (finding->count > 1)
    printf (", %u times", finding->count);
  printf (")\n  %s\n", sentence);
  print_steps (trace, finding);
  print_named (ink, "Why:   ", finding->why);
  print_named (ink, "Remedy:", finding->remedy);
  if (finding->caveat)
    print_named (ink, "Only suspected:", finding->caveat);
}

static void
print_text (const LsTrace *trace, GPtrArray *findings, const LsAnalysisOptions *options)
{
  const LsTraceInfo *info = ls_trace_get_info (trace);
  Ink ink = choose_ink ();
  g_autofree char *words = ls_trace_dup_verdict (trace, findings);
  g_autofree char *verdict = ls_text_dup_plain (words);
  printf ("%s%s:%s %s\n", ink.bold, ls_command_get_name (info->path), ink.off, verdict);
  if (info->absence_is_no_proof && !options->suspected)
    puts ("  Not everything is in this trace, so nothing is concluded from what is not there;\n"
          "  --suspected shows what it looks like.");
  for (guint i = 0; i < findings->len; i++)
    print_finding (trace, g_ptr_array_index (findings, i), &ink);
}

/* -- For programs -- */

static void
write_step (LsJson *json, const LsTrace *trace, const LsStep *step)
{
  ls_json_begin_object (json, NULL);
  ls_json_uint (json, "event", step->event + 1);
  ls_json_int (json, "ts", ls_trace_get_ts (trace, step->event));
  ls_json_string (json, "thread", ls_trace_get_thread (trace, step->thread)->name);
  ls_json_string (json, "text", step->text);
  if (step->value)
    ls_json_string (json, "value", step->value);
  if (step->source != LS_NONE) {
    const LsSource *source = ls_trace_get_source (trace, step->source);
    if (source->func)
      ls_json_string (json, "func", source->func);
    if (source->file)
      ls_json_string (json, "file", source->file);
    if (source->line)
      ls_json_uint (json, "line", source->line);
  }
  ls_json_end_object (json);
}

static void
write_finding (LsJson *json, const LsTrace *trace, const LsFinding *finding)
{
  ls_json_begin_object (json, NULL);
  ls_json_string (json, "kind", ls_finding_kind_name (finding->kind));
  ls_json_string (json, "severity", ls_severity_name (finding->severity));
  ls_json_string (json, "certainty", ls_certainty_name (finding->certainty));
  ls_json_string (json, "title", finding->title);
  ls_json_string (json, "sentence", finding->sentence);
  ls_json_string (json, "why", finding->why);
  ls_json_string (json, "remedy", finding->remedy);
  if (finding->caveat)
    ls_json_string (json, "caveat", finding->caveat);
  ls_json_uint (json, "count", finding->count);
  if (finding->parent != LS_NONE)
    ls_json_uint (json, "parent", finding->parent);
  ls_json_begin_array (json, "steps");
  for (guint i = 0; i < finding->steps->len; i++)
    write_step (json, trace, &g_array_index (finding->steps, LsStep, i));
  ls_json_end_array (json);
  ls_json_end_object (json);
}

static void
write_file (LsJson *json, const LsTrace *trace, GPtrArray *findings)
{
  const LsTraceInfo *info = ls_trace_get_info (trace);
  g_autofree char *verdict = ls_trace_dup_verdict (trace, findings);
  ls_json_begin_object (json, NULL);
  ls_json_string (json, "file", info->path);
  ls_json_string (json, "verdict", verdict);
  ls_json_uint (json, "events", ls_trace_get_n_events (trace));
  ls_json_uint (json, "threads", ls_trace_get_n_threads (trace));
  ls_json_uint (json, "lost", info->n_lost);
  ls_json_begin_array (json, "findings");
  for (guint i = 0; i < findings->len; i++)
    write_finding (json, trace, g_ptr_array_index (findings, i));
  ls_json_end_array (json);
  ls_json_end_object (json);
}

/* -- A file -- */

/* Adds to `json` where it is given, else prints. */
static int
check_file (const char *path, const LsAnalysisOptions *options, LsJson *json)
{
  g_autoptr (LsTrace) trace = ls_command_open_trace (path);
  if (!trace)
    return LS_EXIT_FAILURE;
  g_autoptr (GPtrArray) findings = ls_command_compute_findings (trace, options);
  if (json)
    write_file (json, trace, findings);
  else
    print_text (trace, findings, options);
  return findings->len > 0 ? LS_EXIT_FINDINGS : LS_EXIT_FINE;
}

int
ls_command_check (int argc, char **argv)
{
  gboolean suspected = FALSE;
  g_autofree char *format = NULL;
  const GOptionEntry entries[] = {
    { "format", 0, 0, G_OPTION_ARG_STRING, &format, "text (default) or json", "FORMAT" },
    { "suspected", 0, 0, G_OPTION_ARG_NONE, &suspected, "Also what is no more than suspected",
      NULL },
    { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
  };
  int exit_code;
  if (!ls_command_parse (&argc, &argv, entries, "FILE...",
                         "Finds data races and lost updates in traces. Exits 3 when there are any.",
                         &exit_code))
    return exit_code;
  bool as_json = format && strcmp (format, "json") == 0;
  if (argc < 2 || (format && !as_json && strcmp (format, "text") != 0)) {
    ls_command_error (argc < 2 ? "check: which trace?" : "check: --format is text or json");
    return LS_EXIT_USAGE;
  }

  LsAnalysisOptions options = { .suspected = suspected };
  g_autoptr (GString) out = g_string_new (NULL);
  LsJson json;
  ls_json_init (&json, out, 2);
  ls_json_begin_array (&json, NULL);
  exit_code = LS_EXIT_FINE;
  for (int i = 1; i < argc; i++) {
    if (i > 1 && !as_json)
      putchar ('\n');
    int code = check_file (argv[i], &options, as_json ? &json : NULL);
    if (code == LS_EXIT_FAILURE || exit_code == LS_EXIT_FINE)
      exit_code = code; /* what could not be read outweighs findings */
  }
  ls_json_end_array (&json);
  if (as_json)
    printf ("%s\n", out->str);
  return exit_code;
}
