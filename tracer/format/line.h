/* SPDX-License-Identifier: MIT */
/**
 * A line of a trace as a plain struct: what the reader hands out and the writer takes.
 *
 * Ids are those of the file, from 1; 0 means that the key is absent. Strings are borrowed: from
 * the reader's buffer, valid until the callback returns, or from the writer's caller.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "kinds.h"

/* A value as the trace states it. The type is told from the value alone, not from the object's: bytes
 * and numbers wider than 64 bits are read as TEXT, a text "nan" or "0x1f" as FLOAT or POINTER. As only
 * the shortest form of a pointer is, its text can be made again. */
typedef struct {
  LsValueType type; /* LS_VALUE_NONE: absent */
  union {
    int64_t i;        /* INT */
    uint64_t u;       /* UINT (above INT64_MAX when read), POINTER */
    double f;         /* FLOAT */
    const char *text; /* TEXT, BYTES (hex digits): UTF-8, NUL-terminated */
  };
} LsValue;

typedef enum {
  LS_LINE_HEADER,
  LS_LINE_FOOTER,
  LS_LINE_THREAD,
  LS_LINE_OBJECT,
  LS_LINE_SOURCE,
  LS_LINE_EVENT,
} LsLineKind;

typedef struct {
  int64_t ts_ns;
  uint32_t tid;
  LsEventKind ev;
  LsMode mode;
  LsHow how;
  LsOrder order;
  uint32_t obj, thread, with, src;
  uint32_t off, size; /* bytes; valid when has_part */
  bool has_part;
  bool has_n;
  int64_t n; /* valid when has_n; >= 0 */
  LsValue val, old;
  const char *name; /* begin, end, mark, count; NULL otherwise */
  const char *err;  /* "EPERM"; NULL when absent */
} LsLineEvent;

typedef struct {
  uint32_t id;
  const char *name; /* NULL: not said */
  uint32_t os;      /* 0: not said */
  bool daemon, detached;
} LsLineThread;

typedef struct {
  uint32_t id;
  LsObjectKind kind; /* LS_OBJECT_UNKNOWN: not said */
  const char *name;
  const char *addr; /* "0x..." */
  uint32_t src;
  bool shared;
  bool has_initial, has_parties;
  int64_t initial;  /* count of a semaphore */
  uint32_t parties; /* of a barrier */
  LsValueType type; /* of a value */
  uint32_t size;    /* of a value, bytes; 0: not said */
} LsLineObject;

typedef struct {
  uint32_t id;
  const char *func, *file; /* NULL: not said */
  uint32_t line;           /* 0: not said */
  uint32_t in;             /* source id of the caller, 0: none */
} LsLineSource;

typedef struct {
  int version;
  const char *wall; /* ISO 8601; NULL when absent */
  uint32_t pid;
  const char *recorder;
  const char *const *program; /* NULL-terminated argv; NULL when absent */
  bool partial;
  const char *const *ignored; /* NULL-terminated; NULL when absent */
  const char *const *blind;
} LsLineHeader;

typedef enum {
  LS_END_UNSEEN, /* the footer says nothing of how it ended */
  LS_END_EXIT,
  LS_END_SIGNAL,
  LS_END_EXEC,
} LsEndHow;

typedef struct {
  int64_t end_ns;
  uint64_t events, lost;
  LsEndHow how;
  int code; /* exit status or signal number */
} LsLineFooter;

typedef struct {
  LsLineKind kind;
  union {
    LsLineHeader header;
    LsLineFooter footer;
    LsLineThread thread;
    LsLineObject object;
    LsLineSource source;
    LsLineEvent event;
  };
} LsLine;
