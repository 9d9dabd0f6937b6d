/* SPDX-License-Identifier: MIT */
/* Which events can let others happen. */
#include "causes.h"

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

bool
ls_trace_is_enabler (const LsTrace *trace, uint32_t object, uint32_t k)
{
  switch ((int) ls_columns_get_kind (&trace->columns, k)) {
  case LS_EV_RELEASE:
  case LS_EV_SIGNAL:
  case LS_EV_BROADCAST:
  case LS_EV_SET:
  case LS_EV_INIT:
    return ls_columns_get_object (&trace->columns, k) == object &&
           !ls_trace_event_failed (trace, k);
  default:
    return false;
  }
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
  for (uint32_t k = 0; k < columns->n; k++) {
    LsEventKind kind = ls_columns_get_kind (columns, k);
    LsRare rare;
    if ((kind != LS_EV_SEND && kind != LS_EV_WAIT && kind != LS_EV_STORE) ||
        !ls_columns_get_rare (columns, k, &rare) || !rare.has_n)
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

static void
index_object (LsTrace *trace, uint32_t object)
{
  const LsEventLists *lists = &trace->object_events;
  LsCauses *causes = trace->causes;
  uint32_t last = 0, last_exclusive = 0;
  for (uint32_t place = lists->offset[object]; place < lists->offset[object + 1]; place++) {
    uint32_t k = lists->events[place];
    if (place % BLOCK == 0) {
      causes->last[place / BLOCK] = last;
      if (causes->last_exclusive)
        causes->last_exclusive[place / BLOCK] = last_exclusive;
    }
    if (!ls_trace_is_enabler (trace, object, k))
      continue;
    last = place + 1;
    if (causes->last_exclusive && is_exclusive_enabler (trace, object, k))
      last_exclusive = place + 1;
  }
}

#define OBJECTS_AT_ONCE 8

static void
build_part (guint part, gpointer data)
{
  LsTrace *trace = data;
  if (part == 0) {
    list_numbered (trace);
    return;
  }
  uint64_t begin = (uint64_t) (part - 1) * OBJECTS_AT_ONCE;
  for (uint64_t object = begin; object < MIN (begin + OBJECTS_AT_ONCE, trace->n_objects); object++)
    index_object (trace, (uint32_t) object);
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
