/* SPDX-License-Identifier: MIT */
/* All correct reorderings of a small trace, by trying them; see oracle.h. */
#include <string.h>

#include "oracle.h"

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
  int flags = oracle_flags (search->trace, k);
  for (guint byte = 0; oracle_is_access (search->trace, k) && byte < MAX_BYTES; byte++) {
    if (!oracle_touches (search->trace, k, byte))
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
    if (!oracle_is_access (trace, k) || !(oracle_flags (trace, k) & LS_EV_READS))
      continue;
    for (guint byte = 0; byte < MAX_BYTES; byte++) {
      int last = -1;
      for (guint i = 0; i < k; i++)
        if (oracle_is_access (trace, i) && trace->events[i].obj == trace->events[k].obj &&
            (oracle_flags (trace, i) & LS_EV_WRITES) && oracle_touches (trace, i, byte))
          last = (int) i;
      gboolean both_atomic = (oracle_flags (trace, k) & LS_EV_ATOMIC) && last >= 0 &&
                             (oracle_flags (trace, (guint) last) & LS_EV_ATOMIC);
      /* An atomic that saw nothing yet may see another atomic's store elsewhere. */
      gboolean free_atomic = (oracle_flags (trace, k) & LS_EV_ATOMIC) && last < 0;
      if (oracle_touches (trace, k, byte) && !both_atomic && !free_atomic)
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
      search.hard[i][k] = oracle_is_hard_edge (trace, i, k);
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
