/* SPDX-License-Identifier: MIT */
/* `lockstitch convert`: traces of other tools into ours, and ours into what other tools read. */
#include <string.h>

#include "arguments.h"
#include "command.h"
#include "finding.h"
#include "import.h"
#include "output.h"
#include "progress.h"
#include "trace-export.h"
#include "writer.h"

#define FLUSH_BYTES (256 * 1024)

typedef struct {
  const char *name;
  const char *suffix; /* of files; NULL: none */
  LsForeign form;     /* LS_FOREIGN_NONE: our own, or one that is not read */
  bool is_read;
  bool (*export) (LsExport *export, GError **error); /* NULL: as lines of a trace */
  const char *no_words; /* what it is called in what it cannot say; NULL: it says everything */
} Format;

static const Format formats[] = {
  { "lockstitch", ".jsonl", LS_FOREIGN_NONE, true, NULL, NULL },
  { "chrome", ".json", LS_FOREIGN_CHROME, true, ls_export_chrome, "a Chrome trace" },
  { "std", ".std", LS_FOREIGN_STD, true, ls_export_std, "STD" },
  { "csv", ".csv", LS_FOREIGN_NONE, false, ls_export_csv, NULL },
};

typedef struct {
  char *output, *from, *to, *span;
  char **threads;
  gboolean findings;
  const Format *source; /* NULL: to be guessed */
  const Format *target;
} Options;

/* -- Formats -- */

static const Format *
find_format (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    if (strcmp (formats[i].name, name) == 0)
      return &formats[i];
  return NULL;
}

static const Format *
guess_target (const char *path)
{
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    if (g_str_has_suffix (path, formats[i].suffix))
      return &formats[i];
  return NULL;
}

/* -- Lines to lines -- */

typedef struct {
  GString *text;
  GOutputStream *stream;
  GError *error;             /* of writing */
  GCancellable *cancellable; /* stops the reading then */
} Lines;

static void
flush_lines (Lines *lines)
{
  if (!lines->error && !g_output_stream_write_all (lines->stream, lines->text->str,
                                                   lines->text->len, NULL, NULL, &lines->error))
    g_cancellable_cancel (lines->cancellable);
  g_string_truncate (lines->text, 0);
}

static void
take_line (const LsLine *line, gpointer user_data)
{
  Lines *lines = user_data;
  ls_write_line (lines->text, line);
  if (lines->text->len >= FLUSH_BYTES)
    flush_lines (lines);
}

/* Without the trace in memory: what is read is written. */
static int
convert_lines (const char *input, const Options *options)
{
  LsOutput output;
  g_autoptr (LsReadReport) report = ls_read_report_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GString) text = g_string_sized_new (FLUSH_BYTES + 4096);
  g_autofree char *what = g_strdup_printf ("converting %s", ls_command_get_name (input));
  g_autoptr (GError) error = NULL;
  LsProgressLine line;
  if (!ls_output_open (&output, options->output, input))
    return LS_EXIT_FAILURE;
  Lines lines = { .text = text, .stream = output.stream, .cancellable = cancellable };
  LsForeign form = options->source ? options->source->form : LS_FOREIGN_UNKNOWN;
  ls_progress_begin (&line, what);
  bool is_good = ls_import_file (form, input, take_line, &lines, report, ls_progress_tell, &line,
                                 cancellable, &error);
  if (is_good)
    flush_lines (&lines);
  ls_progress_end (&line);
  ls_command_print_problems (report, input);
  if (lines.error)
    g_prefix_error (&lines.error, "%s: ", output.name);
  int exit_code =
    ls_output_close (&output, is_good && !lines.error, lines.error ? lines.error : error);
  g_clear_error (&lines.error);
  return exit_code;
}

/* -- A trace to something else -- */

static void
say_left_out (const Format *format, const char *input, const LsExport *export)
{
  g_autofree char *left_out = ls_export_dup_left_out (export);
  if (left_out && format->no_words)
    ls_command_error ("%s: left out what %s has no words for: %s", input, format->no_words,
                      left_out);
}

/* What viewers are known to open; all of them keep the whole text in memory, or several times of it. */
#define MAX_VIEWER_BYTES 200e6
#define MAX_PERFETTO_BYTES 1e9

static void
warn_of_size (const Format *format, const char *name, const LsExport *export)
{
  if (format->form == LS_FOREIGN_CHROME && (double) export->n_bytes > MAX_VIEWER_BYTES)
    ls_command_error (
      "%s: %.0f MB, more than %s; --span and --thread write a part of the trace", name,
      (double) export->n_bytes / 1e6,
      (double) export->n_bytes > MAX_PERFETTO_BYTES
        ? "viewers open: chrome://tracing and speedscope about 200 MB, Perfetto about 1 GB"
        : "the 200 MB that chrome://tracing and speedscope open; Perfetto takes about 1 GB");
}

static int
write_trace (LsExport *export, const char *input, const Options *options)
{
  LsOutput output;
  g_autofree char *what = g_strdup_printf ("writing %s", options->output);
  g_autoptr (GError) error = NULL;
  LsProgressLine line;
  if (!ls_output_open (&output, options->output, input))
    return LS_EXIT_FAILURE;
  export->stream = output.stream;
  export->progress = ls_progress_tell;
  export->progress_data = &line;
  ls_progress_begin (&line, what);
  bool is_good = options->target->export(export, &error);
  ls_progress_end (&line);
  if (error)
    g_prefix_error (&error, "%s: ", output.name);
  if (is_good) {
    say_left_out (options->target, input, export);
    warn_of_size (options->target, output.name, export);
  }
  return ls_output_close (&output, is_good, error);
}

static int
convert_trace (const char *input, const Options *options)
{
  LsForeign form = options->source ? options->source->form : LS_FOREIGN_UNKNOWN;
  g_autoptr (LsTrace) trace = ls_command_import_trace (input, form);
  g_autofree bool *threads = NULL;
  if (!trace)
    return LS_EXIT_FAILURE;
  if (options->threads && !(threads = ls_command_choose (trace, options->threads, true)))
    return LS_EXIT_FAILURE;
  g_autoptr (GPtrArray) findings =
    options->findings ? ls_command_compute_findings (trace, NULL) : NULL;
  LsExport export = { .trace = trace, .threads = threads, .findings = findings };
  if (options->span)
    ls_argument_parse_span (options->span, ls_trace_get_info (trace)->end_ns + 1, &export.span);
  return write_trace (&export, input, options);
}

/* -- The command -- */

static bool
choose_formats (Options *options)
{
  if (options->from &&
      (!(options->source = find_format (options->from)) || !options->source->is_read)) {
    ls_command_error ("--from is '%s', must be lockstitch, chrome or std", options->from);
    return false;
  }
  if (options->to && !(options->target = find_format (options->to))) {
    ls_command_error ("--to is '%s', must be lockstitch, chrome, std or csv", options->to);
    return false;
  }
  if (!options->target && !(options->target = guess_target (options->output))) {
    ls_command_error (
      "%s: the name does not say the format (.trace.jsonl, .json, .std or .csv); give it "
      "with --to",
      options->output);
    return false;
  }
  return true;
}

static bool
check_options (Options *options, int argc)
{
  LsSpan span;
  if (argc != 2)
    ls_command_error (argc < 2 ? "convert: which trace?" : "convert: one trace at a time");
  else if (!options->output)
    ls_command_error ("convert: give the output's name: -o FILE, or -o - for standard output");
  else if (options->span && !ls_argument_parse_span (options->span, G_MAXINT64, &span))
    ls_command_error ("--span is '%s', must be like 10ms..20ms, its end after its begin",
                      options->span);
  else if (!choose_formats (options))
    return false;
  else if (!options->target->export && (options->span || options->threads))
    ls_command_error ("--span and --thread are for other formats than lockstitch");
  else if (options->findings && options->target->export != ls_export_chrome)
    ls_command_error ("--findings is for chrome");
  else
    return true;
  return false;
}

int
ls_command_convert (int argc, char **argv)
{
  Options options = { 0 };
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output, "Write here; - is standard output",
      "FILE" },
    { "from", 0, 0, G_OPTION_ARG_STRING, &options.from,
      "lockstitch, chrome or std (told from what is in the file)", "FORMAT" },
    { "to", 0, 0, G_OPTION_ARG_STRING, &options.to,
      "lockstitch, chrome, std or csv (told from the output's name)", "FORMAT" },
    { "findings", 0, 0, G_OPTION_ARG_NONE, &options.findings,
      "With what check finds, as marks (chrome only)", NULL },
    { "span", 's', 0, G_OPTION_ARG_STRING, &options.span, "Only this part, such as 10ms..20ms",
      "A..B" },
    { "thread", 't', 0, G_OPTION_ARG_STRING_ARRAY, &options.threads,
      "Only threads of this name; * and ? as in the shell; may be given again", "NAME" },
    { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
  };
  int exit_code;
  if (ls_command_parse (&argc, &argv, entries, "FILE -o FILE",
                        "Converts traces: logs of other tools into Lockstitch's form, and traces "
                        "into the forms\nof other tools. The output is there whole or not at all.",
                        &exit_code)) {
    exit_code = LS_EXIT_USAGE;
    if (check_options (&options, argc))
      exit_code = options.target->export ? convert_trace (argv[1], &options)
                                         : convert_lines (argv[1], &options);
  }
  g_free (options.output);
  g_free (options.from);
  g_free (options.to);
  g_free (options.span);
  g_strfreev (options.threads);
  return exit_code;
}
