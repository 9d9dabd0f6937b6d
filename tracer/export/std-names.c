/* SPDX-License-Identifier: MIT */
/* Names that are unlike each other and stay whole in an STD log. */
#include "std-names.h"

#include <string.h>

#include "std-line.h"

bool
ls_std_can_say (const LsObject *object)
{
  switch (object->kind) {
  case LS_OBJECT_LOCK:
  case LS_OBJECT_MUTEX:
  case LS_OBJECT_RECURSIVE:
  case LS_OBJECT_SPIN:
  case LS_OBJECT_RWLOCK:
    return !object->is_gate;
  case LS_OBJECT_VALUE:
    return true;
  default:
    return false;
  }
}

/* Readers differ in what they take for white space and the end of a line: none of it is left. */
void
ls_std_append_clean (GString *out, const char *name)
{
  for (const char *c = name; *c; c = g_utf8_next_char (c)) {
    gunichar letter = g_utf8_get_char (c);
    bool is_clean = !g_unichar_isspace (letter) && !g_unichar_iscntrl (letter) &&
                    (letter >= 0x80 || !strchr ("|()", (char) letter));
    g_string_append_unichar (out, is_clean ? letter : '_');
  }
}

static char *
dup_clean (const char *name)
{
  GString *clean = g_string_new (NULL);
  ls_std_append_clean (clean, name);
  return g_string_free (clean, FALSE);
}

static const char *
get_key (const char *name, bool is_thread)
{
  return is_thread ? ls_std_thread_key ((LsStdPiece){ name, strlen (name) }).text : name;
}

/* A name (taken) that is in nobody's use. `taken` borrows it. */
static char *
make_unique (GHashTable *taken, char *name, uint32_t id, bool is_thread)
{
  while (!name[0] || g_hash_table_contains (taken, get_key (name, is_thread))) {
    char *longer = g_strdup_printf ("%s#%u", name, id);
    g_free (name);
    name = longer;
  }
  g_hash_table_add (taken, (gpointer) get_key (name, is_thread));
  return name;
}

static char *
dup_name (GHashTable *taken, bool is_named, const char *name, uint32_t id, char letter)
{
  char *clean = is_named ? dup_clean (name) : g_strdup_printf ("%c%u", letter, id);
  return make_unique (taken, clean, id, letter == 'T');
}

static bool
has_places (const LsTrace *trace)
{
  for (uint32_t i = 0; i < ls_trace_get_n_sources (trace); i++) {
    const LsSource *source = ls_trace_get_source (trace, i);
    if (source->func || source->file || !source->line)
      return false;
  }
  return true;
}

void
ls_std_names_init (LsStdNames *names, const LsTrace *trace)
{
  uint32_t n_threads = ls_trace_get_n_threads (trace), n_objects = ls_trace_get_n_objects (trace);
  g_autoptr (GHashTable) threads = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) locks = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) values = g_hash_table_new (g_str_hash, g_str_equal);
  names->has_places = has_places (trace);
  names->threads = g_new0 (char *, n_threads + 1);
  names->objects = g_new0 (char *, n_objects + 1);
  for (uint32_t i = 0; i < n_threads; i++) {
    const LsThread *thread = ls_trace_get_thread (trace, i);
    names->threads[i] = dup_name (threads, thread->is_named, thread->name, thread->id, 'T');
  }
  for (uint32_t i = 0; i < n_objects; i++) {
    const LsObject *object = ls_trace_get_object (trace, i);
    bool is_value = object->kind == LS_OBJECT_VALUE;
    if (ls_std_can_say (object))
      names->objects[i] = dup_name (is_value ? values : locks, object->is_named, object->name,
                                    object->id, is_value ? 'V' : 'L');
  }
}

void
ls_std_names_clear (LsStdNames *names, const LsTrace *trace)
{
  for (uint32_t i = 0; i < ls_trace_get_n_threads (trace); i++)
    g_free (names->threads[i]);
  for (uint32_t i = 0; i < ls_trace_get_n_objects (trace); i++)
    g_free (names->objects[i]);
  g_free (names->threads);
  g_free (names->objects);
}
