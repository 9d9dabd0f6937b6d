/* SPDX-License-Identifier: MIT */
/* The naming thread and its queues. */
#include "naming.h"

#include <unistd.h>

#include "slot.h"

typedef struct {
  LsAsk ask;
  LsModules *modules;   /* a reference */
  GAsyncQueue *answers; /* a reference */
} Question;

struct _LsNaming {
  GThread *thread;
  GAsyncQueue *questions; /* Question; &stop_question ends the thread */
  gint stopping;
  int wake_fd;
};

struct _LsNamingQueue {
  LsNaming *naming;
  LsModules *modules;
  GAsyncQueue *answers; /* LsAsk */
  guint n_pending;
  GArray *unknown; /* Unknown */
};

/* What was asked and is in no module that is known so far. */
typedef struct {
  LsAskKind kind;
  uint32_t id;
  uint64_t address;
  LsModules *modules; /* a reference */
} Unknown;

#define MAX_UNKNOWN 4096

static Question stop_question;

void
ls_ask_free (LsAsk *ask)
{
  g_free (ask->name);
  g_free (ask->callable.name);
  g_free (ask->words);
  if (ask->frames)
    g_ptr_array_unref (ask->frames);
  g_free (ask);
}

static void
answer (LsSymbols *symbols, Question *question)
{
  LsAsk *ask = &question->ask;
  if (ask->kind == LS_ASK_OBJECT)
    ask->name = ls_symbols_find_variable (symbols, question->modules, ask->address);
  else if (ask->kind == LS_ASK_CALLABLE)
    ls_callable_find (symbols, question->modules, ask->words, &ask->callable);
  else if (ask->address != 0)
    ask->frames = ls_symbols_find_frames (symbols, question->modules, ask->address - 1);
}

static gpointer
run (gpointer data)
{
  LsNaming *naming = data;
  g_autoptr (LsSymbols) symbols = ls_symbols_new ();
  for (;;) {
    Question *question = g_async_queue_pop (naming->questions);
    if (question == &stop_question)
      return NULL;
    if (!g_atomic_int_get (&naming->stopping))
      answer (symbols, question);
    g_async_queue_push (question->answers, g_memdup2 (&question->ask, sizeof question->ask));
    const uint64_t one = 1;
    if (naming->wake_fd >= 0 && write (naming->wake_fd, &one, sizeof one) < 0)
      g_debug ("not woken"); /* it comes by itself before long */
    g_async_queue_unref (question->answers);
    ls_modules_unref (question->modules);
    g_free (question);
  }
}

LsNaming *
ls_naming_new (int wake_fd)
{
  LsNaming *naming = g_new0 (LsNaming, 1);
  naming->wake_fd = wake_fd;
  naming->questions = g_async_queue_new ();
  naming->thread = g_thread_new ("naming", run, naming);
  return naming;
}

void
ls_naming_free (LsNaming *naming)
{
  if (!naming)
    return;
  g_atomic_int_set (&naming->stopping, TRUE);
  g_async_queue_push (naming->questions, &stop_question);
  g_thread_join (naming->thread);
  g_async_queue_unref (naming->questions);
  g_free (naming);
}

static void
clear_unknown (gpointer data)
{
  ls_modules_unref (((Unknown *) data)->modules);
}

LsNamingQueue *
ls_naming_queue_new (LsNaming *naming)
{
  LsNamingQueue *queue = g_new0 (LsNamingQueue, 1);
  queue->naming = naming;
  queue->modules = ls_modules_new ("", 0);
  queue->unknown = g_array_new (FALSE, FALSE, sizeof (Unknown));
  g_array_set_clear_func (queue->unknown, clear_unknown);
  queue->answers = g_async_queue_new_full ((GDestroyNotify) ls_ask_free);
  return queue;
}

void
ls_naming_queue_free (LsNamingQueue *queue)
{
  ls_modules_unref (queue->modules);
  g_array_unref (queue->unknown);
  g_async_queue_unref (queue->answers);
  g_free (queue);
}

void
ls_naming_queue_set_modules (LsNamingQueue *queue, LsModules *modules)
{
  ls_modules_unref (queue->modules);
  queue->modules = ls_modules_ref (modules);
}

const char *
ls_naming_queue_find_path (const LsNamingQueue *queue, uint64_t address)
{
  const LsModule *module = ls_modules_find (queue->modules, address);
  return module ? module->path : NULL;
}

static void
put_question (LsNamingQueue *queue, LsAsk ask, LsModules *modules)
{
  Question *question = g_new0 (Question, 1);
  question->ask = ask;
  question->modules = ls_modules_ref (modules);
  question->answers = g_async_queue_ref (queue->answers);
  queue->n_pending++;
  g_async_queue_push (queue->naming->questions, question);
}

void
ls_naming_ask (LsNamingQueue *queue, LsAskKind kind, uint32_t id, uint64_t address)
{
  put_question (queue, (LsAsk){ .kind = kind, .id = id, .address = address }, queue->modules);
  if (kind == LS_ASK_THREAD || queue->unknown->len >= MAX_UNKNOWN ||
      ls_modules_find (queue->modules, address))
    return;
  Unknown unknown = { .kind = kind,
                      .id = id,
                      .address = address,
                      .modules = ls_modules_ref (queue->modules) };
  g_array_append_val (queue->unknown, unknown);
}

void
ls_naming_queue_ask_again (LsNamingQueue *queue)
{
  for (guint i = 0; i < queue->unknown->len; i++) {
    const Unknown *unknown = &g_array_index (queue->unknown, Unknown, i);
    LsAsk ask = { .kind = unknown->kind, .id = unknown->id, .address = unknown->address };
    if (ls_modules_find (unknown->modules, unknown->address))
      put_question (queue, ask, unknown->modules);
  }
  /* What is loaded still later is something else. */
  g_array_set_size (queue->unknown, 0);
}

void
ls_naming_ask_callable (LsNamingQueue *queue, uint32_t id, const uint64_t *words)
{
  uint64_t *copy = g_memdup2 (words, LS_CALLABLE_WORDS * sizeof *words);
  put_question (queue, (LsAsk){ .kind = LS_ASK_CALLABLE, .id = id, .words = copy }, queue->modules);
}

LsAsk *
ls_naming_take (LsNamingQueue *queue, gint64 timeout_us)
{
  if (queue->n_pending == 0)
    return NULL;
  LsAsk *ask = timeout_us > 0 ? g_async_queue_timeout_pop (queue->answers, (guint64) timeout_us)
                              : g_async_queue_try_pop (queue->answers);
  if (ask)
    queue->n_pending--;
  return ask;
}

guint
ls_naming_get_n_pending (const LsNamingQueue *queue)
{
  return queue->n_pending;
}
