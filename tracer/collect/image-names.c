/* SPDX-License-Identifier: MIT */
/* Threads, objects and sources of an image. */
#include "image-names-private.h"

#include <stdbool.h>
#include <string.h>

#include "line.h"
#include "names.h"
#include "writer.h"

#define MAX_NAME_WAIT_US (5 * G_USEC_PER_SEC)

static bool take_answer (LsImageNames *names, gint64 timeout_us);

static void
clear_object_name (gpointer data)
{
  g_free (((ObjectName *) data)->name);
}

LsImageNames *
ls_image_names_new (LsNaming *naming, const LsSelection *selection, GString *lines)
{
  LsImageNames *names = g_new0 (LsImageNames, 1);
  names->selection = selection;
  names->lines = lines;
  names->queue = ls_naming_queue_new (naming);
  ls_thread_names_init (&names->threads, lines);
  names->object_names = g_array_new (FALSE, TRUE, sizeof (ObjectName));
  g_array_set_clear_func (names->object_names, clear_object_name);
  ls_sources_init (&names->sources, lines, names->queue);
  ls_objects_init (&names->objects);
  ls_numbered_init (&names->object_places, '#');
  return names;
}

void
ls_image_names_free (LsImageNames *names)
{
  ls_naming_queue_free (names->queue);
  ls_thread_names_clear (&names->threads);
  g_array_unref (names->object_names);
  ls_sources_clear (&names->sources);
  ls_objects_clear (&names->objects);
  ls_numbered_clear (&names->object_places);
  g_free (names);
}

/* Its addresses may come to mean something else. */
static void
forget_module (const LsModule *module, gpointer data)
{
  LsImageNames *names = data;
  ls_sources_forget (&names->sources, module->start, module->end);
  ls_objects_forget (&names->objects, module->start, module->end);
}

void
ls_image_names_set_modules (LsImageNames *names, LsModules *before, LsModules *modules)
{
  if (before)
    ls_modules_each_gone (before, modules, forget_module, names);
  ls_naming_queue_set_modules (names->queue, modules);
}

void
ls_image_names_learn_modules (LsImageNames *names)
{
  ls_naming_queue_ask_again (names->queue);
}

guint
ls_image_names_get_n_threads (const LsImageNames *names)
{
  return names->threads.threads->len;
}

/* -- Threads -- */

int64_t
ls_image_names_thread (LsImageNames *names, const LsRecord *record, int64_t ts_ns)
{
  LsThreadName *thread = ls_thread_names_get (&names->threads, record->thread);
  if (thread->os_tid == 0) {
    thread->os_tid = record->os_tid;
    if (thread->name)
      ls_thread_names_declare (&names->threads, thread);
  }
  thread->last_ns = MAX (thread->last_ns, ts_ns);
  return thread->last_ns;
}

void
ls_image_names_detached (LsImageNames *names, uint32_t id)
{
  LsThreadName *thread = ls_thread_names_get (&names->threads, id);
  if (thread->is_detached)
    return;
  thread->is_detached = true;
  if (thread->is_declared)
    ls_thread_names_declare (&names->threads, thread);
}

void
ls_image_names_name_thread (LsImageNames *names, uint32_t id, const char *name)
{
  if (name[0] != '\0')
    ls_thread_names_set (&names->threads, id, name);
}

/* -- Sources -- */

void
ls_image_names_expect_stack (LsImageNames *names, const LsRecord *record)
{
  ls_sources_expect (&names->sources, record);
}

bool
ls_image_names_is_usual (const LsImageNames *names, const LsRecord *record)
{
  return ls_id_map_find (&names->threads.by_id, record->thread) != 0 &&
         !ls_sources_is_told (&names->sources, record->thread);
}

void
ls_image_names_enter (LsImageNames *names, const LsRecord *record)
{
  ls_sources_enter (&names->sources, record);
}

uint32_t
ls_image_names_site (LsImageNames *names, uint64_t site)
{
  return ls_sources_get (&names->sources, site);
}

uint32_t
ls_image_names_start_site (LsImageNames *names, uint32_t id)
{
  return ls_image_names_site (names, ls_thread_names_get (&names->threads, id)->start_site);
}

/* -- Objects -- */

static ObjectName *
get_object_name (LsImageNames *names, uint32_t id)
{
  if (names->object_names->len < id) {
    guint n_before = names->object_names->len;
    g_array_set_size (names->object_names, id);
    for (guint i = n_before; i < id; i++)
      g_array_index (names->object_names, ObjectName, i).initial = -1;
  }
  return &g_array_index (names->object_names, ObjectName, id - 1);
}

static void
declare_object (LsImageNames *names, uint32_t id)
{
  const LsTracedObject *object = ls_objects_get (&names->objects, id);
  ObjectName *known = get_object_name (names, id);
  if (names->selection && (known->is_left_out || !known->is_judged))
    return;
  g_autofree char *address = g_strdup_printf ("0x%" G_GINT64_MODIFIER "x", object->address);
  LsLineObject line = { .id = id,
                        .kind = (LsObjectKind) object->kind,
                        .name = known->name,
                        .addr = address,
                        .src = known->source };
  if (object->kind == LS_OBJECT_VALUE) {
    line.type = (LsValueType) object->type;
    line.size = object->bytes;
  } else if (known->initial >= 0 && object->kind == LS_OBJECT_SEMAPHORE) {
    line.has_initial = true;
    line.initial = known->initial;
  } else if (known->initial >= 0 && object->kind == LS_OBJECT_BARRIER) {
    line.has_parties = true;
    line.parties = (uint32_t) known->initial;
  }
  ls_write_line (names->lines, &(LsLine){ .kind = LS_LINE_OBJECT, .object = line });
  known->is_declared = true;
}

/* Settles at an object's first sight whether it is wanted, so that what is recorded of it is all or
 * nothing. When its name decides, we wait for that, as nobody does who did not ask for it. */
static void
judge_object (LsImageNames *names, uint32_t id, uint64_t site)
{
  const char *file = ls_naming_queue_find_path (names->queue, site);
  LsSelected selected =
    ls_selection_judge (names->selection, file, get_object_name (names, id)->name);
  gint64 until_us = g_get_monotonic_time () + MAX_NAME_WAIT_US, left_us;
  while (selected == LS_SELECTION_ASK && !get_object_name (names, id)->is_answered &&
         (left_us = until_us - g_get_monotonic_time ()) > 0)
    take_answer (names, left_us);
  const char *name = get_object_name (names, id)->name;
  if (selected == LS_SELECTION_ASK)
    selected = ls_selection_judge (names->selection, file, name ? name : "");
  ObjectName *known = get_object_name (names, id);
  known->is_judged = true;
  known->is_left_out = selected == LS_SELECTION_LEAVE;
  if (known->name || known->is_answered)
    declare_object (names, id);
}

/* At an object's first sight: where it is from, and what it is called. */
static void
introduce_object (LsImageNames *names, uint32_t id, uint64_t site)
{
  names->n_introduced++;
  const LsTracedObject *object = ls_objects_get (&names->objects, id);
  ObjectName *known = get_object_name (names, id);
  site &= 0xffffffffffffull;
  if (known->source == 0)
    known->source = ls_image_names_site (names, site);
  bool is_first = !known->is_judged;
  if (known->name || known->is_asked) {
    declare_object (names, id);
  } else {
    known->is_asked = true;
    ls_naming_ask (names->queue, LS_ASK_OBJECT, id, object->address);
  }
  if (names->selection && is_first)
    judge_object (names, id, site);
}

/* It is known from a collector that died. */
static bool
is_unjudged (LsImageNames *names, uint32_t id)
{
  return names->selection && !get_object_name (names, id)->is_judged;
}

/* 0 for an object that is left out. */
static uint32_t
select_object (LsImageNames *names, uint32_t id)
{
  return names->selection && get_object_name (names, id)->is_left_out ? 0 : id;
}

uint32_t
ls_image_names_use (LsImageNames *names,
                    LsEventKind event,
                    LsObjectKind kind,
                    uint64_t address,
                    uint64_t site,
                    int64_t initial)
{
  bool is_new;
  uint32_t id = ls_objects_use (&names->objects, event, kind, address, &is_new);
  if (is_new)
    get_object_name (names, id)->initial = initial;
  if (is_new || is_unjudged (names, id))
    introduce_object (names, id, site);
  return select_object (names, id);
}

uint32_t
ls_image_names_access (LsImageNames *names,
                       uint64_t address,
                       uint32_t bytes,
                       LsValueType type,
                       uint64_t site,
                       uint32_t *offset,
                       uint32_t *whole)
{
  bool is_new;
  uint32_t id = ls_objects_access (&names->objects, address, bytes, type, offset, &is_new);
  if (is_new || is_unjudged (names, id))
    introduce_object (names, id, site);
  *whole = ls_objects_get (&names->objects, id)->bytes;
  return select_object (names, id);
}

void
ls_image_names_name_object (LsImageNames *names,
                            LsObjectKind kind,
                            uint64_t address,
                            uint32_t bytes,
                            LsValueType type,
                            uint64_t site,
                            const char *name)
{
  if (kind >= LS_OBJECT_N || name[0] == '\0')
    return;
  uint32_t id = ls_objects_name (&names->objects, kind, address, bytes, type);
  ObjectName *known = get_object_name (names, id);
  if (known->name && strcmp (known->name, name) == 0)
    return;
  g_free (known->name);
  known->name = g_strdup (name);
  if (ls_objects_get (&names->objects, id)->is_used)
    declare_object (names, id);
}

static void
rename_object (uint32_t id, const char *name, gpointer data)
{
  LsImageNames *names = data;
  if (ls_objects_get (&names->objects, id)->is_named)
    return;
  ObjectName *known = get_object_name (names, id);
  g_free (known->name);
  known->name = g_strdup (name);
  declare_object (names, id);
}

char *
ls_image_names_dup_place (const char *word, const LsFrame *frame)
{
  g_autofree char *file = frame->file ? g_path_get_basename (frame->file) : NULL;
  return file ? g_strdup_printf ("%s@%s:%u", word, file, frame->line)
              : g_strdup_printf ("%s@%s", word, frame->function);
}

/* An object that is no variable: by the place that it is from. */
static void
name_by_place (LsImageNames *names, uint32_t id, const LsFrame *frame)
{
  const char *word = ls_object_rows[ls_objects_get (&names->objects, id)->kind].name;
  g_autofree char *place = ls_image_names_dup_place (word, frame);
  ls_numbered_add (&names->object_places, place, id, rename_object, names);
}

static void
take_object (LsImageNames *names, LsAsk *ask)
{
  ObjectName *known = get_object_name (names, ask->id);
  known->is_answered = true;
  const LsFrame *frame = ls_sources_find_frame (&names->sources, known->source);
  if (!known->name && !ask->name && frame) {
    name_by_place (names, ask->id, frame);
    return;
  }
  if (!known->name)
    known->name = g_steal_pointer (&ask->name);
  declare_object (names, ask->id);
}

/* -- Answers -- */

/* Takes one within the time; false: there is none. */
static bool
take_answer (LsImageNames *names, gint64 timeout_us)
{
  g_autoptr (LsAsk) ask = ls_naming_take (names->queue, timeout_us);
  if (!ask)
    return false;
  switch (ask->kind) {
  case LS_ASK_SITE:
    ls_sources_answer (&names->sources, ask);
    break;
  case LS_ASK_OBJECT:
    take_object (names, ask);
    break;
  case LS_ASK_THREAD:
  case LS_ASK_CALLABLE:
    ls_image_names_take_thread (names, ask);
    break;
  }
  return true;
}

bool
ls_image_names_take (LsImageNames *names)
{
  while (take_answer (names, 0))
    ;
  return ls_naming_get_n_pending (names->queue) == 0;
}

void
ls_image_names_finish (LsImageNames *names)
{
  ls_thread_names_finish (&names->threads);
  ls_numbered_settle (&names->object_places, rename_object, names);
  for (guint id = 1; id <= names->object_names->len; id++)
    if (!get_object_name (names, id)->is_declared)
      declare_object (names, id);
}
