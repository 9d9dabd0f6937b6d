/* SPDX-License-Identifier: MIT */
/* Truth about small traces, by definition; see oracle.h. */
#include "oracle.h"

#include <string.h>

#include "names.h"

static int
flags_of (const SmallTrace *trace, guint i)
{
  return ls_event_rows[trace->events[i].ev].flags;
}

static gboolean
is_access (const SmallTrace *trace, guint i)
{
  return (flags_of (trace, i) & (LS_EV_READS | LS_EV_WRITES)) != 0;
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
  if (!is_access (trace, i) || !is_access (trace, k) || !overlap (trace, i, k) ||
      trace->events[i].tid == trace->events[k].tid)
    return FALSE;
  int a = flags_of (trace, i), b = flags_of (trace, k);
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
    if (trace->events[i].obj == trace->events[k].obj && (flags_of (trace, i) & LS_EV_WRITES) &&
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
  if (store->obj != load->obj || !(flags_of (trace, i) & LS_EV_ATOMIC) ||
      !(flags_of (trace, k) & LS_EV_ATOMIC) || !(flags_of (trace, i) & LS_EV_WRITES) ||
      !(flags_of (trace, k) & LS_EV_READS) || i >= k)
    return FALSE;
  if (!load->has_n)
    return TRUE;
  gint64 seen = load->ev == LS_EV_LOAD ? load->n : load->n - 1;
  if (seen < store->n)
    return FALSE;
  for (guint j = 0; j < k; j++) {
    const LsLineEvent *link = &trace->events[j];
    if (link->obj == store->obj && (flags_of (trace, j) & LS_EV_WRITES) && link->n > store->n &&
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
  return trace->events[i].ev == LS_EV_FENCE || (flags_of (trace, i) & LS_EV_ATOMIC);
}

/* Edges that every reordering keeps: all but those of locks and values. */
static gboolean
is_hard_edge (const SmallTrace *trace, guint i, guint k)
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

/* Whether the access touches this byte of its value; a value of unknown size has one. */
static gboolean
touches (const SmallTrace *trace, guint i, guint byte)
{
  const LsLineEvent *event = &trace->events[i];
  guint size = MAX (trace->objects[event->obj - 1].size, 1);
  return event->has_part ? event->off <= byte && byte < event->off + event->size : byte < size;
}

/* For each byte that read k sees, whether write i was the last to it; not between two atomics. */
static gboolean
is_read_from (const SmallTrace *trace, guint i, guint k)
{
  if (!(flags_of (trace, i) & LS_EV_WRITES) || !(flags_of (trace, k) & LS_EV_READS) ||
      !overlap (trace, i, k) || (flags_of (trace, i) & flags_of (trace, k) & LS_EV_ATOMIC))
    return FALSE;
  const LsLineEvent *read = &trace->events[k];
  guint32 lo = read->has_part ? read->off : 0;
  guint32 hi =
    read->has_part ? read->off + read->size : MAX (trace->objects[read->obj - 1].size, 1);
  for (guint32 byte = lo; byte < hi; byte++) {
    int last = -1;
    for (guint j = 0; j < k; j++) {
      const LsLineEvent *write = &trace->events[j];
      gboolean covers = write->obj == read->obj && touches (trace, j, byte);
      if (covers && (flags_of (trace, j) & LS_EV_WRITES))
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
        gboolean is_edge = pass == 0 ? is_hard_edge (trace, i, k) || is_lock_edge (trace, i, k)
                                     : is_shb && is_access (trace, k) && is_read_from (trace, i, k);
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

/* -- All correct reorderings -- */

enum {
  MAX_THREADS = 4,
  MAX_BYTES = 5,
  MAX_CELLS = 64
};

typedef struct {
  guint8 at[MAX_THREADS]; /* events run, by thread */
  guint8 last[MAX_CELLS]; /* event + 1 that wrote each cell (byte of a value) last */
} State;

typedef struct {
  const SmallTrace *trace;
  Pairs *races;
  guint n_of[MAX_THREADS];
  guint8 events[MAX_THREADS][SMALL_MAX_EVENTS];
  guint8 position[SMALL_MAX_EVENTS]; /* of each event in its thread */
  gboolean hard[SMALL_MAX_EVENTS][SMALL_MAX_EVENTS];
  guint8 saw[SMALL_MAX_EVENTS][MAX_BYTES]; /* by byte: event + 1 that a read saw, 255: not fixed */
  GHashTable *seen;
  GQueue todo;
} Search;

static guint
state_hash (gconstpointer key)
{
  const guint8 *bytes = key;
  guint hash = 2166136261u;
  for (gsize i = 0; i < sizeof (State); i++)
    hash = (hash ^ bytes[i]) * 16777619u;
  return hash;
}

static gboolean
state_equal (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, sizeof (State)) == 0;
}

static gboolean
has_run (const Search *search, const State *state, guint i)
{
  return search->position[i] < state->at[search->trace->events[i].tid - 1];
}

static guint
cell_of (const Search *search, guint i, guint byte)
{
  guint cell = (search->trace->events[i].obj - 1) * MAX_BYTES + byte;
  g_assert_cmpuint (cell, <, MAX_CELLS);
  return cell;
}

static gboolean
is_lock_free (const Search *search, const State *state, guint acquire)
{
  const SmallTrace *trace = search->trace;
  LsObjectKind kind = small_trace_get_kind (trace, acquire);
  if (kind != LS_OBJECT_MUTEX && kind != LS_OBJECT_RWLOCK)
    return TRUE;
  for (guint i = 0; i < trace->n; i++) {
    const LsLineEvent *hold = &trace->events[i];
    if (i == acquire || hold->ev != LS_EV_ACQUIRE || hold->obj != trace->events[acquire].obj ||
        !has_run (search, state, i))
      continue;
    gboolean is_over = FALSE; /* its release is the thread's next one of that lock */
    for (guint j = i + 1; j < trace->n && !is_over; j++)
      if (trace->events[j].tid == hold->tid && trace->events[j].obj == hold->obj &&
          trace->events[j].ev == LS_EV_RELEASE) {
        is_over = has_run (search, state, j);
        break;
      }
    gboolean both_shared =
      hold->mode == LS_MODE_SHARED && trace->events[acquire].mode == LS_MODE_SHARED;
    if (!is_over && !both_shared)
      return FALSE;
  }
  return TRUE;
}

/* Whether all that event k needs has run; what it reads is looked at only when it runs itself. */
static gboolean
is_enabled (const Search *search, const State *state, guint k)
{
  for (guint i = 0; i < search->trace->n; i++)
    if (search->hard[i][k] && !has_run (search, state, i))
      return FALSE;
  return search->trace->events[k].ev != LS_EV_ACQUIRE || is_lock_free (search, state, k);
}

static gboolean
run (const Search *search, State *state, guint k)
{
  int flags = flags_of (search->trace, k);
  for (guint byte = 0; is_access (search->trace, k) && byte < MAX_BYTES; byte++) {
    if (!touches (search->trace, k, byte))
      continue;
    guint8 *last = &state->last[cell_of (search, k, byte)];
    if ((flags & LS_EV_READS) && search->saw[k][byte] != 255 && search->saw[k][byte] != *last)
      return FALSE;
    if (flags & LS_EV_WRITES)
      *last = (guint8) (k + 1);
  }
  state->at[search->trace->events[k].tid - 1]++;
  return TRUE;
}

static void
visit (Search *search, const State *state)
{
  int next[MAX_THREADS];
  for (guint t = 0; t < MAX_THREADS; t++) {
    next[t] = state->at[t] < search->n_of[t] ? search->events[t][state->at[t]] : -1;
    if (next[t] >= 0 && !is_enabled (search, state, (guint) next[t]))
      next[t] = -1;
  }
  for (guint t = 0; t < MAX_THREADS; t++) {
    if (next[t] < 0)
      continue;
    for (guint u = 0; u < t; u++)
      if (next[u] >= 0 && oracle_conflicts (search->trace, (guint) next[t], (guint) next[u]))
        pairs_add (search->races, (guint) MIN (next[t], next[u]), (guint) MAX (next[t], next[u]));
    State after = *state;
    if (run (search, &after, (guint) next[t]) && !g_hash_table_contains (search->seen, &after)) {
      State *copy = g_memdup2 (&after, sizeof (after));
      g_hash_table_add (search->seen, copy);
      g_queue_push_tail (&search->todo, copy);
    }
  }
}

static void
note_what_reads_saw (Search *search)
{
  const SmallTrace *trace = search->trace;
  memset (search->saw, 255, sizeof (search->saw));
  for (guint k = 0; k < trace->n; k++) {
    if (!is_access (trace, k) || !(flags_of (trace, k) & LS_EV_READS))
      continue;
    for (guint byte = 0; byte < MAX_BYTES; byte++) {
      int last = -1;
      for (guint i = 0; i < k; i++)
        if (is_access (trace, i) && trace->events[i].obj == trace->events[k].obj &&
            (flags_of (trace, i) & LS_EV_WRITES) && touches (trace, i, byte))
          last = (int) i;
      gboolean both_atomic = (flags_of (trace, k) & LS_EV_ATOMIC) && last >= 0 &&
                             (flags_of (trace, (guint) last) & LS_EV_ATOMIC);
      /* An atomic that saw nothing yet may see another atomic's store elsewhere. */
      gboolean free_atomic = (flags_of (trace, k) & LS_EV_ATOMIC) && last < 0;
      if (touches (trace, k, byte) && !both_atomic && !free_atomic)
        search->saw[k][byte] = (guint8) (last + 1);
    }
  }
}

void
oracle_find_races (const SmallTrace *trace, Pairs *races)
{
  Search search = { .trace = trace, .races = races };
  memset (races, 0, sizeof (*races));
  for (guint k = 0; k < trace->n; k++) {
    guint t = trace->events[k].tid - 1;
    g_assert_cmpuint (t, <, MAX_THREADS);
    search.position[k] = (guint8) search.n_of[t];
    search.events[t][search.n_of[t]++] = (guint8) k;
    for (guint i = 0; i < k; i++)
      search.hard[i][k] = is_hard_edge (trace, i, k);
  }
  note_what_reads_saw (&search);
  search.seen = g_hash_table_new_full (state_hash, state_equal, g_free, NULL);
  State *first = g_new0 (State, 1);
  g_hash_table_add (search.seen, first);
  g_queue_push_tail (&search.todo, first);
  while (search.todo.length > 0)
    visit (&search, g_queue_pop_head (&search.todo));
  g_hash_table_unref (search.seen);
}
