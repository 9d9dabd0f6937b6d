/* SPDX-License-Identifier: MIT */
/* Who holds what from when to when, out of acquires and releases. */
#include "pairs.h"
#include "walk.h"

/* A lock that a thread holds, or units of a semaphore that it got by one acquire. */
typedef struct _LsOpenHold LsOpenHold;

struct _LsOpenHold {
  uint64_t key;   /* thread and object: what the table finds it by */
  uint32_t place; /* in the trace's holds, before they are closed up */
  uint32_t depth; /* times, or units, still to be given back */
  uint32_t at;    /* in the trace's depths; LS_NONE while it is 1 */
  LsMode mode;
  uint8_t row;
  LsOpenHold *below;       /* an older one of the same thread and object: a semaphore's */
  LsOpenHold *prev, *next; /* of the object, by age */
};

typedef struct {
  LsOpenHold *oldest, *newest; /* who holds it */
  uint32_t n, n_acquires;
  bool is_crowded; /* its holds are in the table */
} ObjectWalk;

/* Which of a thread's rows are busy, a bit each; the last one is shared. */
typedef struct {
  uint64_t first;
  uint64_t *others; /* of N_OTHERS words; NULL until needed */
  uint16_t n;       /* in use at most */
} Rows;

#define LAST_ROW 255
#define N_OTHERS (LAST_ROW / 64)

/* What is counted is not counted in the trace itself: another pass, on another core, would keep taking
 * the cache lines away. */
typedef struct {
  LsWalk *walk;
  LsTrace *trace;
  ObjectWalk *objects;
  Rows *rows; /* by thread */
  /* The newest open hold by thread and object, of objects that many hold at once. A table, not a list
   * per thread: a trace in which a thread takes a million units and gives none back must open as fast
   * as any. */
  LsPairs table;
  LsOpenHold *spare; /* by `next`: to be used again */
} HoldWalk;

/* So many holds are looked through. */
#define CROWD 8

/* An event, as far as holds go. */
typedef struct {
  uint32_t thread, object;
  LsMode mode;
  int64_t n;
  bool has_err;
} Step;

static uint32_t
thread_of (const LsOpenHold *hold)
{
  return (uint32_t) (hold->key >> 32);
}

static LsOpenHold *
find_hold (const HoldWalk *walk, uint32_t thread, uint32_t object)
{
  uint64_t key = LS_PAIR (thread, object);
  if (walk->objects[object].is_crowded) {
    int64_t *found = ls_pairs_find (&walk->table, key);
    return found ? (LsOpenHold *) (gintptr) *found : NULL;
  }
  LsOpenHold *hold = walk->objects[object].newest;
  while (hold && hold->key != key)
    hold = hold->prev;
  return hold;
}

static void
set_hold (HoldWalk *walk, LsOpenHold *hold)
{
  *ls_pairs_get (&walk->table, hold->key) = (gintptr) hold;
}

/* -- Rows -- */

/* The lowest that is free; the last when none is. */
static uint8_t
take_row (Rows *rows)
{
  if (G_LIKELY (~rows->first)) {
    int row = __builtin_ctzll (~rows->first);
    rows->first |= (uint64_t) 1 << row;
    return (uint8_t) row;
  }
  if (!rows->others)
    rows->others = g_new0 (uint64_t, N_OTHERS);
  for (int row = 64; row < LAST_ROW; row++) {
    uint64_t *word = &rows->others[row / 64 - 1], bit = (uint64_t) 1 << row % 64;
    if (*word & bit)
      continue;
    *word |= bit;
    return (uint8_t) row;
  }
  return LAST_ROW;
}

static void
free_row (Rows *rows, uint8_t row)
{
  if (row < 64)
    rows->first &= ~((uint64_t) 1 << row);
  else if (row < LAST_ROW)
    rows->others[row / 64 - 1] &= ~((uint64_t) 1 << row % 64);
}

/* Lists the hold among its thread's. */
static void
list_hold (HoldWalk *walk, LsOpenHold *hold)
{
  uint32_t thread = thread_of (hold);
  LsSpanLists *lists = &walk->trace->thread_holds;
  Rows *rows = &walk->rows[thread];
  uint32_t at = lists->offset[thread] + walk->walk->listed[thread]++;
  hold->row = take_row (rows);
  rows->n = MAX (rows->n, hold->row + 1);
  lists->numbers[at] = hold->place;
  lists->rows[at] = hold->row;
}

/* -- Begin and end -- */

/* The hold that was above it, if any, is above those below it. */
static void
take_out_hold (HoldWalk *walk, const LsOpenHold *hold)
{
  bool is_crowded = walk->objects[(uint32_t) hold->key].is_crowded;
  LsOpenHold *top = find_hold (walk, thread_of (hold), (uint32_t) hold->key);
  if (top != hold) {
    while (top->below != hold)
      top = top->below;
    top->below = hold->below;
  } else if (is_crowded && hold->below) {
    set_hold (walk, hold->below);
  } else if (is_crowded) {
    ls_pairs_remove (&walk->table, hold->key);
  }
}

static void
end_hold (HoldWalk *walk, LsOpenHold *hold, uint32_t k)
{
  ObjectWalk *object = &walk->objects[(uint32_t) hold->key];
  walk->trace->holds.ends[hold->place] = k;
  free_row (&walk->rows[thread_of (hold)], hold->row);
  if (object->n > 1)
    take_out_hold (walk, hold);
  else if (object->is_crowded)
    ls_pairs_remove (&walk->table, hold->key);
  *(hold->prev ? &hold->prev->next : &object->oldest) = hold->next;
  *(hold->next ? &hold->next->prev : &object->newest) = hold->prev;
  object->n--;
  hold->next = walk->spare;
  walk->spare = hold;
}

/* Keeps how deep it was at most. */
static void
set_depth (HoldWalk *walk, LsOpenHold *hold, uint32_t depth)
{
  GArray *depths = walk->trace->depths;
  hold->depth = depth;
  if (depth > 1 && hold->at == LS_NONE) {
    LsDepth deep = { hold->place, depth };
    hold->at = depths->len;
    g_array_append_val (depths, deep);
  } else if (depth > 1) {
    LsDepth *deep = &g_array_index (depths, LsDepth, hold->at);
    deep->depth = MAX (deep->depth, depth);
  }
}

/* Puts the object's newest hold into the table, or all when they have become many. */
static void
add_to_table (HoldWalk *walk, ObjectWalk *object)
{
  object->n++;
  if (object->is_crowded) {
    set_hold (walk, object->newest);
  } else if (object->n > CROWD) {
    object->is_crowded = true;
    for (LsOpenHold *hold = object->oldest; hold; hold = hold->next)
      set_hold (walk, hold);
  }
}

static void
begin_hold (HoldWalk *walk, uint32_t k, const Step *step, LsOpenHold *below)
{
  LsSpans *holds = &walk->trace->holds;
  ObjectWalk *object = &walk->objects[step->object];
  LsOpenHold *hold = walk->spare;
  if (hold)
    walk->spare = hold->next;
  else
    hold = g_new (LsOpenHold, 1);
  *hold = (LsOpenHold){
    .key = LS_PAIR (step->thread, step->object),
    .place = holds->offset[step->object] + walk->walk->n[step->object]++,
    .at = LS_NONE,
    .mode = step->mode,
    .below = below,
    .prev = object->newest,
  };
  holds->begins[hold->place] = k;
  holds->ends[hold->place] = LS_NONE;
  set_depth (walk, hold, (uint32_t) CLAMP (step->n, 1, G_MAXUINT32));
  *(object->newest ? &object->newest->next : &object->oldest) = hold;
  object->newest = hold;
  list_hold (walk, hold);
  add_to_table (walk, object);
}

/* -- Acquire and release -- */

/* Whether a thread that holds it may acquire it once more as one hold, now deeper. */
static bool
is_reentrant (LsObjectKind kind, LsMode held, LsMode wanted)
{
  if (kind == LS_OBJECT_RWLOCK)
    return held == LS_MODE_SHARED && wanted == LS_MODE_SHARED;
  return kind == LS_OBJECT_RECURSIVE || kind == LS_OBJECT_UNKNOWN;
}

/* Ends the holds that cannot last past the acquire of event k: their releases are missing, their
 * owner died with them (EOWNERDEAD), or the trace contradicts itself. */
static void
end_displaced_holds (HoldWalk *walk, uint32_t k, const Step *step)
{
  const LsTrace *trace = walk->trace;
  const LsObject *object = &trace->objects[step->object];
  const char *name = trace->threads[step->thread].name;
  LsOpenHold *hold;
  if (object->kind == LS_OBJECT_UNKNOWN || object->kind == LS_OBJECT_SEMAPHORE)
    return;
  while ((hold = walk->objects[step->object].oldest)) {
    /* Either all holds are shared, or there is one alone. */
    if (step->mode == LS_MODE_SHARED && hold->mode == LS_MODE_SHARED)
      return;
    if (thread_of (hold) == step->thread)
      ls_complain (trace, &walk->walk->complaints, k, "%s acquires %s, which it holds", name,
                   object->name);
    else if (!step->has_err)
      ls_complain (trace, &walk->walk->complaints, k, "%s acquires %s, which %s holds", name,
                   object->name, trace->threads[thread_of (hold)].name);
    end_hold (walk, hold, k);
  }
}

static void
acquire (HoldWalk *walk, uint32_t k, const Step *step)
{
  const LsObject *object = &walk->trace->objects[step->object];
  if (object->kind == LS_OBJECT_SEMAPHORE && object->is_gate)
    return; /* its units are nobody's: only the count is shown */
  LsOpenHold *own = find_hold (walk, step->thread, step->object);
  if (own && is_reentrant (object->kind, own->mode, step->mode)) {
    set_depth (walk, own, (uint32_t) MIN ((int64_t) own->depth + MAX (step->n, 1), G_MAXUINT32));
    return;
  }
  end_displaced_holds (walk, k, step);
  begin_hold (walk, k, step, find_hold (walk, step->thread, step->object));
}

static void
release (HoldWalk *walk, uint32_t k, const Step *step)
{
  LsTrace *trace = walk->trace;
  const LsObject *object = &trace->objects[step->object];
  bool is_owned = ls_object_rows[object->kind].flags & LS_OBJ_OWNED;
  LsOpenHold *hold = find_hold (walk, step->thread, step->object);
  if (hold && hold->mode == LS_MODE_SHARED && trace->shared_releases) {
    trace->shared_releases[k / 64] |= (uint64_t) 1 << k % 64;
    trace->object_lanes[step->object].is_shared = true;
  }
  if (!hold && !is_owned)
    hold = walk->objects[step->object].oldest;
  if (!hold && is_owned)
    ls_complain (trace, &walk->walk->complaints, k, "%s releases %s, which it does not hold",
                 trace->threads[step->thread].name, object->name);
  for (int64_t left = MAX (step->n, 1); hold && left > 0;) {
    uint32_t units = (uint32_t) MIN (left, (int64_t) hold->depth);
    left -= units;
    hold->depth -= units;
    if (hold->depth > 0)
      return;
    LsOpenHold *below = hold->below;
    end_hold (walk, hold, k);
    hold = below;
  }
}

int64_t
ls_trace_get_units (const LsTrace *trace, uint32_t k)
{
  LsRare rare;
  return ls_columns_get_rare (&trace->columns, k, &rare) && rare.has_n ? rare.n : 1;
}

static void
walk_event (HoldWalk *walk, uint32_t k, LsOp op)
{
  LsTrace *trace = walk->trace;
  uint32_t object = ls_index_get (&trace->columns.targets, k);
  if (object == LS_NONE)
    return;
  Step step = { .object = object, .mode = LS_OP_MODE (op), .n = 1 };
  if (op & LS_OP_RARE) {
    LsRare rare;
    ls_columns_get_rare (&trace->columns, k, &rare);
    step.has_err = rare.err != LS_NONE;
    step.n = rare.has_n ? rare.n : 1;
    if (step.has_err && ls_trace_event_failed (trace, k))
      return;
  }
  step.thread = ls_columns_get_thread (&trace->columns, k);
  switch ((int) LS_OP_KIND (op)) {
  case LS_EV_ACQUIRE:
    walk->objects[object].n_acquires++;
    acquire (walk, k, &step);
    break;
  case LS_EV_RELEASE:
    release (walk, k, &step);
    break;
  default: /* The newest first: it is on top of those of its thread. */
    while (walk->objects[object].newest)
      end_hold (walk, walk->objects[object].newest, k);
    break;
  }
}

static void
clear_walk (HoldWalk *walk)
{
  for (uint32_t i = 0; i <= walk->trace->n_objects; i++) {
    LsOpenHold *next, *hold = i < walk->trace->n_objects ? walk->objects[i].oldest : walk->spare;
    for (; hold; hold = next) {
      next = hold->next;
      g_free (hold);
    }
  }
  for (uint32_t i = 0; i < walk->trace->n_threads; i++)
    g_free (walk->rows[i].others);
  ls_pairs_clear (&walk->table);
  g_free (walk->objects);
  g_free (walk->rows);
}

void
ls_walk_holds (LsWalk *walk)
{
  LsTrace *trace = walk->trace;
  HoldWalk holds = { .walk = walk, .trace = trace };
  LsKindScan scan = { .kinds = LS_KIND_BIT (LS_EV_ACQUIRE) | LS_KIND_BIT (LS_EV_RELEASE) |
                               LS_KIND_BIT (LS_EV_INIT) | LS_KIND_BIT (LS_EV_DESTROY) };
  holds.objects = g_new0 (ObjectWalk, trace->n_objects + 1);
  holds.rows = g_new0 (Rows, trace->n_threads + 1);
  ls_pairs_init (&holds.table);
  for (uint32_t k; ls_trace_scan_next (trace, &scan, &k);)
    walk_event (&holds, k, trace->columns.ops[k]);
  for (uint32_t i = 0; i < trace->n_objects; i++)
    trace->objects[i].n_acquires = holds.objects[i].n_acquires;
  for (uint32_t i = 0; i < trace->n_threads; i++)
    trace->thread_lanes[i].n_hold_rows = holds.rows[i].n;
  clear_walk (&holds);
}
