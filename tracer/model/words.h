/* SPDX-License-Identifier: MIT */
/**
 * What few events carry, packed to a word each where that is enough. Only tracer/model sees this.
 *
 * Texts are numbers of a table of strings (texts.h).
 */
#pragma once

#include <glib.h>
#include <string.h>

#include "line.h"

G_BEGIN_DECLS

/* -- Room -- */

/* Room for n of `size` bytes each, in large pages when it is large; by g_free(). */
gpointer ls_room_new (gsize n, gsize size);
/* The same for more than there was room for. */
gpointer ls_room_renew (gpointer room, gsize n, gsize size);

gpointer ls_grow_more (gpointer array, uint32_t n, uint32_t *capacity, gsize size);

/* Makes room for one more in an array of `size` bytes each: doubles it. */
static inline gpointer
ls_grow (gpointer array, uint32_t n, uint32_t *capacity, gsize size)
{
  return G_LIKELY (n < *capacity) ? array : ls_grow_more (array, n, capacity, size);
}

/* -- Values -- */

/* A value's word: twice a small integer, or 1 + twice the place of a wide one. */
typedef struct {
  uint32_t n, capacity;
  uint32_t n_wide, wide_capacity;
  uint32_t *words;
  uint64_t *wide;      /* the union of LsValue, or the number of a text */
  uint8_t *wide_types; /* LsValueType */
} LsValueWords;

void ls_value_words_add_wide (LsValueWords *words, const LsValue *value, uint32_t text_number);

/* Of a text value `text` is not looked at, but `text_number`. */
static inline void
ls_value_words_add (LsValueWords *words, const LsValue *value, uint32_t text_number)
{
  if (G_UNLIKELY (value->type != LS_VALUE_INT || value->i < -(1 << 30) || value->i >= 1 << 30)) {
    ls_value_words_add_wide (words, value, text_number);
    return;
  }
  words->words = ls_grow (words->words, words->n, &words->capacity, sizeof *words->words);
  words->words[words->n++] = (uint32_t) value->i << 1;
}

/* Appends all entries of `from`, whose texts have the numbers `texts` here; there must be room. */
void ls_value_words_append (LsValueWords *words, const LsValueWords *from, const uint32_t *texts);
void ls_value_words_seal (LsValueWords *words); /* lets go of what it does not need */
void ls_value_words_clear (LsValueWords *words);

static inline LsValue
ls_value_words_get (const LsValueWords *words, uint32_t i, char *const *texts)
{
  uint32_t word = words->words[i];
  LsValue value = { .type = LS_VALUE_INT, .i = (int32_t) word >> 1 };
  if (G_LIKELY (!(word & 1)))
    return value;
  value.type = (LsValueType) words->wide_types[word >> 1];
  if (value.type == LS_VALUE_TEXT || value.type == LS_VALUE_BYTES)
    value.text = texts[words->wide[word >> 1]];
  else
    memcpy (&value.u, &words->wide[word >> 1], sizeof value.u);
  return value;
}

/* -- Rare keys -- */

/* The rare keys of an event. */
typedef struct {
  int64_t n;
  uint32_t name, err; /* numbers of texts; G_MAXUINT32: none */
  uint32_t off, size;
  uint32_t with; /* object; G_MAXUINT32: none */
  bool has_part, has_n;
} LsRare;

#define LS_RARE_NONE ((LsRare){ .name = G_MAXUINT32, .err = G_MAXUINT32, .with = G_MAXUINT32 })

/* A word: which key it is alone, in the upper 3 bits, and what it says; or the place of all. */
typedef enum {
  LS_RARE_ALL,
  LS_RARE_NAME,
  LS_RARE_ERR,
  LS_RARE_WITH,
  LS_RARE_N,
  LS_RARE_PART, /* 16 bits of offset, 13 of size */
} LsRareTag;
#define LS_RARE_WORD(tag, rest) ((uint32_t) (tag) << 29 | (rest))
#define LS_RARE_REST_MAX ((1u << 29) - 1)

typedef struct {
  uint32_t n, capacity;
  uint32_t n_all, all_capacity;
  uint32_t *words;
  LsRare *all;
} LsRareWords;

void ls_rare_words_add (LsRareWords *words, const LsRare *rare);
LsRare ls_rare_words_get (const LsRareWords *words, uint32_t i);

/* One of the keys alone; G_MAXUINT32: none. */
static inline uint32_t
ls_rare_words_get_with (const LsRareWords *words, uint32_t i)
{
  uint32_t tag = words->words[i] >> 29, rest = words->words[i] & LS_RARE_REST_MAX;
  return tag == LS_RARE_WITH ? rest : tag == LS_RARE_ALL ? words->all[rest].with : G_MAXUINT32;
}

static inline uint32_t
ls_rare_words_get_err (const LsRareWords *words, uint32_t i)
{
  uint32_t tag = words->words[i] >> 29, rest = words->words[i] & LS_RARE_REST_MAX;
  return tag == LS_RARE_ERR ? rest : tag == LS_RARE_ALL ? words->all[rest].err : G_MAXUINT32;
}

/* As ls_value_words_append(); `with` is mapped by `objects`. */
void ls_rare_words_append (LsRareWords *words,
                           const LsRareWords *from,
                           const uint32_t *texts,
                           const uint32_t *objects);
/* `with` is mapped by `objects`: NULL, as it is. */
void ls_rare_words_map_with (LsRareWords *words, const uint32_t *objects);
void ls_rare_words_seal (LsRareWords *words);
void ls_rare_words_clear (LsRareWords *words);

G_END_DECLS
