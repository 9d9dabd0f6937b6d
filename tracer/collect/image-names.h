/* SPDX-License-Identifier: MIT */
/**
 * The ids of one image's threads, objects and sources, and their declarations, which are written
 * into the image's lines as names are found. Part of image.
 */
#pragma once

#include "drain.h"
#include "naming.h"
#include "selection.h"

G_BEGIN_DECLS

typedef struct _LsImageNames LsImageNames;

/* `lines` (borrowed) gets the declarations; `selection` (borrowed, or NULL) leaves objects out. */
LsImageNames *ls_image_names_new (LsNaming *naming, const LsSelection *selection, GString *lines);
void ls_image_names_free (LsImageNames *names);

/* The modules that the records from now on mean; `before`: those up to now, or NULL. */
void ls_image_names_set_modules (LsImageNames *names, LsModules *before, LsModules *modules);
/* The next list of some of them has become known. */
void ls_image_names_learn_modules (LsImageNames *names);

/* -- While records are taken -- */

/* The thread of a record is known from now on. Returns ts_ns, or the thread's last one when that
 * is later. */
int64_t ls_image_names_thread (LsImageNames *names, const LsRecord *record, int64_t ts_ns);

void ls_image_names_started (LsImageNames *names,
                             uint32_t thread,
                             uint32_t os_tid,
                             uint64_t start_function);
/* The thread will run what is in these LS_CALLABLE_WORDS; see LS_SLOT_CALLABLE. */
void ls_image_names_callable (LsImageNames *names, uint32_t thread, const uint64_t *words);
void ls_image_names_created (LsImageNames *names, uint32_t thread, uint32_t source);
void ls_image_names_detached (LsImageNames *names, uint32_t thread);
void ls_image_names_name_thread (LsImageNames *names, uint32_t thread, const char *name);

/* The callers of the same thread's next record: `record` is of kind LS_SLOT_STACK. */
void ls_image_names_expect_stack (LsImageNames *names, const LsRecord *record);

/* Will nothing but the record itself say what is known of its places? No callers were told, and its thread
 * is known. */
bool ls_image_names_is_usual (const LsImageNames *names, const LsRecord *record);

/* A record is about to be taken. */
void ls_image_names_enter (LsImageNames *names, const LsRecord *record);

/* Source id of a return address; 0 for 0. */
uint32_t ls_image_names_site (LsImageNames *names, uint64_t site);

/* Source id of the function that the thread began with; 0 when it is not known. */
uint32_t ls_image_names_start_site (LsImageNames *names, uint32_t thread);

/* Object id, 0 when it is left out; `initial`: a semaphore's count or a barrier's parties at init, else -1. */
uint32_t ls_image_names_use (LsImageNames *names,
                             LsEventKind event,
                             LsObjectKind kind,
                             uint64_t address,
                             uint64_t site,
                             int64_t initial);

/* Object id of the value accessed, 0 when it is left out; *offset in it, *whole: its size. */
uint32_t ls_image_names_access (LsImageNames *names,
                                uint64_t address,
                                uint32_t bytes,
                                LsValueType type,
                                uint64_t site,
                                uint32_t *offset,
                                uint32_t *whole);

void ls_image_names_name_object (LsImageNames *names,
                                 LsObjectKind kind,
                                 uint64_t address,
                                 uint32_t bytes,
                                 LsValueType type,
                                 uint64_t site,
                                 const char *name);

/* -- Answers -- */

/* Declares what has been found since. Returns: true when nothing is left to be found. */
bool ls_image_names_take (LsImageNames *names);

/* Declares whatever is not declared yet, as far as it is known. */
void ls_image_names_finish (LsImageNames *names);

guint ls_image_names_get_n_threads (const LsImageNames *names);

/* -- For who takes over -- */

/* Another number whenever an id was given out while a record was taken. */
guint ls_image_names_get_n_known (const LsImageNames *names);

/* Ids of sources given out so far; the next one is one more. */
guint ls_image_names_get_n_sources (const LsImageNames *names);
void ls_image_names_set_n_sources (LsImageNames *names, guint n_sources);

/* The thread has events up to this moment. */
void ls_image_names_resume_thread (LsImageNames *names, uint32_t thread, int64_t last_ns);

G_END_DECLS
