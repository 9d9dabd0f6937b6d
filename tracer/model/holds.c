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
  LsOpenHold *below;       /* an older one of the same thread and object: a semaphore's */
  LsOpenHold *prev, *next; /* of the object, by age */
};

typedef struct {
  LsOpenHold *oldest, *newest; /* who holds it */
} ObjectWalk;

typedef struct {
  LsWalk *walk;
  LsTrace *trace;
  ObjectWalk *objects;
  /* The newest open hold by thread and object. A table, not a list per thread: a trace in which a
   * thread takes a million locks and gives none back must open as fast as any. */
  LsPairs table;
  LsOpenHold *spare; /* by `next`: to be used again */
} HoldWalk;

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
find_hold (const HoldWalk *walk, uint64_t key)
{
  int64_t *found = ls_pairs_find (&walk->table, key);
  return found ? (LsOpenHold *) (gintptr) *found : NULL;
}

static void
set_hold (HoldWalk *walk, uint64_t key, LsOpenHold *hold)
{
  *ls_pairs_get (&walk->table, key) = (gintptr) hold;
}

static void
end_hold (HoldWalk *walk, LsOpenHold *hold, uint32_t k)
{
  ObjectWalk *object = &walk->objects[(uint32_t) hold->key];
  walk->trace->holds.ends[hold->place] = k;
  *(hold->prev ? &hold->prev->next : &object->oldest) = hold->next;
  *(hold->next ? &hold->next->prev : &object->newest) = hold->prev;
  LsOpenHold *top = find_hold (walk, hold->key);
  if (top != hold) {
    while (top->below != hold)
      top = top->below;
    top->below = hold->below;
  } else if (hold->below) {
    set_hold (walk, hold->key, hold->below);
  } else {
    ls_pairs_remove (&walk->table, hold->key);
  }
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
  set_hold (walk, hold->key, hold);
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
  LsOpenHold *own = find_hold (walk, LS_PAIR (step->thread, step->object));
  if (own && is_reentrant (object->kind, own->mode, step->mode)) {
    set_depth (walk, own, (uint32_t) MIN ((int64_t) own->depth + MAX (step->n, 1), G_MAXUINT32));
    return;
  }
  end_displaced_holds (walk, k, step);
  begin_hold (walk, k, step, find_hold (walk, LS_PAIR (step->thread, step->object)));
}

static void
release (HoldWalk *walk, uint32_t k, const Step *step)
{
  LsTrace *trace = walk->trace;
  const LsObject *object = &trace->objects[step->object];
  bool is_owned = ls_object_rows[object->kind].flags & LS_OBJ_OWNED;
  LsOpenHold *hold = find_hold (walk, LS_PAIR (step->thread, step->object));
  if (hold && hold->mode == LS_MODE_SHARED && trace->shared_releases)
    trace->shared_releases[k / 64] |= (uint64_t) 1 << k % 64;
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
    trace->objects[object].n_acquires++;
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

void
ls_walk_holds (LsWalk *walk)
{
  static const bool counts[64] = {
    [LS_EV_ACQUIRE] = true,
    [LS_EV_RELEASE] = true,
    [LS_EV_INIT] = true,
    [LS_EV_DESTROY] = true,
  };
  LsTrace *trace = walk->trace;
  HoldWalk holds = { .walk = walk, .trace = trace };
  holds.objects = g_new0 (ObjectWalk, trace->n_objects + 1);
  ls_pairs_init (&holds.table);
  for (uint32_t k = 0; k < trace->columns.n; k++) {
    LsOp op = trace->columns.ops[k];
    if (counts[LS_OP_KIND (op)])
      walk_event (&holds, k, op);
  }
  for (uint32_t i = 0; i <= trace->n_objects; i++) {
    LsOpenHold *next, *hold = i < trace->n_objects ? holds.objects[i].oldest : holds.spare;
    for (; hold; hold = next) {
      next = hold->next;
      g_free (hold);
    }
  }
  ls_pairs_clear (&holds.table);
  g_free (holds.objects);
}
