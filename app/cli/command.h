/* SPDX-License-Identifier: MIT */
/* What every command of `lockstitch` shares: the table's row, exit codes, messages, options. */
#pragma once

#include "finding.h"
#include "trace.h"

G_BEGIN_DECLS

enum {
  LS_EXIT_FINE = 0,
  LS_EXIT_FAILURE = 1,
  LS_EXIT_USAGE = 2,
  LS_EXIT_FINDINGS = 3,
};

typedef struct {
  const char *name;
  int (*run) (int argc, char **argv); /* argv[0] is the command's name; returns the exit code */
  const char *summary;                /* one line for `lockstitch --help` */
} LsCommand;

/* Commands, one file each. */
int ls_command_check (int argc, char **argv);
int ls_command_convert (int argc, char **argv);
int ls_command_record (int argc, char **argv);
int ls_command_render (int argc, char **argv);
int ls_command_stats (int argc, char **argv);
int ls_command_view (int argc, char **argv);

/* Parses options with GOption; `usage` follows the command's name in its help, `summary` is the
 * text above the options. Returns false and sets *exit_code when the command is over already
 * (--help, bad usage). Non-option arguments stay in argv from index 1. */
gboolean ls_command_parse (int *argc,
                           char ***argv,
                           const GOptionEntry *entries,
                           const char *usage,
                           const char *summary,
                           int *exit_code);

/* The same, with `data` for the entries' G_OPTION_ARG_CALLBACKs. */
gboolean ls_command_parse_for (int *argc,
                               char ***argv,
                               const GOptionEntry *entries,
                               gpointer data,
                               const char *usage,
                               const char *summary,
                               int *exit_code);

/* Opens the trace at `path` ("-": standard input), with progress on a terminal, and says on stderr what
 * is wrong in it. Returns: (owned) NULL after a message. */
LsTrace *ls_command_open_trace (const char *path);

/* The same of a trace of this form; LS_FOREIGN_UNKNOWN: it is told from the content. */
LsTrace *ls_command_import_trace (const char *path, LsForeign form);

/* What an input is called in messages: its path, or "standard input" for "-". */
const char *ls_command_get_name (const char *path);

/* What the analysis finds, with progress on a terminal. @options: or NULL. Returns: (owned). */
GPtrArray *ls_command_compute_findings (LsTrace *trace, const LsAnalysisOptions *options);

/* The first problems of `path`, on stderr, and how many more there are. */
void ls_command_print_problems (const LsReadReport *report, const char *path);

/* Which threads, or objects, have a name of the patterns: by index, owned by the caller; NULL after
 * a message when none has. */
bool *ls_command_choose (const LsTrace *trace, char **patterns, bool are_threads);

/* "lockstitch: MESSAGE" on stderr. */
void ls_command_error (const char *format, ...) G_GNUC_PRINTF (1, 2);

G_END_DECLS
