/* SPDX-License-Identifier: MIT */
/* Which thread has which colour: those in findings choose first, the gravest finding's before all. */
#include "scene-private.h"

static int
compare_threads (gconstpointer a, gconstpointer b)
{
  uint32_t one = *(const uint32_t *) a, other = *(const uint32_t *) b;
  return one < other ? -1 : one > other;
}

void
ls_scene_choose_colors (LsScene *scene)
{
  static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  uint32_t n_threads = ls_trace_get_n_threads (scene->trace);
  g_autofree uint32_t *order = g_new (uint32_t, n_threads + 1);
  g_autofree bool *is_taken = g_new0 (bool, n_threads + 1);
  uint32_t n = 0;
  for (guint i = 0; scene->findings && i < scene->findings->len; i++) {
    const LsFinding *finding = g_ptr_array_index (scene->findings, i);
    uint32_t first = n;
    for (guint j = 0; j < finding->threads->len; j++) {
      uint32_t thread = g_array_index (finding->threads, uint32_t, j);
      if (thread < n_threads && !is_taken[thread]) {
        is_taken[thread] = true;
        order[n++] = thread;
      }
    }
    qsort (order + first, n - first, sizeof *order, compare_threads);
  }
  for (uint32_t thread = 0; thread < n_threads; thread++)
    if (!is_taken[thread])
      order[n++] = thread;

  scene->colors = g_new0 (guint8, n_threads + 1);
  scene->letters = g_new0 (char, n_threads + 1);
  for (uint32_t i = 0; i < n; i++) {
    scene->colors[order[i]] = i % LS_N_THREAD_COLORS;
    if (i >= LS_N_THREAD_COLORS)
      scene->letters[order[i]] = letters[(i - LS_N_THREAD_COLORS) % (sizeof letters - 1)];
  }
}

LsColor
ls_scene_get_thread_color (const LsScene *scene, uint32_t thread, char *letter)
{
  bool is_known = thread < ls_trace_get_n_threads (scene->trace);
  if (letter)
    *letter = is_known ? scene->letters[thread] : 0;
  return is_known ? ls_scene_thread_color (scene, thread) : scene->palette->mixed;
}
