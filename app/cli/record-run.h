/* SPDX-License-Identifier: MIT */
/* The collector that `lockstitch record` starts. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "region.h"

G_BEGIN_DECLS

typedef struct {
  pid_t pid;
  int answer_fd;     /* its lines, see region.h */
  char *region_path; /* for LS_REGION_ENV */
  LsRegion *region;  /* its header only */
  int kept_fds[3];   /* its region, spill and journal, which outlive it in us; -1: none */
} LsCollectorProcess;

/* Starts it, with `arguments` (NULL-terminated) beside its output, and waits until it is ready;
 * false with *message (owned) set when it is not. */
bool ls_collector_start (LsCollectorProcess *collector,
                         const char *executable,
                         const char *output,
                         char **arguments,
                         char **message);

/* It died: starts another one, which goes on with what it left. The program records no more. */
bool ls_collector_take_over (LsCollectorProcess *collector,
                             const char *executable,
                             const char *output,
                             char **arguments);

/* Nothing was recorded: ends it. */
void ls_collector_dismiss (LsCollectorProcess *collector);

typedef struct {
  unsigned pid, n_threads;
  uint64_t n_events;
  bool runs; /* its process has not ended yet: the collector stays with it */
  char *program, *path;
} LsCollectorFile;

/* A program that ran without the library. */
typedef struct {
  unsigned pid, n_times;
  char *program, *why;
} LsCollectorUnseen;

typedef struct {
  bool is_there;      /* all is told; false: not yet, or the collector died */
  bool is_taken_over; /* the collector died, and another one went on */
  uint64_t n_events, n_lost;
  unsigned n_threads, n_files;
  int64_t span_ns;
  char *path;         /* of the trace; empty: none */
  bool to_stdout;     /* it goes to standard output and is removed then */
  char *failure;      /* why the trace ends early, or NULL */
  char *blind;        /* modules whose locks could not be seen, or NULL */
  char *deep, *apart; /* those that were loaded by RTLD_DEEPBIND or dlmopen, or NULL */
  GPtrArray *files;   /* LsCollectorFile: every trace, the one at `path` too */
  GPtrArray *unseen;  /* LsCollectorUnseen */
} LsCollectorReport;

void ls_collector_report_init (LsCollectorReport *report);
void ls_collector_report_clear (LsCollectorReport *report);

/* Tells it how the program ended. */
void ls_collector_tell_end (LsCollectorProcess *collector, int status);

/* Nobody wants to wait for the rest of the trace: it is to end with what is written. */
void ls_collector_cut_short (LsCollectorProcess *collector);

/* Waits for the next line of its report. False: that was the last one, or it died. It may go on by
 * itself after that, for other processes of the program. */
bool ls_collector_read (LsCollectorProcess *collector, LsCollectorReport *report);
void ls_collector_clear (LsCollectorProcess *collector);

G_END_DECLS
