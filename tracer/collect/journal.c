/* SPDX-License-Identifier: MIT */
/* The journal's file. */
#include "journal.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void
ls_journal_init (LsJournal *journal, const char *path)
{
  *journal = (LsJournal){ .fd = ls_spill_open_file (path), .pending = g_byte_array_new () };
}

GBytes *
ls_journal_reopen (LsJournal *journal, int fd)
{
  *journal = (LsJournal){ .fd = fd, .pending = g_byte_array_new () };
  struct stat info;
  if (fd < 0 || fstat (fd, &info) != 0)
    return g_bytes_new (NULL, 0);
  gsize n_bytes = 0, room = (gsize) info.st_size;
  char *bytes = g_malloc (room + 1);
  ssize_t n;
  while (n_bytes < room && (n = pread (fd, bytes + n_bytes, room - n_bytes, (off_t) n_bytes)) > 0)
    n_bytes += (gsize) n;
  if (ftruncate (fd, 0) != 0 || lseek (fd, 0, SEEK_SET) != 0)
    journal->fd = -1;
  return g_bytes_new_take (bytes, n_bytes);
}

void
ls_journal_clear (LsJournal *journal)
{
  if (journal->fd >= 0)
    close (journal->fd);
  g_clear_pointer (&journal->pending, g_byte_array_unref);
}

static void
add (LsJournal *journal, LsJournalEntry entry, const LsRecord *record)
{
  if (!journal || journal->fd < 0)
    return;
  entry.thread = record->thread;
  entry.os_tid = record->os_tid;
  entry.slot_count = record->slot_count;
  g_byte_array_append (journal->pending, (const guint8 *) &entry, sizeof entry);
  g_byte_array_append (journal->pending, (const guint8 *) record->slot,
                       record->slot_count * sizeof (LsSlot));
}

void
ls_journal_add (LsJournal *journal,
                guint image,
                const LsRecord *record,
                uint64_t n_events,
                guint n_sources)
{
  LsJournalEntry entry = { .n_events = n_events, .image = image, .n_sources = n_sources };
  add (journal, entry, record);
}

void
ls_journal_add_kept (LsJournal *journal, guint image, const LsRecord *record)
{
  add (journal, (LsJournalEntry){ .image = image, .is_kept = 1 }, record);
}

void
ls_journal_flush (LsJournal *journal)
{
  if (!journal || journal->pending->len == 0)
    return;
  const guint8 *bytes = journal->pending->data;
  gsize left = journal->pending->len;
  while (left > 0 && journal->fd >= 0) {
    ssize_t n = write (journal->fd, bytes, left);
    if (n > 0) {
      bytes += n;
      left -= (gsize) n;
      journal->n_bytes += (gsize) n;
    } else if (n == 0 || errno != EINTR) {
      /* A full disk: nobody can take over what has no whole journal. */
      if (ftruncate (journal->fd, 0) == 0)
        g_debug ("journal: %s", g_strerror (errno));
      close (journal->fd);
      journal->fd = -1;
    }
  }
  g_byte_array_set_size (journal->pending, 0);
}

void
ls_journal_replace (LsJournal *journal)
{
  if (!journal || journal->fd < 0)
    return;
  gsize n_bytes = journal->pending->len;
  if (lseek (journal->fd, 0, SEEK_SET) != 0)
    return;
  journal->n_bytes = 0;
  ls_journal_flush (journal);
  if (journal->fd >= 0 && ftruncate (journal->fd, (off_t) n_bytes) != 0)
    g_debug ("journal: %s", g_strerror (errno));
}

guint
ls_journal_each (GBytes *entries, guint image, bool is_kept, LsJournalFunc func, gpointer user_data)
{
  gsize n_bytes;
  guint n = 0;
  const char *bytes = g_bytes_get_data (entries, &n_bytes);
  for (gsize at = 0; at + sizeof (LsJournalEntry) <= n_bytes;) {
    LsJournalEntry entry;
    LsSlot slots[LS_SLOT_MAX];
    memcpy (&entry, bytes + at, sizeof entry);
    at += sizeof entry;
    gsize slot_bytes = entry.slot_count * sizeof (LsSlot);
    if (entry.slot_count == 0 || entry.slot_count > LS_SLOT_MAX || at + slot_bytes > n_bytes)
      break; /* it was cut */
    memcpy (slots, bytes + at, slot_bytes);
    at += slot_bytes;
    if (entry.image != image || (entry.is_kept != 0) != is_kept)
      continue;
    n++;
    LsRecord record = { .slot = slots,
                        .slot_count = entry.slot_count,
                        .kind = LS_SLOT_KIND (slots[0].mark),
                        .thread = entry.thread,
                        .os_tid = entry.os_tid,
                        .ticks = slots[0].ticks };
    if (func)
      func (&entry, &record, user_data);
  }
  return n;
}
