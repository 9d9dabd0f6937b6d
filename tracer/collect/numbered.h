/* SPDX-License-Identifier: MIT */
/* Names that several things share are told apart by running numbers, in the order of their ids:
 * the first "worker" becomes "worker-1" when a second one comes. */
#pragma once

#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

typedef struct {
  GHashTable *sharers; /* name -> GArray of ids, sorted */
  char separator;
} LsNumbered;

void ls_numbered_init (LsNumbered *numbered, char separator);
void ls_numbered_clear (LsNumbered *numbered);

typedef void (*LsRenameFunc) (uint32_t id, const char *name, gpointer user_data);

/* `id` is to be called `name`: calls `func` for it, and for all whose names change by that. */
void ls_numbered_add (LsNumbered *numbered,
                      const char *name,
                      uint32_t id,
                      LsRenameFunc func,
                      gpointer user_data);

G_END_DECLS
