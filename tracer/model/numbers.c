/* SPDX-License-Identifier: MIT */
/**
 * The numbers that a value, a semaphore's count or a counter takes: least, greatest, last.
 *
 * They are kept as well as told by their events, in the fewest bytes that hold all of a lane, so that
 * those in a column lie in a row; and of each block, and each node of them, the extremes.
 */
#include <math.h>
#include <string.h>

#include "ladder.h"

#define NUMBERS_A_BLOCK 32

/* Of a node. */
typedef struct {
  double min, max, last;
} Extremes;

struct _LsNumbers {
  uint32_t n;
  const uint32_t *events;
  uint32_t *own_events; /* NULL: `events` is the trace's */
  guint bytes;          /* of each of the packed: 1, 2, 4 of integers, 8 of doubles */
  void *packed;
  LsLadder ladder;
  Extremes *extremes[LS_LADDER_LEVELS];
};

/* -- Making -- */

/* The number that an access or a `count` tells. */
static bool
find_number (const LsTrace *trace, uint32_t k, double *number)
{
  LsValue value;
  if (ls_columns_get_kind (&trace->columns, k) == LS_EV_COUNT) {
    LsEvent event;
    ls_trace_get_event (trace, k, &event);
    value = event.val;
  } else if (!ls_trace_get_told_value (trace, k, &value)) {
    return false;
  }
  return ls_value_to_double (&value, number) && isfinite (*number);
}

static inline double
get_number (const LsNumbers *numbers, uint32_t i)
{
  switch (numbers->bytes) {
  case 1:
    return ((const int8_t *) numbers->packed)[i];
  case 2:
    return ((const int16_t *) numbers->packed)[i];
  case 4:
    return ((const int32_t *) numbers->packed)[i];
  default:
    return ((const double *) numbers->packed)[i];
  }
}

static guint
get_bytes (double number)
{
  if (number != floor (number) || fabs (number) > G_MAXINT32)
    return 8;
  return fabs (number) <= G_MAXINT8 ? 1 : fabs (number) <= G_MAXINT16 ? 2 : 4;
}

static void
pack (LsNumbers *numbers, const double *all)
{
  numbers->bytes = 1;
  for (uint32_t i = 0; i < numbers->n && numbers->bytes < 8; i++)
    numbers->bytes = MAX (numbers->bytes, get_bytes (all[i]));
  numbers->packed = g_malloc_n (numbers->n, numbers->bytes);
  for (uint32_t i = 0; i < numbers->n; i++)
    switch (numbers->bytes) {
    case 1:
      ((int8_t *) numbers->packed)[i] = (int8_t) all[i];
      break;
    case 2:
      ((int16_t *) numbers->packed)[i] = (int16_t) all[i];
      break;
    case 4:
      ((int32_t *) numbers->packed)[i] = (int32_t) all[i];
      break;
    default:
      ((double *) numbers->packed)[i] = all[i];
      break;
    }
}

static inline Extremes
join (Extremes a, Extremes b)
{
  return (Extremes){ MIN (a.min, b.min), MAX (a.max, b.max), b.last };
}

static void
build_extremes (LsNumbers *numbers, const double *all)
{
  uint32_t n = numbers->ladder.n;
  Extremes *nodes = numbers->extremes[0] = g_new (Extremes, n);
  for (uint32_t i = 0; i < n; i++) {
    uint32_t begin = i * NUMBERS_A_BLOCK, end = MIN (begin + NUMBERS_A_BLOCK, numbers->n);
    nodes[i] = (Extremes){ all[begin], all[begin], all[begin] };
    for (uint32_t j = begin + 1; j < end; j++)
      nodes[i] = join (nodes[i], (Extremes){ all[j], all[j], all[j] });
  }
  for (guint level = 1; level < numbers->ladder.n_levels; level++) {
    const Extremes *below = nodes;
    uint32_t n_below = n;
    n = ls_ladder_count (&numbers->ladder, level);
    nodes = numbers->extremes[level] = g_new (Extremes, n);
    for (uint32_t i = 0; i < n_below; i++) {
      Extremes *node = &nodes[i >> LS_LADDER_BITS];
      *node = i % LS_LADDER_FAN ? join (*node, below[i]) : below[i];
    }
  }
}

/* Takes the list of events when it is not the trace's. */
static LsNumbers *
new_numbers (const LsTrace *trace,
             const uint32_t *events,
             uint32_t *own_events,
             const double *all,
             uint32_t n)
{
  LsNumbers *numbers = g_new0 (LsNumbers, 1);
  numbers->n = n;
  numbers->events = own_events ? own_events : events;
  numbers->own_events = own_events;
  uint32_t n_blocks = (n - 1) / NUMBERS_A_BLOCK + 1;
  int64_t *begins = g_new (int64_t, n_blocks + (gsize) 1);
  for (uint32_t i = 0; i < n_blocks; i++)
    begins[i] = ls_columns_get_ts (&trace->columns, numbers->events[i * NUMBERS_A_BLOCK]);
  ls_ladder_init (&numbers->ladder, begins, n_blocks);
  pack (numbers, all);
  build_extremes (numbers, all);
  return numbers;
}

LsNumbers *
ls_numbers_new_of_events (const LsTrace *trace, const uint32_t *events, uint32_t n)
{
  g_autofree double *all = g_new (double, n + (gsize) 1);
  uint32_t n_kept = 0;
  for (uint32_t i = 0; i < n; i++)
    n_kept += find_number (trace, events[i], &all[n_kept]);
  if (n_kept == 0)
    return NULL;
  if (n_kept == n)
    return new_numbers (trace, events, NULL, all, n);
  uint32_t *own_events = g_new (uint32_t, n_kept);
  double number;
  for (uint32_t i = 0, kept = 0; i < n; i++)
    if (find_number (trace, events[i], &number))
      own_events[kept++] = events[i];
  return new_numbers (trace, NULL, own_events, all, n_kept);
}

/* A semaphore's units after the event. */
static bool
count_units (const LsTrace *trace, uint32_t k, double initial, double *count)
{
  LsEvent event;
  ls_trace_get_event (trace, k, &event);
  if (ls_trace_event_failed (trace, k))
    return false;
  if (event.ev == LS_EV_INIT)
    *count = initial;
  else if (event.ev == LS_EV_ACQUIRE)
    *count -= (double) event.n;
  else if (event.ev == LS_EV_RELEASE)
    *count += (double) event.n;
  else
    return false;
  return true;
}

/* An initial count that is not said is taken to be the least that lets the count never be negative. */
static LsNumbers *
new_of_semaphore (const LsTrace *trace, uint32_t object)
{
  uint32_t n, n_kept = 0;
  const uint32_t *events = ls_trace_get_object_events (trace, object, &n);
  int64_t initial = trace->objects[object].initial;
  double count = (double) MAX (initial, 0), least = 0;
  g_autofree uint32_t *kept = g_new (uint32_t, n + (gsize) 1);
  g_autofree double *counts = g_new (double, n + (gsize) 1);
  for (uint32_t i = 0; i < n; i++) {
    if (ls_columns_get_object (&trace->columns, events[i]) != object ||
        !count_units (trace, events[i], (double) MAX (initial, 0), &count))
      continue;
    kept[n_kept] = events[i];
    counts[n_kept++] = count;
    least = fmin (least, count);
  }
  if (n_kept == 0)
    return NULL;
  for (uint32_t i = 0; initial < 0 && i < n_kept; i++)
    counts[i] -= least;
  return new_numbers (trace, NULL, g_renew (uint32_t, g_steal_pointer (&kept), n_kept), counts,
                      n_kept);
}

LsNumbers *
ls_numbers_new_of_object (const LsTrace *trace, uint32_t object)
{
  LsObjectKind kind = trace->objects[object].kind;
  if (kind == LS_OBJECT_SEMAPHORE)
    return new_of_semaphore (trace, object);
  if (kind != LS_OBJECT_VALUE)
    return NULL;
  uint32_t n;
  const uint32_t *events = ls_trace_get_object_events (trace, object, &n);
  return ls_numbers_new_of_events (trace, events, n);
}

void
ls_numbers_free (LsNumbers *numbers)
{
  if (!numbers)
    return;
  ls_ladder_free_rows (&numbers->ladder, (gpointer *) numbers->extremes);
  ls_ladder_clear (&numbers->ladder);
  g_free (numbers->own_events);
  g_free (numbers->packed);
  g_free (numbers);
}

/* -- Asking -- */

static inline void
add_number (LsValueMix *mix, double min, double max)
{
  mix->min = MIN (mix->min, min);
  mix->max = MAX (mix->max, max);
}

#define DEFINE_ADD(name, Type)                                                          \
  static void name (const Type *numbers, uint32_t begin, uint32_t end, LsValueMix *mix) \
  {                                                                                     \
    if (begin >= end)                                                                   \
      return;                                                                           \
    Type min = numbers[begin], max = min;                                               \
    for (uint32_t i = begin + 1; i < end; i++) {                                        \
      min = MIN (min, numbers[i]);                                                      \
      max = MAX (max, numbers[i]);                                                      \
    }                                                                                   \
    add_number (mix, (double) min, (double) max);                                       \
  }

DEFINE_ADD (add_bytes, int8_t)
DEFINE_ADD (add_shorts, int16_t)
DEFINE_ADD (add_ints, int32_t)
DEFINE_ADD (add_doubles, double)

static void
add_each (const LsNumbers *numbers, uint32_t begin, uint32_t end, LsValueMix *mix)
{
  switch (numbers->bytes) {
  case 1:
    add_bytes (numbers->packed, begin, end, mix);
    break;
  case 2:
    add_shorts (numbers->packed, begin, end, mix);
    break;
  case 4:
    add_ints (numbers->packed, begin, end, mix);
    break;
  default:
    add_doubles (numbers->packed, begin, end, mix);
    break;
  }
}

/* Each that no whole node above holds, then the same of the nodes. */
static void
add_range (const LsNumbers *numbers, uint32_t begin, uint32_t end, LsValueMix *mix)
{
  const LsLadder *ladder = &numbers->ladder;
  uint32_t first = (begin + NUMBERS_A_BLOCK - 1) / NUMBERS_A_BLOCK, last = end / NUMBERS_A_BLOCK;
  if (first >= last) {
    add_each (numbers, begin, end, mix);
    return;
  }
  add_each (numbers, begin, first * NUMBERS_A_BLOCK, mix);
  add_each (numbers, last * NUMBERS_A_BLOCK, end, mix);
  for (guint level = 0; first < last; level++) {
    const Extremes *nodes = numbers->extremes[level];
    bool is_top = level + 1 == ladder->n_levels;
    for (; first < last && (is_top || first % LS_LADDER_FAN); first++)
      add_number (mix, nodes[first].min, nodes[first].max);
    for (; first < last && last % LS_LADDER_FAN; last--)
      add_number (mix, nodes[last - 1].min, nodes[last - 1].max);
    first >>= LS_LADDER_BITS;
    last >>= LS_LADDER_BITS;
  }
}

/* What comes before an edge: how many, and the last of them. */
typedef struct {
  uint32_t n;
  double last;
} Before;

/* Numbers of a node that are taken to come evenly are all taken to come behind the edge. */
static Before
find_edge (const LsNumbers *numbers, LsClimb *climb, LsCut cut, uint32_t n)
{
  double share;
  bool is_spread = ls_climb_to (climb, &cut, &share);
  uint32_t begin = ls_ladder_get_block (climb->ladder, climb->level, climb->node) * NUMBERS_A_BLOCK;
  uint32_t end = MIN (begin + NUMBERS_A_BLOCK, numbers->n);
  if (is_spread)
    return (Before){ begin,
                     climb->node ? numbers->extremes[climb->level][climb->node - 1].last : 0 };
  for (n = MAX (n, begin); n < end && numbers->events[n] < cut.event; n++)
    ;
  return (Before){ n, n > 0 ? get_number (numbers, n - 1) : 0 };
}

void
ls_numbers_sum (const LsNumbers *numbers, const LsGrid *grid, LsValueMix *mixes)
{
  if (!numbers) {
    memset (mixes, 0, grid->n_columns * sizeof *mixes);
    return;
  }
  LsClimb climb = LS_CLIMB (&numbers->ladder);
  uint32_t begin = find_edge (numbers, &climb, ls_grid_get_cut (grid, 0), 0).n;
  for (uint32_t i = 0; i < grid->n_columns; i++) {
    Before end = find_edge (numbers, &climb, ls_grid_get_cut (grid, i + 1), begin);
    if (end.n > begin) {
      mixes[i] = (LsValueMix){ INFINITY, -INFINITY, end.last, end.n - begin };
      add_range (numbers, begin, end.n, &mixes[i]);
    } else {
      mixes[i] = (LsValueMix){ 0 };
    }
    begin = end.n;
  }
}

bool
ls_numbers_get (const LsNumbers *numbers, uint32_t k, double *number)
{
  if (!numbers || k == LS_NONE)
    return false;
  uint32_t i = ls_events_lower_bound (numbers->events, numbers->n, k + 1);
  if (i == 0)
    return false;
  *number = get_number (numbers, i - 1);
  return true;
}
