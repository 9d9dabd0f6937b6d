/* SPDX-License-Identifier: MIT */
/* How fast the analyses go over a trace: the best of some runs, in events a second of the processor's
 * time (they run on one thread and wait for nothing). */
#include <stdio.h>
#include <time.h>

#include "finding.h"
#include "race-search.h"

#define N_RUNS 5

static void
ignore_race (uint32_t first, uint32_t second, gpointer user_data)
{
  (*(guint64 *) user_data)++;
}

static guint64
run_search (LsTrace *trace, LsRaceOrder order)
{
  guint64 n = 0;
  ls_trace_find_races (trace, order, ignore_race, &n, NULL, NULL, NULL);
  return n;
}

static guint64
run_shb (LsTrace *trace)
{
  return run_search (trace, LS_RACE_SHB);
}

static guint64
run_hb (LsTrace *trace)
{
  return run_search (trace, LS_RACE_HB);
}

static guint64
run_kinds (LsTrace *trace, uint32_t kinds)
{
  LsAnalysisOptions options = { .kinds = kinds };
  g_autoptr (GPtrArray) findings =
    ls_trace_compute_findings (trace, &options, NULL, NULL, NULL, NULL);
  return findings->len;
}

static guint64
run_lost_updates (LsTrace *trace)
{
  return run_kinds (trace, 1u << LS_FINDING_LOST_UPDATE);
}

static guint64
run_all (LsTrace *trace)
{
  return run_kinds (trace, 0);
}

/* The floor: what walking the events costs. */
static guint64
run_walk (LsTrace *trace)
{
  guint64 n = 0;
  for (uint32_t k = 0; k < ls_trace_get_n_events (trace); k++) {
    LsEvent event;
    ls_trace_get_event (trace, k, &event);
    n += event.thread;
  }
  return n;
}

static double
get_seconds (void)
{
  struct timespec now;
  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}

static void
measure (LsTrace *trace, const char *name, guint64 (*run) (LsTrace *trace))
{
  double best = G_MAXDOUBLE;
  guint64 n = 0;
  for (int i = 0; i < N_RUNS; i++) {
    double start = get_seconds ();
    n = run (trace);
    double took = get_seconds () - start;
    best = MIN (best, took);
  }
  printf ("%-24s %8.1f ms %8.2f M events/s   (%" G_GUINT64_FORMAT ")\n", name, best * 1e3,
          ls_trace_get_n_events (trace) / MAX (best, 1e-9) / 1e6, n);
  fflush (stdout);
}

int
main (int argc, char **argv)
{
  if (argc != 2) {
    fprintf (stderr, "usage: %s FILE\n", argv[0]);
    return 2;
  }
  g_autoptr (GError) error = NULL;
  g_autoptr (LsTrace) trace = ls_trace_open (argv[1], NULL, NULL, NULL, &error);
  if (!trace) {
    fprintf (stderr, "bench-analysis: %s\n", error->message);
    return 1;
  }
  printf ("%s: %u events, %u threads, %u objects\n", argv[1], ls_trace_get_n_events (trace),
          ls_trace_get_n_threads (trace), ls_trace_get_n_objects (trace));
  measure (trace, "walk over the events", run_walk);
  measure (trace, "races, SHB", run_shb);
  measure (trace, "races, plain HB", run_hb);
  measure (trace, "lost updates", run_lost_updates);
  measure (trace, "all findings", run_all);
  return 0;
}
