/* SPDX-License-Identifier: MIT */
/**
 * Which objects a recording is about: --only and --ignore.
 *
 * A pattern with * and ? that begins with "lib" or has ".so" or "/" in it is one for the file of the
 * code that first touched an object; any other is one for the object's name.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _LsSelection LsSelection;

/* NULL-terminated patterns, or NULL. Returns: (owned) NULL when everything is wanted. */
LsSelection *ls_selection_new (char **only, char **ignored);
void ls_selection_free (LsSelection *selection);

/* What is left out, in a header's words; borrowed. */
const char *const *ls_selection_get_ignored (const LsSelection *selection);

typedef enum {
  LS_SELECTION_KEEP,
  LS_SELECTION_LEAVE,
  LS_SELECTION_ASK, /* the name decides */
} LsSelected;

/* `file`: where the code is that first touched the object, NULL: unknown. `name`: NULL when it is
 * not known yet. */
LsSelected ls_selection_judge (const LsSelection *selection, const char *file, const char *name);

G_END_DECLS
