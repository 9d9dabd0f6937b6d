/* SPDX-License-Identifier: MIT */
/**
 * A trace in memory: flat columns of events, and the threads, objects and sources they speak of.
 *
 * Immutable once opened, so any thread may read it. Events are numbered 0 .. n-1 in the order of
 * time, ties in line order ("event 15 of 24" for people is index 14). Threads, objects and sources
 * are numbered densely from 0 in the order of their ids; LS_NONE stands for "no such". Times are
 * nanoseconds since the trace's start; spans are half open.
 *
 * Callers go through these functions and never see the columns: their layout is free to change.
 */
#pragma once

#include <gio/gio.h>

#include "import.h"
#include "line.h"
#include "names.h"
#include "reader.h"

G_BEGIN_DECLS

#define LS_NONE G_MAXUINT32

typedef struct _LsTrace LsTrace;

typedef struct {
  int64_t begin_ns, end_ns; /* half open */
} LsSpan;

/* -- Opening -- */

/* Opens the trace at `path`, also one that another tool wrote; see ls_read_file() for the parameters,
 * errors and threads. Returns: (owned) the trace, or NULL with `error` set. */
LsTrace *ls_trace_open (const char *path,
                        LsProgressFunc progress,
                        gpointer progress_data,
                        GCancellable *cancellable,
                        GError **error);

/* The same of a trace that is of this form, whatever it looks like; LS_FOREIGN_UNKNOWN: told from its
 * beginning. */
LsTrace *ls_trace_import (LsForeign form,
                          const char *path,
                          LsProgressFunc progress,
                          gpointer progress_data,
                          GCancellable *cancellable,
                          GError **error);

/* One of ours, on `n_workers` threads, which changes nothing of the trace; 0: as many as there are
 * cores. */
LsTrace *ls_trace_open_on (const char *path,
                           guint n_workers,
                           LsProgressFunc progress,
                           gpointer progress_data,
                           GCancellable *cancellable,
                           GError **error);

/* The same of bytes in memory. */
LsTrace *ls_trace_open_bytes (const char *name, const char *bytes, gsize n_bytes, GError **error);

LsTrace *ls_trace_ref (LsTrace *trace);
void ls_trace_unref (LsTrace *trace);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LsTrace, ls_trace_unref)

/* -- The trace as a whole -- */

typedef struct {
  const char *path;           /* as given to open */
  const char *title;          /* its last component, for people */
  const char *const *program; /* argv, NULL-terminated; empty when not said */
  const char *wall;           /* or NULL */
  const char *recorder;       /* or NULL */
  uint32_t pid;               /* 0: not said */
  bool partial;
  const char *const *ignored; /* NULL-terminated, perhaps empty */
  const char *const *blind;
  bool cut;                   /* no footer, or half a last line */
  bool is_growing;            /* cut, and still being recorded when it was read */
  LsEndHow end_how;           /* how the program ended, as far as it is known */
  int end_code;               /* exit status or signal */
  uint64_t n_lost;            /* events lost, by the footer or the sum of the `lost` events */
  int64_t end_ns;             /* the trace's end: the later of the footer's and the last event's */
  bool absence_is_no_proof;   /* lost, partial, ignored, blind, or lines that were no good */
  const LsReadReport *report; /* what the reader and the model had to say of the lines */
} LsTraceInfo;

const LsTraceInfo *ls_trace_get_info (const LsTrace *trace);

/* -- Threads, objects, sources -- */

typedef struct {
  uint32_t id;      /* in the file */
  const char *name; /* never NULL: "main", "executor-0", else "thread 2" */
  bool is_named;
  uint32_t os; /* 0: not said */
  bool daemon, detached;
  uint32_t parent;                    /* thread index of its creator, LS_NONE */
  uint32_t create_event;              /* its creation in the parent, LS_NONE */
  uint32_t start_event, finish_event; /* LS_NONE when not in the trace */
  uint32_t first_event, last_event;   /* its first and last event; LS_NONE without any */
  uint32_t join_event;                /* the join of it, LS_NONE */
  uint32_t start_source;              /* source of its start event: the start function; LS_NONE */
} LsThread;

typedef struct {
  uint32_t id;
  LsObjectKind kind; /* never declared: what its events show it to be, else LS_OBJECT_UNKNOWN */
  const char *name;  /* never NULL: "log.lock", else "lock 3" by kind and id */
  bool is_named;
  const char *addr; /* or NULL */
  uint32_t source;  /* where it was initialised, LS_NONE */
  bool shared;      /* between processes */
  bool is_gate;     /* a lock that some thread released which did not hold it: no owner */
  int64_t initial;  /* of a semaphore; -1: not said */
  uint32_t parties; /* of a barrier; 0: not said */
  LsValueType type; /* of a value */
  uint32_t size;    /* of a value, bytes; 0: not said */
  uint32_t n_acquires, n_contended; /* acquires in all; those that waited first */
  uint32_t n_reads, n_writes;       /* accesses of a value; an update is both */
} LsObject;

typedef struct {
  uint32_t id;
  const char *func;     /* or NULL */
  const char *file;     /* or NULL: the path as recorded */
  const char *basename; /* of file, or NULL */
  uint32_t line;        /* 0: not said */
  uint32_t in;          /* source index of the caller, LS_NONE */
} LsSource;

uint32_t ls_trace_get_n_threads (const LsTrace *trace);
uint32_t ls_trace_get_n_objects (const LsTrace *trace);
uint32_t ls_trace_get_n_sources (const LsTrace *trace);
const LsThread *ls_trace_get_thread (const LsTrace *trace, uint32_t thread);
const LsObject *ls_trace_get_object (const LsTrace *trace, uint32_t object);
const LsSource *ls_trace_get_source (const LsTrace *trace, uint32_t source);

/* Index of the thread or object with this id or name; LS_NONE. O(n). */
uint32_t ls_trace_find_thread (const LsTrace *trace, const char *name);
uint32_t ls_trace_find_object (const LsTrace *trace, const char *name);

/* The source itself, or the innermost of its callers, that has a file and a line: where to send
 * people. Itself when there is none; LS_NONE for LS_NONE. */
uint32_t ls_trace_find_place (const LsTrace *trace, uint32_t source);

/* Of that place: "racecond.c:21", "func", "line 21" of nobody knows what, or "": owned by the caller. */
char *ls_trace_dup_place (const LsTrace *trace, uint32_t source);

/* Who called there: "work (pool.c:41), main (pool.c:80)", the innermost first and not all of many; ""
 * when it is not known. Owned by the caller. */
char *ls_trace_dup_callers (const LsTrace *trace, uint32_t source);

/* -- Events -- */

typedef struct {
  int64_t ts_ns;
  LsEventKind ev;
  LsMode mode;
  LsHow how;
  LsOrder order;
  uint32_t thread; /* who did it: thread index */
  uint32_t object; /* object index, LS_NONE */
  uint32_t peer;   /* the other thread (create, join, wait for a thread), LS_NONE */
  uint32_t with;   /* object index of a cond wait's mutex, LS_NONE */
  uint32_t source; /* source index, LS_NONE */
  bool has_part;
  uint32_t off, size; /* bytes, when has_part */
  bool has_n;
  int64_t n;        /* when has_n; else 1 for acquire and release, 0 for the rest */
  LsValue val, old; /* text is the trace's own, valid as long as it */
  const char *name; /* of begin, end, mark, count; or NULL */
  const char *err;  /* or NULL */
} LsEvent;

uint32_t ls_trace_get_n_events (const LsTrace *trace);

/* The whole of event `k` < n. About 10 ns. */
void ls_trace_get_event (const LsTrace *trace, uint32_t k, LsEvent *event);

/* Single columns, O(1). */
int64_t ls_trace_get_ts (const LsTrace *trace, uint32_t k);
LsEventKind ls_trace_get_kind (const LsTrace *trace, uint32_t k);
uint32_t ls_trace_get_event_thread (const LsTrace *trace, uint32_t k);
uint32_t ls_trace_get_event_object (const LsTrace *trace, uint32_t k); /* LS_NONE for a thread */

/* The first event at or after `ts_ns`: 0 .. n. O(log n). The state "at time t" is that after
 * ls_trace_find_event (trace, t + 1) - 1. */
uint32_t ls_trace_find_event (const LsTrace *trace, int64_t ts_ns);

/* Events of one thread, or that name one object (as target or `with`), ascending.
 * Returns: (borrowed) `*n` event indexes; NULL when there are none. */
const uint32_t *ls_trace_get_thread_events (const LsTrace *trace, uint32_t thread, uint32_t *n);
const uint32_t *ls_trace_get_object_events (const LsTrace *trace, uint32_t object, uint32_t *n);

/* Position in `events` (ascending, `n`) of the first that is >= k: 0 .. n. O(log n). */
uint32_t ls_events_lower_bound (const uint32_t *events, uint32_t n, uint32_t k);

/* The neighbour events of k: next and previous of the same thread; LS_NONE at the ends. */
uint32_t ls_trace_find_next_of_thread (const LsTrace *trace, uint32_t thread, uint32_t k);
uint32_t ls_trace_find_previous_of_thread (const LsTrace *trace, uint32_t thread, uint32_t k);

/* The event of another thread that let event k happen: create of a start, finish of a join, the
 * release before an acquire, the signal of a wake, the send of a recv, the release of a wake from
 * `once`, the set of a wake; LS_NONE. O(log n + nearby events of the object). */
uint32_t ls_trace_find_cause (const LsTrace *trace, uint32_t k);

/* Whether a happens-before edge goes directly from event a to event b > a: same thread, or any
 * edge of the format's table (every earlier release of the lock, each signal since the wait, ...),
 * but for those that only fences make.
 * For neighbours b = a + 1 it says whether anything orders them at all. */
bool ls_trace_is_ordered_directly (const LsTrace *trace, uint32_t a, uint32_t b);

/* A value for people: "1", "0x7f..", "nan", "abc" ; owned by the caller. */
char *ls_value_dup_text (const LsValue *value);
bool ls_value_equal (const LsValue *a, const LsValue *b);
/* As a number for drawing steps; false for text, bytes and absent ones. */
bool ls_value_to_double (const LsValue *value, double *number);

G_END_DECLS
