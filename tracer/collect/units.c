/* SPDX-License-Identifier: MIT */
/* gcc lists the code of its units in .debug_aranges, where libdwfl looks; clang leaves that out, so
 * that the units themselves have to be asked, all of them once. */
#include "units.h"

#include <stdbool.h>

typedef struct {
  Dwarf_Addr start, end;
  Dwarf_Die *unit;
} Range;

struct _LsUnits {
  Dwfl_Module *module;
  GArray *ranges; /* Range, by start; NULL: not read */
};

LsUnits *
ls_units_new (Dwfl_Module *module)
{
  LsUnits *units = g_new0 (LsUnits, 1);
  units->module = module;
  return units;
}

void
ls_units_free (LsUnits *units)
{
  if (!units)
    return;
  g_clear_pointer (&units->ranges, g_array_unref);
  g_free (units);
}

static gint
compare_ranges (gconstpointer a, gconstpointer b)
{
  const Range *left = a, *right = b;
  return left->start < right->start ? -1 : left->start > right->start;
}

static void
read_ranges (LsUnits *units)
{
  Dwarf_Addr bias, base;
  units->ranges = g_array_new (FALSE, FALSE, sizeof (Range));
  for (Dwarf_Die *unit = NULL; (unit = dwfl_module_nextcu (units->module, unit, &bias));) {
    Range range = { .unit = unit };
    for (ptrdiff_t next = 0;
         (next = dwarf_ranges (unit, next, &base, &range.start, &range.end)) > 0;)
      if (range.start < range.end)
        g_array_append_val (units->ranges, range);
  }
  g_array_sort (units->ranges, compare_ranges);
}

/* The last range that begins at or below. */
static const Range *
find_range (const GArray *ranges, Dwarf_Addr address)
{
  guint low = 0, high = ranges->len;
  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (g_array_index (ranges, Range, middle).start <= address)
      low = middle + 1;
    else
      high = middle;
  }
  const Range *range = low > 0 ? &g_array_index (ranges, Range, low - 1) : NULL;
  return range && address < range->end ? range : NULL;
}

Dwarf_Die *
ls_units_find (LsUnits *units, Dwarf_Addr address, Dwarf_Addr *bias)
{
  Dwarf_Die *unit = dwfl_module_addrdie (units->module, address, bias);
  if (unit || !dwfl_module_getdwarf (units->module, bias))
    return unit;
  if (!units->ranges)
    read_ranges (units);
  const Range *range = find_range (units->ranges, address - *bias);
  return range ? range->unit : NULL;
}
