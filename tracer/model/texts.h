/* SPDX-License-Identifier: MIT */
/* A table of strings, each there once and known by its number. Only tracer/model sees this. */
#pragma once

#include <glib.h>
#include <stdint.h>

typedef struct {
  GStringChunk *chunk;
  char **all; /* by number */
  uint32_t *hashes;
  uint32_t n, capacity;
  uint32_t *slots; /* number + 1 by hash; open addressing */
  uint32_t n_slots;
} LsTexts;

void ls_texts_init (LsTexts *texts);
void ls_texts_clear (LsTexts *texts);
/* Forgets all of them, and keeps the room. */
void ls_texts_empty (LsTexts *texts);
/* Lets go of what finding a string's number needs. */
void ls_texts_seal (LsTexts *texts);

/* The number of a string, a new one when it was not seen before. */
uint32_t ls_texts_intern (LsTexts *texts, const char *text);

/* Keeps a copy that has no number. */
const char *ls_texts_keep (LsTexts *texts, const char *text);
