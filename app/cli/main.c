/* SPDX-License-Identifier: MIT */
/* `lockstitch`: finds the command and runs it. */
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "command.h"

static const LsCommand commands[] = {
  { "record", ls_command_record, "Run a program and record what its threads do" },
  { "check", ls_command_check, "Find data races and lost updates in traces" },
  { "render", ls_command_render, "Draw a trace into a PNG, SVG or PDF file" },
  { "stats", ls_command_stats, "Say how threads, locks and values were used" },
  { "convert", ls_command_convert, "Read and write the traces of other tools" },
  { "view", ls_command_view, "Open traces in the desktop app" },
  { NULL, NULL, NULL },
};

static void
print_help (FILE *out)
{
  fputs ("Usage: lockstitch COMMAND [OPTION...] [ARGUMENT...]\n\n"
         "Records what a program's threads do to its locks and shared values, and shows it.\n\n"
         "Commands:\n",
         out);
  for (const LsCommand *command = commands; command->name; command++)
    fprintf (out, "  %-10s %s\n", command->name, command->summary);
  fputs ("\nlockstitch COMMAND --help tells more of one.\n"
         "Exit status: 0 fine, 1 failure, 2 wrong usage, 3 findings (check);\n"
         "record gives the program's own.\n",
         out);
}

/* What is printed may still be on its way, to a full disk say. */
static int
end (int exit_code)
{
  bool is_printed = fflush (stdout) == 0 && !ferror (stdout);
  if (is_printed || (exit_code != LS_EXIT_FINE && exit_code != LS_EXIT_FINDINGS))
    return exit_code;
  ls_command_error ("standard output: %s", g_strerror (errno));
  return LS_EXIT_FAILURE;
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  if (argc < 2) {
    print_help (stderr);
    return LS_EXIT_USAGE;
  }
  if (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "-h") == 0 ||
      strcmp (argv[1], "help") == 0) {
    print_help (stdout);
    return LS_EXIT_FINE;
  }
  if (strcmp (argv[1], "--version") == 0) {
    puts ("lockstitch " LS_VERSION);
    return LS_EXIT_FINE;
  }
  for (const LsCommand *command = commands; command->name; command++)
    if (strcmp (argv[1], command->name) == 0)
      return end (command->run (argc - 1, argv + 1));
  ls_command_error ("there is no command '%s'; see lockstitch --help", argv[1]);
  return LS_EXIT_USAGE;
}
