/* SPDX-License-Identifier: MIT */
/* A table of strings. */
#include "texts.h"

#include <string.h>

#include "words.h"

void
ls_texts_init (LsTexts *texts)
{
  *texts = (LsTexts){ .chunk = g_string_chunk_new (4096) };
}

void
ls_texts_clear (LsTexts *texts)
{
  g_clear_pointer (&texts->chunk, g_string_chunk_free);
  g_clear_pointer (&texts->all, g_free);
  ls_texts_seal (texts);
}

void
ls_texts_empty (LsTexts *texts)
{
  if (texts->n_slots > 0)
    memset (texts->slots, 0, texts->n_slots * sizeof *texts->slots);
  texts->n = 0;
  g_string_chunk_clear (texts->chunk);
}

void
ls_texts_seal (LsTexts *texts)
{
  g_clear_pointer (&texts->hashes, g_free);
  g_clear_pointer (&texts->slots, g_free);
  texts->n_slots = 0;
}

/* A seed of its own in each process: no file can know which strings would collide. */
static uint64_t
get_seed (void)
{
  static gsize seed;
  if (g_once_init_enter (&seed))
    g_once_init_leave (&seed, (gsize) g_random_int () << 1 | 1);
  return seed;
}

static uint32_t
hash_text (const char *text, size_t n)
{
  uint64_t hash = get_seed () ^ n;
  for (; n >= 8; n -= 8, text += 8) {
    uint64_t word;
    memcpy (&word, text, 8);
    hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
    hash ^= hash >> 32;
  }
  uint64_t word = 0;
  memcpy (&word, text, n);
  hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
  return (uint32_t) (hash >> 32);
}

static void
widen (LsTexts *texts)
{
  g_free (texts->slots);
  texts->n_slots = MAX (texts->n_slots * 2, 64);
  texts->slots = g_new0 (uint32_t, texts->n_slots);
  for (uint32_t i = 0; i < texts->n; i++) {
    uint32_t slot = texts->hashes[i] & (texts->n_slots - 1);
    while (texts->slots[slot])
      slot = (slot + 1) & (texts->n_slots - 1);
    texts->slots[slot] = i + 1;
  }
}

uint32_t
ls_texts_intern (LsTexts *texts, const char *text)
{
  size_t length = strlen (text);
  uint32_t hash = hash_text (text, length);
  if (texts->n >= texts->n_slots / 2)
    widen (texts);
  uint32_t slot = hash & (texts->n_slots - 1);
  for (; texts->slots[slot]; slot = (slot + 1) & (texts->n_slots - 1)) {
    uint32_t i = texts->slots[slot] - 1;
    if (texts->hashes[i] == hash && strcmp (texts->all[i], text) == 0)
      return i;
  }
  if (texts->n == texts->capacity) {
    texts->all = ls_grow (texts->all, texts->n, &texts->capacity, sizeof (char *));
    texts->hashes = g_renew (uint32_t, texts->hashes, texts->capacity);
  }
  texts->slots[slot] = texts->n + 1;
  texts->hashes[texts->n] = hash;
  texts->all[texts->n] = g_string_chunk_insert_len (texts->chunk, text, (gssize) length);
  return texts->n++;
}

const char *
ls_texts_keep (LsTexts *texts, const char *text)
{
  return g_string_chunk_insert (texts->chunk, text);
}
