/* SPDX-License-Identifier: MIT */
/* Lanes of records into events in the order of time. */
#include "chrome-records.h"

enum {
  NEXT_NOTHING,
  NEXT_END,
  NEXT_POINT,
  NEXT_BEGIN,
};

typedef struct {
  guint slice, slice_end; /* next, and past the last */
  guint point, point_end;
  GArray *open; /* guint: slices that began, the innermost last; NULL until needed */
  /* Its next event: when, what, and whether that is an arrow's end: those come after the arrow's start,
   * which may be on another lane at the same time. */
  int64_t ts_ns;
  int next;
  bool is_recv;
} Lane;

typedef struct {
  LsChromeRecords *all;
  const LsRecord *records; /* its own */
  Lane *lanes;
  guint *heap; /* lanes that have more, the next one first */
  guint n_heap;
  LsLine line;     /* of events */
  GArray *numbers; /* int64_t by arrow's id: its number now, 0: none */
  int64_t n_arrows;
} Merge;

static inline const LsRecord *
get (const Merge *merge, guint i)
{
  return &merge->records[i];
}

/* At one time: ends of what began before, then points, then begins. */
static int
find_next (const Merge *merge, const Lane *lane, int64_t *ts_ns)
{
  int next = NEXT_NOTHING;
  *ts_ns = G_MAXINT64;
  if (lane->open && lane->open->len > 0) {
    *ts_ns = get (merge, g_array_index (lane->open, guint, lane->open->len - 1))->end_ns;
    next = NEXT_END;
  }
  if (lane->point < lane->point_end &&
      (next == NEXT_NOTHING || get (merge, lane->point)->ts_ns < *ts_ns)) {
    *ts_ns = get (merge, lane->point)->ts_ns;
    next = NEXT_POINT;
  }
  if (lane->slice < lane->slice_end &&
      (next == NEXT_NOTHING || get (merge, lane->slice)->ts_ns < *ts_ns)) {
    *ts_ns = get (merge, lane->slice)->ts_ns;
    next = NEXT_BEGIN;
  }
  return next;
}

static bool
update (const Merge *merge, Lane *lane)
{
  lane->next = find_next (merge, lane, &lane->ts_ns);
  lane->is_recv = false;
  if (lane->next == NEXT_POINT) {
    LsRecordKind kind = get (merge, lane->point)->kind;
    lane->is_recv = kind == LS_RECORD_RECV || kind == LS_RECORD_STEP;
  }
  return lane->next != NEXT_NOTHING;
}

/* -- The heap -- */

static bool
is_before (const Merge *merge, guint a, guint b)
{
  const Lane *first = &merge->lanes[a], *second = &merge->lanes[b];
  if (first->ts_ns != second->ts_ns)
    return first->ts_ns < second->ts_ns;
  if (first->is_recv != second->is_recv)
    return second->is_recv;
  return a < b;
}

static void
sift_down (Merge *merge, guint place)
{
  for (;;) {
    guint least = place;
    for (guint child = 2 * place + 1; child <= 2 * place + 2 && child < merge->n_heap; child++)
      if (is_before (merge, merge->heap[child], merge->heap[least]))
        least = child;
    if (least == place)
      return;
    guint lane = merge->heap[place];
    merge->heap[place] = merge->heap[least];
    merge->heap[least] = lane;
    place = least;
  }
}

/* -- Events -- */

static const char *
get_name (const Merge *merge, uint32_t id)
{
  return id == 0 ? "" : g_ptr_array_index (merge->all->names.names, id - 1);
}

/* The line is always the same one: only what events of a Chrome trace say changes in it. */
static void
put (Merge *merge, LsEventKind ev, const char *name, guint lane, int64_t ts_ns)
{
  LsImporter *importer = merge->all->importer;
  LsLineEvent *event = &merge->line.event;
  event->ev = ev;
  event->name = name;
  event->tid = lane + 1;
  event->ts_ns = ts_ns;
  importer->report->n_events++;
  importer->func (&merge->line, importer->user_data);
}

static void
put_numbered (Merge *merge, LsEventKind ev, int64_t n, guint lane, int64_t ts_ns)
{
  LsLineEvent *event = &merge->line.event;
  event->has_n = true;
  event->n = n;
  put (merge, ev, NULL, lane, ts_ns);
  event->has_n = false;
  event->n = 0;
}

static void
put_count (Merge *merge, const LsRecord *point, guint lane)
{
  LsValue *val = &merge->line.event.val;
  val->type = point->type;
  if (point->type == LS_VALUE_FLOAT)
    val->f = point->f;
  else
    val->i = point->i;
  put (merge, LS_EV_COUNT, get_name (merge, point->name), lane, point->ts_ns);
  *val = (LsValue){ 0 };
}

static int64_t *
get_number (Merge *merge, uint32_t id)
{
  if (merge->numbers->len <= id)
    g_array_set_size (merge->numbers, id + 1);
  return &g_array_index (merge->numbers, int64_t, id);
}

static void
put_arrow (Merge *merge, const LsRecord *point, guint lane)
{
  int64_t *number = get_number (merge, point->id);
  if (point->kind != LS_RECORD_SEND) {
    if (*number == 0)
      *number = ++merge->n_arrows; /* from nowhere */
    put_numbered (merge, LS_EV_RECV, *number, lane, point->ts_ns);
  }
  if (point->kind != LS_RECORD_RECV) {
    *number = ++merge->n_arrows;
    put_numbered (merge, LS_EV_SEND, *number, lane, point->ts_ns);
  }
}

static void
put_point (Merge *merge, const LsRecord *point, guint lane)
{
  switch (point->kind) {
  case LS_RECORD_SEND:
  case LS_RECORD_STEP:
  case LS_RECORD_RECV:
    put_arrow (merge, point, lane);
    break;
  case LS_RECORD_START:
    put (merge, LS_EV_START, NULL, lane, point->ts_ns);
    break;
  case LS_RECORD_FINISH:
    put (merge, LS_EV_FINISH, NULL, lane, point->ts_ns);
    break;
  case LS_RECORD_COUNT:
    put_count (merge, point, lane);
    break;
  default:
    put (merge, LS_EV_MARK, get_name (merge, point->name), lane, point->ts_ns);
    break;
  }
}

static void
put_next (Merge *merge, guint index)
{
  Lane *lane = &merge->lanes[index];
  int64_t ts_ns = lane->ts_ns;
  switch (lane->next) {
  case NEXT_END: {
    const LsRecord *slice = get (merge, g_array_index (lane->open, guint, lane->open->len - 1));
    g_array_set_size (lane->open, lane->open->len - 1);
    put (merge, LS_EV_END, get_name (merge, slice->name), index, ts_ns);
    break;
  }
  case NEXT_POINT:
    put_point (merge, get (merge, lane->point++), index);
    break;
  default:
    put (merge, LS_EV_BEGIN, get_name (merge, get (merge, lane->slice)->name), index, ts_ns);
    if (!lane->open)
      lane->open = g_array_new (FALSE, FALSE, sizeof (guint));
    g_array_append_val (lane->open, lane->slice);
    lane->slice++;
    break;
  }
}

/* Slices of a lane come before its points. */
static bool
find_lanes (Merge *merge)
{
  guint n = merge->all->records->len;
  Lane *lane = NULL;
  uint32_t track = 0;
  for (guint i = 0; i < n; i++) {
    const LsRecord *record = get (merge, i);
    if (record->track != track) {
      track = record->track;
      lane = &merge->lanes[track - 1];
      *lane = (Lane){ .slice = i, .slice_end = i, .point = i };
    }
    if (record->kind == LS_RECORD_SLICE)
      lane->slice_end = lane->point = i + 1;
    lane->point_end = i + 1;
    if (!ls_chrome_records_go_on (merge->all, i, n))
      return false;
  }
  return true;
}

/* Lane after lane, as their next events come. */
static bool
put_all (Merge *merge)
{
  guint n_records = merge->all->records->len;
  for (gsize n = 0; merge->n_heap > 0; n++) {
    guint lane = merge->heap[0];
    if (!ls_chrome_records_go_on (merge->all, n, 2 * (gsize) n_records))
      return false;
    put_next (merge, lane);
    if (!update (merge, &merge->lanes[lane]))
      merge->heap[0] = merge->heap[--merge->n_heap];
    sift_down (merge, 0);
  }
  return true;
}

bool
ls_chrome_records_merge (LsChromeRecords *all, guint n_lanes)
{
  g_autoptr (GArray) numbers = g_array_new (FALSE, TRUE, sizeof (int64_t));
  g_autofree Lane *lanes = g_new0 (Lane, n_lanes + 1);
  g_autofree guint *heap = g_new0 (guint, n_lanes + 1);
  Merge merge = { .all = all,
                  .records = (const LsRecord *) (gpointer) all->records->data,
                  .lanes = lanes,
                  .heap = heap,
                  .line = { .kind = LS_LINE_EVENT },
                  .numbers = numbers };
  ls_chrome_records_begin (all, 0.05);
  bool goes_on = find_lanes (&merge);
  for (guint i = 0; goes_on && i < n_lanes; i++)
    if (update (&merge, &lanes[i]))
      heap[merge.n_heap++] = i;
  for (guint i = merge.n_heap / 2; i-- > 0;)
    sift_down (&merge, i);
  ls_chrome_records_begin (all, 1 - all->done - all->share);
  goes_on = goes_on && put_all (&merge);
  for (guint i = 0; i < n_lanes; i++)
    g_clear_pointer (&lanes[i].open, g_array_unref);
  return goes_on;
}
