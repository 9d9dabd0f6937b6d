/* SPDX-License-Identifier: MIT */
/* Reading the options of `lockstitch record`: each is checked before anything is started. */
#include "record-options.h"

#include <string.h>

#include "arguments.h"
#include "command.h"
#include "region.h"
#include "slot.h"

#define DEFAULT_STACK_DEPTH 6
#define MIN_BYTES (UINT64_C (1) << 20)
#define MAX_BYTES (UINT64_C (1) << 50)
#define MAX_DURATION_NS (INT64_C (1000000000) * 86400 * 365)

static bool
parse_size (const char *option, const char *text, guint64 *bytes, GError **error)
{
  if (!ls_argument_parse_size (text, bytes) || *bytes < MIN_BYTES || *bytes > MAX_BYTES) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 "%s is '%s', must be a size of at least 1M, like 64M or 2G", option, text);
    return false;
  }
  return true;
}

static bool
parse_word (const char *option,
            const char *text,
            const char *no,
            const char *yes,
            gboolean *is_yes,
            GError **error)
{
  *is_yes = strcmp (text, yes) == 0;
  if (*is_yes || strcmp (text, no) == 0)
    return true;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s is '%s', must be %s or %s",
               option, text, no, yes);
  return false;
}

static gboolean
take_size (const char *option, const char *text, gpointer data, GError **error)
{
  LsRecordOptions *options = data;
  bool is_kept = strcmp (option, "--keep-last") == 0;
  return parse_size (option, text, is_kept ? &options->keep_last_bytes : &options->buffer_bytes,
                     error);
}

static gboolean
take_word (const char *option, const char *text, gpointer data, GError **error)
{
  LsRecordOptions *options = data;
  if (strcmp (option, "--children") == 0)
    return parse_word (option, text, "follow", "ignore", &options->ignore_children, error);
  return parse_word (option, text, "wait", "drop", &options->drop, error);
}

static gboolean
take_status (const char *option, const char *text, gpointer data, GError **error)
{
  static const char *const words[] = { "auto", "always", "never", NULL };
  LsRecordOptions *options = data;
  for (guint i = 0; words[i]; i++) {
    if (strcmp (text, words[i]) == 0) {
      options->status = (LsStatusWhen) i;
      return TRUE;
    }
  }
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               "%s is '%s', must be auto, always or never", option, text);
  return FALSE;
}

static gboolean
take_stacks (const char *option, const char *text, gpointer data, GError **error)
{
  LsRecordOptions *options = data;
  guint64 depth = DEFAULT_STACK_DEPTH;
  if (text && !g_ascii_string_to_unsigned (text, 10, 0, LS_STACK_MAX, &depth, NULL)) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 "%s is '%s', must be a number of callers from 0 to %d", option, text,
                 LS_STACK_MAX);
    return FALSE;
  }
  options->stack_depth = (guint) depth;
  options->no_stacks = depth == 0;
  return TRUE;
}

static gboolean
take_duration (const char *option, const char *text, gpointer data, GError **error)
{
  LsRecordOptions *options = data;
  gsize length = strlen (text);
  bool is_bare = length > 0 && g_ascii_isdigit (text[length - 1]); /* seconds */
  g_autofree char *time = g_strconcat (text, is_bare ? "s" : "", NULL);
  if (!ls_argument_parse_time (time, &options->duration_ns) || options->duration_ns < 1 ||
      options->duration_ns > MAX_DURATION_NS) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 "%s is '%s', must be a time like 500ms, 10s or 2m", option, text);
    return FALSE;
  }
  return TRUE;
}

/* How many of our arguments come before the program's: those with a dash, what belongs to them,
 * and "--". */
static int
count_own_arguments (int argc, char **argv, const GOptionEntry *entries)
{
  for (int i = 1; i < argc; i++) {
    if (strcmp (argv[i], "--") == 0)
      return i + 1;
    if (argv[i][0] != '-' || argv[i][1] == '\0')
      return i;
    for (const GOptionEntry *entry = entries; entry->long_name; entry++) {
      bool is_named = strncmp (argv[i], "--", 2) == 0
                        ? strcmp (argv[i] + 2, entry->long_name) == 0
                        : argv[i][1] == entry->short_name && argv[i][2] == '\0';
      if (is_named && entry->arg != G_OPTION_ARG_NONE &&
          !(entry->flags & G_OPTION_FLAG_OPTIONAL_ARG))
        i++;
    }
  }
  return argc;
}

bool
ls_record_options_parse (LsRecordOptions *options, int argc, char **argv, int *exit_code)
{
  *options = (LsRecordOptions){ 0 };
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options->output,
      "Write the trace to FILE (default: the program's name and .trace.jsonl; -: standard output)",
      "FILE" },
    { "check", 0, 0, G_OPTION_ARG_NONE, &options->check, "Print the findings at the end", NULL },
    { "duration", 0, 0, G_OPTION_ARG_CALLBACK, (gpointer) take_duration,
      "Stop recording after TIME (500ms, 10s, 2m); the program runs on", "TIME" },
    { "when-full", 0, 0, G_OPTION_ARG_CALLBACK, (gpointer) take_word,
      "Let the program wait when memory for events is full, or drop them (default: wait)",
      "wait|drop" },
    { "keep-last", 0, 0, G_OPTION_ARG_CALLBACK, (gpointer) take_size,
      "Keep only the last SIZE of events (K, M, G), as a flight recorder does", "SIZE" },
    { "buffer-size", 0, 0, G_OPTION_ARG_CALLBACK, (gpointer) take_size,
      "Buffer up to SIZE of events that are not written yet (K, M, G)", "SIZE" },
    { "stacks", 0, G_OPTION_FLAG_OPTIONAL_ARG, G_OPTION_ARG_CALLBACK, (gpointer) take_stacks,
      "Record the N callers of each event's place (up to 12, default: 6)", "N" },
    { "no-sleep", 0, 0, G_OPTION_ARG_NONE, &options->no_sleep, "Record no sleeps and yields",
      NULL },
    { "children", 0, 0, G_OPTION_ARG_CALLBACK, (gpointer) take_word,
      "Record the processes that PROGRAM starts too, or not (default: follow)", "follow|ignore" },
    { "only", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->only,
      "Record only locks and values with such a name, or from such a file (lib*, *.so*, /*)",
      "PATTERN" },
    { "ignore", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->ignored,
      "Leave out those with such a name, or from such a file", "PATTERN" },
    { "status", 0, 0, G_OPTION_ARG_CALLBACK, (gpointer) take_status,
      "Tell on the terminal how it goes (default: auto, unless the program writes there)",
      "auto|always|never" },
    { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
  };
  int n_own = count_own_arguments (argc, argv, entries);
  options->program = argv + n_own;
  g_autofree char **own = g_new0 (char *, (gsize) n_own + 1);
  memcpy (own, argv, (gsize) n_own * sizeof *own);
  char **rest = own;
  if (!ls_command_parse_for (&n_own, &rest, entries, options, "[--] PROGRAM [ARGUMENT...]",
                             "Runs PROGRAM and records what its threads do to its locks and shared "
                             "values.\nIts input, output, signals and exit status are its own.",
                             exit_code))
    return false;
  const char *message = NULL;
  if (!options->program[0])
    message = "record needs a program to run";
  else if (options->output && !*options->output)
    message = "--output needs a file's name";
  else if (options->check && g_strcmp0 (options->output, "-") == 0)
    message = "--check prints where --output - puts the trace";
  if (message) {
    ls_command_error ("%s; see lockstitch record --help", message);
    *exit_code = LS_EXIT_USAGE;
  }
  return !message;
}

void
ls_record_options_clear (LsRecordOptions *options)
{
  g_clear_pointer (&options->output, g_free);
  g_clear_pointer (&options->only, g_strfreev);
  g_clear_pointer (&options->ignored, g_strfreev);
}

static void
add_number (GStrvBuilder *arguments, const char *name, guint64 number)
{
  g_autofree char *argument = g_strdup_printf ("--%s=%" G_GUINT64_FORMAT, name, number);
  if (number > 0)
    g_strv_builder_add (arguments, argument);
}

static void
add_patterns (GStrvBuilder *arguments, const char *name, char **patterns)
{
  for (; patterns && *patterns; patterns++) {
    g_autofree char *argument = g_strdup_printf ("--%s=%s", name, *patterns);
    g_strv_builder_add (arguments, argument);
  }
}

GStrv
ls_record_options_dup_collector (const LsRecordOptions *options)
{
  g_autoptr (GStrvBuilder) arguments = g_strv_builder_new ();
  guint flags = (options->drop ? LS_OPTION_DROP : 0) |
                (options->no_sleep ? LS_OPTION_NO_SLEEP : 0) |
                (options->ignore_children ? LS_OPTION_NO_CHILDREN : 0) |
                (options->no_stacks ? LS_OPTION_NO_STACKS : 0);
  add_number (arguments, "options", flags);
  add_number (arguments, "stack-depth", options->stack_depth);
  add_number (arguments, "keep-last", options->keep_last_bytes);
  add_number (arguments, "buffer-size", options->buffer_bytes);
  add_number (arguments, "duration-ns", (guint64) options->duration_ns);
  add_patterns (arguments, "only", options->only);
  add_patterns (arguments, "ignore", options->ignored);
  return g_strv_builder_end (arguments);
}
