/* SPDX-License-Identifier: MIT */
/**
 * The numbers that a value, a semaphore's count or a counter takes: least, greatest, last.
 *
 * They are kept as well as told by their events, in the fewest bytes that hold all of a lane, so that
 * those in a column lie in a row; and of each block, and of each so many blocks, the extremes.
 */
#include <math.h>
#include <string.h>

#include "directory.h"
#include "summary.h"

#define FAN 16 /* nodes of a level in one of the next */
#define MAX_LEVELS 8

typedef struct {
  double min, max;
} Extremes;

struct _LsNumbers {
  uint32_t n;
  const uint32_t *events;
  uint32_t *own_events; /* NULL: `events` is the trace's */
  LsDirectory places;   /* of events */
  guint bytes;          /* of each of the packed: 1, 2, 4 of integers, 8 of doubles */
  void *packed;
  guint n_levels; /* level l: of each LS_BLOCK * FAN^l numbers */
  Extremes *levels[MAX_LEVELS];
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

static void
build_extremes (LsNumbers *numbers, const double *all)
{
  uint32_t n = numbers->n / LS_BLOCK;
  if (n == 0)
    return;
  Extremes *nodes = numbers->levels[numbers->n_levels++] = g_new (Extremes, n);
  for (uint32_t i = 0; i < n; i++) {
    Extremes extremes = { INFINITY, -INFINITY };
    for (uint32_t j = i * LS_BLOCK; j < (i + 1) * LS_BLOCK; j++)
      extremes = (Extremes){ MIN (extremes.min, all[j]), MAX (extremes.max, all[j]) };
    nodes[i] = extremes;
  }
  for (n /= FAN; n > 0; n /= FAN) {
    const Extremes *below = nodes;
    nodes = numbers->levels[numbers->n_levels++] = g_new (Extremes, n);
    for (uint32_t i = 0; i < n; i++) {
      nodes[i] = below[i * FAN];
      for (uint32_t j = i * FAN + 1; j < (i + 1) * FAN; j++)
        nodes[i] = (Extremes){ MIN (nodes[i].min, below[j].min), MAX (nodes[i].max, below[j].max) };
    }
  }
}

/* Takes the list of events when it is not the trace's. */
static LsNumbers *
new_numbers (const uint32_t *events, uint32_t *own_events, const double *all, uint32_t n)
{
  LsNumbers *numbers = g_new0 (LsNumbers, 1);
  numbers->n = n;
  numbers->events = own_events ? own_events : events;
  numbers->own_events = own_events;
  ls_directory_init (&numbers->places, n, numbers->events[n - 1]);
  for (uint32_t i = 0; i < n; i++)
    ls_directory_add (&numbers->places, i, numbers->events[i]);
  ls_directory_seal (&numbers->places, n);
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
    return new_numbers (events, NULL, all, n);
  uint32_t *own_events = g_new (uint32_t, n_kept);
  double number;
  for (uint32_t i = 0, kept = 0; i < n; i++)
    if (find_number (trace, events[i], &number))
      own_events[kept++] = events[i];
  return new_numbers (NULL, own_events, all, n_kept);
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
  return new_numbers (NULL, g_renew (uint32_t, g_steal_pointer (&kept), n_kept), counts, n_kept);
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
  for (guint i = 0; i < numbers->n_levels; i++)
    g_free (numbers->levels[i]);
  ls_directory_clear (&numbers->places);
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
  uint32_t first = (begin + LS_BLOCK - 1) / LS_BLOCK, last = end / LS_BLOCK;
  if (first >= last) {
    add_each (numbers, begin, end, mix);
    return;
  }
  add_each (numbers, begin, first * LS_BLOCK, mix);
  add_each (numbers, last * LS_BLOCK, end, mix);
  for (guint level = 0; first < last; level++) {
    const Extremes *nodes = numbers->levels[level];
    uint32_t above = (first + FAN - 1) / FAN, above_end = last / FAN;
    bool is_all = above >= above_end;
    for (uint32_t i = first; i < (is_all ? last : above * FAN); i++)
      add_number (mix, nodes[i].min, nodes[i].max);
    for (uint32_t i = is_all ? last : above_end * FAN; i < last; i++)
      add_number (mix, nodes[i].min, nodes[i].max);
    first = is_all ? last : above;
    last = is_all ? last : above_end;
  }
}

/* How many of them come before event k. */
static uint32_t
count_before (const LsNumbers *numbers, uint32_t k)
{
  return ls_directory_find (&numbers->places, numbers->events, k);
}

void
ls_numbers_sum (const LsNumbers *numbers, const LsGrid *grid, LsValueMix *mixes)
{
  memset (mixes, 0, grid->n_columns * sizeof *mixes);
  if (!numbers)
    return;
  /* Places first: what is then asked of memory does not wait for one another. */
  g_autofree uint32_t *places = g_new (uint32_t, grid->n_columns + (gsize) 1);
  for (uint32_t i = 0; i <= grid->n_columns; i++) {
    places[i] = count_before (numbers, grid->events[i]);
    __builtin_prefetch ((const char *) numbers->packed + (gsize) places[i] * numbers->bytes);
    if (numbers->n_levels > 0)
      __builtin_prefetch (&numbers->levels[0][places[i] / LS_BLOCK]);
  }
  for (uint32_t i = 0; i < grid->n_columns; i++) {
    uint32_t begin = places[i], end = places[i + 1];
    if (end <= begin)
      continue;
    mixes[i] = (LsValueMix){ .min = INFINITY, .max = -INFINITY, .n = end - begin };
    add_range (numbers, begin, end, &mixes[i]);
    mixes[i].last = get_number (numbers, end - 1);
  }
}

bool
ls_numbers_get (const LsNumbers *numbers, uint32_t k, double *number)
{
  if (!numbers || k == LS_NONE)
    return false;
  uint32_t i = count_before (numbers, k + 1);
  if (i == 0)
    return false;
  *number = get_number (numbers, i - 1);
  return true;
}
