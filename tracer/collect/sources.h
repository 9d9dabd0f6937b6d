/* SPDX-License-Identifier: MIT */
/**
 * The sources of one image: where its events happened, and who called there. Part of image-names.
 *
 * A source is a return address in its caller's source, so that stacks share what they have in
 * common. Its declaration is written once its frames are found; code of a library's headers that was
 * compiled into the program is left out, since nobody looks for it.
 */
#pragma once

#include <stdbool.h>

#include "drain.h"
#include "id-map.h"
#include "naming.h"

G_BEGIN_DECLS

typedef struct _LsSourceStack LsSourceStack;

typedef struct {
  GString *lines;       /* borrowed */
  LsNamingQueue *queue; /* borrowed */
  LsIdMap by_site;      /* those without a caller */
  GHashTable *by_call;  /* CallKey -> id, those with one */
  GHashTable
    *inlined; /* "function\nfile\nline\nin" -> id, of frames that others are inlined into */
  GHashTable *pending;    /* thread id -> LsSourceStack that its next record is to have */
  GPtrArray *recent;      /* LsSourceStack, by their hashes: most come again and again */
  GArray *places;         /* Place, id - 1 */
  LsSourceStack *current; /* of the record that is being taken; NULL: not known */
} LsSources;

void ls_sources_init (LsSources *sources, GString *lines, LsNamingQueue *queue);
void ls_sources_clear (LsSources *sources);

/* The callers of the same thread's next record, by a record of kind LS_SLOT_STACK. */
void ls_sources_expect (LsSources *sources, const LsRecord *record);

/* Were callers told for the thread's next record, or perhaps for it? */
bool ls_sources_is_told (const LsSources *sources, uint32_t thread);

/* A record is about to be taken: its site's callers are those expected, if they are its own. */
void ls_sources_enter (LsSources *sources, const LsRecord *record);

/* Source id of a return address; 0 for 0. */
uint32_t ls_sources_get (LsSources *sources, uint64_t site);

/* The code there is gone: places there are other ones from now on. */
void ls_sources_forget (LsSources *sources, uint64_t from, uint64_t to);

/* Declares the source that `ask` was about. */
void ls_sources_answer (LsSources *sources, const LsAsk *ask);

/* Where to send people for a source that is answered: the innermost frame in a file of the
 * program's own, or in any file, or at all. NULL: not known. */
const LsFrame *ls_sources_find_frame (const LsSources *sources, uint32_t id);

G_END_DECLS
