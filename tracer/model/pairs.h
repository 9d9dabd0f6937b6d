/* SPDX-License-Identifier: MIT */
/* A table of what belongs to a thread and an object together. Only tracer/model sees this. */
#pragma once

#include <glib.h>
#include <stdint.h>

/* Open addressing; a key is a thread and an object. */
typedef struct {
  struct LsPair {
    uint64_t key; /* G_MAXUINT64: free */
    int64_t value;
  } * slots;
  uint32_t n, n_slots; /* a power of 2 */
  uint64_t seed;
} LsPairs;

#define LS_PAIR(thread, object) ((uint64_t) (thread) << 32 | (object))

void ls_pairs_init (LsPairs *pairs);
void ls_pairs_clear (LsPairs *pairs);
/* Its value, good until the next call that adds one; NULL. */
int64_t *ls_pairs_find (const LsPairs *pairs, uint64_t key);
/* The same; it is added with the value 0 when it is not there. */
int64_t *ls_pairs_get (LsPairs *pairs, uint64_t key);
void ls_pairs_remove (LsPairs *pairs, uint64_t key);
