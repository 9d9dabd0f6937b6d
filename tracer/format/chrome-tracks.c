/* SPDX-License-Identifier: MIT */
/* The processes and tracks of a Chrome trace. */
#include "import-chrome-private.h"

/* Whether the number is what was remembered; too long a one never is. */
static inline bool
is_remembered (const char *text, uint32_t n, LsChromeField number)
{
  if (n != number.n || n == 0)
    return false;
  for (uint32_t i = 0; i < n; i++)
    if (text[i] != number.text[i])
      return false;
  return true;
}

static inline uint32_t
remember (char *text, LsChromeField number)
{
  if (number.n > LS_CHROME_KEPT_BYTES)
    return 0;
  memcpy (text, number.text, number.n);
  return number.n;
}

uint32_t
ls_chrome_get_process (LsChromeImporter *chrome)
{
  LsChromeField pid = ls_chrome_get_text (chrome, LS_CHROME_KEY_PID, "0");
  LsChromeKept *kept = &chrome->kept_process;
  bool is_new;
  if (is_remembered (kept->text, kept->n, pid))
    return kept->id;
  uint32_t id = ls_name_ids_get (&chrome->process_ids, pid.text, pid.n, &is_new);
  if (is_new && id > 0)
    g_array_set_size (chrome->records.processes, id);
  kept->n = remember (kept->text, pid);
  kept->id = id;
  return id;
}

static void
add_track (LsChromeImporter *chrome, char sort, LsChromeField name, uint32_t process)
{
  LsChromeTrack track = { .process = process, .is_async = sort == 'a', .is_counter = sort == 'c' };
  if (sort == 't') {
    g_autofree char *tid = g_strndup (name.text, name.n);
    guint64 os = 0;
    g_ascii_string_to_unsigned (tid, 10, 1, G_MAXUINT32, &os, NULL);
    track.os = (uint32_t) os;
  }
  if (sort == 'a' || (sort == 't' && (name.n == 0 || !g_ascii_isdigit (name.text[0]))))
    track.name = g_utf8_make_valid (name.text, name.n);
  g_array_append_val (chrome->records.tracks, track);
}

uint32_t
ls_chrome_get_track (LsChromeImporter *chrome, char sort, LsChromeField name)
{
  uint32_t process = ls_chrome_get_process (chrome);
  GString *key = chrome->key;
  bool is_new;
  g_string_truncate (key, 0);
  ls_chrome_append (key, (LsChromeField){ .text = (const char *) &process, .n = sizeof process });
  ls_chrome_append (key, (LsChromeField){ .text = &sort, .n = 1 });
  ls_chrome_append (key, name);
  uint32_t id = ls_name_ids_get (&chrome->track_ids, key->str, key->len, &is_new);
  if (process == 0 || id == 0) {
    ls_chrome_complain (chrome, "more threads than a trace can have");
    return 0;
  }
  if (is_new)
    add_track (chrome, sort, name, process);
  return id;
}

uint32_t
ls_chrome_get_thread (LsChromeImporter *chrome)
{
  LsChromeField tid = ls_chrome_get_text (chrome, LS_CHROME_KEY_TID, "0");
  uint32_t process = ls_chrome_get_process (chrome);
  guint place = tid.n > 0 ? (guchar) tid.text[tid.n - 1] + 3 * (guchar) tid.text[tid.n / 2] : 0;
  LsChromeKept *kept = &chrome->kept_threads[place % LS_CHROME_KEPT];
  if (kept->process == process && is_remembered (kept->text, kept->n, tid))
    return kept->id;
  kept->id = ls_chrome_get_track (chrome, 't', tid);
  kept->process = process;
  kept->n = kept->id ? remember (kept->text, tid) : 0;
  return kept->id;
}
