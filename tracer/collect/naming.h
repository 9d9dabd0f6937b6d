/* SPDX-License-Identifier: MIT */
/**
 * Finding names in a second thread: the drain must not wait while DWARF is read.
 *
 * Each image asks and takes its answers; the thread, and what it has read of program files, is one
 * for all images.
 */
#pragma once

#include "callable.h"
#include "symbols.h"

G_BEGIN_DECLS

typedef enum {
  LS_ASK_SITE,     /* address: a return address -> frames */
  LS_ASK_THREAD,   /* address: one past a thread's start function -> frames */
  LS_ASK_OBJECT,   /* address: of an object -> name, when it is a variable of the program's */
  LS_ASK_CALLABLE, /* words: of a C++ thread's argument -> callable */
} LsAskKind;

typedef struct {
  LsAskKind kind;
  uint32_t id; /* the asker's own */
  uint64_t address;
  char *name;          /* answer; NULL: none */
  uint64_t *words;     /* LS_CALLABLE_WORDS of them; owned */
  LsCallable callable; /* answer */
  GPtrArray *frames;   /* answer: LsFrame, the innermost first, to be read only; NULL: none */
} LsAsk;

void ls_ask_free (LsAsk *ask);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LsAsk, ls_ask_free)

typedef struct _LsNaming LsNaming;

/* `wake_fd` (an eventfd, or -1) is written to with each answer. */
LsNaming *ls_naming_new (int wake_fd);
void ls_naming_free (LsNaming *naming); /* what was asked and not answered is dropped */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LsNaming, ls_naming_free)

/* One image's questions. */
typedef struct _LsNamingQueue LsNamingQueue;

LsNamingQueue *ls_naming_queue_new (LsNaming *naming);
void ls_naming_queue_free (LsNamingQueue *queue);

/* What is asked from now on is looked up in these modules. */
void ls_naming_queue_set_modules (LsNamingQueue *queue, LsModules *modules);

/* The next list of some modules has become known: what was in none of them is asked again. */
void ls_naming_queue_ask_again (LsNamingQueue *queue);

/* The path of the module that has the address; NULL: none has. Borrowed. */
const char *ls_naming_queue_find_path (const LsNamingQueue *queue, uint64_t address);

void ls_naming_ask (LsNamingQueue *queue, LsAskKind kind, uint32_t id, uint64_t address);
void ls_naming_ask_callable (LsNamingQueue *queue, uint32_t id, const uint64_t *words);

/* The next answer, which the caller frees; NULL when there is none within `timeout_us` (0: now), or
 * none to come. */
LsAsk *ls_naming_take (LsNamingQueue *queue, gint64 timeout_us);

guint ls_naming_get_n_pending (const LsNamingQueue *queue);

G_END_DECLS
