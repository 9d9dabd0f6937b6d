/* SPDX-License-Identifier: MIT */
/* The events of a Chrome trace by their phases: where each belongs and what it becomes. */
#include <math.h>
#include <string.h>

#include "chrome-names.h"
#include "import-chrome-private.h"

void
ls_chrome_complain (LsChromeImporter *chrome, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *reason = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  ls_importer_add_error (&chrome->base, chrome->line, "event %" G_GUINT64_FORMAT ": %s",
                         chrome->number, reason);
}

/* -- Who -- */

static uint32_t
get_name (LsChromeImporter *chrome, LsChromeField name)
{
  return name.kind == LS_CHROME_TEXT
           ? ls_name_ids_get (&chrome->records.names, name.text, name.n, NULL)
           : 0;
}

/* Arrows and asynchronous slices are told apart by category and id, arrows by name too. */
static uint32_t
get_id (LsChromeImporter *chrome, LsChromeKey key, LsChromeField name)
{
  const LsChromeEvent *event = &chrome->event;
  LsChromeField id = ls_chrome_get_text (chrome, key, "");
  if (id.kind != LS_CHROME_TEXT && event->local_id.kind == LS_CHROME_TEXT)
    id = event->local_id;
  else if (id.kind != LS_CHROME_TEXT && event->global_id.kind == LS_CHROME_TEXT)
    id = event->global_id;
  g_string_truncate (chrome->key, 0);
  ls_chrome_append (chrome->key, chrome->cat);
  g_string_append_c (chrome->key, ' ');
  ls_chrome_append (chrome->key, id);
  g_string_append_c (chrome->key, ' ');
  ls_chrome_append (chrome->key, name);
  return ls_name_ids_get (&chrome->id_ids, chrome->key->str, chrome->key->len, NULL);
}

/* -- What -- */

static void
add (LsChromeImporter *chrome, LsRecord record)
{
  g_array_append_val (chrome->records.records, record);
  g_array_index (chrome->records.tracks, LsChromeTrack, record.track - 1).is_used = true;
}

/* bind_id: an arrow that comes to a slice's begin and leaves from it. */
static void
add_binding (LsChromeImporter *chrome, const LsRecord *slice)
{
  bool comes = ls_chrome_get_field (chrome, LS_CHROME_KEY_FLOW_IN)->is_true;
  bool goes = ls_chrome_get_field (chrome, LS_CHROME_KEY_FLOW_OUT)->is_true;
  if (ls_chrome_get_field (chrome, LS_CHROME_KEY_BIND_ID)->kind != LS_CHROME_TEXT ||
      (!comes && !goes))
    return;
  add (chrome, (LsRecord){ .kind = comes && goes ? LS_RECORD_STEP
                                   : comes       ? LS_RECORD_RECV
                                                 : LS_RECORD_SEND,
                           .ts_ns = slice->ts_ns,
                           .track = slice->track,
                           .id = get_id (chrome, LS_CHROME_KEY_BIND_ID, (LsChromeField){ 0 }) });
}

/* A thread of a trace of our own: its life is no region. */
static void
add_life (LsChromeImporter *chrome, const LsRecord *slice)
{
  LsRecord point = { .ts_ns = slice->ts_ns, .track = slice->track, .kind = LS_RECORD_START };
  if (ls_chrome_event_get_argument (&chrome->event, "started").is_true)
    add (chrome, point);
  point.kind = LS_RECORD_FINISH;
  point.ts_ns = MAX (slice->ts_ns, slice->end_ns - 1);
  if (ls_chrome_event_get_argument (&chrome->event, "finished").is_true)
    add (chrome, point);
}

static void
add_complete (LsChromeImporter *chrome, LsRecord record)
{
  const LsChromeField *duration = ls_chrome_get_field (chrome, LS_CHROME_KEY_DUR);
  bool has_duration = duration->kind != LS_CHROME_ABSENT;
  int64_t duration_ns = 0;
  if (has_duration && (!ls_chrome_parse_ns (duration, &duration_ns) || duration_ns < 0)) {
    ls_chrome_complain (chrome, "\"dur\" should be microseconds, 0 or more");
    return;
  }
  record.kind = has_duration ? LS_RECORD_SLICE : LS_RECORD_BEGIN;
  record.end_ns = record.ts_ns + duration_ns;
  if (ls_chrome_field_is (&chrome->cat, LS_CHROME_LIFE)) {
    add_life (chrome, &record);
    return;
  }
  add (chrome, record);
  add_binding (chrome, &record);
}

/* The number that a text is; false when it is none. */
static bool
parse_number (LsChromeField field, LsRecord *record)
{
  g_autofree char *text = g_strndup (field.text, field.n);
  gint64 integer;
  char *end;
  if (g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, &integer, NULL)) {
    record->type = LS_VALUE_INT;
    record->i = integer;
    return true;
  }
  record->type = LS_VALUE_FLOAT;
  record->f = g_ascii_strtod (text, &end);
  return end != text && *end == '\0' && isfinite (record->f);
}

/* "name[id].series": without what is not said, and the series when it is the only one. */
static uint32_t
get_series (LsChromeImporter *chrome, const LsChromeMember *series)
{
  GString *key = chrome->key;
  LsChromeField id = ls_chrome_get_text (chrome, LS_CHROME_KEY_ID, "");
  g_string_truncate (key, 0);
  ls_chrome_append (key, ls_chrome_get_text (chrome, LS_CHROME_KEY_NAME, ""));
  if (id.kind == LS_CHROME_TEXT) {
    g_string_append_c (key, '[');
    ls_chrome_append (key, id);
    g_string_append_c (key, ']');
  }
  if (chrome->event.args->len > 1) {
    g_string_append_c (key, '.');
    ls_chrome_append (key, series->key);
  }
  return ls_name_ids_get (&chrome->records.names, key->str, key->len, NULL);
}

static void
add_counter (LsChromeImporter *chrome, LsRecord record)
{
  if (!chrome->event.has_args) {
    ls_chrome_complain (chrome, "a counter without \"args\"");
    return;
  }
  record.kind = LS_RECORD_COUNT;
  for (guint i = 0; i < chrome->event.args->len; i++) {
    const LsChromeMember *series = &g_array_index (chrome->event.args, LsChromeMember, i);
    if (series->value.kind != LS_CHROME_TEXT || !parse_number (series->value, &record))
      continue;
    record.name = get_series (chrome, series);
    add (chrome, record);
  }
}

static void
set_name (char **name, LsChromeField text)
{
  if (text.kind != LS_CHROME_TEXT || text.n == 0)
    return;
  g_free (*name);
  *name = g_utf8_make_valid (text.text, text.n);
}

static void
take_metadata (LsChromeImporter *chrome)
{
  const LsChromeField *what = ls_chrome_get_field (chrome, LS_CHROME_KEY_NAME);
  LsChromeField name = ls_chrome_event_get_argument (&chrome->event, "name");
  if (ls_chrome_field_is (what, "process_name")) {
    uint32_t process = ls_chrome_get_process (chrome);
    if (process > 0)
      set_name (&g_array_index (chrome->records.processes, char *, process - 1), name);
  } else if (ls_chrome_field_is (what, "thread_name")) {
    uint32_t track = ls_chrome_get_thread (chrome);
    if (track > 0)
      set_name (&g_array_index (chrome->records.tracks, LsChromeTrack, track - 1).name, name);
  }
}

/* "NAME DETAIL" where the arguments have a "detail", as those of clang do: which file, which function. */
static uint32_t
get_event_name (LsChromeImporter *chrome)
{
  const LsChromeField *name = ls_chrome_get_field (chrome, LS_CHROME_KEY_NAME);
  LsChromeField detail = ls_chrome_event_get_argument (&chrome->event, "detail");
  if (name->kind != LS_CHROME_TEXT || detail.kind != LS_CHROME_TEXT || detail.n == 0)
    return get_name (chrome, *name);
  g_string_truncate (chrome->key, 0);
  ls_chrome_append (chrome->key, *name);
  g_string_append_c (chrome->key, ' ');
  ls_chrome_append (chrome->key, detail);
  return ls_name_ids_get (&chrome->records.names, chrome->key->str, chrome->key->len, NULL);
}

static void
add_event (LsChromeImporter *chrome, char ph, LsRecord record)
{
  record.name = ph == 'X' ? get_event_name (chrome)
                          : get_name (chrome, *ls_chrome_get_field (chrome, LS_CHROME_KEY_NAME));
  switch (ph) {
  case 'B':
  case 'b':
  case 'S':
    record.kind = LS_RECORD_BEGIN;
    break;
  case 'E':
  case 'e':
  case 'F':
    record.kind = LS_RECORD_END;
    break;
  case 'X':
    add_complete (chrome, record);
    return;
  case 'C':
    add_counter (chrome, record);
    return;
  case 's':
    record.kind = LS_RECORD_SEND;
    break;
  case 't':
    record.kind = LS_RECORD_STEP;
    break;
  case 'f':
    record.kind = LS_RECORD_RECV;
    break;
  default: /* i I R n */
    record.kind = LS_RECORD_MARK;
    break;
  }
  add (chrome, record);
  if (ph == 'B')
    add_binding (chrome, &record);
}

static uint32_t
find_track (LsChromeImporter *chrome, char ph, bool is_async)
{
  const LsChromeField *tid = ls_chrome_get_field (chrome, LS_CHROME_KEY_TID);
  if (is_async)
    return ls_chrome_get_track (chrome, 'a', chrome->cat);
  if (ph == 'C' && (tid->kind != LS_CHROME_TEXT || ls_chrome_field_is (tid, "0")))
    return ls_chrome_get_track (chrome, 'c', (LsChromeField){ .text = "" });
  return ls_chrome_get_thread (chrome);
}

/* Whether the event is one that Lockstitch draws of its own trace for other viewers. */
static bool
is_drawn (LsChromeImporter *chrome)
{
  static const char ours[] = "lockstitch.";
  gsize n = strlen (ours);
  if (chrome->cat.n < n || memcmp (chrome->cat.text, ours, n) != 0)
    return false;
  chrome->records.is_ours = true;
  return !ls_chrome_field_is (&chrome->cat, LS_CHROME_LIFE);
}

/* Whether there is no room for what an event may become: its few records, and its names. */
static bool
is_full (LsChromeImporter *chrome)
{
  gsize n_name_bytes = chrome->records.names.n_bytes + chrome->id_ids.n_bytes +
                       chrome->track_ids.n_bytes + chrome->process_ids.n_bytes;
  if (G_LIKELY (chrome->records.records->len < chrome->max_records &&
                n_name_bytes < chrome->max_name_bytes))
    return false;
  if (chrome->n_left_out++ == 0)
    chrome->full_line = chrome->line;
  return true;
}

static void
take_phase (LsChromeImporter *chrome, char ph)
{
  const LsChromeField *ts = ls_chrome_get_field (chrome, LS_CHROME_KEY_TS);
  bool is_async = ph == 'b' || ph == 'e' || ph == 'S' || ph == 'F';
  LsRecord record = { 0 };
  if (!ls_chrome_parse_ns (ts, &record.ts_ns)) {
    ls_chrome_complain (chrome, ts->kind ? "\"ts\" should be microseconds" : "no \"ts\"");
    return;
  }
  chrome->n_used++;
  if (is_drawn (chrome) || is_full (chrome))
    return;
  record.track = find_track (chrome, ph, is_async);
  if (record.track == 0)
    return;
  if (is_async)
    record.id = get_id (chrome, LS_CHROME_KEY_ID, (LsChromeField){ 0 });
  else if (ph == 's' || ph == 't' || ph == 'f')
    record.id =
      get_id (chrome, LS_CHROME_KEY_ID, ls_chrome_get_text (chrome, LS_CHROME_KEY_NAME, ""));
  add_event (chrome, ph, record);
}

static inline bool
is_used_phase (char ph)
{
  static const bool is_used[256] = {
    ['B'] = true, ['E'] = true, ['X'] = true, ['b'] = true, ['e'] = true,
    ['S'] = true, ['F'] = true, ['n'] = true, ['C'] = true, ['i'] = true,
    ['I'] = true, ['R'] = true, ['s'] = true, ['t'] = true, ['f'] = true,
  };
  return is_used[(guchar) ph];
}

void
ls_chrome_take_event (LsChromeImporter *chrome)
{
  const LsChromeField *ph = ls_chrome_get_field (chrome, LS_CHROME_KEY_PH);
  chrome->cat = ls_chrome_get_text (chrome, LS_CHROME_KEY_CAT, "");
  if (chrome->event.is_empty)
    return;
  if (ph->kind != LS_CHROME_TEXT || ph->n == 0)
    ls_chrome_complain (chrome, "no \"ph\"");
  else if (ph->text[0] == 'M')
    take_metadata (chrome);
  else if (ph->n > 1 || !is_used_phase (ph->text[0]))
    chrome->n_by_ph[(guchar) ph->text[0]]++;
  else
    take_phase (chrome, ph->text[0]);
}
