/* SPDX-License-Identifier: MIT */
/* Finds a source file that was recorded elsewhere. */
#include <gio/gio.h>

#include "source-panel.h"

#define MAX_LEVELS_UP 5

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

/* A relative path was relative to where the program was built: often a folder above the trace. */
static char *
find_above (const char *folder, const char *file)
{
  g_autofree char *at = g_strdup (folder);
  for (int i = 0; i < MAX_LEVELS_UP; i++) {
    char *found = dup_if_file (g_build_filename (at, file, NULL));
    if (found)
      return found;
    char *above = g_path_get_dirname (at);
    if (g_strcmp0 (above, at) == 0) {
      g_free (above);
      break;
    }
    g_free (at);
    at = above;
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
    g_autofree char *absolute = g_canonicalize_filename (trace_path, NULL);
    g_autofree char *beside = g_path_get_dirname (absolute);
    found = find_below (beside, file);
    if (!found && !g_path_is_absolute (file))
      found = find_above (beside, file);
  }
  if (!found && g_str_has_prefix (file, "examples/")) /* of the samples, once installed */
    found = dup_if_file (g_build_filename (LS_DOC_DIR, file, NULL));
  return found;
}
