/* SPDX-License-Identifier: MIT */
/* A thread is called what the program calls it, else by its start function. */
#include "thread-names.h"

#include <string.h>

#include "line.h"
#include "writer.h"

static void
clear_thread (gpointer data)
{
  LsThreadName *thread = data;
  g_free (thread->name);
  g_free (thread->callable);
}

void
ls_thread_names_init (LsThreadNames *names, GString *lines)
{
  names->lines = lines;
  names->threads = g_array_new (FALSE, TRUE, sizeof (LsThreadName));
  g_array_set_clear_func (names->threads, clear_thread);
  ls_id_map_init (&names->by_id);
  ls_numbered_init (&names->by_function, '-');
  ls_numbered_init (&names->by_place, '#');
}

void
ls_thread_names_clear (LsThreadNames *names)
{
  g_array_unref (names->threads);
  ls_id_map_clear (&names->by_id);
  ls_numbered_clear (&names->by_function);
  ls_numbered_clear (&names->by_place);
}

LsThreadName *
ls_thread_names_get (LsThreadNames *names, uint32_t id)
{
  uint32_t index = ls_id_map_find (&names->by_id, id);
  if (index == 0) {
    LsThreadName added = { .id = id, .name = id == 1 ? g_strdup ("main") : NULL };
    g_array_append_val (names->threads, added);
    index = names->threads->len;
    ls_id_map_set (&names->by_id, id, index);
  }
  return &g_array_index (names->threads, LsThreadName, index - 1);
}

void
ls_thread_names_declare (LsThreadNames *names, LsThreadName *thread)
{
  LsLine line = { .kind = LS_LINE_THREAD,
                  .thread = { .id = thread->id,
                              .name = thread->name,
                              .os = thread->os_tid,
                              .detached = thread->is_detached } };
  ls_write_line (names->lines, &line);
  thread->is_declared = true;
}

void
ls_thread_names_set (LsThreadNames *names, uint32_t id, const char *name)
{
  LsThreadName *thread = ls_thread_names_get (names, id);
  thread->is_named = true;
  if (thread->name && strcmp (thread->name, name) == 0)
    return;
  g_free (thread->name);
  thread->name = g_strdup (name);
  ls_thread_names_declare (names, thread);
}

static void
rename_thread (uint32_t id, const char *name, gpointer data)
{
  LsThreadNames *names = data;
  LsThreadName *thread = ls_thread_names_get (names, id);
  if (thread->is_named)
    return;
  if (thread->name && strcmp (thread->name, name) == 0)
    return;
  g_free (thread->name);
  thread->name = g_strdup (name);
  ls_thread_names_declare (names, thread);
}

void
ls_thread_names_set_function (LsThreadNames *names, uint32_t id, const char *function)
{
  LsThreadName *thread = ls_thread_names_get (names, id);
  if (thread->name)
    return; /* it was given one meanwhile */
  if (function)
    ls_numbered_add (&names->by_function, function, id, rename_thread, names);
  else
    ls_thread_names_declare (names, thread);
}

void
ls_thread_names_set_place (LsThreadNames *names, uint32_t id, const char *place)
{
  if (!ls_thread_names_get (names, id)->name)
    ls_numbered_add (&names->by_place, place, id, rename_thread, names);
}

void
ls_thread_names_finish (LsThreadNames *names)
{
  ls_numbered_settle (&names->by_function, rename_thread, names);
  ls_numbered_settle (&names->by_place, rename_thread, names);
  for (guint i = 0; i < names->threads->len; i++) {
    LsThreadName *thread = &g_array_index (names->threads, LsThreadName, i);
    if (!thread->is_declared)
      ls_thread_names_declare (names, thread);
  }
}
