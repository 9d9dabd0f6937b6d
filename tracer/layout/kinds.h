/* SPDX-License-Identifier: MIT */
/* The enums of kinds.def. C11 only: the record library and the collector share it. */
#pragma once

typedef enum {
  LS_EV_ENDS_WAIT = 1 << 0, /* ends this thread's wait on the same object or thread */
  LS_EV_READS = 1 << 1,
  LS_EV_WRITES = 1 << 2,
  LS_EV_ATOMIC = 1 << 3,
} LsEventFlags;

typedef enum {
  LS_OBJ_LOCK = 1 << 0,  /* acquired and released; waiting for it is waiting for what another has */
  LS_OBJ_OWNED = 1 << 1, /* only the thread that acquired it may release it */
  LS_OBJ_SIGNAL = 1 << 2, /* waited for until something happens */
  LS_OBJ_VALUE = 1 << 3,  /* read and written */
} LsObjectFlags;

typedef enum {
  LS_TARGET_NONE,
  LS_TARGET_OBJECT,
  LS_TARGET_OBJECT_OPT,
  LS_TARGET_THREAD,
  LS_TARGET_EITHER,
} LsEventTarget;

/* 0 is "none" in each of these, so that a zeroed struct says nothing. */
typedef enum {
  LS_EV_NONE,
#define LS_EVENT(ID, NAME, TARGET, FLAGS, VERB) LS_EV_##ID,
#include "kinds.def"
  LS_EV_N
} LsEventKind;

typedef enum {
  LS_OBJECT_UNKNOWN, /* used but never declared: shown as "lock 3" */
#define LS_OBJECT(ID, NAME, FLAGS, WORD) LS_OBJECT_##ID,
#include "kinds.def"
  LS_OBJECT_N
} LsObjectKind;

typedef enum {
  LS_FINDING_NONE,
#define LS_FINDING(ID, NAME, TITLE) LS_FINDING_##ID,
#include "kinds.def"
  LS_FINDING_N
} LsFindingKind;

typedef enum {
  LS_SEVERITY_NONE,
#define LS_SEVERITY(ID, NAME) LS_SEVERITY_##ID,
#include "kinds.def"
  LS_SEVERITY_N
} LsSeverity;

typedef enum {
  LS_CERTAINTY_NONE,
#define LS_CERTAINTY(ID, NAME, WORDS) LS_CERTAINTY_##ID,
#include "kinds.def"
  LS_CERTAINTY_N
} LsCertainty;

typedef enum {
  LS_HOW_NONE,
#define LS_HOW(ID, NAME) LS_HOW_##ID,
#include "kinds.def"
  LS_HOW_N
} LsHow;

typedef enum {
  LS_MODE_NONE, /* exclusive */
#define LS_MODE(ID, NAME) LS_MODE_##ID,
#include "kinds.def"
  LS_MODE_N
} LsMode;

typedef enum {
  LS_ORDER_NONE,
#define LS_ORDER(ID, NAME) LS_ORDER_##ID,
#include "kinds.def"
  LS_ORDER_N
} LsOrder;

typedef enum {
  LS_VALUE_NONE,
#define LS_VALUE(ID, NAME) LS_VALUE_##ID,
#include "kinds.def"
  LS_VALUE_N
} LsValueType;

/* What a row of kinds.def says of a kind. Indexed by the enum; entry 0 is all zero or "". */
typedef struct {
  const char *name; /* as in the trace */
  const char *verb; /* for people */
  unsigned char target;
  unsigned char flags;
} LsEventRow;

typedef struct {
  const char *name;
  const char *word; /* for people */
  unsigned char flags;
} LsObjectRow;
