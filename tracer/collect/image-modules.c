/* SPDX-License-Identifier: MIT */
/* Which modules a record's addresses mean: the lists that the program wrote, each since its moment.
 * The program may have written over them: nothing is read past the arena. */
#include <stdbool.h>
#include <string.h>
#include <time.h>

#include "image-private.h"

#define MAX_NOTES 65536

typedef struct {
  uint64_t ticks;
  LsModules *modules; /* a reference */
} LaterModules;

static void
free_later (gpointer data)
{
  LaterModules *later = data;
  ls_modules_unref (later->modules);
  g_free (later);
}

static const LsModulesNote *
get_note (LsRegion *region, uint32_t offset)
{
  if (offset == 0 || offset % _Alignof(LsModulesNote) != 0 ||
      offset > LS_TEXT_BYTES - sizeof (LsModulesNote))
    return NULL;
  return (const LsModulesNote *) (const void *) ls_region_text (region, offset);
}

/* The wall clock's time at that moment, in microseconds. */
static gint64
get_wall_us (const LsTracedImage *traced, uint64_t ticks)
{
  struct timespec now;
  clock_gettime (CLOCK_MONOTONIC, &now);
  gint64 now_ns = now.tv_sec * INT64_C (1000000000) + now.tv_nsec;
  return g_get_real_time () -
         (now_ns - ls_clock_map_to_ns (traced->recording->clock, ticks)) / 1000;
}

/* The last that were read: those that come next are after them. */
static LsModules *
get_newest (LsTracedImage *traced)
{
  const LaterModules *last = g_queue_peek_tail (&traced->later_modules);
  return last ? last->modules : traced->modules;
}

static void
add_list (LsTracedImage *traced, uint64_t ticks, uint32_t text)
{
  if (text >= LS_TEXT_BYTES)
    return;
  const char *start = ls_region_text (traced->recording->shared->region, text);
  g_autofree char *copy = g_strndup (start, strnlen (start, LS_TEXT_BYTES - text));
  gint64 noted_us = ticks ? get_wall_us (traced, ticks) : 0;
  LaterModules *later = g_new (LaterModules, 1);
  *later = (LaterModules){ .ticks = ticks, .modules = ls_modules_new (copy, noted_us) };
  LsModules *newest = get_newest (traced);
  if (newest)
    ls_modules_set_next (newest, later->modules);
  g_queue_push_tail (&traced->later_modules, later);
  ls_blind_look (&traced->blind, copy);
}

void
ls_traced_image_update_modules (LsTracedImage *traced)
{
  LsImage *image = traced->image;
  LsRegion *region = traced->recording->shared->region;
  uint32_t newest = atomic_load (&image->modules), offset = newest;
  if (newest == traced->modules_note || !traced->names)
    return;
  g_autoptr (GArray) offsets = g_array_new (FALSE, FALSE, sizeof offset);
  const LsModulesNote *note;
  while (offset != traced->modules_note && offsets->len < MAX_NOTES &&
         (note = get_note (region, offset))) {
    g_array_append_val (offsets, offset);
    if (note->ticks <= image->start_ticks) /* what was before is no part of this image */
      break;
    offset = note->before;
  }
  for (guint i = offsets->len; i-- > 0;) {
    note = get_note (region, g_array_index (offsets, uint32_t, i));
    add_list (traced, note->ticks, note->text);
  }
  traced->modules_note = newest;
  ls_image_names_learn_modules (traced->names);
}

void
ls_traced_image_enter_modules (LsTracedImage *traced, uint64_t ticks)
{
  LaterModules *later;
  while ((later = g_queue_peek_head (&traced->later_modules)) &&
         (!traced->modules || later->ticks <= ticks)) {
    ls_image_names_set_modules (traced->names, traced->modules, later->modules);
    ls_modules_unref (traced->modules);
    traced->modules = ls_modules_ref (later->modules);
    free_later (g_queue_pop_head (&traced->later_modules));
  }
}

void
ls_traced_image_clear_modules (LsTracedImage *traced)
{
  g_queue_clear_full (&traced->later_modules, free_later);
  ls_modules_unref (traced->modules);
  traced->modules = NULL;
}
