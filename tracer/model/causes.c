/* SPDX-License-Identifier: MIT */
/* Which events can let others happen. */
#include "causes.h"

#include <stdlib.h>

#define BLOCK 64 /* places of object_events */

typedef struct {
  int64_t number;
  uint32_t event;
} Send;

struct _LsCauses {
  uint32_t
    *last;       /* by block: 1 + the place of the last enabler before it, of any object; 0: none */
  GArray *sends; /* Send, by number and then event */
};

bool
ls_trace_is_enabler (const LsTrace *trace, uint32_t object, uint32_t k)
{
  switch ((int) ls_trace_get_kind (trace, k)) {
  case LS_EV_RELEASE:
  case LS_EV_SIGNAL:
  case LS_EV_BROADCAST:
  case LS_EV_SET:
  case LS_EV_INIT:
    return ls_trace_get_event_object (trace, k) == object && !ls_trace_event_failed (trace, k);
  default:
    return false;
  }
}

static int
compare_sends (gconstpointer a, gconstpointer b)
{
  const Send *first = a, *second = b;
  if (first->number != second->number)
    return first->number < second->number ? -1 : 1;
  return (first->event > second->event) - (first->event < second->event);
}

static GArray *
list_sends (const LsTrace *trace)
{
  GArray *sends = g_array_new (FALSE, FALSE, sizeof (Send));
  for (uint32_t k = 0; k < trace->columns.n; k++) {
    LsRare rare;
    if (ls_trace_get_kind (trace, k) != LS_EV_SEND ||
        !ls_columns_get_rare (&trace->columns, k, &rare) || !rare.has_n)
      continue;
    Send send = { rare.n, k };
    g_array_append_val (sends, send);
  }
  g_array_sort (sends, compare_sends);
  return sends;
}

void
ls_trace_build_causes (LsTrace *trace)
{
  const LsEventLists *lists = &trace->object_events;
  uint32_t n = lists->offset[trace->n_objects], last = 0;
  LsCauses *causes = trace->causes = g_new0 (LsCauses, 1);
  causes->last = g_new (uint32_t, n / BLOCK + 1);
  for (uint32_t object = 0; object < trace->n_objects; object++)
    for (uint32_t place = lists->offset[object]; place < lists->offset[object + 1]; place++) {
      if (place % BLOCK == 0)
        causes->last[place / BLOCK] = last;
      if (ls_trace_is_enabler (trace, object, lists->events[place]))
        last = place + 1;
    }
  if (n % BLOCK == 0)
    causes->last[n / BLOCK] = last;
  causes->sends = list_sends (trace);
}

void
ls_trace_free_causes (LsTrace *trace)
{
  if (!trace->causes)
    return;
  g_free (trace->causes->last);
  g_array_unref (trace->causes->sends);
  g_clear_pointer (&trace->causes, g_free);
}

uint32_t
ls_trace_find_enabler (const LsTrace *trace, uint32_t object, uint32_t k)
{
  const LsEventLists *lists = &trace->object_events;
  uint32_t n, begin = lists->offset[object];
  const uint32_t *events = ls_trace_get_object_events (trace, object, &n);
  uint32_t place = begin + ls_events_lower_bound (events, n, k);
  for (; place > begin; place--) {
    if (place % BLOCK == 0) {
      uint32_t last = trace->causes->last[place / BLOCK];
      return last > begin ? lists->events[last - 1] : LS_NONE;
    }
    if (ls_trace_is_enabler (trace, object, lists->events[place - 1]))
      return lists->events[place - 1];
  }
  return LS_NONE;
}

uint32_t
ls_trace_find_send (const LsTrace *trace, int64_t number, uint32_t k)
{
  const GArray *sends = trace->causes->sends;
  Send wanted = { number, k };
  guint low = 0, high = sends->len;
  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (compare_sends (&g_array_index (sends, Send, middle), &wanted) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  const Send *found = low > 0 ? &g_array_index (sends, Send, low - 1) : NULL;
  return found && found->number == number ? found->event : LS_NONE;
}
