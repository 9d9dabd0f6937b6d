/* SPDX-License-Identifier: MIT */
/**
 * The parts of a value that accesses touch: byte ranges that never overlap, each with a state of
 * its own. An access that touches a part only partly cuts it, the state is copied then.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "trace.h"

G_BEGIN_DECLS

typedef struct {
  uint64_t lo, hi; /* half open */
  gpointer state;
} LsPart;

typedef struct {
  LsPart one; /* the only part, the rule */
  LsPart *many;
  uint32_t n, n_allocated;
  bool is_full; /* cut finer than LS_MAX_PARTS: no part is followed any more */
} LsParts;

/* Finer than this a value is not followed: a hostile trace could make each access as dear as all
 * before it. */
#define LS_MAX_PARTS 4096

typedef struct {
  gpointer (*create) (void);
  gpointer (*copy) (gconstpointer state);
  void (*destroy) (gpointer state);
} LsPartClass;

/* The bytes that an access touches. */
void ls_parts_get_range (const LsTrace *trace, const LsEvent *event, uint64_t *lo, uint64_t *hi);

/* The parts that make up lo .. hi exactly, created or cut where needed: `*n` of them, valid until the
 * next call; NULL when the value is full. */
LsPart *
ls_parts_cut (LsParts *parts, const LsPartClass *class, uint64_t lo, uint64_t hi, uint32_t *n);

void ls_parts_clear (LsParts *parts, const LsPartClass *class);

G_END_DECLS
