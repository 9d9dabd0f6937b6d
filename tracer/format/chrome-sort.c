/* SPDX-License-Identifier: MIT */
/* Sorts records in linear time when those of a track come in the order of time, as they mostly do. */
#include "chrome-records.h"

/* An item, on the average. */
#define MAX_MOVES 4

/* Slices of a track before all others. */
static gsize
get_bucket (const LsRecord *record, bool by_kind)
{
  return 2 * (gsize) (record->track - 1) + (by_kind && record->kind != LS_RECORD_SLICE);
}

/* Sorts by insertion. Returns: false, and the records in some order that is nearer to it, when that
 * takes too many moves. */
static bool
insert_all (LsRecord *records, gsize n, GCompareFunc compare)
{
  gsize n_moves = 0;
  for (gsize i = 1; i < n; i++) {
    if (compare (&records[i - 1], &records[i]) <= 0)
      continue;
    LsRecord record = records[i];
    gsize at = i;
    for (; at > 0 && compare (&records[at - 1], &record) > 0; at--)
      records[at] = records[at - 1];
    records[at] = record;
    n_moves += i - at;
    if (n_moves > MAX_MOVES * n)
      return false;
  }
  return true;
}

static int
compare_by (gconstpointer a, gconstpointer b, gpointer compare)
{
  return (*(GCompareFunc *) compare) (a, b);
}

static void
sort_bucket (LsRecord *records, gsize n, GCompareFunc compare)
{
  if (!insert_all (records, n, compare))
    g_qsort_with_data (records, (gint) n, sizeof *records, compare_by, &compare);
}

void
ls_chrome_records_sort (LsChromeRecords *all, guint n_tracks, bool by_kind, GCompareFunc compare)
{
  gsize n_buckets = 2 * (gsize) n_tracks;
  g_autofree gsize *ends = g_new0 (gsize, n_buckets + 1);
  const LsRecord *records = (const LsRecord *) (gpointer) all->records->data;
  guint n = all->records->len;
  if (n == 0)
    return;
  GArray *sorted = g_array_sized_new (FALSE, FALSE, sizeof (LsRecord), n);
  g_array_set_size (sorted, n);
  for (guint i = 0; i < n; i++)
    ends[get_bucket (&records[i], by_kind) + 1]++;
  for (gsize i = 0; i < n_buckets; i++)
    ends[i + 1] += ends[i];
  for (guint i = 0; i < n; i++)
    g_array_index (sorted, LsRecord, ends[get_bucket (&records[i], by_kind)]++) = records[i];
  gsize begin = 0;
  for (gsize i = 0; i < n_buckets; begin = ends[i++])
    sort_bucket (&g_array_index (sorted, LsRecord, begin), ends[i] - begin, compare);
  g_array_unref (all->records);
  all->records = sorted;
}
