/* SPDX-License-Identifier: MIT */
/* Families: many threads of one kind, which share a lane in a trace of many threads. */
#include "scene-private.h"

#include <string.h>

#define MIN_THREADS 32 /* of the trace: as many as fit on a screen need no folding */
#define MIN_MEMBERS 9
#define N_FINDINGS 8 /* whose threads keep a lane of their own */

void
ls_family_clear (gpointer data)
{
  LsFamily *family = data;
  g_free (family->name);
  g_array_unref (family->threads);
  g_free (family->profile);
}

/* "request-" of "request-17"; NULL when the name ends in no number. */
static char *
dup_stem (const char *name)
{
  gsize length = strlen (name);
  while (length > 0 && g_ascii_isdigit (name[length - 1]))
    length--;
  if (name[length] == '\0' || length == 0)
    return NULL;
  return g_strndup (name, length);
}

static char *
dup_key (const LsScene *scene, uint32_t index, char **name)
{
  const LsThread *thread = ls_trace_get_thread (scene->trace, index);
  g_autofree char *stem = thread->is_named ? dup_stem (thread->name) : NULL;
  if (stem) {
    *name = g_strconcat (stem, "*", NULL);
    return g_strconcat ("n", stem, NULL);
  }
  if (thread->is_named || thread->parent == LS_NONE || thread->start_source == LS_NONE)
    return NULL;
  const LsSource *source = ls_trace_get_source (scene->trace, thread->start_source);
  *name = g_strdup (source->func ? source->func : "threads");
  return g_strdup_printf ("s%u %u", thread->parent, thread->start_source);
}

static bool *
find_threads_in_findings (const LsScene *scene)
{
  uint32_t n_threads = ls_trace_get_n_threads (scene->trace);
  bool *is_in = g_new0 (bool, n_threads + 1);
  for (guint i = 0; scene->findings && i < MIN (scene->findings->len, N_FINDINGS); i++) {
    const LsFinding *finding = g_ptr_array_index (scene->findings, i);
    for (guint j = 0; j < finding->threads->len; j++) {
      uint32_t thread = g_array_index (finding->threads, uint32_t, j);
      if (thread < n_threads)
        is_in[thread] = true;
    }
  }
  return is_in;
}

void
ls_scene_group_families (LsScene *scene)
{
  uint32_t n_threads = ls_trace_get_n_threads (scene->trace);
  scene->families = g_array_new (FALSE, TRUE, sizeof (LsFamily));
  g_array_set_clear_func (scene->families, ls_family_clear);
  scene->family_of = g_new (uint32_t, n_threads + 1);
  for (uint32_t i = 0; i <= n_threads; i++)
    scene->family_of[i] = LS_NONE;
  if (n_threads <= MIN_THREADS)
    return;

  g_autofree bool *is_in_finding = find_threads_in_findings (scene);
  g_autoptr (GHashTable) groups = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GArray) all = g_array_new (FALSE, TRUE, sizeof (LsFamily));
  for (uint32_t i = 0; i < n_threads; i++) {
    if (is_in_finding[i])
      continue;
    g_autofree char *name = NULL;
    g_autofree char *key = dup_key (scene, i, &name);
    if (!key)
      continue;
    gpointer found = NULL;
    if (!g_hash_table_lookup_extended (groups, key, NULL, &found)) {
      LsFamily family = { g_steal_pointer (&name), g_array_new (FALSE, FALSE, sizeof (uint32_t)),
                          NULL };
      found = GUINT_TO_POINTER (all->len);
      g_array_append_val (all, family);
      g_hash_table_insert (groups, g_steal_pointer (&key), found);
    }
    g_array_append_val (g_array_index (all, LsFamily, GPOINTER_TO_UINT (found)).threads, i);
  }
  for (guint i = 0; i < all->len; i++) {
    LsFamily family = g_array_index (all, LsFamily, i);
    if (family.threads->len < MIN_MEMBERS) {
      ls_family_clear (&family);
      continue;
    }
    for (guint j = 0; j < family.threads->len; j++)
      scene->family_of[g_array_index (family.threads, uint32_t, j)] = scene->families->len;
    g_array_append_val (scene->families, family);
  }
}

guint
ls_scene_get_n_families (const LsScene *scene)
{
  return scene->families->len;
}

const uint32_t *
ls_scene_get_family (const LsScene *scene, guint index, guint *n, const char **name)
{
  if (index >= scene->families->len) {
    *n = 0;
    if (name)
      *name = NULL;
    return NULL;
  }
  const LsFamily *family = &g_array_index (scene->families, LsFamily, index);
  *n = family->threads->len;
  if (name)
    *name = family->name;
  return (const uint32_t *) (const void *) family->threads->data;
}
