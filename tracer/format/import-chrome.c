/* SPDX-License-Identifier: MIT */
/**
 * Traces in the Trace Event Format (Chrome, Perfetto's legacy form) as traces.
 *
 * Slices are regions, instants are marks, counters are counters and flows are arrows. The document is
 * cut into events as it comes, and each is read by the direct path or, alone, by json-c; what stays is
 * a record of 32 bytes.
 */
#include "import-chrome-private.h"
#include "memory.h"
#include "parse.h"

/* An event that the scanner has put together. */
static void
take_text (const char *text, gsize n, guint64 line, guint64 number, gpointer user_data)
{
  LsChromeImporter *chrome = user_data;
  const char *reason;
  guint n_newlines;
  chrome->line = line;
  chrome->number = number;
  if (!text) {
    ls_chrome_complain (chrome, "longer than 1 MiB");
    return;
  }
  bool is_object = text[0] == '{';
  bool is_direct = is_object && ls_chrome_event_take_direct (&chrome->event, text, text + n,
                                                             &n_newlines) == text + n;
  if (is_direct || ls_chrome_event_read_json (&chrome->event, text, n, &reason))
    ls_chrome_take_event (chrome);
  else
    ls_chrome_complain (chrome, "%s", is_object ? reason : "not an object");
}

/* An event where it stands, if it is all there. */
static const char *
take_direct (const char *at, const char *end, LsChromeScan *scan)
{
  LsChromeImporter *chrome = scan->user_data;
  guint n_newlines;
  const char *after = ls_chrome_event_take_direct (&chrome->event, at, end, &n_newlines);
  if (!after)
    return NULL;
  chrome->line = scan->line;
  chrome->number = ++scan->number;
  scan->line += n_newlines;
  ls_chrome_take_event (chrome);
  return after;
}

/* -- The class -- */

static void
feed (LsImporter *importer, const char *bytes, gsize n)
{
  LsChromeImporter *chrome = (LsChromeImporter *) importer;
  ls_chrome_scan_feed (&chrome->scan, bytes, n);
  importer->report->n_lines = chrome->scan.line;
}

static void
warn_of_rest (LsChromeImporter *chrome)
{
  const LsChromeScan *scan = &chrome->scan;
  if (scan->is_wrong)
    ls_importer_add_warning (&chrome->base, scan->line,
                             "no more JSON of a trace from here on: the rest is left out");
  else if (!scan->is_ended && !scan->is_array)
    ls_importer_add_warning (&chrome->base, scan->line, "the document is cut off");
  if (chrome->n_left_out > 0)
    ls_importer_add_warning (
      &chrome->base, chrome->full_line,
      "from here on %" G_GUINT64_FORMAT
      " events left out: memory has room for no more than the %" G_GUINT64_FORMAT
      " before; a smaller trace may be cut out by the tool that wrote it",
      chrome->n_left_out, chrome->n_used - chrome->n_left_out);
  for (guint ph = 0; ph < G_N_ELEMENTS (chrome->n_by_ph); ph++)
    if (chrome->n_by_ph[ph] > 0)
      ls_importer_add_warning (&chrome->base, 0,
                               "%" G_GUINT64_FORMAT " events of phase '%c' left out",
                               chrome->n_by_ph[ph], g_ascii_isprint (ph) ? (char) ph : '?');
}

static bool
finish (LsImporter *importer, GError **error)
{
  LsChromeImporter *chrome = (LsChromeImporter *) importer;
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

/* There are two copies of records while they are sorted, an array grows to twice of what it has, and a
 * trace that is opened has about as much again: half of the room may go into three copies, an eighth
 * into names. Nobody sorts more than an int counts. */
static void
set_bounds (LsChromeImporter *chrome)
{
  uint64_t room = ls_memory_get_room ();
  chrome->max_records = CLAMP (room / 2 / (3 * sizeof (LsRecord)), 1024, G_MAXINT);
  chrome->max_name_bytes = room / 8;
}

static void
init (LsImporter *importer)
{
  LsChromeImporter *chrome = (LsChromeImporter *) importer;
  LsChromeRecords *records = &chrome->records;
  ls_chrome_scan_init (&chrome->scan, take_direct, take_text, chrome);
  ls_chrome_event_init (&chrome->event);
  records->importer = importer;
  set_bounds (chrome);
  records->records = g_array_new (FALSE, FALSE, sizeof (LsRecord));
  records->tracks = g_array_new (FALSE, TRUE, sizeof (LsChromeTrack));
  records->processes = g_array_new (FALSE, TRUE, sizeof (char *));
  ls_name_ids_init (&records->names, G_MAXUINT32 - 1);
  ls_name_ids_init (&chrome->track_ids, LS_MAX_THREAD / 2);
  ls_name_ids_init (&chrome->process_ids, LS_MAX_THREAD / 2);
  ls_name_ids_init (&chrome->id_ids, G_MAXINT32);
  chrome->key = g_string_new (NULL);
}

static void
clear (LsImporter *importer)
{
  LsChromeImporter *chrome = (LsChromeImporter *) importer;
  LsChromeRecords *records = &chrome->records;
  ls_chrome_scan_clear (&chrome->scan);
  ls_chrome_event_clear (&chrome->event);
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
  g_string_free (chrome->key, TRUE);
}

const LsImporterClass ls_chrome_importer_class = {
  .size = sizeof (LsChromeImporter),
  .init = init,
  .clear = clear,
  .feed = feed,
  .finish = finish,
  .feeding_share = 0.6,
};
