/* SPDX-License-Identifier: MIT */
/* Patterns and what they match. GPatternSpec, not fnmatch: names have brackets of their own. */
#include "selection.h"

#include <string.h>

typedef struct {
  GPatternSpec *spec;
  gboolean is_file, is_path; /* of a file's name; of its whole path */
} Pattern;

struct _LsSelection {
  GArray *only, *ignored; /* Pattern */
  GPtrArray *words;       /* char *, NULL-terminated */
};

static void
clear_pattern (gpointer data)
{
  g_pattern_spec_free (((Pattern *) data)->spec);
}

static GArray *
parse (char **patterns)
{
  GArray *parsed = g_array_new (FALSE, FALSE, sizeof (Pattern));
  g_array_set_clear_func (parsed, clear_pattern);
  for (; patterns && *patterns; patterns++) {
    Pattern pattern = { .spec = g_pattern_spec_new (*patterns),
                        .is_path = strchr (*patterns, '/') != NULL };
    pattern.is_file =
      pattern.is_path || g_str_has_prefix (*patterns, "lib") || strstr (*patterns, ".so");
    g_array_append_val (parsed, pattern);
  }
  return parsed;
}

LsSelection *
ls_selection_new (char **only, char **ignored)
{
  if (!(only && *only) && !(ignored && *ignored))
    return NULL;
  LsSelection *selection = g_new0 (LsSelection, 1);
  selection->only = parse (only);
  selection->ignored = parse (ignored);
  selection->words = g_ptr_array_new_with_free_func (g_free);
  if (only && *only) {
    g_autofree char *list = g_strjoinv (", ", only);
    g_ptr_array_add (selection->words, g_strconcat ("all but ", list, NULL));
  }
  for (; ignored && *ignored; ignored++)
    g_ptr_array_add (selection->words, g_strdup (*ignored));
  g_ptr_array_add (selection->words, NULL);
  return selection;
}

void
ls_selection_free (LsSelection *selection)
{
  if (!selection)
    return;
  g_array_unref (selection->only);
  g_array_unref (selection->ignored);
  g_ptr_array_unref (selection->words);
  g_free (selection);
}

const char *const *
ls_selection_get_ignored (const LsSelection *selection)
{
  return (const char *const *) selection->words->pdata;
}

/* Does one of them match? *may_match: one may, once the name is known. */
static gboolean
match (const GArray *patterns, const char *file, const char *name, gboolean *may_match)
{
  const char *slash = file ? strrchr (file, '/') : NULL;
  const char *base = slash ? slash + 1 : file;
  *may_match = FALSE;
  for (guint i = 0; i < patterns->len; i++) {
    const Pattern *pattern = &g_array_index (patterns, Pattern, i);
    const char *text = pattern->is_path ? file : pattern->is_file ? base : name;
    if (text && g_pattern_spec_match_string (pattern->spec, text))
      return TRUE;
    if (!pattern->is_file && !name)
      *may_match = TRUE;
  }
  return FALSE;
}

LsSelected
ls_selection_judge (const LsSelection *selection, const char *file, const char *name)
{
  gboolean may_be_ignored, may_be_kept;
  if (match (selection->ignored, file, name, &may_be_ignored))
    return LS_SELECTION_LEAVE;
  gboolean is_kept = selection->only->len == 0 || match (selection->only, file, name, &may_be_kept);
  if (!is_kept)
    return may_be_kept ? LS_SELECTION_ASK : LS_SELECTION_LEAVE;
  return may_be_ignored ? LS_SELECTION_ASK : LS_SELECTION_KEEP;
}
