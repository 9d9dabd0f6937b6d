/* SPDX-License-Identifier: MIT */
/* Names that several things share are told apart by running numbers, in the order of their ids:
 * the first "worker" becomes "worker-1" when a second one comes. */
#pragma once

#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

typedef struct {
  GHashTable *sharers; /* name -> those who share it */
  char separator;
} LsNumbered;

void ls_numbered_init (LsNumbered *numbered, char separator);
void ls_numbered_clear (LsNumbered *numbered);

typedef void (*LsRenameFunc) (uint32_t id, const char *name, gpointer user_data);

/* `id` is to be called `name`: calls `func` for it, and for the first when it gets its number. An id
 * that comes out of order gets its place, but it and those behind it their numbers only at the next
 * ls_numbered_settle(): thousands of threads started at once would rename each other all the time. */
void ls_numbered_add (LsNumbered *numbered,
                      const char *name,
                      uint32_t id,
                      LsRenameFunc func,
                      gpointer user_data);

/* Calls `func` for all whose names changed by ids that came out of order. */
void ls_numbered_settle (LsNumbered *numbered, LsRenameFunc func, gpointer user_data);

G_END_DECLS
