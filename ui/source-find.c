/* SPDX-License-Identifier: MIT */
/* Finds a source file that was recorded elsewhere. */
#include <gio/gio.h>

#include "source-panel.h"

static char *
dup_if_file (char *path)
{
  if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
    return path;
  g_free (path);
  return NULL;
}

/* The longest tail of `file` that is a file below `folder`: src/a.c before a.c. */
static char *
find_below (const char *folder, const char *file)
{
  const char *tail = g_path_is_absolute (file) ? g_path_skip_root (file) : file;
  while (tail && *tail) {
    char *found = dup_if_file (g_build_filename (folder, tail, NULL));
    if (found)
      return found;
    tail = strchr (tail, G_DIR_SEPARATOR);
    if (tail)
      tail++;
  }
  return NULL;
}

char *
ls_source_find (const char *file, const char *trace_path, const char *folder)
{
  char *found = NULL;
  if (!file || !*file)
    return NULL;
  if (folder)
    found = find_below (folder, file);
  if (!found && g_path_is_absolute (file))
    found = dup_if_file (g_strdup (file));
  if (!found && trace_path) {
    g_autofree char *beside = g_path_get_dirname (trace_path);
    found = find_below (beside, file);
  }
  return found;
}
