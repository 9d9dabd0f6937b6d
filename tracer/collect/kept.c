/* SPDX-License-Identifier: MIT */
/* Threads by id and objects by address, each with the records that tell of it. */
#include "kept.h"

#include <string.h>

typedef struct {
  LsSlot slot[LS_SLOT_MAX];
  uint32_t thread, os_tid; /* whose record it is */
} Copy;

typedef struct {
  Copy *made; /* LS_SLOT_THREAD or init; NULL: not seen */
  Copy *named;
  Copy *callable; /* of a thread */
  Copy *detached; /* of a thread */
  bool is_finished;
} Thing;

struct _LsKept {
  GHashTable *threads; /* logical id -> Thing */
  GHashTable *objects; /* address -> Thing */
};

static void
free_thing (gpointer data)
{
  Thing *thing = data;
  g_free (thing->made);
  g_free (thing->named);
  g_free (thing->callable);
  g_free (thing->detached);
  g_free (thing);
}

LsKept *
ls_kept_new (void)
{
  LsKept *kept = g_new (LsKept, 1);
  kept->threads = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, free_thing);
  kept->objects = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, free_thing);
  return kept;
}

void
ls_kept_free (LsKept *kept)
{
  if (!kept)
    return;
  g_hash_table_unref (kept->threads);
  g_hash_table_unref (kept->objects);
  g_free (kept);
}

bool
ls_kept_wants (uint8_t kind)
{
  return (kind > LS_SLOT_PAD && kind != LS_SLOT_STACK) || kind == LS_EV_INIT ||
         kind == LS_EV_DESTROY || kind == LS_EV_JOIN || kind == LS_EV_DETACH ||
         kind == LS_EV_FINISH;
}

static Thing *
get_thing (GHashTable *things, uint64_t key)
{
  Thing *thing = g_hash_table_lookup (things, &key);
  if (!thing) {
    thing = g_new0 (Thing, 1);
    g_hash_table_insert (things, g_memdup2 (&key, sizeof key), thing);
  }
  return thing;
}

static void
remember (Copy **place, const LsRecord *record)
{
  g_free (*place);
  *place = g_new0 (Copy, 1);
  memcpy ((*place)->slot, record->slot, record->slot_count * sizeof (LsSlot));
  (*place)->thread = record->thread;
  (*place)->os_tid = record->os_tid;
}

/* Nothing will be said of a thread that was joined, or that ended detached. */
static void
forget_ended (LsKept *kept, uint64_t id, bool is_joined)
{
  const Thing *thing = g_hash_table_lookup (kept->threads, &id);
  if (thing && (is_joined || (thing->is_finished && thing->detached)))
    g_hash_table_remove (kept->threads, &id);
}

void
ls_kept_take (LsKept *kept, const LsRecord *record)
{
  const LsSlot *slot = record->slot;
  bool has_failed = slot->site >> 48 != 0;
  uint64_t target = slot->target;
  switch (record->kind) {
  case LS_SLOT_THREAD:
    remember (&get_thing (kept->threads, record->thread)->made, record);
    break;
  case LS_SLOT_NAME_THREAD:
    remember (&get_thing (kept->threads, target ? target : record->thread)->named, record);
    break;
  case LS_SLOT_CALLABLE:
    remember (&get_thing (kept->threads, target)->callable, record);
    break;
  case LS_EV_FINISH:
    get_thing (kept->threads, record->thread)->is_finished = true;
    forget_ended (kept, record->thread, false);
    break;
  case LS_EV_DETACH:
    if (has_failed)
      break;
    remember (&get_thing (kept->threads, target)->detached, record);
    forget_ended (kept, target, false);
    break;
  case LS_EV_JOIN:
    if (!has_failed)
      forget_ended (kept, target, true);
    break;
  case LS_SLOT_NAME_OBJECT:
    remember (&get_thing (kept->objects, target)->named, record);
    break;
  case LS_EV_INIT:
    g_hash_table_remove (kept->objects, &target); /* of the life before */
    remember (&get_thing (kept->objects, target)->made, record);
    break;
  case LS_EV_DESTROY:
    if (!has_failed)
      g_hash_table_remove (kept->objects, &target);
    break;
  default:
    break;
  }
}

static void
recall_copy (const Copy *copy, LsRecordFunc func, gpointer user_data)
{
  if (!copy)
    return;
  uint16_t mark = copy->slot[0].mark;
  LsRecord record = {
    .slot = copy->slot,
    .slot_count = LS_SLOT_COUNT (mark),
    .kind = LS_SLOT_KIND (mark),
    .thread = copy->thread,
    .os_tid = copy->os_tid,
    .ticks = copy->slot[0].ticks,
  };
  func (&record, user_data);
}

static gint
compare_keys (gconstpointer a, gconstpointer b)
{
  uint64_t left = **(const uint64_t *const *) a, right = **(const uint64_t *const *) b;
  return left < right ? -1 : left > right;
}

static void
recall_things (GHashTable *things, LsRecordFunc func, gpointer user_data)
{
  /* In an order that does not hang on the hash, so that ids are given alike each time. */
  g_autofree gpointer *keys = g_hash_table_get_keys_as_array (things, NULL);
  guint n_keys = g_hash_table_size (things);
  qsort (keys, n_keys, sizeof *keys, compare_keys);
  for (guint i = 0; i < n_keys; i++) {
    const Thing *thing = g_hash_table_lookup (things, keys[i]);
    recall_copy (thing->callable, func, user_data); /* it is asked for when the thread is known */
    recall_copy (thing->made, func, user_data);
    recall_copy (thing->named, func, user_data);
    recall_copy (thing->detached, func, user_data);
  }
}

typedef struct {
  LsJournal *journal;
  guint image;
} Saver;

static void
save_record (const LsRecord *record, gpointer data)
{
  const Saver *saver = data;
  ls_journal_add_kept (saver->journal, saver->image, record);
}

void
ls_kept_save (const LsKept *kept, LsJournal *journal, guint image)
{
  Saver saver = { .journal = journal, .image = image };
  GHashTableIter iter;
  gpointer id, thing;
  ls_kept_recall (kept, save_record, &saver);
  g_hash_table_iter_init (&iter, kept->threads);
  while (g_hash_table_iter_next (&iter, &id, &thing)) {
    LsSlot slot = { .mark = LS_SLOT_MARK (LS_EV_FINISH, 1) };
    LsRecord record = { .slot = &slot,
                        .slot_count = 1,
                        .kind = LS_EV_FINISH,
                        .thread = (uint32_t) * (const uint64_t *) id };
    if (((const Thing *) thing)->is_finished)
      save_record (&record, &saver);
  }
}

void
ls_kept_recall (const LsKept *kept, LsRecordFunc func, gpointer user_data)
{
  recall_things (kept->threads, func, user_data);
  recall_things (kept->objects, func, user_data);
}
