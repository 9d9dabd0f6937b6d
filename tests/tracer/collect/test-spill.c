/* SPDX-License-Identifier: MIT */
/* The spill: chunks go out and come back as they were, in their threads' order, within its bound. */
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "drain.h"
#include "fake-thread.h"
#include "kept.h"

#define N_PUT 100000u

typedef struct {
  LsShared *shared;
  LsSpill spill;
  LsDrain *drain;
  uint64_t next_target[4]; /* of each thread */
  guint n_seen;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  fixture->shared = ls_shared_new (LS_CLOCK_MONOTONIC, 256, &error);
  g_assert_no_error (error);
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "x.trace.jsonl", NULL);
  ls_spill_init (&fixture->spill, path);
  g_assert_cmpint (fixture->spill.fd, >=, 0);
  fixture->shared->spill = &fixture->spill;
  ls_shared_top_up (fixture->shared, 0);
  fixture->drain = ls_drain_new (fixture->shared);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  ls_drain_free (fixture->drain);
  ls_spill_clear (&fixture->spill);
  ls_shared_free (fixture->shared);
}

/* Each thread's targets count up; each record of n slots has its target all over them. */
static void
check_record (const LsRecord *record, gpointer data)
{
  Fixture *fixture = data;
  uint64_t *next = &fixture->next_target[record->thread];
  g_assert_cmpuint (record->slot->target, ==, *next);
  const uint64_t *words = (const uint64_t *) (record->slot + 1);
  for (guint i = 0; i < (record->slot_count - 1) * 4; i++)
    g_assert_cmpuint (words[i], ==, *next);
  (*next)++;
  fixture->n_seen++;
}

static void
put (FakeThread *thread, uint64_t number)
{
  guint n = 1 + (guint) number % 4;
  LsSlot *slot = fake_reserve (thread, n);
  uint64_t *words = (uint64_t *) (slot + 1);
  for (guint i = 0; i < (n - 1) * 4; i++)
    words[i] = number;
  slot->ticks = slot->target = number;
  fake_commit (slot, LS_EV_MARK, n);
}

static void
drain (Fixture *fixture, guint max, gboolean over)
{
  ls_drain_scan (fixture->drain);
  ls_drain_image (fixture->drain, 0, G_MAXUINT64, 1, over, max, check_record, fixture);
  ls_shared_release (fixture->shared);
}

static void
test_round_trip (Fixture *fixture, gconstpointer data)
{
  FakeThread one = { .shared = fixture->shared, .thread = 1 };
  FakeThread two = { .shared = fixture->shared, .thread = 2 };
  guint n_spilled = 0;
  for (guint i = 0; i < N_PUT; i++) {
    put (&one, i);
    put (&two, i);
    if (i % 1000 == 999) {
      if (i % 7000 == 6999)
        drain (fixture, 1500, FALSE); /* so that some chunk is begun when it goes out */
      ls_drain_scan (fixture->drain);
      n_spilled += ls_drain_spill (fixture->drain);
      ls_shared_top_up (fixture->shared, 2);
    }
  }
  g_assert_cmpuint (n_spilled, >, 100);
  g_assert_cmpuint (ls_spill_get_bytes (&fixture->spill), >, 0);
  g_assert_cmpuint (fixture->shared->n_ready, <, 100);
  drain (fixture, G_MAXUINT, TRUE);
  g_assert_cmpuint (fixture->n_seen, ==, 2 * N_PUT);
  g_assert_cmpuint (ls_spill_get_bytes (&fixture->spill), ==, 0);
  g_assert_cmpuint (ls_spill_get_n_events (&fixture->spill), ==, 0);
}

static void
test_unsettled_stays (Fixture *fixture, gconstpointer data)
{
  FakeThread one = { .shared = fixture->shared, .thread = 1 };
  put (&one, 0);
  LsSlot *slot = fake_reserve (&one, 1);
  fake_retire (&one);
  ls_drain_scan (fixture->drain);
  g_assert_cmpuint (ls_drain_spill (fixture->drain), ==, 0);
  slot->target = slot->ticks = 1;
  fake_commit (slot, LS_EV_MARK, 1);
  g_assert_cmpuint (ls_drain_spill (fixture->drain), ==, 1);
  drain (fixture, G_MAXUINT, TRUE);
  g_assert_cmpuint (fixture->n_seen, ==, 2);
}

static void
fill (FakeThread *thread, guint n_chunks)
{
  for (guint first = thread->next_ordinal; thread->next_ordinal < first + n_chunks;)
    fake_put (thread, LS_EV_MARK, 1, 0);
  fake_retire (thread);
}

static void
test_bound (Fixture *fixture, gconstpointer data)
{
  FakeThread one = { .shared = fixture->shared, .thread = 1 };
  fixture->spill.max_blocks = 3;
  fill (&one, 5);
  ls_drain_scan (fixture->drain);
  g_assert_cmpuint (ls_drain_spill (fixture->drain), ==, 3);
  g_assert_true (fixture->spill.is_full);
  g_assert_cmpuint (ls_spill_get_bytes (&fixture->spill), ==, 3 * LS_CHUNK_BYTES);
}

static void
test_full_disk (Fixture *fixture, gconstpointer data)
{
  /* A file that may not grow is like a disk that is full: the chunk stays where it is. */
  signal (SIGXFSZ, SIG_IGN);
  FakeThread one = { .shared = fixture->shared, .thread = 1 };
  fill (&one, 3);
  struct rlimit before, limit;
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  limit = before;
  limit.rlim_cur = 6000; /* one packed chunk, and a part of the next */
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  ls_drain_scan (fixture->drain);
  g_assert_cmpuint (ls_drain_spill (fixture->drain), ==, 1);
  g_assert_true (fixture->spill.is_full);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  g_assert_cmpuint (ls_drain_spill (fixture->drain), ==, 2);
  g_assert_false (fixture->spill.is_full);
}

/* -- The flight recorder -- */

static void
note_recalled (const LsRecord *record, gpointer data)
{
  GString *recalled = data;
  g_string_append_printf (recalled, "%u:%u:%u ", record->thread, record->kind,
                          (guint) record->slot->target);
}

static void
count_last (const LsRecord *record, gpointer data)
{
  Fixture *fixture = data;
  fixture->n_seen++;
  fixture->next_target[record->thread] = record->slot->target;
}

static void
keep_again (const LsJournalEntry *entry, const LsRecord *record, gpointer data)
{
  g_assert_cmpuint (entry->image, ==, 0);
  ls_kept_take (data, record);
}

static void
check_kept (GBytes *entries, const char *expected)
{
  g_autoptr (GString) recalled = g_string_new (NULL);
  LsKept *kept = ls_kept_new ();
  g_assert_cmpuint (ls_journal_each (entries, 0, false, NULL, NULL), ==, 0);
  g_assert_cmpuint (ls_journal_each (entries, 0, true, keep_again, kept), >, 0);
  ls_kept_recall (kept, note_recalled, recalled);
  g_assert_cmpstr (recalled->str, ==, expected);
  ls_kept_free (kept);
}

/* Who finds the journal recalls the same, also when it was written anew. */
static void
check_journal (const LsJournal *journal, const char *expected)
{
  LsJournal again, third;
  LsKept *kept = ls_kept_new ();
  g_autoptr (GBytes) entries = ls_journal_reopen (&again, dup (journal->fd));
  check_kept (entries, expected);
  ls_journal_each (entries, 0, true, keep_again, kept);
  ls_kept_save (kept, &again, 0);
  ls_journal_replace (&again);
  g_autoptr (GBytes) anew = ls_journal_reopen (&third, dup (again.fd));
  check_kept (anew, expected);
  ls_kept_free (kept);
  ls_journal_clear (&third);
  ls_journal_clear (&again);
}

static void
test_keeps_last (Fixture *fixture, gconstpointer data)
{
  FakeThread one = { .shared = fixture->shared, .thread = 1 };
  FakeThread two = { .shared = fixture->shared, .thread = 2 };
  FakeThread three = { .shared = fixture->shared, .thread = 3 };
  fixture->spill.max_blocks = 4;
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "x.trace.jsonl", NULL);
  LsJournal journal;
  ls_journal_init (&journal, path);
  ls_drain_keep_last (fixture->drain, &journal);
  fake_put (&one, (LsEventKind) LS_SLOT_THREAD, 1, 0);
  fake_put (&two, (LsEventKind) LS_SLOT_THREAD, 1, 1);
  fake_put (&three, (LsEventKind) LS_SLOT_THREAD, 1, 1);
  fake_put_text (&two, LS_SLOT_NAME_THREAD, 2, 0, "worker");
  fake_put (&two, LS_EV_INIT, 3, 77);
  fake_put (&two, LS_EV_INIT, 3, 88);
  fake_put_text (&two, LS_SLOT_NAME_OBJECT, 3, 77, "queue.lock");
  fake_put (&three, LS_EV_FINISH, 4, 0);
  fake_retire (&three);
  fake_put (&two, LS_EV_JOIN, 5, 3);
  fake_put (&two, LS_EV_DESTROY, 6, 88);
  for (uint64_t i = 10; i < N_PUT; i++) {
    fake_put (&two, LS_EV_ACQUIRE, i, i);
    if (i % 1000 == 0)
      fake_put (&one, LS_EV_ACQUIRE, i, i); /* a slow thread, whose chunk has the newest too */
    if (i % 5000 == 0) {
      ls_drain_scan (fixture->drain);
      ls_drain_spill (fixture->drain);
      ls_shared_top_up (fixture->shared, 2);
    }
  }
  g_assert_cmpuint (fixture->spill.n_used, ==, 4);
  g_autoptr (GString) recalled = g_string_new (NULL);
  g_assert_true (ls_drain_recall (fixture->drain, 0, note_recalled, recalled));
  g_autofree char *expected =
    g_strdup_printf ("2:%u:1 2:%u:0 2:%u:77 2:%u:77 ", LS_SLOT_THREAD, LS_SLOT_NAME_THREAD,
                     LS_EV_INIT, LS_SLOT_NAME_OBJECT);
  g_assert_cmpstr (recalled->str, ==, expected);
  g_assert_false (ls_drain_recall (fixture->drain, 0, note_recalled, recalled));
  check_journal (&journal, expected);
  ls_journal_clear (&journal);

  ls_drain_scan (fixture->drain);
  ls_drain_image (fixture->drain, 0, G_MAXUINT64, 1, TRUE, G_MAXUINT, count_last, fixture);
  ls_shared_release (fixture->shared);
  g_assert_cmpuint (fixture->next_target[2], ==, N_PUT - 1);
  g_assert_cmpuint (fixture->n_seen, >, 4 * 2000);
  g_assert_cmpuint (fixture->n_seen, <, 8 * 2046);
  g_assert_cmpuint (ls_spill_get_bytes (&fixture->spill), ==, 0);
}

/* -- Taking over -- */

static void
count_any (const LsRecord *record, gpointer data)
{
  Fixture *fixture = data;
  fixture->n_seen++;
}

/* Who finds the file finds each block that was not used up, also where segments were used again. */
static void
test_reopened (Fixture *fixture, gconstpointer data)
{
  FakeThread one = { .shared = fixture->shared, .thread = 1 };
  for (guint round = 0; round < 3; round++) {
    for (guint i = 0; i < 10; i++) {
      fill (&one, 40);
      ls_drain_scan (fixture->drain);
      ls_drain_spill (fixture->drain);
      ls_shared_top_up (fixture->shared, 1);
    }
    guint n_all = one.next_ordinal * (LS_CHUNK_SLOTS - 2);
    ls_drain_image (fixture->drain, 0, G_MAXUINT64, 1, FALSE, n_all - 100000 - fixture->n_seen,
                    count_any, fixture);
    ls_shared_release (fixture->shared);
  }
  guint n_left = fixture->spill.n_used;
  g_assert_cmpuint (n_left, >, 10);
  g_assert_cmpuint (fixture->spill.n_segments, >, 1);

  g_autoptr (GArray) blocks = g_array_new (FALSE, FALSE, sizeof (uint32_t));
  LsSpill again;
  ls_spill_reopen (&again, dup (fixture->spill.fd), blocks);
  g_assert_cmpuint (blocks->len, ==, n_left);
  g_assert_cmpuint (again.n_used, ==, n_left);
  guint n_ordinals = 0;
  for (guint i = 0; i < blocks->len; i++) {
    LsChunkHeader header;
    g_assert_true (ls_spill_get_header (&again, g_array_index (blocks, uint32_t, i), &header));
    g_assert_cmpuint (header.thread, ==, 1);
    g_assert_cmpuint (header.ordinal, >=, one.next_ordinal - n_left);
    n_ordinals += header.ordinal;
    g_autofree LsSlot *slots = ls_spill_read (&again, g_array_index (blocks, uint32_t, i));
    g_assert_nonnull (slots);
    ls_spill_drop (&again, g_array_index (blocks, uint32_t, i));
  }
  guint first = one.next_ordinal - n_left; /* each is there once */
  g_assert_cmpuint (n_ordinals, ==, (first + one.next_ordinal - 1) * n_left / 2);
  g_assert_cmpuint (again.n_used, ==, 0);
  g_assert_cmpuint (ls_spill_get_n_events (&again), ==, 0);
  ls_spill_clear (&again);
}

static void
test_nameless (Fixture *fixture, gconstpointer data)
{
  struct stat info;
  g_assert_cmpint (fstat (fixture->spill.fd, &info), ==, 0);
  g_assert_cmpuint (info.st_nlink, ==, 0);
  g_assert_cmpuint (info.st_mode & 0777, ==, 0600);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/spill/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("round-trip", test_round_trip);
  ADD ("unsettled-stays", test_unsettled_stays);
  ADD ("bound", test_bound);
  ADD ("full-disk", test_full_disk);
  ADD ("keeps-last", test_keeps_last);
  ADD ("reopened", test_reopened);
  ADD ("nameless", test_nameless);
  return g_test_run ();
}
