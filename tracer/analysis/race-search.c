/* SPDX-License-Identifier: MIT */
/**
 * Racing accesses.
 *
 * Each part of a value keeps the accesses that a later one may race with. An access takes the place
 * of one that it is known to follow and that conflicts with nothing it does not conflict with
 * itself: whatever races with the older then races with the newer. Read and write epochs of
 * FastTrack are the case of one entry each; here a racy write does not forget the other's, so that
 * every access that is the second of a race is found.
 */
#include <string.h>

#include "order.h"
#include "parts.h"
#include "race-search.h"

#define EVENTS_PER_LOOK 65536 /* between looks at progress and cancellation */

enum {
  PLAIN_READ = 1 << 0,
  PLAIN_WRITE = 1 << 1,
  ATOMIC_READ = 1 << 2,
  ATOMIC_WRITE = 1 << 3,
};

/* With what an access conflicts: any write with any access, but atomics never with each other. */
static const uint8_t conflicts[] = {
  [PLAIN_READ] = PLAIN_WRITE | ATOMIC_WRITE,
  [PLAIN_WRITE] = PLAIN_READ | PLAIN_WRITE | ATOMIC_READ | ATOMIC_WRITE,
  [ATOMIC_READ] = PLAIN_WRITE,
  [ATOMIC_WRITE] = PLAIN_READ | PLAIN_WRITE,
};

typedef struct {
  uint32_t slot, own; /* its epoch */
  uint32_t event;
  uint32_t kind;
} Access;

typedef struct {
  LsStamp last_write;
  bool last_is_atomic;
  uint32_t n, n_allocated;
  Access *many; /* once there were more than fit into `few` */
  Access few[2];
} Part;

typedef struct {
  const LsTrace *trace;
  LsRaceOrder order;
  LsRaceFunc func;
  gpointer user_data;
  LsOrderWalk *walk;
  LsParts *values; /* by object */
  LsStamp *coarse; /* by object: of a value cut too finely; NULL until there is one */
} Search;

static gpointer
part_create (void)
{
  Part *part = g_new0 (Part, 1);
  part->n_allocated = G_N_ELEMENTS (part->few);
  return part;
}

static gpointer
part_copy (gconstpointer state)
{
  const Part *part = state;
  Part *copy = g_memdup2 (part, sizeof (*part));
  copy->last_write = ls_stamp_copy (&part->last_write);
  copy->many = part->many ? g_memdup2 (part->many, part->n_allocated * sizeof (Access)) : NULL;
  return copy;
}

static void
part_destroy (gpointer state)
{
  Part *part = state;
  ls_stamp_clear (&part->last_write);
  g_free (part->many);
  g_free (part);
}

static const LsPartClass part_class = { part_create, part_copy, part_destroy };

static uint32_t
get_access_kind (LsEventKind ev)
{
  guint flags = ls_event_rows[ev].flags;
  bool atomic = flags & LS_EV_ATOMIC;
  if (flags & LS_EV_WRITES)
    return atomic ? ATOMIC_WRITE : PLAIN_WRITE;
  return atomic ? ATOMIC_READ : PLAIN_READ;
}

static void
find_races_in_part (const Search *search, const Part *part, const LsClock *clock, Access now)
{
  const Access *accesses = part->many ? part->many : part->few;
  for (uint32_t i = 0; i < part->n; i++)
    if ((conflicts[now.kind] & accesses[i].kind) &&
        ls_clock_get (clock, accesses[i].slot) < accesses[i].own)
      search->func (accesses[i].event, now.event, search->user_data);
}

static void
record_access (Part *part, const LsClock *clock, Access now)
{
  Access *accesses = part->many ? part->many : part->few;
  uint32_t n = 0;
  for (uint32_t i = 0; i < part->n; i++) {
    bool is_known = ls_clock_get (clock, accesses[i].slot) >= accesses[i].own;
    bool is_covered = !(conflicts[accesses[i].kind] & ~conflicts[now.kind]);
    if (!is_known || !is_covered)
      accesses[n++] = accesses[i];
  }
  if (n == part->n_allocated) {
    part->n_allocated *= 2;
    part->many = g_renew (Access, part->many, part->n_allocated);
    if (accesses == part->few)
      memcpy (part->many, part->few, sizeof (part->few));
    accesses = part->many;
  }
  accesses[n] = now;
  part->n = n + 1;
}

/* A value that is no longer followed: every access is ordered after those before it, which hides
 * races and makes none up. */
static void
follow_coarsely (Search *search, const LsEvent *event, LsClock *clock)
{
  if (!search->coarse)
    search->coarse = g_new0 (LsStamp, ls_trace_get_n_objects (search->trace));
  ls_clock_join (clock, &search->coarse[event->object]);
  ls_clock_add_to_stamp (clock, &search->coarse[event->object]);
}

static void
take_access (Search *search, uint32_t k, const LsEvent *event, LsClock *clock)
{
  uint64_t lo, hi;
  uint32_t n;
  ls_parts_get_range (search->trace, event, &lo, &hi);
  LsParts *value = &search->values[event->object];
  LsPart *parts = ls_parts_cut (value, &part_class, lo, hi, &n);
  if (!parts) {
    follow_coarsely (search, event, clock);
    return;
  }
  guint flags = ls_event_rows[event->ev].flags;
  bool is_shb = search->order == LS_RACE_SHB;
  Access now = { .event = k, .kind = get_access_kind (event->ev) };
  /* All checks before any edge from the writes that it saw: the pair of a write and the read that
   * saw it races too. */
  for (uint32_t i = 0; i < n; i++)
    find_races_in_part (search, parts[i].state, clock, now);
  for (uint32_t i = 0; is_shb && (flags & LS_EV_READS) && i < n; i++) {
    /* What orders two atomics is their memory order alone: that a relaxed load saw a store is no
     * reason for what stands around the two to be safe. */
    const Part *part = parts[i].state;
    if (!part->last_is_atomic || !(flags & LS_EV_ATOMIC))
      ls_clock_join (clock, &part->last_write);
  }
  now.slot = clock->slot;
  now.own = clock->at[clock->slot];
  LsStamp stamp = LS_STAMP_EMPTY;
  if (is_shb && (flags & LS_EV_WRITES))
    ls_clock_stamp (clock, &stamp);
  for (uint32_t i = 0; i < n; i++) {
    Part *part = parts[i].state;
    record_access (part, clock, now);
    if (stamp.snap) {
      LsStamp copy = ls_stamp_copy (&stamp);
      ls_stamp_clear (&part->last_write);
      part->last_write = copy;
      part->last_is_atomic = flags & LS_EV_ATOMIC;
    }
  }
  ls_stamp_clear (&stamp);
}

static void
take_event (Search *search, uint32_t k)
{
  LsEvent event;
  ls_trace_get_event (search->trace, k, &event);
  LsClock *clock = ls_order_walk_enter (search->walk, k, &event);
  if (event.object == LS_NONE)
    return;
  if (ls_event_rows[event.ev].flags & (LS_EV_READS | LS_EV_WRITES)) {
    take_access (search, k, &event, clock);
    ls_order_walk_leave (search->walk, &event);
  } else if (event.ev == LS_EV_DESTROY && !event.err) {
    ls_parts_clear (&search->values[event.object], &part_class);
  }
}

bool
ls_trace_find_races (const LsTrace *trace,
                     LsRaceOrder order,
                     LsRaceFunc func,
                     gpointer user_data,
                     LsProgressFunc progress,
                     gpointer progress_data,
                     GCancellable *cancellable)
{
  uint32_t n = ls_trace_get_n_events (trace), n_objects = ls_trace_get_n_objects (trace);
  Search search = { .trace = trace, .order = order, .func = func, .user_data = user_data };
  search.walk = ls_order_walk_new (trace);
  search.values = g_new0 (LsParts, n_objects + 1);
  bool is_done = true;
  for (uint32_t k = 0; k < n && is_done; k++) {
    if (k % EVENTS_PER_LOOK == 0) {
      is_done = !g_cancellable_is_cancelled (cancellable);
      if (progress)
        progress ((double) k / n, progress_data);
    }
    take_event (&search, k);
  }
  for (uint32_t i = 0; i < n_objects; i++) {
    ls_parts_clear (&search.values[i], &part_class);
    if (search.coarse)
      ls_stamp_clear (&search.coarse[i]);
  }
  g_free (search.values);
  g_free (search.coarse);
  ls_order_walk_free (search.walk);
  return is_done;
}
