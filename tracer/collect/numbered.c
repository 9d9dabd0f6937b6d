/* SPDX-License-Identifier: MIT */
/* Running numbers for names. */
#include "numbered.h"

typedef struct {
  uint32_t first;
  guint n;
} Sharers;

void
ls_numbered_init (LsNumbered *numbered, char separator)
{
  numbered->shared = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  numbered->separator = separator;
}

void
ls_numbered_clear (LsNumbered *numbered)
{
  g_clear_pointer (&numbered->shared, g_hash_table_unref);
}

char *
ls_numbered_add (LsNumbered *numbered,
                 const char *name,
                 uint32_t id,
                 uint32_t *first,
                 char **first_name)
{
  *first = 0;
  *first_name = NULL;
  Sharers *sharers = g_hash_table_lookup (numbered->shared, name);
  if (!sharers) {
    sharers = g_new0 (Sharers, 1);
    *sharers = (Sharers){ .first = id, .n = 1 };
    g_hash_table_insert (numbered->shared, g_strdup (name), sharers);
    return g_strdup (name);
  }
  sharers->n++;
  if (sharers->n == 2) {
    *first = sharers->first;
    *first_name = g_strdup_printf ("%s%c1", name, numbered->separator);
  }
  return g_strdup_printf ("%s%c%u", name, numbered->separator, sharers->n);
}
