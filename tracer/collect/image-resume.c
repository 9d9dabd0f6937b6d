/* SPDX-License-Identifier: MIT */
/* What one collector leaves of an image for another, and how that one goes on. */
#include <string.h>

#include "image-private.h"
#include "written.h"

/* Does it say something of ids beside giving them out? */
static bool
is_telling (uint8_t kind)
{
  return (kind > LS_SLOT_PAD && kind != LS_SLOT_STACK) || kind == LS_EV_INIT ||
         kind == LS_EV_DESTROY || kind == LS_EV_DETACH;
}

void
ls_traced_image_note (LsTracedImage *traced,
                      const LsRecord *record,
                      uint64_t n_events,
                      guint n_sources,
                      bool is_new)
{
  LsJournal *journal = traced->recording->journal;
  if (!journal)
    return;
  if (record->kind == LS_SLOT_STACK) {
    memcpy (traced->stack, record->slot, record->slot_count * sizeof (LsSlot));
    traced->stack_count = record->slot_count;
    traced->stack_thread = record->thread;
    return;
  }
  bool has_stack = traced->stack_count > 0 && traced->stack_thread == record->thread;
  if (has_stack && is_new) {
    LsRecord stack = *record;
    stack.slot = traced->stack;
    stack.slot_count = traced->stack_count;
    ls_journal_add (journal, traced->index, &stack, n_events, n_sources);
  }
  if (has_stack)
    traced->stack_count = 0;
  if (is_new || is_telling (record->kind))
    ls_journal_add (journal, traced->index, record, n_events, n_sources);
}

typedef struct {
  LsTracedImage *traced;
  uint64_t n_events; /* in the trace; what was journaled after them did not get there */
  bool is_all;       /* there is no trace yet */
} Replay;

static void
replay (const LsJournalEntry *entry, const LsRecord *record, gpointer data)
{
  Replay *player = data;
  LsTracedImage *traced = player->traced;
  uint64_t last = record->kind < LS_EV_N ? entry->n_events + 1 : entry->n_events;
  if (!player->is_all && last > player->n_events)
    return;
  traced->n_events = entry->n_events;
  ls_image_names_set_n_sources (traced->names, entry->n_sources);
  ls_traced_image_apply (traced, record);
}

static bool
reopen (LsTracedImage *traced)
{
  LsOutput *output = traced->recording->output;
  guint pid = traced->image->pid;
  if (traced->image->file == LS_IMAGE_FILE_NONE)
    return false;
  if (traced->image->file == LS_IMAGE_FILE_OWN &&
      ls_output_reopen (output, &traced->file, pid, traced->n_execs, false))
    return true;
  /* Its file had just got the main name, perhaps. */
  return !output->is_taken && ls_output_reopen (output, &traced->file, pid, traced->n_execs, true);
}

static void
resume_threads (LsTracedImage *traced, const LsWritten *written, GHashTable *n_written)
{
  GHashTableIter iter;
  gpointer id, value;
  g_hash_table_iter_init (&iter, written->threads);
  while (g_hash_table_iter_next (&iter, &id, &value)) {
    const LsWrittenThread *thread = value;
    uint64_t key = (uint64_t) traced->index << 32 | GPOINTER_TO_UINT (id);
    ls_image_names_resume_thread (traced->names, GPOINTER_TO_UINT (id), thread->last_ns);
    g_hash_table_insert (n_written, g_memdup2 (&key, sizeof key),
                         g_memdup2 (&thread->n_events, sizeof thread->n_events));
  }
}

bool
ls_traced_image_resume (LsTracedImage *traced, GBytes *journal, GHashTable *n_written)
{
  ls_traced_image_update_modules (traced);
  gsize n_header = traced->lines.text->len;
  LsWritten written = { 0 };
  bool is_there = reopen (traced) && ls_written_read (&written, traced->file.path);
  Replay player = { .traced = traced, .n_events = written.n_events, .is_all = !is_there };
  ls_journal_each (journal, traced->index, false, replay, &player);
  /* The lines that came of it are in the trace, or will come again. */
  ls_lines_truncate (&traced->lines, is_there ? 0 : n_header);
  guint n_sources = ls_image_names_get_n_sources (traced->names);
  ls_image_names_set_n_sources (traced->names, MAX (n_sources, written.max_source));
  traced->n_events = written.n_events;
  traced->n_shown = written.n_shown;
  traced->n_lost = written.n_lost;
  traced->last_ns = written.last_ns;
  if (is_there)
    resume_threads (traced, &written, n_written);
  ls_traced_image_set_partial (traced);
  bool is_whole = written.has_footer;
  if (is_whole)
    ls_lines_truncate (&traced->lines, 0);
  ls_written_clear (&written);
  return is_whole;
}
