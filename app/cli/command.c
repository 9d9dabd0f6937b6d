/* SPDX-License-Identifier: MIT */
/* Options and messages that the commands share. */
#include "command.h"

#include <stdarg.h>
#include <stdio.h>

void
ls_command_error (const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *message = g_strdup_vprintf (format, args);
  va_end (args);
  fprintf (stderr, "lockstitch: %s\n", message);
}

gboolean
ls_command_parse (int *argc,
                  char ***argv,
                  const GOptionEntry *entries,
                  const char *usage,
                  const char *summary,
                  int *exit_code)
{
  return ls_command_parse_for (argc, argv, entries, NULL, usage, summary, exit_code);
}

gboolean
ls_command_parse_for (int *argc,
                      char ***argv,
                      const GOptionEntry *entries,
                      gpointer data,
                      const char *usage,
                      const char *summary,
                      int *exit_code)
{
  g_autofree char *program = g_strdup_printf ("lockstitch %s", (*argv)[0]);
  g_set_prgname (program); /* what GOption calls the program in its help */
  g_autoptr (GOptionContext) context = g_option_context_new (usage);
  g_option_context_set_summary (context, summary);
  GOptionGroup *group = g_option_group_new ("main", "", "", data, NULL);
  g_option_group_add_entries (group, entries);
  g_option_context_set_main_group (context, group);
  g_option_context_set_help_enabled (context, FALSE);
  gboolean help = FALSE;
  const GOptionEntry help_entries[] = {
    { "help", 'h', 0, G_OPTION_ARG_NONE, &help, "Show this help", NULL },
    { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
  };
  g_option_group_add_entries (group, help_entries);
  g_option_context_set_strict_posix (context, FALSE);

  g_autoptr (GError) error = NULL;
  if (!g_option_context_parse (context, argc, argv, &error)) {
    ls_command_error ("%s; see lockstitch %s --help", error->message, (*argv)[0]);
    *exit_code = LS_EXIT_USAGE;
    return FALSE;
  }
  if (help) {
    g_autofree char *text = g_option_context_get_help (context, TRUE, NULL);
    fputs (text, stdout);
    *exit_code = LS_EXIT_FINE;
    return FALSE;
  }
  return TRUE;
}
