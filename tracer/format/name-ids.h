/* SPDX-License-Identifier: MIT */
/* Numbers names from 1 in the order of their first use. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct {
  GArray *keys;     /* what was asked for, at id - 1; private */
  GPtrArray *names; /* const char *, at id - 1: the same as valid UTF-8 */
  GStringChunk *text;
  uint32_t *slots; /* ids by hash, 0: free; a power of two of them */
  uint32_t n_slots;
  uint32_t max;
  gsize n_bytes; /* of memory, about */
} LsNameIds;

/* @max: of names. */
void ls_name_ids_init (LsNameIds *ids, uint32_t max);
void ls_name_ids_clear (LsNameIds *ids);

/* The id of a name, any `n` bytes. `*is_new` (or NULL) says whether this is its first use. Returns: 0
 * when it is new and there are `max` already, or when it is longer than 4 GiB. */
uint32_t ls_name_ids_get (LsNameIds *ids, const char *name, gsize n, bool *is_new);
