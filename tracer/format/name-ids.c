/* SPDX-License-Identifier: MIT */
/* Names to ids by open addressing: an importer asks several times an event. */
#include "name-ids.h"

#include <string.h>

#define FIRST_SLOTS 64
#define MAX_SLOTS (1u << 31)

typedef struct {
  const char *bytes;
  uint32_t n, hash;
} Key;

void
ls_name_ids_init (LsNameIds *ids, uint32_t max)
{
  *ids = (LsNameIds){
    .keys = g_array_new (FALSE, FALSE, sizeof (Key)),
    .names = g_ptr_array_new (),
    .text = g_string_chunk_new (4096),
    .slots = g_new0 (uint32_t, FIRST_SLOTS),
    .n_slots = FIRST_SLOTS,
    .max = max,
  };
}

void
ls_name_ids_clear (LsNameIds *ids)
{
  g_clear_pointer (&ids->keys, g_array_unref);
  g_clear_pointer (&ids->names, g_ptr_array_unref);
  g_clear_pointer (&ids->text, g_string_chunk_free);
  g_clear_pointer (&ids->slots, g_free);
}

/* Eight bytes at a time, each folded into the product before it. */
static uint32_t
hash_bytes (const char *bytes, gsize n)
{
  uint64_t hash = n, word;
  for (; n >= sizeof word; bytes += sizeof word, n -= sizeof word) {
    memcpy (&word, bytes, sizeof word);
    hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
    hash ^= hash >> 32;
  }
  word = 0;
  memcpy (&word, bytes, n);
  hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
  return (uint32_t) (hash >> 32);
}

static void
grow (LsNameIds *ids)
{
  ids->n_slots *= 2;
  g_free (ids->slots);
  ids->slots = g_new0 (uint32_t, ids->n_slots);
  for (uint32_t id = 1; id <= ids->keys->len; id++) {
    uint32_t at = g_array_index (ids->keys, Key, id - 1).hash & (ids->n_slots - 1);
    while (ids->slots[at] != 0)
      at = (at + 1) & (ids->n_slots - 1);
    ids->slots[at] = id;
  }
}

static uint32_t
add (LsNameIds *ids, const char *name, gsize n, uint32_t hash)
{
  Key key = { g_string_chunk_insert_len (ids->text, name, (gssize) n), (uint32_t) n, hash };
  const char *valid = key.bytes;
  if (!g_utf8_validate_len (name, n, NULL)) {
    g_autofree char *mended = g_utf8_make_valid (name, (gssize) n);
    valid = g_string_chunk_insert (ids->text, mended);
  }
  ids->n_bytes += n + sizeof key + 4 * sizeof (gpointer); /* of slots, names and growing */
  g_array_append_val (ids->keys, key);
  g_ptr_array_add (ids->names, (gpointer) valid);
  return ids->keys->len;
}

uint32_t
ls_name_ids_get (LsNameIds *ids, const char *name, gsize n, bool *is_new)
{
  uint32_t hash = hash_bytes (name, n);
  uint32_t at = hash & (ids->n_slots - 1), id;
  if (is_new)
    *is_new = false;
  for (; (id = ids->slots[at]) != 0; at = (at + 1) & (ids->n_slots - 1)) {
    const Key *key = &g_array_index (ids->keys, Key, id - 1);
    if (key->hash == hash && key->n == n && memcmp (key->bytes, name, n) == 0)
      return id;
  }
  if (is_new)
    *is_new = true;
  if (ids->keys->len >= ids->max || n > G_MAXUINT32)
    return 0;
  id = ids->slots[at] = add (ids, name, n, hash);
  if (ids->keys->len > ids->n_slots / 2 && ids->n_slots < MAX_SLOTS)
    grow (ids);
  return id;
}
