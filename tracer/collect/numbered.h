/* SPDX-License-Identifier: MIT */
/* Names that several things share are told apart by running numbers: the first "worker" becomes
 * "worker-1" when a second one comes. */
#pragma once

#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

typedef struct {
  GHashTable *shared; /* name -> how many have it, and the first one's id */
  char separator;
} LsNumbered;

void ls_numbered_init (LsNumbered *numbered, char separator);
void ls_numbered_clear (LsNumbered *numbered);

/* The name for `id`, whose own name is `name`. When that makes a first one to be told apart as
 * well, *first is its id and *first_name its new name (owned), else *first is 0. Owned. */
char *ls_numbered_add (LsNumbered *numbered,
                       const char *name,
                       uint32_t id,
                       uint32_t *first,
                       char **first_name);

G_END_DECLS
