/* SPDX-License-Identifier: MIT */
/* `lockstitch-viewer`. */
#include <libintl.h>
#include <locale.h>

#include "application.h"

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LS_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  g_set_application_name ("Lockstitch");
  g_autoptr (LsApplication) application = ls_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
