/* SPDX-License-Identifier: MIT */
/* The columns of the Order axis. Kept as runs, so that the usual trace (all threads shown, few long
 * stretches of one thread) costs far less than a column number an event. */
#include "axis-order.h"

#include <math.h>

#include "finding.h"

#define FOLDED_COLUMNS 8

struct _LsColumns {
  LsTrace *trace;
  guint8 *shown;
  GArray *runs; /* LsAxisRun */
  uint64_t n_columns;
  guint last_found;
};

static int
compare_events (gconstpointer a, gconstpointer b)
{
  uint32_t one = *(const uint32_t *) a;
  uint32_t other = *(const uint32_t *) b;
  return one < other ? -1 : one > other;
}

/* The steps of all findings, ascending: a run with one among them is not folded. */
static GArray *
collect_steps (GPtrArray *findings)
{
  GArray *steps = g_array_new (FALSE, FALSE, sizeof (uint32_t));
  for (guint i = 0; findings && i < findings->len; i++) {
    const LsFinding *finding = g_ptr_array_index (findings, i);
    for (guint j = 0; j < finding->steps->len; j++)
      g_array_append_val (steps, g_array_index (finding->steps, LsStep, j).event);
  }
  g_array_sort (steps, compare_events);
  return steps;
}

static bool
has_step (const GArray *steps, uint32_t first, uint32_t last)
{
  if (steps->len == 0)
    return false;
  const uint32_t *events = (const uint32_t *) (const void *) steps->data;
  uint32_t i = ls_events_lower_bound (events, steps->len, first);
  return i < steps->len && events[i] <= last;
}

static bool
is_shown (const LsColumns *columns, uint32_t k)
{
  return !columns->shown || columns->shown[ls_trace_get_event_thread (columns->trace, k)];
}

static int64_t
find_longest_gap (const LsTrace *trace, uint32_t begin, uint32_t end)
{
  int64_t longest_ns = 0, last_ns = ls_trace_get_ts (trace, begin);
  for (uint32_t k = begin + 1; k < end; k++) {
    int64_t ns = ls_trace_get_ts (trace, k);
    longest_ns = MAX (longest_ns, ns - last_ns);
    last_ns = ns;
  }
  return longest_ns;
}

static void
add_run (LsColumns *columns, uint32_t first, uint32_t n_range, uint32_t n_events, bool is_folded)
{
  if (!is_folded && columns->runs->len > 0) {
    LsAxisRun *last = &g_array_index (columns->runs, LsAxisRun, columns->runs->len - 1);
    if (!last->is_folded && last->first_event + last->n_range == first) {
      last->n_range += n_range;
      last->n_events += n_events;
      last->n_columns += n_events;
      columns->n_columns += n_events;
      return;
    }
  }
  LsAxisRun run = { .first_column = columns->n_columns,
                    .n_columns = is_folded ? FOLDED_COLUMNS : n_events,
                    .first_event = first,
                    .n_range = n_range,
                    .n_events = n_events,
                    .is_folded = is_folded };
  if (is_folded)
    run.longest_ns = find_longest_gap (columns->trace, first, first + n_range);
  g_array_append_val (columns->runs, run);
  columns->n_columns += run.n_columns;
}

/* Takes the events first .. last of one thread (others between them are hidden). */
static void
take_run (LsColumns *columns, const GArray *steps, uint32_t first, uint32_t last, uint32_t n_events)
{
  if (n_events > FOLDED_COLUMNS && !has_step (steps, first, last)) {
    add_run (columns, first, last - first + 1, n_events, true);
    return;
  }
  for (uint32_t k = first; k <= last; k++)
    if (is_shown (columns, k))
      add_run (columns, k, 1, 1, false);
}

LsColumns *
ls_columns_new (LsTrace *trace, const guint8 *shown, GPtrArray *findings)
{
  LsColumns *columns = g_new0 (LsColumns, 1);
  columns->trace = ls_trace_ref (trace);
  if (shown)
    columns->shown = g_memdup2 (shown, ls_trace_get_n_threads (trace));
  columns->runs = g_array_new (FALSE, FALSE, sizeof (LsAxisRun));
  g_autoptr (GArray) steps = collect_steps (findings);
  uint32_t n = ls_trace_get_n_events (trace);
  uint32_t thread = LS_NONE, first = 0, last = 0, n_events = 0;
  for (uint32_t k = 0; k < n; k++) {
    if (!is_shown (columns, k))
      continue;
    uint32_t who = ls_trace_get_event_thread (trace, k);
    if (who != thread) {
      if (n_events > 0)
        take_run (columns, steps, first, last, n_events);
      thread = who;
      first = k;
      n_events = 0;
    }
    last = k;
    n_events++;
  }
  if (n_events > 0)
    take_run (columns, steps, first, last, n_events);
  return columns;
}

void
ls_columns_free (LsColumns *columns)
{
  if (!columns)
    return;
  g_array_unref (columns->runs);
  g_free (columns->shown);
  ls_trace_unref (columns->trace);
  g_free (columns);
}

double
ls_columns_get_n (const LsColumns *columns)
{
  return (double) columns->n_columns;
}

static double
get_key (const LsColumns *columns, bool by_event, guint i)
{
  const LsAxisRun *run = &g_array_index (columns->runs, LsAxisRun, i);
  return by_event ? (double) run->first_event : (double) run->first_column;
}

/* Index of the last run that begins at the key or before; runs are sorted by both keys. Who asks for a
 * pixel asks next for its neighbour: the search goes out from where the last one ended. */
static guint
find_index (const LsColumns *columns, bool by_event, double key)
{
  guint n = columns->runs->len, low = 0, high = n, reach = 1;
  guint from = columns->last_found < n ? columns->last_found : 0;
  if (n > 0 && get_key (columns, by_event, from) <= key) {
    low = from + 1;
    for (; low + reach < n && get_key (columns, by_event, low + reach) <= key; reach *= 2)
      low += reach;
    high = MIN (low + reach, n);
  } else if (n > 0) {
    high = from;
    for (; high > reach && get_key (columns, by_event, high - reach) > key; reach *= 2)
      high -= reach;
    low = high > reach ? high - reach : 0;
  }
  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (get_key (columns, by_event, middle) <= key)
      low = middle + 1;
    else
      high = middle;
  }
  guint found = low > 0 ? low - 1 : 0;
  ((LsColumns *) columns)->last_found = found; /* what is told stays the same */
  return found;
}

const LsAxisRun *
ls_columns_find_run (const LsColumns *columns, double u, guint *n)
{
  if (columns->runs->len == 0) {
    *n = 0;
    return NULL;
  }
  guint i = find_index (columns, false, u);
  *n = columns->runs->len - i;
  return &g_array_index (columns->runs, LsAxisRun, i);
}

double
ls_columns_u_of_event (const LsColumns *columns, uint32_t k)
{
  if (columns->runs->len == 0)
    return 0;
  const LsAxisRun *run =
    &g_array_index (columns->runs, LsAxisRun, find_index (columns, true, (double) k));
  if (k < run->first_event)
    return 0;
  if (k - run->first_event >= run->n_range) /* a hidden thread's, after this run */
    return (double) run->first_column + run->n_columns;
  return (double) run->first_column +
         (k - run->first_event + 0.5) * ((double) run->n_columns / run->n_range);
}

uint32_t
ls_columns_event_of_u (const LsColumns *columns, double u)
{
  if (columns->runs->len == 0)
    return LS_NONE;
  guint n;
  const LsAxisRun *run = ls_columns_find_run (columns, u, &n);
  double offset = floor ((u - (double) run->first_column) / run->n_columns * run->n_range);
  uint32_t last = run->first_event + run->n_range - 1;
  uint32_t k = run->first_event + (uint32_t) CLAMP (offset, 0, (double) (run->n_range - 1));
  while (k < last && !is_shown (columns, k))
    k++;
  return k;
}

/* Between the columns of two neighbouring events time runs evenly; both ways below agree. */
double
ls_columns_u_of_time (const LsColumns *columns, int64_t ts_ns)
{
  LsTrace *trace = columns->trace;
  uint32_t n = ls_trace_get_n_events (trace);
  uint32_t k = ls_trace_find_event (trace, ts_ns);
  if (k < n && ls_trace_get_ts (trace, k) == ts_ns)
    return ls_columns_u_of_event (columns, k);
  double before_u = k > 0 ? ls_columns_u_of_event (columns, k - 1) : 0;
  double after_u = k < n ? ls_columns_u_of_event (columns, k) : (double) columns->n_columns;
  double before_ns = k > 0 ? (double) ls_trace_get_ts (trace, k - 1) : 0;
  double after_ns =
    (double) (k < n ? ls_trace_get_ts (trace, k) : ls_trace_get_info (trace)->end_ns);
  if (after_ns <= before_ns)
    return after_u;
  double share = CLAMP (((double) ts_ns - before_ns) / (after_ns - before_ns), 0, 1);
  return before_u + (after_u - before_u) * share;
}

int64_t
ls_columns_time_of_u (const LsColumns *columns, double u)
{
  LsTrace *trace = columns->trace;
  uint32_t n = ls_trace_get_n_events (trace);
  int64_t end_ns = ls_trace_get_info (trace)->end_ns;
  uint32_t k = ls_columns_event_of_u (columns, u);
  if (k == LS_NONE)
    return 0;
  double at_u = ls_columns_u_of_event (columns, k);
  int64_t at_ns = ls_trace_get_ts (trace, k);
  double other_u, other_ns;
  if (u >= at_u) {
    other_u = k + 1 < n ? ls_columns_u_of_event (columns, k + 1) : (double) columns->n_columns;
    other_ns = (double) (k + 1 < n ? ls_trace_get_ts (trace, k + 1) : end_ns);
  } else {
    other_u = k > 0 ? ls_columns_u_of_event (columns, k - 1) : 0;
    other_ns = k > 0 ? (double) ls_trace_get_ts (trace, k - 1) : 0;
  }
  if (other_u == at_u)
    return at_ns;
  double share = CLAMP ((u - at_u) / (other_u - at_u), 0, 1);
  return at_ns + (int64_t) ((other_ns - (double) at_ns) * share);
}
