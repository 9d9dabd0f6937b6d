/* SPDX-License-Identifier: MIT */
/* What the files of the Chrome exporter share. */
#pragma once

#include "chrome-names.h"
#include "export-private.h"
#include "json-writer.h"

enum {
  LS_CHROME_PROGRAM = 1, /* pid: the threads, under their ids */
  LS_CHROME_LOCKS = 2,   /* pid: a track a lock, under numbers that no thread has */
};

typedef struct {
  LsExport *export;
  LsJson json;
  LsSpan span;         /* what of the trace goes out */
  uint32_t begin, end; /* its events */
  uint32_t next_tid;   /* for the next track of a lock */
  char **object_names; /* by index, no two alike */
  char **places;       /* by source; NULL: not asked for yet */
} LsChrome;

/* Begins a trace event, whose arguments may follow in an object "args"; ls_chrome_end() ends it. */
void ls_chrome_begin (LsChrome *chrome,
                      const char *ph,
                      const char *cat,
                      const char *name,
                      uint32_t pid,
                      uint32_t tid);
void ls_chrome_end (LsChrome *chrome);

/* {"ph":"M","name":KEY,"args":{"name":NAME}} and the like. */
void
ls_chrome_name (LsChrome *chrome, const char *key, uint32_t pid, uint32_t tid, const char *name);
void ls_chrome_sort (LsChrome *chrome, const char *key, uint32_t pid, uint32_t tid, uint32_t place);

/* Begins a slice of the part of `span` that goes out; false, and nothing begun, when none does. */
bool ls_chrome_begin_slice (LsChrome *chrome,
                            const char *cat,
                            const char *name,
                            uint32_t pid,
                            uint32_t tid,
                            LsSpan span);

/* Its "place" argument, where the source says one. */
void ls_chrome_put_place (LsChrome *chrome, uint32_t source);

/* {"ph":"C"}: a number of a counter track, said by a thread (its id; 0: nobody). */
void ls_chrome_count (LsChrome *chrome,
                      const char *cat,
                      const char *name,
                      uint32_t tid,
                      int64_t ts_ns,
                      const LsValue *value);

/* The parts of a trace. Each returns false with @error when it cannot go on. */
bool ls_chrome_put_threads (LsChrome *chrome, GError **error);
bool ls_chrome_put_locks (LsChrome *chrome, GError **error);
bool ls_chrome_put_events (LsChrome *chrome, GError **error);
bool ls_chrome_put_findings (LsChrome *chrome, GError **error);
