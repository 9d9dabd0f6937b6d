/* SPDX-License-Identifier: MIT */
/* Programs that ran without the library, by the notes that the library took before they did. */
#pragma once

#include <glib.h>

#include "region.h"

G_BEGIN_DECLS

/* Whether the image's process became a program that has no image; *ticks is when. */
gboolean ls_execs_find_next (LsRegion *region, const LsImage *image, uint64_t *ticks);

typedef struct {
  guint32 pid;
  guint n_times;
  char *program, *why;
} LsUnseen;

void ls_unseen_free (gpointer unseen);

/* The programs that ran, or run, without the library, each once. Owned: LsUnseen, in no order. */
GPtrArray *ls_execs_list_unseen (LsRegion *region);

G_END_DECLS
