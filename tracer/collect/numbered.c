/* SPDX-License-Identifier: MIT */
/* Running numbers for names. */
#include "numbered.h"

typedef struct {
  GArray *ids;     /* uint32_t, sorted */
  guint unsettled; /* those from here on have numbers to come, or outdated ones */
} Sharers;

static void
free_sharers (gpointer data)
{
  Sharers *sharers = data;
  g_array_unref (sharers->ids);
  g_free (sharers);
}

void
ls_numbered_init (LsNumbered *numbered, char separator)
{
  numbered->sharers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_sharers);
  numbered->separator = separator;
}

void
ls_numbered_clear (LsNumbered *numbered)
{
  g_clear_pointer (&numbered->sharers, g_hash_table_unref);
}

/* Names those from `first` on by their places. */
static void
rename_from (const LsNumbered *numbered,
             const char *name,
             const Sharers *sharers,
             guint first,
             LsRenameFunc func,
             gpointer user_data)
{
  for (guint i = first; i < sharers->ids->len; i++) {
    g_autofree char *numbered_name = g_strdup_printf ("%s%c%u", name, numbered->separator, i + 1);
    func (g_array_index (sharers->ids, uint32_t, i), numbered_name, user_data);
  }
}

void
ls_numbered_add (LsNumbered *numbered,
                 const char *name,
                 uint32_t id,
                 LsRenameFunc func,
                 gpointer user_data)
{
  Sharers *sharers = g_hash_table_lookup (numbered->sharers, name);
  if (!sharers) {
    sharers = g_new (Sharers, 1);
    *sharers = (Sharers){ .ids = g_array_new (FALSE, FALSE, sizeof id), .unsettled = G_MAXUINT };
    g_array_append_val (sharers->ids, id);
    g_hash_table_insert (numbered->sharers, g_strdup (name), sharers);
    func (id, name, user_data);
    return;
  }
  GArray *ids = sharers->ids;
  guint place = ids->len; /* they come nearly in order */
  while (place > 0 && g_array_index (ids, uint32_t, place - 1) > id)
    place--;
  g_array_insert_val (ids, place, id);
  if (place + 1 < ids->len)
    sharers->unsettled = MIN (sharers->unsettled, place);
  else /* a single one before had no number yet */
    rename_from (numbered, name, sharers, ids->len == 2 ? 0 : place, func, user_data);
}

void
ls_numbered_settle (LsNumbered *numbered, LsRenameFunc func, gpointer user_data)
{
  GHashTableIter iter;
  gpointer name, value;
  g_hash_table_iter_init (&iter, numbered->sharers);
  while (g_hash_table_iter_next (&iter, &name, &value)) {
    Sharers *sharers = value;
    rename_from (numbered, name, sharers, sharers->unsettled, func, user_data);
    sharers->unsettled = G_MAXUINT;
  }
}
