/* SPDX-License-Identifier: MIT */
/* Which events can let others happen. */
#include "causes.h"

#include <string.h>

#include "tasks.h"

#define BLOCK 64 /* places of object_events */

/* An event with a number: a send, an arrival at a barrier, a store at its place in the order of its
 * value's modifications. */
typedef struct {
  uint32_t object; /* LS_NONE of sends */
  uint32_t event;
  int64_t number;
} Numbered;

/* A store. */
typedef struct {
  Numbered at;
  uint32_t thread;
  uint32_t
    run; /* the first of those just before it of the same value and thread, itself included */
} Store;

struct _LsCauses {
  uint32_t *last; /* by block: 1 + the place of the object's last enabler before it; 0: none */
  uint32_t
    *last_exclusive; /* the same, of those that were no reader's; NULL: there are no readers */
  GArray *sends, *arrivals; /* Numbered, by object, number and then event */
  GArray *stores;           /* Store, the same */
};

#define ENABLERS                                                                              \
  (LS_KIND_BIT (LS_EV_RELEASE) | LS_KIND_BIT (LS_EV_SIGNAL) | LS_KIND_BIT (LS_EV_BROADCAST) | \
   LS_KIND_BIT (LS_EV_SET) | LS_KIND_BIT (LS_EV_INIT))

/* Whether the op is one of an enabler of an object that it names. */
static inline bool
is_enabling (const LsTrace *trace, uint32_t object, uint32_t k, LsOp op)
{
  bool is_one = ENABLERS >> LS_OP_KIND (op) & 1;
  if (G_LIKELY (!(op & LS_OP_RARE)))
    return is_one; /* without rare keys, it names its target alone, and did not fail */
  return is_one && ls_columns_get_object (&trace->columns, k) == object &&
         !ls_trace_event_failed (trace, k);
}

bool
ls_trace_is_enabler (const LsTrace *trace, uint32_t object, uint32_t k)
{
  return is_enabling (trace, object, k, trace->columns.ops[k]);
}

static bool
is_exclusive_enabler (const LsTrace *trace, uint32_t object, uint32_t k)
{
  return ls_trace_is_enabler (trace, object, k) && !(trace->shared_releases[k / 64] >> k % 64 & 1);
}

/* -- Numbers -- */

static int
compare_numbered (gconstpointer a, gconstpointer b)
{
  const Numbered *first = a, *second = b;
  if (first->object != second->object)
    return first->object < second->object ? -1 : 1;
  if (first->number != second->number)
    return first->number < second->number ? -1 : 1;
  return (first->event > second->event) - (first->event < second->event);
}

static void
list_numbered (LsTrace *trace)
{
  const LsColumns *columns = &trace->columns;
  LsCauses *causes = trace->causes;
  LsKindScan scan = { .kinds = LS_KIND_BIT (LS_EV_SEND) | LS_KIND_BIT (LS_EV_WAIT) |
                               LS_KIND_BIT (LS_EV_STORE) };
  for (uint32_t k; ls_trace_scan_next (trace, &scan, &k);) {
    LsEventKind kind = ls_columns_get_kind (columns, k);
    LsRare rare;
    if (!ls_columns_get_rare (columns, k, &rare) || !rare.has_n)
      continue;
    Numbered numbered = { ls_columns_get_object (columns, k), k, rare.n };
    Store store = { numbered, ls_columns_get_thread (columns, k), 0 };
    if (kind == LS_EV_SEND)
      g_array_append_val (causes->sends, numbered);
    else if (kind == LS_EV_STORE)
      g_array_append_val (causes->stores, store);
    else if (numbered.object != LS_NONE)
      g_array_append_val (causes->arrivals, numbered);
  }
  g_array_sort (causes->sends, compare_numbered);
  g_array_sort (causes->arrivals, compare_numbered);
  g_array_sort (causes->stores, compare_numbered);
  for (guint i = 0; i < causes->stores->len; i++) {
    Store *store = &g_array_index (causes->stores, Store, i);
    bool goes_on =
      i > 0 && store[-1].at.object == store->at.object && store[-1].thread == store->thread;
    store->run = goes_on ? store[-1].run : i;
  }
}

/* How many of the array's entries come before `wanted`. */
static guint
count_before (const GArray *array, const Numbered *wanted)
{
  gsize size = g_array_get_element_size ((GArray *) array);
  guint low = 0, high = array->len;
  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (compare_numbered (array->data + middle * size, wanted) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static uint32_t
find_last_before (const GArray *array, uint32_t object, int64_t number, uint32_t k)
{
  Numbered wanted = { object, k, number };
  guint n = count_before (array, &wanted);
  const Numbered *found = n > 0 ? &g_array_index (array, Numbered, n - 1) : NULL;
  return found && found->object == object && found->number == number ? found->event : LS_NONE;
}

uint32_t
ls_trace_find_send (const LsTrace *trace, int64_t number, uint32_t k)
{
  return find_last_before (trace->causes->sends, LS_NONE, number, k);
}

uint32_t
ls_trace_find_arrival (const LsTrace *trace, uint32_t barrier, int64_t round, uint32_t k)
{
  return find_last_before (trace->causes->arrivals, barrier, round, k);
}

bool
ls_trace_has_other_store (const LsTrace *trace,
                          uint32_t value,
                          int64_t after,
                          int64_t until,
                          uint32_t thread)
{
  const GArray *stores = trace->causes->stores;
  Numbered first = { value, LS_NONE, after }, last = { value, LS_NONE, until };
  guint begin = count_before (stores, &first), end = count_before (stores, &last);
  if (begin >= end)
    return false;
  const Store *store = &g_array_index (stores, Store, end - 1);
  return store->thread != thread || store->run > begin;
}

/* -- Enablers -- */

/* Fills in, block by block, the last enabler of the object, or the last that was no reader's. */
static void
index_object (const LsTrace *trace, uint32_t object, uint32_t *blocks, const uint64_t *readers)
{
  const LsEventLists *lists = &trace->object_events;
  uint32_t last = 0, end = lists->offset[object + 1];
  for (uint32_t place = lists->offset[object]; place < end; place++) {
    uint32_t k = lists->events[place];
    if (place % BLOCK == 0)
      blocks[place / BLOCK] = last;
    bool is_one = is_enabling (trace, object, k, trace->columns.ops[k]);
    if (readers && is_one)
      is_one = !(readers[k / 64] >> k % 64 & 1);
    last = is_one ? place + 1 : last;
  }
}

/* The object's entries in the one are those in the other. */
static void
copy_blocks (const LsTrace *trace, uint32_t object, const uint32_t *from, uint32_t *to)
{
  uint32_t begin = (trace->object_events.offset[object] + BLOCK - 1) / BLOCK;
  uint32_t end = (trace->object_events.offset[object + 1] + BLOCK - 1) / BLOCK;
  if (begin < end)
    memcpy (to + begin, from + begin, (end - begin) * sizeof *to);
}

static void
index_enablers (LsTrace *trace, uint32_t object)
{
  LsCauses *causes = trace->causes;
  index_object (trace, object, causes->last, NULL);
  if (!causes->last_exclusive)
    return;
  if (trace->object_lanes[object].is_shared)
    index_object (trace, object, causes->last_exclusive, trace->shared_releases);
  else
    copy_blocks (trace, object, causes->last, causes->last_exclusive);
}

#define OBJECTS_AT_ONCE 8

static void
build_part (guint part, gpointer data)
{
  LsTrace *trace = data;
  if (ls_trace_is_given_up (trace, 0))
    return;
  if (part == 0) {
    list_numbered (trace);
    return;
  }
  uint64_t begin = (uint64_t) (part - 1) * OBJECTS_AT_ONCE;
  for (uint64_t object = begin; object < MIN (begin + OBJECTS_AT_ONCE, trace->n_objects); object++)
    index_enablers (trace, (uint32_t) object);
}

void
ls_trace_build_causes (LsTrace *trace)
{
  uint32_t n = trace->object_events.offset[trace->n_objects];
  LsCauses *causes = trace->causes = g_new0 (LsCauses, 1);
  causes->last = g_new (uint32_t, n / BLOCK + 1);
  if (trace->shared_releases)
    causes->last_exclusive = g_new (uint32_t, n / BLOCK + 1);
  causes->sends = g_array_new (FALSE, FALSE, sizeof (Numbered));
  causes->arrivals = g_array_new (FALSE, FALSE, sizeof (Numbered));
  causes->stores = g_array_new (FALSE, FALSE, sizeof (Store));
  guint n_parts = 1 + trace->n_objects / OBJECTS_AT_ONCE + 1;
  ls_tasks_run (trace->n_workers, build_part, n_parts, trace);
}

void
ls_trace_free_causes (LsTrace *trace)
{
  if (!trace->causes)
    return;
  g_free (trace->causes->last);
  g_free (trace->causes->last_exclusive);
  g_array_unref (trace->causes->sends);
  g_array_unref (trace->causes->arrivals);
  g_array_unref (trace->causes->stores);
  g_clear_pointer (&trace->causes, g_free);
}

static uint32_t
find_enabler (const LsTrace *trace,
              uint32_t object,
              uint32_t k,
              const uint32_t *last,
              bool (*is_enabler) (const LsTrace *trace, uint32_t object, uint32_t k))
{
  const LsEventLists *lists = &trace->object_events;
  uint32_t n, begin = lists->offset[object], end = lists->offset[object + 1];
  const uint32_t *events = ls_trace_get_object_events (trace, object, &n);
  uint32_t place = begin + ls_events_lower_bound (events, n, k);
  for (; place > begin; place--) {
    /* The object's blocks say what came before them; what begins after its last event is another's. */
    if (place % BLOCK == 0 && place < end)
      return last[place / BLOCK] > begin ? lists->events[last[place / BLOCK] - 1] : LS_NONE;
    if (is_enabler (trace, object, lists->events[place - 1]))
      return lists->events[place - 1];
  }
  return LS_NONE;
}

uint32_t
ls_trace_find_enabler (const LsTrace *trace, uint32_t object, uint32_t k)
{
  return find_enabler (trace, object, k, trace->causes->last, ls_trace_is_enabler);
}

uint32_t
ls_trace_find_exclusive_enabler (const LsTrace *trace, uint32_t object, uint32_t k)
{
  if (!trace->causes->last_exclusive)
    return ls_trace_find_enabler (trace, object, k);
  return find_enabler (trace, object, k, trace->causes->last_exclusive, is_exclusive_enabler);
}
