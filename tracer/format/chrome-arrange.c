/* SPDX-License-Identifier: MIT */
/* Begins and ends into slices, and slices into lanes in which they nest. */
#include "chrome-records.h"

/* An end is looked for among this many that are open: hostile traces have a million. */
#define MAX_LOOK 256

static int
compare_times (gconstpointer a, gconstpointer b)
{
  const LsRecord *first = a, *second = b;
  return (first->ts_ns > second->ts_ns) - (first->ts_ns < second->ts_ns);
}

/* Outer slices before inner ones; a finish after everything else. */
static int
compare_lanes (gconstpointer a, gconstpointer b)
{
  const LsRecord *first = a, *second = b;
  if (first->ts_ns != second->ts_ns)
    return first->ts_ns < second->ts_ns ? -1 : 1;
  if (first->kind == LS_RECORD_SLICE)
    return (first->end_ns < second->end_ns) - (first->end_ns > second->end_ns);
  return (first->kind == LS_RECORD_FINISH) - (second->kind == LS_RECORD_FINISH);
}

/* -- Pairs -- */

typedef struct {
  LsChromeRecords *all;
  GArray *open; /* uint32_t: records that begin on the track, the innermost last */
  uint64_t n_unbegun, n_unended;
} Pairing;

static LsRecord *
get (const LsChromeRecords *all, guint i)
{
  return &g_array_index (all->records, LsRecord, i);
}

static void
close_slice (LsRecord *record, int64_t end_ns)
{
  record->kind = LS_RECORD_SLICE;
  record->end_ns = MAX (end_ns, record->ts_ns);
}

static bool
is_pair (const LsRecord *begin, const LsRecord *end, bool is_async)
{
  return is_async ? begin->id == end->id : end->name == 0 || begin->name == end->name;
}

/* An end that names what is not open ends the innermost, as viewers do. */
static guint
find_begin (const Pairing *pairing, const LsRecord *end, bool is_async)
{
  const GArray *open = pairing->open;
  for (guint n = 0; n < MIN (open->len, MAX_LOOK); n++) {
    guint place = open->len - 1 - n;
    if (is_pair (get (pairing->all, g_array_index (open, uint32_t, place)), end, is_async))
      return place;
  }
  return is_async || open->len == 0 ? G_MAXUINT : open->len - 1;
}

static void
end_slice (Pairing *pairing, LsRecord *end)
{
  bool is_async = g_array_index (pairing->all->tracks, LsChromeTrack, end->track - 1).is_async;
  guint place = find_begin (pairing, end, is_async);
  end->kind = LS_RECORD_GONE;
  if (place == G_MAXUINT) {
    pairing->n_unbegun++;
    return;
  }
  if (is_async) {
    close_slice (get (pairing->all, g_array_index (pairing->open, uint32_t, place)), end->ts_ns);
    g_array_remove_index (pairing->open, place);
    return;
  }
  pairing->n_unended += pairing->open->len - 1 - place;
  for (guint i = place; i < pairing->open->len; i++)
    close_slice (get (pairing->all, g_array_index (pairing->open, uint32_t, i)), end->ts_ns);
  g_array_set_size (pairing->open, place);
}

static void
end_track (Pairing *pairing, int64_t end_ns)
{
  pairing->n_unended += pairing->open->len;
  for (guint i = 0; i < pairing->open->len; i++)
    close_slice (get (pairing->all, g_array_index (pairing->open, uint32_t, i)), end_ns);
  g_array_set_size (pairing->open, 0);
}

static bool
pair (LsChromeRecords *all, int64_t end_ns)
{
  g_autoptr (GArray) open = g_array_new (FALSE, FALSE, sizeof (uint32_t));
  Pairing pairing = { .all = all, .open = open };
  ls_chrome_records_begin (all, 0.1);
  for (guint i = 0; i < all->records->len; i++) {
    LsRecord *record = get (all, i);
    if (!ls_chrome_records_go_on (all, i, all->records->len))
      return false;
    if (i > 0 && record->track != get (all, i - 1)->track)
      end_track (&pairing, end_ns);
    if (record->kind == LS_RECORD_BEGIN)
      g_array_append_val (open, i);
    else if (record->kind == LS_RECORD_END)
      end_slice (&pairing, record);
  }
  end_track (&pairing, end_ns);
  if (pairing.n_unbegun > 0)
    ls_importer_add_warning (all->importer, 0, "%" G_GUINT64_FORMAT " ends of what never began",
                             pairing.n_unbegun);
  if (pairing.n_unended > 0)
    ls_importer_add_warning (
      all->importer, 0,
      "%" G_GUINT64_FORMAT
      " slices that began and never ended: they last until what they are in ends",
      pairing.n_unended);
  return true;
}

/* -- Lanes -- */

/* What is open in each row of a track, the innermost last. */
typedef struct {
  LsChromeRecords *all;
  GArray *lanes;
  GArray *rows[LS_CHROME_MAX_ROWS]; /* uint32_t */
  uint32_t lane[LS_CHROME_MAX_ROWS];
  guint n_rows;
  bool is_async;
  uint64_t n_left_out;
} Rows;

static bool
fits (Rows *rows, guint row, const LsRecord *slice)
{
  GArray *open = rows->rows[row];
  while (open->len > 0 &&
         get (rows->all, g_array_index (open, uint32_t, open->len - 1))->end_ns <= slice->ts_ns)
    g_array_set_size (open, open->len - 1);
  if (open->len == 0)
    return true;
  const LsRecord *outer = get (rows->all, g_array_index (open, uint32_t, open->len - 1));
  return outer->end_ns >= slice->end_ns && (!rows->is_async || outer->id == slice->id);
}

static void
begin_rows (Rows *rows, uint32_t track)
{
  rows->n_rows = 0;
  rows->is_async = g_array_index (rows->all->tracks, LsChromeTrack, track - 1).is_async;
  for (guint i = 0; i < LS_CHROME_MAX_ROWS && rows->rows[i]; i++)
    g_array_set_size (rows->rows[i], 0);
  rows->lane[rows->n_rows++] = track;
}

static void
place (Rows *rows, guint index)
{
  LsRecord *slice = get (rows->all, index);
  uint32_t track = slice->track;
  for (guint row = 0; row < LS_CHROME_MAX_ROWS; row++) {
    if (!rows->rows[row])
      rows->rows[row] = g_array_new (FALSE, FALSE, sizeof (uint32_t));
    if (row == rows->n_rows) {
      LsChromeLane lane = { track, row };
      g_array_append_val (rows->lanes, lane);
      rows->lane[rows->n_rows++] = rows->lanes->len;
    }
    if (fits (rows, row, slice)) {
      slice->track = rows->lane[row];
      g_array_append_val (rows->rows[row], index);
      return;
    }
  }
  slice->kind = LS_RECORD_GONE;
  rows->n_left_out++;
}

static bool
place_all (LsChromeRecords *all, GArray *lanes)
{
  Rows rows = { .all = all, .lanes = lanes };
  uint32_t track = 0;
  bool goes_on = true;
  ls_chrome_records_begin (all, 0.1);
  for (guint i = 0; i < all->records->len && goes_on; i++) {
    const LsRecord *record = get (all, i);
    goes_on = ls_chrome_records_go_on (all, i, all->records->len);
    if (record->track != track)
      begin_rows (&rows, track = record->track);
    if (record->kind == LS_RECORD_SLICE)
      place (&rows, i);
  }
  for (guint i = 0; i < LS_CHROME_MAX_ROWS && rows.rows[i]; i++)
    g_array_unref (rows.rows[i]);
  if (rows.n_left_out > 0)
    ls_importer_add_warning (all->importer, 0,
                             "%" G_GUINT64_FORMAT
                             " slices left out: more than %d at once on one track",
                             rows.n_left_out, LS_CHROME_MAX_ROWS);
  return goes_on;
}

/* Without those that are gone. */
static bool
compact (LsChromeRecords *all)
{
  guint n = 0, n_all = all->records->len;
  ls_chrome_records_begin (all, 0.03);
  for (guint i = 0; i < n_all; i++) {
    LsRecord record = *get (all, i);
    if (record.kind != LS_RECORD_GONE)
      *get (all, n++) = record;
    if (!ls_chrome_records_go_on (all, i, n_all))
      return false;
  }
  g_array_set_size (all->records, n);
  return true;
}

bool
ls_chrome_records_arrange (LsChromeRecords *all, int64_t end_ns, GArray *lanes)
{
  for (uint32_t i = 0; i < all->tracks->len; i++) {
    LsChromeLane lane = { i + 1, 0 };
    g_array_append_val (lanes, lane);
  }
  return ls_chrome_records_sort (all, lanes->len, false, compare_times) && pair (all, end_ns) &&
         compact (all) && ls_chrome_records_sort (all, lanes->len, true, compare_lanes) &&
         place_all (all, lanes) && compact (all) &&
         (lanes->len == all->tracks->len ||
          ls_chrome_records_sort (all, lanes->len, true, compare_lanes));
}
