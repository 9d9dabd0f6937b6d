/* SPDX-License-Identifier: MIT */
/* The events of a Chrome trace by their phases: where each belongs and what it becomes. */
#include <json-c/json.h>
#include <math.h>
#include <string.h>

#include "chrome-event.h"
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

static const char *
get_text (const LsChromeImporter *chrome, const char *key)
{
  return ls_chrome_get_text (chrome->event, key);
}

static struct json_object *
get_object (struct json_object *object, const char *key)
{
  struct json_object *value;
  return json_object_object_get_ex (object, key, &value) &&
             json_object_is_type (value, json_type_object)
           ? value
           : NULL;
}

/* -- Where -- */

static uint32_t
get_process (LsChromeImporter *chrome)
{
  const char *pid = get_text (chrome, "pid");
  bool is_new;
  uint32_t id = ls_name_ids_get (&chrome->process_ids, pid ? pid : "0", &is_new);
  if (is_new && id > 0)
    g_array_set_size (chrome->records.processes, id);
  return id;
}

/* The track of a key that nothing else has. @os: its thread id. Returns: 0 after a complaint. */
static uint32_t
get_track (LsChromeImporter *chrome, char sort, const char *name, uint32_t os)
{
  uint32_t process = get_process (chrome);
  bool is_new;
  g_string_printf (chrome->key, "%u %c %s", process, sort, name);
  uint32_t id = ls_name_ids_get (&chrome->track_ids, chrome->key->str, &is_new);
  if (process == 0 || id == 0) {
    ls_chrome_complain (chrome, "more threads than a trace can have");
    return 0;
  }
  if (is_new) {
    LsChromeTrack track = { .process = process, .os = os, .is_async = sort == 'a' };
    track.is_counter = sort == 'c';
    if (sort == 'a' || (sort == 't' && !g_ascii_isdigit (name[0])))
      track.name = g_utf8_make_valid (name, -1);
    g_array_append_val (chrome->records.tracks, track);
  }
  return id;
}

static uint32_t
get_thread (LsChromeImporter *chrome)
{
  const char *tid = get_text (chrome, "tid");
  guint64 os = 0;
  if (tid)
    g_ascii_string_to_unsigned (tid, 10, 1, G_MAXUINT32, &os, NULL);
  return get_track (chrome, 't', tid ? tid : "0", (uint32_t) os);
}

static uint32_t
get_name (LsChromeImporter *chrome, const char *name)
{
  return name ? ls_name_ids_get (&chrome->records.names, name, NULL) : 0;
}

/* Arrows and asynchronous slices are told apart by category and id, arrows by name too. */
static uint32_t
get_id (LsChromeImporter *chrome, const char *key, const char *name)
{
  struct json_object *id2 = get_object (chrome->event, "id2");
  const char *id = get_text (chrome, key);
  if (!id && id2 && !(id = ls_chrome_get_text (id2, "local")))
    id = ls_chrome_get_text (id2, "global");
  g_string_printf (chrome->key, "%s %s %s", chrome->cat, id ? id : "", name ? name : "");
  return ls_name_ids_get (&chrome->id_ids, chrome->key->str, NULL);
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
  struct json_object *in = NULL, *out = NULL;
  if (!get_text (chrome, "bind_id"))
    return;
  json_object_object_get_ex (chrome->event, "flow_in", &in);
  json_object_object_get_ex (chrome->event, "flow_out", &out);
  bool comes = json_object_get_boolean (in), goes = json_object_get_boolean (out);
  if (!comes && !goes)
    return;
  add (chrome, (LsRecord){ .kind = comes && goes ? LS_RECORD_STEP
                                   : comes       ? LS_RECORD_RECV
                                                 : LS_RECORD_SEND,
                           .ts_ns = slice->ts_ns,
                           .track = slice->track,
                           .id = get_id (chrome, "bind_id", NULL) });
}

/* A thread of a trace of our own: its life is no region. */
static void
add_life (LsChromeImporter *chrome, const LsRecord *slice)
{
  struct json_object *args = get_object (chrome->event, "args"), *said = NULL;
  LsRecord point = { .ts_ns = slice->ts_ns, .track = slice->track, .kind = LS_RECORD_START };
  if (args && json_object_object_get_ex (args, "started", &said) && json_object_get_boolean (said))
    add (chrome, point);
  point.kind = LS_RECORD_FINISH;
  point.ts_ns = MAX (slice->ts_ns, slice->end_ns - 1);
  if (args && json_object_object_get_ex (args, "finished", &said) && json_object_get_boolean (said))
    add (chrome, point);
}

static void
add_complete (LsChromeImporter *chrome, LsRecord record)
{
  int64_t duration_ns = 0;
  int has_duration = ls_chrome_get_ns (chrome->event, "dur", &duration_ns);
  if (has_duration < 0 || duration_ns < 0) {
    ls_chrome_complain (chrome, "\"dur\" should be microseconds, 0 or more");
    return;
  }
  record.kind = has_duration ? LS_RECORD_SLICE : LS_RECORD_BEGIN;
  record.end_ns = record.ts_ns + duration_ns;
  if (strcmp (chrome->cat, LS_CHROME_LIFE) == 0) {
    add_life (chrome, &record);
    return;
  }
  add (chrome, record);
  add_binding (chrome, &record);
}

/* A series of a counter: a track of its own unless it is the only one. */
static void
add_series (LsChromeImporter *chrome, LsRecord record, const char *name, struct json_object *value)
{
  const char *text = json_object_get_string (value);
  gint64 integer;
  char *end;
  if (!text)
    return;
  record.name = get_name (chrome, name);
  record.kind = LS_RECORD_COUNT;
  if (g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, &integer, NULL)) {
    record.type = LS_VALUE_INT;
    record.i = integer;
  } else {
    record.type = LS_VALUE_FLOAT;
    record.f = g_ascii_strtod (text, &end);
    if (end == text || *end || !isfinite (record.f))
      return;
  }
  add (chrome, record);
}

static void
add_counter (LsChromeImporter *chrome, LsRecord record, const char *name)
{
  struct json_object *args = get_object (chrome->event, "args");
  const char *id = get_text (chrome, "id");
  if (!args) {
    ls_chrome_complain (chrome, "a counter without \"args\"");
    return;
  }
  g_autofree char *whole = id ? g_strdup_printf ("%s[%s]", name, id) : g_strdup (name);
  int n = json_object_object_length (args);
  json_object_object_foreach (args, key, value)
  {
    g_autofree char *series = n > 1 ? g_strdup_printf ("%s.%s", whole, key) : NULL;
    add_series (chrome, record, series ? series : whole, value);
  }
}

static void
set_name (char **name, const char *text)
{
  if (!text || !*text)
    return;
  g_free (*name);
  *name = g_utf8_make_valid (text, -1);
}

static void
take_metadata (LsChromeImporter *chrome)
{
  struct json_object *args = get_object (chrome->event, "args");
  const char *what = get_text (chrome, "name");
  const char *name = args ? ls_chrome_get_text (args, "name") : NULL;
  if (g_strcmp0 (what, "process_name") == 0) {
    uint32_t process = get_process (chrome);
    if (process > 0)
      set_name (&g_array_index (chrome->records.processes, char *, process - 1), name);
  } else if (g_strcmp0 (what, "thread_name") == 0) {
    uint32_t track = get_thread (chrome);
    if (track > 0)
      set_name (&g_array_index (chrome->records.tracks, LsChromeTrack, track - 1).name, name);
  }
}

static void
add_event (LsChromeImporter *chrome, LsRecord record)
{
  const char *name = get_text (chrome, "name");
  record.name = get_name (chrome, name);
  switch (chrome->ph[0]) {
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
    add_counter (chrome, record, name ? name : "");
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
  if (chrome->ph[0] == 'B')
    add_binding (chrome, &record);
}

/* The rest of an event that is an object with a phase. */
void
ls_chrome_take_phase (LsChromeImporter *chrome)
{
  char ph = chrome->ph[0];
  bool is_async = strchr ("beSF", ph) != NULL;
  LsRecord record = { 0 };
  if (ph == 'M') {
    take_metadata (chrome);
    return;
  }
  if (chrome->ph[1] || !strchr ("BEXbeSFnCiIRstf", ph)) {
    chrome->n_by_ph[(guchar) ph]++;
    return;
  }
  int has_ts = ls_chrome_get_ns (chrome->event, "ts", &record.ts_ns);
  if (has_ts <= 0) {
    ls_chrome_complain (chrome, has_ts ? "\"ts\" should be microseconds" : "no \"ts\"");
    return;
  }
  chrome->n_used++;
  if (g_str_has_prefix (chrome->cat, "lockstitch.")) {
    chrome->records.is_ours = true;
    if (strcmp (chrome->cat, LS_CHROME_LIFE) != 0)
      return;
  }
  const char *tid = get_text (chrome, "tid");
  if (is_async)
    record.track = get_track (chrome, 'a', chrome->cat, 0);
  else if (ph == 'C' && (!tid || strcmp (tid, "0") == 0))
    record.track = get_track (chrome, 'c', "", 0);
  else
    record.track = get_thread (chrome);
  if (record.track == 0)
    return;
  if (is_async)
    record.id = get_id (chrome, "id", NULL);
  else if (strchr ("stf", ph))
    record.id = get_id (chrome, "id", get_text (chrome, "name"));
  add_event (chrome, record);
}
