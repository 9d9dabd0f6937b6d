/* SPDX-License-Identifier: MIT */
/* What an image's threads are called, by what they run. */
#include "image-names-private.h"

#include "slot.h"

static void
ask_callable (LsImageNames *names, LsThreadName *thread)
{
  if (!thread->callable)
    return;
  thread->is_asked = true;
  ls_naming_ask_callable (names->queue, thread->id, thread->callable);
  g_clear_pointer (&thread->callable, g_free);
}

void
ls_image_names_callable (LsImageNames *names, uint32_t id, const uint64_t *words)
{
  LsThreadName *thread = ls_thread_names_get (&names->threads, id);
  g_free (thread->callable);
  thread->callable = g_memdup2 (words, LS_CALLABLE_WORDS * sizeof *words);
}

/* What it runs may best be told by this place, whose name is asked for already: that answer comes
 * first. */
void
ls_image_names_created (LsImageNames *names, uint32_t id, uint32_t source)
{
  LsThreadName *thread = ls_thread_names_get (&names->threads, id);
  thread->created_at = source;
  ask_callable (names, thread);
}

void
ls_image_names_started (LsImageNames *names, uint32_t id, uint32_t os_tid, uint64_t start_function)
{
  LsThreadName *thread = ls_thread_names_get (&names->threads, id);
  if (os_tid != 0)
    thread->os_tid = os_tid;
  start_function &= 0xffffffffffffull;
  if (start_function == 0)
    return;
  thread->start_site = start_function + 1;
  ask_callable (names, thread);
  if (!thread->name && !thread->is_asked)
    ls_naming_ask (names->queue, LS_ASK_THREAD, id, thread->start_site);
  thread->is_asked = true;
}

/* Where C++'s libraries begin threads of all kinds, built into the program. */
static bool
is_library_start (const char *function)
{
  return g_strcmp0 (function, "execute_native_thread_routine") == 0 ||
         g_str_has_prefix (function, "std::__thread_proxy<");
}

/* A file and a line, or at least a function of the program's, not of C++'s library. */
static bool
tells (const LsFrame *place)
{
  return place &&
         (place->file || (place->has_symbol && !g_str_has_prefix (place->function, "std::")));
}

void
ls_image_names_take_thread (LsImageNames *names, const LsAsk *ask)
{
  const char *name = ask->callable.name, *word = ask->callable.word;
  const LsFrame *start = ask->frames ? ask->frames->pdata[0] : NULL;
  if (start && start->has_symbol && !is_library_start (start->function))
    name = start->function;
  else if (!word && !name)
    word = "thread";
  uint32_t source = ls_thread_names_get (&names->threads, ask->id)->created_at;
  const LsFrame *place = word ? ls_sources_find_frame (&names->sources, source) : NULL;
  if (!tells (place) || (name && !place->file)) {
    ls_thread_names_set_function (&names->threads, ask->id, name);
    return;
  }
  g_autofree char *text = ls_image_names_dup_place (word, place);
  ls_thread_names_set_place (&names->threads, ask->id, text);
}
