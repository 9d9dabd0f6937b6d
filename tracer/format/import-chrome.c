/* SPDX-License-Identifier: MIT */
/**
 * Traces in the Trace Event Format (Chrome, Perfetto's legacy form) as traces.
 *
 * Slices are regions, instants are marks, counters are counters and flows are arrows. The document is
 * cut into events as it comes and each goes through json-c alone; what stays is a record of 32 bytes.
 */
#include <json-c/json.h>
#include <math.h>
#include <string.h>

#include "chrome-event.h"
#include "chrome-names.h"
#include "chrome-records.h"
#include "chrome-scan.h"
#include "parse.h"

#define MAX_DEPTH 64

typedef struct {
  LsImporter base;
  LsChromeScan scan;
  LsChromeRecords records;
  LsNameIds track_ids, process_ids, id_ids;
  struct json_tokener *tokener;
  GString *key;          /* scratch */
  uint64_t n_by_ph[256]; /* events of a phase that has no place in a trace */
  uint64_t n_used;
  /* Of the event. */
  struct json_object *event;
  const char *ph, *cat;
  guint64 line, number;
} Chrome;

static void G_GNUC_PRINTF (2, 3) complain (Chrome *chrome, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *reason = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  ls_importer_add_error (&chrome->base, chrome->line, "event %" G_GUINT64_FORMAT ": %s",
                         chrome->number, reason);
}

static const char *
get_text (const Chrome *chrome, const char *key)
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
get_process (Chrome *chrome)
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
get_track (Chrome *chrome, char sort, const char *name, uint32_t os)
{
  uint32_t process = get_process (chrome);
  bool is_new;
  g_string_printf (chrome->key, "%u %c %s", process, sort, name);
  uint32_t id = ls_name_ids_get (&chrome->track_ids, chrome->key->str, &is_new);
  if (process == 0 || id == 0) {
    complain (chrome, "more threads than a trace can have");
    return 0;
  }
  if (is_new) {
    LsChromeTrack track = { .process = process, .os = os, .is_async = sort == 'a' };
    if (sort == 'a')
      track.name = g_utf8_make_valid (name, -1);
    g_array_append_val (chrome->records.tracks, track);
  }
  return id;
}

static uint32_t
get_thread (Chrome *chrome)
{
  const char *tid = get_text (chrome, "tid");
  guint64 os = 0;
  if (tid)
    g_ascii_string_to_unsigned (tid, 10, 1, G_MAXUINT32, &os, NULL);
  return get_track (chrome, 't', tid ? tid : "0", (uint32_t) os);
}

static uint32_t
get_name (Chrome *chrome, const char *name)
{
  return name ? ls_name_ids_get (&chrome->records.names, name, NULL) : 0;
}

/* Arrows and asynchronous slices are told apart by category and id, arrows by name too. */
static uint32_t
get_id (Chrome *chrome, const char *key, const char *name)
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
add (Chrome *chrome, LsRecord record)
{
  g_array_append_val (chrome->records.records, record);
  g_array_index (chrome->records.tracks, LsChromeTrack, record.track - 1).is_used = true;
}

/* bind_id: an arrow that comes to a slice's begin and leaves from it. */
static void
add_binding (Chrome *chrome, const LsRecord *slice)
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
add_life (Chrome *chrome, const LsRecord *slice)
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
add_complete (Chrome *chrome, LsRecord record)
{
  int64_t duration_ns = 0;
  int has_duration = ls_chrome_get_ns (chrome->event, "dur", &duration_ns);
  if (has_duration < 0 || duration_ns < 0) {
    complain (chrome, "\"dur\" should be microseconds, 0 or more");
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
add_series (Chrome *chrome, LsRecord record, const char *name, struct json_object *value)
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
add_counter (Chrome *chrome, LsRecord record, const char *name)
{
  struct json_object *args = get_object (chrome->event, "args");
  const char *id = get_text (chrome, "id");
  if (!args) {
    complain (chrome, "a counter without \"args\"");
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
take_metadata (Chrome *chrome)
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
add_event (Chrome *chrome, LsRecord record)
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
static void
take_phase (Chrome *chrome)
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
    complain (chrome, has_ts ? "\"ts\" should be microseconds" : "no \"ts\"");
    return;
  }
  chrome->n_used++;
  if (g_str_has_prefix (chrome->cat, "lockstitch.")) {
    chrome->records.is_ours = true;
    if (strcmp (chrome->cat, LS_CHROME_LIFE) != 0)
      return;
  }
  record.track = is_async ? get_track (chrome, 'a', chrome->cat, 0) : get_thread (chrome);
  if (record.track == 0)
    return;
  if (is_async)
    record.id = get_id (chrome, "id", NULL);
  else if (strchr ("stf", ph))
    record.id = get_id (chrome, "id", get_text (chrome, "name"));
  add_event (chrome, record);
}

static void
take_event (const char *text, gsize n, guint64 line, guint64 number, gpointer user_data)
{
  Chrome *chrome = user_data;
  chrome->line = line;
  chrome->number = number;
  if (!text) {
    complain (chrome, "longer than 1 MiB");
    return;
  }
  json_tokener_reset (chrome->tokener);
  chrome->event = json_tokener_parse_ex (chrome->tokener, text, (int) n);
  enum json_tokener_error wrong = json_tokener_get_error (chrome->tokener);
  if (!chrome->event) {
    complain (chrome, "%s",
              wrong == json_tokener_success ? "null" : json_tokener_error_desc (wrong));
    return;
  }
  if (!json_object_is_type (chrome->event, json_type_object)) {
    complain (chrome, "not an object");
  } else if (json_object_object_length (chrome->event) > 0) {
    chrome->ph = get_text (chrome, "ph");
    chrome->cat = get_text (chrome, "cat");
    if (!chrome->cat)
      chrome->cat = "";
    if (chrome->ph && chrome->ph[0])
      take_phase (chrome);
    else
      complain (chrome, "no \"ph\"");
  }
  json_object_put (chrome->event);
}

/* -- The class -- */

static void
feed (LsImporter *importer, const char *bytes, gsize n)
{
  Chrome *chrome = (Chrome *) importer;
  ls_chrome_scan_feed (&chrome->scan, bytes, n);
  importer->report->n_lines = chrome->scan.line;
}

static void
warn_of_rest (Chrome *chrome)
{
  const LsChromeScan *scan = &chrome->scan;
  if (scan->is_wrong)
    ls_importer_add_warning (&chrome->base, scan->line,
                             "no more JSON of a trace from here on: the rest is left out");
  else if (!scan->is_ended && !scan->is_array)
    ls_importer_add_warning (&chrome->base, scan->line, "the document is cut off");
  for (guint ph = 0; ph < G_N_ELEMENTS (chrome->n_by_ph); ph++)
    if (chrome->n_by_ph[ph] > 0)
      ls_importer_add_warning (&chrome->base, 0,
                               "%" G_GUINT64_FORMAT " events of phase '%c' left out",
                               chrome->n_by_ph[ph], g_ascii_isprint (ph) ? (char) ph : '?');
}

static bool
finish (LsImporter *importer, GError **error)
{
  Chrome *chrome = (Chrome *) importer;
  if (chrome->n_used == 0) {
    g_set_error (error, LS_FORMAT_ERROR, LS_FORMAT_ERROR_NOT_A_TRACE,
                 "%s:%" G_GUINT64_FORMAT ": not a Chrome trace: %s", importer->name,
                 chrome->scan.line,
                 chrome->scan.has_events ? "none of its events can be used"
                                         : "no array of trace events");
    return false;
  }
  warn_of_rest (chrome);
  ls_chrome_records_put (&chrome->records);
  return true;
}

static void
init (LsImporter *importer)
{
  Chrome *chrome = (Chrome *) importer;
  LsChromeRecords *records = &chrome->records;
  ls_chrome_scan_init (&chrome->scan, take_event, chrome);
  records->importer = importer;
  records->records = g_array_new (FALSE, FALSE, sizeof (LsRecord));
  records->tracks = g_array_new (FALSE, TRUE, sizeof (LsChromeTrack));
  records->processes = g_array_new (FALSE, TRUE, sizeof (char *));
  ls_name_ids_init (&records->names, G_MAXUINT32 - 1);
  ls_name_ids_init (&chrome->track_ids, LS_MAX_THREAD / 2);
  ls_name_ids_init (&chrome->process_ids, LS_MAX_THREAD / 2);
  ls_name_ids_init (&chrome->id_ids, G_MAXINT32);
  chrome->tokener = json_tokener_new_ex (MAX_DEPTH);
  chrome->key = g_string_new (NULL);
}

static void
clear (LsImporter *importer)
{
  Chrome *chrome = (Chrome *) importer;
  LsChromeRecords *records = &chrome->records;
  ls_chrome_scan_clear (&chrome->scan);
  for (guint i = 0; i < records->tracks->len; i++)
    g_free (g_array_index (records->tracks, LsChromeTrack, i).name);
  for (guint i = 0; i < records->processes->len; i++)
    g_free (g_array_index (records->processes, char *, i));
  g_array_unref (records->records);
  g_array_unref (records->tracks);
  g_array_unref (records->processes);
  ls_name_ids_clear (&records->names);
  ls_name_ids_clear (&chrome->track_ids);
  ls_name_ids_clear (&chrome->process_ids);
  ls_name_ids_clear (&chrome->id_ids);
  json_tokener_free (chrome->tokener);
  g_string_free (chrome->key, TRUE);
}

const LsImporterClass ls_chrome_importer_class = {
  .size = sizeof (Chrome),
  .init = init,
  .clear = clear,
  .feed = feed,
  .finish = finish,
};
