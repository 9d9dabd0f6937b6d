/* SPDX-License-Identifier: MIT */
/* Running a program under a collector: the processes of `lockstitch record`. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "region.h"

G_BEGIN_DECLS

/* -- The collector -- */

typedef struct {
  pid_t pid;
  int answer_fd;     /* its lines, see region.h */
  char *region_path; /* for LS_REGION_ENV */
  LsRegion *region;  /* its header only */
} LsCollectorProcess;

/* Starts it, with `arguments` (NULL-terminated) beside its output, and waits until it is ready;
 * false with *message (owned) set when it is not. */
bool ls_collector_start (LsCollectorProcess *collector,
                         const char *executable,
                         const char *output,
                         char **arguments,
                         char **message);

/* Nothing was recorded: ends it. */
void ls_collector_dismiss (LsCollectorProcess *collector);

typedef struct {
  bool is_there; /* false: the collector died */
  uint64_t n_events, n_lost;
  unsigned n_threads, n_files;
  int64_t span_ns;
  char *path;    /* of the trace; empty: none */
  char *failure; /* why the trace ends early, or NULL */
  char *blind;   /* modules whose locks could not be seen, or NULL */
} LsCollectorReport;

/* Tells it how the program ended and waits for its report. It may go on by itself, for other processes
 * of the program; `collector` is done with. */
void ls_collector_finish (LsCollectorProcess *collector, int status, LsCollectorReport *report);
void ls_collector_report_clear (LsCollectorReport *report);

/* -- The program -- */

/* Runs argv (argv[0] as the program shall see it) from the file `path`, with our library preloaded
 * behind `preload_first` (or NULL). Signals that other processes send us go on to it; those of the
 * terminal reach it anyway. Waits for its end; returns 0 and its wait status, or the errno value of
 * an exec that failed. */
int ls_program_run (LsCollectorProcess *collector,
                    const char *path,
                    char **argv,
                    const char *library,
                    const char *preload_first,
                    int *status);

G_END_DECLS
