/* SPDX-License-Identifier: MIT */
/**
 * What the model costs: bench-model FILE. The time and memory to open it, what it takes per event when
 * it is open, and how long a view asks: 50 lanes of 1920 columns, of all of the trace and of ever less.
 */
#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "state.h"

#define N_LANES 50
#define N_COLUMNS 1920
#define N_RUNS 5
#define TARGET_MS 10

/* What is wanted on two cores. */
#define TARGET_WALL_NS 110
#define TARGET_MODEL_BYTES 32
#define VALUE_BYTES 8 /* more for each access that carries a value */
#define TARGET_PEAK_BYTES 40

static double
get_cpu_seconds (void)
{
  struct rusage usage;
  getrusage (RUSAGE_SELF, &usage);
  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* The thread's own time, in which other load does not count. */
static double
now_ms (void)
{
  struct timespec time;
  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return (double) time.tv_sec * 1e3 + (double) time.tv_nsec / 1e6;
}

static size_t
get_heap_bytes (void)
{
  struct mallinfo2 info = mallinfo2 ();
  return info.uordblks + info.hblkhd;
}

/* Anonymous memory at its height, which the mapped file is no part of; 0 when it is not told. */
static double
get_peak_bytes (void)
{
  g_autofree char *status = NULL;
  struct rusage usage;
  getrusage (RUSAGE_SELF, &usage);
  double file_kb = 0;
  if (g_file_get_contents ("/proc/self/status", &status, NULL, NULL)) {
    const char *line = strstr (status, "RssFile:");
    file_kb = line ? g_ascii_strtod (line + strlen ("RssFile:"), NULL) : 0;
  }
  return ((double) usage.ru_maxrss - file_kb) * 1024;
}

static void
make_edges (LsSpan span, int64_t edges[N_COLUMNS + 1])
{
  for (int i = 0; i <= N_COLUMNS; i++)
    edges[i] = span.begin_ns + (int64_t) ((double) (span.end_ns - span.begin_ns) * i / N_COLUMNS);
}

/* All that a view's strips ask of the model, lane after lane; the view's grid is made once. */
static void
ask_threads (const LsTrace *trace, const int64_t *edges)
{
  static LsMix mixes[N_COLUMNS];
  uint32_t n = ls_trace_get_n_threads (trace);
  LsGrid grid;
  ls_grid_init (&grid, trace, edges, N_COLUMNS);
  for (uint32_t i = 0; i < N_LANES; i++)
    ls_trace_sum_thread_columns (trace, i % n, &grid, mixes);
  ls_grid_clear (&grid);
}

/* The next object in turn that is a value, or that is none; LS_NONE when there is none. */
static uint32_t
find_object (const LsTrace *trace, uint32_t after, bool is_value)
{
  uint32_t n = ls_trace_get_n_objects (trace);
  for (uint32_t i = 1; i <= n; i++) {
    uint32_t object = (uint32_t) (((uint64_t) after + i) % n);
    if ((ls_trace_get_object (trace, object)->kind == LS_OBJECT_VALUE) == is_value)
      return object;
  }
  return LS_NONE;
}

static void
ask_locks (const LsTrace *trace, const int64_t *edges)
{
  static LsObjectMix mixes[N_COLUMNS];
  static uint32_t holders[N_COLUMNS];
  LsGrid grid;
  ls_grid_init (&grid, trace, edges, N_COLUMNS);
  uint32_t object = find_object (trace, LS_NONE, false);
  for (uint32_t i = 0; i < N_LANES && object != LS_NONE; i++) {
    ls_trace_sum_object_columns (trace, object, &grid, mixes, holders);
    object = find_object (trace, object, false);
  }
  ls_grid_clear (&grid);
}

static void
ask_values (const LsTrace *trace, const int64_t *edges)
{
  static LsValueMix mixes[N_COLUMNS];
  LsGrid grid;
  ls_grid_init (&grid, trace, edges, N_COLUMNS);
  uint32_t object = find_object (trace, LS_NONE, true);
  for (uint32_t i = 0; i < N_LANES && object != LS_NONE; i++) {
    ls_trace_sum_value_columns (trace, object, &grid, mixes);
    object = find_object (trace, object, true);
  }
  ls_grid_clear (&grid);
}

static void
ask_order (const LsTrace *trace, const int64_t *edges)
{
  LsGrid grid;
  ls_grid_init (&grid, trace, edges, N_COLUMNS);
  for (int column = 0; column < N_COLUMNS; column++) {
    uint32_t n_switches;
    ls_trace_find_dominant_thread (trace, grid.events[column], grid.events[column + 1],
                                   &n_switches);
  }
  ls_grid_clear (&grid);
}

static void
ask_states (const LsTrace *trace, const int64_t *edges)
{
  LsThreadState thread;
  ls_thread_state_init (&thread);
  for (int column = 0; column < N_COLUMNS; column += 32) {
    uint32_t k = ls_trace_find_event (trace, edges[column] + 1) - 1;
    for (uint32_t i = 0; i < ls_trace_get_n_threads (trace); i++)
      ls_trace_get_thread_state (trace, i, k, &thread);
  }
  ls_thread_state_clear (&thread);
}

static const int zooms[] = { 1, 3, 10, 100, 1000 }; /* shares of the trace, about its middle */

static void
measure (const LsTrace *trace,
         const char *name,
         void (*ask) (const LsTrace *trace, const int64_t *edges))
{
  int64_t edges[N_COLUMNS + 1];
  int64_t end_ns = ls_trace_get_info (trace)->end_ns;
  double worst_ms = 0;
  printf ("%-26s", name);
  for (guint i = 0; i < G_N_ELEMENTS (zooms); i++) {
    int64_t length = end_ns / zooms[i], begin = (end_ns - length) / 2;
    double best_ms = G_MAXDOUBLE;
    make_edges ((LsSpan){ begin, begin + length }, edges);
    for (int run = 0; run < N_RUNS; run++) {
      double start = now_ms ();
      ask (trace, edges);
      best_ms = MIN (best_ms, now_ms () - start);
    }
    worst_ms = MAX (worst_ms, best_ms);
    printf (" %7.2f", best_ms);
  }
  printf (" ms; target %d%s\n", TARGET_MS, worst_ms > TARGET_MS ? ", missed" : "");
}

/* Accesses with a value, for each of which the model may take more, as a share of all events. */
static double
get_share_with_value (const LsTrace *trace)
{
  uint32_t n = ls_trace_get_n_events (trace), n_with = 0;
  for (uint32_t k = 0; k < n; k++) {
    LsEvent event;
    ls_trace_get_event (trace, k, &event);
    n_with += ls_event_rows[event.ev].flags & (LS_EV_READS | LS_EV_WRITES) &&
              event.val.type != LS_VALUE_NONE;
  }
  return (double) n_with / MAX (n, 1);
}

static void
report_memory (const LsTrace *trace, size_t heap)
{
  double n = MAX (ls_trace_get_n_events (trace), 1), model = (double) heap / n;
  double peak = get_peak_bytes () / n, with_value = get_share_with_value (trace);
  double most = TARGET_MODEL_BYTES + VALUE_BYTES * with_value;
  printf (
    "model: %.1f bytes an event; target %.1f, which is %d and %d for each of the %.1f %% that\n"
    "  are accesses with a value%s; at most %.1f while it was opened, target %d%s\n",
    model, most, TARGET_MODEL_BYTES, VALUE_BYTES, 100 * with_value, model > most ? ", missed" : "",
    peak, TARGET_PEAK_BYTES, peak > TARGET_PEAK_BYTES ? ", missed" : "");
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  if (argc != 2) {
    fprintf (stderr, "usage: %s FILE\n", argv[0]);
    return 2;
  }
  size_t heap = get_heap_bytes ();
  double cpu = get_cpu_seconds ();
  gint64 start = g_get_monotonic_time ();
  g_autoptr (LsTrace) trace = ls_trace_open (argv[1], NULL, NULL, NULL, &error);
  if (!trace) {
    fprintf (stderr, "bench-model: %s\n", error->message);
    return 1;
  }
  double seconds = (double) (g_get_monotonic_time () - start) / 1e6;
  double n = MAX (ls_trace_get_n_events (trace), 1);
  printf ("open: %.3f s, %.2f x the target; %.1f ns of CPU an event\n", seconds,
          seconds * 1e9 / n / TARGET_WALL_NS, (get_cpu_seconds () - cpu) / n * 1e9);
  report_memory (trace, get_heap_bytes () - heap);
  printf ("%d columns, the trace through:", N_COLUMNS);
  for (guint i = 0; i < G_N_ELEMENTS (zooms); i++)
    printf ("%*d", i == 0 ? 1 : 8, zooms[i]);
  printf ("\n");
  measure (trace, "50 threads", ask_threads);
  measure (trace, "50 locks, with holders", ask_locks);
  measure (trace, "50 values", ask_values);
  measure (trace, "who prevails", ask_order);
  measure (trace, "all states, at 60 moments", ask_states);
  return 0;
}
