/* SPDX-License-Identifier: MIT */
/**
 * Reads a trace, line by line, in the file's order.
 *
 * Any byte string is either a trace or refused with a message; lines that cannot be used are
 * skipped, counted and reported, the rest is read.
 */
#pragma once

#include <gio/gio.h>

#include "line.h"

G_BEGIN_DECLS

#define LS_FORMAT_ERROR (ls_format_error_quark ())
GQuark ls_format_error_quark (void);

typedef enum {
  LS_FORMAT_ERROR_NOT_A_TRACE, /* the message says what it looks like instead */
  LS_FORMAT_ERROR_VERSION,     /* a trace, but of a version that this reader does not know */
  LS_FORMAT_ERROR_LINE,        /* one line is bad: only in LsProblem */
} LsFormatError;

/* A line that was skipped, or a fact that deserves a warning. */
typedef struct {
  uint64_t line; /* 1-based; 0: the file as a whole */
  bool is_error; /* false: a warning (unknown kind, footer in the middle, cut last line) */
  char *reason;  /* one sentence without file and line, for people */
} LsProblem;

typedef struct {
  uint64_t n_lines, n_events;
  uint64_t n_errors; /* lines skipped because they are wrong */
  uint64_t n_warnings;
  GArray *problems; /* LsProblem: the first LS_MAX_PROBLEMS of both kinds */
  bool cut;         /* no footer at the end, or half a last line: the recording was cut off */
  bool is_growing;  /* cut, and somebody has the file open for writing: it goes on */
} LsReadReport;

#define LS_MAX_PROBLEMS 100

/* "FILE:LINE: reason", or "FILE: reason" of the file as a whole. */
char *ls_problem_dup_text (const LsProblem *problem, const char *file);

LsReadReport *ls_read_report_new (void);
void ls_read_report_free (LsReadReport *report);
void ls_read_report_clear (LsReadReport *report);
void ls_read_report_add (LsReadReport *report, uint64_t line, bool is_error, const char *reason);
/* The same of a line before others that were added already. */
void ls_read_report_insert (LsReadReport *report, uint64_t line, bool is_error, const char *reason);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LsReadReport, ls_read_report_free)

/* Called with each good line; the line and its strings are valid until it returns. */
typedef void (*LsLineFunc) (const LsLine *line, gpointer user_data);

/* Called every few hundred microseconds of work, on the reading thread; fraction 0 to 1. Not called
 * when the length is not known beforehand, as of a pipe. */
typedef void (*LsProgressFunc) (double fraction, gpointer user_data);

/**
 * Reads the trace at `path` ("-": standard input), which may be any bytes.
 *
 * @report: filled in, also on failure.
 * @progress: may be NULL.
 * @cancellable: may be NULL; G_IO_ERROR_CANCELLED when cancelled.
 * Returns: false with @error set when the file cannot be read (G_FILE_ERROR, G_IO_ERROR) or is no
 * trace (LS_FORMAT_ERROR): "FILE:1: ..." naming what it looks like.
 * Threads: any; func runs on the calling thread.
 */
bool ls_read_file (const char *path,
                   LsLineFunc func,
                   gpointer user_data,
                   LsReadReport *report,
                   LsProgressFunc progress,
                   gpointer progress_data,
                   GCancellable *cancellable,
                   GError **error);

/**
 * Who takes the lines of a file that is read on all cores. The file is cut at line ends into
 * segments; workers parse them at the same time, each segment's lines in the file's order.
 *
 *   begin   on a worker: a new segment; returns what `line` and `end` are given
 *   line    on that worker: a good line; valid until it returns. `n` counts the lines of the segment
 *           from 0, the skipped ones included
 *   end     on the calling thread, segment after segment in the file's order: all lines of it were
 *           given; the first of them is line `first_line` (1-based) of the file
 *   settle  on any thread, after its `end` and perhaps at the same time as other segments' and as
 *           later ones' `end`: what is left to do that needs no order. Owns the segment
 *   drop    on the calling thread, instead of `settle`, of segments that are given up (an error,
 *           cancelled)
 *
 * Whatever a header, a footer or an earlier line means for later ones is settled before `end`: what
 * comes of a file is the same however it is cut.
 */
typedef struct {
  gpointer (*begin) (gpointer user_data);
  void (*line) (const LsLine *line, uint64_t n, gpointer segment);
  void (*end) (gpointer segment, uint64_t first_line, gpointer user_data);
  void (*settle) (gpointer segment, gpointer user_data);
  void (*drop) (gpointer segment, gpointer user_data);
} LsSegmentSink;

/* As ls_read_file(), on `n_workers` threads (0: as many as there are cores). */
bool ls_read_file_in_segments (const char *path,
                               const LsSegmentSink *sink,
                               gpointer user_data,
                               guint n_workers,
                               LsReadReport *report,
                               LsProgressFunc progress,
                               gpointer progress_data,
                               GCancellable *cancellable,
                               GError **error);

/* The same of bytes in memory; `name` stands in messages. */
bool ls_read_bytes (const char *name,
                    const char *bytes,
                    gsize n_bytes,
                    LsLineFunc func,
                    gpointer user_data,
                    LsReadReport *report,
                    GError **error);

bool ls_read_bytes_in_segments (const char *name,
                                const char *bytes,
                                gsize n_bytes,
                                const LsSegmentSink *sink,
                                gpointer user_data,
                                guint n_workers,
                                LsReadReport *report,
                                GError **error);

G_END_DECLS
