/* SPDX-License-Identifier: MIT */
/* Running numbers for names. */
#include "numbered.h"

void
ls_numbered_init (LsNumbered *numbered, char separator)
{
  numbered->sharers =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_array_unref);
  numbered->separator = separator;
}

void
ls_numbered_clear (LsNumbered *numbered)
{
  g_clear_pointer (&numbered->sharers, g_hash_table_unref);
}

void
ls_numbered_add (LsNumbered *numbered,
                 const char *name,
                 uint32_t id,
                 LsRenameFunc func,
                 gpointer user_data)
{
  GArray *ids = g_hash_table_lookup (numbered->sharers, name);
  if (!ids) {
    ids = g_array_new (FALSE, FALSE, sizeof id);
    g_array_append_val (ids, id);
    g_hash_table_insert (numbered->sharers, g_strdup (name), ids);
    func (id, name, user_data);
    return;
  }
  guint place = ids->len; /* they come nearly in order */
  while (place > 0 && g_array_index (ids, uint32_t, place - 1) > id)
    place--;
  g_array_insert_val (ids, place, id);
  /* All behind it move up by one; a single one before had no number yet. */
  for (guint i = ids->len == 2 ? 0 : place; i < ids->len; i++) {
    g_autofree char *numbered_name = g_strdup_printf ("%s%c%u", name, numbered->separator, i + 1);
    func (g_array_index (ids, uint32_t, i), numbered_name, user_data);
  }
}
