/* SPDX-License-Identifier: MIT */
/* Parts of a value. */
#include <string.h>

#include "parts.h"

void
ls_parts_get_range (const LsTrace *trace, const LsEvent *event, uint64_t *lo, uint64_t *hi)
{
  if (event->has_part) {
    *lo = event->off;
    *hi = *lo + MAX (event->size, 1);
    return;
  }
  uint32_t size = ls_trace_get_object (trace, event->object)->size;
  *lo = 0;
  *hi = size > 0 ? size : (uint64_t) 1 << 33; /* past any part that can be said */
}

static LsPart *
get_all (LsParts *parts)
{
  return parts->many ? parts->many : &parts->one;
}

/* Index of the first part that ends after lo. */
static uint32_t
find (LsParts *parts, uint64_t lo)
{
  const LsPart *all = get_all (parts);
  uint32_t low = 0, high = parts->n;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (all[middle].hi <= lo)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static void
insert (LsParts *parts, uint32_t index, LsPart part)
{
  if (parts->n == 0 && !parts->many) {
    parts->one = part;
    parts->n = 1;
    return;
  }
  if (parts->n + 1 > parts->n_allocated) {
    uint32_t n_allocated = MAX (4, 2 * parts->n);
    LsPart *many = g_renew (LsPart, parts->many, n_allocated);
    if (!parts->many)
      many[0] = parts->one;
    parts->many = many;
    parts->n_allocated = n_allocated;
  }
  memmove (parts->many + index + 1, parts->many + index, (parts->n - index) * sizeof (LsPart));
  parts->many[index] = part;
  parts->n++;
}

/* Cuts the part at `index` in two at `at`, which lies inside it. */
static void
split (LsParts *parts, const LsPartClass *class, uint32_t index, uint64_t at)
{
  LsPart *part = &get_all (parts)[index];
  LsPart right = { at, part->hi, class->copy (part->state) };
  part->hi = at;
  insert (parts, index + 1, right);
}

LsPart *
ls_parts_cut (LsParts *parts, const LsPartClass *class, uint64_t lo, uint64_t hi, uint32_t *n)
{
  *n = 0;
  if (parts->is_full)
    return NULL;
  uint32_t begin = find (parts, lo);
  if (begin < parts->n && get_all (parts)[begin].lo < lo)
    split (parts, class, begin++, lo);
  uint32_t i = begin;
  for (uint64_t at = lo; at < hi; i++) {
    const LsPart *part = i < parts->n ? &get_all (parts)[i] : NULL;
    if (!part || part->lo > at) /* a gap before the next part, or the rest */
      insert (parts, i, (LsPart){ at, part ? MIN (part->lo, hi) : hi, class->create () });
    else if (part->hi > hi)
      split (parts, class, i, hi);
    at = get_all (parts)[i].hi;
  }
  if (parts->n > LS_MAX_PARTS) {
    ls_parts_clear (parts, class);
    parts->is_full = true;
    return NULL;
  }
  *n = i - begin;
  return get_all (parts) + begin;
}

void
ls_parts_clear (LsParts *parts, const LsPartClass *class)
{
  LsPart *all = get_all (parts);
  for (uint32_t i = 0; i < parts->n; i++)
    class->destroy (all[i].state);
  g_free (parts->many);
  *parts = (LsParts){ 0 };
}
