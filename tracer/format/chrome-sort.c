/* SPDX-License-Identifier: MIT */
/* Sorts records in linear time when those of a track come in the order of time, as they mostly do. */
#include "chrome-records.h"

#include <string.h>

/* An item, on the average. */
#define MAX_MOVES 4
/* So many are sorted at once; then runs of them are merged. */
#define RUN 32768

/* Slices of a track before all others. */
static gsize
get_bucket (const LsRecord *record, bool by_kind)
{
  return 2 * (gsize) (record->track - 1) + (by_kind && record->kind != LS_RECORD_SLICE);
}

typedef struct {
  LsChromeRecords *all;
  GCompareFunc compare;
  gsize n_done, n_steps; /* for the progress */
} Sort;

static bool
go_on (Sort *sort, gsize n_more)
{
  sort->n_done += n_more;
  return ls_importer_look (sort->all->importer,
                           sort->all->done + sort->all->share * (double) sort->n_done /
                                               (double) MAX (sort->n_steps, 1));
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

static bool
copy (Sort *sort, LsRecord *to, const LsRecord *from, gsize n)
{
  for (gsize at = 0; at < n; at += RUN) {
    memcpy (to + at, from + at, MIN (RUN, n - at) * sizeof *to);
    if (!go_on (sort, 0))
      return false;
  }
  return true;
}

/* Merges `records` and the `n_second` after its `n_first`, which are both sorted, by way of `room`. */
static bool
merge_two (Sort *sort, LsRecord *records, gsize n_first, gsize n_second, LsRecord *room)
{
  gsize a = 0, b = 0, to = 0;
  const LsRecord *second = records + n_first;
  if (sort->compare (&records[n_first - 1], second) <= 0)
    return go_on (sort, 0);
  if (!copy (sort, room, records, n_first))
    return false;
  while (a < n_first && b < n_second) {
    records[to++] = sort->compare (&room[a], &second[b]) <= 0 ? room[a++] : second[b++];
    if (to % LS_CHROME_LOOK == 0 && !go_on (sort, 0))
      return false;
  }
  return copy (sort, records + to, room + a, n_first - a);
}

/* Long ones in runs, so that it can be cancelled: one track may have everything. */
static bool
sort_bucket (Sort *sort, LsRecord *records, gsize n)
{
  for (gsize at = 0; at < n; at += RUN) {
    gsize n_run = MIN (RUN, n - at);
    if (!insert_all (records + at, n_run, sort->compare))
      g_qsort_with_data (records + at, (gint) n_run, sizeof *records, compare_by, &sort->compare);
    if (n > RUN && !go_on (sort, n_run))
      return false;
  }
  g_autofree LsRecord *room = n > RUN ? g_new (LsRecord, n) : NULL;
  for (gsize n_run = RUN; n_run < n; n_run *= 2)
    for (gsize at = 0; at + n_run < n; at += 2 * n_run)
      if (!merge_two (sort, records + at, n_run, MIN (n_run, n - at - n_run), room))
        return false;
  return true;
}

/* How many there are of each bucket, as where each ends. */
static bool
count (LsChromeRecords *all, bool by_kind, gsize *ends, gsize n_buckets)
{
  const LsRecord *records = (const LsRecord *) (gpointer) all->records->data;
  guint n = all->records->len;
  for (guint i = 0; i < n; i++) {
    ends[get_bucket (&records[i], by_kind) + 1]++;
    if (!ls_chrome_records_go_on (all, i, n))
      return false;
  }
  for (gsize i = 0; i < n_buckets; i++)
    ends[i + 1] += ends[i];
  return true;
}

/* Puts each to its bucket, the next place of which is in `next`. */
static bool
distribute (LsChromeRecords *all, bool by_kind, gsize *next, GArray *sorted)
{
  const LsRecord *records = (const LsRecord *) (gpointer) all->records->data;
  guint n = all->records->len;
  for (guint i = 0; i < n; i++) {
    g_array_index (sorted, LsRecord, next[get_bucket (&records[i], by_kind)]++) = records[i];
    if (!ls_chrome_records_go_on (all, i, n))
      return false;
  }
  return true;
}

bool
ls_chrome_records_sort (LsChromeRecords *all, guint n_tracks, bool by_kind, GCompareFunc compare)
{
  gsize n_buckets = 2 * (gsize) n_tracks;
  g_autofree gsize *ends = g_new0 (gsize, n_buckets + 1);
  guint n = all->records->len;
  if (n == 0)
    return true;
  Sort sort = { .all = all, .compare = compare, .n_steps = n };
  g_autoptr (GArray) sorted = g_array_sized_new (FALSE, FALSE, sizeof (LsRecord), n);
  g_array_set_size (sorted, n);
  ls_chrome_records_begin (all, 0.02);
  if (!count (all, by_kind, ends, n_buckets))
    return false;
  ls_chrome_records_begin (all, 0.04);
  if (!distribute (all, by_kind, ends, sorted))
    return false;
  g_array_unref (all->records);
  all->records = g_array_ref (sorted);
  ls_chrome_records_begin (all, 0.04);
  gsize begin = 0, n_since = 0;
  for (gsize i = 0; i < n_buckets; begin = ends[i++]) {
    if (!sort_bucket (&sort, &g_array_index (sorted, LsRecord, begin), ends[i] - begin))
      return false;
    n_since += ends[i] - begin;
    if (n_since > RUN && !go_on (&sort, 0))
      return false;
    n_since = n_since > RUN ? 0 : n_since;
  }
  return true;
}
