/* SPDX-License-Identifier: MIT */
/* `lockstitch view`: becomes the desktop app, which lives in a program of its own so that this one
 * runs where there is no GTK. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "command.h"

int
ls_command_view (int argc, char **argv)
{
  const GOptionEntry entries[] = { { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL } };
  int exit_code;
  if (!ls_command_parse (&argc, &argv, entries, "[FILE...]", "Opens traces in the desktop app.",
                         &exit_code))
    return exit_code;
  const char *viewer = g_getenv ("LOCKSTITCH_VIEWER");
  if (!viewer || !*viewer)
    viewer = LS_VIEWER_PATH;
  /* A file that is not there is better said here than in a window. */
  for (int i = 1; i < argc; i++)
    if (access (argv[i], R_OK) != 0) {
      ls_command_error ("%s: %s", argv[i], g_strerror (errno));
      return LS_EXIT_FAILURE;
    }
  argv[0] = (char *) viewer;
  execv (viewer, argv);
  if (errno == ENOENT)
    ls_command_error ("the desktop app is not installed: there is no %s", viewer);
  else
    ls_command_error ("%s: %s", viewer, g_strerror (errno));
  return LS_EXIT_FAILURE;
}
