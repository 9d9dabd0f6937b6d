/* SPDX-License-Identifier: MIT */
/* The records of a Chrome trace as the lines of a trace. */
#include "chrome-records.h"

static const char *
get_process_name (const LsChromeRecords *all, uint32_t process)
{
  return g_array_index (all->processes, char *, process - 1);
}

/* Whether tracks of more than one process are used: names alone would not tell them apart. */
static bool
has_many_processes (const LsChromeRecords *all)
{
  uint32_t first = 0;
  for (guint i = 0; i < all->tracks->len; i++) {
    const LsChromeTrack *track = &g_array_index (all->tracks, LsChromeTrack, i);
    if (track->is_used && first != 0 && track->process != first)
      return true;
    if (track->is_used)
      first = track->process;
  }
  return false;
}

static char *
dup_lane_name (const LsChromeRecords *all, const LsChromeLane *lane, bool with_process)
{
  const LsChromeTrack *track = &g_array_index (all->tracks, LsChromeTrack, lane->track - 1);
  const char *process = get_process_name (all, track->process);
  GString *name = g_string_new (NULL);
  if (with_process && process)
    g_string_append_printf (name, "%s: ", process);
  else if (with_process)
    g_string_append_printf (name, "process %u: ", track->process);
  if (track->name && track->name[0])
    g_string_append (name, track->name);
  else if (track->is_async || track->is_counter)
    g_string_append (name, track->is_async ? "asynchronous" : "counters");
  else if (track->os)
    g_string_append_printf (name, "thread %u", track->os);
  else
    g_string_append_printf (name, "thread %u", lane->track);
  if (lane->row > 0)
    g_string_append_printf (name, " #%u", lane->row + 1);
  return g_string_free (name, FALSE);
}

static void
put_threads (LsChromeRecords *all, const GArray *lanes)
{
  bool with_process = has_many_processes (all);
  for (guint i = 0; i < lanes->len; i++) {
    const LsChromeLane *lane = &g_array_index (lanes, LsChromeLane, i);
    const LsChromeTrack *track = &g_array_index (all->tracks, LsChromeTrack, lane->track - 1);
    if (!track->is_used)
      continue;
    g_autofree char *name = dup_lane_name (all, lane, with_process);
    ls_importer_put_thread (all->importer, i + 1, name,
                            all->is_ours || lane->row > 0 ? 0 : track->os);
  }
}

static void
put_header (LsChromeRecords *all)
{
  const char *program[] = { NULL, NULL };
  for (guint i = 0; i < all->tracks->len && !program[0]; i++) {
    const LsChromeTrack *track = &g_array_index (all->tracks, LsChromeTrack, i);
    if (track->is_used)
      program[0] = get_process_name (all, track->process);
  }
  LsLineHeader header = { .recorder = "Chrome trace", .program = program[0] ? program : NULL };
  ls_importer_put_header (all->importer, &header);
}

/* Times count from the first event, but for traces of our own. `end_ns` is set to the trace's end. */
static bool
shift_times (LsChromeRecords *all, int64_t *end_ns)
{
  LsRecord *records = (LsRecord *) (gpointer) all->records->data;
  guint n = all->records->len;
  int64_t first_ns = G_MAXINT64, last_ns = 0;
  ls_chrome_records_begin (all, 0.03);
  for (guint i = 0; i < n; i++) {
    if (!ls_chrome_records_go_on (all, i, n))
      return false;
    first_ns = MIN (first_ns, records[i].ts_ns);
  }
  if (all->is_ours && first_ns >= 0)
    first_ns = 0;
  ls_chrome_records_begin (all, 0.03);
  for (guint i = 0; i < n; i++) {
    if (!ls_chrome_records_go_on (all, i, n))
      return false;
    records[i].ts_ns -= first_ns;
    last_ns = MAX (last_ns, records[i].ts_ns);
    if (records[i].kind == LS_RECORD_SLICE) {
      records[i].end_ns -= first_ns;
      last_ns = MAX (last_ns, records[i].end_ns);
    }
  }
  *end_ns = last_ns;
  return true;
}

/* The first thread of the process that has events of its own; 0: none. */
static uint32_t
find_thread (const LsChromeRecords *all, uint32_t process)
{
  for (guint i = 0; i < all->tracks->len; i++) {
    const LsChromeTrack *track = &g_array_index (all->tracks, LsChromeTrack, i);
    if (track->process == process && track->is_used && !track->is_async && !track->is_counter)
      return i + 1;
  }
  return 0;
}

static bool
give_counters_away (LsChromeRecords *all)
{
  g_autofree uint32_t *takers = g_new0 (uint32_t, all->tracks->len + 1);
  bool has_taker = false;
  for (guint i = 0; i < all->tracks->len; i++) {
    LsChromeTrack *track = &g_array_index (all->tracks, LsChromeTrack, i);
    takers[i] = track->is_counter ? find_thread (all, track->process) : 0;
    track->is_used = track->is_used && takers[i] == 0;
    has_taker = has_taker || takers[i] > 0;
  }
  ls_chrome_records_begin (all, 0.03);
  for (guint i = 0; has_taker && i < all->records->len; i++) {
    LsRecord *record = &g_array_index (all->records, LsRecord, i);
    uint32_t taker = takers[record->track - 1];
    record->track = taker ? taker : record->track;
    if (!ls_chrome_records_go_on (all, i, all->records->len))
      return false;
  }
  return true;
}

void
ls_chrome_records_put (LsChromeRecords *all)
{
  g_autoptr (GArray) lanes = g_array_new (FALSE, FALSE, sizeof (LsChromeLane));
  int64_t end_ns;
  if (!shift_times (all, &end_ns) || !give_counters_away (all) ||
      !ls_chrome_records_arrange (all, end_ns, lanes))
    return;
  put_header (all);
  put_threads (all, lanes);
  if (ls_chrome_records_merge (all, lanes->len))
    ls_importer_put_footer (all->importer, end_ns);
}
