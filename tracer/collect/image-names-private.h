/* SPDX-License-Identifier: MIT */
/* The ids of one image, as image-names and image-names-resume share them. */
#pragma once

#include "image-names.h"
#include "numbered.h"
#include "objects.h"
#include "sources.h"
#include "thread-names.h"

G_BEGIN_DECLS

typedef struct {
  char *name;
  uint32_t source;
  int64_t initial; /* -1: not said */
  bool is_asked, is_answered, is_declared;
  bool is_judged; /* false while --only and --ignore leave it open whether the object is wanted */
  bool is_left_out;
} ObjectName;

struct _LsImageNames {
  const LsSelection *selection; /* NULL: everything */
  GString *lines;
  LsNamingQueue *queue;
  LsThreadNames threads;
  GArray *object_names; /* ObjectName, object id - 1 */
  LsObjects objects;
  LsSources sources;
  LsNumbered object_places;
  guint n_introduced; /* objects that were declared or asked for, each time */
};

G_END_DECLS
