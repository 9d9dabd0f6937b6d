/* SPDX-License-Identifier: MIT */
/* Tags of at most three letters for locks whose bar is too narrow for the name. */
#include "paint-private.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyz0123456789"

/* The first letters of the name's words ("ql" of "queue.lock"), else the name's first three. */
static void
suggest (const char *name, char tag[4])
{
  guint n = 0;
  bool at_word = true;
  for (const char *at = name; *at && n < 3; at++) {
    bool is_letter = g_ascii_isalnum (*at);
    if (is_letter && at_word)
      tag[n++] = g_ascii_tolower (*at);
    at_word = !is_letter;
  }
  if (n < 2) {
    n = 0;
    for (const char *at = name; *at && n < 3; at++)
      if (g_ascii_isalnum (*at))
        tag[n++] = g_ascii_tolower (*at);
  }
  tag[n] = '\0';
}

/* The next tag when this one is taken: counts in the last letters. */
static bool
find_free (GHashTable *taken, char tag[4])
{
  const guint base = sizeof LETTERS - 1;
  char first = tag[0] ? tag[0] : 'l';
  for (guint i = 0; i < base * base + base; i++) {
    tag[0] = first;
    tag[1] = LETTERS[i < base ? i : (i - base) / base];
    tag[2] = i < base ? '\0' : LETTERS[(i - base) % base];
    tag[3] = '\0';
    if (!g_hash_table_contains (taken, tag))
      return true;
  }
  return false;
}

static void
make_tags (LsScene *scene)
{
  scene->tags = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  g_autoptr (GHashTable) taken = g_hash_table_new (g_str_hash, g_str_equal);
  uint32_t n = ls_trace_get_n_objects (scene->trace);
  for (uint32_t i = 0; i < n; i++) {
    const LsObject *object = ls_trace_get_object (scene->trace, i);
    if (object->kind == LS_OBJECT_VALUE)
      continue;
    char tag[4];
    suggest (object->name, tag);
    if ((tag[0] == '\0' || g_hash_table_contains (taken, tag)) && !find_free (taken, tag))
      continue; /* more locks than tags: the rest has none */
    char *kept = g_strdup (tag);
    g_hash_table_add (taken, kept);
    g_hash_table_insert (scene->tags, GUINT_TO_POINTER (i), kept);
  }
}

const char *
ls_scene_get_tag (const LsScene *scene, uint32_t object)
{
  if (!scene->tags)
    make_tags ((LsScene *) scene); /* a cache: what the scene shows stays the same */
  return g_hash_table_lookup (scene->tags, GUINT_TO_POINTER (object));
}
