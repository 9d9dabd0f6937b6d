/* SPDX-License-Identifier: MIT */
/* What few events carry, a word each where that is enough. */
#include "words.h"

#include <sys/mman.h>

/* -- Room -- */

#define LARGE_PAGE ((gsize) 2 << 20)

static gpointer
advise (char *room, gsize n)
{
  uintptr_t begin = ((uintptr_t) room + LARGE_PAGE - 1) & ~(LARGE_PAGE - 1);
  uintptr_t end = ((uintptr_t) room + n) & ~(LARGE_PAGE - 1);
  if (begin < end)
    madvise ((void *) begin, end - begin, MADV_HUGEPAGE);
  return room;
}

gpointer
ls_room_new (gsize n, gsize size)
{
  return advise (g_malloc_n (n, size), n * size);
}

gpointer
ls_room_renew (gpointer room, gsize n, gsize size)
{
  return advise (g_realloc_n (room, n, size), n * size);
}

gpointer
ls_grow_more (gpointer array, uint32_t n, uint32_t *capacity, gsize size)
{
  *capacity = *capacity > G_MAXUINT32 / 2 ? G_MAXUINT32 : MAX (*capacity * 2, 64);
  return g_realloc_n (array, *capacity, size);
}

/* -- Values -- */

static void
add_word (LsValueWords *words, uint32_t word)
{
  words->words = ls_grow (words->words, words->n, &words->capacity, sizeof *words->words);
  words->words[words->n++] = word;
}

static void
add_wide (LsValueWords *words, uint64_t bits, uint8_t type)
{
  if (words->n_wide == words->wide_capacity) {
    words->wide = ls_grow (words->wide, words->n_wide, &words->wide_capacity, sizeof *words->wide);
    words->wide_types = g_renew (uint8_t, words->wide_types, words->wide_capacity);
  }
  words->wide[words->n_wide] = bits;
  words->wide_types[words->n_wide] = type;
  add_word (words, words->n_wide++ << 1 | 1);
}

static bool
is_text (LsValueType type)
{
  return type == LS_VALUE_TEXT || type == LS_VALUE_BYTES;
}

void
ls_value_words_add_wide (LsValueWords *words, const LsValue *value, uint32_t text_number)
{
  add_wide (words, is_text (value->type) ? text_number : value->u, (uint8_t) value->type);
}

static void
append_wide (LsValueWords *words, const LsValueWords *from, uint32_t place, const uint32_t *texts)
{
  uint8_t type = from->wide_types[place];
  uint64_t bits = from->wide[place];
  add_wide (words, is_text ((LsValueType) type) ? texts[bits] : bits, type);
}

void
ls_value_words_append (LsValueWords *words, const LsValueWords *from, const uint32_t *texts)
{
  if (from->n > 0 && from->n_wide == 0) {
    memcpy (words->words + words->n, from->words, from->n * sizeof *words->words);
    words->n += from->n;
    return;
  }
  for (uint32_t i = 0; i < from->n; i++)
    if (from->words[i] & 1)
      append_wide (words, from, from->words[i] >> 1, texts);
    else
      add_word (words, from->words[i]);
}

void
ls_value_words_seal (LsValueWords *words)
{
  words->words = g_renew (uint32_t, words->words, words->n + (gsize) 1);
  words->wide = g_renew (uint64_t, words->wide, words->n_wide + (gsize) 1);
  words->wide_types = g_renew (uint8_t, words->wide_types, words->n_wide + (gsize) 1);
  words->capacity = words->n;
  words->wide_capacity = words->n_wide;
}

void
ls_value_words_clear (LsValueWords *words)
{
  g_free (words->words);
  g_free (words->wide);
  g_free (words->wide_types);
  *words = (LsValueWords){ 0 };
}

/* -- Rare keys -- */

/* The only key that is there, as a word; 0 when there are more or they are too large. */
static uint32_t
pack_rare (const LsRare *rare)
{
  bool name = rare->name != G_MAXUINT32, err = rare->err != G_MAXUINT32;
  bool with = rare->with != G_MAXUINT32;
  if (name + err + with + rare->has_n + rare->has_part != 1)
    return 0;
  if (rare->has_part)
    return rare->off < 1 << 16 && rare->size < 1 << 13
             ? LS_RARE_WORD (LS_RARE_PART, rare->off << 13 | rare->size)
             : 0;
  if (rare->has_n)
    return rare->n >= 0 && rare->n <= LS_RARE_REST_MAX
             ? LS_RARE_WORD (LS_RARE_N, (uint32_t) rare->n)
             : 0;
  LsRareTag tag = name ? LS_RARE_NAME : err ? LS_RARE_ERR : LS_RARE_WITH;
  uint32_t rest = name ? rare->name : err ? rare->err : rare->with;
  return rest <= LS_RARE_REST_MAX ? LS_RARE_WORD (tag, rest) : 0;
}

void
ls_rare_words_add (LsRareWords *words, const LsRare *rare)
{
  uint32_t word = pack_rare (rare);
  if (!word) {
    words->all = ls_grow (words->all, words->n_all, &words->all_capacity, sizeof *words->all);
    words->all[words->n_all] = *rare;
    word = LS_RARE_WORD (LS_RARE_ALL, words->n_all++);
  }
  words->words = ls_grow (words->words, words->n, &words->capacity, sizeof *words->words);
  words->words[words->n++] = word;
}

void
ls_rare_words_append (LsRareWords *words,
                      const LsRareWords *from,
                      const uint32_t *texts,
                      const uint32_t *objects)
{
  for (uint32_t i = 0; i < from->n; i++) {
    LsRare rare = ls_rare_words_get (from, i);
    rare.name = rare.name == G_MAXUINT32 ? G_MAXUINT32 : texts[rare.name];
    rare.err = rare.err == G_MAXUINT32 ? G_MAXUINT32 : texts[rare.err];
    rare.with = rare.with == G_MAXUINT32 ? G_MAXUINT32 : objects[rare.with];
    ls_rare_words_add (words, &rare);
  }
}

LsRare
ls_rare_words_get (const LsRareWords *words, uint32_t i)
{
  LsRare rare = LS_RARE_NONE;
  uint32_t rest = words->words[i] & LS_RARE_REST_MAX;
  switch ((LsRareTag) (words->words[i] >> 29)) {
  case LS_RARE_ALL:
    return words->all[rest];
  case LS_RARE_NAME:
    rare.name = rest;
    break;
  case LS_RARE_ERR:
    rare.err = rest;
    break;
  case LS_RARE_WITH:
    rare.with = rest;
    break;
  case LS_RARE_N:
    rare.has_n = true;
    rare.n = rest;
    break;
  case LS_RARE_PART:
    rare.has_part = true;
    rare.off = rest >> 13;
    rare.size = rest & ((1 << 13) - 1);
    break;
  }
  return rare;
}

void
ls_rare_words_map_with (LsRareWords *words, const uint32_t *objects)
{
  for (uint32_t i = 0; i < words->n; i++)
    if (words->words[i] >> 29 == LS_RARE_WITH)
      words->words[i] = LS_RARE_WORD (LS_RARE_WITH, objects[words->words[i] & LS_RARE_REST_MAX]);
  for (uint32_t i = 0; i < words->n_all; i++)
    if (words->all[i].with != G_MAXUINT32)
      words->all[i].with = objects[words->all[i].with];
}

void
ls_rare_words_seal (LsRareWords *words)
{
  words->words = g_renew (uint32_t, words->words, words->n + (gsize) 1);
  words->all = g_renew (LsRare, words->all, words->n_all + (gsize) 1);
  words->capacity = words->n;
  words->all_capacity = words->n_all;
}

void
ls_rare_words_clear (LsRareWords *words)
{
  g_free (words->words);
  g_free (words->all);
  *words = (LsRareWords){ 0 };
}
