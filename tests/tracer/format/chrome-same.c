/* SPDX-License-Identifier: MIT */
/* Both ways to a Chrome event beside each other. */
#include "chrome-same.h"

#include "chrome-event.h"

static bool
fields_equal (const LsChromeField *a, const LsChromeField *b)
{
  return a->kind == b->kind && a->is_true == b->is_true &&
         (a->kind != LS_CHROME_TEXT || (a->n == b->n && memcmp (a->text, b->text, a->n) == 0));
}

static bool
args_equal (const LsChromeEvent *a, const LsChromeEvent *b)
{
  if (a->has_args != b->has_args || (a->has_args && a->args->len != b->args->len))
    return false;
  for (guint i = 0; a->has_args && i < a->args->len; i++) {
    const LsChromeMember *first = &g_array_index (a->args, LsChromeMember, i);
    const LsChromeMember *second = &g_array_index (b->args, LsChromeMember, i);
    if (first->key.n != second->key.n ||
        memcmp (first->key.text, second->key.text, first->key.n) != 0 ||
        !fields_equal (&first->value, &second->value))
      return false;
  }
  return true;
}

static bool
events_equal (const LsChromeEvent *a, const LsChromeEvent *b)
{
  for (guint i = 0; i < LS_CHROME_KEY_N; i++)
    if (!fields_equal (&a->fields[i], &b->fields[i]))
      return false;
  return a->is_empty == b->is_empty && fields_equal (&a->local_id, &b->local_id) &&
         fields_equal (&a->global_id, &b->global_id) && args_equal (a, b);
}

bool
chrome_same (const char *at, const char *end)
{
  LsChromeEvent direct, reference;
  const char *reason;
  guint n_newlines;
  ls_chrome_event_init (&direct);
  ls_chrome_event_init (&reference);
  const char *after = ls_chrome_event_take_direct (&direct, at, end, &n_newlines);
  if (after) {
    int n = (int) (after - at);
    guint n_there = 0;
    for (const char *c = at; c < after; c++)
      n_there += *c == '\n';
    if (n_newlines != n_there)
      g_error ("%u line ends, not %u: %.*s", n_there, n_newlines, n, at);
    if (!ls_chrome_event_read_json (&reference, at, (gsize) n, &reason))
      g_error ("only the direct path takes: %.*s\n%s", n, at, reason);
    if (!events_equal (&direct, &reference))
      g_error ("the two paths differ on: %.*s", n, at);
  }
  ls_chrome_event_clear (&direct);
  ls_chrome_event_clear (&reference);
  return after != NULL;
}
