/* SPDX-License-Identifier: MIT */
/**
 * One line of an STD log: "T1|acq(L1)|12", with the spellings of several tools.
 *
 * The form is that of the RAPID race detector. Others write rd and wr, req before acq, wait and
 * notify of Java's monitors, locations as file.c:12, and leave the location out.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef enum {
  LS_STD_NONE,
  LS_STD_ACQUIRE,
  LS_STD_RELEASE,
  LS_STD_REQUEST, /* wants the lock that an acquire gets it later */
  LS_STD_READ,
  LS_STD_WRITE,
  LS_STD_FORK,
  LS_STD_JOIN,
  LS_STD_BEGIN, /* of a transaction; the operand may be missing, as that of the end */
  LS_STD_END,
  LS_STD_WAIT, /* on the monitor of the lock */
  LS_STD_NOTIFY,
  LS_STD_NOTIFY_ALL,
  LS_STD_DUMMY,
} LsStdOperation;

/* A piece of a line. */
typedef struct {
  const char *text;
  gsize n;
} LsStdPiece;

typedef struct {
  LsStdOperation operation;
  LsStdPiece thread, operand, location; /* location and an optional operand perhaps empty */
  LsStdPiece word;                      /* the operation as it is spelled */
} LsStdLine;

/* Takes a line of `n` bytes apart. Returns: NULL, or what is wrong with it: a constant string, in
 * which the operation may be LS_STD_NONE and `word` tell what stands there. */
const char *ls_std_line_parse (LsStdLine *line, const char *bytes, gsize n);

/* The name by which a thread is known: a tool writes fork(12) of the thread T12, so that a T counts
 * for nothing before a number. */
LsStdPiece ls_std_thread_key (LsStdPiece name);
