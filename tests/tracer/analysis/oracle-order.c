/* SPDX-License-Identifier: MIT */
/* Which events of a small trace are ordered, edge by edge of the format's table; see oracle.h. */
#include "oracle.h"

#include <string.h>

#include "names.h"

int
oracle_flags (const SmallTrace *trace, guint i)
{
  return ls_event_rows[trace->events[i].ev].flags;
}

gboolean
oracle_is_access (const SmallTrace *trace, guint i)
{
  return (oracle_flags (trace, i) & (LS_EV_READS | LS_EV_WRITES)) != 0;
}

static gboolean
overlap (const SmallTrace *trace, guint i, guint k)
{
  const LsLineEvent *a = &trace->events[i], *b = &trace->events[k];
  if (a->obj != b->obj)
    return FALSE;
  guint32 size = trace->objects[a->obj - 1].size;
  guint32 whole = size ? size : G_MAXUINT32;
  guint32 a_lo = a->has_part ? a->off : 0, a_hi = a->has_part ? a->off + a->size : whole;
  guint32 b_lo = b->has_part ? b->off : 0, b_hi = b->has_part ? b->off + b->size : whole;
  return a_lo < b_hi && b_lo < a_hi;
}

gboolean
oracle_conflicts (const SmallTrace *trace, guint i, guint k)
{
  if (!oracle_is_access (trace, i) || !oracle_is_access (trace, k) || !overlap (trace, i, k) ||
      trace->events[i].tid == trace->events[k].tid)
    return FALSE;
  int a = oracle_flags (trace, i), b = oracle_flags (trace, k);
  return ((a | b) & LS_EV_WRITES) && !(a & b & LS_EV_ATOMIC);
}

/* -- Edges of the table -- */

static gboolean
acquires (LsOrder order)
{
  return order == LS_ORDER_NONE || order == LS_ORDER_ACQUIRE || order == LS_ORDER_ACQ_REL ||
         order == LS_ORDER_SEQ_CST;
}

static gboolean
releases (LsOrder order)
{
  return order == LS_ORDER_NONE || order == LS_ORDER_RELEASE || order == LS_ORDER_ACQ_REL ||
         order == LS_ORDER_SEQ_CST;
}

/* The last event before k of k's thread and object, of one of two kinds; -1. */
static int
find_mine (const SmallTrace *trace, guint k, LsEventKind kind)
{
  for (int i = (int) k - 1; i >= 0; i--)
    if (trace->events[i].tid == trace->events[k].tid &&
        trace->events[i].obj == trace->events[k].obj && trace->events[i].ev == kind)
      return i;
  return -1;
}

/* The store one place before store k in the modification order; -1. */
static int
find_place_before (const SmallTrace *trace, guint k)
{
  for (guint i = 0; i < trace->n; i++)
    if (trace->events[i].obj == trace->events[k].obj && (oracle_flags (trace, i) & LS_EV_WRITES) &&
        trace->events[i].n == trace->events[k].n - 1)
      return (int) i;
  return -1;
}

static gboolean continues_sequence (const SmallTrace *trace, guint k);

static guint
round_of (const SmallTrace *trace, guint wait)
{
  guint n = 0;
  for (guint i = 0; i < wait; i++)
    n += trace->events[i].ev == LS_EV_WAIT && trace->events[i].obj == trace->events[wait].obj;
  return n / trace->objects[trace->events[wait].obj - 1].parties;
}

/* Threads that head the release sequence at the place of store k, as bits. */
static guint
heads_at (const SmallTrace *trace, guint k)
{
  return (releases (trace->events[k].order) ? 1u << trace->events[k].tid : 0) |
         (continues_sequence (trace, k) ? heads_at (trace, (guint) find_place_before (trace, k))
                                        : 0);
}

/* Updates do, and stores of the one thread that heads it; several heads are not told apart. */
static gboolean
continues_sequence (const SmallTrace *trace, guint k)
{
  int before = find_place_before (trace, k);
  if (before < 0)
    return FALSE;
  guint heads = heads_at (trace, (guint) before);
  return trace->events[k].ev == LS_EV_UPDATE || (heads & (heads - 1)) != 0 ||
         heads == 1u << trace->events[k].tid;
}

/* Whether load (or update) k may see what the release sequence headed by store i holds. */
static gboolean
sees (const SmallTrace *trace, guint i, guint k)
{
  const LsLineEvent *store = &trace->events[i], *load = &trace->events[k];
  if (store->obj != load->obj || !(oracle_flags (trace, i) & LS_EV_ATOMIC) ||
      !(oracle_flags (trace, k) & LS_EV_ATOMIC) || !(oracle_flags (trace, i) & LS_EV_WRITES) ||
      !(oracle_flags (trace, k) & LS_EV_READS) || i >= k)
    return FALSE;
  if (!load->has_n)
    return TRUE;
  gint64 seen = load->ev == LS_EV_LOAD ? load->n : load->n - 1;
  if (seen < store->n)
    return FALSE;
  for (guint j = 0; j < k; j++) {
    const LsLineEvent *link = &trace->events[j];
    if (link->obj == store->obj && (oracle_flags (trace, j) & LS_EV_WRITES) && link->n > store->n &&
        link->n <= seen && !continues_sequence (trace, j))
      return FALSE;
  }
  return TRUE;
}

/* The stores whose sequence may be seen, from release event or fence i to acquire event or fence k. */
static gboolean
synchronizes (const SmallTrace *trace, guint i, guint k)
{
  const LsLineEvent *from = &trace->events[i], *to = &trace->events[k];
  if (!releases (from->order) || !acquires (to->order))
    return FALSE;
  for (guint store = i; store < k; store++) {
    gboolean is_from = from->ev == LS_EV_FENCE
                         ? trace->events[store].tid == from->tid && store > i &&
                             !releases (trace->events[store].order)
                         : store == i;
    for (guint load = store + 1; is_from && load <= k; load++) {
      gboolean is_to = to->ev == LS_EV_FENCE ? trace->events[load].tid == to->tid && load < k &&
                                                 !acquires (trace->events[load].order)
                                             : load == k;
      if (is_to && sees (trace, store, load))
        return TRUE;
    }
  }
  return FALSE;
}

static gboolean
is_synchronizer (const SmallTrace *trace, guint i)
{
  return trace->events[i].ev == LS_EV_FENCE || (oracle_flags (trace, i) & LS_EV_ATOMIC);
}

/* Edges that every reordering keeps: all but those of locks and values. */
gboolean
oracle_is_hard_edge (const SmallTrace *trace, guint i, guint k)
{
  const LsLineEvent *a = &trace->events[i], *b = &trace->events[k];
  if (a->tid == b->tid)
    return TRUE;
  if (a->ev == LS_EV_CREATE && a->thread == b->tid)
    return TRUE;
  if (b->ev == LS_EV_JOIN && b->thread == a->tid)
    return TRUE;
  if (a->ev == LS_EV_SEND && b->ev == LS_EV_RECV)
    return a->n == b->n;
  if (is_synchronizer (trace, i) && is_synchronizer (trace, k) && synchronizes (trace, i, k))
    return TRUE;
  if (a->obj == 0 || a->obj != b->obj)
    return FALSE;
  switch ((int) small_trace_get_kind (trace, i)) {
  case LS_OBJECT_SEMAPHORE:
    return a->ev == LS_EV_RELEASE && b->ev == LS_EV_ACQUIRE;
  case LS_OBJECT_EVENT:
    return a->ev == LS_EV_SET && b->ev == LS_EV_WAKE;
  case LS_OBJECT_COND:
    return (a->ev == LS_EV_SIGNAL || a->ev == LS_EV_BROADCAST) && b->ev == LS_EV_WAKE &&
           (int) i > find_mine (trace, k, LS_EV_WAIT);
  case LS_OBJECT_BARRIER:
    return a->ev == LS_EV_WAIT && b->ev == LS_EV_WAKE &&
           round_of (trace, i) == round_of (trace, (guint) find_mine (trace, k, LS_EV_WAIT));
  default:
    return FALSE;
  }
}

static gboolean
is_shared_hold (const SmallTrace *trace, guint release)
{
  int acquire = find_mine (trace, release, LS_EV_ACQUIRE);
  return acquire >= 0 && trace->events[acquire].mode == LS_MODE_SHARED;
}

static gboolean
is_lock_edge (const SmallTrace *trace, guint i, guint k)
{
  const LsLineEvent *a = &trace->events[i], *b = &trace->events[k];
  return a->obj != 0 && a->obj == b->obj && a->ev == LS_EV_RELEASE && b->ev == LS_EV_ACQUIRE &&
         !(b->mode == LS_MODE_SHARED && is_shared_hold (trace, i));
}

/* Whether the access oracle_touches this byte of its value; a value of unknown size has one. */
gboolean
oracle_touches (const SmallTrace *trace, guint i, guint byte)
{
  const LsLineEvent *event = &trace->events[i];
  guint size = MAX (trace->objects[event->obj - 1].size, 1);
  return event->has_part ? event->off <= byte && byte < event->off + event->size : byte < size;
}

/* For each byte that read k sees, whether write i was the last to it; not between two atomics. */
static gboolean
is_read_from (const SmallTrace *trace, guint i, guint k)
{
  if (!(oracle_flags (trace, i) & LS_EV_WRITES) || !(oracle_flags (trace, k) & LS_EV_READS) ||
      !overlap (trace, i, k) || (oracle_flags (trace, i) & oracle_flags (trace, k) & LS_EV_ATOMIC))
    return FALSE;
  const LsLineEvent *read = &trace->events[k];
  guint32 lo = read->has_part ? read->off : 0;
  guint32 hi =
    read->has_part ? read->off + read->size : MAX (trace->objects[read->obj - 1].size, 1);
  for (guint32 byte = lo; byte < hi; byte++) {
    int last = -1;
    for (guint j = 0; j < k; j++) {
      const LsLineEvent *write = &trace->events[j];
      gboolean covers = write->obj == read->obj && oracle_touches (trace, j, byte);
      if (covers && (oracle_flags (trace, j) & LS_EV_WRITES))
        last = (int) j;
    }
    if (last == (int) i)
      return TRUE;
  }
  return FALSE;
}

void
oracle_find_unordered (const SmallTrace *trace, gboolean is_shb, Pairs *known, Pairs *races)
{
  memset (known, 0, sizeof (*known));
  memset (races, 0, sizeof (*races));
  for (guint k = 0; k < trace->n; k++) {
    for (int pass = 0; pass < 2; pass++) {
      for (guint i = 0; i < k; i++) {
        gboolean is_edge = pass == 0
                             ? oracle_is_hard_edge (trace, i, k) || is_lock_edge (trace, i, k)
                             : is_shb && oracle_is_access (trace, k) && is_read_from (trace, i, k);
        if (!is_edge)
          continue;
        pairs_add (known, k, i);
        for (guint j = 0; j < G_N_ELEMENTS (known->bits[0]); j++)
          known->bits[k][j] |= known->bits[i][j];
      }
      for (guint i = 0; pass == 0 && i < k; i++)
        if (oracle_conflicts (trace, i, k) && !pairs_have (known, k, i))
          pairs_add (races, i, k);
    }
  }
}
