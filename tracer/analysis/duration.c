/* SPDX-License-Identifier: MIT */
/* Durations and lists for people. */
#include "text.h"
#include "words.h"

char *
ls_duration_dup_text (int64_t ns)
{
  static const struct {
    uint64_t ns;
    const char *unit;
  } units[] = { { 1000, "µs" }, { 1000 * 1000, "ms" }, { 1000 * 1000 * 1000, "s" } };
  uint64_t length = ns < 0 ? 0 - (uint64_t) ns : (uint64_t) ns;
  const char *sign = ns < 0 ? "−" : "";
  if (length < 1000)
    return g_strdup_printf (W_NS, sign, length);
  for (gsize i = 0; i < G_N_ELEMENTS (units); i++) {
    uint64_t unit = units[i].ns, rest = length % unit;
    uint64_t tenths = length / unit * 10 + (rest * 10 + unit / 2) / unit;
    if (tenths < 1000)
      return g_strdup_printf (W_DECIMAL, sign, tenths / 10, (unsigned) (tenths % 10),
                              units[i].unit);
    uint64_t whole = length / unit + (rest >= unit / 2);
    if (whole < 1000 || i + 1 == G_N_ELEMENTS (units))
      return g_strdup_printf (W_WHOLE, sign, whole, units[i].unit);
  }
  g_return_val_if_reached (g_strdup (""));
}

#define MAX_NAMES 3

char *
ls_text_join (const GPtrArray *names)
{
  GString *text = g_string_new (NULL);
  guint n = names->len;
  guint shown = n > MAX_NAMES + 1 ? MAX_NAMES : n > 1 ? n - 1 : n;
  for (guint i = 0; i < shown; i++) {
    if (i > 0)
      g_string_append (text, W_COMMA);
    g_string_append (text, g_ptr_array_index (names, i));
  }
  g_autofree char *first = g_string_free (text, FALSE);
  if (shown == n)
    return g_steal_pointer (&first);
  if (shown == n - 1)
    return g_strdup_printf (W_AND, first, (const char *) g_ptr_array_index (names, n - 1));
  return g_strdup_printf (W_AND_MORE, first, n - shown);
}

void
ls_text_append (GString *text, const char *separator, char *part)
{
  if (part && part[0]) {
    if (text->len > 0)
      g_string_append (text, separator);
    g_string_append (text, part);
  }
  g_free (part);
}
