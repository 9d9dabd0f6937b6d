/* SPDX-License-Identifier: MIT */
/**
 * The events of a Chrome trace as records, which are sorted, paired and put out as lines when all of
 * them are there: they come in any order, and an end may stand before its begin.
 */
#pragma once

#include "import-private.h"

typedef enum {
  LS_RECORD_GONE, /* said by another record */
  LS_RECORD_BEGIN,
  LS_RECORD_END,
  LS_RECORD_SLICE,
  LS_RECORD_START, /* of the thread */
  LS_RECORD_MARK,
  LS_RECORD_COUNT,
  LS_RECORD_SEND,
  LS_RECORD_STEP, /* an arrow comes and goes on */
  LS_RECORD_RECV,
  LS_RECORD_FINISH,
} LsRecordKind;

typedef struct {
  int64_t ts_ns;
  union {
    int64_t end_ns; /* of a slice */
    int64_t i;      /* of a count */
    double f;
  };
  uint32_t track; /* then lane: from 1 */
  uint32_t name;  /* id, 0: none */
  uint32_t id;    /* of an asynchronous slice or an arrow, 0: none */
  uint8_t kind;   /* LsRecordKind */
  uint8_t type;   /* LsValueType of a count */
} LsRecord;

/* Where records belong: a thread, or all asynchronous slices of a process and category. */
typedef struct {
  uint32_t process;
  char *name;      /* or NULL */
  uint32_t os;     /* thread id, 0: none */
  bool is_async;   /* slices of different ids do not nest */
  bool is_counter; /* of counters that name no thread: the first of the process takes them */
  bool is_used;
} LsChromeTrack;

typedef struct {
  LsImporter *importer;
  GArray *records;   /* LsRecord */
  GArray *tracks;    /* LsChromeTrack at id - 1 */
  GArray *processes; /* char *: names at id - 1, or NULL */
  LsNameIds names;
  bool is_ours;       /* written by Lockstitch: its times count from the trace's start */
  double done, share; /* of putting them out: before the phase, and in it */
} LsChromeRecords;

/* Puts everything out, unless it is cancelled meanwhile. */
void ls_chrome_records_put (LsChromeRecords *records);

/* -- Between its files: each returns false when it was cancelled -- */

#define LS_CHROME_LOOK 16384 /* records: about a millisecond */

/* What follows takes this share of the time. */
static inline void
ls_chrome_records_begin (LsChromeRecords *records, double share)
{
  records->done += records->share;
  records->share = share;
}

/* To be asked before the i-th of `n` steps of a phase. */
static inline bool
ls_chrome_records_go_on (LsChromeRecords *records, gsize i, gsize n)
{
  return i % LS_CHROME_LOOK != 0 ||
         ls_importer_look (records->importer,
                           records->done + records->share * (double) i / (double) MAX (n, 1));
}

/* More slices than this that overlap and do not nest on one track are left out. */
#define LS_CHROME_MAX_ROWS 256

/* Stably, by track (1 to `n_tracks`), with `by_kind` slices before all others, and then by `compare`. */
bool ls_chrome_records_sort (LsChromeRecords *records,
                             guint n_tracks,
                             bool by_kind,
                             GCompareFunc compare);

/* Makes slices of begins and ends, and lets slices that do not nest have lanes of their own; `track`
 * is the lane then. `lanes`: LsChromeLane at lane - 1. The records are in the order of lanes and
 * times, slices before all others of a lane. */
typedef struct {
  uint32_t track, row; /* row 0: the track itself */
} LsChromeLane;

bool ls_chrome_records_arrange (LsChromeRecords *records, int64_t end_ns, GArray *lanes);

/* Puts the arranged records out as events in the order of time. */
bool ls_chrome_records_merge (LsChromeRecords *records, guint n_lanes);
