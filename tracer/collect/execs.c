/* SPDX-License-Identifier: MIT */
/* Going through the notes. A program may have written over them: nothing is read past the arena. */
#include "execs.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "program-file.h"

#define MAX_NOTES 65536

/* The note at `offset`; NULL at the end. *program is cut at the arena's end. Owned. */
static const LsExecNote *
get_note (LsRegion *region, uint32_t offset, char **program)
{
  if (offset == 0 || offset % _Alignof(LsExecNote) != 0 ||
      offset > LS_TEXT_BYTES - sizeof (LsExecNote) - 1)
    return NULL;
  const LsExecNote *note = (const LsExecNote *) ls_region_text (region, offset);
  if (program)
    *program = g_strndup (note->program, LS_TEXT_BYTES - offset - sizeof (LsExecNote) - 1);
  return note;
}

/* Did an image of that process begin after the note? */
static gboolean
is_followed (LsRegion *region, const LsExecNote *note)
{
  guint n_images = MIN (atomic_load (&region->n_images), LS_MAX_IMAGES);
  for (guint i = n_images; i-- > 0;) {
    LsImage *image = ls_region_image (region, i);
    if (atomic_load (&image->state) != LS_IMAGE_UNUSED && image->pid == note->pid &&
        image->start_ticks >= note->ticks)
      return TRUE;
  }
  return FALSE;
}

static gboolean
is_left (LsRegion *region, const LsExecNote *note)
{
  return !atomic_load (&note->failed) && !is_followed (region, note);
}

gboolean
ls_execs_find_next (LsRegion *region, const LsImage *image, uint64_t *ticks)
{
  const LsExecNote *note;
  uint32_t offset = atomic_load (&region->execs);
  for (guint i = 0; i < MAX_NOTES && (note = get_note (region, offset, NULL)); i++) {
    if (note->pid == image->pid && note->ticks >= image->start_ticks && is_left (region, note)) {
      *ticks = note->ticks;
      return TRUE;
    }
    offset = note->before;
  }
  return FALSE;
}

void
ls_unseen_free (gpointer data)
{
  LsUnseen *unseen = data;
  g_free (unseen->program);
  g_free (unseen->why);
  g_free (unseen);
}

/* Why the library is not in it; NULL when it may just not have come so far. Owned. */
static char *
dup_why (const LsExecNote *note, const char *program)
{
  LsProgramFile examined;
  ls_program_file_examine (program, &examined);
  char *why = g_strdup (ls_program_file_explain (examined.kind));
  ls_program_file_clear (&examined);
  if (!why && kill ((pid_t) note->pid, 0) != 0 && errno == ESRCH)
    why = g_strdup ("liblockstitch never came to life in it; was LD_PRELOAD or LOCKSTITCH_REGION "
                    "taken from its environment, or is it in a container of its own?");
  return why;
}

static void
add_unseen (GPtrArray *list, const LsExecNote *note, char *program)
{
  for (guint i = 0; i < list->len; i++) {
    LsUnseen *known = list->pdata[i];
    if (strcmp (known->program, program) == 0) {
      known->n_times++;
      g_free (program);
      return;
    }
  }
  g_autofree char *why = dup_why (note, program);
  if (!why) {
    g_free (program);
    return;
  }
  LsUnseen *unseen = g_new (LsUnseen, 1);
  *unseen =
    (LsUnseen){ .pid = note->pid, .n_times = 1, .program = program, .why = g_steal_pointer (&why) };
  g_ptr_array_add (list, unseen);
}

GPtrArray *
ls_execs_list_unseen (LsRegion *region)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (ls_unseen_free);
  uint32_t offset = atomic_load (&region->execs);
  const LsExecNote *note;
  char *program;
  for (guint i = 0; i < MAX_NOTES && (note = get_note (region, offset, &program)); i++) {
    if (is_left (region, note))
      add_unseen (list, note, program);
    else
      g_free (program);
    offset = note->before;
  }
  return list;
}
