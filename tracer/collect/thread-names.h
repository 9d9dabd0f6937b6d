/* SPDX-License-Identifier: MIT */
/* The threads of one image: their names and declarations. Part of image-names. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "id-map.h"
#include "numbered.h"

G_BEGIN_DECLS

typedef struct {
  uint32_t id, os_tid;
  char *name;          /* NULL: not known */
  uint64_t start_site; /* its start function, as if it were a return address; 0: not known */
  uint32_t created_at; /* source of its creation; 0: not known */
  uint64_t
    *callable;     /* LS_CALLABLE_WORDS of what C++ runs in it, until that is asked; NULL: none */
  int64_t last_ns; /* ts of its latest event */
  bool is_named;   /* by the program */
  bool is_asked;   /* for what it runs */
  bool is_declared, is_detached;
} LsThreadName;

typedef struct {
  GString *lines;  /* borrowed; gets the declarations */
  GArray *threads; /* LsThreadName, in the order of their first records */
  LsIdMap by_id;   /* -> index + 1 */
  LsNumbered by_function, by_place;
} LsThreadNames;

void ls_thread_names_init (LsThreadNames *names, GString *lines);
void ls_thread_names_clear (LsThreadNames *names);

/* The thread, which is there from now on; valid until the next one is made. */
LsThreadName *ls_thread_names_get (LsThreadNames *names, uint32_t id);

void ls_thread_names_declare (LsThreadNames *names, LsThreadName *thread);

/* The name that the program gives it: it wins. */
void ls_thread_names_set (LsThreadNames *names, uint32_t id, const char *name);

/* The name of its start function, with a number when others have it too; NULL: it is not known. */
void ls_thread_names_set_function (LsThreadNames *names, uint32_t id, const char *function);

/* The name of the place that it is from, "lambda@main.c:12", likewise. */
void ls_thread_names_set_place (LsThreadNames *names, uint32_t id, const char *place);

/* Declares those that were not yet. */
void ls_thread_names_finish (LsThreadNames *names);

G_END_DECLS
