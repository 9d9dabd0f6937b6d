/* SPDX-License-Identifier: MIT */
/* Asking about modules, and what came of it. */
#include "blind.h"

#include <string.h>

#include "runtime.h"

#define MAX_WAIT_US (2 * G_USEC_PER_SEC)

typedef struct {
  char *path;
  GAsyncQueue *answers;
} Question;

static void
answer (gpointer data, gpointer user_data)
{
  Question *question = data;
  const char *runtime = ls_runtime_find (question->path);
  g_async_queue_push (question->answers,
                      runtime ? ls_runtime_dup_name (question->path, runtime) : g_strdup (""));
  g_async_queue_unref (question->answers);
  g_free (question->path);
  g_free (question);
}

static GThreadPool *
get_pool (void)
{
  static GThreadPool *pool;
  if (!pool)
    pool = g_thread_pool_new (answer, NULL, 1, FALSE, NULL);
  return pool;
}

void
ls_blind_init (LsBlind *blind)
{
  *blind = (LsBlind){ .asked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
                      .answers = g_async_queue_new_full (g_free),
                      .found = g_ptr_array_new_with_free_func (g_free) };
  g_ptr_array_add (blind->found, NULL);
}

void
ls_blind_clear (LsBlind *blind)
{
  g_clear_pointer (&blind->asked, g_hash_table_unref);
  g_clear_pointer (&blind->answers, g_async_queue_unref);
  g_clear_pointer (&blind->found, g_ptr_array_unref);
}

/* The path of a "START END BIAS ID PATH" line. */
static const char *
get_path (const char *line)
{
  for (guint i = 0; line && i < 4; i++) {
    line = strchr (line, ' ');
    line = line ? line + 1 : NULL;
  }
  return line && *line == '/' ? line : NULL;
}

/* A line that says by itself that its module is not seen. */
static bool
take_bypassing (LsBlind *blind, const char *line, const char *word, const char *suffix)
{
  if (!g_str_has_prefix (line, word))
    return false;
  const char *path = line + strlen (word);
  g_autofree char *key = g_strconcat (path, suffix, NULL);
  if (g_hash_table_add (blind->asked, g_strdup (key))) {
    g_autofree char *file = g_path_get_basename (path);
    blind->n_pending++;
    g_async_queue_push (blind->answers, g_strconcat (file, suffix, NULL));
  }
  return true;
}

void
ls_blind_look (LsBlind *blind, const char *modules_text)
{
  g_auto (GStrv) lines = g_strsplit (modules_text, "\n", -1);
  for (char **line = lines; *line; line++) {
    if (take_bypassing (blind, *line, "deep ", LS_BLIND_DEEP) ||
        take_bypassing (blind, *line, "apart ", LS_BLIND_APART))
      continue;
    const char *path = get_path (*line);
    if (!path || !g_hash_table_add (blind->asked, g_strdup (path)))
      continue;
    Question question = { .path = g_strdup (path), .answers = g_async_queue_ref (blind->answers) };
    blind->n_pending++;
    g_thread_pool_push (get_pool (), g_memdup2 (&question, sizeof question), NULL);
  }
}

bool
ls_blind_take (LsBlind *blind, bool wait)
{
  bool is_more = false;
  gint64 until_us = g_get_monotonic_time () + MAX_WAIT_US;
  while (blind->n_pending > 0) {
    gint64 left_us = wait ? until_us - g_get_monotonic_time () : 0;
    char *name = left_us > 0 ? g_async_queue_timeout_pop (blind->answers, (guint64) left_us)
                             : g_async_queue_try_pop (blind->answers);
    if (!name)
      break;
    blind->n_pending--;
    bool is_known = !*name;
    for (guint i = 0; i + 1 < blind->found->len && !is_known; i++)
      is_known = strcmp (blind->found->pdata[i], name) == 0;
    if (is_known) {
      g_free (name);
      continue;
    }
    g_ptr_array_insert (blind->found, (gint) blind->found->len - 1, name);
    is_more = true;
  }
  return is_more;
}

const char *const *
ls_blind_get (const LsBlind *blind)
{
  return blind->found && blind->found->len > 1 ? (const char *const *) blind->found->pdata : NULL;
}
