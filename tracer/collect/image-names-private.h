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

/* The name of where an object or a thread is from: "mutex@pool.c:41". Owned. */
char *ls_image_names_dup_place (const char *word, const LsFrame *frame);

/* The answer to what a thread runs, from LS_ASK_THREAD or LS_ASK_CALLABLE. */
void ls_image_names_take_thread (LsImageNames *names, const LsAsk *ask);

G_END_DECLS
